"""What the office counts and how (`domain.md` 8.3): pure reading over one set of cases.

A figure is a condition over one of three bases: what is open now, what was accepted in a period,
what was due in a period. Tiles and lists use the same conditions, so they cannot disagree.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any, cast

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.lookups import LessThanOrEqual
from django.utils.functional import SimpleLazyObject

from complaints.choices import (
    INVALID_STAGES,
    SATISFIED,
    Satisfaction,
    Solved,
    Source,
    Stage,
    Supervision,
)
from complaints.models import Assignment, Complaint, Instruction
from complaints.models.complaints import EFFECTIVE_DUE, RECKONED
from complaints.stranded import stranded_condition
from governance.calendar import SHANGHAI
from governance.choices import Level

Cases = QuerySet[Complaint]
# A matter taken back by the citizen owes nothing any more, before or after signing.
OWED_NOTHING = (*INVALID_STAGES, Stage.WITHDRAWN)
DISSATISFIED = (Satisfaction.DISSATISFIED, Satisfaction.VERY_DISSATISFIED)
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Period:
    """From a moment up to another, which no longer belongs to it."""

    start: datetime
    end: datetime

    def of(self, column: str) -> Q:
        """Rows whose `column` lies in the period."""
        return Q(**{f"{column}__gte": self.start, f"{column}__lt": self.end})


@dataclass(frozen=True)
class Rate:
    """A share with its counts; nothing to count is "-", never 0 or 100."""

    part: Decimal | int
    whole: int

    @property
    def percent(self) -> Decimal | None:
        """Hundredths of a percent, half up."""
        if not self.whole:
            return None
        return (Decimal(self.part) * 100 / self.whole).quantize(CENT, ROUND_HALF_UP)

    def __str__(self) -> str:
        return "-" if self.percent is None else str(self.percent)


class Base(StrEnum):
    """The sets of cases that figures are counted over."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DUE = "due"


# ── the three bases ──────────────────────────────────────────────────────────────────────────


def open_cases(cases: Cases) -> Cases:
    """Cases that somebody still has to do something about; one that follows a lead counts there."""
    return cases.filter(open_where())


def open_where() -> Q:
    """Open, and no part of another matter."""
    return Q(is_open=True, merged_into=None)


def accepted_cases(cases: Cases, period: Period) -> Cases:
    """受理: the cases of `accepted_where`."""
    return cases.filter(accepted_where(period))


def accepted_where(period: Period) -> Q:
    """Accepted in the period, whatever became of it later, so that a day's intake stays.

    A sub-case is no further matter of a citizen; its parent counts for all of them.
    """
    return Q(period.of("accepted_at"), part_of=None)


def due_cases(cases: Cases, period: Period) -> Cases:
    """应办结: the cases of `due_where`."""
    return reckoned(cases).filter(due_where(period))


def reckoned(cases: Cases) -> Cases:
    """The cases with the moment that says where each counts, for conditions only."""
    return cases.alias(reckoned_at=RECKONED)


def due_where(period: Period) -> Q:
    """To be counted in the period, each case in one period only; asked of `reckoned` cases.

    A case belongs to the period of min(first finished, due). Rejected, voided, merged, returned
    and withdrawn ones are out, and those suspended at the end of the period. Sub-cases count like
    any other: each has a unit and a deadline of its own.
    """
    running = Q(suspended_at=None) | Q(suspended_at__gte=period.end)
    owing = ~Q(stage__in=OWED_NOTHING)
    return Q(period.of("reckoned_at"), running, owing, merged_into=None)


def base_of(cases: Cases, base: Base, period: Period) -> Cases:
    """The set of cases behind one base."""
    match base:
        case Base.OPEN:
            return open_cases(cases)
        case Base.ACCEPTED:
            return accepted_cases(cases, period)
        case _:
            return due_cases(cases, period)


# ── the conditions ───────────────────────────────────────────────────────────────────────────


