"""The database's own guards: a node lies under its parent and never moves; logs are appended."""

from django.db import migrations

POSTGRESQL = [
    'ALTER TABLE governance_organisation ALTER COLUMN path TYPE varchar(30) COLLATE "C"',
    """
    CREATE FUNCTION governance_guard_organisation() RETURNS trigger AS $$
    DECLARE above governance_organisation%ROWTYPE;
    BEGIN
        IF TG_OP = 'UPDATE' AND (NEW.path <> OLD.path OR NEW.kind <> OLD.kind
                OR NEW.parent_id IS DISTINCT FROM OLD.parent_id) THEN
            RAISE EXCEPTION 'organisation_never_moves' USING ERRCODE = 'check_violation';
        END IF;
        IF NEW.parent_id IS NOT NULL THEN
            SELECT * INTO above FROM governance_organisation WHERE id = NEW.parent_id;
            IF left(NEW.path, length(NEW.path) - 6) <> above.path OR above.kind <> 'party'
                    OR (NEW.kind = 'party' AND NEW.level <> above.level + 1)
                    OR (NEW.kind <> 'party' AND above.level <> 1) THEN
                RAISE EXCEPTION 'organisation_under_its_parent' USING ERRCODE = 'check_violation';
            END IF;
        END IF;
        RETURN NEW;
    END $$ LANGUAGE plpgsql
    """,
    """
    CREATE TRIGGER governance_guard_organisation
    BEFORE INSERT OR UPDATE OF path, kind, level, parent_id ON governance_organisation
    FOR EACH ROW EXECUTE FUNCTION governance_guard_organisation()
    """,
    """
    CREATE FUNCTION governance_refuse_change() RETURNS trigger AS $$
    BEGIN
        RAISE EXCEPTION 'history_is_appended' USING ERRCODE = 'check_violation';
    END $$ LANGUAGE plpgsql
    """,
    """
    CREATE TRIGGER governance_audit_is_appended
    BEFORE UPDATE OR DELETE ON governance_auditentry
    FOR EACH ROW EXECUTE FUNCTION governance_refuse_change()
    """,
    """
    CREATE TRIGGER governance_delivery_attempt_is_appended
    BEFORE UPDATE OR DELETE ON governance_deliveryattempt
    FOR EACH ROW EXECUTE FUNCTION governance_refuse_change()
    """,
]
POSTGRESQL_BACK = [
    "DROP TRIGGER governance_delivery_attempt_is_appended ON governance_deliveryattempt",
    "DROP TRIGGER governance_audit_is_appended ON governance_auditentry",
    "DROP FUNCTION governance_refuse_change",
    "DROP TRIGGER governance_guard_organisation ON governance_organisation",
    "DROP FUNCTION governance_guard_organisation",
]

UNDER_ITS_PARENT = """
    SELECT RAISE(ABORT, 'CHECK constraint failed: organisation_under_its_parent')
    WHERE NEW.parent_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM governance_organisation above
        WHERE above.id = NEW.parent_id AND above.kind = 'party'
          AND substr(NEW.path, 1, length(NEW.path) - 6) = above.path
          AND (NEW.kind <> 'party' OR NEW.level = above.level + 1)
          AND (NEW.kind = 'party' OR above.level = 1));
"""
SQLITE = [
    f"""CREATE TRIGGER governance_guard_organisation_insert
    BEFORE INSERT ON governance_organisation BEGIN {UNDER_ITS_PARENT} END""",
    f"""CREATE TRIGGER governance_guard_organisation_update
    BEFORE UPDATE OF path, kind, level, parent_id ON governance_organisation BEGIN
    SELECT RAISE(ABORT, 'CHECK constraint failed: organisation_never_moves')
    WHERE NEW.path <> OLD.path OR NEW.kind <> OLD.kind
       OR NEW.parent_id IS NOT OLD.parent_id;
    {UNDER_ITS_PARENT} END""",
    """CREATE TRIGGER governance_audit_is_not_changed
    BEFORE UPDATE ON governance_auditentry BEGIN
    SELECT RAISE(ABORT, 'CHECK constraint failed: history_is_appended'); END""",
    """CREATE TRIGGER governance_audit_is_not_deleted
    BEFORE DELETE ON governance_auditentry BEGIN
    SELECT RAISE(ABORT, 'CHECK constraint failed: history_is_appended'); END""",
    """CREATE TRIGGER governance_delivery_attempt_is_not_changed
    BEFORE UPDATE ON governance_deliveryattempt BEGIN
    SELECT RAISE(ABORT, 'CHECK constraint failed: history_is_appended'); END""",
    """CREATE TRIGGER governance_delivery_attempt_is_not_deleted
    BEFORE DELETE ON governance_deliveryattempt BEGIN
    SELECT RAISE(ABORT, 'CHECK constraint failed: history_is_appended'); END""",
]
SQLITE_BACK = [
    "DROP TRIGGER governance_delivery_attempt_is_not_deleted",
    "DROP TRIGGER governance_delivery_attempt_is_not_changed",
    "DROP TRIGGER governance_audit_is_not_deleted",
    "DROP TRIGGER governance_audit_is_not_changed",
    "DROP TRIGGER governance_guard_organisation_update",
    "DROP TRIGGER governance_guard_organisation_insert",
]


def run(statements):
    """Only the statements of the database at hand."""

    def each(apps, schema_editor):
        for statement in statements.get(schema_editor.connection.vendor, []):
            schema_editor.execute(statement, params=None)

    return each


class Migration(migrations.Migration):
    replaces = [("governance", "0002_tree_guard")]

    dependencies = [("governance", "0001_tables")]

    operations = [
        migrations.RunPython(
            run({"postgresql": POSTGRESQL, "sqlite": SQLITE}),
            run({"postgresql": POSTGRESQL_BACK, "sqlite": SQLITE_BACK}),
        )
    ]
