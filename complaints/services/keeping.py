"""Kept counts: what changed is folded into days and months, and all is counted again on demand."""

from django.db import connection, transaction

from complaints.kept import DEEPEST_KIND, KEPT, is_keeping
from complaints.models import CountChange, KindCount, UnitCount

AT_ONCE = 10_000
SUMS = ", ".join(f"sum({name}) AS {name}" for name in KEPT)
# One folds at a time; readers and writers of cases are not kept waiting.
ONE_AT_A_TIME = "LOCK TABLE complaints_unitcount IN SHARE ROW EXCLUSIVE MODE"


def grown(table: str, names: tuple[str, ...]) -> str:
    """The end of an insertion that adds to the rows that are there."""
    return ", ".join(f"{name} = {table}.{name} + EXCLUDED.{name}" for name in names)


# A line leaves and what it says arrives in one statement: nobody finds it twice or not at all. The
# bite is one range of ids, which is read well even where the database knows nothing of the table yet.
FOLD = f"""
WITH taken AS (
    DELETE FROM complaints_countchange WHERE id <= (SELECT max(id) FROM
        (SELECT id FROM complaints_countchange ORDER BY id LIMIT %s) AS first_ones) RETURNING *
), spread AS (
    SELECT taken.*, span.is_month, span.first FROM taken, LATERAL (VALUES
        (false, taken.day), (true, date_trunc('month', taken.day::timestamp)::date)
    ) AS span (is_month, first)
), units AS (
    INSERT INTO complaints_unitcount (street, is_month, day, path, {", ".join(KEPT)})
    SELECT street, is_month, first, path, {SUMS} FROM spread
    GROUP BY street, is_month, first, path ORDER BY street, is_month, first, path
    ON CONFLICT (street, is_month, day, path) DO UPDATE SET {grown("complaints_unitcount", KEPT)}
), kinds AS (
    INSERT INTO complaints_kindcount (street, path, is_month, day, category, accepted)
    SELECT street, place.path, is_month, first, category, sum(accepted)
    FROM spread, LATERAL (SELECT '' AS path UNION ALL SELECT left(spread.path, {DEEPEST_KIND})
                          WHERE length(spread.path) >= {DEEPEST_KIND}) AS place
    WHERE accepted <> 0 GROUP BY street, place.path, is_month, first, category
    ORDER BY street, place.path, is_month, first, category
    ON CONFLICT (street, path, is_month, day, category)
        DO UPDATE SET {grown("complaints_kindcount", ("accepted",))}
)
SELECT count(*) FROM taken
"""  # noqa: S608 - names of our own columns
COUNT_AGAIN = f"""
INSERT INTO complaints_countchange (street, day, path, category, {", ".join(KEPT)})
SELECT street, day, path, category, {", ".join(f"sum(counted.{name})" for name in KEPT)}
FROM complaints_complaint AS c, complaints_counts_of(c) AS counted
GROUP BY street, day, path, category ORDER BY street, day, path, category
"""  # noqa: S608 - names of our own columns


def fold() -> int:
    """Fold all changes into days and months; returns how many lines there were.

    A reader sees the same counts before, meanwhile and afterwards; two at once do no harm.
    """
    if not is_keeping():
        return 0
    folded = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(ONE_AT_A_TIME)
            cursor.execute(FOLD, [AT_ONCE])
            taken = int(cursor.fetchone()[0])
        folded += taken
        if taken < AT_ONCE:
            return folded


def recount() -> int:
    """Throw away what is kept and count all settled cases again; deeds wait meanwhile.

    For a house whose rows were written past the trigger. Returns how many lines that made.
    """
    if not is_keeping():
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE complaints_complaint IN SHARE MODE")
        cursor.execute(ONE_AT_A_TIME)
        for kept in (CountChange, UnitCount, KindCount):
            kept.objects.all().delete()
        cursor.execute(COUNT_AGAIN)
    return fold()
