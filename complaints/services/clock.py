"""The clock of a case: which moments are planned as work for later, and which are taken back."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from django.utils import timezone

from complaints import limits, reminders
from complaints.choices import (
    REACHED_TRIGGERS,
    TIMED_TRIGGERS,
    Hush,
    LimitUnit,
    RequestKind,
    RequestState,
    Stage,
    Trigger,
)
from complaints.limits import Limit
from complaints.models import (
    Assignment,
    Assist,
    CaseRequest,
    Complaint,
    Reminder,
    ReminderRule,
)
from complaints.reminders import Promises
from complaints.rules import Rules
from governance import worktime
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
OUTSIDE_LATE = "complaints.outside_late"
NUDGE = "complaints.nudge"
SLIP_DUE = "complaints.slip_due"
ASSIST_HALF = "complaints.assist_half"
ASSIST_DUE = "complaints.assist_due"
END_OF_PART = "complaints.end_of_part"
PARENT_MOVED = "complaints.parent_moved"
OF_A_DISPATCH = (REMIND, AUTO_SIGN, CLIMB)
AFTER_THE_ANSWER = (UNREACHED, CALL_AGAIN, ARCHIVE)


# What nobody may grant once the due moment has passed: it is refused by itself then.
ENDS_WITH_THE_LIMIT = (RequestKind.EXTENSION, RequestKind.SUSPENSION)
# What is over once the unit has the case in hand: it does not move with the due moment.
OF_THE_RECEIPT = (Trigger.SIGN_SHARE, Trigger.SIGN_PASSED)
OF_THE_BEGINNING = (*OF_THE_RECEIPT, Trigger.CONTACT_PASSED)


def case_limit(complaint: Complaint) -> Limit:
    """The limit the case took over from its category when it was accepted."""
    return Limit(complaint.limit_amount or 0, complaint.limit_unit or LimitUnit.WORKDAYS)


def promises_of(
    complaint: Complaint, assignment: Assignment, since: datetime | None = None
) -> Promises:
    """What reminders of a dispatch are counted from; `since` when the clock stood still before."""
    return Promises(
        dispatched_at=since or assignment.dispatched_at,
        sign_due_at=assignment.sign_due_at,
        contact_due_at=assignment.contact_due_at,
        due_at=assignment.due_at,
        limit=case_limit(complaint),
        urgency=complaint.urgency,
    )


def plan_dispatch(
    complaint: Complaint, assignment: Assignment, rules: Rules, calendar: Calendar
) -> None:
    """Plan reminders, auto-sign and the time box of a fresh dispatch; one statement."""
    promises, quiet = promises_of(complaint, assignment), rules.oversight
    planned = [
        _reminder(complaint, reminders.moment_of(rule, promises, quiet, calendar), assignment, rule)
        for rule in rules.planned_reminders(*TIMED_TRIGGERS)
    ]
    planned += [
        _reminder(
            complaint,
            reminders.heard_at(
                assignment.dispatched_at, rule, complaint.urgency, promises.limit, quiet, calendar
            ),
            assignment,
            rule,
        )
        for rule in rules.planned_reminders(*REACHED_TRIGGERS)
        if is_reached(rule, complaint)
    ]
    urgency = rules.urgencies[complaint.urgency]
    sign_at = limits.auto_sign_at(urgency, assignment.dispatched_at, rules.case, calendar)
    planned.append(_todo(AUTO_SIGN, complaint, sign_at, assignment.number))
    if complaint.box_due_at is not None:
        planned.append(_todo(CLIMB, complaint, complaint.box_due_at, assignment.number))
    todo.plan(planned)


def is_reached(rule: ReminderRule, complaint: Complaint) -> bool:
    """Whether the case has come as far as a rule about rounds, transfers or callers says."""
    match rule.trigger:
        case Trigger.ROUND:
            return complaint.round == rule.amount
        case Trigger.TRANSFERS:
            return complaint.transfer_count >= rule.amount
        case _:
            return complaint.is_collective


def plan_reached(complaint: Complaint, trigger: str, rules: Rules, calendar: Calendar) -> None:
    """The case has come so far while somebody works on it: the rules about that strike now.

    Without a dispatch nothing is planned: the next one asks again.
    """
    assignment = Assignment.objects.filter(complaint=complaint, ended_at=None).first()
    if assignment is None:
        return
    now, limit = timezone.now(), case_limit(complaint)
    todo.plan(
        _reminder(
            complaint,
            reminders.heard_at(now, rule, complaint.urgency, limit, rules.oversight, calendar),
            assignment,
            rule,
        )
        for rule in rules.planned_reminders(trigger)
    )


def plan_occasion(
    complaint: Complaint,
    trigger: str,
    occasion: str,
    at: datetime,
    rules: Rules,
    calendar: Calendar,
) -> None:
    """Plan the reminders that wait for something beside the dispatch, e.g. an open request.

    `at` is the moment it was asked for or should have been answered; `occasion` names its row.
    """
    todo.plan(
        nudge(complaint, rule, occasion, heard_after(complaint, rule, at, rules, calendar))
        for rule in rules.planned_reminders(trigger)
    )


def heard_after(
    complaint: Complaint, rule: ReminderRule, at: datetime, rules: Rules, calendar: Calendar
) -> datetime:
    """When a rule about something beside the dispatch is heard that waits since `at`."""
    return reminders.heard_at(
        reminders.after(at, rule, calendar), rule, complaint.urgency, case_limit(complaint),
        rules.oversight, calendar,
    )  # fmt: skip


def nudge(complaint: Complaint, rule: ReminderRule, occasion: str, due_at: datetime) -> Todo:
    """A reminder for one occasion as work for later."""
    return Todo(
        kind=NUDGE,
        key=f"{NUDGE}:{complaint.pk}:{occasion}:{rule.pk}",
        subject_id=complaint.pk,
        due_at=due_at,
        detail={"number": 0, "rule": rule.code, "occasion": occasion},
    )


def plan_slip(
    complaint: Complaint, at: datetime, slip: int, rules: Rules, calendar: Calendar
) -> None:
    """Plan to look after a slip when its time is up, while the office is open."""
    due_at = reminders.not_while_quiet(
        at + reminders.SECOND, Hush.OFFICE, complaint.urgency, rules.oversight, calendar
    )
    plan_request(SLIP_DUE, complaint, due_at, slip)


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


def refusals(complaint: Complaint) -> list[Todo]:
    """The due moment has moved: what waits for more time is refused at the new one, not the old."""
    if complaint.due_at is None or not complaint.__dict__.get("has_pending_request", True):
        return []
    waiting = CaseRequest.objects.filter(
        complaint=complaint, state=RequestState.PENDING, kind__in=ENDS_WITH_THE_LIMIT
    )
    ids = waiting.order_by("pk").values_list("pk", flat=True)
    return [_todo(REQUEST_DUE, complaint, complaint.due_at, pk) for pk in ids]


def plan_assists(
    complaint: Complaint, rows: Iterable[Assist], rules: Rules, calendar: Calendar
) -> None:
    """Plan the reminders of units that help: half of their time, and each moment they may miss."""
    planned = []
    for row in rows:
        half = worktime.fraction_moment(
            row.asked_at, row.due_at, Fraction(1, 2), rules.assists[row.kind].answer_unit, calendar
        )
        planned.append((ASSIST_HALF, half, row.pk, "answer"))
        moments = {
            "respond": row.respond_due_at, "arrive": row.arrive_due_at, "answer": row.due_at,
        }  # fmt: skip
        planned += [
            (ASSIST_DUE, at + timedelta(seconds=1), row.pk, what)
            for what, at in moments.items()
            if at is not None
        ]
    quiet = rules.oversight
    todo.plan(
        [
            _todo(
                kind,
                complaint,
                reminders.not_while_quiet(at, Hush.NIGHT, complaint.urgency, quiet, calendar),
                pk,
                what,
            )
            for kind, at, pk, what in planned
        ]
    )


def plan_end_of_part(part: Complaint) -> None:
    """Say on the parent, in a transaction of its own, that one of its sub-cases has ended."""
    if part.part_of_id is None:
        return
    key = f"{END_OF_PART}:{part.pk}:{part.step_count + 1}"
    todo.plan(
        [
            Todo(
                kind=END_OF_PART, key=key, subject_id=part.part_of_id, due_at=timezone.now(),
                detail={"part": part.pk},
            )
        ]
    )  # fmt: skip


def plan_parts(complaint: Complaint) -> None:
    """The deadline of a parent has moved: each open part looks at it, in a transaction of its own."""
    parts = Complaint.objects.filter(part_of=complaint, is_open=True).order_by()
    todo.plan(
        [
            Todo(
                kind=PARENT_MOVED, key=f"{PARENT_MOVED}:{pk}", subject_id=pk,
                due_at=timezone.now(), detail={},
            )
            for pk in parts.values_list("pk", flat=True)
        ]
    )  # fmt: skip


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
    of_code = {rule.code: rule for rule in rules.planned_reminders(*TIMED_TRIGGERS)}
    promises, planned = promises_of(complaint, assignment, since=now), []
    for row in todo.paused(complaint.pk, kinds=(REMIND,)):
        rule = of_code.get(row.detail["rule"])
        is_of_this = row.detail["number"] == assignment.number
        if rule is None or not is_of_this or rule.trigger in OF_THE_RECEIPT:
            continue
        at = reminders.moment_after_stop(
            rule, promises, planned_at=row.due_at, stopped_at=stopped_at, due_before=due_before,
            quiet=rules.oversight, calendar=calendar,
        )  # fmt: skip
        planned.append(_reminder(complaint, at, assignment, rule))
    if complaint.box_due_at is not None:
        planned.append(_todo(CLIMB, complaint, complaint.box_due_at, assignment.number))
    todo.plan([*planned, *refusals(complaint)])


def replan(complaint: Complaint, assignment: Assignment, rules: Rules, calendar: Calendar) -> None:
    """The due moment has moved: reminders follow it, and none is told twice for nothing.

    A share of the limit that was reached is not reached again; the end comes nearer again.
    """
    now, struck = timezone.now(), struck_by(complaint, assignment)
    promises, planned = promises_of(complaint, assignment), []
    for rule in rules.planned_reminders(*TIMED_TRIGGERS):
        if rule.trigger in OF_THE_BEGINNING:
            continue
        at = reminders.moment_of(rule, promises, rules.oversight, calendar)
        was_told = rule.code in struck and (at <= now or rule.trigger == Trigger.SHARE)
        if not was_told:
            planned.append(_reminder(complaint, at, assignment, rule))
    todo.plan([*planned, *refusals(complaint)])


def replan_by_rules(
    complaint: Complaint, assignment: Assignment, rules: Rules, calendar: Calendar
) -> None:
    """The office has edited its rules: what has not struck yet is planned by the new ones.

    What was planned and is already past by the new rule strikes at once; a rule that was not
    planned for this dispatch and lies in the past stays silent, so that a new row wakes nobody
    about yesterday.
    """
    now, struck = timezone.now(), struck_by(complaint, assignment)
    waiting = set(todo.waiting_keys(complaint.pk, kinds=(REMIND,)))
    promises, planned = promises_of(complaint, assignment), []
    for rule in rules.planned_reminders(*TIMED_TRIGGERS):
        is_over = rule.trigger.startswith("sign") and complaint.stage != Stage.PENDING_SIGN
        if rule.code in struck or is_over:
            continue
        at = reminders.moment_of(rule, promises, rules.oversight, calendar)
        row = _reminder(complaint, at, assignment, rule)
        if at > now or row.key in waiting:
            planned.append(row)
    todo.plan(planned)


def struck_by(complaint: Complaint, assignment: Assignment) -> set[str]:
    """The codes of the rules that have reminded of this dispatch."""
    rows = Reminder.objects.filter(complaint=complaint, assignment_number=assignment.number)
    return set(rows.values_list("rule_code", flat=True))


def stop(complaint: Complaint, kinds: Iterable[str] = OF_A_DISPATCH) -> None:
    """Take back what was planned; the case no longer waits for it."""
    todo.cancel(complaint.pk, kinds=kinds)


def stop_one(kind: str, complaint: Complaint, number: int) -> None:
    """Take back what was planned for one row beside the case."""
    todo.cancel_key(f"{kind}:{complaint.pk}:{number}")


def days_later(at: datetime, days: int) -> datetime:
    """Calendar days later, the same time of day."""
    return at + timedelta(days=days)


def _reminder(
    complaint: Complaint, at: datetime, assignment: Assignment, rule: ReminderRule
) -> Todo:
    row = _todo(REMIND, complaint, at, assignment.number)
    row.key, row.detail = f"{row.key}:{rule.code}", {**row.detail, "rule": rule.code}
    return row


def _todo(kind: str, complaint: Complaint, due_at: datetime, number: int, what: str = "") -> Todo:
    detail: dict[str, Any] = {"number": number}
    key = f"{kind}:{complaint.pk}:{number}"
    if what:
        detail["what"], key = what, f"{key}:{what}"
    return Todo(kind=kind, key=key, subject_id=complaint.pk, due_at=due_at, detail=detail)
