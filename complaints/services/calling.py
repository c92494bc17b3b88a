"""Calling: who may ring a citizen, who is doing it, and what a call without an answer leaves."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as kept

from complaints.calendars import current_calendar
from complaints.choices import (
    CITY_SOURCES,
    FAILED_CALLS,
    CallbackOutcome,
    Card,
    ResultKind,
    Satisfaction,
    Solved,
    Stage,
    Supervision,
)
from complaints.models import Assignment, Callback, CallPlan, Complaint, Contact, Reply
from complaints.rules import rules_of
from complaints.services import clock
from complaints.services.dispatching import tell
from complaints.services.revealing import reveal_caller
from complaints.services.steps import lock_complaint, take_step
from governance.errors import HouseError, WrongMove
from governance.selectors import stand_ins
from governance.services.audit import deed
from governance.worktime import add

# For so long a citizen whose number somebody has opened is left to that clerk.
TAKEN_FOR = timedelta(minutes=10)
FURTHEST = timedelta(days=14)


@deed()
def open_number(pk: int, *, by: Any, note: str) -> str:
    """Take a call and show the citizen's number for a written reason (`domain.md` 4.1).

    Nobody else is offered the citizen for ten minutes, so that two clerks do not ring one person.
    Raises WrongMove when a colleague is on the phone, PermissionDenied for who handled the case.
    """
    case = lock_complaint(pk)
    if case.stage != Stage.PENDING_CALLBACK:
        raise WrongMove(
            _("这件诉求现为“%(stage)s”，不用再回访。") % {"stage": case.get_stage_display()}
        )
    refuse_partial_asker(case, by)
    plan = CallPlan.objects.select_related("taken_by__person").filter(complaint=case).first()
    if plan is not None and plan.taken_by is not None and is_taken(plan, by):
        raise WrongMove(
            _("%(name)s正在拨打这个电话，请先打下一件。") % {"name": plan.taken_by.person.name}
        )
    number = reveal_caller(pk, by=by, note=note)
    CallPlan.objects.update_or_create(
        complaint=case, defaults={"taken_by": by, "taken_at": timezone.now()}
    )
    return number


def is_taken(plan: CallPlan, user: Any) -> bool:
    """Whether a colleague of `user` is on the phone with this citizen."""
    taken = plan.taken_at is not None and plan.taken_at > timezone.now() - TAKEN_FOR
    return taken and plan.taken_by_id != user.pk


def refuse_partial_asker(case: Complaint, by: Any) -> None:
    """Satisfaction is asked by somebody else: nobody who worked on the case in this round (G38)."""
    if by.pk in involved_in(case):
        raise PermissionDenied(_("回访须由未参与办理、答复和审核的同事进行。"))


def involved_in(case: Complaint) -> set[int | None]:
    """The accounts that signed, contacted, answered or reviewed in the present round."""
    this_round = {"complaint": case, "round": case.round}
    rows = Reply.objects.filter(**this_round).values_list("by", "reviewed_by").order_by()
    signed = (
        Assignment.objects.filter(**this_round).values_list("signed_by", "signed_by").order_by()
    )
    called = Contact.objects.filter(**this_round).values_list("by", "by").order_by()
    return {person for pair in rows.union(signed, called) for person in pair}


def refuse_half_answers(outcome: str, solved: str, satisfaction: str) -> None:
    """Raise HouseError when a reached citizen's answer is incomplete."""
    if outcome not in CallbackOutcome.values or outcome == CallbackOutcome.UNDONE:
        raise HouseError(_("请选择回访结果。"))
    if outcome != CallbackOutcome.REACHED:
        return
    if solved not in Solved.values or satisfaction not in Satisfaction.values:
        raise HouseError(_("已接通时，请同时记录“是否解决”和“满意度”。"))


def refuse_bad_moment(call_at: datetime | None) -> datetime:
    """The moment a citizen named, or HouseError when it cannot be kept."""
    if call_at is None:
        raise HouseError(_("请填写约定再打的时间。"))
    if call_at <= timezone.now():
        raise HouseError(_("约定的时间已经过去，请选择将来的时间。"))
    if call_at > timezone.now() + FURTHEST:
        raise HouseError(_("约定的时间太远，请在两周以内选择。"))
    return call_at


def put_off(case: Complaint, by: Any, note: str, call_at: datetime) -> None:
    """The citizen asked to be rung at another time: no failed try, and the house reminds."""
    moment = f"{timezone.localtime(call_at):%m-%d %H:%M}"
    said = kept("约定 %(moment)s 再打") % {"moment": moment}
    take_step(case, "call_back", by=by, note=f"{said} {note}".strip())
    plan_call(case, call_at, is_agreed=True)


def note_failed(case: Complaint, by: Any, outcome: str, note: str) -> None:
    """One more failed call: try again the next workday, or let the house close it (5.1)."""
    label = str(CallbackOutcome(outcome).label)
    take_step(case, "call_back", by=by, note=f"{label} {note}".strip())
    if outcome == CallbackOutcome.WRONG and case.assignee_id:
        tell(
            case,
            stand_ins([case.assignee_id]),
            kept("回访号码有误，请核对诉求人电话"),
            "wrong_number",
        )
    rules = rules_of(case.subdistrict).case
    tries = failed_tries(case)
    days = {timezone.localdate(at) for at in tries}
    if len(tries) >= rules.unreached_attempts and len(days) >= rules.unreached_days:
        clock.plan(clock.UNREACHED, case, timezone.now())
        plan_call(case, None)
        return
    calendar = current_calendar(case.subdistrict)
    next_day = calendar.local(add(timezone.now(), 1, "wd", calendar).at).date()
    plan_call(case, calendar.utc(datetime.combine(next_day, calendar.intervals(next_day)[0][0])))


def failed_tries(case: Complaint) -> list[datetime]:
    """When the citizen was rung in vain in this round."""
    tries = Callback.objects.filter(
        complaint=case, round=case.round, outcome__in=[str(one) for one in FAILED_CALLS]
    )
    return list(tries.values_list("at", flat=True))


def plan_call(case: Complaint, call_at: datetime | None, *, is_agreed: bool = False) -> None:
    """Say when the citizen is to be rung next, and let go of the call that has ended."""
    CallPlan.objects.update_or_create(
        complaint=case,
        defaults={
            "call_at": call_at, "is_agreed": is_agreed, "taken_by": None, "taken_at": None,
        },
    )  # fmt: skip
    if call_at is not None:
        clock.plan(clock.CALL_AGAIN, case, call_at)


def forget_plan(case: Complaint) -> None:
    """The call has brought an answer, or is no longer wanted: a later round begins without it."""
    CallPlan.objects.filter(complaint=case).delete()


def is_sampled(case: Complaint) -> bool:
    """Whether the citizen of an answered case is among those who are asked (G38).

    The office sets the share; whoever may be displeased is always asked: orders of the city, later
    rounds, supervised and carded cases, and all that was not simply solved. The number of the case
    decides the rest, so that nobody can choose and a repeat gives the same answer.
    """
    share = rules_of(case.subdistrict).case.callback_share
    delicate = (
        case.source in CITY_SOURCES
        or case.round > 1
        or case.supervision != Supervision.NONE
        or case.card != Card.NONE
        or case.is_collective
        or case.is_confidential
        or case.result_kind != ResultKind.SOLVED
    )
    if share >= 100 or delicate:
        return True
    return int(hashlib.sha256(case.number.encode()).hexdigest()[:8], 16) % 100 < share
