"""Counting for the leader's page: few passes over the cases, the past not counted twice.

What is settled need not be walked through: the database keeps its counts (`complaints/kept.py`) by
the same conditions. What is open, confidential or of today is counted as it stands, in the same
statement.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.core.cache import cache
from django.db.models import F, Q
from django.db.models.functions import Substr

from complaints import rates
from complaints.figures import (
    CONDITIONS,
    Base,
    Period,
    Tally,
    accepted_where,
    base_of,
    due_where,
    grouped,
    midnight_after,
    open_cases,
    open_until,
    open_where,
    reckoned,
)
from complaints.kept import (
    ACCEPTED_KEPT,
    DEEPEST_KIND,
    DUE_KEPT,
    is_keeping,
    kept_by_kind,
    kept_by_unit,
    spans,
)
from complaints.models import Category
from complaints.models.complaints import UNSETTLED
from complaints.stranded import stranded_where
from governance.calendar import Calendar
from governance.choices import Level, Word
from governance.models.reach import SEGMENT, any_of, id_of, may, roots
from governance.prepared import prepared, prepared_margins
from portal.board.periods import PACE, day_in, opening, paced
from portal.board.scope import Scope, cases_of

Found = TypeVar("Found")
Kind = tuple[int | None, str | None]
OPEN_SHOWN = (
    "open",
    "overdue",
    "due_today",
    "to_dispatch",
    "second_round",
    "elevated",
    "instructed",
    "handed_back",
    "stranded",
)
ACCEPTED_SHOWN, DUE_COUNTED = ACCEPTED_KEPT, DUE_KEPT
FROM_BELOW = [f"at_level_{level}" for level in sorted(Level, reverse=True)]
# What came in and what was due is counted first, as it is kept.
IN_ORDER = (*ACCEPTED_SHOWN, *DUE_COUNTED, *OPEN_SHOWN)
SHOWN_OF_BASE = {Base.OPEN: OPEN_SHOWN, Base.ACCEPTED: ACCEPTED_SHOWN, Base.DUE: DUE_COUNTED}


@dataclass(frozen=True)
class Past:
    """What the page compares with: the whole unit in the period before."""

    tally: Tally
    by_category: Counter[Kind]
    duration: rates.Duration


def tallies(scope: Scope, *bases: Base) -> dict[str, Tally]:
    """All figures of each unit on the map and of each unit above those ("" is nobody yet).

    One statement for each base, of all three unless some are named; a key is the path of a main
    unit, cut to the map's depth.
    """
    return summed_up({base: counted_by_unit(scope, base) for base in bases or SHOWN_OF_BASE})


def tallies_and_kinds(scope: Scope) -> tuple[dict[str, Tally], Counter[Kind]]:
    """`tallies`, and what came in by the kind of matter."""
    if is_kept(scope):
        return with_kept(scope)
    by_unit, kinds = of_the_period(scope)
    for path, *numbers in counted_by_unit(scope, Base.OPEN):
        by_unit[path].update(zip(OPEN_SHOWN, numbers, strict=True))
    return by_unit, kinds


def is_kept(scope: Scope) -> bool:
    """Whether the kept counts say what this reader may see of this unit.

    Who sees the unit sees every settled case that it answers for. The period before is judged as
    of a moment that lies back, and what is kept knows only now. It knows whole days only, too.
    """
    unit, period = scope.unit.path, scope.period
    return (
        is_keeping()
        and not scope.is_before
        and day_in(period.start) < day_in(period.end)
        and len(unit) <= DEEPEST_KIND
        and may(scope.user, Word.SEE, unit)
    )


def with_kept(scope: Scope) -> tuple[dict[str, Tally], Counter[Kind]]:
    """`tallies_and_kinds` from one statement: whole days of settled cases are read, not counted."""
    first, today = day_in(scope.period.start), day_in(scope.period.end)
    moments = {
        "start": scope.period.start, "end": scope.period.end, "since": opening(today),
        "now": scope.now, "midnight": midnight_after(scope.now),
    }  # fmt: skip
    street = {"street": id_of(scope.unit.path[:SEGMENT])}
    known = moments | street | spans(first, today) | scope.desks | scope.seen
    return read_margins(_with_kept(scope.is_street, scope.map_length, **known))


@prepared_margins
def _with_kept(
    is_street: bool,
    length: int,
    *,
    start: Any,
    end: Any,
    since: Any,
    now: Any,
    midnight: Any,
    street: Any,
    first: Any,
    months_from: Any,
    months_to: Any,
    until: Any,
    acting: Any,
    review: Any,
    callback: Any,
    **seen: Any,
) -> Any:
    period, today = Period(start, end), Period(since, end)
    came_in, was_due = today.of("accepted_at"), today.of("reckoned_at")
    bases = {
        Base.ACCEPTED: accepted_where(period) & (UNSETTLED | came_in),
        Base.DUE: due_where(period) & (UNSETTLED | was_due),
        Base.OPEN: open_where(),
    }
    stranded = stranded_where(acting, review=review, callback=callback)
    opened = open_until(now, midnight, stranded)
    cases = reckoned(cases_of(is_street, **seen)).filter(UNSETTLED | came_in | was_due)
    days = {"first": first, "months_from": months_from, "months_to": months_to, "until": until}
    within = (street, None if is_street else seen["unit"])
    kept = {"unit": kept_by_unit(*within, **days), "kind": kept_by_kind(*within, **days)}
    return cases, keys(length), *marks_and_counts(bases, now, opened), kept


def of_the_period(scope: Scope) -> tuple[defaultdict[str, Tally], Counter[Kind]]:
    """What came in and what was due, by unit, and what came in by kind: walked through once."""
    period = {"start": scope.period.start, "end": scope.period.end, "now": scope.now}
    return read_margins(_of_the_period(scope.is_street, scope.map_length, **period, **scope.seen))


@prepared_margins
def _of_the_period(
    is_street: bool, length: int, *, start: Any, end: Any, now: Any, **seen: Any
) -> Any:
    period = Period(start, end)
    bases = {Base.ACCEPTED: accepted_where(period), Base.DUE: due_where(period)}
    cases = reckoned(cases_of(is_street, **seen)).filter(any_of(bases.values()))
    return cases, keys(length), *marks_and_counts(bases, now)


def keys(length: int) -> dict[str, Any]:
    """Along what is counted: the unit on the map that answers, and the kind of matter."""
    return {"unit": Substr("main_unit_path", 1, length), "kind": F("category_id")}


def marks_and_counts(
    bases: Mapping[Base, Q], now: Any, opened: Mapping[str, Q] | None = None
) -> tuple[dict[str, Q], list[list[str]]]:
    """All conditions by name, and for each figure of the bases those that must hold together."""
    marks = {f"in_{base}": where for base, where in bases.items()}
    counts = []
    for base in bases:
        conditions = opened if opened and base is Base.OPEN else CONDITIONS[base](now)
        for name in SHOWN_OF_BASE[base]:
            counts.append([f"in_{base}"])
            if conditions[name]:
                marks[f"n_{name}"] = conditions[name]
                counts[-1].append(f"n_{name}")
    return marks, counts


def read_margins(found: Any) -> tuple[defaultdict[str, Tally], Counter[Kind]]:
    """The figures of each unit in the order of `IN_ORDER`, and what was accepted of each kind."""
    by_unit: defaultdict[str, Tally] = defaultdict(Tally)
    for path, *numbers in found["unit"]:
        by_unit[path] = Tally(zip(IN_ORDER, numbers, strict=False))
        add_sums(by_unit[path])
    names = dict(_kind_names())
    kinds: Counter[Kind] = Counter()
    for number, count, *_rest in found["kind"]:
        if count:
            kinds[number or None, names.get(number)] += count
    return by_unit, kinds


@prepared
def _kind_names() -> Any:
    return Category.objects.order_by().values_list("pk", "name")


def summed_up(counted: Mapping[Base, Iterable[tuple[Any, ...]]]) -> dict[str, Tally]:
    """The figures of each unit, whichever base they come from."""
    by_unit: defaultdict[str, Tally] = defaultdict(Tally)
    for base, rows in counted.items():
        for path, *numbers in rows:
            by_unit[path].take_in(dict(zip(SHOWN_OF_BASE[base], numbers, strict=True)))
    for tally in by_unit.values():
        add_sums(tally)
    return by_unit


def counted_by_unit(scope: Scope, base: Base) -> list[tuple[Any, ...]]:
    """The path of a unit on the map and the figures of one base, in the order of `SHOWN_OF_BASE`."""
    where = (scope.is_street, scope.map_length)
    if base is Base.OPEN:
        moments = {"now": scope.now, "midnight": midnight_after(scope.now)}
        return list(_open_by_unit(*where, **moments, **scope.desks, **scope.seen))
    period = {"start": scope.period.start, "end": scope.period.end, "now": scope.now}
    return list(_period_by_unit(base, *where, **period, **scope.seen))


@prepared
def _open_by_unit(
    is_street: bool,
    length: int,
    *,
    now: Any,
    midnight: Any,
    acting: Any,
    review: Any,
    callback: Any,
    **seen: Any,
) -> Any:
    stranded = stranded_where(acting, review=review, callback=callback)
    conditions = open_until(now, midnight, stranded)
    wanted = {name: conditions[name] for name in OPEN_SHOWN}
    cases = open_cases(cases_of(is_street, **seen))
    return grouped(cases, wanted, {"unit": Substr("main_unit_path", 1, length)})


@prepared
def _period_by_unit(
    base: Base, is_street: bool, length: int, *, start: Any, end: Any, now: Any, **seen: Any
) -> Any:
    conditions = CONDITIONS[base](now)
    wanted = {name: conditions[name] for name in SHOWN_OF_BASE[base]}
    cases = base_of(cases_of(is_street, **seen), base, Period(start, end))
    return grouped(cases, wanted, {"unit": Substr("main_unit_path", 1, length)})


def add_sums(tally: Tally) -> None:
    """What other counts add up to need not be counted row by row."""
    households, groups, branches, committees, street = (tally[name] for name in FROM_BELOW)
    tally["within_grid"] = households + groups + branches
    tally["within_community"] = tally["within_grid"] + committees
    tally["levelled"] = tally["within_community"] + street
    tally["not_on_time"] = tally["due"] - tally["on_time"]


def gathered(by_unit: dict[str, Tally], length: int) -> dict[str, Tally]:
    """The same, added up for the units whose paths are `length` long."""
    above: defaultdict[str, Tally] = defaultdict(Tally)
    for path, tally in by_unit.items():
        above[path[:length]].take_in(tally)
    return above


def past(scope: Scope, calendar: Calendar) -> Past:
    """The period before; counted once in ten minutes for the same reader."""
    earlier = scope.before()
    return kept(earlier, "past", lambda: counted(earlier, calendar))


def duration(scope: Scope, calendar: Calendar) -> rates.Duration:
    """平均办理时长 of the period; reckoned once in ten minutes for the same reader."""
    period = scope.period
    return kept(scope, "duration", lambda: rates.duration(scope.cases, period, scope.now, calendar))


def kept(scope: Scope, name: str, reckon: Callable[[], Found]) -> Found:
    """What was reckoned for this reader, unit and period within the same ten minutes.

    Only for what may lag a little: the figures of the chosen period that open a list are counted
    anew each time. The key names the reader and the reader's rights, so nobody is shown what
    another one may see.
    """
    right = (*roots(scope.user, "see"), "/", *roots(scope.user, "discipline"))
    bounds = (scope.period.start, paced(scope.period.end), paced(scope.now))
    key = ":".join(
        ["board", name, str(scope.user.pk), str(scope.unit.pk), *map(stamp, bounds), *right]
    )
    found: Found | None = cache.get(key)
    if found is None:
        found = reckon()
        cache.set(key, found, PACE.total_seconds())
    return found


def stamp(moment: datetime) -> str:
    """A moment as part of a key."""
    return str(int(moment.timestamp()))


def counted(scope: Scope, calendar: Calendar) -> Past:
    """All that is compared; three statements."""
    by_unit, kinds = of_the_period(scope)
    tally = Tally.of(by_unit.values())
    return Past(tally, kinds, rates.duration(scope.cases, scope.period, scope.now, calendar))
