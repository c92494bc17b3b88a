"""Forms of the phone about people."""

from django import forms
from django.utils.translation import gettext_lazy

from governance.choices import SecretKind


class RevealForm(forms.Form):
    """Which number, and why; the reason goes into the audit."""

    kind = forms.ChoiceField(
        label=gettext_lazy("要看的号码"),
        choices=[(k.value, k.label) for k in (SecretKind.PHONE, SecretKind.ID_NUMBER)],
        widget=forms.RadioSelect,
        initial=SecretKind.PHONE,
    )
    note = forms.CharField(
        label=gettext_lazy("查看原因"),
        help_text=gettext_lazy("至少四个字，例如“入户走访联系”。原因会记入审计。"),
        max_length=200,
        error_messages={"required": gettext_lazy("请写明查看原因（至少四个字）。")},
    )
