"""Asking: to give a dispatch back, for more time, for the clock to stand still, out of duty."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as kept

from complaints import amounts
from complaints.calendars import current_calendar
from complaints.choices import ContactChannel, RequestKind, RequestState, Trigger
from complaints.models import (
    Assignment,
    CaseRequest,
    Complaint,
    Contact,
    Photo,
    RequestReason,
    RequestRule,
)
from complaints.rules import rules_of
from complaints.services import clock
from complaints.services.dispatching import tell
from complaints.services.requests import rules as allowed
from complaints.services.steps import lock_complaint, take_step
from governance.calendar import Calendar
from governance.choices import Word
from governance.errors import HouseError, WrongMove
from governance.models.reach import may
from governance.services.audit import deed


@deed()
def ask_return(
    pk: int, *, by: Any, note: str, reason: str = "", evidence: str = "", seen: int | None = None
) -> CaseRequest:
    """退单: not ours. Within two workdays of the dispatch; no clock stops (`domain.md` 1.6, 10).

    The dispatch desk above decides; a second return of the case the level above it.
    """
    case = lock_complaint(pk, seen=seen)
    if case.holder_path == case.subdistrict.path:
        raise WrongMove(_("这件诉求已在街道，请直接派单或退回来源。"))
    rule, ground, rows = _open(case, RequestKind.RETURN, reason)
    calendar = current_calendar(case.subdistrict)
    current = _current(case)
    allowed.refuse_late_return(case, current, rule, calendar, timezone.now())
    allowed.refuse_without_evidence(rule, evidence, None)
    return _ask(
        case, rule, rows, "ask_return", by, note, ground, current, calendar, evidence=evidence
    )


@deed()
def ask_extension(
    pk: int,
    *,
    by: Any,
    note: str,
    amount: int,
    channel: str,
    told: str = "",
    reason: str = "",
    evidence: str = "",
    seen: int | None = None,
) -> CaseRequest:
    """延期: more time from the old due moment; asked before it (`domain.md` 1.6, 8).

    `amount` is in the unit of the street's rule, workdays by default. The citizen has been told: `channel` says how, `told` what was said, or why nobody could be
    reached; it stands as a contact. The clock runs on until somebody grants it.
    """
    case = lock_complaint(pk, seen=seen)
    rule, ground, rows = _open(case, RequestKind.EXTENSION, reason)
    allowed.refuse_past_due(case, rule.kind, timezone.now())
    allowed.refuse_too_often(rows, rule, case)
    calendar = current_calendar(case.subdistrict)
    unit = amounts.unit_for(rule.amount_unit, case)
    allowed.refuse_too_much(rows, rule, amount, unit, calendar)
    allowed.refuse_without_evidence(rule, evidence, None)
    _note_that_citizen_was_told(case, by, channel, told)
    request = _ask(
        case, rule, rows, "ask_extension", by, note, ground, _current(case), calendar,
        amount=amount, amount_unit=unit, evidence=evidence,
        words=kept("延长 %(span)s") % {"span": amounts.recorded(amount, unit)},
    )  # fmt: skip
    clock.plan_request(clock.REQUEST_DUE, case, case.due_at, request.pk)
    return request


@deed()
def ask_suspension(
    pk: int,
    *,
    by: Any,
    note: str,
    amount: int,
    reason: str,
    evidence: str = "",
    photo: Photo | None = None,
    seen: int | None = None,
) -> CaseRequest:
    """挂起: let the clock stand still for up to `amount` (`domain.md` 1.6, 9).

    Counted in the unit of the street's rule, calendar days by default. With a ground from the list and words or a photo that prove it. A late case cannot be
    suspended, and a pending request stops no clock.
    """
    case = lock_complaint(pk, seen=seen)
    rule, ground, rows = _open(case, RequestKind.SUSPENSION, reason)
    allowed.refuse_past_due(case, rule.kind, timezone.now())
    allowed.refuse_too_often(rows, rule, case)
    calendar = current_calendar(case.subdistrict)
    unit = amounts.unit_for(rule.amount_unit, case)
    allowed.refuse_too_much(rows, rule, amount, unit, calendar)
    allowed.refuse_without_evidence(rule, evidence, photo)
    request = _ask(
        case, rule, rows, "ask_suspension", by, note, ground, _current(case), calendar,
        amount=amount, amount_unit=unit, evidence=evidence, photo=photo,
        words=kept("挂起 %(span)s") % {"span": amounts.recorded(amount, unit)},
    )  # fmt: skip
    clock.plan_request(clock.REQUEST_DUE, case, case.due_at, request.pk)
    return request


@deed()
def claim_out_of_duty(
    pk: int,
    *,
    by: Any,
    note: str,
    reason: str = "",
    evidence: str = "",
    photo: Photo | None = None,
    seen: int | None = None,
) -> CaseRequest:
    """超职责: claim that the matter lies outside the duty; it is handled on, and the street rules."""
    case = lock_complaint(pk, seen=seen)
    rule, ground, rows = _open(case, RequestKind.OUT_OF_DUTY, reason)
    if any(row.state == RequestState.GRANTED for row in rows):
        raise WrongMove(_("这件诉求已经认定为超职责。"))
    allowed.refuse_without_evidence(rule, evidence, photo)
    return _ask(
        case, rule, rows, "claim_out_of_duty", by, note, ground, _current(case),
        current_calendar(case.subdistrict), evidence=evidence, photo=photo,
    )  # fmt: skip


@deed()
def take_back_request(
    pk: int, *, by: Any, request: int, note: str = "", seen: int | None = None
) -> CaseRequest:
    """撤回: whoever asked, or the unit that asked, no longer wants it."""
    case = lock_complaint(pk, seen=seen)
    row = CaseRequest.objects.filter(complaint=case, pk=request).first()
    if row is None or row.state != RequestState.PENDING:
        raise WrongMove(_("这个申请已有结果，不能再撤回。"))
    if row.asked_by_id != by.pk and not may(by, Word.HANDLE, row.unit.path):
        raise PermissionDenied(_("只有提出申请的单位才能撤回。"))
    row.state, row.decided_at, row.decided_by = RequestState.TAKEN_BACK, timezone.now(), by
    row.save(update_fields=["state", "decided_at", "decided_by"])
    take_step(case, "take_back_request", by=by, note=f"{row.get_kind_display()} {note}".strip())
    return row


def _open(
    case: Complaint, kind: str, reason: str
) -> tuple[RequestRule, RequestReason | None, list[CaseRequest]]:
    rules = rules_of(case.subdistrict)
    rule = allowed.rule_of(rules, kind)
    rows = list(CaseRequest.objects.filter(complaint=case, kind=kind))
    allowed.refuse_double(rows)
    return rule, allowed.reason_of(rules, kind, reason), rows


def _current(case: Complaint) -> Assignment | None:
    return Assignment.objects.filter(complaint=case, ended_at=None).first()


def _note_that_citizen_was_told(case: Complaint, by: Any, channel: str, told: str) -> None:
    if channel not in ContactChannel.values:
        raise HouseError(_("请选择以什么方式告知了诉求人。"))
    if channel == ContactChannel.NONE and not told.strip():
        raise HouseError(_("延期须告知诉求人；无法告知时，请写明原因。"))
    Contact.objects.create(
        complaint=case,
        round=case.round,
        channel=channel,
        is_reached=channel != ContactChannel.NONE,
        note=(kept("告知延期：") + (told.strip() or kept("已说明原因和新的期限")))[:300],
        by=by,
    )


def _ask(
    case: Complaint,
    rule: RequestRule,
    rows: list[CaseRequest],
    verb: str,
    by: Any,
    note: str,
    ground: RequestReason | None,
    current: Assignment | None,
    calendar: Calendar,
    *,
    words: str = "",
    **fields: Any,
) -> CaseRequest:
    assert case.holder is not None  # the table allows asking only while somebody has the case
    decider = allowed.decider_of(case, rule, rows)
    request = CaseRequest(
        complaint=case,
        assignment=current,
        round=case.round,
        kind=rule.kind,
        reason=ground,
        note=note.strip()[:500],
        unit=case.holder,
        asked_by=by,
        decider=decider,
        decider_path=decider.path,
        **{**fields, "evidence": str(fields.get("evidence", "")).strip()[:300]},
    )
    label = ground.label if ground else ""
    line = "；".join(part for part in (words, label, note.strip()) if part) if note.strip() else ""
    take_step(case, verb, by=by, note=line, reason_code=ground.code if ground else "")
    request.save(force_insert=True)
    told = allowed.deciders(request)
    clock.plan_occasion(
        case, Trigger.REQUEST, f"request:{request.pk}", request.asked_at,
        rules_of(case.subdistrict), calendar,
    )  # fmt: skip
    kind = rule.get_kind_display()
    tell(case, told, kept("%(kind)s申请待审批") % {"kind": kind}, f"request:{request.pk}")
    return request
