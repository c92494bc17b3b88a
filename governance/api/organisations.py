"""Organisations for programs: the tree down to the building groups, without anybody's home."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from governance.api.pages import PageQuery
from governance.api.views import ListView, RowView, told
from governance.choices import ApiArea, BranchKind, CommunityKind, Level, OrganisationKind
from governance.models import Organisation
from governance.models.reach import beneath

# A party household is a family: it never leaves the house (domain.md 4.1).
LEVELS = [level for level in Level if level < Level.PARTY_HOUSEHOLD]


class OrganisationQuery(PageQuery):
    """What a list of organisations can be narrowed to."""

    level = serializers.ChoiceField(choices=[(one.value, one.label) for one in LEVELS],
                                    required=False, help_text="层级 level")  # fmt: skip
    kind = serializers.ChoiceField(
        choices=OrganisationKind.choices, required=False, help_text="类型 kind"
    )
    within = serializers.IntegerField(
        min_value=1, max_value=2**31 - 1, required=False,
        help_text="本组织及其下级 this organisation and everything beneath it (id)",
    )  # fmt: skip
    is_current = serializers.BooleanField(required=False, help_text="未撤销 not closed")


class OrganisationRow(serializers.Serializer[Organisation]):
    """An organisation; `parent` is the id of the one above it."""

    id = serializers.IntegerField()
    parent = serializers.IntegerField(source="parent_id", allow_null=True)
    kind = serializers.ChoiceField(choices=OrganisationKind.choices)
    level = serializers.ChoiceField(choices=Level.choices, allow_null=True)
    name = serializers.CharField()
    short_name = serializers.CharField()
    short_code = serializers.CharField()
    division_code = serializers.CharField()
    community_kind = serializers.ChoiceField(choices=CommunityKind.choices, allow_blank=True)
    branch_kind = serializers.ChoiceField(choices=BranchKind.choices, allow_blank=True)
    started_on = serializers.DateField()
    ended_on = serializers.DateField(allow_null=True)


class OrganisationReference(serializers.Serializer[Organisation]):
    """Which organisation, in short."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    level = serializers.ChoiceField(choices=Level.choices, allow_null=True)


def readable(view: Any) -> Any:
    """The organisations the token reads."""
    rows = Organisation.objects.visible_to(view.request.user, view.word)
    return rows.exclude(level=Level.PARTY_HOUSEHOLD)


@told("组织列表 List organisations")
class Organisations(ListView):
    """组织：街道、社区、网格党支部、楼宇党小组和部门。The tree of organisations, by id."""

    area = ApiArea.ORGANISATIONS
    serializer_class = OrganisationRow
    query_serializer_class = OrganisationQuery

    def get_queryset(self) -> Any:
        asked, rows = self.asked, readable(self)
        for name in ("level", "kind"):
            if name in asked:
                rows = rows.filter(**{name: asked[name]})
        if "is_current" in asked:
            rows = rows.filter(ended_on__isnull=asked["is_current"])
        if "within" in asked:
            rows = rows.filter(beneath("path", [path_of(self, "within", asked["within"])]))
        return rows


@told("一个组织 Read one organisation")
class OneOrganisation(RowView):
    """一个组织。One organisation."""

    area = ApiArea.ORGANISATIONS
    serializer_class = OrganisationRow

    def get_queryset(self) -> Any:
        return readable(self)


def path_of(view: Any, name: str, pk: int) -> str:
    """The path of an organisation within reach that a parameter names by id.

    Raises ValidationError for a foreign one just as for one that never was.
    """
    path = readable(view).filter(pk=pk).values_list("path", flat=True).first()
    if path is None:
        text = _("没有编号为 %(id)s 的组织，或不在令牌的范围内。") % {"id": pk}
        raise serializers.ValidationError({name: [text]})
    return str(path)
