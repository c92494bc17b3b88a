"""Supervising: urged, instructed, answered, restricted."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.desk.suggesting import grouped, units_within_reach
from complaints.desk_forms.base import CaseForm, MomentField, note_deed, text_area
from complaints.services import papers, supervising
from governance.choices import Word
from governance.models import Person
from governance.selectors import staff

UrgeForm = note_deed(
    "urge", gettext_lazy("催办"), supervising.urge, gettext_lazy("已催办，承办人会收到提醒。"),
    icon="bell",
)  # fmt: skip


class InstructForm(CaseForm):
    """批示: a leader's word with a due time of its own."""

    verb, label, icon = "instruct", gettext_lazy("批示"), "megaphone"
    text = forms.CharField(label=gettext_lazy("批示内容"), max_length=300, widget=text_area())
    due_at = MomentField(label=gettext_lazy("落实期限"), required=False)

    def act(self) -> str:
        supervising.instruct(self.case.pk, **self.common, **self.given)
        return _("批示已下达，相关人员会收到通知。")


class SuperviseForm(CaseForm):
    """督办: a numbered slip with a demand and a time."""

    verb, label, icon = "supervise", gettext_lazy("督办"), "flag"
    lead = gettext_lazy("出具督办单：有编号和反馈期限，可以打印签收；案件时限不变。")
    demand = forms.CharField(
        label=gettext_lazy("督办要求"), max_length=300, widget=text_area(),
        initial=gettext_lazy("请立即核实办理，按期书面反馈办理情况和结果。"),
    )  # fmt: skip
    due_at = MomentField(label=gettext_lazy("反馈期限"))

    def act(self) -> str:
        slip = papers.supervise(self.case.pk, **self.common, **self.given)
        return _("已出具督办单 %(number)s，承办单位会收到通知。") % {"number": slip.number}


class AnswerInstructionForm(CaseForm):
    """What was done about a leader's word."""

    verb, label, icon = "answer_instruction", gettext_lazy("批示落实"), "clipboard-check"
    instruction = forms.ChoiceField(label=gettext_lazy("批示"), widget=forms.RadioSelect)
    note = forms.CharField(label=gettext_lazy("落实情况"), max_length=300, widget=text_area())

    def prepare(self) -> None:
        rows = self.case.instructions.filter(answered_at=None)
        self.open = {str(row.pk): row for row in rows}
        self.offer("instruction", [(pk, row.text) for pk, row in self.open.items()])
        if self.open:
            self.fields["instruction"].initial = next(iter(self.open))

    def act(self) -> str:
        instruction = self.open[self.cleaned_data["instruction"]]
        supervising.answer_instruction(instruction, by=self.by, note=self.cleaned_data["note"])
        return _("已回复批示。")


class RestrictForm(CaseForm):
    """A case about staff: those named see it no longer."""

    verb, label, icon, tone = "restrict", gettext_lazy("转保密件"), "lock", "danger"
    lead = gettext_lazy("被反映的人员和单位从此看不到、也不能办理这件诉求；案件回到街道重新派单。")
    names = forms.CharField(
        label=gettext_lazy("被反映人员"), max_length=200, required=False,
        help_text=gettext_lazy("填写姓名或账号，多人用逗号分隔。"),
    )  # fmt: skip
    units = forms.MultipleChoiceField(label=gettext_lazy("被反映单位"), required=False)

    def prepare(self) -> None:
        units = units_within_reach(self.by, self.case)
        self.all_units = {str(unit.pk): unit for unit in units}
        self.offer("units", grouped(units))

    def clean_names(self) -> list[Person]:
        """Staff by name or account; a name that two people share asks for the account."""
        text = self.cleaned_data["names"].replace("，", ",").replace("、", ",")
        words = [Word.DISPATCH, Word.SEE]
        people = []
        for name in filter(None, (part.strip() for part in text.split(","))):
            found = list(staff(self.by, words).filter(Q(name=name) | Q(user__username=name))[:2])
            if not found:
                raise forms.ValidationError(
                    _("没有找到工作人员“%(name)s”，请检查姓名。") % {"name": name}
                )
            if len(found) > 1:
                raise forms.ValidationError(
                    _("“%(name)s”有同名人员，请改填账号。") % {"name": name}
                )
            people += found
        return people

    def act(self) -> str:
        units = [self.all_units[pk] for pk in self.cleaned_data["units"]]
        saw = supervising.restrict(
            self.case.pk, people=self.cleaned_data["names"], organisations=units, **self.common
        )
        if saw:
            return _("已转为保密件。其中曾看过本件的：%(names)s。") % {"names": "、".join(saw)}
        return _("已转为保密件，被反映人员此前没有看过本件。")
