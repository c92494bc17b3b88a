"""Reviewing: a second person reads the answer before the citizen does."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as kept

from complaints.calendars import current_calendar
from complaints.choices import CITY_SOURCES, AssignmentEnd
from complaints.models import Assignment, Complaint, Reply
from complaints.rules import rules_of
from complaints.services import clock, merging
from complaints.services.calling import is_sampled
from complaints.services.dispatching import end_assignment, tell
from complaints.services.steps import lock_complaint, take_step
from complaints.workflow import MOVES
from governance.choices import Level, Word
from governance.models.reach import may
from governance.selectors import people_in_posts, stand_ins
from governance.services.audit import deed
from governance.workflow import next_stage


@deed()
def approve(pk: int, *, by: Any, note: str = "", seen: int | None = None) -> Complaint:
    """The answer stands: the case is finished as of the reply, and waits for the callback.

    Where nobody is to be asked (the category says so, the caller left no phone, or the sample left
    the case out) the house closes it at once. Raises PermissionDenied for the replier's own review.
    """
    case = lock_complaint(pk, seen=seen)
    refuse_own_review(case, by)
    next_stage(MOVES, "approve", case.stage)  # too early or too late: there may be no answer yet
    answer = Reply.objects.filter(complaint=case, round=case.round).latest("id")
    answer.is_approved, answer.reviewed_at, answer.reviewed_by = True, timezone.now(), by
    answer.save(update_fields=["is_approved", "reviewed_at", "reviewed_by"])
    take_step(
        case,
        "approve",
        by=by,
        note=note,
        finished_at=answer.at,
        first_finished_at=case.first_finished_at or answer.at,
    )
    end_assignment(case, AssignmentEnd.FINISHED)
    merging.answer_callers(case, answer)
    if case.part_of_id is not None:
        close_without_callback(case, kept("子件办结，由主件统一答复诉求人"))
    elif not needs_callback(case):
        close_without_callback(case, kept("不在回访范围，系统结案"))
    elif not is_sampled(case):
        close_without_callback(case, kept("未抽中回访，系统结案"))
    return case


def needs_callback(case: Complaint) -> bool:
    """Whether a citizen can and shall be asked (`domain.md` 8.3, 回访率)."""
    wanted = case.category is None or case.category.needs_callback
    return wanted and bool(case.caller.phone_masked)


def close_without_callback(case: Complaint, note: str) -> None:
    """Close by the house: outside the scope or the sample of callbacks, and counted as such."""
    take_step(case, "close", by=None, note=note, closed_at=timezone.now())
    plan_archive(case)


def plan_archive(case: Complaint) -> None:
    """A closed case is archived after the office's number of days."""
    days = rules_of(case.subdistrict).case.archive_days
    clock.plan(clock.ARCHIVE, case, clock.days_later(timezone.now(), days))


def reviewers(case: Complaint) -> list[int]:
    """Who reviews: the community's secretary, and the street's desk for city orders."""
    roles = ["hotline_clerk"] if reviewed_by_street(case) else ["community_secretary"]
    return people_in_posts(case.main_unit_path, roles)


def reviewed_by_street(case: Complaint) -> bool:
    """City orders and what communities or departments answer themselves (`domain.md` 5.1)."""
    level = case.holder.level if case.holder else None
    return case.source in CITY_SOURCES or level in (
        None,
        Level.WORKING_COMMITTEE,
        Level.GRAND_COMMITTEE,
    )


@deed()
def send_back(
    pk: int, *, by: Any, note: str, reason_code: str = "", seen: int | None = None
) -> Complaint:
    """Not good enough: back to the handler, whose clock runs on as if it had not replied.

    `reason_code` names the office's ready reason, if one was ticked; the note holds its words.
    """
    case = lock_complaint(pk, seen=seen)
    refuse_own_review(case, by)
    take_step(case, "send_back", by=by, note=note, reason_code=reason_code)
    Reply.objects.filter(complaint=case, round=case.round, is_approved=None).update(
        is_approved=False, reviewed_at=timezone.now(), reviewed_by=by
    )
    current = (
        Assignment.objects.filter(complaint=case, ended_at=None).select_related("unit").first()
    )
    if current is not None:
        current.replied_at = None
        current.save(update_fields=["replied_at"])
        rules, calendar = rules_of(case.subdistrict), current_calendar(case.subdistrict)
        clock.plan_dispatch(case, current, rules, calendar)
    told = stand_ins([case.assignee_id]) if case.assignee_id else []
    tell(case, told, kept("答复被退回修改"), "send_back")
    return case


def refuse_own_review(case: Complaint, by: Any) -> None:
    """The reviewer is not the replier; city orders are reviewed by the street (`domain.md` 5.1)."""
    if reviewed_by_street(case) and not may(by, Word.REVIEW, case.subdistrict.path):
        raise PermissionDenied(_("这件答复须由街道审核。"))
    last = Reply.objects.filter(complaint=case, round=case.round).order_by("-id").first()
    if last is not None and last.by_id == by.pk:
        raise PermissionDenied(_("不能审核自己的答复，请由另一位同事审核。"))
