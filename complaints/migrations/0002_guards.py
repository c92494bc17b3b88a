"""The database's own guard of history: steps are appended; paths compare byte by byte."""

from django.db import migrations

COLUMNS = ("place_path", "main_unit_path", "holder_path")
# A note may be blanked after years; everything the chain hashes may not change.
KEPT = (
    "complaint_id", "number", "verb", "stage_before", "stage_after", "holder_before_id",
    "holder_after_id", "due_before", "due_after", "round", "by_id", "reason_code",
    "note_digest", "at", "previous_hash", "step_hash",
)  # fmt: skip

POSTGRESQL = [
    *(
        f'ALTER TABLE complaints_complaint ALTER COLUMN {column} TYPE varchar(30) COLLATE "C"'
        for column in COLUMNS
    ),
    """
    CREATE FUNCTION complaints_refuse_change() RETURNS trigger AS $$
    BEGIN
        RAISE EXCEPTION 'history_is_appended' USING ERRCODE = 'check_violation';
    END $$ LANGUAGE plpgsql
    """,
    f"""
    CREATE TRIGGER complaints_step_is_not_changed
    BEFORE UPDATE OF {", ".join(KEPT)} ON complaints_step
    FOR EACH ROW EXECUTE FUNCTION complaints_refuse_change()
    """,
    """
    CREATE TRIGGER complaints_step_is_not_deleted BEFORE DELETE ON complaints_step
    FOR EACH ROW EXECUTE FUNCTION complaints_refuse_change()
    """,
]
POSTGRESQL_BACK = [
    "DROP TRIGGER complaints_step_is_not_deleted ON complaints_step",
    "DROP TRIGGER complaints_step_is_not_changed ON complaints_step",
    "DROP FUNCTION complaints_refuse_change",
]
SQLITE = [
    f"""CREATE TRIGGER complaints_step_is_not_changed
    BEFORE UPDATE OF {", ".join(KEPT)} ON complaints_step BEGIN
    SELECT RAISE(ABORT, 'CHECK constraint failed: history_is_appended'); END""",
    """CREATE TRIGGER complaints_step_is_not_deleted
    BEFORE DELETE ON complaints_step BEGIN
    SELECT RAISE(ABORT, 'CHECK constraint failed: history_is_appended'); END""",
]
SQLITE_BACK = [
    "DROP TRIGGER complaints_step_is_not_deleted",
    "DROP TRIGGER complaints_step_is_not_changed",
]


def run(statements):
    """Only the statements of the database at hand."""

    def each(apps, schema_editor):
        for statement in statements.get(schema_editor.connection.vendor, []):
            schema_editor.execute(statement)

    return each


class Migration(migrations.Migration):
    replaces = [("complaints", "0002_history_guard")]

    dependencies = [("complaints", "0001_tables")]

    operations = [
        migrations.RunPython(
            run({"postgresql": POSTGRESQL, "sqlite": SQLITE}),
            run({"postgresql": POSTGRESQL_BACK, "sqlite": SQLITE_BACK}),
        )
    ]
