"""Appointments and posts at the desk: the one way in which rights come and go."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.admin.base import DeedForm, ScopedAdmin, ServiceForm, StreetRowAdmin
from governance.admin.organisations import DAY
from governance.choices import Level, Word
from governance.models import Appointment, Role
from governance.selectors import role_codes, rule_rows, staff
from governance.services import appointments, people
from governance.services.roles import change_role


class AppointForm(ServiceForm):
    """Somebody begins to serve: a person already known, or a new one with name and phone."""

    new_name = forms.CharField(label=gettext_lazy("或新登记：姓名"), max_length=50, required=False)
    new_phone = forms.CharField(label=gettext_lazy("电话"), max_length=20, required=False)

    class Meta:
        model = Appointment
        fields = (
            "person",
            "role",
            "organisation",
            "started_on",
            "ended_on",
            "deputises_for",
            "note",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].required = False
        self.fields["started_on"].initial = timezone.localdate()

    def clean(self) -> None:
        super().clean()
        if bool(self.cleaned_data.get("person")) == bool(self.cleaned_data.get("new_name")):
            self.add_error("person", _("请选择一位已有人员，或填写新人员的姓名，二者选一。"))

    def _get_validation_exclusions(self) -> set[str]:
        return {*super()._get_validation_exclusions(), "person"}

    def carry_out(self) -> Appointment:
        given = dict(self.cleaned_data)
        name, phone = given.pop("new_name"), given.pop("new_phone")
        person = given.pop("person") or people.register(name, phone=phone, by=self.by)
        return appointments.appoint(
            person, given.pop("role"), given.pop("organisation"), by=self.by, **given
        )


class RoleForm(ServiceForm):
    """A post: its rights and levels as boxes to tick."""

    words = forms.MultipleChoiceField(
        label=gettext_lazy("权限"), choices=Word, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    levels = forms.TypedMultipleChoiceField(
        label=gettext_lazy("可任职层级"), coerce=int, required=False,
        choices=[(0, gettext_lazy("部门和科室")), *Level.choices],
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    excludes = forms.CharField(
        label=gettext_lazy("不得兼任"), max_length=200, required=False,
        help_text=gettext_lazy("岗位代码，用空格分隔。"),
    )  # fmt: skip

    class Meta:
        model = Role
        fields = ("subdistrict", "code", "label", "words", "levels", "door", "is_sole",
                  "is_technical", "excludes", "position", "is_enabled")  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["excludes"] = " ".join(self.initial.get("excludes") or [])

    def clean_excludes(self) -> list[str]:
        """Codes of posts that exist."""
        codes = self.cleaned_data["excludes"].split()
        if unknown := set(codes) - role_codes():
            raise forms.ValidationError(
                _("没有这样的岗位代码：%(codes)s。") % {"codes": "、".join(sorted(unknown))}
            )
        return codes

    def carry_out(self) -> Role:
        return change_role(self.instance, by=self.by)


class EndForm(DeedForm):
    """办理离任: from that day on the rights are gone."""

    label = gettext_lazy("办理离任")
    words = (Word.MANAGE, Word.SECURE)
    success = gettext_lazy("已办理离任。")
    ended_on = forms.DateField(
        label=gettext_lazy("离任日期"), widget=DAY,
        help_text=gettext_lazy("从这一天起不再有这项任职的权限。"),
    )  # fmt: skip
    note = forms.CharField(label=gettext_lazy("说明"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ended_on"].initial = timezone.localdate()

    @classmethod
    def is_open_for(cls, subject: Appointment) -> bool:
        return subject.ended_on is None or subject.ended_on > timezone.localdate()

    def act(self) -> str:
        appointments.end(self.subject, by=self.by, **self.cleaned_data)
        return ""


class InForceFilter(admin.SimpleListFilter):
    """In force, ended, to come."""

    title = gettext_lazy("状态")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("now", _("在任")), ("ended", _("已离任"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        today = timezone.localdate()
        if self.value() == "now":
            return queryset.on()
        if self.value() == "ended":
            return queryset.filter(ended_on__lte=today)
        return queryset


@admin.register(Appointment)
class AppointmentAdmin(ScopedAdmin):
    """Who serves where as what; made and ended, never edited."""

    view_words = (Word.MANAGE, Word.SECURE)
    change_words = (Word.MANAGE, Word.SECURE)
    may_change = False
    list_display = ("person", "role", "organisation", "started_on", "ended_on", "deputises_for")
    list_filter = (InForceFilter,)
    search_fields = ("person__name", "person__name_initials", "organisation__name", "role__label")
    list_select_related = ("person", "role", "organisation", "deputises_for__person",
                           "deputises_for__role")  # fmt: skip
    ordering = ("-started_on", "-pk")
    autocomplete_fields = ("person", "organisation")
    deeds = {"end": EndForm}
    fields = ("person", ("new_name", "new_phone"), "role", "organisation",
              ("started_on", "ended_on"), "deputises_for", "note")  # fmt: skip

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = AppointForm
        return super().get_form(request, obj, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return self.fields
        return ("person", "role", "organisation", ("started_on", "ended_on"), "deputises_for",
                "note", "appointed_by")  # fmt: skip

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        user = request.user
        if db_field.name == "person":
            kwargs["queryset"] = staff(user, self.change_words)
        elif db_field.name == "role":
            kwargs["queryset"] = rule_rows(Role, user, self.change_words).filter(is_enabled=True)
        elif db_field.name == "deputises_for":
            kwargs["queryset"] = self.rows_for(user, self.change_words).on().select_related(
                "person", "role"
            )  # fmt: skip
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(Role)
class RoleAdmin(StreetRowAdmin):
    """Posts and the rights they carry."""

    view_words = (Word.SECURE,)
    change_words = (Word.SECURE,)
    list_display = ("label", "code", "words_in_words", "door", "is_technical", "is_enabled")
    search_fields = ("label", "code")
    search_choices = ("door",)
    list_filter = ("door", "is_enabled", "is_technical")
    list_select_related = ("subdistrict",)
    fixed_fields = ("code", "subdistrict", "is_technical")
    fields = ("subdistrict", ("code", "label"), "words", "levels", "door", "is_sole",
              "is_technical", "excludes", "position", "is_enabled")  # fmt: skip

    @admin.display(description=gettext_lazy("权限"))
    def words_in_words(self, row: Role) -> str:
        """The rights in Chinese."""
        return "、".join(row.word_labels) or "-"

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        kwargs["form"] = RoleForm
        return super().get_form(request, obj, **kwargs)
