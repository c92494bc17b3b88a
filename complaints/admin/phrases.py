"""Words an office keeps ready: templates of answers, call scripts, reasons; editable rows."""

import re
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.desk.calling import PLACES_IN_SCRIPTS
from complaints.models import CallScript, Category, ReplyTemplate, SendBackReason
from governance.admin.base import StreetRowAdmin
from governance.selectors import rule_rows


class CallScriptForm(forms.ModelForm):
    """A script whose places the desk can fill."""

    class Meta:
        model = CallScript
        fields = ("subdistrict", "category", "text", "is_enabled")

    def clean_text(self) -> str:
        """No place that nobody fills: the clerk would read out a bracket."""
        text = self.cleaned_data["text"]
        if unknown := set(re.findall(r"【[^】]*】?", text)) - set(PLACES_IN_SCRIPTS):
            raise forms.ValidationError(
                _("没有这样的占位：%(places)s。") % {"places": "、".join(sorted(unknown))}
            )
        return text


class OfOneKindAdmin(StreetRowAdmin):
    """Words for one kind of matter, chosen by its full name, or for all kinds."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "category":
            rows = rule_rows(Category, request.user, self.view_words)
            kwargs["queryset"] = rows.filter(is_enabled=True).order_by("code")
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "category" and field is not None:
            field.label_from_instance = lambda row: row.full_name
            field.empty_label = _("通用")
        return field


@admin.register(ReplyTemplate)
class ReplyTemplateAdmin(OfOneKindAdmin):
    """How answers may begin, by kind of matter."""

    list_display = ("label", "kind", "text", "position", "is_enabled", "subdistrict")
    list_filter = ("result_kind", "is_enabled")
    search_fields = ("label", "text", "category__full_name")
    list_select_related = ("category", "subdistrict")
    fixed_fields = ("subdistrict",)

    @admin.display(description=gettext_lazy("诉求分类"), ordering="category__code")
    def kind(self, row: ReplyTemplate) -> str:
        """The full name of the kind of matter."""
        return row.category.full_name if row.category else _("通用")


@admin.register(CallScript)
class CallScriptAdmin(OfOneKindAdmin):
    """What the callback desk says, by kind of matter."""

    form = CallScriptForm
    list_display = ("__str__", "beginning", "is_enabled", "subdistrict")
    list_filter = ("is_enabled",)
    search_fields = ("text", "category__full_name")
    list_select_related = ("category", "subdistrict")
    fixed_fields = ("subdistrict",)

    @admin.display(description=gettext_lazy("话术"))
    def beginning(self, row: CallScript) -> str:
        """The first words."""
        return row.text[:40]


@admin.register(SendBackReason)
class SendBackReasonAdmin(StreetRowAdmin):
    """Ready reasons for sending an answer back."""

    search_fields = ("label", "text", "subdistrict__name")
    list_display = ("label", "text", "position", "is_enabled", "subdistrict")
    list_filter = ("is_enabled",)
    list_select_related = ("subdistrict",)
    fixed_fields = ("code", "subdistrict")
