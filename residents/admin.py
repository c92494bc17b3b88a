"""Residents at the desk: found by name, phone tail or room; a number only for a written reason."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.admin.base import ScopedAdmin
from governance.choices import SecretKind, Word
from governance.errors import HouseError
from governance.models import Person
from governance.privacy import mask_name
from governance.services.people import reveal
from residents.forms import RevealForm
from residents.models import PersonHouse
from residents.selectors import home_of, people_found

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
