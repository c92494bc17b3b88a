"""需要您关注: the cases somebody above should look at, and why."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, F, Q, Value, When

from complaints.figures import midnight_after, open_until
from complaints.models import Complaint, Instruction
from complaints.stranded import stranded_where
from governance.calendar import Calendar
from governance.models.reach import any_of
from governance.prepared import prepared
from portal.board.casepage import workdays_left
from portal.board.scope import Scope, cases_of
from portal.board.shown import Shown

MOST_WATCHED = 4
# Why a case is on the list besides being late, the first that fits.
REASONS = ("stranded", "handed_back", "elevated", "second_round")

UNIT = ("name", "short_name")
SHOWN = (
    "number", "title", "due_at", "round", "supervision", "main_unit", "holder", "category__name",
    *(f"main_unit__{column}" for column in UNIT), *(f"holder__{column}" for column in UNIT),
)  # fmt: skip


@dataclass(frozen=True)
class Watched:
    """A case on the list: why, and how many working days are left (negative when late)."""

    case: Complaint
    reason: str
    workdays: int | None = None


@dataclass(frozen=True)
class Attention:
    """Cases late for longest, other cases in trouble, and words nobody has answered."""

    late: list[Watched]
    others: list[Watched]
    instructions: list[Instruction]


def attention(scope: Scope, counts: dict[str, Shown], calendar: Calendar) -> Attention:
    """Three statements at most; none for what the counts say does not exist."""
    late = late_longest(scope, calendar) if counts["overdue"].value else []
    return Attention(
        late=late,
        others=others(scope, counts, {row.case.pk for row in late}),
        instructions=unanswered(scope) if counts["instructed"].value else [],
    )


def late_longest(scope: Scope, calendar: Calendar) -> list[Watched]:
    """Open cases that have been late for longest."""
    rows = _late_longest(scope.is_street, now=scope.now, **scope.seen)
    return [Watched(row, "overdue", workdays_left(row.due_at, calendar)) for row in rows]


@prepared
def _late_longest(is_street: bool, *, now: Any, **seen: Any) -> Any:
    late = cases_of(is_street, **seen).filter(is_open=True, due_at__lt=now, suspended_at=None)
    return shown_rows(late).order_by("due_at", "pk")[:MOST_WATCHED]


def others(scope: Scope, counts: dict[str, Shown], besides: set[int]) -> list[Watched]:
    """Open cases nobody can act on, handed back, elevated or in a further round.

    Asked only for the kinds that exist, so that the usual list stays one look into an index.
    """
    kinds = tuple(name for name in REASONS if counts[name].value)
    if not kinds:
        return []
    moments = {"now": scope.now, "midnight": midnight_after(scope.now)}
    desks = scope.desks if "stranded" in kinds else {}
    most = MOST_WATCHED + len(besides)
    found = _others(kinds, most, scope.is_street, **moments, **desks, **scope.seen)
    return [Watched(row, row.reason) for row in found if row.pk not in besides][:MOST_WATCHED]


@prepared
def _others(
    kinds: tuple[str, ...],
    most: int,
    is_street: bool,
    *,
    now: Any,
    midnight: Any,
    acting: Any = None,
    review: Any = None,
    callback: Any = None,
    **seen: Any,
) -> Any:
    stranded = Q() if acting is None else stranded_where(acting, review=review, callback=callback)
    conditions = open_until(now, midnight, stranded)
    wanted = any_of(conditions[name] for name in kinds)
    reason = Case(*(When(conditions[name], then=Value(name)) for name in kinds))
    rows = shown_rows(cases_of(is_street, **seen).filter(wanted, is_open=True))
    return rows.annotate(reason=reason).order_by("due_at", "pk")[:most]


def unanswered(scope: Scope) -> list[Instruction]:
    """Leaders' words on open cases that nobody has answered yet, the one due first on top."""
    rows = Instruction.objects.filter(
        answered_at=None, complaint__in=scope.cases.filter(is_open=True).values("pk")
    )
    return list(
        rows.select_related("complaint__main_unit").order_by(
            F("due_at").asc(nulls_last=True), "pk"
        )[:MOST_WATCHED]
    )


def shown_rows(rows: Any) -> Any:
    """With what a line of the list says."""
    return rows.select_related("main_unit", "holder", "category").only(*SHOWN)
