"""网格公示牌 at the desk: codes for walls, one or all at once, and the sheets that are printed."""

import re
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _

from complaints.admin.pages import page, require_word
from complaints.entrances import base_address
from complaints.models import PlaceCode
from complaints.rules import rules_of
from complaints.selectors import LONGEST_KEY, capped_count
from complaints.services import grid_boards
from complaints.services.place_codes import (
    WORDS,
    Place,
    current_code,
    current_codes,
    new_code,
    new_codes,
    without_code,
)
from governance.admin.base import DoorAdmin
from grids.models import Building, Grid

ROWS = 50
MOST_AT_ONCE = 2000
KINDS: dict[str, Any] = {"building": Building, "grid": Grid}
JOINED = {"building": ("compound__community",), "grid": ("organisation",)}


def places(user: Any, kind: str) -> Any:
    """Buildings or grids whose boards the user looks after."""
    model = KINDS[kind]
    found = model.objects.visible_to(user, WORDS[0]) | model.objects.visible_to(user, WORDS[1])
    return found.filter(ended_on=None).select_related(*JOINED[kind]).distinct()


def board_list(request: HttpRequest) -> HttpResponse:
    """All places with their boards; one button makes the codes that are still lacking."""
    require_word(request.user, *WORDS)
    kind, query, rows = asked_for(request)
    if request.method == "POST":
        made = new_codes(list(without_code(rows)[:MOST_AT_ONCE]), by=request.user)
        messages.success(request, _("已生成 %(count)s 个二维码。") % {"count": made})
        return redirect(request.get_full_path())
    shown, more = page_of(request, rows)
    codes = current_codes(shown)
    return page(
        request,
        "desk/boards.html",
        title=_("网格公示牌"),
        kind=kind,
        q=query,
        lines=[(row, grid_boards.community_of(row), codes.get(row.pk)) for row in shown],
        missing=capped_count(without_code(rows)),
        printed=len(codes),
        print_query=request.GET.urlencode(),
        more=more,
    )


def asked_for(request: HttpRequest) -> tuple[str, str, Any]:
    """Which boards the address asks for: their kind, the words looked for, and the rows."""
    kind = "grid" if request.GET.get("of") == "grid" else "building"
    query = request.GET.get("q", "").replace("\x00", "").strip()[:60]
    return kind, query, searched(places(request.user, kind), kind, query).order_by("pk")


def page_of(request: HttpRequest, rows: Any) -> tuple[list[Any], int | None]:
    """Fifty of the rows, and the key under which the next ones begin."""
    after = request.GET.get("after", "")
    if after.isdecimal() and len(after) <= LONGEST_KEY:
        rows = rows.filter(pk__gt=int(after))
    found = list(rows[: ROWS + 1])
    return found[:ROWS], found[ROWS - 1].pk if len(found) > ROWS else None


def boards_print(request: HttpRequest) -> HttpResponse:
    """All sheets of one page of the list, one after the other, for the day of hanging."""
    require_word(request.user, *WORDS)
    _kind, _query, rows = asked_for(request)
    shown, _more = page_of(request, rows)
    codes = current_codes(shown)
    wanted = [row for row in shown if row.pk in codes]
    if not wanted:
        raise Http404
    back = f"{reverse('admin:complaints_placecode_changelist')}?{request.GET.urlencode()}"
    return sheets(request, [(row, codes[row.pk]) for row in wanted], back)


def sheets(
    request: HttpRequest, wanted: list[tuple[Place, PlaceCode]], back_url: str
) -> HttpResponse:
    """The A4 sheets for some walls, each on a page of its own."""
    with_phones = request.GET.get("phones") != "no"
    rows = [place for place, _code in wanted]
    lines = {
        place.pk: staff
        for place, staff in grid_boards.boards_of(rows, by=request.user, with_phones=with_phones)
    }
    base = base_address(request, wanted[0][1].subdistrict_id)
    return page(
        request,
        "desk/board_print.html",
        title=_("网格公示牌"),
        sheets=[
            {
                "place": place,
                "community": grid_boards.community_of(place),
                "code": code,
                "picture": grid_boards.picture_of(base + path_of_code(code)),
                "staff": lines[place.pk],
            }
            for place, code in wanted
        ],
        rules=rules_of(wanted[0][1].subdistrict_id).resident,
        back_url=back_url,
    )


def searched(rows: Any, kind: str, query: str) -> Any:
    """The rows whose name holds the words, e.g. "花园 3"."""
    for word in query.split():
        if kind == "grid":
            rows = rows.filter(Q(name__contains=word) | Q(code=word))
        else:
            number = re.sub(r"\D+$", "", word) or word  # 3 as painted, whatever is said after it
            rows = rows.filter(Q(compound__name__contains=word) | Q(number=number))
    return rows


def place_within_reach(request: HttpRequest, kind: str, pk: int) -> Place:
    """The building or grid; a foreign and a missing one raise the same 404."""
    require_word(request.user, *WORDS)
    place: Place | None = places(request.user, kind).filter(pk=pk).first()
    if place is None:
        raise Http404
    return place


def board_page(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """One board: its code, who stands on it, print, and another code when it was torn off."""
    place = place_within_reach(request, kind, pk)
    if request.method == "POST":
        is_first = current_code(place) is None
        new_code(place, by=request.user)
        said = (
            _("二维码已生成。") if is_first else _("已换新码，旧码从现在起打不开；请重新打印张贴。")
        )
        messages.success(request, said)
        return redirect(request.path)
    code = current_code(place)
    base = base_address(request, code.subdistrict_id) if code else ""
    address = base + path_of_code(code) if code else ""
    return page(
        request,
        "desk/board.html",
        title=_("%(place)s公示牌") % {"place": place},
        place=place,
        community=grid_boards.community_of(place),
        code=code,
        address=address,
        picture=grid_boards.picture_of(address) if code else "",
        staff=grid_boards.staff_of(place),
        print_url=reverse(f"admin:complaints_placecode_{kind}_print", args=[pk]),
        list_url=f"{reverse('admin:complaints_placecode_changelist')}?of={kind}",
    )


def board_print(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The A4 sheet for one wall."""
    place = place_within_reach(request, kind, pk)
    code = current_code(place)
    if code is None:
        raise Http404
    return sheets(
        request, [(place, code)], reverse(f"admin:complaints_placecode_{kind}", args=[pk])
    )


def path_of_code(code: PlaceCode) -> str:
    """The residents' page of a place, without the house it stands in."""
    return reverse("resident:report", args=[code.code])


@admin.register(PlaceCode)
class PlaceCodeAdmin(DoorAdmin):
    """The door to the boards; every page behind it is our own."""

    view_words = WORDS
    change_words = WORDS

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        own = [
            path("", wrap(board_list), name="complaints_placecode_changelist"),
            path("print/", wrap(boards_print), name="complaints_placecode_print"),
        ]
        for kind in KINDS:
            name = f"complaints_placecode_{kind}"
            own += [
                path(f"{kind}/<int:pk>/", wrap(partial(board_page, kind=kind)), name=name),
                path(
                    f"{kind}/<int:pk>/print/",
                    wrap(partial(board_print, kind=kind)),
                    name=f"{name}_print",
                ),
            ]
        return own
