"""扫码反映: the page behind the code on a wall."""

from io import BytesIO
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from complaints.entrances import current_notice, plain_kinds
from complaints.forms import KeyedForm
from complaints.models import PlaceCode, ResidentRules
from complaints.photos import Picture, read_picture
from complaints.resident.answers import UNFIT, not_here, page, residents_page
from complaints.resident.forms import ReportForm
from complaints.rules import rules_of
from complaints.services import photos
from complaints.services.place_codes import place_behind
from complaints.services.resident_filing import (
    WALL,
    Filed,
    Report,
    file_from_wall,
    keep_for_another_try,
    refuse_flood,
)
from governance.errors import HouseError


@residents_page
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, code: str) -> HttpResponse:
    """The form of a place; what is filed leads on to the resident's own page."""
    place = place_behind(code)
    if place is None:
        return not_here(request)
    notice = current_notice(place.subdistrict)
    if notice is None:  # a street that tells nobody anything may collect nothing
        return not_here(request)
    rules = rules_of(place.subdistrict_id).resident
    given: dict[str, Any] = {
        "kinds": plain_kinds(place.subdistrict),
        "told": notice,
        "least_seconds": rules.least_seconds,
    }
    if request.method == "GET":
        return draw(request, place, rules, ReportForm.blank(**given))
    form = ReportForm(request.POST, **given)
    if not form.is_valid():
        return send_back(request, place, rules, form)
    try:
        filed = file(request, place, rules, form)
    except HouseError as refusal:
        return send_back(request, place, rules, form, refusal.message)
    photos.empty_tray(form.cleaned_data["tray"], by=WALL)
    return HttpResponseRedirect(reverse("resident:case", args=[filed.secret]))


def file(request: HttpRequest, place: PlaceCode, rules: ResidentRules, form: ReportForm) -> Filed:
    """Read the photos, once the budgets allow for it, and file."""
    data, address = form.cleaned_data, request.META.get("REMOTE_ADDR", "")
    refuse_flood(rules, address, data["phone"])
    return file_from_wall(
        place,
        Report(
            key=data["key"],
            text=data["text"],
            notice=form.told,
            kind=form.chosen(),
            detail=data["detail"],
            elsewhere=data["elsewhere"],
            phone=data["phone"],
            is_secret=data["is_secret"],
            address=address,
            pictures=pictures_of(request, data["tray"]),
        ),
    )


def pictures_of(request: HttpRequest, tray: UUID) -> list[Picture]:
    """The photos kept from an earlier try, and those of this request, made anew."""
    kept = (photos.open_kept(tray, name, by=WALL) for name in photos.kept(tray, by=WALL))
    files: list[Any] = [BytesIO(content or b"") for content in kept]
    files += request.FILES.getlist("photos")
    photos.refuse_too_many(files)
    return [read_picture(file) for file in files]


def send_back(
    request: HttpRequest,
    place: PlaceCode,
    rules: ResidentRules,
    form: ReportForm,
    sentence: str = "",
) -> HttpResponse:
    """The form again with every word, and with the photos, which wait for the next try."""
    tray, uploads = form.cleaned_data.get("tray"), request.FILES.getlist("photos")
    if uploads and tray is not None and "website" not in form.errors:
        try:
            keep_for_another_try(rules, tray, uploads, request.META.get("REMOTE_ADDR", ""))
        except HouseError as refusal:
            sentence = sentence or refusal.message
    form.again()
    return draw(request, place, rules, form, status=UNFIT, sentence=sentence)


def draw(
    request: HttpRequest,
    place: PlaceCode,
    rules: ResidentRules,
    form: ReportForm,
    status: int = 200,
    sentence: str = "",
) -> HttpResponse:
    """The page with its form."""
    return page(
        request,
        "resident/report.html",
        status=status,
        form=form,
        place=place,
        street=place.subdistrict.display_name,
        rules=rules,
        sentence=sentence,
        kept=kept_count(form),
        kinds=list(zip(form["kind"], form.kinds.values(), strict=True)),
    )


def kept_count(form: KeyedForm) -> int:
    """How many photos of an earlier try wait in the tray of this form."""
    if not form.is_bound:
        return 0
    try:
        return len(photos.kept(UUID(str(form["tray"].value())), by=WALL))
    except ValueError:
        return 0
