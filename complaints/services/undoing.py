"""Undoing: a slip taken back by who made it, for a short time and only while nobody acted on it."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as kept

from complaints.choices import AssignmentEnd, CallbackOutcome, RequestState, Stage
from complaints.models import Assignment, Callback, CaseRequest, Complaint, Step, Undo
from complaints.services import clock
from complaints.services.assisting import release_asked_since
from complaints.services.dispatching import end_assignment, tell
from complaints.services.remembering import restored
from complaints.services.steps import lock_complaint, take_step
from governance.choices import Word
from governance.errors import WrongMove
from governance.selectors import who_serves
from governance.services import todo
from governance.services.audit import deed

# Marks of `Undo.verb`: what a clerk wrote down on the phone, what a resident tapped.
WORDS_OF_A_CITIZEN = ("call_back", "rate")


@deed()
def undo(pk: int, *, by: Any) -> Complaint:
    """Take back one's own acceptance, dispatch, hand-over or callback of a moment ago.

    Nothing is deleted: a step of its own is appended, the dispatch taken back stays as a row that
    ended as a slip and counts in no rate. The case gets back the very columns it had. No clock is
    stopped or lengthened by it: the case's own runs on, the promise of a unit that had the case
    before is what it was, reminders that were taken back are planned again at their moments.
    Raises WrongMove when the time is over, somebody acted since, or somebody else made the step;
    PermissionDenied when the right to it has ended since.
    """
    case = lock_complaint(pk)
    row = Undo.objects.filter(complaint=case).first()
    if row is not None and row.verb in WORDS_OF_A_CITIZEN:
        return take_back_word(case, by=by)
    step = refuse_too_late(case, row, by)
    assert row is not None  # refused above
    changes = restored(row.before)
    was_with, gave_to = step.holder_before, case.holder
    take_step(
        case,
        verb_for(step),
        by=by,
        note=kept("本人撤销"),
        where=changes.get("holder_path", ""),
        **changes,
    )
    row.delete()
    if step.verb == "accept":
        return case
    give_back(case, step)
    if "assist_count" in changes:
        release_asked_since(case, step.at, by)
    if gave_to is not None and gave_to != was_with:
        word = Word.HANDLE if step.verb == "dispatch" else Word.DISPATCH
        told = [person.pk for person in who_serves(gave_to, word=word)]
        tell(case, told, kept("刚才的派单或转出已撤销，不需您办理"), "undo")
    return case


def take_back_word(case: Complaint, *, by: Any) -> Complaint:
    """What was recorded of a citizen a moment ago is taken back; the case waits to ask again.

    `case` is locked. `by` is None for the resident, who came by the secret link. The record stays
    as a row that says it was taken back and counts nowhere; the step says what it had said. A
    round that it had started ends as a slip. Raises what `undo` raises.
    """
    row = Undo.objects.filter(complaint=case).first()
    step = refuse_too_late(case, row, by)
    assert row is not None  # refused above
    said = Callback.objects.filter(complaint=case, by=by, at=row.at).latest("pk")
    waiting = todo.cancelled(case.pk, kinds=clock.AFTER_THE_ANSWER, since=row.at)
    changes, gave_to = restored(row.before), case.holder
    started_round = step.verb == "rework"
    if started_round:
        end_assignment(case, AssignmentEnd.UNDONE)
    who = kept("本人撤销") if by is not None else kept("居民撤回评价")
    take_step(
        case,
        back_from(step),
        by=by,
        note=f"{who}：{words_of(said)}",
        where=changes.get("holder_path", "") if by is not None else "",
        **changes,
    )
    row.delete()
    Callback.objects.filter(pk=said.pk).update(
        outcome=CallbackOutcome.UNDONE, solved="", satisfaction=""
    )
    clock.stop(case, [*clock.OF_A_DISPATCH, *clock.AFTER_THE_ANSWER])
    todo.revive(waiting)
    if started_round:
        reopen_last(case, AssignmentEnd.REWORKED, since=row.at)
        told = [person.pk for person in who_serves(gave_to, word=Word.HANDLE)] if gave_to else []
        tell(case, told, kept("刚才的重新办理已撤销，不需您办理"), "undo")
    return case


def words_of(said: Callback) -> str:
    """What had been recorded, for the history, because the record itself is emptied."""
    parts = (
        said.get_outcome_display(), said.get_solved_display(), said.get_satisfaction_display(),
        said.note,
    )  # fmt: skip
    return " · ".join(str(part) for part in parts if part)


def back_from(step: Step) -> str:
    """The move that leads back to where a citizen's word had led away from."""
    if step.verb == "close":
        return "undo_close"
    if step.verb == "rework":
        return "undo_rework_closed" if step.stage_before == Stage.CLOSED else "undo_rework"
    return "undo_call"


