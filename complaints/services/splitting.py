"""Splitting: one matter for several units, each with a sub-case and a clock of its own (拆分)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as kept

from complaints.calendars import current_calendar
from complaints.choices import CITY_SOURCES, DispatchRule, Stage
from complaints.models import Accused, Caller, Category, Complaint
from complaints.rules import rules_of
from complaints.services import filing
from complaints.services.dispatching import refuse_unit, start_assignment, tell
from complaints.services.filing import Draft
from complaints.services.promises import follow, keep_within
from complaints.services.steps import apply, lock_complaint, take_step
from complaints.services.supervising import holders
from governance.choices import Word
from governance.errors import HouseError, WrongMove
from governance.models import Organisation
from governance.models.reach import require
from governance.services.audit import deed

MOST_PARTS = 8


@dataclass(frozen=True)
class Part:
    """What one unit is to do of a matter; without a category of its own that of the whole."""

    text: str
    unit: Organisation
    category: Category | None = None


@deed()
def split(
    pk: int, parts: Sequence[Part], *, by: Any, note: str, seen: int | None = None
) -> list[Complaint]:
    """拆分: sub-cases, each dispatched at once to its own main unit; the case is their parent.

    The parent stays where it is, with its own unit and clock, and ends only after its parts.
    A part inherits caller, place and confidentiality, is never due after its parent, and keeps a
    city's deadline as it is; the citizen is asked once, on the parent (G23; `domain.md` 1.6, 7).
    Raises HouseError for a part without words or a unit outside the dispatcher's reach.
    """
    case = lock_complaint(pk, seen=seen)
    refuse_parts(case, parts, by)
    number = filing.first_number(case.subdistrict, len(parts))
    take_step(
        case,
        "split",
        by=by,
        note=f"{note.strip()} → " + "、".join(part.unit.display_name for part in parts)
        if note.strip()
        else "",
        part_count=case.part_count + len(parts),
    )
    accused = list(Accused.objects.filter(complaint=case)) if case.is_confidential else []
    return [begin(case, part, number + place, by, accused) for place, part in enumerate(parts)]


def refuse_parts(case: Complaint, parts: Sequence[Part], by: Any) -> None:
    """Raise the reason why the case cannot be split like this."""
    if not parts:
        raise HouseError(_("请至少填写一件子件。"))
    if case.part_count + len(parts) > MOST_PARTS:
        raise HouseError(_("一件诉求最多拆分 %(most)s 件子件。") % {"most": MOST_PARTS})
    for part in parts:
        if not part.text.strip():
            raise HouseError(_("请写明每件子件要办什么。"))
        require(by, Word.DISPATCH, part.unit.path)
        refuse_unit(case, part.unit)


def begin(
    case: Complaint, part: Part, number: int, by: Any, accused: Sequence[Accused]
) -> Complaint:
    """Write one sub-case with its caller and history, and dispatch it."""
    child = child_of(case, part, number, by)
    child.save(force_insert=True)
    step = filing.first_step(child, by)
    filing.close_first_step(step, child)
    step.save(force_insert=True)
    child.save(update_fields=["step_count", "last_step_hash"])
    Caller.objects.bulk_create([same_caller(case, child)])
    Accused.objects.bulk_create(
        Accused(complaint=child, person=one.person, organisation=one.organisation, named_by=by)
        for one in accused
    )
    child = lock_complaint(child.pk)
    note = kept("%(number)s 的子件") % {"number": case.number}
    start_assignment(child, part.unit, verb="dispatch", by=by, note=note, rule=DispatchRule.BY_HAND)
    return child


def child_of(case: Complaint, part: Part, number: int, by: Any) -> Complaint:
    """The unsaved sub-case: the place of its parent, its own words, kind and limit."""
    rules, calendar = rules_of(case.subdistrict), current_calendar(case.subdistrict)
    draft = Draft(
        source=case.source,
        text=part.text.strip(),
        category=part.category or case.category,
        urgency=case.urgency,
        address=case.address,
        place=case.place,
        lng=case.lng,
        lat=case.lat,
        accepted=True,
    )
    child = filing.build(draft, case.subdistrict, number, by, rules, calendar)
    child.part_of = case
    apply(child, {"holder": case.holder})
    child.compound_id, child.building_id = case.compound_id, case.building_id
    child.dwelling_id = case.dwelling_id
    child.is_confidential = child.is_confidential or case.is_confidential
    child.discipline_only = case.discipline_only
    child.source_return_due_at = None
    keep_within_parent(case, child)
    return child


def keep_within_parent(case: Complaint, child: Complaint) -> None:
    """A city's deadline is the part's own; any other is only never passed (`domain.md` 1.6, 7)."""
    if case.case_due_at is None or child.case_due_at is None:
        return
    is_nearer = timezone.now() < case.case_due_at < child.case_due_at
    if case.source in CITY_SOURCES or is_nearer:
        # A deadline that was given is not counted again from the limit of the part.
        child.is_city_deadline, child.case_due_at = True, case.case_due_at
        child.due_is_provisional = case.due_is_provisional
    child.original_due_at = child.due_at = child.case_due_at


def same_caller(case: Complaint, child: Complaint) -> Caller:
    """The caller of the whole, so that whoever works on a part can get in touch."""
    caller = Caller.objects.get(complaint=case)
    caller.pk, caller.complaint = None, child
    caller._state.adding = True
    return caller


def refuse_under_ended_parent(pk: int) -> None:
    """A part opens again only while its parent is open; locks the parent before the part.

    Raises WrongMove when the citizen has been answered on the parent already.
    """
    parent = Complaint.objects.filter(pk=pk).values_list("part_of", flat=True).first()
    if parent is None:
        return
    case = lock_complaint(parent)
    if not case.is_open or case.stage in (Stage.PENDING_REVIEW, Stage.PENDING_CALLBACK):
        raise WrongMove(
            _("主件 %(number)s 已经答复，子件不能再重办；请在主件上重办。")
            % {"number": case.number}
        )


def follow_parent(case: Complaint) -> None:
    """The deadline of the parent has moved: one that was taken over moves along (1.6, rule 7).

    The promise of the part's unit stays, unless the deadline has come to lie before it.
    """
    parent = case.part_of
    if parent is None or not case.is_city_deadline or not case.is_open:
        return
    was_granted_more = case.case_due_at != case.original_due_at and case.round == 1
    if was_granted_more and parent.source not in CITY_SOURCES:
        return
    if parent.case_due_at is None or parent.case_due_at == case.case_due_at:
        return
    if case.finished_at is not None or case.is_suspended:
        return
    case.case_due_at = parent.case_due_at
    drawn = keep_within(case)
    take_step(
        case,
        "recompute",
        by=None,
        note=kept("主件 %(number)s 的期限已调整") % {"number": parent.number},
        case_due_at=parent.case_due_at,
        original_due_at=case.original_due_at if was_granted_more else parent.case_due_at,
        due_is_provisional=parent.due_is_provisional,
        assignment_due_at=case.assignment_due_at,
        box_due_at=case.box_due_at,
    )
    if drawn is not None:
        follow(case, drawn)


def note_end_of_part(case: Complaint, part: int) -> None:
    """Say on the parent's timeline how a part has ended, and tell who has the parent."""
    child = Complaint.objects.filter(pk=part, part_of=case, is_open=False).first()
    if child is None or not case.is_open:
        return
    words = f"{child.number}：{child.get_stage_display()}"
    take_step(case, "end_part", by=None, note=words)
    left = Complaint.objects.filter(part_of=case, is_open=True).exists()
    title = kept("有子件已办结") if left else kept("子件已全部办结，可以答复")
    tell(case, holders(case), title, f"end_part:{part}")
