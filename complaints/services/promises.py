"""Promises: a unit's own due moment when the source draws the deadline of the case nearer."""

from django.utils import timezone
from django.utils.translation import gettext_noop as kept

from complaints import limits
from complaints.calendars import current_calendar
from complaints.choices import RequestKind, RequestState
from complaints.models import Assignment, CaseRequest, Complaint
from complaints.rules import rules_of
from complaints.services import clock
from complaints.services.dispatching import tell
from complaints.services.supervising import holders
from complaints.workflow import AT_WORK


def keep_within(case: Complaint) -> Assignment | None:
    """Draw the unit's promise before a deadline of the case that now lies before it.

    The case is changed in memory and saved by the caller with its step. The new promise is what a
    dispatch of this moment would have been given, so the unit has its least time where there is
    any, and it is never later than the old one (`domain.md` 1.6, rules 6 and 7). Returns the
    dispatch for `follow`, None when nothing moved. While the clock stands still the new deadline
    is taken as it was given: what was left of the old one is forgotten.
    """
    if case.is_suspended:
        CaseRequest.objects.filter(
            complaint=case,
            kind=RequestKind.SUSPENSION,
            state=RequestState.GRANTED,
            ended_at=None,
        ).update(case_left=None)
        return None
    if case.assignment_due_at is None or case.case_due_at is None:
        return None
    if case.stage not in AT_WORK or case.case_due_at >= case.assignment_due_at:
        return None
    current = Assignment.objects.filter(complaint=case, ended_at=None).first()
    if current is None:
        return None
    rules, calendar = rules_of(case.subdistrict_id), current_calendar(case.subdistrict)
    limit, now = clock.case_limit(case), timezone.now()
    fresh = limits.assignment_due(limit, now, case.case_due_at, rules.case, calendar).at
    current.due_at = case.assignment_due_at = min(case.assignment_due_at, fresh)
    if case.box_due_at is not None:
        level = case.holder.level if case.holder else None
        box = limits.box_due(level, now, current.due_at, limit, rules, calendar)
        case.box_due_at = min(case.box_due_at, box or current.due_at)
    return current


def follow(case: Complaint, assignment: Assignment) -> None:
    """Save the drawn promise, let reminders and the time box follow it, and tell who has the case."""
    assignment.save(update_fields=["due_at"])
    calendar = current_calendar(case.subdistrict)
    clock.replan(case, assignment, rules_of(case.subdistrict_id), calendar)
    clock.plan_box(case, assignment.number)
    tell(case, holders(case), kept("来源提前了期限，请按新时限办理"), "nearer")
