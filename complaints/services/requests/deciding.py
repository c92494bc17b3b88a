"""Deciding: a request is granted or refused by somebody who has not asked for it."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as kept

from complaints import amounts
from complaints.calendars import current_calendar
from complaints.choices import (
    CITY_SOURCES,
    AssignmentEnd,
    Card,
    CityAnswer,
    RequestKind,
    RequestState,
)
from complaints.models import Assignment, CaseRequest, Complaint
from complaints.rules import rules_of
from complaints.services import cards, clock
from complaints.services.dispatching import elevation, end_assignment, tell
from complaints.services.requests import rules as allowed
from complaints.services.requests.standing import stand_still
from complaints.services.steps import lock_complaint, take_step
from complaints.services.supervising import holders
from governance.choices import Word
from governance.clockface import span_words
from governance.errors import HouseError, WrongMove
from governance.selectors import who_serves
from governance.services.audit import deed
from governance.worktime import add


@deed()
def grant(
    request: int, *, by: Any, note: str = "", amount: int | None = None, seen: int | None = None
) -> Complaint:
    """Grant a request; `amount` may be less than was asked for.

    Raises WrongMove when it has been decided, or its due moment has passed meanwhile;
    PermissionDenied for who asked, and for who does not decide there.
    """
    row, case = _locked(request, seen)
    allowed.refuse_decider(row, by)
    if amount is not None:
        refuse_more_than_asked(row, amount)
        row.amount = amount
    row.state, row.decided_at = RequestState.GRANTED, timezone.now()
    row.decided_by, row.decision_note = by, note.strip()[:500]
    match row.kind:
        case RequestKind.RETURN:
            take_back_dispatch(row, case, by)
        case RequestKind.EXTENSION:
            extend(row, case, by)
        case RequestKind.SUSPENSION:
            stand_still(row, case, by)
        case _:
            rule = rules_of(case.subdistrict).requests.get(row.kind)
            leaves = rule is not None and rule.leaves_rates
            take_step(case, "grant_out_of_duty", by=by, note=note, leaves_rates=leaves)
    if row.kind != RequestKind.RETURN:  # that row was written before its dispatch ended
        row.save()
    tell_who_asked(row, case, kept("%(kind)s申请已同意") % {"kind": row.get_kind_display()})
    return case


@deed()
def refuse(request: int, *, by: Any, note: str, seen: int | None = None) -> Complaint:
    """Refuse a request, with a reason; the clock has never stopped, so nothing moves."""
    row, case = _locked(request, seen)
    allowed.refuse_decider(row, by)
    write_refusal(row, case, by, note)
    return case


def refuse_by_house(row: CaseRequest, case: Complaint) -> None:
    """The due moment has passed without a decision: refused by itself (`domain.md` 1.6, 8)."""
    write_refusal(row, case, None, kept("到期前未批复，系统自动驳回"))


def write_refusal(row: CaseRequest, case: Complaint, by: Any, note: str) -> None:
    """The row, the step, and the word to who asked."""
    words = f"{row.get_kind_display()}：{note.strip()}" if note.strip() else ""
    take_step(case, "refuse_request", by=by, note=words)
    row.state, row.decided_at = RequestState.REFUSED, timezone.now()
    row.decided_by, row.decision_note = by, note.strip()[:500]
    row.save(update_fields=["state", "decided_at", "decided_by", "decision_note"])
    tell_who_asked(row, case, kept("%(kind)s申请未同意") % {"kind": row.get_kind_display()})


def _locked(request: int, seen: int | None) -> tuple[CaseRequest, Complaint]:
    pk = CaseRequest.objects.values_list("complaint_id", flat=True).filter(pk=request).first()
    if pk is None:
        raise WrongMove(_("这个申请已不存在，请刷新页面。"))
    case = lock_complaint(pk, seen=seen)
    row = CaseRequest.objects.select_related("unit", "decider", "asked_by", "assignment").get(
        pk=request
    )
    if row.state != RequestState.PENDING:
        raise WrongMove(
            _("这个%(kind)s申请已有结果：%(state)s。")
            % {"kind": row.get_kind_display(), "state": row.get_state_display()}
        )
    row.complaint = case
    return row, case


def refuse_more_than_asked(row: CaseRequest, amount: int) -> None:
    """Raise HouseError for time that nobody asked for."""
    if row.amount is None or not 1 <= amount <= row.amount:
        asked = span_words(row.amount or 0, row.amount_unit)
        raise HouseError(_("批准的时长应在 1 到 %(asked)s 之间。") % {"asked": asked})


def take_back_dispatch(row: CaseRequest, case: Complaint, by: Any) -> None:
    """退单: the dispatch ends, and the case waits at the desk that has decided; its clock runs on."""
    refuse_dispatch_that_ended(row)
    row.save()
    end_assignment(case, AssignmentEnd.RETURNED)
    take_step(
        case,
        "grant_return",
        by=by,
        note=row.decision_note or row.note,
        holder=row.decider,
        main_unit=None,
        assignee=None,
        box_due_at=None,
        transfer_count=case.transfer_count + 1,
        hint=kept("%(unit)s退单：%(note)s")
        % {"unit": row.unit.display_name, "note": row.note[:120]},
        **elevation(case),
    )
    clock.stop(case)
    desk = [person.pk for person in who_serves(row.decider, word=Word.DISPATCH)]
    tell(
        case, [pk for pk in desk if pk != by.person_id], kept("工单已退回，待重新派单"), "returned"
    )


def refuse_dispatch_that_ended(row: CaseRequest) -> None:
    """Raise WrongMove when the dispatch a return was about is no longer the current one."""
    current = Assignment.objects.filter(complaint=row.complaint_id, ended_at=None).first()
    if current is None or current.pk != row.assignment_id:
        raise WrongMove(_("这件诉求已改派，原退单申请不再有效。"))


def extend(row: CaseRequest, case: Complaint, by: Any) -> None:
    """延期: more time, counted from the old due moments; the promise once made is kept beside.

    For an order of the city only the unit's own promise moves, as far as the city's deadline;
    the rest follows when the city has approved (`domain.md` 1.6, 7).
    """
    if allowed.is_late(case):
        raise WrongMove(_("已过办理期限，不能再同意延期；系统会自动驳回这个申请。"))
    assert case.case_due_at is not None and row.amount is not None
    rules, calendar = rules_of(case.subdistrict), current_calendar(case.subdistrict)
    current = Assignment.objects.get(complaint=case, ended_at=None)
    own = add(current.due_at, row.amount, row.amount_unit, calendar)
    whole = add(case.case_due_at, row.amount, row.amount_unit, calendar)
    changes: dict[str, Any] = {"assignment_due_at": own.at}
    if case.source in CITY_SOURCES:
        row.city_answer = CityAnswer.WAITING
        changes["assignment_due_at"] = max(min(own.at, case.case_due_at), current.due_at)
    else:
        changes["case_due_at"] = whole.at
        changes["due_is_provisional"] = case.due_is_provisional or whole.is_provisional
    if case.card != Card.NONE:
        changes["card"] = cards.take_down_warnings(case, by, kept("已批准延期"))
    take_step(case, "grant_extension", by=by, note=extension_words(row), **changes)
    current.due_at = changes["assignment_due_at"]
    current.save(update_fields=["due_at"])
    clock.replan(case, current, rules, calendar)


def extension_words(row: CaseRequest) -> str:
    """What was granted, in words for the timeline."""
    words = kept("延长 %(span)s") % {"span": amounts.recorded(row.amount or 0, row.amount_unit)}
    if row.city_answer == CityAnswer.WAITING:
        words += "；" + kept("来源期限须待来源批复后调整")
    return f"{words}；{row.decision_note}" if row.decision_note else words


def tell_who_asked(row: CaseRequest, case: Complaint, title: str) -> None:
    """Who asked, and who has the case now, hear of the decision."""
    people = holders(case) if case.main_unit_id else []
    if row.asked_by is not None:
        people = [*people, row.asked_by.person_id]
    tell(case, people, title, f"decided:{row.pk}")
