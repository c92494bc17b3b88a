"""Organisations at the desk: found one, rename one, close one; never move one."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.admin.base import DeedForm, ScopedAdmin, ServiceForm
from governance.choices import Word
from governance.models import Organisation
from governance.services import organisations

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class FoundForm(ServiceForm):
    """A new organisation under its parent."""

    class Meta:
        model = Organisation
        exclude = ("id", "path")

    def carry_out(self) -> Organisation:
        return organisations.found(self.instance, by=self.by)


class CloseForm(DeedForm):
    """撤销: the node ends on a day; a successor is linked."""

    label = gettext_lazy("撤销")
    warning = gettext_lazy("撤销后不能再任职和派单；已有案件和历史保留在原组织。")
    success = gettext_lazy("已撤销。")
    ended_on = forms.DateField(label=gettext_lazy("撤销日期"), widget=DAY)
    successor = forms.ModelChoiceField(
        queryset=None, label=gettext_lazy("接续组织"), required=False
    )
    note = forms.CharField(label=gettext_lazy("说明"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ended_on"].initial = timezone.localdate()
        rows = Organisation.objects.visible_to(self.by, Word.MANAGE).current()
        self.fields["successor"].queryset = rows.filter(
            kind=self.subject.kind, level=self.subject.level
        ).exclude(pk=self.subject.pk)

    @classmethod
    def is_open_for(cls, subject: Organisation) -> bool:
        return subject.ended_on is None and subject.parent_id is not None

    def act(self) -> str:
        organisations.close(self.subject, by=self.by, **self.cleaned_data)
        return ""


@admin.register(Organisation)
class OrganisationAdmin(ScopedAdmin):
    """The five levels and the departments beside them."""

    view_words = (Word.MANAGE, Word.SEE)
    change_words = (Word.MANAGE,)
    list_display = ("name", "rank", "parent", "community_kind", "division_code", "started_on",
                    "ended_on")  # fmt: skip
    list_filter = ("level", "kind", ("ended_on", admin.EmptyFieldListFilter))
    search_fields = ("name", "short_name", "division_code")
    list_select_related = ("parent",)
    ordering = ("path",)
    fixed_fields = ("parent", "kind", "level", "started_on")
    readonly_fields = ("ended_on",)
    deeds = {"close": CloseForm}
    fieldsets = (
        (None, {"fields": ("parent", ("kind", "level"), ("name", "short_name"))}),
        (gettext_lazy("编码"), {"fields": (
            ("short_code", "division_code"), "management_parent")}),
        (gettext_lazy("性质"), {"fields": (("community_kind", "branch_kind"), "position")}),
        (gettext_lazy("办公"), {"fields": (("phone", "address"), ("started_on", "ended_on"))}),
    )  # fmt: skip

    @admin.display(description=gettext_lazy("层级"), ordering="level")
    def rank(self, row: Organisation) -> str:
        """The party level, or the kind of a department."""
        return row.get_level_display() if row.level else row.get_kind_display()

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = FoundForm
        return super().get_form(request, obj, **kwargs)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "parent":
            rows = Organisation.objects.visible_to(request.user, Word.MANAGE).current()
            kwargs["queryset"] = rows.filter(level__lte=4).order_by("path")
            kwargs["empty_label"] = _("请选择上级")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
