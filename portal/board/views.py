"""The leader's door: figures as of now, the rows behind each, one case, one word on it."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from complaints.figures import BASE_OF_FIGURE
from complaints.models import Complaint
from complaints.requested import calendar_for
from complaints.selectors import CAP, case_within_reach, count_label
from complaints.services.supervising import instruct as give_instruction
from complaints.services.supervising import note_reading
from governance.choices import Word
from governance.errors import HouseError, WrongMove
from governance.models.reach import require
from governance.services.calendar import current_calendar
from governance.services.deeds import once
from portal.board.behind import Behind
from portal.board.casepage import case_facts, workdays_left
from portal.board.counting import tallies
from portal.board.forms import InstructionForm
from portal.board.formulas import computed
from portal.board.gridmap import BASE_OF_COLOUR, as_geojson, grid_map
from portal.board.labels import FIGURES
from portal.board.overview import overview as read_overview
from portal.board.scope import Scope, scope_of
from portal.growing import growing

CONFLICT, UNFIT = 409, 422


@login_required
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """The figures of one unit, as of now."""
    scope = scope_of(request)
    context = {"scope": scope, "page": read_overview(scope, current_calendar())}
    return render(request, "board/overview.html", context | frame(scope))


@login_required
@require_safe
def wall(request: HttpRequest) -> HttpResponse:
    """The same figures for a screen on the wall: nothing to press, nothing about a person."""
    scope = scope_of(request)
    context = {"scope": scope, "page": read_overview(scope, current_calendar())}
    return render(request, "board/wall.html", context | frame(scope))


@login_required
@require_safe
def formulas(request: HttpRequest) -> HttpResponse:
    """怎么算的: all rates with their formulas, and what they come to for this unit and period."""
    scope = scope_of(request)
    context = {"scope": scope, "computed": computed(scope), "excluded_url": scope.rows("excluded")}
    return render(request, "board/formulas.html", context | frame(scope))


@login_required
@require_safe
def map_data(request: HttpRequest) -> HttpResponse:
    """The polygons of the map with their figures, as GeoJSON; only what the reader may see."""
    scope = scope_of(request)
    return JsonResponse(as_geojson(grid_map(scope, tallies(scope, BASE_OF_COLOUR[scope.colour]))))


@login_required
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """Exactly the rows that a figure counts."""
    scope = scope_of(request, may_look_back=True)
    figure, category = request.GET.get("figure", "open"), request.GET.get("category", "")
    is_number = category.isdecimal() and len(category) < 10
    if figure not in BASE_OF_FIGURE or (category and not is_number):
        raise Http404
    found = Behind(scope, figure, int(category) if category else None)
    if scope.is_before and not found.has_period:
        raise Http404
    page = found.page(request.GET.get("key", ""))
    calendar = current_calendar()
    lines = [(row, workdays_left(row.due_at, calendar)) for row in page.rows]
    context = {
        "scope": scope,
        "figure": figure,
        "label": FIGURES[figure],
        "has_period": found.has_period,
        "page": page,
        "lines": lines,
        "count_words": count_label(found.count(CAP)),
        "category": page.rows[0].category if category and page.rows else None,
        "newer_url": beside(request, page.newer),
        "older_url": beside(request, page.older),
    }
    return render(request, "board/cases.html", context | frame(scope))


@login_required
@require_safe
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """One case, to be read; and the form for a word on it."""
    found = shown_case(request, pk)
    note_reading(found, request.user)
    return draw_case(request, found, InstructionForm.blank(found))


@login_required
@require_POST
def instruct(request: HttpRequest, pk: int) -> HttpResponse:
    """批示: carried out once for its key; what was typed survives a refusal."""
    found = shown_case(request, pk)
    require(request.user, Word.INSTRUCT, found.holder_path or found.subdistrict.path)
    form = InstructionForm(request.POST)
    if not form.is_valid():
        return refuse(request, found, form, UNFIT)
    data = form.cleaned_data

    def act() -> dict[str, Any]:
        due_at = form.due_at(timezone.now(), calendar_for(found))
        row = give_instruction(
            pk, by=request.user, text=data["text"], due_at=due_at, seen=data["seen"]
        )
        return {"instruction": row.pk}

    try:
        once(str(data["key"]), by=request.user, body={"path": request.path, **form.body()}, act=act)
    except WrongMove as refusal:
        return refuse(request, found, form, CONFLICT, refusal.message)
    except HouseError as refusal:
        return refuse(request, found, form, UNFIT, refusal.message)
    messages.success(request, _("批示已送达承办单位，落实情况会通知您。"))
    return redirect("board:case", pk)


def refuse(
    request: HttpRequest, found: Complaint, form: InstructionForm, status: int, sentence: str = ""
) -> HttpResponse:
    """The page again, as the case stands now, with every typed word and a fresh key."""
    found = shown_case(request, found.pk)
    form.under_new_key(seen=found.step_count)
    if sentence:
        messages.error(request, sentence)
    return draw_case(request, found, form, status)


def shown_case(request: HttpRequest, pk: int) -> Complaint:
    """A case within reach; a foreign and a missing one are the same 404."""
    case = case_within_reach(request.user, pk)
    if case is None:
        raise Http404
    return case


def draw_case(
    request: HttpRequest, found: Complaint, form: InstructionForm, status: int = 200
) -> HttpResponse:
    """The page of one case."""
    context = {
        "form": form,
        "as_of": timezone.now(),
        "portal_name": found.subdistrict.display_name,
        **case_facts(found, request.user),
    }
    return render(request, "board/case.html", context, status=status)


def frame(scope: Scope) -> dict[str, Any]:
    """What the bar at the top says."""
    street = scope.above[0] if scope.above else scope.unit
    as_of = timezone.now() if scope.is_before else scope.now
    return {"as_of": as_of, "portal_name": street.display_name, "growing": growing()}


def beside(request: HttpRequest, key: str | None) -> str:
    """The address of a neighbouring page of the same list."""
    if key is None:
        return ""
    return f"?{urlencode({**request.GET.dict(), 'key': key})}"
