"""Supervising: a word from above, a nudge, and the protection of who is complained about."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as kept

from complaints.calendars import current_calendar
from complaints.choices import AWAITED, AssistState, Supervision, Trigger
from complaints.models import Accused, Assist, Complaint, Instruction
from complaints.rules import rules_of
from complaints.services import clock
from complaints.services.dispatching import end_assignment, tell
from complaints.services.steps import lock_complaint, take_step
from complaints.workflow import MOVES
from governance.choices import Level, Word
from governance.errors import HouseError
from governance.models import Appointment, AuditEntry, Organisation, Person
from governance.models.reach import may
from governance.selectors import people_in_posts, stand_ins, who_serves
from governance.services import audit
from governance.services.audit import deed


@deed()
def urge(pk: int, *, by: Any, note: str = "", seen: int | None = None) -> Complaint:
    """催办: an informal reminder to whoever has the case; it stands in the history."""
    case = lock_complaint(pk, seen=seen)
    raised = Supervision.URGED if case.supervision == Supervision.NONE else case.supervision
    take_step(case, "urge", by=by, note=note or kept("请尽快办理"), supervision=raised)
    tell(case, holders(case), kept("催办"), "urge")
    return case


@deed()
def instruct(
    pk: int, *, by: Any, text: str, due_at: datetime | None = None, seen: int | None = None
) -> Instruction:
    """批示: a leader's word on a case, with a due time of its own. Moves no clock of the case."""
    if due_at is not None and due_at <= timezone.now():
        raise HouseError(_("落实期限已过，请选择将来的时间。"))
    case = lock_complaint(pk, seen=seen)
    take_step(case, "instruct", by=by, note=text)
    row = Instruction.objects.create(complaint=case, text=text.strip()[:300], due_at=due_at, by=by)
    clerks = people_in_posts(case.subdistrict.path, ["hotline_clerk"])
    secretaries = people_in_posts(case.main_unit_path or case.holder_path, ["community_secretary"])
    tell(case, [*holders(case), *clerks, *secretaries], kept("领导批示"), f"instruct:{row.pk}")
    if due_at is not None:
        rules, calendar = rules_of(case.subdistrict), current_calendar(case.subdistrict)
        occasion = f"instruction:{row.pk}"
        clock.plan_occasion(case, Trigger.INSTRUCTION, occasion, due_at, rules, calendar)
    return row


@deed()
def answer_instruction(instruction: Instruction, *, by: Any, note: str) -> Instruction:
    """What was done about a leader's word; the leader is told."""
    case = lock_complaint(instruction.complaint_id)
    take_step(case, "answer_instruction", by=by, note=note)
    instruction.answer, instruction.answered_by = note.strip()[:300], by
    instruction.answered_at = timezone.now()
    instruction.save(update_fields=["answer", "answered_by", "answered_at"])
    if instruction.by is not None:
        tell(case, [instruction.by.person_id], kept("批示已落实"), f"answer:{instruction.pk}")
    return instruction


def holders(case: Complaint) -> list[int]:
    """Who has the case on the desk: the named person (or a deputy), or all who may handle there."""
    if case.assignee_id:
        return stand_ins([case.assignee_id])
    if case.holder is None:
        return []
    return [person.pk for person in who_serves(case.holder, word=Word.HANDLE)]


@deed()
def restrict(
    pk: int,
    *,
    by: Any,
    people: Sequence[Person] = (),
    organisations: Sequence[Organisation] = (),
    seen: int | None = None,
) -> list[str]:
    """Recognise that a case is about staff: it becomes confidential and comes back to the street.

    Those named neither see nor handle it from now on, by no post. A case about somebody who leads
    or serves the street itself goes to the discipline reader alone, and when there is none the
    clerk is told to hand it outside. Returns the names of those among them who had seen it.
    """
    if not people and not organisations:
        raise HouseError(_("请选择被反映的人员或单位。"))
    case = lock_complaint(pk, seen=seen)
    if not may(by, Word.DISPATCH, case.subdistrict.path):
        raise PermissionDenied(_("您没有这项操作的权限。"))
    Accused.objects.bulk_create(
        [Accused(complaint=case, person=person, named_by=by) for person in people]
        + [Accused(complaint=case, organisation=unit, named_by=by) for unit in organisations]
    )
    top = is_about_the_street(people, organisations, case)
    if case.assist_count:
        Assist.objects.filter(complaint=case, state__in=AWAITED).update(
            state=AssistState.RELEASED, ended_at=timezone.now()
        )
    end_assignment(case, "redispatched")
    take_step(
        case,
        "restrict",
        by=by,
        note=kept("转为保密件，已重新分派路径"),
        is_confidential=True,
        discipline_only=top,
        holder=case.subdistrict,
        main_unit=None,
        assignee=None,
        assist_count=0,
    )
    clock.stop(case)
    for pk in belongings_of(case):
        restrict(pk, by=by, people=people, organisations=organisations)
    if top:
        readers = people_in_posts(case.subdistrict.path, ["discipline_reader"])
        tell(case, readers, kept("涉及街道工作人员的诉求"), "discipline")
    return people_who_saw(case, people)


def belongings_of(case: Complaint) -> list[int]:
    """Sub-cases that are open and cases that follow: the same matter, so as secret as the case."""
    if not case.part_count and not case.merged_count:
        return []
    allowed = MOVES["restrict"].before
    rows = Complaint.objects.filter(
        Q(part_of=case) | Q(merged_into=case), stage__in=allowed, is_confidential=False
    )
    return list(rows.order_by("pk").values_list("pk", flat=True))


def is_about_the_street(
    people: Sequence[Person], organisations: Sequence[Organisation], case: Complaint
) -> bool:
    """Whether somebody at level 1 is complained about (`architecture.md` 5)."""
    if any(unit.level == Level.WORKING_COMMITTEE for unit in organisations):
        return True
    posts = Appointment.objects.on().filter(person__in=people, organisation_id=case.subdistrict_id)
    return posts.exists()


def people_who_saw(case: Complaint, people: Sequence[Person]) -> list[str]:
    """Names of those complained about who had opened or moved the case before."""
    readers = set(
        AuditEntry.objects.filter(subject=f"complaint:{case.pk}", verb="see_complaint").values_list(
            "by__person_id", flat=True
        )
    )
    movers = set(case.steps.values_list("by__person_id", flat=True))
    return [person.name for person in people if person.pk in readers | movers]


def note_reading(case: Complaint, user: Any) -> None:
    """Opening a confidential case leaves a line in the audit."""
    if case.is_confidential:
        audit.record(
            "see_complaint",
            by=user,
            subject=f"complaint:{case.pk}",
            organisation_path=case.subdistrict.path,
        )