def open_conditions(now: datetime) -> dict[str, Q]:
    """Figures over what is open: late and due soon by the moment that binds the holder now."""
    # Who serves where is asked only when this figure is wanted.
    return open_until(now, midnight_after(now), cast("Q", SimpleLazyObject(stranded_condition)))


def midnight_after(now: datetime) -> datetime:
    """The end of the day."""
    return datetime.combine(now.astimezone(SHANGHAI).date(), time(), SHANGHAI) + timedelta(days=1)


def open_until(now: Any, midnight: Any, stranded: Q) -> dict[str, Q]:
    """The same, with the end of the day and who is stranded given; for prepared statements."""
    running = Q(suspended_at=None)
    unanswered = Instruction.objects.filter(complaint=OuterRef("pk"), answered_at=None)
    return {
        "open": Q(),
        "overdue": running & Q(due_at__lt=now),
        "due_today": running & Q(due_at__gte=now, due_at__lt=midnight),
        "to_dispatch": Q(stage__in=(Stage.PENDING_ACCEPTANCE, Stage.PENDING_DISPATCH)),
        "to_sign": Q(stage=Stage.PENDING_SIGN),
        "to_review": Q(stage=Stage.PENDING_REVIEW),
        "to_call_back": Q(stage=Stage.PENDING_CALLBACK),
        "suspended": Q(suspended_at__isnull=False),
        "second_round": Q(round__gte=2),
        "elevated": Q(supervision=Supervision.ELEVATED),
        "instructed": Q(Exists(unanswered)),
        "handed_back": Q(stage=Stage.PENDING_DISPATCH, transfer_count__gt=0),
        "stranded": stranded,
    }


def accepted_conditions(_now: datetime) -> dict[str, Q]:
    """Figures over what was accepted in the period."""
    signed = Assignment.objects.filter(complaint=OuterRef("pk"), signed_at__isnull=False)
    never_signed = Q(stage=Stage.WITHDRAWN) & ~Q(Exists(signed))
    return {
        "accepted": Q(),
        "valid": ~Q(stage__in=INVALID_STAGES) & Q(merged_into=None) & ~never_signed,
        "merged": Q(merged_into__isnull=False),
        "repeated": Q(repeat_of__isnull=False),
        "from_hotline": Q(source=Source.HOTLINE),
        "self_found": Q(source=Source.PATROL),
    }


def due_conditions(now: datetime) -> dict[str, Q]:
    """Figures over what was due in the period; `now` is the cut-off by which it had to be finished.

    A second round changes nothing here: the first answer counts, measured by the first due moment
    (`domain.md` 1.6, rule 11); the second one shows in 重办率.
    """
    finished = Q(first_finished_at__lt=now)
    # What was ruled out of duty is finished like any other; only the citizen's verdict leaves.
    counted = finished & Q(leaves_rates=False)
    in_time = Q(LessThanOrEqual(F("first_finished_at"), EFFECTIVE_DUE))
    levels = {f"at_level_{level}": finished & Q(solved_level=level) for level in Level}
    return {
        "due": Q(),
        "finished": finished,
        "on_time": finished & in_time,
        "not_on_time": Q(first_finished_at=None) | Q(first_finished_at__gte=now) | ~in_time,
        "on_original_time": finished & Q(first_finished_at__lte=F("original_due_at")),
        "asked": counted & ~Q(satisfaction=""),
        "satisfied": counted & Q(satisfaction__in=SATISFIED),
        "dissatisfied": counted & Q(satisfaction__in=DISSATISFIED),
        "answered": counted & ~Q(solved=""),
        "solved": counted & Q(solved=Solved.YES),
        "partly": counted & Q(solved=Solved.PARTLY),
        "excluded": finished & Q(leaves_rates=True),
        # The citizen's verdict on all of them, the excluded ones too, to be held beside the rates.
        "all_asked": finished & ~Q(satisfaction=""),
        "all_satisfied": finished & Q(satisfaction__in=SATISFIED),
        "all_dissatisfied": finished & Q(satisfaction__in=DISSATISFIED),
        "all_answered": finished & ~Q(solved=""),
        "all_solved": finished & Q(solved=Solved.YES),
        "all_partly": finished & Q(solved=Solved.PARTLY),
        "reworked": finished & Q(round__gte=2),
        "first_time": finished & Q(round=1, solved=Solved.YES),
        "levelled": finished & Q(solved_level__isnull=False),
        "within_community": finished & Q(solved_level__gte=Level.GRAND_COMMITTEE),
        "within_grid": finished & Q(solved_level__gte=Level.GRID_BRANCH),
        **levels,
    }


