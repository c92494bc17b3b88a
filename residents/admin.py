"""Residents at the desk: found by name, phone tail or room; a number only for a written reason."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.admin.base import DeedForm, ScopedAdmin, ServiceForm
from governance.choices import Level, SecretKind, Word
from governance.errors import HouseError
from governance.models import Organisation, Person
from governance.privacy import mask_name
from governance.services.people import reveal
from residents.forms import RevealForm
from residents.models import CommunityGroup, PersonHouse
from residents.selectors import home_of, people_found
from residents.services import groups

MOST_SHOWN = 50


@admin.register(PersonHouse)
class PersonHouseAdmin(ScopedAdmin):
    """Ties between people and dwellings within reach. There is no list to leaf through: one asks
    for somebody, and what was asked is posted, so that no name stands in an address."""

    menu_name = gettext_lazy("居民查找")
    view_words = (Word.SEE,)
    may_add = False
    may_change = False
    list_display = ("person", "dwelling", "relation", "is_living")
    list_select_related = ("person__home_organisation", "dwelling__building__compound")
    fields = ("person", "dwelling", "relation", "relation_to_head", "residence_type", "is_head",
              "is_living", "started_on", "ended_on")  # fmt: skip

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        own = path("person/<int:pk>/", wrap(self.person_page), name="residents_person")
        return [own, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Search for somebody; names are masked until somebody is opened for a reason."""
        if not self.has_module_permission(request):
            raise PermissionDenied
        text = request.POST.get("text", "").strip()[:40]
        sentence, found = "", []
        try:
            found = people_found(request.user, text, MOST_SHOWN) if text else []
        except HouseError as refusal:
            sentence = refusal.message
        return self.draw(
            request,
            "desk/residents.html",
            title=_("居民查找"),
            text=text,
            sentence=sentence,
            found=[(row, mask_name(row.name)) for row in found],
        )

    def person_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """One resident; POST shows one number for a written reason, and the audit remembers it."""
        resident = Person.objects.visible_to(request.user).filter(pk=pk).first()
        if resident is None:
            raise Http404
        form, number = RevealForm(request.POST or None), ""
        if request.method == "POST" and form.is_valid():
            try:
                number = reveal(resident, by=request.user, **form.cleaned_data)
            except HouseError as refusal:
                form.add_error("note", refusal.message)
        secrets = {row.kind: row.masked for row in resident.secrets.filter(is_current=True)}
        return self.draw(
            request,
            "desk/resident.html",
            title=mask_name(resident.name),
            status=422 if form.errors else 200,
            resident=resident,
            home=home_of(request.user, resident),
            age=age_on(resident),
            phone=secrets.get(SecretKind.PHONE, ""),
            id_number=secrets.get(SecretKind.ID_NUMBER, ""),
            form=form,
            number=number,
        )

    def draw(
        self, request: HttpRequest, template: str, *, status: int = 200, **context: Any
    ) -> HttpResponse:
        """A page inside the desk's frame."""
        whole = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, template, whole, status=status)


def age_on(resident: Person) -> int | None:
    """Full years lived; None when the day of birth is not known."""
    if resident.birth_on is None:
        return None
    today = timezone.localdate()
    had_birthday = (today.month, today.day) >= (resident.birth_on.month, resident.birth_on.day)
    return today.year - resident.birth_on.year - (not had_birthday)


class GroupForm(ServiceForm):
    """A new group of residents."""

    class Meta:
        model = CommunityGroup
        fields = ("kind", "name", "community", "compound", "member_count", "founded_on")

    def carry_out(self) -> CommunityGroup:
        given = dict(self.cleaned_data)
        return groups.register_group(given.pop("community"), given.pop("name"), by=self.by, **given)


class DissolveForm(DeedForm):
    """解散: the row stays, with its last day."""

    label = gettext_lazy("解散")
    success = gettext_lazy("已登记解散。")
    ended_on = forms.DateField(label=gettext_lazy("解散日期"), initial=timezone.localdate)

    @classmethod
    def is_open_for(cls, subject: Any) -> bool:
        """Only groups that still exist."""
        return subject.ended_on is None

    def act(self) -> str:
        groups.dissolve_group(self.subject, by=self.by, **self.cleaned_data)
        return ""


@admin.register(CommunityGroup)
class CommunityGroupAdmin(ScopedAdmin):
    """Owners' committees, volunteer teams and art groups of the communities within reach."""

    view_words = (Word.MANAGE, Word.SEE)
    list_display = ("name", "kind", "community", "compound", "head", "member_count",
                    "founded_on", "ended_on")  # fmt: skip
    list_filter = ("kind",)
    search_fields = ("name", "community__short_name", "compound__name")
    list_select_related = ("community", "compound", "head")
    fields = ("kind", "name", ("community", "compound"), "member_count", "founded_on")
    fixed_fields = ("kind", "name", "community", "compound", "founded_on")
    autocomplete_fields = ("compound",)
    deeds = {"dissolve": DissolveForm}

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = GroupForm
        return super().get_form(request, obj, **kwargs)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "community":
            rows = Organisation.objects.visible_to(request.user, Word.MANAGE).current()
            kwargs["queryset"] = rows.filter(level=Level.GRAND_COMMITTEE)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
