"""The residents' entrance at the desk: boards with codes, links to cases, notices, plain words, budgets."""

import re
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _

from complaints.admin.pages import case_url, page, require_word
from complaints.admin.rules import RuleAdmin
from complaints.desk.casepage import case_within_reach
from complaints.entrances import next_version
from complaints.models import (
    Category,
    PlaceCode,
    PlainKind,
    PrivacyNotice,
    ResidentLink,
    ResidentRules,
)
from complaints.rules import rules_of
from complaints.services import grid_boards, resident_links
from complaints.services.place_codes import WORDS, Place, current_code, new_code
from complaints.services.supervising import note_reading
from governance.admin.base import ScopedAdmin, StreetRowAdmin
from governance.choices import Word
from governance.errors import HouseError
from governance.models.reach import may
from governance.selectors import rule_rows
from grids.models import Building, Grid

ROWS = 50
KINDS: dict[str, Any] = {"building": Building, "grid": Grid}
JOINED = {"building": ("compound__community",), "grid": ("organisation",)}


def places(user: Any, kind: str) -> Any:
    """Buildings or grids whose boards the user looks after."""
    model = KINDS[kind]
    found = model.objects.visible_to(user, WORDS[0]) | model.objects.visible_to(user, WORDS[1])
    return found.filter(ended_on=None).select_related(*JOINED[kind]).distinct()


def board_list(request: HttpRequest) -> HttpResponse:
    """All places with their boards; one button makes the codes that this page still lacks."""
    require_word(request.user, *WORDS)
    kind = "grid" if request.GET.get("of") == "grid" else "building"
    query = request.GET.get("q", "").replace("\x00", "").strip()[:60]
    after = request.GET.get("after", "")
    rows = searched(places(request.user, kind), kind, query).order_by("pk")
    if after.isdecimal() and len(after) < 18:
        rows = rows.filter(pk__gt=int(after))
    found = list(rows[: ROWS + 1])
    shown = found[:ROWS]
    codes = grid_boards.current_codes(shown)
    missing = [row for row in shown if row.pk not in codes]
    if request.method == "POST":
        for row in missing:
            new_code(row, by=request.user)
        messages.success(request, _("已生成 %(count)s 个二维码。") % {"count": len(missing)})
        return redirect(request.get_full_path())
    return page(
        request,
        "desk/boards.html",
        title=_("网格公示牌"),
        kind=kind,
        q=query,
        lines=[(row, grid_boards.community_of(row), codes.get(row.pk)) for row in shown],
        missing=len(missing),
        more=shown[-1].pk if len(found) > ROWS else None,
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
    address = address_of(request, code) if code else ""
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
    """The A4 sheet for the wall."""
    place = place_within_reach(request, kind, pk)
    code = current_code(place)
    if code is None:
        raise Http404
    address = address_of(request, code)
    with_phones = request.GET.get("phones") != "no"
    return page(
        request,
        "desk/board_print.html",
        title=_("%(place)s公示牌") % {"place": place},
        place=place,
        community=grid_boards.community_of(place),
        code=code,
        picture=grid_boards.picture_of(address),
        staff=grid_boards.board_of(place, by=request.user, with_phones=with_phones),
        rules=rules_of(code.subdistrict_id).resident,
        back_url=reverse(f"admin:complaints_placecode_{kind}", args=[pk]),
    )


def address_of(request: HttpRequest, code: PlaceCode) -> str:
    """What the picture leads to: the residents' own address of the portal, else the desk's."""
    where = reverse("resident:report", args=[code.code])
    base = rules_of(code.subdistrict_id).resident.public_address.rstrip("/")
    return f"{base}{where}" if base else request.build_absolute_uri(where)


@admin.register(PlaceCode)
class PlaceCodeAdmin(ScopedAdmin):
    """The door to the boards; every page behind it is our own."""

    view_words = WORDS
    change_words = WORDS
    may_add = may_change = False

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        own = [path("", wrap(board_list), name="complaints_placecode_changelist")]
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


# ── the link of one case ───────────────────────────────────────────────────────────────────────


def link_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Whether a resident can follow this case; another link, or none any more."""
    case = case_within_reach(request.user, pk)
    note_reading(case, request.user)
    if not may(request.user, Word.DISPATCH, case.holder_path or case.subdistrict.path):
        raise PermissionDenied
    address = sentence = ""
    status = 200
    if request.method == "POST":
        try:
            if request.POST.get("action") == "revoke":
                resident_links.revoke(pk, by=request.user)
                messages.success(request, _("链接已停用，持有旧链接的人不能再查看。"))
            elif request.POST.get("action") == "renew":
                secret = resident_links.renew(pk, by=request.user)
                address = public_address(request, case, reverse("resident:case", args=[secret]))
            else:
                sentence, status = _("请选择换新链接或停用。"), 422
        except HouseError as refusal:
            sentence, status = refusal.message, 422
    return page(
        request,
        "desk/resident_link.html",
        title=_("居民查询链接"),
        status=status,
        case=case,
        link=resident_links.current_link(case),
        address=address,
        picture=grid_boards.picture_of(address) if address else "",
        sentence=sentence,
        back_url=case_url(pk),
    )


def public_address(request: HttpRequest, case: Any, where: str) -> str:
    """An address of the residents' door as residents reach it."""
    base = rules_of(case.subdistrict_id).resident.public_address.rstrip("/")
    return f"{base}{where}" if base else request.build_absolute_uri(where)


@admin.register(ResidentLink)
class ResidentLinkAdmin(ScopedAdmin):
    """The door to the link of a case; no list of links exists anywhere."""

    change_words = (Word.DISPATCH,)
    may_add = may_change = False

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        return [path("<int:pk>/", wrap(link_page), name="complaints_residentlink_case")]


# ── rows of the office ─────────────────────────────────────────────────────────────────────────


@admin.register(PrivacyNotice)
class PrivacyNoticeAdmin(StreetRowAdmin):
    """What residents are told; a change is a new version, because cases keep the one agreed to."""

    may_change = False
    list_display = ("title", "version", "subdistrict", "made_at")
    list_select_related = ("subdistrict",)
    fields = ("subdistrict", "title", "text")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "text":
            kwargs["widget"] = forms.Textarea(attrs={"rows": 16, "cols": 80})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """The next number of the street, and who wrote it."""
        obj.version, obj.made_by = next_version(obj.subdistrict), request.user
        super().save_model(request, obj, form, change)


@admin.register(PlainKind)
class PlainKindAdmin(StreetRowAdmin):
    """The words residents choose from, and the category each leads to."""

    list_display = ("name", "category", "position", "is_enabled", "subdistrict")
    list_select_related = ("category", "subdistrict")
    fixed_fields = ("subdistrict",)
    fields = ("subdistrict", "position", "name", "icon", "category", "is_enabled")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "category":
            rows = rule_rows(Category, request.user, self.view_words)
            kwargs["queryset"] = rows.filter(is_leaf=True, is_enabled=True)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(ResidentRules)
class ResidentRulesAdmin(RuleAdmin):
    """Budgets, how long a link lives, and what stands at the foot of residents' pages."""

    list_display = ("__str__", "address_hour", "phone_day", "link_days", "public_address")
    list_select_related = ("subdistrict",)
    fixed_fields = ("subdistrict",)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "public_address":
            kwargs["assume_scheme"] = "https"
        return super().formfield_for_dbfield(db_field, request, **kwargs)
