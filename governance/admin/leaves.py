"""Leaves and deputies at the desk: one's own, and those of the people one manages."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.admin.base import DeedForm, ScopedAdmin, ServiceForm
from governance.admin.organisations import DAY
from governance.choices import Word
from governance.models import Leave
from governance.models.reach import may, rights
from governance.selectors import people_on_leave, possible_deputies
from governance.services import leaves


class LeaveForm(ServiceForm):
    """Who is away, from when until when, and who stands in."""

    started_on = forms.DateField(label=gettext_lazy("从"), widget=DAY)
    last_on = forms.DateField(
        label=gettext_lazy("至（含当天）"), widget=DAY,
        help_text=gettext_lazy("第二天零点代理自动结束，在办的诉求自动交回。"),
    )  # fmt: skip

    class Meta:
        model = Leave
        fields = ("person", "started_on", "deputy", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.fields["started_on"].initial = self.fields["last_on"].initial = today
        self.fields["person"].initial = self.by.person_id

    def clean(self) -> None:
        super().clean()
        given = self.cleaned_data
        if given.get("person") and given.get("person") == given.get("deputy"):
            self.add_error("deputy", _("不能由本人代理本人，请选择另一位同事。"))

    def carry_out(self) -> Leave:
        given = dict(self.cleaned_data)
        return leaves.take_leave(given.pop("person"), given.pop("deputy"), by=self.by, **given)


class EndForm(DeedForm):
    """提前销假: the deputy's rights end at once."""

    label = gettext_lazy("提前结束")
    warning = gettext_lazy("代理人的权限立即收回，在办的诉求交回请假人。")
    words = (Word.MANAGE,)
    success = gettext_lazy("请假已结束，代理权限已收回。")

    @classmethod
    def is_open_for(cls, subject: Leave) -> bool:
        return subject.ended_on > timezone.localdate() and subject.ended_on > subject.started_on

    def act(self) -> str:
        leaves.end_leave(self.subject, by=self.by)
        return ""


@admin.register(Leave)
class LeaveAdmin(ScopedAdmin):
    """Who is away and who stands in; entered and ended, never edited."""

    view_words = (Word.MANAGE,)
    change_words = (Word.MANAGE,)
    may_change = False
    list_display = ("person", "organisation", "deputy", "started_on", "last_on", "state")
    search_fields = ("person__name", "person__name_initials", "deputy__name")
    list_select_related = ("person", "organisation", "deputy")
    ordering = ("-started_on", "-pk")
    fields = ("person", "started_on", "last_on", "deputy", "note")
    deeds = {"end": EndForm}

    @admin.display(description=gettext_lazy("至（含当天）"))
    def last_on(self, row: Leave) -> date:
        """The last day, included."""
        return row.ended_on - timedelta(days=1)

    @admin.display(description=gettext_lazy("状态"))
    def state(self, row: Leave) -> str:
        """To come, running, over, or taken back."""
        today = timezone.localdate()
        if row.ended_on == row.started_on:
            return _("已撤销")
        if row.started_on > today:
            return _("未开始")
        return _("代理中") if row.ended_on > today else _("已结束")

    def reaches(self, user: Any, words: Sequence[str], row: Any) -> bool:
        """Everybody with a desk may enter the own leave; others' only who manages them."""
        if row is None or row.pk is None:
            return bool(rights(user))
        own = user.person_id in (row.person_id, row.deputy_id)
        return own or may(user, Word.MANAGE, row.organisation.path)

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = LeaveForm
        return super().get_form(request, obj, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return self.fields
        # The reason may be an illness: it is for the person and whoever manages.
        own = obj.person_id == request.user.person_id
        known = own or may(request.user, Word.MANAGE, obj.organisation.path)
        shown = ("person", "organisation", "deputy", "started_on", "last_on", "state")
        return (*shown, "note") if known else shown

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        fixed = super().get_readonly_fields(request, obj)
        return fixed if obj is None else [*fixed, "last_on", "state"]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "person":
            kwargs["queryset"] = people_on_leave(request.user)
        elif db_field.name == "deputy":
            kwargs["queryset"] = possible_deputies(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
