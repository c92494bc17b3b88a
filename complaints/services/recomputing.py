"""Recomputing: when a holiday was edited, the open clocks are counted again, for all to see."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_noop as kept

from complaints import limits
from complaints.calendars import current_calendar
from complaints.choices import CITY_SOURCES, CityAnswer, RequestKind, RequestState
from complaints.limits import Limit
from complaints.models import Assignment, CaseRequest, Complaint
from complaints.rules import Rules, rules_of
from complaints.services import clock
from complaints.services.steps import lock_complaint, take_step
from complaints.workflow import AT_WORK
from governance import worktime
from governance.calendar import Calendar
from governance.services import calendar as days
from governance.services.audit import deed
from governance.worktime import Due

MOST_AT_ONCE = 500


def recompute_open_cases(most: int = MOST_AT_ONCE) -> int:
    """Count the clocks of open cases again that were counted with an older calendar.

    Each case in a transaction of its own, as one step of the house; a city's own deadline and a
    clock that stands still are left alone. Returns how many due moments moved. Repeating it does
    nothing (`domain.md` 8.1; `architecture.md` 5).
    """
    version = days.current_calendar().version
    stale = Complaint.objects.filter(
        is_open=True,
        case_due_at__isnull=False,
        calendar_version__lt=version,
        suspended_at=None,
    ).exclude(finished_at__isnull=False)
    moved = 0
    for pk in list(stale.order_by("pk").values_list("pk", flat=True)[:most]):
        moved += recompute(pk)
    return moved


@deed()
def recompute(pk: int) -> bool:
    """Count one case again; says whether a due moment has moved."""
    case = lock_complaint(pk)
    calendar = current_calendar(case.subdistrict)
    if case.is_suspended or case.calendar_version >= calendar.version or not case.is_open:
        return False
    changes = new_moments(case, rules_of(case.subdistrict), calendar)
    moved = {name for name, value in changes.items() if differs(getattr(case, name), value)}
    if not moved:
        Complaint.objects.filter(pk=pk).update(calendar_version=calendar.version)
        return False
    take_step(
        case,
        "recompute",
        by=None,
        note=kept("放假安排已调整，时限按新日历重新计算"),
        calendar_version=calendar.version,
        **changes,
    )
    current = Assignment.objects.filter(complaint=case, ended_at=None).first()
    if current is not None and "assignment_due_at" in moved:
        current.due_at = changes["assignment_due_at"]
        current.save(update_fields=["due_at"])
        clock.replan(case, current, rules_of(case.subdistrict), calendar)
    return True


def differs(before: Any, after: Any) -> bool:
    """Whether a moment has really moved; two readings of one clock lie close together."""
    if isinstance(before, datetime) and isinstance(after, datetime):
        return abs(after - before) >= timedelta(seconds=1)
    return bool(before != after)


def new_moments(case: Complaint, rules: Rules, calendar: Calendar) -> dict[str, Any]:
    """The due moments as they would be, had the calendar always been as it is now."""
    granted = list(
        CaseRequest.objects.filter(
            complaint=case, state=RequestState.GRANTED, round=case.round
        ).order_by("decided_at")
    )
    first = first_due(case, start_of_round(case), calendar)
    if first is None:
        return {}
    if case.is_city_deadline and case.round == 1:
        return unit_moments(case, rules, granted, case.case_due_at, case.case_due_at, calendar)
    changes = case_moments(case, first, granted, calendar)
    return changes | unit_moments(case, rules, granted, first.at, changes["case_due_at"], calendar)


def case_moments(
    case: Complaint, first: Due, granted: list[CaseRequest], calendar: Calendar
) -> dict[str, Any]:
    """The promise to the citizen, counted again from its first end; `granted` of this round."""
    due = replayed(case, first, limit_of_round(case), granted, calendar, of_case=True)
    changes = {"case_due_at": due.at, "due_is_provisional": due.is_provisional}
    return changes | ({"original_due_at": first.at} if case.round == 1 else {})


def first_due(case: Complaint, start: datetime | None, calendar: Calendar) -> Due | None:
    """Where the limit of the present round ends before anything was granted."""
    return limit_of_round(case).due(start, calendar) if start else None


def limit_of_round(case: Complaint) -> Limit:
    """The limit of the case; half of it from the second round on (`domain.md` 1.6, 11)."""
    limit = clock.case_limit(case)
    return limit if case.round == 1 else limit.halved()


def start_of_round(case: Complaint) -> datetime | None:
    """The moment the present round counts from."""
    if case.round == 1:
        return case.accepted_at
    rows = Assignment.objects.filter(complaint=case, round=case.round).order_by("number")
    return rows.values_list("dispatched_at", flat=True).first()


def unit_moments(
    case: Complaint,
    rules: Rules,
    granted: list[CaseRequest],
    first_due: datetime | None,
    due: datetime | None,
    calendar: Calendar,
) -> dict[str, Any]:
    """The unit's own promise, counted again from its dispatch."""
    current = Assignment.objects.filter(complaint=case, ended_at=None).first()
    if current is None or case.stage not in AT_WORK or first_due is None or due is None:
        return {}
    is_first = current.number == 1 or case.round == 1
    limit = clock.case_limit(case) if is_first else clock.case_limit(case).halved()
    since = [row for row in granted if row.assignment_id == current.pk]
    before = [row for row in granted if row.assignment_id != current.pk]
    base = first_due
    if not case.is_city_deadline:
        base = replayed(case, Due(first_due), limit, before, calendar, of_case=True).at
    promised = limits.assignment_due(limit, current.dispatched_at, base, rules.case, calendar)
    own = replayed(case, promised, limit, since, calendar, of_case=False).at
    return {"assignment_due_at": min(own, due) if since else own}


def replayed(
    case: Complaint,
    due: Due,
    limit: Limit,
    granted: list[CaseRequest],
    calendar: Calendar,
    *,
    of_case: bool,
) -> Due:
    """A due moment after the extensions and suspensions that were granted, one after the other.

    It is provisional when any of the ways there needed a day that no notice has decided yet.
    """
    for row in granted:
        needs_city = of_case and case.source in CITY_SOURCES
        if needs_city and row.city_answer != CityAnswer.APPROVED:
            continue
        if row.kind == RequestKind.EXTENSION and row.amount:
            moved = worktime.add(due.at, row.amount, row.amount_unit, calendar)
        elif row.kind == RequestKind.SUSPENSION and row.ended_at and row.decided_at:
            left = worktime.remaining(row.decided_at, due.at, limit.unit, calendar)
            moved = worktime.resume(row.ended_at, left, limit.unit, calendar)
        else:
            continue
        due = Due(moved.at, due.is_provisional or moved.is_provisional)
    return due
