"""外单位答复: what a property company or a department sees behind its one-time link."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from complaints.forms import KeyedForm
from complaints.models import OutsideQuestion
from complaints.resident.answers import CONFLICT, UNFIT, not_here, page, residents_page
from complaints.resident.reporting import kept_count, pictures_of
from complaints.rules import rules_of
from complaints.served import picture
from complaints.services import budgets, outside, photos
from complaints.services.outside import question_behind
from complaints.services.resident_filing import WALL, keep_for_another_try
from governance.errors import HouseError, WrongMove


class AnswerForm(KeyedForm):
    """The one answer; photos lie in the `tray` while a try is sent back."""

    tray = forms.UUIDField(widget=forms.HiddenInput)
    words = forms.CharField(
        label=gettext_lazy("您的答复"), max_length=2000, min_length=2,
        widget=forms.Textarea(attrs={"rows": 6, "maxlength": 2000}),
        error_messages={
            "required": gettext_lazy("请写几句答复。"),
            "min_length": gettext_lazy("请写几句答复。"),
            "max_length": gettext_lazy("答复请控制在 2000 字以内。"),
        },
    )  # fmt: skip
    answered_by = forms.CharField(
        label=gettext_lazy("答复人"), max_length=30, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"max_length": gettext_lazy("答复人请写 30 字以内。")},
    )  # fmt: skip


@residents_page
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, secret: str) -> HttpResponse:
    """The question with what may be known of the matter; after the answer, nothing of it any more."""
    question = question_behind(secret)
    if question is None:
        return not_here(request)
    form = AnswerForm(request.POST)
    if question.answered_at is not None:
        data = form.cleaned_data if form.is_valid() else {}
        if data and outside.was_answered_by(question, data["key"], data["words"]):
            return HttpResponseRedirect(reverse("resident:outside", args=[secret]))
        return already_answered(request, question, 200 if request.method == "GET" else CONFLICT)
    if request.method == "GET":
        return draw(
            request, secret, question, AnswerForm(initial={"key": uuid4(), "tray": uuid4()})
        )
    if not form.is_valid():
        return send_back(request, secret, question, form)
    try:
        carry_out(request, question, form.cleaned_data)
    except WrongMove:
        return again(request, secret)
    except HouseError as refusal:
        return send_back(request, secret, question, form, refusal.message)
    photos.empty_tray(form.cleaned_data["tray"], by=WALL)
    return HttpResponseRedirect(reverse("resident:outside", args=[secret]))


@residents_page
@require_GET
def photo(request: HttpRequest, secret: str, pk: int) -> HttpResponse:
    """One photo the sender has ticked, while the question waits; `?small` a small copy."""
    question = question_behind(secret)
    if question is None or question.answered_at is not None:
        return not_here(request)
    shown = question.shown_photos.filter(pk=pk, complaint=question.complaint_id).first()
    if shown is None:
        return not_here(request)
    try:
        return picture(photos.open_photo(shown, small="small" in request.GET))
    except FileNotFoundError:
        return not_here(request)


def carry_out(request: HttpRequest, question: OutsideQuestion, data: dict[str, Any]) -> None:
    """Read the photos, once the budgets allow for it, and answer."""
    address = request.META.get("REMOTE_ADDR", "")
    rules = rules_of(question.complaint.subdistrict_id).resident
    budgets.refuse_exhausted(outside.budgets_of(rules, question, address))
    outside.answer(
        question,
        key=data["key"],
        words=data["words"],
        answered_by=data["answered_by"],
        pictures=pictures_of(request, data["tray"]),
        address=address,
    )


def again(request: HttpRequest, secret: str) -> HttpResponse:
    """Somebody was quicker, or the question was taken back while it was being answered."""
    question = question_behind(secret)
    if question is None or question.answered_at is None:
        return not_here(request)
    return already_answered(request, question, CONFLICT)


def already_answered(
    request: HttpRequest, question: OutsideQuestion, status: int = 200
) -> HttpResponse:
    """That an answer has come, and nothing of the case."""
    rules = rules_of(question.complaint.subdistrict_id).resident
    return page(
        request, "resident/outside_answered.html", status=status, rules=rules, answered=question.pk
    )


def send_back(
    request: HttpRequest,
    secret: str,
    question: OutsideQuestion,
    form: AnswerForm,
    sentence: str = "",
) -> HttpResponse:
    """The form again with every word, and with the photos, which wait for the next try."""
    tray, uploads = form.cleaned_data.get("tray"), request.FILES.getlist("photos")
    if uploads and isinstance(tray, UUID):
        rules = rules_of(question.complaint.subdistrict_id).resident
        try:
            keep_for_another_try(rules, tray, uploads, request.META.get("REMOTE_ADDR", ""))
        except HouseError as refusal:
            sentence = sentence or refusal.message
    fresh = {} if isinstance(tray, UUID) else {"tray": uuid4()}
    form.under_new_key(**fresh)
    return draw(request, secret, question, form, UNFIT, sentence)


def draw(
    request: HttpRequest,
    secret: str,
    question: OutsideQuestion,
    form: AnswerForm,
    status: int = 200,
    sentence: str = "",
) -> HttpResponse:
    """The page with its form."""
    return page(
        request,
        "resident/outside.html",
        status=status,
        form=form,
        secret=secret,
        question=question,
        pictures=list(question.shown_photos.order_by("pk")),
        street=question.complaint.subdistrict.display_name,
        rules=rules_of(question.complaint.subdistrict_id).resident,
        sentence=sentence,
        kept=kept_count(form),
    )
