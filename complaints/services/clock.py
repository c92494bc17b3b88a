"""The clock of a case: which moments are planned as work for later, and which are taken back."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from complaints import limits
from complaints.choices import LimitUnit, Trigger
from complaints.limits import Limit
from complaints.models import Assignment, Complaint, Reminder
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
REQUEST_DUE = "complaints.request_due"
RESUME = "complaints.resume"
RECHECK = "complaints.recheck"
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


def plan_request(kind: str, complaint: Complaint, due_at: datetime | None, request: int) -> None:
    """Plan one kind of work for one request of this case; again means: at another moment."""
    if due_at is not None:
        todo.plan([_todo(kind, complaint, due_at, request)])


def pause(complaint: Complaint) -> None:
    """The clock stands still: what was planned for the dispatch waits."""
    todo.pause(complaint.pk, kinds=OF_A_DISPATCH)


def go_on(
    complaint: Complaint,
    assignment: Assignment,
    *,
    stopped_at: datetime,
    due_before: datetime,
    rules: Rules,
    calendar: Calendar,
) -> None:
    """The clock runs again: what waited is planned at its place in what is left."""
    now = timezone.now()
    of_code = {rule.code: rule for rule in rules.reminders if rule.is_enabled}
    planned = []
    for row in todo.paused(complaint.pk, kinds=(REMIND,)):
        rule = of_code.get(row.detail["rule"])
        is_of_this = row.detail["number"] == assignment.number
        if rule is None or not is_of_this or rule.trigger.startswith("sign"):
            continue
        at = limits.moment_after_stop(
            rule, planned_at=row.due_at, stopped_at=stopped_at, due_before=due_before,
            resumed_at=now, due_at=assignment.due_at, limit=case_limit(complaint),
            urgency=complaint.urgency, calendar=calendar,
        )  # fmt: skip
        planned.append(_todo(REMIND, complaint, at, assignment.number, rule.code))
    if complaint.box_due_at is not None:
        planned.append(_todo(CLIMB, complaint, complaint.box_due_at, assignment.number))
    todo.plan(planned)


def replan(complaint: Complaint, assignment: Assignment, rules: Rules, calendar: Calendar) -> None:
    """The due moment has moved: reminders follow it, and none is told twice for nothing.

    A share of the limit that was reached is not reached again; the end comes nearer again.
    """
    now = timezone.now()
    struck = set(
        Reminder.objects.filter(
            complaint=complaint, assignment_number=assignment.number
        ).values_list("rule_code", flat=True)
    )
    planned = []
    for rule in rules.reminders:
        if not rule.is_enabled or rule.trigger.startswith("sign"):
            continue
        at = limits.reminder_at(
            rule, dispatched_at=assignment.dispatched_at, sign_due_at=assignment.sign_due_at,
            due_at=assignment.due_at, limit=case_limit(complaint), urgency=complaint.urgency,
            calendar=calendar,
        )  # fmt: skip
        was_told = rule.code in struck and (at <= now or rule.trigger == Trigger.HALF)
        if not was_told:
            planned.append(_todo(REMIND, complaint, at, assignment.number, rule.code))
    todo.plan(planned)


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
