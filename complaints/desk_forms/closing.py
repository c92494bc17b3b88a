"""Closing: reviewed, called back, reworked, withdrawn."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.choices import CallbackOutcome, Satisfaction, Solved, Stage
from complaints.desk_forms.base import CaseForm, note_deed, text_area
from complaints.services import closing, reviewing

ApproveForm = note_deed(
    "approve", gettext_lazy("审核通过"), reviewing.approve,
    gettext_lazy("审核通过，等待回访。"), icon="check2-circle", tone="primary",
)  # fmt: skip


SendBackForm = note_deed(
    "send_back", gettext_lazy("退回修改"), reviewing.send_back,
    gettext_lazy("已退回承办人修改。"), icon="arrow-return-left",
)  # fmt: skip


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
        choices=[pair for pair in CallbackOutcome.choices if pair[0] != CallbackOutcome.SOURCE],
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

    def act(self) -> str:
        case = closing.record_callback(self.case.pk, **self.common, **self.given)
        if case.stage == Stage.CLOSED:
            return _("已记录回访，结案。")
        if case.stage == Stage.PENDING_CALLBACK:
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
    gettext_lazy("已撤诉，三十天内可恢复。"), icon="x-circle",
)  # fmt: skip
