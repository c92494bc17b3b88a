"""Merging: one matter, several callers; one case leads, the others follow it (并单)."""

from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as kept

from complaints.calendars import current_calendar
from complaints.choices import AssignmentEnd, Stage, Trigger
from complaints.models import Caller, Complaint, Reply
from complaints.rules import rules_of
from complaints.services import clock
from complaints.services.calling import forget_plan, is_sampled
from complaints.services.dispatching import end_assignment, tell
from complaints.services.steps import lock_complaint, take_step
from governance.errors import HouseError, WrongMove
from governance.selectors import people_in_posts
from governance.services.audit import deed


@deed()
def merge_into(
    pk: int, target: Complaint, *, by: Any, note: str = "", seen: int | None = None
) -> Complaint:
    """并单: a case follows an open one of the same street; its caller is kept and gets an answer.

    Its own number stays, also that of the hotline; it counts no more, the lead counts once
    (`domain.md` 5.4, 8.3). Raises HouseError for itself, a case that has ended or been answered,
    another street, a sub-case, and for a confidential one beside an open one.
    """
    case, lead = both(pk, target.pk, seen)
    refuse_pair(case, lead)
    end_assignment(case, AssignmentEnd.STOPPED)
    clock.stop(case)
    changes = {"merged_count": lead.merged_count + 1, **recognised(lead, case)}
    take_step(lead, "take_in", by=by, note=case.number, **changes)
    if "is_collective" in changes:
        tell_of_many(lead)
    words = "；".join(part for part in (lead.number, note.strip()) if part)
    take_step(case, "merge", by=by, note=words, merged_into=lead, closed_at=timezone.now())
    return case


def recognised(lead: Complaint, case: Complaint) -> dict[str, Any]:
    """The mark of a collective matter (群体诉求), when `case` brings enough callers together.

    Whoever calls five times is one caller; somebody without a number cannot be told apart.
    """
    many = rules_of(lead.subdistrict).many_callers
    if lead.is_collective or not many or lead.merged_count + 2 < many:
        return {}
    on_it = Q(complaint__in=(lead.pk, case.pk)) | Q(complaint__merged_into=lead)
    callers = Caller.objects.filter(on_it).exclude(phone_digest="").values("phone_digest")
    return {"is_collective": True} if callers.distinct().count() >= many else {}


def tell_of_many(case: Complaint) -> None:
    """A matter has become a collective one: whom the rules name hears of it."""
    street = case.subdistrict
    clock.plan_reached(case, Trigger.COLLECTIVE, rules_of(street), current_calendar(street))


def both(pk: int, target: int, seen: int | None) -> tuple[Complaint, Complaint]:
    """Both cases locked in the order of their ids, so that no two people wait for each other."""
    if pk == target:
        raise HouseError(_("不能并入自己，请选择另一件诉求。"))
    if Complaint.objects.filter(pk=pk, merged_into__isnull=False).exists():
        raise WrongMove(_("这件诉求已经并单，请刷新页面。"))
    if pk < target:
        case = lock_complaint(pk, seen=seen)
        return case, lock_complaint(target)
    lead = lock_complaint(target)
    return lock_complaint(pk, seen=seen), lead


def refuse_pair(case: Complaint, lead: Complaint) -> None:
    """Raise HouseError with the reason why `case` cannot follow `lead`."""
    if lead.subdistrict_id != case.subdistrict_id:
        raise HouseError(_("只能并入本街道的诉求。"))
    is_secret = (case.is_confidential, case.discipline_only)
    if is_secret != (lead.is_confidential, lead.discipline_only):
        raise HouseError(_("保密件不能与普通件并单。"))
    if lead.merged_into_id is not None or not lead.is_open:
        raise HouseError(_("请选择另一件正在办理的诉求作为并入对象。"))
    if lead.stage in (Stage.PENDING_CALLBACK, Stage.PENDING_SUPPLEMENT):
        raise HouseError(
            _("%(number)s 现为“%(stage)s”，不能再并入；请单独办理本件。")
            % {"number": lead.number, "stage": lead.get_stage_display()}
        )
    if lead.part_of_id is not None:
        raise HouseError(_("%(number)s 是子件，请并入它的主件。") % {"number": lead.number})
    if case.merged_count:
        raise HouseError(
            _("已有 %(count)s 件并入本件，请反过来把对方并入本件。") % {"count": case.merged_count}
        )
    if case.part_count:
        raise HouseError(_("本件已拆分子件，不能并入其他诉求。"))


