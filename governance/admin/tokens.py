"""Tokens at the desk: the security administrator grants, the owner collects, either revokes."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.admin.base import DeedForm, ScopedAdmin, ServiceForm
from governance.choices import ApiArea, Level, Word
from governance.models import ApiToken, Organisation
from governance.models.reach import roots
from governance.services import tokens

USUAL_DAYS = 180


class GrantForm(ServiceForm):
    """批准令牌: for which post, for what, how far and how long."""

    areas = forms.MultipleChoiceField(
        label=gettext_lazy("可读内容"), choices=ApiArea, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = ApiToken
        fields = ("name", "appointment", "organisation", "areas", "requests_per_minute",
                  "expires_on")  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].required = False
        self.fields["organisation"].help_text = _("留空则为任职所在组织的全部范围。")
        self.fields["expires_on"].initial = timezone.localdate() + timedelta(days=USUAL_DAYS)

    def _get_validation_exclusions(self) -> set[str]:
        return {*super()._get_validation_exclusions(), "organisation", "areas"}

    def carry_out(self) -> ApiToken:
        given = dict(self.cleaned_data)
        return tokens.grant(given.pop("appointment"), given.pop("name"), by=self.by, **given)


class CollectForm(DeedForm):
    """领取密钥: shown to the owner, once."""

    label = gettext_lazy("领取密钥")
    warning = gettext_lazy("密钥只显示这一次，请立即存入读取数据的程序，不要通过聊天软件转发。")
    words = (Word.SEE,)

    @classmethod
    def is_open_for(cls, subject: ApiToken) -> bool:
        return subject.state_on() == ApiToken.State.WAITING

    def act(self) -> str:
        return tokens.collect(self.subject, by=self.by)


class RevokeForm(DeedForm):
    """吊销: from now on every request is refused."""

    label = gettext_lazy("吊销")
    warning = gettext_lazy("吊销后立即失效，不能恢复；使用它的程序将无法继续读取数据。")
    words = (Word.SEE, Word.SECURE)
    success = gettext_lazy("令牌已吊销。")
    note = forms.CharField(label=gettext_lazy("原因"), max_length=200, required=False)

    @classmethod
    def is_open_for(cls, subject: ApiToken) -> bool:
        return subject.state_on() in (ApiToken.State.WAITING, ApiToken.State.ACTIVE)

    def act(self) -> str:
        tokens.revoke(self.subject, by=self.by, **self.cleaned_data)
        return ""


@admin.register(ApiToken)
class ApiTokenAdmin(ScopedAdmin):
    """Tokens of the reader's own posts, and all within reach for who secures the house."""

    view_words = (Word.SECURE,)
    change_words = (Word.SECURE,)
    may_change = False
    list_display = ("name", "owner", "organisation", "areas_in_words", "state", "expires_on",
                    "last_used_at")  # fmt: skip
    search_fields = ("name", "appointment__person__name", "hint")
    list_select_related = ("appointment__person", "appointment__role", "organisation")
    ordering = ("-pk",)
    autocomplete_fields = ("appointment",)
    change_list_template = "desk/tokens.html"
    deeds = {"collect": CollectForm, "revoke": RevokeForm}
    fields = ("name", "appointment", "organisation", "areas",
              ("expires_on", "requests_per_minute"))  # fmt: skip

    def rows_for(self, user: Any, words: Any) -> Any:
        """Within reach, and the reader's own wherever they lie."""
        rows = self.model.objects.visible_to(user, Word.SECURE)
        return rows | self.model.objects.visible_to(user, Word.SEE).of(user)

    def reaches(self, user: Any, words: Any, row: Any) -> bool:
        """Granting takes the right to secure; collecting and revoking belong to the owner too."""
        if row is None or row.pk is None:
            return bool(roots(user, Word.SECURE))
        own = row.appointment.person_id == user.person_id
        return own if tuple(words) == CollectForm.words else tokens.may_revoke(user, row)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The list opens for everybody at a desk: it shows no more than one's own."""
        return obj is None or tokens.may_revoke(request.user, obj)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "organisation":
            found = Organisation.objects.visible_to(request.user, Word.SECURE).current()
            kwargs["queryset"] = found.exclude(level__gt=Level.GRID_BRANCH)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = GrantForm
        return super().get_form(request, obj, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return self.fields
        return ("name", "owner", "organisation", "areas_in_words", "state", "hint", "expires_on",
                "requests_per_minute", ("granted_by", "granted_at"), "collected_at",
                "last_used_at", "revoked_at")  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return () if obj is None else self.get_fields(request, obj)

    @admin.display(description=gettext_lazy("以谁的任职读取"))
    def owner(self, row: ApiToken) -> str:
        """The person and the post."""
        return str(row.appointment)

    @admin.display(description=gettext_lazy("可读内容"))
    def areas_in_words(self, row: ApiToken) -> str:
        """The lists it may read."""
        return "、".join(row.area_labels)

    @admin.display(description=gettext_lazy("状态"))
    def state(self, row: ApiToken) -> str:
        """Waiting, in force, expired or revoked."""
        return str(row.state_on().label)
