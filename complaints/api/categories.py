"""Categories for programs: the tree with its limits, as it stands today."""

from typing import Any

from rest_framework import serializers

from complaints.choices import FourIsation, LimitUnit, Urgency
from complaints.models import Category
from governance.api.pages import PageQuery
from governance.api.views import ListView, RowView, told
from governance.choices import ApiArea, Level
from governance.selectors import rule_rows


class CategoryQuery(PageQuery):
    """What a list of categories can be narrowed to."""

    code = serializers.CharField(
        max_length=12, required=False, help_text="代码及其下级 this code and everything beneath it"
    )
    is_leaf = serializers.BooleanField(required=False, help_text="末级 chosen for a complaint")
    is_enabled = serializers.BooleanField(required=False, help_text="启用 in use")


class CategoryRow(serializers.Serializer[Category]):
    """A category; `subdistrict` is null when it is common to all streets."""

    id = serializers.IntegerField()
    subdistrict = serializers.IntegerField(source="subdistrict_id", allow_null=True)
    parent = serializers.IntegerField(source="parent_id", allow_null=True)
    code = serializers.CharField()
    name = serializers.CharField()
    full_name = serializers.CharField()
    is_leaf = serializers.BooleanField()
    urgency = serializers.ChoiceField(choices=Urgency.choices)
    limit_amount = serializers.IntegerField(allow_null=True)
    limit_unit = serializers.ChoiceField(choices=LimitUnit.choices, allow_blank=True)
    solving_level = serializers.ChoiceField(choices=Level.choices)
    needs_photo = serializers.BooleanField()
    needs_callback = serializers.BooleanField()
    four_isation = serializers.ChoiceField(choices=FourIsation.choices, allow_blank=True)
    gbt39666_top = serializers.CharField()
    basis = serializers.CharField()
    is_enabled = serializers.BooleanField()


def readable(view: Any) -> Any:
    """The categories of the streets the token reads, and the common ones."""
    return rule_rows(Category, view.request.user, [view.word])


@told("诉求分类列表 List categories")
class Categories(ListView):
    """诉求分类及时限。Categories with their limits, by id."""

    area = ApiArea.CATEGORIES
    serializer_class = CategoryRow
    query_serializer_class = CategoryQuery

    def get_queryset(self) -> Any:
        asked, rows = self.asked, readable(self)
        for name in ("is_leaf", "is_enabled"):
            if name in asked:
                rows = rows.filter(**{name: asked[name]})
        if "code" in asked:
            rows = rows.filter(code__startswith=asked["code"])
        return rows


@told("一个诉求分类 Read one category")
class OneCategory(RowView):
    """一个诉求分类。One category."""

    area = ApiArea.CATEGORIES
    serializer_class = CategoryRow

    def get_queryset(self) -> Any:
        return readable(self)
