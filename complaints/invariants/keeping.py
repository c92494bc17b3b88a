"""I9: what the database keeps of settled cases is what counting those cases anew says."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from typing import Any

from django.db.models import F, Sum
from django.db.models.expressions import Combinable
from django.db.models.functions import Substr, TruncDate, TruncMonth

from complaints.figures import Base, Period, measure_by, reckoned
from complaints.invariants.finding import Finding
from complaints.invariants.paging import standing_still
from complaints.kept import (
    ACCEPTED_KEPT,
    DEEPEST_KIND,
    DEEPEST_UNIT,
    DUE_KEPT,
    KEPT,
    is_keeping,
    month_after,
)
from complaints.models import Complaint, CountChange, KindCount, UnitCount
from complaints.models.complaints import RECKONED, UNSETTLED
from governance.calendar import SHANGHAI

# What is kept asks whether there is an answer, not whether the clock has reached it yet: a clock that
# was ahead leaves answers in the future.
WHENEVER = datetime(9999, 1, 1, tzinfo=SHANGHAI)
Cells = dict[tuple[Any, ...], dict[str, int]]


def counts_agree(finding: Finding) -> None:
    """I9: days and months kept, with the changes not folded yet, agree with the settled cases.

    A month of a street at a time, each in one picture of the database.
    """
    if not is_keeping():
        finding.note("SQLite 不留存计数，每次现算。 Nothing is kept on SQLite.")
        return
    for street, first in months():
        with standing_still():
            kept, counted = kept_of(street, first), counted_of(street, first)
        finding.looked_at_count += len(counted)
        for cell in sorted(kept.keys() | counted.keys(), key=str):
            if kept.get(cell) != counted.get(cell):
                finding.breach(
                    f"organisation:{street} {' '.join(map(str, cell))}"
                    f" 留存 kept {kept.get(cell, {})} 现算 counted {counted.get(cell, {})}"
                )
    if not finding.holds:
        finding.note("运行 manage.py recount 可重新计数。 `manage.py recount` counts again.")


def months() -> list[tuple[int, date]]:
    """Every street and month in which something counts, or is said to count."""
    cases = Complaint.objects.order_by()
    found: set[tuple[int, date]] = set()
    for moment in (F("accepted_at"), RECKONED):
        month = TruncMonth(moment, tzinfo=SHANGHAI)
        found |= {
            (street, at.date())
            for street, at in cases.values_list("subdistrict", month).distinct()
            if at
        }
    for kept in (CountChange, UnitCount, KindCount):
        days = kept._default_manager.order_by().values_list("street", "day").distinct()
        found |= {(street, day.replace(day=1)) for street, day in days}
    return sorted(found)


def counted_of(street: int, first: date) -> Cells:
    """The cells of a month, from the settled cases themselves."""
    start, end = (datetime.combine(day, time(), SHANGHAI) for day in (first, month_after(first)))
    cases = reckoned(Complaint.objects.filter(~UNSETTLED, subdistrict=street))
    measures: dict[Base, tuple[Combinable, tuple[str, ...]]] = {
        Base.ACCEPTED: (F("accepted_at"), ACCEPTED_KEPT),
        Base.DUE: (RECKONED, DUE_KEPT),
    }
    cells: Cells = defaultdict(lambda: defaultdict(int))
    for base, (moment, names) in measures.items():
        groups: dict[str, Any] = {
            "on": TruncDate(moment, tzinfo=SHANGHAI),
            "unit": Substr("main_unit_path", 1, DEEPEST_UNIT),
            "kind": F("category_id"),
        }
        found = measure_by(cases, base, Period(start, end), WHENEVER, groups, *names)
        for (day, unit, kind), tally in found:
            add(cells, [("unit", day, unit), ("unit", f"{first:%Y-%m}", unit)], tally)
            if base is Base.ACCEPTED:
                counts = {"accepted": tally["accepted"]}
                add(cells, cells_of_kind(first, day, unit, kind or 0), counts)
    return without_nothing(cells)


def kept_of(street: int, first: date) -> Cells:
    """The same cells as they are kept."""
    cells: Cells = defaultdict(lambda: defaultdict(int))
    within = {"street": street, "day__gte": first, "day__lt": month_after(first)}
    for is_month, day, unit, *counts in UnitCount.objects.filter(**within).values_list(
        "is_month", "day", "path", *KEPT
    ):
        when = f"{day:%Y-%m}" if is_month else day
        add(cells, [("unit", when, unit)], dict(zip(KEPT, counts, strict=True)))
    for is_month, day, place, kind, accepted in KindCount.objects.filter(**within).values_list(
        "is_month", "day", "path", "category", "accepted"
    ):
        when = f"{day:%Y-%m}" if is_month else day
        add(cells, [("kind", when, place, kind)], {"accepted": accepted})
    changes = CountChange.objects.filter(**within).order_by().values_list("day", "path", "category")
    for day, unit, kind, *counts in changes.annotate(**{f"n_{n}": Sum(n) for n in KEPT}):
        tally = dict(zip(KEPT, counts, strict=True))
        add(cells, [("unit", day, unit), ("unit", f"{first:%Y-%m}", unit)], tally)
        add(cells, cells_of_kind(first, day, unit, kind), {"accepted": tally["accepted"]})
    return without_nothing(cells)


def cells_of_kind(first: date, day: date, unit: str, kind: int) -> Iterator[tuple[Any, ...]]:
    """Where an accepted case counts by its kind: for the street, and for what lies beneath it."""
    for place in {"", unit[:DEEPEST_KIND] if len(unit) >= DEEPEST_KIND else ""}:
        yield "kind", day, place, kind
        yield "kind", f"{first:%Y-%m}", place, kind


def add(cells: Cells, where: Iterable[tuple[Any, ...]], counts: dict[str, int]) -> None:
    """Add counts to several cells."""
    for cell in where:
        for name, count in counts.items():
            cells[cell][name] += count


def without_nothing(cells: Cells) -> Cells:
    """Only what is more or less than none."""
    full = {cell: {n: c for n, c in counts.items() if c} for cell, counts in cells.items()}
    return {cell: counts for cell, counts in full.items() if counts}
