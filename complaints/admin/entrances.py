"""The residents' entrance at the desk: links to cases, notices, plain words, budgets."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from complaints.admin.pages import case_url, page
from complaints.admin.rules import RuleAdmin
from complaints.desk.casepage import case_within_reach
from complaints.entrances import base_address, next_version
from complaints.models import Category, PlainKind, PrivacyNotice, ResidentLink, ResidentRules
from complaints.services import grid_boards, resident_links
from complaints.services.supervising import note_reading
from governance.admin.base import DoorAdmin, StreetRowAdmin
from governance.choices import Word
from governance.errors import HouseError
from governance.models.reach import may
from governance.selectors import rule_rows


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
                where = reverse("resident:case", args=[secret])
                address = base_address(request, case.subdistrict_id) + where
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


@admin.register(ResidentLink)
class ResidentLinkAdmin(DoorAdmin):
    """The door to the link of a case; no list of links exists anywhere."""

    change_words = (Word.DISPATCH,)

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        return [path("<int:pk>/", wrap(link_page), name="complaints_residentlink_case")]


# ── rows of the office ─────────────────────────────────────────────────────────────────────────


@admin.register(PrivacyNotice)
class PrivacyNoticeAdmin(StreetRowAdmin):
    """What residents are told; a change is a new version, because cases keep the one agreed to."""

    may_change = False
    search_fields = ("title", "subdistrict__name")
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

    search_fields = ("name", "category__full_name", "subdistrict__name")
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

    search_fields = ("subdistrict__name",)
    list_display = ("__str__", "address_hour", "phone_day", "link_days", "public_address")
    list_select_related = ("subdistrict",)
    fixed_fields = ("subdistrict",)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "public_address":
            kwargs["assume_scheme"] = "https"
        return super().formfield_for_dbfield(db_field, request, **kwargs)