CONDITIONS = {
    Base.OPEN: open_conditions,
    Base.ACCEPTED: accepted_conditions,
    Base.DUE: due_conditions,
}
_SOME_DAY = datetime(2000, 1, 1, tzinfo=SHANGHAI)
BASE_OF_FIGURE = {name: base for base, of in CONDITIONS.items() for name in of(_SOME_DAY)}


def rows(
    cases: Cases, figure: str, period: Period, now: Any, opened: Mapping[str, Q] | None = None
) -> Cases:
    """Exactly the rows that `figure` counts. Raises KeyError for an unknown figure.

    Prepared statements bring the conditions on what is open, from `open_until`.
    """
    base = BASE_OF_FIGURE[figure]
    conditions = opened if opened and base is Base.OPEN else CONDITIONS[base](now)
    return base_of(cases, base, period).filter(conditions[figure])


# ── counting ─────────────────────────────────────────────────────────────────────────────────


class Tally(dict[str, int]):
    """How many cases meet each condition; an unknown one is none."""

    def __missing__(self, name: str) -> int:
        return 0

    def __add__(self, other: Mapping[str, int]) -> "Tally":
        return Tally.of((self, other))

    @classmethod
    def of(cls, parts: Iterable[Mapping[str, int]]) -> "Tally":
        """Several counts added up."""
        found = cls()
        for part in parts:
            found.take_in(part)
        return found

    def take_in(self, other: Mapping[str, int]) -> None:
        """Add other counts to these."""
        if not self:
            self.update(other)
            return
        for name, count in other.items():
            self[name] = self.get(name, 0) + count

    def rate(self, part: str, whole: str) -> Rate:
        """The share of `part` in `whole`."""
        return Rate(self[part], self[whole])


def measure(cases: Cases, base: Base, period: Period, now: datetime, *names: str) -> Tally:
    """The figures of one base; one statement. Without `names`, all of them."""
    found = base_of(cases, base, period).aggregate(**_counts(base, now, names))
    return _tally(found)


def measure_by(
    cases: Cases,
    base: Base,
    period: Period,
    now: datetime,
    groups: Mapping[str, Combinable],
    *names: str,
) -> Iterator[tuple[tuple[Any, ...], Tally]]:
    """The same for each group, e.g. `{"unit": Substr("main_unit_path", 1, 12)}`; one statement."""
    conditions = CONDITIONS[base](now)
    wanted = {name: conditions[name] for name in names or conditions}
    for row in grouped(base_of(cases, base, period), wanted, groups):
        key, numbers = row[: len(groups)], row[len(groups) :]
        yield key, Tally(zip(wanted, numbers, strict=True))


def grouped(
    cases: Cases, conditions: Mapping[str, Q], groups: Mapping[str, Combinable]
) -> QuerySet[Any, Any]:
    """How many cases of each group meet each condition: the keys of a group, then its counts."""
    counts = {f"n_{name}": _count(condition) for name, condition in conditions.items()}
    found: QuerySet[Any, Any] = cases.order_by().values(**groups)
    return found.annotate(**counts).values_list(*groups, *counts)


def _tally(row: Mapping[str, int]) -> Tally:
    return Tally({name.removeprefix("n_"): count for name, count in row.items()})


def _counts(base: Base, now: datetime, names: tuple[str, ...]) -> dict[str, Count]:
    conditions = CONDITIONS[base](now)
    wanted = names or tuple(conditions)
    return {f"n_{name}": _count(conditions[name]) for name in wanted}


def _count(condition: Q) -> Count:
    return Count("pk", filter=condition) if condition else Count("pk")
