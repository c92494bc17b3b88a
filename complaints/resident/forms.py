"""Forms of the residents' door: few fields, plain words, and guards that need no picture riddle."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.core import signing
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.forms import KeyedForm
from complaints.models import PlainKind, PrivacyNotice
from governance.errors import HouseError
from governance.identity import check_phone

SALT = "resident.opened"
LONGEST_OPEN = timedelta(hours=24)


class ReportForm(KeyedForm):
    """What a resident says at the wall; `opened` is when the page was drawn, signed by the house."""

    tray = forms.UUIDField(widget=forms.HiddenInput)
    opened = forms.CharField(widget=forms.HiddenInput, max_length=100)
    notice = forms.IntegerField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=gettext_lazy("您要反映什么？"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": 2000}),
        error_messages={"required": gettext_lazy("请写几句：发生了什么。")},
    )
    kind = forms.TypedChoiceField(
        label=gettext_lazy("属于哪一类？"),
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("请选一类；拿不准就选“说不清楚”。"),
            "invalid_choice": gettext_lazy("请从下面的分类里选一个。"),
        },
    )
    detail = forms.CharField(
        label=gettext_lazy("具体位置"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    elsewhere = forms.CharField(
        label=gettext_lazy("不在这里？请写地址"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    phone = forms.CharField(
        label=gettext_lazy("您的电话"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
    )
    is_secret = forms.BooleanField(
        label=gettext_lazy("请为我保密，不让办理的人知道我的电话"), required=False
    )
    agree = forms.BooleanField(
        label=gettext_lazy("我已阅读并同意《个人信息告知》"),
        widget=forms.CheckboxInput(attrs={"data-draft-skip": ""}),
        error_messages={
            "required": gettext_lazy("请先阅读并同意个人信息告知；不同意可直接拨打 12345。")
        },
    )
    # Nobody sees this field; whoever fills it in is a machine.
    website = forms.CharField(
        required=False,
        max_length=200,
        widget=forms.TextInput(
            attrs={"tabindex": "-1", "autocomplete": "off", "data-draft-skip": ""}
        ),
    )

    def __init__(
        self,
        *args: Any,
        kinds: Sequence[PlainKind],
        told: PrivacyNotice,
        least_seconds: int,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = {kind.pk: kind for kind in kinds}
        self.told, self.least_seconds = told, least_seconds
        self.offer("kind", [(kind.pk, kind.name) for kind in kinds])

    @classmethod
    def blank(cls, **given: Any) -> "ReportForm":
        """An empty form with keys of its own."""
        told = given["told"]
        initial = {"key": uuid4(), "tray": uuid4(), "opened": opened_now(), "notice": told.pk}
        return cls(initial=initial, **given)

    def clean_phone(self) -> str:
        """A number that can be called, in one form, or none."""
        text: str = self.cleaned_data["phone"].strip()
        try:
            return check_phone(text) if text else ""
        except HouseError as error:
            raise forms.ValidationError(error.message) from error

    def clean(self) -> dict[str, Any]:
        """Refuse machines, and words agreed to that are no longer those of the street."""
        data = super().clean() or self.cleaned_data
        if data.get("website"):
            raise forms.ValidationError(_("提交没有成功，请刷新页面再试，或直接拨打 12345。"))
        self.refuse_haste(data.get("opened", ""))
        if data.get("notice") != self.told.pk:
            self.add_error("agree", _("个人信息告知刚刚更新，请重新阅读后再同意。"))
        return data

    def refuse_haste(self, opened: str) -> None:
        """Nobody reads and writes within a few seconds; a page of yesterday is drawn anew."""
        try:
            at = signing.loads(opened, salt=SALT, max_age=LONGEST_OPEN)
        except signing.BadSignature:
            raise forms.ValidationError(_("页面打开得太久了，请核对后再点一次提交。")) from None
        if timezone.now().timestamp() - at < self.least_seconds:
            raise forms.ValidationError(_("提交得太快了，请核对一下再点一次提交。"))

    def again(self) -> None:
        """The same words for another try: a new key, the present notice, the agreement asked anew."""
        old = self.data.get("opened", "")
        self.under_new_key(notice=self.told.pk)
        try:
            signing.loads(old, salt=SALT, max_age=LONGEST_OPEN)
        except signing.BadSignature:
            self.data["opened"] = opened_now()
        if "agree" in self.errors:
            self.data.pop("agree", None)

    def chosen(self) -> PlainKind | None:
        """The kind of matter that was chosen."""
        return self.kinds.get(self.cleaned_data["kind"] or 0)


class SupplementForm(KeyedForm):
    """What the resident adds when asked."""

    note = forms.CharField(
        label=gettext_lazy("您的补充"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": 1000}),
        error_messages={"required": gettext_lazy("请写几句补充。")},
    )


class WithdrawForm(KeyedForm):
    """That the matter is taken back, and why if the resident likes to say."""

    note = forms.CharField(
        label=gettext_lazy("撤回的原因"),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 200}),
    )


class RateForm(KeyedForm):
    """One tap on a face; a word beside it if the resident likes."""

    satisfaction = forms.CharField(
        max_length=20,
        error_messages={"required": gettext_lazy("请选择满意、基本满意或不满意。")},
    )
    note = forms.CharField(
        label=gettext_lazy("还想说点什么"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 300}),
    )


def opened_now() -> str:
    """The present moment, signed, so that a form can prove how long it was open."""
    return signing.dumps(timezone.now().timestamp(), salt=SALT)