@deed()
def unmerge(pk: int, *, by: Any, note: str, seen: int | None = None) -> Complaint:
    """取消并单: not the same matter after all; the case goes on with the clock it always had.

    Within the days of restoring, and only while its caller has not been answered with the lead.
    """
    leads = Complaint.objects.filter(pk=pk).values_list("merged_into", flat=True)
    lead_pk = leads.first()
    if lead_pk is None:
        raise WrongMove(_("这件诉求没有并单，不需要取消。"))
    lead, case = lock_complaint(lead_pk), lock_complaint(pk, seen=seen)
    days = rules_of(case.subdistrict).case.restore_days
    if case.finished_at is not None:
        raise WrongMove(_("已随 %(number)s 答复诉求人，不能再取消并单。") % {"number": lead.number})
    if case.closed_at and clock.days_later(case.closed_at, days) < timezone.now():
        raise HouseError(_("并单已超过 %(days)s 天，不能再取消；请重新登记。") % {"days": days})
    take_step(lead, "let_go", by=by, note=case.number, merged_count=max(lead.merged_count - 1, 0))
    take_step(
        case,
        "unmerge" if case.accepted_at else "unmerge_unaccepted",
        by=by,
        note=note,
        merged_into=None,
        closed_at=None,
        holder=case.subdistrict,
        main_unit=None,
        assignee=None,
        box_due_at=None,
    )
    return case


# ── following the lead ───────────────────────────────────────────────────────────────────────


def answer_callers(lead: Complaint, answer: Reply) -> None:
    """The lead is answered: everybody who follows it gets the same answer as a reply of their own.

    Whoever left a number and is to be asked waits for a call of their own. No statement for a
    case that nobody follows.
    """
    if not lead.merged_count:
        return
    is_asked = is_sampled(lead)
    for case in followers(lead, Stage.MERGED):
        Reply.objects.create(
            complaint=case,
            round=case.round,
            result_kind=answer.result_kind,
            public_text=answer.public_text,
            is_true=answer.is_true,
            unsolved_reason=answer.unsolved_reason,
            at=answer.at,
            by=answer.by,
            reviewed_at=answer.reviewed_at,
            reviewed_by=answer.reviewed_by,
            is_approved=True,
        )
        wanted = case.category is None or case.category.needs_callback
        calls = is_asked and wanted and bool(case.caller.phone_masked)
        take_step(
            case,
            "ask_merged" if calls else "answer_merged",
            by=None,
            note=lead.number,
            finished_at=answer.at,
            closed_at=None if calls else case.closed_at,
            result_kind=answer.result_kind,
        )


def wait_again(lead: Complaint) -> None:
    """The lead is worked on again: who has not been asked yet waits for the new answer."""
    if not lead.merged_count:
        return
    for case in followers(lead, Stage.PENDING_CALLBACK):
        take_step(case, "wait_merged", by=None, note=lead.number, closed_at=timezone.now())
        clock.stop(case, [clock.UNREACHED, clock.CALL_AGAIN])
        forget_plan(case)


def followers(lead: Complaint, stage: str) -> list[Complaint]:
    """The cases that follow, locked one after the other."""
    rows = Complaint.objects.filter(merged_into=lead, stage=stage).order_by("pk")
    return [lock_complaint(pk) for pk in rows.values_list("pk", flat=True)]


def note_disappointment(case: Complaint) -> None:
    """A caller who follows is not content: the street decides whether the lead is worked on again."""
    assert case.merged_into is not None
    clerks = people_in_posts(case.subdistrict.path, ["hotline_clerk"])
    title = kept("并入的诉求人不满意，请决定主件 %(number)s 是否重办") % {
        "number": case.merged_into.number
    }
    tell(case, clerks, title, "merged_disappointed")
