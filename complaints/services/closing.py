"""Closing: the citizen is asked by somebody else, and the case closes or goes one level up."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as kept

from complaints.calendars import current_calendar
from complaints.choices import (
    CITY_SOURCES,
    FAILED_CALLS,
    SATISFIED,
    AssignmentEnd,
    CallbackOutcome,
    Solved,
    Supervision,
    Trigger,
)
from complaints.models import Callback, Complaint
from complaints.rules import rules_of
from complaints.services import clock, merging
from complaints.services.calling import (
    forget_plan,
    note_failed,
    put_off,
    refuse_bad_moment,
    refuse_half_answers,
    refuse_partial_asker,
)
from complaints.services.dispatching import end_assignment, start_assignment
from complaints.services.remembering import remember, snapshot
from complaints.services.reviewing import plan_archive
from complaints.services.splitting import refuse_under_ended_parent
from complaints.services.steps import lock_complaint, take_step
from governance.errors import HouseError
from governance.models import Organisation
from governance.selectors import nearest_handler
from governance.services.audit import deed


@deed()
def record_callback(
    pk: int,
    *,
    by: Any,
    outcome: str,
    solved: str = "",
    satisfaction: str = "",
    was_contacted_in_time: bool | None = None,
    note: str = "",
    again: bool | None = None,
    call_at: datetime | None = None,
    seen: int | None = None,
) -> Complaint:
    """Write down one attempt to ask the citizen; a clear answer closes the case or starts a round.

    Solved and satisfied closes. Unsolved or dissatisfied goes one level up with half the limit;
    after the first such round the clerk decides (`again`). Unreached: three tries on two days,
    then the house closes it as unreached (`domain.md` 5.1); a wrong number is such a try, a call
    put off until `call_at` is none. The one who asks has not worked on the case in this round;
    raises PermissionDenied otherwise.
    """
    case = lock_complaint(pk, seen=seen)
    before = snapshot(case)
    refuse_partial_asker(case, by)
    refuse_half_answers(outcome, solved, satisfaction)
    later = refuse_bad_moment(call_at) if outcome == CallbackOutcome.LATER else None
    said = Callback.objects.create(
        complaint=case,
        round=case.round,
        outcome=outcome,
        solved=solved,
        satisfaction=satisfaction,
        was_contacted_in_time=was_contacted_in_time,
        note=note.strip()[:300],
        by=by,
    )
    if later is not None:
        put_off(case, by, note, later)
    elif outcome in FAILED_CALLS:
        note_failed(case, by, outcome, note)
    elif solved == Solved.NO or satisfaction not in ("", *SATISFIED):
        disappoint(case, by, solved, satisfaction, note, again)
    else:
        close(case, by, solved, satisfaction, note)
    remember_word(case, before, said)
    return case


def remember_word(case: Complaint, before: dict[str, Any], said: Callback) -> None:
    """Let what was recorded of the citizen be taken back for a moment, by who recorded it.

    A case that others hang on is left alone: they have been told.
    """
    if case.merged_count or case.part_of_id is not None or case.merged_into_id is not None:
        return
    verb = "rate" if said.by_id is None else "call_back"
    remember(case, before, verb=verb, by=said.by, at=said.at, by_link=said.by_id is None)


def close(case: Complaint, by: Any, solved: str, satisfaction: str, note: str) -> None:
    """The honest end: closed with what the citizen said; who follows a lead goes back to it."""
    take_step(
        case,
        end_of(case),
        by=by,
        note=note,
        closed_at=timezone.now(),
        solved=solved,
        satisfaction=satisfaction,
        is_unreached=False,
    )
    clock.stop(case, [clock.UNREACHED, clock.CALL_AGAIN])
    forget_plan(case)
    if case.merged_into_id is None:
        plan_archive(case)


def end_of(case: Complaint) -> str:
    """The verb that ends a callback: a case that follows another stays merged."""
    return "close" if case.merged_into_id is None else "close_merged"


def close_unreached(case: Complaint) -> None:
    """Close by the house after enough tries; the case leaves the denominators of satisfaction."""
    take_step(
        case,
        end_of(case),
        by=None,
        note=kept("多次回访未接通，系统结案"),
        closed_at=timezone.now(),
        is_unreached=True,
    )
    if case.merged_into_id is None:
        plan_archive(case)


def disappoint(
    case: Complaint, by: Any, solved: str, satisfaction: str, note: str, again: bool | None
) -> None:
    """Unsolved or dissatisfied: a second round always; later rounds as the clerk decides.

    Who follows a lead has no round of its own: the street decides about the lead.
    """
    if case.merged_into_id is not None:
        close(case, by, solved, satisfaction, note)
        merging.note_disappointment(case)
        return
    if case.round > 1 and again is None:
        raise HouseError(_("这已不是第一轮，请选择“再次重办”或“如实结案”。"))
    if case.round > 1 and not again:
        close(case, by, solved, satisfaction, note)
        return
    start_round(case, by, note or kept("群众反映未解决或不满意"), solved, satisfaction)


@deed()
def rework(pk: int, *, by: Any, note: str, seen: int | None = None) -> Complaint:
    """Reopen a closed case within 30 days, one level up, with a limit of its own (5.1)."""
    refuse_under_ended_parent(pk)
    case = lock_complaint(pk, seen=seen)
    days = rules_of(case.subdistrict).case.reopen_days
    if case.closed_at and clock.days_later(case.closed_at, days) < timezone.now():
        raise HouseError(_("结案已超过 %(days)s 天，不能重办；请另行登记。") % {"days": days})
    start_round(case, by, note, case.solved, case.satisfaction)
    return case


def start_round(case: Complaint, by: Any, note: str, solved: str, satisfaction: str) -> None:
    """A new round one level up: the same people would answer the same (`domain.md` 1.6, 11)."""
    calendar = current_calendar(case.subdistrict)
    limit = clock.case_limit(case).halved()
    due = limit.due(timezone.now(), calendar)
    extra: dict[str, Any] = {}
    if rules_of(case.subdistrict).elevates(Trigger.ROUND, case.round + 1):
        extra["supervision"] = Supervision.ELEVATED
    merging.wait_again(case)
    end_assignment(case, AssignmentEnd.REWORKED)
    clock.stop(case, [clock.ARCHIVE, clock.UNREACHED, clock.CALL_AGAIN])
    forget_plan(case)
    start_assignment(
        case,
        unit_above(case),
        verb="rework",
        by=by,
        note=note,
        limit=limit,
        round=case.round + 1,
        first_due_at=case.first_due_at or case.case_due_at,
        case_due_at=due.at,
        due_is_provisional=due.is_provisional,
        finished_at=None,
        closed_at=None,
        is_unreached=False,
        solved=solved,
        satisfaction=satisfaction,
        result_kind="",
        **extra,
    )


def unit_above(case: Complaint) -> Organisation:
    """The next level above the unit that answered; the street at the top."""
    path = case.main_unit_path
    if case.is_confidential or not path or len(path) <= len(case.subdistrict.path):
        return case.subdistrict
    return nearest_handler(path, above=True) or case.subdistrict


@deed()
def record_source_result(
    pk: int, *, by: Any, solved: str, satisfaction: str, note: str = "", seen: int | None = None
) -> Complaint:
    """What the city's own callback says of its order; it counts like ours (`domain.md` 1.6, 7)."""
    case = lock_complaint(pk, seen=seen)
    if case.source not in CITY_SOURCES:
        raise HouseError(_("只有热线或上级平台的工单才有来源单位的回访结果。"))
    refuse_half_answers(CallbackOutcome.REACHED, solved, satisfaction)
    Callback.objects.create(
        complaint=case,
        round=case.round,
        outcome=CallbackOutcome.SOURCE,
        solved=solved,
        satisfaction=satisfaction,
        note=note.strip()[:300],
        by=by,
    )
    take_step(
        case,
        "record_source_result",
        by=by,
        note=note,
        solved=solved,
        satisfaction=satisfaction,
        is_unreached=False,
    )
    if case.is_open and solved != Solved.NO and satisfaction in SATISFIED:
        close(case, by, solved, satisfaction, kept("来源单位回访通过"))
    return case


@deed()
def withdraw(pk: int, *, by: Any, note: str, seen: int | None = None) -> Complaint:
    """The citizen takes the matter back; restorable for 30 days."""
    case = lock_complaint(pk, seen=seen)
    end_assignment(case, AssignmentEnd.STOPPED)
    take_step(case, "withdraw", by=by, note=note, closed_at=timezone.now())
    clock.stop(case)
    clock.stop(case, [clock.SILENT])
    return case
