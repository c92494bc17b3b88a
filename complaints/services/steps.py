"""take_step: the one place where the stage of a complaint changes."""

import hashlib
import json
import secrets
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.choices import OPEN_STAGES, RequestState, Stage
from complaints.models import Accused, CaseRequest, Complaint, Step
from complaints.services import belongings, clock
from complaints.workflow import MOVES, UNFELT, WHILE_SUSPENDED
from governance.errors import WrongMove
from governance.models import Appointment
from governance.models.reach import may
from governance.points import here
from governance.prepared import planned
from governance.services.audit import moment
from governance.workflow import next_stage

JOINED = (
    "subdistrict", "place", "main_unit", "holder", "category", "category__parent", "caller",
)  # fmt: skip

# Read with the case, so that the many deeds on cases without any request ask no more for it.
HAS_PENDING_REQUEST = Exists(
    CaseRequest.objects.filter(complaint=OuterRef("pk"), state=RequestState.PENDING)
)


def lock_complaint(pk: int, *, seen: int | None = None) -> Complaint:
    """Read and lock a case for the rest of the transaction.

    `seen` is the step count the person had on screen: when the case has moved on since, raises
    WrongMove, so that of two people who move one case only the first wins (`reliability.md` T40).
    """
    complaint = _locked_now(int(pk))
    here("after_lock")
    if seen is not None and seen != complaint.step_count and has_moved(complaint, seen):
        raise WrongMove(
            _("这件诉求刚刚有了新进展（现为“%(stage)s”），您的操作未执行。已为您显示最新状态。")
            % {"stage": complaint.get_stage_display()}
        )
    return complaint


def _locked_now(pk: int) -> Complaint:
    """Of a row that had to be waited for PostgreSQL tells the new state, but what is joined to it
    or asked beside it as it was before the wait: no holder where the case has just climbed to
    another. The count of steps asked beside the row tells; then it is read again, under the lock.
    """
    for complaint in _locked(pk=pk):
        if complaint.step_count_before == complaint.step_count:
            return complaint
        [complaint] = _locked(pk=pk)
        return complaint
    raise Complaint.DoesNotExist


@planned
def _locked(*, pk: Any) -> QuerySet[Complaint]:
    cases = Complaint.objects.select_for_update(of=("self",)).select_related(*JOINED)
    asked_beside = {
        "has_pending_request": HAS_PENDING_REQUEST,
        "step_count_before": Subquery(
            Complaint.objects.filter(pk=OuterRef("pk")).values("step_count")
        ),
    }
    return cases.annotate(**asked_beside).filter(pk=pk)


def has_moved(complaint: Complaint, seen: int) -> bool:
    """Whether anything was done since step `seen`; that somebody printed it disturbs nobody."""
    since = Step.objects.filter(complaint=complaint, number__gt=seen)
    return seen > complaint.step_count or since.exclude(verb__in=UNFELT).exists()


def take_step(
    complaint: Complaint,
    verb: str,
    *,
    by: Any,
    note: str = "",
    reason_code: str = "",
    at: datetime | None = None,
    where: str = "",
    **changes: Any,
) -> Step:
    """Ask the table, apply `changes`, save the case, and append the step.

    The case must have been read by `lock_complaint` in this transaction. `by` is None when the
    house itself acts (a time box ended, a signed link was used). `changes` are columns of the
    case; organisations bring their paths along. `where` is the path on which the right is asked
    when that is not the holder's: who takes back a hand-over has held the case before it.
    Raises WrongMove when the table has no such move, PermissionDenied when `by` may not make it.
    """
    move = MOVES[verb]
    if by is not None:
        refuse_unless_allowed(complaint, move.word, by, where)
    stage = next_stage(MOVES, verb, complaint.stage, note=note)
    if complaint.is_suspended and verb not in WHILE_SUSPENDED:
        raise WrongMove(_("这件诉求已挂起，恢复办理后才能进行这一步。"))
    changes |= belongings.settle(complaint, verb, stage)
    step = Step(
        complaint=complaint,
        number=complaint.step_count + 1,
        verb=verb,
        stage_before=complaint.stage,
        stage_after=stage,
        holder_before_id=complaint.holder_id,
        due_before=complaint.due_at,
        by=by,
        reason_code=reason_code,
        note=note.strip(),
        at=at or timezone.now(),
        previous_hash=complaint.last_step_hash,
    )
    if where:
        step.appointment_id = appointment_of(by, complaint, where)
    apply(complaint, changes)
    complaint.stage, complaint.is_open = stage, stage in OPEN_STAGES
    complaint.due_at = binding_due(complaint)
    finish_step(step, complaint)
    complaint.save(update_fields=[*written(changes), *ALWAYS_WRITTEN])
    here("after_save")
    step.save(force_insert=True)
    here("after_event")
    if complaint.part_count and "case_due_at" in changes:
        clock.plan_parts(complaint)
    return step


