"""Intake: what the hotline desk makes of a filed matter before anybody works on it."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as kept

from complaints.calendars import current_calendar
from complaints.choices import CITY_SOURCES, LimitUnit
from complaints.models import Category, Complaint
from complaints.rules import rules_of
from complaints.services import clock, merging
from complaints.services.filing import Draft, clock_of_acceptance
from complaints.services.remembering import remember, snapshot
from complaints.services.requests.city import note_return_to_source
from complaints.services.splitting import refuse_under_ended_parent
from complaints.services.steps import lock_complaint, take_step
from governance.errors import HouseError
from governance.services.audit import deed
from governance.worktime import add


@deed()
def accept(
    pk: int, *, by: Any, seen: int | None = None, city_due_at: datetime | None = None
) -> Complaint:
    """Accept a case: the promise to the citizen starts now (`domain.md` 5.1)."""
    case = lock_complaint(pk, seen=seen)
    rules, calendar = rules_of(case.subdistrict), current_calendar(case.subdistrict)
    # An order that came back from the city keeps the deadline the city gave it.
    kept = case.case_due_at if case.is_city_deadline else None
    draft, before = (
        Draft(source=case.source, text=case.text, city_due_at=city_due_at or kept),
        snapshot(case),
    )
    step = take_step(case, "accept", by=by, **clock_of_acceptance(case, draft, rules, calendar))
    remember(case, before, verb="accept", by=by, at=step.at)
    return case


@deed()
def ask_supplement(pk: int, *, by: Any, note: str, seen: int | None = None) -> Complaint:
    """Ask the citizen for what is missing; silence for five workdays ends in rejection."""
    case = lock_complaint(pk, seen=seen)
    take_step(case, "ask_supplement", by=by, note=note)
    rules, calendar = rules_of(case.subdistrict), current_calendar(case.subdistrict)
    days = rules.case.supplement_workdays
    silent_at = add(timezone.now(), days, LimitUnit.WORKDAYS, calendar).at
    clock.plan(clock.SILENT, case, silent_at)
    return case


@deed()
def supplement(pk: int, *, by: Any, note: str, seen: int | None = None) -> Complaint:
    """The citizen's addition, taken down by the clerk; the case waits for acceptance again."""
    case = lock_complaint(pk, seen=seen)
    take_step(case, "supplement", by=by, note=note)
    clock.stop(case, [clock.SILENT])
    return case


@deed()
def reject(
    pk: int, *, by: Any, note: str, reason_code: str = "", seen: int | None = None
) -> Complaint:
    """Not accepted, with a ground (`domain.md` 1.4); the office can restore it for 30 days."""
    case = lock_complaint(pk, seen=seen)
    take_step(case, "reject", by=by, note=note, reason_code=reason_code, closed_at=timezone.now())
    clock.stop(case, [clock.SILENT])
    return case


@deed()
def void(pk: int, *, by: Any, note: str, seen: int | None = None) -> Complaint:
    """Filed by mistake: it never counts, but stays readable."""
    case = lock_complaint(pk, seen=seen)
    take_step(case, "void", by=by, note=note, closed_at=timezone.now())
    return case


@deed()
def restore(pk: int, *, by: Any, note: str, seen: int | None = None) -> Complaint:
    """Take back a rejection, withdrawal or voiding within 30 days; a merge has its own way back."""
    refuse_under_ended_parent(pk)
    case = lock_complaint(pk, seen=seen)
    days = rules_of(case.subdistrict).case.restore_days
    if case.closed_at and clock.days_later(case.closed_at, days) < timezone.now():
        raise HouseError(_("已超过 %(days)s 天，不能再恢复；请重新登记。") % {"days": days})
    take_step(
        case,
        "restore",
        by=by,
        note=note,
        closed_at=None,
        holder=case.subdistrict,
        main_unit=None,
        assignee=None,
    )
    return case


@deed()
def return_to_source(
    pk: int, *, by: Any, note: str, reason_code: str = "", seen: int | None = None
) -> Complaint:
    """Give a city order back: not ours. Only within the source's own countdown (1.6, rule 7)."""
    case = lock_complaint(pk, seen=seen)
    if case.source not in CITY_SOURCES:
        raise HouseError(_("只有热线或上级平台转来的工单才能退回来源。"))
    if case.source_return_due_at and case.source_return_due_at < timezone.now():
        raise HouseError(_("已超过退回时限，不能再退回来源；请联系热线管理部门。"))
    take_step(
        case,
        "return_to_source",
        by=by,
        note=note,
        reason_code=reason_code,
        closed_at=timezone.now(),
    )
    note_return_to_source(case, by=by, note=note)
    return case


@deed()
def correct(
    pk: int,
    *,
    by: Any,
    seen: int | None = None,
    note: str = "",
    category: Category | None = None,
    urgency: str = "",
    is_collective: bool | None = None,
    **place: Any,
) -> Complaint:
    """Correct category, urgency, address or place; a running clock is never moved by it (G33).

    `is_collective` says whether several callers stand behind it (群体诉求); whom the reminder rules
    name hears of it at once, or with the dispatch.
    """
    case = lock_complaint(pk, seen=seen)
    changes: dict[str, Any] = {"hint": "", **place}
    if category is not None:
        changes["category"] = category
        changes["is_confidential"] = case.is_confidential or category.is_confidential
    if urgency:
        changes["urgency"] = urgency
    words = kept("更正分类或地址")
    if is_collective is not None and is_collective != case.is_collective:
        changes["is_collective"] = is_collective
        words = kept("认定为群体诉求") if is_collective else kept("不再作为群体诉求")
    take_step(case, "correct", by=by, note=note or words, **changes)
    if changes.get("is_collective"):
        merging.tell_of_many(case)
    return case
