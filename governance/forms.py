"""What forms of the house have in common, and a form about oneself: a leave with a deputy."""

from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.models import Person
from governance.selectors import possible_deputies

DAY = {"type": "date", "class": "form-control"}


CHOSEN = (forms.ChoiceField, forms.ModelChoiceField, forms.FileField, forms.DateTimeField)
PLAIN_REQUIRED = forms.Field.default_error_messages["required"]


def name_what_is_missing(field: forms.Field, label: Any) -> None:
    """Let an empty required field ask for what it is, instead of “this field is required”."""
    if field.error_messages.get("required") is not PLAIN_REQUIRED or not label:
        return
    words = _("请选择%(what)s。") if isinstance(field, CHOSEN) else _("请填写%(what)s。")
    field.error_messages["required"] = words % {"what": label}


class OfferingForm(forms.Form):
    """A form some of whose choices depend on who asks, or on what."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            name_what_is_missing(field, field.label)

    def offer(self, name: str, choices: Any) -> None:
        """Put choices into a field."""
        cast("forms.ChoiceField", self.fields[name]).choices = choices


class MailboxForm(forms.Form):
    """The own mailbox for reminders; empty takes it away."""

    address = forms.EmailField(
        label=gettext_lazy("邮箱"), max_length=80, required=False,
        help_text=gettext_lazy("加密保存，只用于发送提醒；留空保存则删除。"),
        widget=forms.EmailInput(attrs={"class": "form-control", "autocomplete": "email"}),
        error_messages={"invalid": gettext_lazy("邮箱地址不正确，请检查。")},
    )  # fmt: skip


class LeaveForm(forms.Form):
    """From which day to which, both included, and who stands in."""

    started_on = forms.DateField(
        label=gettext_lazy("从"), widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        error_messages={
            "required": gettext_lazy("请选择开始日期。"),
            "invalid": gettext_lazy("请选择一个有效的日期。"),
        },
    )  # fmt: skip
    last_on = forms.DateField(
        label=gettext_lazy("至（含当天）"), widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        error_messages={
            "required": gettext_lazy("请选择结束日期。"),
            "invalid": gettext_lazy("请选择一个有效的日期。"),
        },
    )  # fmt: skip
    deputy = forms.ModelChoiceField(
        label=gettext_lazy("代理人"), queryset=Person.objects.none(),
        empty_label=gettext_lazy("请选择同事"),
        error_messages={
            "required": gettext_lazy("请选择代理人。"),
            "invalid_choice": gettext_lazy("这位同事不能代理，请从名单中选择。"),
        },
    )  # fmt: skip
    note = forms.CharField(label=gettext_lazy("事由"), max_length=100, required=False)

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["started_on"].initial = self.fields["last_on"].initial = timezone.localdate()
        deputies = possible_deputies(by).exclude(pk=by.person_id)
        cast("forms.ModelChoiceField[Person]", self.fields["deputy"]).queryset = deputies
