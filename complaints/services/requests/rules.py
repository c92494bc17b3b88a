"""What a street allows of a request, who decides it, and the sentences that refuse it."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints import amounts
from complaints.choices import RequestDecider, RequestKind, RequestState
from complaints.models import (
    Assignment,
    CaseRequest,
    Complaint,
    Photo,
    RequestReason,
    RequestRule,
)
from complaints.rules import Rules
from complaints.services.dispatching import dispatch_desk_above
from governance.calendar import Calendar
from governance.choices import Word
from governance.clockface import span_words
from governance.errors import HouseError, WrongMove
from governance.models import Organisation
from governance.models.reach import may
from governance.selectors import who_serves
from governance.worktime import add

SETTLED = (RequestState.GRANTED, RequestState.REFUSED)


def rule_of(rules: Rules, kind: str) -> RequestRule:
    """The rule for one kind; raises HouseError when the office does not take such requests."""
    rule = rules.requests.get(kind)
    if rule is None or not rule.is_enabled:
        raise HouseError(_("本街道没有启用“%(kind)s”申请。") % {"kind": RequestKind(kind).label})
    return rule


def reason_of(rules: Rules, kind: str, code: str) -> RequestReason | None:
    """The chosen ground; raises HouseError for one that is not on the office's list."""
    listed = {row.code: row for row in rules.reasons if row.kind == kind and row.is_enabled}
    if not listed:
        return None
    if code not in listed:
        raise HouseError(_("请从列表中选择申请理由。"))
    return listed[code]


def refuse_late_return(
    case: Complaint,
    current: Assignment | None,
    rule: RequestRule,
    calendar: Calendar,
    now: datetime,
) -> None:
    """A return is asked for within some workdays of the dispatch (`domain.md` 1.6 rule 10)."""
    if current is None:
        raise WrongMove(_("现在没有可以退的派单，请刷新页面。"))
    if rule.ask_within is None:
        return
    unit = amounts.unit_for(rule.ask_within_unit, case)
    if now > add(current.dispatched_at, rule.ask_within, unit, calendar).at:
        raise HouseError(
            _("派单已超过 %(span)s，不能再申请退单；如确需改派，请联系街道热线办。")
            % {"span": span_words(rule.ask_within, unit)}
        )


def refuse_past_due(case: Complaint, kind: str, now: datetime) -> None:
    """An extension or suspension is asked for, and granted, before the due moment (rule 8)."""
    if case.due_at is None or now >= case.due_at:
        sentences = {
            RequestKind.EXTENSION: _("已过办理期限，不能再延期；请尽快办结并说明原因。"),
            RequestKind.SUSPENSION: _("已过办理期限，不能再挂起；请尽快办结并说明原因。"),
        }
        raise HouseError(sentences[RequestKind(kind)])


def refuse_too_often(rows: list[CaseRequest], rule: RequestRule, case: Complaint) -> None:
    """Not more often than the rule allows in one round; what was refused does not count."""
    granted = [row for row in rows if row.state == RequestState.GRANTED and row.round == case.round]
    if rule.most_count is not None and len(granted) >= rule.most_count:
        raise HouseError(
            _("本轮%(kind)s已达 %(most)s 次上限，不能再申请。")
            % {"kind": rule.get_kind_display(), "most": rule.most_count}
        )


def refuse_too_much(
    rows: list[CaseRequest], rule: RequestRule, amount: int, unit: str, calendar: Calendar
) -> None:
    """Not more than the rule allows in sum, counted in its `unit`."""
    if amount < 1:
        raise HouseError(_("申请的时长至少为 1。"))
    if rule.most_amount is None:
        return
    granted = [row for row in rows if row.state == RequestState.GRANTED]
    left = rule.most_amount - sum(amounts.used(row, unit, calendar) for row in granted)
    if amount > left:
        raise HouseError(
            _("%(kind)s合计不能超过 %(most)s，还可申请 %(left)s。")
            % {
                "kind": rule.get_kind_display(),
                "most": span_words(rule.most_amount, unit),
                "left": span_words(max(left, 0), unit),
            }
        )


def refuse_double(rows: list[CaseRequest]) -> None:
    """One request of a kind waits at a time."""
    for row in rows:
        if row.state == RequestState.PENDING:
            raise WrongMove(
                _("已有一个%(kind)s申请在等待审批，请不要重复申请。")
                % {"kind": row.get_kind_display()}
            )


def refuse_without_evidence(rule: RequestRule, evidence: str, photo: Photo | None) -> None:
    """Where the rule asks for it, words or a photo that prove the ground."""
    if rule.needs_evidence and not evidence.strip() and photo is None:
        raise HouseError(_("请写明依据（文件、文号、联系情况），或附上照片。"))


def decider_of(case: Complaint, rule: RequestRule, rows: list[CaseRequest]) -> Organisation:
    """Who decides: the dispatch desk above the holder, or the street; never the holder itself.

    A return that was decided as often as the rule allows goes one level higher (G27). A case
    about staff is decided by the street alone.
    """
    if rule.decider == RequestDecider.STREET or case.is_confidential:
        return case.subdistrict
    if rule.kind == RequestKind.RETURN and is_at_the_level_above(rows, rule):
        return case.subdistrict
    return dispatch_desk_above(case)


def is_at_the_level_above(rows: list[CaseRequest], rule: RequestRule) -> bool:
    """Whether returns of this case were decided as often as one level may."""
    settled = sum(row.state in SETTLED for row in rows)
    return rule.most_count is not None and settled >= rule.most_count


def deciders(request: CaseRequest) -> list[int]:
    """Who is told that a request waits: those who may decide there, without who asked."""
    people = [person.pk for person in who_serves(request.decider, word=Word.DISPATCH)]
    return [pk for pk in people if request.asked_by is None or pk != request.asked_by.person_id]


def refuse_decider(request: CaseRequest, by: Any) -> None:
    """Raise PermissionDenied unless `by` decides there and has not asked.

    Where the level above is the street again, a further return is decided by another person than
    the one before it, so that two clerks are enough however often a case comes back.
    """
    if not may(by, Word.DISPATCH, request.decider_path):
        raise PermissionDenied(_("这个申请由上一级审批，您不能决定。"))
    if request.asked_by_id == by.pk:
        raise PermissionDenied(_("申请人不能审批自己的申请，请由另一位同事审批。"))
    if request.kind != RequestKind.RETURN:
        return
    before = CaseRequest.objects.filter(
        complaint=request.complaint_id,
        kind=RequestKind.RETURN,
        state__in=SETTLED,
        decider_path=request.decider_path,
    ).order_by("-decided_at", "-pk")
    if before.values_list("decided_by", flat=True).first() == by.pk:
        raise PermissionDenied(_("您已决定过这件诉求的退单，再次退单须由另一位同事审批。"))


def is_late(case: Complaint) -> bool:
    """Whether the binding moment has passed."""
    return case.due_at is None or timezone.now() >= case.due_at
