"""What a grid worker fills in to ask for something, and who decides to decide it."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.choices import ContactChannel
from complaints.forms import DeedForm, NoteForm

FEW_WORDS = {"rows": 2, "maxlength": 300}


class AskForm(NoteForm):
    """A ground from the office's list, and words; whether it is on the list, the service says."""

    reason = forms.CharField(max_length=30, required=False)


class AskExtensionForm(AskForm):
    """More time, of which the citizen has been told."""

    amount = forms.IntegerField(
        label=gettext_lazy("延长多久"),
        min_value=1,
        max_value=3650,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={"required": gettext_lazy("请填写延长多久。")},
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("怎样告知了诉求人"),
        choices=ContactChannel,
        widget=forms.RadioSelect,
        initial=ContactChannel.PHONE,
        error_messages={"required": gettext_lazy("请选择怎样告知了诉求人。")},
    )
    told = forms.CharField(
        label=gettext_lazy("告知情况"),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs=FEW_WORDS),
    )


class EvidenceForm(AskForm):
    """A request that must be proved, by words or by a photo."""

    evidence = forms.CharField(
        label=gettext_lazy("依据"),
        help_text=gettext_lazy("文件、文号、联系情况等；也可以只附照片。"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs=FEW_WORDS),
    )


class AskSuspensionForm(EvidenceForm):
    """How long the clock shall stand still at most."""

    amount = forms.IntegerField(
        label=gettext_lazy("最多挂起多久"),
        min_value=1,
        max_value=3650,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={"required": gettext_lazy("请填写最多挂起多久。")},
    )


class TakeBackForm(DeedForm):
    """Which request is no longer wanted."""

    request = forms.IntegerField(widget=forms.HiddenInput)


class DecideForm(DeedForm):
    """Granted or not, for how long, and why not."""

    request = forms.IntegerField(widget=forms.HiddenInput)
    decision = forms.ChoiceField(
        label=gettext_lazy("决定"),
        choices=[("grant", gettext_lazy("同意")), ("refuse", gettext_lazy("不同意"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选择同意或不同意。")},
    )
    amount = forms.IntegerField(
        label=gettext_lazy("批准多久"),
        help_text=gettext_lazy("单位同申请；可少于申请的时长，留空按申请的时长。"),
        min_value=1,
        max_value=3650,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    note = forms.CharField(
        label=gettext_lazy("意见"),
        help_text=gettext_lazy("不同意时须写明理由，申请单位会看到。"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 400}),
    )

    def clean(self) -> dict[str, Any]:
        """No refusal without a reason."""
        data = super().clean() or self.cleaned_data
        if data.get("decision") == "refuse" and not data.get("note", "").strip():
            self.add_error("note", _("不同意时请写明理由。"))
        return data


class AssistForm(DeedForm):
    """Which row of help, and a few words."""

    assist = forms.IntegerField(widget=forms.HiddenInput)
    note = forms.CharField(
        label=gettext_lazy("说明"),
        max_length=800,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": 800}),
    )


class AssistNoteForm(AssistForm):
    """Which row of help, and the words without which nobody can go on."""

    note = forms.CharField(
        label=gettext_lazy("办理情况"),
        max_length=800,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": 800}),
        error_messages={"required": gettext_lazy("请写几句说明。")},
    )


class AddAssistForm(NoteForm):
    """Which units shall help, and with what; whether they may be asked, the service says."""

    units = forms.TypedMultipleChoiceField(
        coerce=int, error_messages={"required": gettext_lazy("请选择协办单位。")}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["units"].valid_value = str.isdecimal  # type: ignore[attr-defined]
        self.fields["note"].label = _("请协办单位做什么")