ALWAYS_WRITTEN = ("stage", "is_open", "due_at", "step_count", "last_step_hash")


def finish_step(step: Step, complaint: Complaint) -> None:
    """Fill what follows from the case after the deed, and close the chain over the step."""
    step.holder_after_id, step.due_after = complaint.holder_id, complaint.due_at
    step.round = complaint.round
    if step.appointment_id is None:  # a batch has asked once for all
        step.appointment_id = appointment_of(step.by, complaint)
    if step.note:
        step.note_salt = secrets.token_hex(16)
        step.note_digest = digest_of(step.note, step.note_salt)
    step.step_hash = step_hash(step)
    complaint.step_count, complaint.last_step_hash = step.number, step.step_hash


def apply(complaint: Complaint, changes: dict[str, Any]) -> None:
    """Set the columns; a changed place, unit or holder brings its path along."""
    for name, value in changes.items():
        setattr(complaint, name, value)
        if name in ("place", "main_unit", "holder"):
            setattr(complaint, f"{name}_path", value.path if value else "")


def written(changes: dict[str, Any]) -> list[str]:
    """The columns that `changes` touch, paths included."""
    paths = [f"{name}_path" for name in ("place", "main_unit", "holder") if name in changes]
    return [*changes, *paths]


def refuse_unless_allowed(complaint: Complaint, word: str | None, by: Any, where: str = "") -> None:
    """Raise PermissionDenied unless `by` holds `word` where the case is held (or on `where`).

    Whoever is complained about may do nothing with the case, by no post (`architecture.md` 5).
    """
    path = where or complaint.holder_path or complaint.subdistrict.path
    if word is None or not may(by, word, path):
        raise PermissionDenied(_("您没有这项操作的权限。"))
    if complaint.is_confidential and Accused.objects.about(by).filter(complaint=complaint).exists():
        raise PermissionDenied(_("您没有这项操作的权限。"))


def binding_due(complaint: Complaint) -> datetime | None:
    """The moment that binds whoever has the case now, or None while no clock runs (5.1)."""
    match complaint.stage:
        case Stage.PENDING_SIGN | Stage.HANDLING:
            return complaint.assignment_due_at or complaint.case_due_at
        case Stage.PENDING_DISPATCH | Stage.PENDING_REVIEW:
            return complaint.case_due_at
        case _:
            return None


def appointment_of(by: Any, complaint: Complaint, where: str = "") -> int | None:
    """In which post somebody acts: the lowest current one that covers the holder (or `where`).

    After a case has climbed, that is the post beneath the new holder. A post without any right,
    as that of a party household, is nobody's desk, and its name would tell where the person lives.
    """
    if by is None:
        return None
    rows = Appointment.objects.on().filter(person_id=by.person_id)
    path = where or complaint.holder_path
    fitting = [
        (path.startswith(own), len(own), pk)
        for pk, own, words in rows.values_list("pk", "organisation__path", "role__words")
        if words and (path.startswith(own) or own.startswith(path))
    ]
    return max(fitting)[-1] if fitting else None


def digest_of(note: str, salt: str) -> str:
    """SHA-256 of a note with its salt; the note may be blanked later, this stays."""
    return hashlib.sha256(f"{salt}|{note}".encode()).hexdigest()


def step_hash(step: Step) -> str:
    """SHA-256 over the previous step and every kept field, in one fixed order."""
    content = [
        step.previous_hash,
        step.complaint_id,
        step.number,
        step.verb,
        step.stage_before,
        step.stage_after,
        step.holder_before_id,
        step.holder_after_id,
        moment(step.due_before),
        moment(step.due_after),
        step.round,
        step.by_id,
        step.reason_code,
        step.note_digest,
        moment(step.at),
    ]
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def first_broken_step(complaint: Complaint) -> int | None:
    """The number of the first step that was tampered with, or None when the history holds."""
    last, number = "", 0
    for step in Step.objects.filter(complaint=complaint).order_by("number"):
        number += 1
        note_is_true = not step.note or digest_of(step.note, step.note_salt) == step.note_digest
        chained = step.number == number and step.previous_hash == last
        if not (chained and note_is_true and step_hash(step) == step.step_hash):
            return number
        last = step.step_hash
    whole = (number, last) == (complaint.step_count, complaint.last_step_hash)
    return None if whole else number + 1
