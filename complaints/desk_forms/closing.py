"""Closing: reviewed, called back, reworked, withdrawn."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.choices import CallbackOutcome, Satisfaction, Solved, Stage
from complaints.desk.calling import CALLED, script_for
from complaints.desk_forms.base import CaseForm, MomentField, note_deed, text_area
from complaints.selectors import send_back_reasons
from complaints.services import closing, reviewing

ApproveForm = note_deed(
    "approve", gettext_lazy("审核通过"), reviewing.approve,
    gettext_lazy("审核通过，等待回访。"), icon="check2-circle", tone="primary",
)  # fmt: skip


class SendBackForm(CaseForm):
    """An answer that is not good enough goes back: with a ready reason, own words, or both."""

    verb, label, icon = "send_back", gettext_lazy("退回修改"), "arrow-return-left"
    reason = forms.ChoiceField(label=gettext_lazy("退回理由"), required=False)
    note = forms.CharField(
        label=gettext_lazy("说明"), max_length=500, widget=text_area(), required=False
    )

    def prepare(self) -> None:
        self.reasons = {row.code: row for row in send_back_reasons(self.case.subdistrict)}
        ready = [(row.code, row.label) for row in self.reasons.values()]
        self.offer("reason", [("", gettext_lazy("自己写")), *ready])

    def clean(self) -> None:
        given = super().clean() or self.cleaned_data
        if not given.get("reason") and not given.get("note", "").strip():
            self.add_error("note", _("请选择一条理由，或写明要改什么。"))

    def act(self) -> str:
        code = self.cleaned_data["reason"]
        ready = self.reasons[code].text if code else ""
        note = " ".join(filter(None, [ready, self.cleaned_data["note"].strip()]))
        reviewing.send_back(self.case.pk, **self.common, note=note, reason_code=code)
        return _("已退回承办人修改。")


class RecordCallbackForm(CaseForm):
    """The citizen is asked: solved? satisfied?"""

    verb, label, icon, tone = (
        "record_callback",
        gettext_lazy("记录回访"),
        "telephone-outbound",
        "primary",
    )
    outcome = forms.ChoiceField(
        label=gettext_lazy("回访结果"), widget=forms.RadioSelect,
        choices=[(one.value, one.label) for one in CALLED],
    )  # fmt: skip
    call_at = MomentField(
        label=gettext_lazy("约定再打的时间"), required=False,
        help_text=gettext_lazy("仅在“约定再打”时填写，两周以内。"),
    )  # fmt: skip
    solved = forms.ChoiceField(
        label=gettext_lazy("是否解决"), widget=forms.RadioSelect, choices=Solved, required=False
    )
    satisfaction = forms.ChoiceField(
        label=gettext_lazy("满意度"), widget=forms.RadioSelect, choices=Satisfaction, required=False
    )
    was_contacted_in_time = forms.TypedChoiceField(
        label=gettext_lazy("承办单位是否及时联系"), required=False, empty_value=None,
        widget=forms.RadioSelect, coerce=lambda value: value == "yes",
        choices=[("yes", gettext_lazy("是")), ("no", gettext_lazy("否"))],
    )  # fmt: skip
    again = forms.TypedChoiceField(
        label=gettext_lazy("仍未解决或不满意时"), required=False, empty_value=None,
        widget=forms.RadioSelect, coerce=lambda value: value == "again",
        choices=[("again", gettext_lazy("再次重办")), ("close", gettext_lazy("如实结案"))],
    )  # fmt: skip
    note = forms.CharField(
        label=gettext_lazy("回访记录"), max_length=300, widget=text_area(), required=False
    )

    def prepare(self) -> None:
        if self.case.round == 1:
            del self.fields["again"]

    def script(self) -> str:
        """What to say to the citizen."""
        return script_for(self.case)

    # Each choice with its key, in the rows of a keyboard.
    def keyed_outcome(self) -> list[tuple[Any, str]]:
        """What came of the call, on the upper row of letters."""
        return list(zip(self["outcome"], "qwert", strict=True))

    def keyed_solved(self) -> list[tuple[Any, str]]:
        """Whether it is solved, on the middle row."""
        return list(zip(self["solved"], "asd", strict=True))

    def keyed_satisfaction(self) -> list[tuple[Any, str]]:
        """How satisfied the citizen is, on the digits."""
        return list(zip(self["satisfaction"], "12345", strict=True))

    def clean(self) -> None:
        given = super().clean() or self.cleaned_data
        if given.get("outcome") == CallbackOutcome.LATER and not given.get("call_at"):
            if "call_at" not in self.errors:
                self.add_error("call_at", _("请填写约定再打的时间。"))
        elif "call_at" not in self.errors:
            given["call_at"] = None

    def act(self) -> str:
        case = closing.record_callback(self.case.pk, **self.common, **self.given)
        if case.stage in (Stage.CLOSED, Stage.MERGED):
            return _("已记录回访，结案。")
        if case.stage == Stage.PENDING_CALLBACK:
            if self.cleaned_data["outcome"] == CallbackOutcome.LATER:
                return _("已记录，到约定时间提醒。")
            return _("已记录未接通，下个工作日提醒再次回访。")
        return _("已记录回访，由上一级重新办理。")


class RecordSourceResultForm(CaseForm):
    """What the city's own callback says."""

    verb, label, icon = "record_source_result", gettext_lazy("来源单位回访结果"), "clipboard-data"
    solved = forms.ChoiceField(
        label=gettext_lazy("是否解决"), widget=forms.RadioSelect, choices=Solved
    )
    satisfaction = forms.ChoiceField(
        label=gettext_lazy("满意度"), widget=forms.RadioSelect, choices=Satisfaction
    )
    note = forms.CharField(
        label=gettext_lazy("说明"), max_length=300, widget=text_area(), required=False
    )

    def act(self) -> str:
        closing.record_source_result(self.case.pk, **self.common, **self.given)
        return _("已记录来源单位的回访结果。")


ReworkForm = note_deed(
    "rework", gettext_lazy("发回重办"), closing.rework,
    gettext_lazy("已由上一级重新办理。"), icon="arrow-repeat",
    lead=gettext_lazy("由上一级重新办理，时限为原时限的一半。"),
)  # fmt: skip


WithdrawForm = note_deed(
    "withdraw", gettext_lazy("撤诉"), closing.withdraw,
    gettext_lazy("已撤诉，三十天内可恢复。"), icon="arrow-counterclockwise",
)  # fmt: skip
