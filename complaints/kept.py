"""What the database keeps of settled cases: whole days and months, read instead of walked through.

PostgreSQL appends a line for every change of what a settled case counts for, in the transaction
that changes it (migration `0003`); a job folds the lines into days and months. Lines and folded rows
together say at every moment what the conditions of `complaints.figures` say of the settled cases,
whatever has been folded. All other cases (`UNSETTLED`) are counted as they stand. SQLite, for small
houses, keeps nothing; there every case is counted anew.
"""

from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import F, Q, QuerySet, Sum

from complaints.models import CountChange, KindCount, UnitCount
from governance.models.reach import SEGMENT, beneath

ACCEPTED_KEPT = ("accepted", "from_hotline", "repeated")
DUE_KEPT = (
    "due", "finished", "on_time", "asked", "satisfied",
    "at_level_5", "at_level_4", "at_level_3", "at_level_2", "at_level_1",
)  # fmt: skip
KEPT = (*ACCEPTED_KEPT, *DUE_KEPT)
# Kinds of matter are kept for a street and for what lies directly beneath it; deeper down the cases
# are few enough to be walked through. Units are kept down to the branch of a grid.
DEEPEST_KIND, DEEPEST_UNIT = 2 * SEGMENT, 3 * SEGMENT


def is_keeping() -> bool:
    """Whether the database at hand keeps the counts."""
    return connection.vendor == "postgresql"


def spans(first: date, until: date) -> dict[str, date]:
    """A period of whole days, until the last no longer belongs to it, with its whole months.

    Without a whole month the days reach from `first` to `until` in one piece.
    """
    months_from = first if first.day == 1 else month_after(first)
    months_to = until.replace(day=1)
    if months_from >= months_to:
        months_from = months_to = until
    return {"first": first, "months_from": months_from, "months_to": months_to, "until": until}


def month_after(day: date) -> date:
    """The first day of the next month."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def of_days(*, first: Any, months_from: Any, months_to: Any, until: Any) -> Q:
    """Folded rows that make up the days of `spans`."""
    before = Q(is_month=False, day__gte=first, day__lt=months_from)
    months = Q(is_month=True, day__gte=months_from, day__lt=months_to)
    after = Q(is_month=False, day__gte=months_to, day__lt=until)
    return before | months | after


def kept_by_unit(street: Any, path: Any, **days: Any) -> list[QuerySet[Any, Any]]:
    """Rows of a unit's path and the counts of `KEPT`; of the whole street, or beneath `path`.

    A path may come more than once; the rows belong together.
    """
    where = Q(street=street) if path is None else Q(beneath("path", [path]), street=street)
    changes = CountChange.objects.filter(where, day__gte=days["first"], day__lt=days["until"])
    folded = UnitCount.objects.filter(where, of_days(**days))
    return [added_up(rows, "path", KEPT) for rows in (folded, changes)]


def kept_by_kind(street: Any, path: Any, **days: Any) -> list[QuerySet[Any, Any]]:
    """Rows of a category's number, 0 for none, and how many were accepted; see `kept_by_unit`."""
    within = Q(street=street) if path is None else Q(beneath("path", [path]), street=street)
    changes = CountChange.objects.filter(within, day__gte=days["first"], day__lt=days["until"])
    at = Q(street=street, path="" if path is None else path)
    folded = KindCount.objects.filter(at, of_days(**days))
    return [added_up(rows, "category", ACCEPTED_KEPT[:1]) for rows in (folded, changes)]


def added_up(rows: QuerySet[Any], key: str, names: tuple[str, ...]) -> QuerySet[Any, Any]:
    """For each value of a column the sums of others."""
    sums = {f"n_{name}": Sum(name) for name in names}
    return rows.order_by().values(of=F(key)).annotate(**sums).values_list("of", *sums)
