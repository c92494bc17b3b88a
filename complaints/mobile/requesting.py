"""Requests on the phone: asked for beside the work, taken back, decided, and the lists of them."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from complaints import requested
from complaints.choices import PhotoGroup
from complaints.mobile.answers import case_deed
from complaints.mobile.request_forms import (
    AskExtensionForm,
    AskForm,
    AskSuspensionForm,
    DecideForm,
    EvidenceForm,
    TakeBackForm,
)
from complaints.models import Complaint, Photo
from complaints.selectors import capped_count, count_label
from complaints.services.requests import asking, deciding
from governance.choices import Word
from governance.models.reach import roots

Typed = dict[str, Any]
PAGE_SIZE = 20
SHOWS = {
    "mine": (gettext_lazy("待我审批"), requested.waiting_for),
    "asked": (gettext_lazy("我方申请"), requested.asked_by_my_unit),
    "standing": (gettext_lazy("挂起中"), requested.standing_still),
    "city": (gettext_lazy("待来源批复"), requested.outstanding_at_the_city),
}
ORDERS = {"asked": requested.NEWEST, "standing": requested.BY_END}


@case_deed(
    "ask_return", AskForm, said=gettext_lazy("退单申请已提交，时限照常计算。"),
    template="mobile/ask.html",
)  # fmt: skip
def ask_return(request: HttpRequest, case: Complaint, data: Typed) -> None:
    """申请退单: not ours."""
    asking.ask_return(
        case.pk, by=request.user, note=data["note"], reason=data["reason"], seen=data["seen"]
    )


@case_deed(
    "ask_extension", AskExtensionForm,
    said=gettext_lazy("延期申请已提交；批准前仍按原期限办理。"), template="mobile/ask.html",
)  # fmt: skip
def ask_extension(request: HttpRequest, case: Complaint, data: Typed) -> None:
    """申请延期: more workdays."""
    asking.ask_extension(
        case.pk,
        by=request.user,
        note=data["note"],
        reason=data["reason"],
        amount=data["amount"],
        channel=data["channel"],
        told=data["told"],
        seen=data["seen"],
    )


@case_deed(
    "ask_suspension", AskSuspensionForm,
    said=gettext_lazy("挂起申请已提交；批准前时限照常计算。"), template="mobile/ask.html",
    lays_photos=PhotoGroup.HANDLING,
)  # fmt: skip
def ask_suspension(request: HttpRequest, case: Complaint, data: Typed) -> None:
    """申请挂起: let the clock stand still."""
    asking.ask_suspension(
        case.pk,
        by=request.user,
        note=data["note"],
        reason=data["reason"],
        amount=data["amount"],
        evidence=data["evidence"],
        photo=sent_photo(request, case),
        seen=data["seen"],
    )


@case_deed(
    "claim_out_of_duty", EvidenceForm,
    said=gettext_lazy("超职责申报已提交，请继续办理。"), template="mobile/ask.html",
    lays_photos=PhotoGroup.HANDLING,
)  # fmt: skip
def claim_out_of_duty(request: HttpRequest, case: Complaint, data: Typed) -> None:
    """申报超职责: nobody's duty here."""
    asking.claim_out_of_duty(
        case.pk,
        by=request.user,
        note=data["note"],
        reason=data["reason"],
        evidence=data["evidence"],
        photo=sent_photo(request, case),
        seen=data["seen"],
    )


def sent_photo(request: HttpRequest, case: Complaint) -> Photo | None:
    """The photo that came along and has been laid to the case already."""
    if not request.FILES.getlist("photos"):
        return None
    mine = case.photos.filter(group=PhotoGroup.HANDLING, round=case.round, by=request.user.pk)
    return mine.order_by("-pk").first()


@case_deed("take_back_request", TakeBackForm, said=gettext_lazy("申请已撤回。"))
def take_back_request(request: HttpRequest, case: Complaint, data: Typed) -> None:
    """撤回: no longer wanted."""
    asking.take_back_request(case.pk, by=request.user, request=data["request"], seen=data["seen"])


@case_deed(
    "refuse_request", DecideForm, said=gettext_lazy("已审批，申请单位会收到通知。"),
    template="mobile/decide.html",
)  # fmt: skip
def decide_request(request: HttpRequest, case: Complaint, data: Typed) -> None:
    """审批: granted or refused, by whoever decides and has not asked."""
    if not case.requests.filter(pk=data["request"]).exists():
        raise Http404
    if data["decision"] == "refuse":
        deciding.refuse(data["request"], by=request.user, note=data["note"], seen=data["seen"])
        return
    deciding.grant(
        data["request"],
        by=request.user,
        note=data["note"],
        amount=data["amount"],
        seen=data["seen"],
    )


@login_required
@require_GET
def requests(request: HttpRequest) -> HttpResponse:
    """申请: what waits for me, what we have asked for, what stands still, what the city owes."""
    usual = "mine" if roots(request.user, Word.DISPATCH) else "asked"
    show = request.GET.get("show", usual)
    if show not in SHOWS:
        raise Http404
    rows = SHOWS[show][1](request.user)
    order = ORDERS.get(show, requested.IN_TURN)
    shown, more = requested.page_of(rows, order, request.GET.get("key", ""), PAGE_SIZE)
    context = {
        "tabs": [(name, label, name == show) for name, (label, _rows) in SHOWS.items()],
        "show": show,
        "rows": shown,
        "count": count_label(capped_count(rows)),
        "older_url": f"?{urlencode({'show': show, 'key': more})}" if more else "",
        "tab": "complaints",
    }
    return render(request, "mobile/requests.html", context)
