"""The clock of a case: which moments are planned as work for later, and which are taken back."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from complaints import limits
from complaints.choices import LimitUnit
from complaints.limits import Limit
from complaints.models import Assignment, Complaint
from complaints.rules import Rules
from governance.calendar import Calendar
from governance.models import Todo
from governance.services import todo

REMIND = "complaints.remind"
AUTO_SIGN = "complaints.auto_sign"
CLIMB = "complaints.climb"
SILENT = "complaints.supplement_silent"
UNREACHED = "complaints.close_unreached"
CALL_AGAIN = "complaints.call_again"
ARCHIVE = "complaints.archive"
OF_A_DISPATCH = (REMIND, AUTO_SIGN, CLIMB)


def case_limit(complaint: Complaint) -> Limit:
    """The limit the case took over from its category when it was accepted."""
    return Limit(complaint.limit_amount or 0, complaint.limit_unit or LimitUnit.WORKDAYS)


def plan_dispatch(
    complaint: Complaint, assignment: Assignment, rules: Rules, calendar: Calendar
) -> None:
    """Plan reminders, auto-sign and the time box of a fresh dispatch; one statement."""
    limit = case_limit(complaint)
    urgency = rules.urgencies[complaint.urgency]
    planned = [
        _todo(
            REMIND,
            complaint,
            limits.reminder_at(
                rule,
                dispatched_at=assignment.dispatched_at,
                sign_due_at=assignment.sign_due_at,
                due_at=assignment.due_at,
                limit=limit,
                urgency=complaint.urgency,
                calendar=calendar,
            ),
            assignment.number,
            rule.code,
        )
        for rule in rules.reminders
        if rule.is_enabled
    ]
    sign_at = limits.auto_sign_at(urgency, assignment.dispatched_at, rules.case, calendar)
    planned.append(_todo(AUTO_SIGN, complaint, sign_at, assignment.number))
    if complaint.box_due_at is not None:
        planned.append(_todo(CLIMB, complaint, complaint.box_due_at, assignment.number))
    todo.plan(planned)


def plan_box(complaint: Complaint, assignment_number: int) -> None:
    """Plan the time box of the level that holds the case now."""
    if complaint.box_due_at is not None:
        todo.plan([_todo(CLIMB, complaint, complaint.box_due_at, assignment_number)])


def plan(kind: str, complaint: Complaint, due_at: datetime) -> None:
    """Plan one other kind of work for this case."""
    todo.plan([_todo(kind, complaint, due_at, complaint.round)])


def stop(complaint: Complaint, kinds: Iterable[str] = OF_A_DISPATCH) -> None:
    """Take back what was planned; the case no longer waits for it."""
    todo.cancel(complaint.pk, kinds=kinds)


def days_later(at: datetime, days: int) -> datetime:
    """Calendar days later, the same time of day."""
    return at + timedelta(days=days)


def _todo(kind: str, complaint: Complaint, due_at: datetime, number: int, rule: str = "") -> Todo:
    detail: dict[str, Any] = {"number": number}
    key = f"{kind}:{complaint.pk}:{number}"
    if rule:
        detail["rule"], key = rule, f"{key}:{rule}"
    return Todo(kind=kind, key=key, subject_id=complaint.pk, due_at=due_at, detail=detail)
