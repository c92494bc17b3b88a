"""Counts of settled cases, kept by PostgreSQL itself in the transaction that changes a case.

`complaints_counts_of(case)` says what one case counts for, in the words of `complaints.figures`; a
trigger appends what a change takes away and adds. SQLite keeps nothing and counts every case anew.
"""

from django.db import migrations

COUNTS = (
    "accepted", "from_hotline", "repeated", "due", "finished", "on_time", "asked", "satisfied",
    "at_level_1", "at_level_2", "at_level_3", "at_level_4", "at_level_5",
)  # fmt: skip
KEY = "street, day, path, category"
ALL = f"{KEY}, {', '.join(COUNTS)}"
SETTLED = """NOT (c.is_open OR c.is_confidential OR c.suspended_at IS NOT NULL
        OR (c.main_unit_path = '' AND c.holder_path = ''))"""
OWED_NOTHING = "'draft', 'rejected', 'voided', 'merged', 'returned_to_source', 'withdrawn'"
SATISFIED = "'very_satisfied', 'satisfied', 'basically'"
LEVELS = ", ".join(f"coalesce(solved AND c.solved_level = {n}, false)::int" for n in range(1, 6))

POSTGRESQL = [
    'ALTER TABLE complaints_countchange ALTER COLUMN path TYPE varchar(18) COLLATE "C"',
    'ALTER TABLE complaints_unitcount ALTER COLUMN path TYPE varchar(18) COLLATE "C"',
    'ALTER TABLE complaints_kindcount ALTER COLUMN path TYPE varchar(12) COLLATE "C"',
    f"""
    CREATE FUNCTION complaints_counts_of(c complaints_complaint)
    RETURNS TABLE (street bigint, day date, path text, category bigint,
                   {", ".join(f"{name} int" for name in COUNTS)}) AS $$
        SELECT c.subdistrict_id::bigint, (c.accepted_at AT TIME ZONE 'Asia/Shanghai')::date,
            left(c.main_unit_path, 18), coalesce(c.category_id, 0),
            1, (c.source = 'hotline')::int, (c.repeat_of_id IS NOT NULL)::int,
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0
        WHERE {SETTLED} AND c.accepted_at IS NOT NULL AND c.part_of_id IS NULL
        UNION ALL
        SELECT c.subdistrict_id::bigint, (reckoned_at AT TIME ZONE 'Asia/Shanghai')::date,
            left(c.main_unit_path, 18), 0,
            0, 0, 0,
            1, solved::int, coalesce(c.first_finished_at <= due_at, false)::int,
            (solved AND NOT c.leaves_rates AND c.satisfaction <> '')::int,
            (solved AND NOT c.leaves_rates AND c.satisfaction IN ({SATISFIED}))::int,
            {LEVELS}
        FROM (SELECT due_at, c.first_finished_at IS NOT NULL AS solved,
                  least(coalesce(c.first_finished_at, due_at), due_at) AS reckoned_at
              FROM (SELECT CASE WHEN c.round > 1 THEN coalesce(c.first_due_at, c.original_due_at)
                                ELSE c.case_due_at END AS due_at) AS promised) AS answer
        WHERE {SETTLED} AND reckoned_at IS NOT NULL AND c.merged_into_id IS NULL
            AND c.stage NOT IN ({OWED_NOTHING})
    $$ LANGUAGE sql STABLE
    """,  # noqa: S608 - names of our own columns
    f"""
    CREATE FUNCTION complaints_keep_counts() RETURNS trigger AS $$
    BEGIN
        IF coalesce(OLD.is_open, true) AND coalesce(NEW.is_open, true) THEN
            RETURN NULL;  -- nearly every deed: the case was open and stays so
        END IF;
        INSERT INTO complaints_countchange ({ALL})
        SELECT {KEY}, {", ".join(f"sum(sign * {name})" for name in COUNTS)}
        FROM (SELECT 1 AS sign, * FROM complaints_counts_of(NEW)
              UNION ALL SELECT -1, * FROM complaints_counts_of(OLD)) AS counted
        GROUP BY {KEY}
        HAVING {" OR ".join(f"sum(sign * {name}) <> 0" for name in COUNTS)};
        RETURN NULL;
    END $$ LANGUAGE plpgsql
    """,  # noqa: S608 - names of our own columns
    """
    CREATE TRIGGER complaints_complaint_is_counted
    AFTER INSERT OR UPDATE OR DELETE ON complaints_complaint
    FOR EACH ROW EXECUTE FUNCTION complaints_keep_counts()
    """,
]
POSTGRESQL_BACK = [
    "DROP TRIGGER complaints_complaint_is_counted ON complaints_complaint",
    "DROP FUNCTION complaints_keep_counts",
    "DROP FUNCTION complaints_counts_of",
]


def run(statements):
    """Only where the database at hand is PostgreSQL."""

    def each(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            for statement in statements:
                schema_editor.execute(statement)

    return each


class Migration(migrations.Migration):
    replaces = [("complaints", "0022_counts_of_settled_cases")]

    dependencies = [("complaints", "0002_guards")]

    operations = [migrations.RunPython(run(POSTGRESQL), run(POSTGRESQL_BACK))]
