"""Grids for programs: codes, tiers and drawn boundaries."""

from typing import Any

from rest_framework import serializers

from governance.api.organisations import OrganisationReference, path_of
from governance.api.pages import PageQuery
from governance.api.views import ListView, RowView, told
from governance.choices import ApiArea
from governance.models.reach import beneath
from grids.choices import GridKind, Tier
from grids.models import Grid


class GridQuery(PageQuery):
    """What a list of grids can be narrowed to."""

    code = serializers.CharField(
        max_length=20, required=False, help_text="网格编码（完整） whole code"
    )
    tier = serializers.ChoiceField(choices=Tier.choices, required=False, help_text="层次 tier")
    kind = serializers.ChoiceField(choices=GridKind.choices, required=False, help_text="类型 kind")
    organisation = serializers.IntegerField(
        min_value=1, max_value=2**31 - 1, required=False,
        help_text="组织及其下级的网格 grids of this organisation and beneath it (id)",
    )  # fmt: skip
    is_current = serializers.BooleanField(required=False, help_text="未停用 in use")


class GridRow(serializers.Serializer[Grid]):
    """A grid; `parent` is the id of the grid it is a part of."""

    id = serializers.IntegerField()
    code = serializers.CharField()
    name = serializers.CharField()
    tier = serializers.ChoiceField(choices=Tier.choices)
    kind = serializers.ChoiceField(choices=GridKind.choices)
    parent = serializers.IntegerField(source="parent_id", allow_null=True)
    organisation = OrganisationReference()
    started_on = serializers.DateField()
    ended_on = serializers.DateField(allow_null=True)


class DrawnGrid(GridRow):
    """A grid with its boundary, a GeoJSON geometry in WGS-84, or null while not drawn."""

    boundary = serializers.DictField(allow_null=True)


def readable(view: Any) -> Any:
    """The grids the token reads."""
    return Grid.objects.visible_to(view.request.user, view.word).select_related("organisation")


@told("网格列表 List grids")
class Grids(ListView):
    """网格，不含边界；边界在单个网格中。Grids without their boundaries, by id."""

    area = ApiArea.GRIDS
    serializer_class = GridRow
    query_serializer_class = GridQuery

    def get_queryset(self) -> Any:
        asked, rows = self.asked, readable(self).defer("boundary")
        for name in ("code", "tier", "kind"):
            if name in asked:
                rows = rows.filter(**{name: asked[name]})
        if "is_current" in asked:
            rows = rows.filter(ended_on__isnull=asked["is_current"])
        if "organisation" in asked:
            path = path_of(self, "organisation", asked["organisation"])
            rows = rows.filter(beneath("organisation__path", [path]))
        return rows


@told("一个网格 Read one grid")
class OneGrid(RowView):
    """一个网格及其边界。One grid with its boundary."""

    area = ApiArea.GRIDS
    serializer_class = DrawnGrid

    def get_queryset(self) -> Any:
        return readable(self)