def reopen_last(case: Complaint, kind: str, *, since: datetime) -> None:
    """The dispatch that a slip had ended is in force again, with what was asked for it."""
    ended = Assignment.objects.filter(complaint=case, end_kind=kind, ended_at__gte=since)
    last = ended.order_by("-number").first()
    if last is None:
        return
    CaseRequest.objects.filter(
        assignment=last, state=RequestState.LAPSED, decided_at__gte=last.ended_at
    ).update(state=RequestState.PENDING, decided_at=None)
    last.ended_at, last.end_kind = None, ""
    last.save(update_fields=["ended_at", "end_kind"])


def refuse_too_late(case: Complaint, row: Undo | None, by: Any) -> Step:
    """The step that may be taken back; WrongMove with the reason when there is none."""
    if row is None or row.by_id != (None if by is None else by.pk):
        raise WrongMove(_("只有刚才办理这一步的本人可以撤销。"))
    if row.step_number != case.step_count:
        raise WrongMove(_("这件诉求已有新的进展，不能再撤销。请按现在的状态办理。"))
    if row.until <= timezone.now():
        raise WrongMove(_("已超过可以撤销的时间。需要更改时，请改派或按现在的状态办理。"))
    steps = Step.objects.filter(complaint=case, number__lte=row.step_number)
    if row.verb == "dispatch":  # units asked to help in the same deed stand behind it
        steps = steps.filter(verb="dispatch")
    return steps.select_related("holder_before").order_by("-number")[:1].get()


def verb_for(step: Step) -> str:
    """The move that leads back to where the step came from."""
    if step.verb == "accept":
        return "undo_accept"
    unsigned = "_unsigned" if step.stage_before == Stage.PENDING_SIGN else ""
    if step.verb == "hand_on":
        return f"undo_hand_on{unsigned}"
    if step.stage_before == Stage.PENDING_DISPATCH:
        return "undo_dispatch"
    return f"undo_redispatch{unsigned}"


def give_back(case: Complaint, step: Step) -> None:
    """End the dispatch as a slip; the one before it, if the step ended one, is in force again."""
    kinds = set(clock.OF_A_DISPATCH)
    if step.stage_before == Stage.HANDLING:
        kinds.discard(clock.AUTO_SIGN)
    waiting = todo.cancelled(case.pk, kinds=kinds, since=step.at)
    if step.verb == "dispatch":
        end_assignment(case, AssignmentEnd.UNDONE)
        clock.stop(case)
    if step.stage_before == Stage.PENDING_DISPATCH:
        return
    kind = AssignmentEnd.HANDED_ON if step.verb == "hand_on" else AssignmentEnd.REDISPATCHED
    last = Assignment.objects.filter(complaint=case, end_kind=kind).order_by("-number").first()
    if last is not None:
        CaseRequest.objects.filter(
            assignment=last, state=RequestState.LAPSED, decided_at__gte=last.ended_at
        ).update(state=RequestState.PENDING, decided_at=None)
        last.ended_at, last.end_kind = None, ""
        last.save(update_fields=["ended_at", "end_kind"])
        todo.revive(waiting)
