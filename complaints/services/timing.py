"""Timing: what the house does by itself when a moment of a case has come."""

from django.utils import timezone
from django.utils.translation import gettext_noop as kept

from complaints.choices import RequestState, Stage, Trigger
from complaints.models import Assignment, CaseRequest, Complaint
from complaints.rules import rules_of
from complaints.services import (
    assisting,
    clock,
    closing,
    deputising,
    dispatching,
    handling,
    outside,
    reminding,
    slips,
    splitting,
)
from complaints.services.requests import deciding, standing
from complaints.services.steps import lock_complaint, take_step
from complaints.workflow import HELPED
from governance.choices import Level
from governance.models import Todo
from governance.services import leaves
from governance.services.todo import Duty

AT_WORK = (Stage.PENDING_SIGN, Stage.HANDLING)


def lock(pk: int) -> Complaint | None:
    """The case, locked; None when it is gone."""
    try:
        return lock_complaint(pk)
    except Complaint.DoesNotExist:
        return None


def is_current(case: Complaint, todo: Todo) -> Assignment | None:
    """The dispatch the work was planned for, if the case is still at work under it."""
    return reminding.current_dispatch(case, todo.detail["number"])


def auto_sign(case: Complaint, todo: Todo) -> None:
    """Sign for a silent unit after twice the sign limit; it counts as late (`domain.md` 5.1)."""
    if is_current(case, todo) and case.stage == Stage.PENDING_SIGN:
        handling.sign(case.pk, by=None)


def climb(case: Complaint, todo: Todo) -> None:
    """A time box has run out: one level up by itself, but not past the community (5.3)."""
    if is_current(case, todo) is None or case.box_due_at is None:
        return
    if case.box_due_at > timezone.now():
        return
    rules = rules_of(case.subdistrict)
    level = case.holder.level if case.holder else None
    box = rules.boxes.get(level or 0)
    if level and box and box.climbs_by_itself and level > rules.case.highest_self_climbing_level:
        dispatching.escalate(case.pk, by=None, note=kept("本级停留时限已到，自动上报"))
        return
    if level == Level.WORKING_COMMITTEE:  # at the street its own deadline is all that counts
        return
    occasion = f"box:{level or 0}:{todo.detail['number']}"
    reminding.nudge_soon(case, Trigger.BOX, occasion, todo.due_at)


def reject_silent(case: Complaint, todo: Todo) -> None:
    """No supplement within the limit: rejected by the house, restorable by the office."""
    # Other callers wait for the same matter: then a person decides.
    if case.stage == Stage.PENDING_SUPPLEMENT and not case.merged_count:
        note = kept("超过时限未补充材料，系统转为不予受理")
        take_step(case, "reject", by=None, note=note, closed_at=timezone.now())


def close_unreached(case: Complaint, todo: Todo) -> None:
    """Enough calls without an answer."""
    if case.stage == Stage.PENDING_CALLBACK and case.round == todo.detail["number"]:
        closing.close_unreached(case)


def call_again(case: Complaint, todo: Todo) -> None:
    """Remind the callback desk to try once more."""
    if case.stage == Stage.PENDING_CALLBACK:
        occasion = f"call:{todo.due_at:%y%m%d%H%M%S}"
        reminding.nudge_soon(case, Trigger.UNREACHED, occasion, todo.due_at)


def look_after_slip(case: Complaint, todo: Todo) -> None:
    """The time for answering a slip is over: the next level, and the office's rules about it."""
    number = todo.detail["number"]
    if slips.raise_unanswered(case, number):
        reminding.nudge_soon(case, Trigger.SLIP, f"slip:{number}", todo.due_at)


def archive(case: Complaint, todo: Todo) -> None:
    """A closed case becomes read-only after the office's number of days."""
    if case.stage == Stage.CLOSED:
        take_step(case, "archive", by=None)


def refuse_undecided(case: Complaint, todo: Todo) -> None:
    """The due moment came before the decision; when it has moved on meanwhile, wait for the new."""
    row = CaseRequest.objects.select_related("asked_by").filter(pk=todo.detail["number"]).first()
    if row is None or row.state != RequestState.PENDING or case.stage not in AT_WORK:
        return
    if case.due_at is not None and case.due_at > timezone.now():
        clock.plan_request(clock.REQUEST_DUE, case, case.due_at, row.pk)
    elif not case.is_suspended:
        deciding.refuse_by_house(row, case)


def resume(case: Complaint, todo: Todo) -> None:
    """The longest time of a suspension is over: the clock goes on by itself."""
    row = standing.running_suspension(case)
    if case.is_suspended and row is not None and row.pk == todo.detail["number"]:
        standing.set_going(case, row, None, "")


def check_suspension(case: Complaint, todo: Todo) -> None:
    """A suspension has lasted a month more."""
    row = standing.running_suspension(case)
    if row is not None and row.pk == todo.detail["number"]:
        standing.ask_for_check(row, case)


def assist_half(case: Complaint, todo: Todo) -> None:
    """A unit that helps has used half of its time."""
    assisting.remind_half(case, todo.detail["number"])


def assist_due(case: Complaint, todo: Todo) -> None:
    """A unit that helps has missed a moment; the clock of the case is not touched."""
    if case.stage in HELPED:
        assisting.note_late(case, todo.detail["number"], todo.detail["what"])


def end_of_part(case: Complaint, todo: Todo) -> None:
    """A sub-case has ended: its parent says so."""
    splitting.note_end_of_part(case, todo.detail["part"])


def parent_moved(case: Complaint, todo: Todo) -> None:
    """The deadline of the parent has moved: a city's is that of its parts, too."""
    splitting.follow_parent(case)


DUTIES = {
    clock.PARENT_MOVED: Duty(lock, parent_moved),
    clock.ASSIST_HALF: Duty(lock, assist_half),
    clock.ASSIST_DUE: Duty(lock, assist_due),
    clock.END_OF_PART: Duty(lock, end_of_part),
    leaves.BEGINS: Duty(leaves.lock, deputising.hand_over),
    leaves.ENDS: Duty(leaves.lock, deputising.hand_back),
    clock.REQUEST_DUE: Duty(lock, refuse_undecided),
    clock.RESUME: Duty(lock, resume),
    clock.RECHECK: Duty(lock, check_suspension),
    clock.OUTSIDE_LATE: Duty(lock, outside.note_late),
    clock.REMIND: Duty(lock, reminding.remind),
    clock.NUDGE: Duty(lock, reminding.nudge),
    clock.SLIP_DUE: Duty(lock, look_after_slip),
    clock.AUTO_SIGN: Duty(lock, auto_sign),
    clock.CLIMB: Duty(lock, climb),
    clock.SILENT: Duty(lock, reject_silent),
    clock.UNREACHED: Duty(lock, close_unreached),
    clock.CALL_AGAIN: Duty(lock, call_again),
    clock.ARCHIVE: Duty(lock, archive),
}
