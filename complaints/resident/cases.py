"""查进度: the page behind a secret link, and the three deeds a resident has there."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from complaints.choices import Satisfaction, Stage
from complaints.entrances import public_reply, shown_photos
from complaints.forms import KeyedForm
from complaints.history import steps_of
from complaints.models import Complaint, ResidentLink
from complaints.photos import read_picture
from complaints.resident import progress
from complaints.resident.answers import CONFLICT, UNFIT, not_here, page, residents_page
from complaints.resident.forms import RateForm, SupplementForm, WithdrawForm
from complaints.rules import rules_of
from complaints.served import picture
from complaints.services import photos, resident_deeds
from complaints.services.resident_links import link_behind
from complaints.workflow import MOVES
from governance.errors import HouseError, WrongMove

FACES = (
    (Satisfaction.SATISFIED, gettext_lazy("满意"), "emoji-smile"),
    (Satisfaction.BASICALLY, gettext_lazy("基本满意"), "emoji-neutral"),
    (Satisfaction.DISSATISFIED, gettext_lazy("不满意"), "emoji-frown"),
)


def behind_a_link(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view the link of the address, or the one answer for all that is none."""

    @wraps(view)
    def opened(request: HttpRequest, secret: str, **more: int) -> HttpResponse:
        link = link_behind(secret)
        return not_here(request) if link is None else view(request, link, secret, **more)

    return opened


@residents_page
@require_GET
@behind_a_link
def case(request: HttpRequest, link: ResidentLink, secret: str) -> HttpResponse:
    """Where the matter stands, and what the resident may do about it now."""
    return draw(request, link, secret)


@residents_page
@require_GET
@behind_a_link
def photo(request: HttpRequest, link: ResidentLink, secret: str, pk: int) -> HttpResponse:
    """One photo of the finished work, if it was cleared for the resident; `?small` a small copy."""
    told = link.complaint.merged_into or link.complaint
    shown = {one.pk: one for one in shown_photos(told, public_reply(told))}
    if pk not in shown:
        return not_here(request)
    try:
        return picture(photos.open_photo(shown[pk], small="small" in request.GET))
    except FileNotFoundError:
        return not_here(request)


@residents_page
@require_POST
@behind_a_link
def rate(request: HttpRequest, link: ResidentLink, secret: str) -> HttpResponse:
    """满意 · 基本满意 · 不满意, in one tap."""
    form = RateForm(request.POST)
    return carry_out(request, link, secret, form, resident_deeds.rate, "rate_form")


@residents_page
@require_POST
@behind_a_link
def take_back_rating(request: HttpRequest, link: ResidentLink, secret: str) -> HttpResponse:
    """The wrong face was tapped: back to the three faces, for a short time."""
    form = KeyedForm(request.POST)
    return carry_out(request, link, secret, form, resident_deeds.take_back_rating, "")


@residents_page
@require_POST
@behind_a_link
def supplement(request: HttpRequest, link: ResidentLink, secret: str) -> HttpResponse:
    """What the office asked for, with photos."""
    form = SupplementForm(request.POST)
    uploads = request.FILES.getlist("photos")

    def act(link: ResidentLink, **given: Any) -> None:
        photos.refuse_too_many(uploads)
        pictures = [read_picture(upload) for upload in uploads]
        resident_deeds.supplement(link, pictures=pictures, **given)

    return carry_out(request, link, secret, form, act, "supplement_form")


@residents_page
@require_http_methods(["GET", "POST"])
@behind_a_link
def withdraw(request: HttpRequest, link: ResidentLink, secret: str) -> HttpResponse:
    """Asked once more before the matter is taken back."""
    if request.method == "POST":
        form = WithdrawForm(request.POST)
        return carry_out(request, link, secret, form, resident_deeds.withdraw, "")
    if not may_withdraw(link.complaint):
        return draw(request, link, secret, status=CONFLICT)
    form = WithdrawForm(initial={"key": uuid4()})
    return page(
        request, "resident/withdraw.html", case=link.complaint, form=form, secret=secret,
        rules=rules_of(link.complaint.subdistrict_id).resident,
    )  # fmt: skip


def carry_out(
    request: HttpRequest,
    link: ResidentLink,
    secret: str,
    form: Any,
    act: Callable[..., None],
    shown_as: str,
) -> HttpResponse:
    """Do the deed and show the case; a refusal shows it too, with what was typed."""
    sentence, status = "", UNFIT
    if form.is_valid():
        try:
            act(link, **form.cleaned_data)
            return HttpResponseRedirect(reverse("resident:case", args=[secret]))
        except WrongMove as refusal:
            sentence, status = refusal.message, CONFLICT
        except HouseError as refusal:
            sentence = refusal.message
    form.under_new_key()
    fresh = link_behind(secret) or link
    more = {shown_as: form} if shown_as else {}
    return draw(request, fresh, secret, status=status, sentence=sentence, form=form, **more)


def draw(
    request: HttpRequest, link: ResidentLink, secret: str, status: int = 200, **more: Any
) -> HttpResponse:
    """The page of a case as it stands; a merged one tells of the case it went into."""
    own = link.complaint
    told = own.merged_into or own
    rules = rules_of(own.subdistrict_id)
    steps = sorted(steps_of(own), key=lambda step: step.number)
    rated, reply = resident_deeds.own_word(own), public_reply(told)
    context = {
        "case": own,
        "told": told,
        "secret": secret,
        "heading": progress.heading(own),
        "steps": progress.four_steps(told),
        "lines": progress.what_was_told(steps),
        "promise": progress.promise(told),
        "unit": unit_of(told),
        "reply": reply,
        "photos": shown_photos(told, reply),
        "sent_count": getattr(link, "sent_count", None),
        "asked": progress.asked(steps) if own.stage == Stage.PENDING_SUPPLEMENT else "",
        "rejected": progress.why_rejected(steps) if own.stage == Stage.REJECTED else "",
        "faces": FACES if resident_deeds.may_be_rated(own) else (),
        "rated": rated,
        "may_take_back": rated is not None and resident_deeds.may_take_back(own),
        "may_withdraw": may_withdraw(own),
        "rules": rules.resident,
        "days_to_answer": rules.case.supplement_workdays,
        "link": link,
        "address": request.build_absolute_uri(reverse("resident:case", args=[secret])),
        "rate_form": RateForm(initial={"key": uuid4()}),
        "supplement_form": SupplementForm(initial={"key": uuid4()}),
    }
    return page(request, "resident/case.html", status=status, **(context | more))


def unit_of(case: Complaint) -> str:
    """Who answers for it; of a confidential case nothing is told."""
    if case.is_confidential or case.main_unit is None:
        return ""
    return str(case.main_unit.display_name)


def may_withdraw(case: Complaint) -> bool:
    """Whether it is early enough to take the matter back, and nobody else waits for it."""
    is_alone = not case.merged_count and not case.part_count
    return is_alone and case.stage in MOVES["withdraw"].before
