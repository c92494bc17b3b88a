"""Complaints for programs: what, where by the grid, who is accountable, when — and nobody's name."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from complaints import copies
from complaints.choices import (
    Card,
    LimitUnit,
    ResultKind,
    Satisfaction,
    Solved,
    Source,
    Stage,
    Supervision,
    Urgency,
)
from complaints.models import Category, Complaint
from governance.api.organisations import OrganisationReference, path_of
from governance.api.pages import Order, PageQuery
from governance.api.views import ListView, Moment, RowView, told
from governance.choices import ApiArea, Level
from governance.models import Organisation
from grids.models import Grid


class ComplaintQuery(PageQuery):
    """What a list of complaints can be narrowed to."""

    stage = serializers.MultipleChoiceField(
        choices=Stage.choices, required=False, help_text="状态，可重复 stage, may be repeated"
    )
    is_open = serializers.BooleanField(required=False, help_text="未办结 still open")
    source = serializers.ChoiceField(
        choices=Source.choices, required=False, help_text="来源 source"
    )
    category = serializers.CharField(
        max_length=12, required=False,
        help_text="分类代码及其下级 code of a category and everything beneath it",
    )  # fmt: skip
    organisation = serializers.IntegerField(
        min_value=1, max_value=2**31 - 1, required=False,
        help_text="所属、承办或正在办理的组织及其下级 place, main unit or holder lies here or beneath (id)",
    )  # fmt: skip
    grid = serializers.CharField(
        max_length=20, required=False,
        help_text="网格编码：地址在该网格 code of the grid in which the address lies",
    )  # fmt: skip
    filed_since = Moment(required=False, help_text="登记时间不早于 filed at or after")
    filed_before = Moment(required=False, help_text="登记时间早于 filed before")
    changed_since = Moment(
        required=False,
        help_text="此后有进展的，按变更先后 changed at or after; the order is that of change",
    )


class CategoryReference(serializers.Serializer[Category]):
    """Which category, in short."""

    id = serializers.IntegerField()
    code = serializers.CharField()
    name = serializers.CharField()


class Unit(OrganisationReference):
    """An organisation, never finer than a grid: a building would point at neighbours."""

    def to_representation(self, instance: Organisation) -> Any:
        return super().to_representation(no_finer_than_a_grid(instance))


class ComplaintRow(serializers.Serializer[Complaint]):
    """A complaint without title, text, address, caller, photos and the names of those who act."""

    number = serializers.CharField()
    subdistrict = serializers.IntegerField(source="subdistrict_id")
    source = serializers.ChoiceField(choices=Source.choices)
    source_number = serializers.CharField()
    category = CategoryReference(allow_null=True)
    urgency = serializers.ChoiceField(choices=Urgency.choices)
    stage = serializers.ChoiceField(choices=Stage.choices)
    is_open = serializers.BooleanField()
    place = Unit(allow_null=True)
    main_unit = Unit(allow_null=True)
    holder = Unit(allow_null=True)
    round = serializers.IntegerField()
    transfer_count = serializers.IntegerField()
    supervision = serializers.ChoiceField(choices=Supervision.choices)
    card = serializers.ChoiceField(choices=Card.choices)
    is_collective = serializers.BooleanField()
    limit_amount = serializers.IntegerField(allow_null=True)
    limit_unit = serializers.ChoiceField(choices=LimitUnit.choices, allow_blank=True)
    case_due_at = serializers.DateTimeField(allow_null=True)
    due_is_provisional = serializers.BooleanField()
    is_suspended = serializers.BooleanField()
    filed_at = serializers.DateTimeField()
    accepted_at = serializers.DateTimeField(allow_null=True)
    dispatched_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    changed_at = serializers.DateTimeField(allow_null=True)
    result_kind = serializers.ChoiceField(choices=ResultKind.choices, allow_blank=True)
    solved_level = serializers.ChoiceField(choices=Level.choices, allow_null=True)
    solved = serializers.ChoiceField(choices=Solved.choices, allow_blank=True)
    satisfaction = serializers.ChoiceField(choices=Satisfaction.choices, allow_blank=True)


def no_finer_than_a_grid(organisation: Organisation) -> Organisation:
    """The organisation itself, or the branch above a building group or a party household."""
    while organisation.level is not None and organisation.level > Level.GRID_BRANCH:
        assert organisation.parent is not None
        organisation = organisation.parent
    return organisation


def readable(view: Any) -> Any:
    """The complaints the token reads."""
    return copies.publishable(Complaint.objects.visible_to(view.request.user, view.word))


@told("诉求列表 List complaints")
class Complaints(ListView):
    """诉求，新的在前；带 changed_since 时按变更先后，便于增量同步。

    Complaints, the newest first; with `changed_since` in the order of change, for copies that
    are kept up to date.
    """

    area = ApiArea.COMPLAINTS
    serializer_class = ComplaintRow
    query_serializer_class = ComplaintQuery

    @property
    def order(self) -> Order:
        """The newest first, or the order of change."""
        if "changed_since" in self.asked:
            return Order(("changed_at", "pk"))
        return Order(is_descending=True)

    def get_queryset(self) -> Any:
        asked, rows = self.asked, readable(self)
        if asked.get("stage"):
            rows = rows.filter(stage__in=asked["stage"])
        for name in ("is_open", "source"):
            if name in asked:
                rows = rows.filter(**{name: asked[name]})
        for name, lookup in (("filed_since", "gte"), ("filed_before", "lt")):
            if name in asked:
                rows = rows.filter(**{f"filed_at__{lookup}": asked[name]})
        if "category" in asked:
            rows = rows.filter(category__code__startswith=asked["category"])
        if "organisation" in asked:
            rows = copies.touching(rows, path_of(self, "organisation", asked["organisation"]))
        if "grid" in asked:
            rows = copies.lying_in(rows, self.path_of_grid(asked["grid"]))
        if "changed_since" in asked:
            return copies.changed_since(rows, asked["changed_since"])
        return copies.with_change(rows)

    def path_of_grid(self, code: str) -> str:
        """The path of the organisation that works the grid.

        Raises ValidationError for a foreign code just as for one that never was.
        """
        grids = Grid.objects.visible_to(self.request.user, self.word).filter(code=code)
        path = grids.values_list("organisation__path", flat=True).first()
        if path is None:
            text = _("没有编码为 %(code)s 的网格，或不在令牌的范围内。") % {"code": code}
            raise serializers.ValidationError({"grid": [text]})
        return str(path)


@told("一件诉求 Read one complaint")
class OneComplaint(RowView):
    """一件诉求，按编号。One complaint by its number."""

    area = ApiArea.COMPLAINTS
    serializer_class = ComplaintRow
    lookup_field = "number"

    def get_queryset(self) -> Any:
        return copies.with_change(readable(self))
