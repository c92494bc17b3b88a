"""Grids, compounds and buildings at the desk; boundaries are drawn elsewhere."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from governance.admin.base import ScopedAdmin, ServiceForm
from governance.choices import Level, Word
from governance.models import Organisation
from grids.models import Building, Grid, ResidentialCompound
from grids.services import places


class GridForm(ServiceForm):
    """A new grid; its code is given by the house."""

    class Meta:
        model = Grid
        fields = ("organisation", "name", "tier", "kind", "parent")

    def carry_out(self) -> Grid:
        given = dict(self.cleaned_data)
        return places.open_grid(given.pop("organisation"), given.pop("name"), by=self.by, **given)


@admin.register(Grid)
class GridAdmin(ScopedAdmin):
    """Pieces of the ground and who answers for them."""

    view_words = (Word.MANAGE, Word.SEE)
    list_display = ("code", "name", "tier", "kind", "organisation", "started_on", "ended_on")
    list_filter = ("tier", "kind")
    search_fields = ("code", "name")
    list_select_related = ("organisation",)
    autocomplete_fields = ("organisation", "parent")
    fields = ("name", ("tier", "kind"), "organisation", "parent")
    readonly_fields = ("code", "started_on", "ended_on")
    fixed_fields = ("tier", "kind", "organisation", "parent")

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = GridForm
        return super().get_form(request, obj, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields if obj is None else ("code", *self.fields, "started_on", "ended_on")


class CompoundForm(ServiceForm):
    """A new compound of a community."""

    class Meta:
        model = ResidentialCompound
        fields = ("community", "name", "address")

    def carry_out(self) -> ResidentialCompound:
        given = self.cleaned_data
        return places.add_compound(
            given["community"], given["name"], by=self.by, address=given["address"]
        )


@admin.register(ResidentialCompound)
class CompoundAdmin(ScopedAdmin):
    """Residential estates."""

    view_words = (Word.MANAGE, Word.SEE)
    list_display = ("name", "community", "address", "ended_on")
    search_fields = ("name", "address")
    list_select_related = ("community",)
    fields = ("community", "name", "address")
    fixed_fields = ("community", "name")

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = CompoundForm
        return super().get_form(request, obj, **kwargs)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "community":
            rows = Organisation.objects.visible_to(request.user, Word.MANAGE).current()
            kwargs["queryset"] = rows.filter(level=Level.GRAND_COMMITTEE)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class BuildingForm(ServiceForm):
    """A new building of a compound."""

    class Meta:
        model = Building
        fields = ("compound", "number", "unit_count", "floor_count")

    def carry_out(self) -> Building:
        given = dict(self.cleaned_data)
        return places.add_building(given.pop("compound"), given.pop("number"), by=self.by, **given)


@admin.register(Building)
class BuildingAdmin(ScopedAdmin):
    """Blocks of a compound."""

    view_words = (Word.MANAGE, Word.SEE)
    list_display = ("building", "compound", "unit_count", "floor_count", "ended_on")
    search_fields = ("compound__name", "number")
    list_select_related = ("compound__community",)
    autocomplete_fields = ("compound",)
    fields = ("compound", "number", ("unit_count", "floor_count"))
    fixed_fields = ("compound", "number")

    @admin.display(description=gettext_lazy("楼栋"), ordering="number")
    def building(self, row: Building) -> str:
        """The name as people say it."""
        return str(row)

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = BuildingForm
        return super().get_form(request, obj, **kwargs)
