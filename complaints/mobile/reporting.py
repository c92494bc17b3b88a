"""上报: a matter met on the spot becomes a case, joins another, or is taken on at once."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from complaints.choices import Source
from complaints.forms import ReportForm, WhereForm
from complaints.mobile.answers import UNFIT, carry_out
from complaints.mobile.cards import cards
from complaints.models import Complaint
from complaints.selectors import leaf_categories, similar_nearby
from complaints.services import photos, taking_on
from complaints.services.filing import Draft
from governance.choices import Word
from governance.errors import HouseError
from governance.models import Organisation
from governance.models.reach import may, roots
from governance.selectors import subdistrict_of
from governance.services.deeds import is_known
from grids.coordinates import Point
from grids.selectors import Place, grid_at


@login_required
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """上报: photos first; a likely double is asked about before anything is filed."""
    street = street_of(request.user)
    categories = leaf_categories(street)
    if request.method == "GET":
        return draw(request, ReportForm.blank(categories))
    form = ReportForm(request.POST, categories=categories)
    if trouble := keep_in_tray(request, form):
        return draw(request, form, status=UNFIT, sentence=trouble)
    if "drop" in request.POST:
        if tray := form.cleaned_data.get("tray"):
            photos.drop_kept(tray, request.POST["drop"], by=request.user)
        return draw(request, ReportForm.retyped(request.POST, categories))
    if not form.is_valid():
        return draw(request, form, status=UNFIT)
    place = place_of(form, street)
    doubles = [] if form.is_decided else look_around(request.user, form, place)
    # Sent twice, the case that came out of the first time must not look like a double.
    if doubles and not is_known(form.cleaned_data["key"]):
        return ask(request, form, place, doubles)
    return file(request, form, street, place)


@login_required
@require_GET
def where(request: HttpRequest) -> JsonResponse:
    """所属网格: in whose grid an address or a position lies, while the report is being written."""
    street, form = street_of(request.user), WhereForm(request.GET)
    if not form.is_valid():
        return JsonResponse({"grid": ""})
    data = form.cleaned_data
    place = grid_at(subdistrict=street, address=data["address"], point=point_of(data))
    return JsonResponse({"grid": place.organisation.display_name if place.organisation else ""})


def street_of(user: Any) -> Organisation:
    """The street in which the user serves; who serves nowhere has nothing to report to."""
    paths = roots(user, Word.HANDLE) or roots(user, Word.SEE)
    if not paths:
        raise Http404
    return subdistrict_of(paths[0])


def keep_in_tray(request: HttpRequest, form: ReportForm) -> str:
    """Put the photos of the request into the tray at once; returns what was wrong with them."""
    uploads = request.FILES.getlist("photos")
    form.is_valid()
    tray = form.cleaned_data.get("tray")
    if not uploads or tray is None:
        return ""
    try:
        photos.keep(tray, uploads, by=request.user)
    except HouseError as refusal:
        return refusal.message
    return ""


def place_of(form: ReportForm, street: Organisation) -> Place:
    """Where it is: by the words first, refined by the position of the phone."""
    data = form.cleaned_data
    return grid_at(
        subdistrict=street,
        address=data["address"] or data["text"][:200],
        point=point_of(data),
    )


def point_of(data: dict[str, Any]) -> Point | None:
    """The position of the phone (WGS-84), when both halves are there."""
    if data["lng"] is None or data["lat"] is None:
        return None
    return data["lng"], data["lat"]


def look_around(user: Any, form: ReportForm, place: Place) -> list[Complaint]:
    """What others have reported at the same place within three days."""
    return similar_nearby(
        user, building=place.building, compound=place.compound, category=form.leaf()
    )


def draft_of(form: ReportForm, place: Place) -> Draft:
    """The matter as the services take it; a report from the spot is a finding of the grid."""
    data = form.cleaned_data
    return Draft(
        source=Source.PATROL,
        text=data["text"],
        category=form.leaf(),
        address=data["address"],
        place=place.organisation,
        compound=place.compound,
        building=place.building,
        dwelling=place.dwelling,
        lng=data["lng"],
        lat=data["lat"],
        caller_name=data["caller_name"],
        caller_phone=data["caller_phone"],
        is_secret_caller=data["is_secret_caller"],
    )


def file(
    request: HttpRequest, form: ReportForm, street: Organisation, place: Place
) -> HttpResponse:
    """Carry out what was decided, once, and go to the case that came out of it."""
    data, user = form.cleaned_data, request.user
    draft, more = draft_of(form, place), {"subdistrict": street, "by": user, "tray": data["tray"]}

    def act() -> dict[str, Any]:
        if form.joins:
            target = Complaint.objects.visible_to(user).open().filter(pk=form.joins).first()
            if target is None:
                raise HouseError(_("要并入的诉求刚刚办结了，请直接上报。"))
            case = taking_on.join(draft, target, **more)
        elif form.takes_on:
            case = taking_on.take_on(draft, **more)
        else:
            case = taking_on.report(draft, **more)
        return {"pk": case.pk, "number": case.number, "is_seen": is_seen(case, user)}

    done = carry_out(
        request, form, act, again=lambda status, said: draw(request, form, status, said)
    )
    return done if isinstance(done, HttpResponse) else arrived(request, done, data["tray"], place)


def is_seen(case: Complaint, user: Any) -> bool:
    """Whether the reporter can open the case: an unplaced or confidential one is the desk's."""
    return not case.is_confidential and may(user, Word.SEE, case.place_path)


def arrived(request: HttpRequest, answer: dict[str, Any], tray: UUID, place: Place) -> HttpResponse:
    """Say under which number it arrived and in whose grid, and clear what was kept for it."""
    photos.empty_tray(tray, by=request.user)
    grid = place.organisation.display_name if place.organisation else _("待街道确认")
    said = _("已上报，编号 %(number)s，所属网格：%(grid)s。") % {**answer, "grid": grid}
    messages.success(request, said, extra_tags="report")
    if answer["is_seen"]:
        return redirect("mobile:complaint", answer["pk"])
    return redirect("mobile:today")


def draw(
    request: HttpRequest, form: ReportForm, status: int = 200, sentence: str = ""
) -> HttpResponse:
    """The form with what was typed and the photos that are kept."""
    if form.is_bound:
        form.under_new_key()
    context = {
        "form": form,
        "sentence": sentence,
        "kept": kept_names(request, form),
        "may_take_on": bool(roots(request.user, Word.HANDLE)),
        "tray": form["tray"].value(),
        "tab": "report",
    }
    return render(request, "mobile/report.html", context, status=status)


def ask(
    request: HttpRequest, form: ReportForm, place: Place, doubles: list[Complaint]
) -> HttpResponse:
    """并入还是仍然上报: the question page; nothing has been filed yet."""
    takes_on = form.takes_on
    form.under_new_key()
    context = {
        "form": form,
        "place": place,
        "doubles": list(zip(doubles, cards(doubles), strict=True)),
        "kept": kept_names(request, form),
        "tray": form["tray"].value(),
        "takes_on": takes_on,
        "tab": "report",
    }
    return render(request, "mobile/report_doubles.html", context)


def kept_names(request: HttpRequest, form: ReportForm) -> list[str]:
    """The photos in the tray of this form."""
    try:
        tray = UUID(str(form["tray"].value()))
    except ValueError:
        return []
    return photos.kept(tray, by=request.user)
