"""Supervising: urged, instructed, answered, restricted."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints import pressing
from complaints.choices import Card, Supervision
from complaints.desk.suggesting import grouped, units_within_reach
from complaints.desk_forms.base import CaseForm, MomentField, text_area
from complaints.services import cards, slips, supervising
from governance.choices import Word
from governance.models import Person
from governance.selectors import staff


class UrgeForm(CaseForm):
    """催办: a word to whoever has the case; with a time for the answer it is a numbered slip."""

    verb, label, icon = "urge", gettext_lazy("催办"), "bell"
    note = forms.CharField(
        label=gettext_lazy("说明"), max_length=300, widget=text_area(), required=False
    )
    due_at = MomentField(
        label=gettext_lazy("反馈期限"), required=False,
        help_text=gettext_lazy("可不填；填写后出具催办单，逾期未反馈自动升级为督办。"),
    )  # fmt: skip

    def act(self) -> str:
        note, due_at = self.cleaned_data["note"], self.cleaned_data["due_at"]
        if due_at is None:
            supervising.urge(self.case.pk, note=note, **self.common)
            return _("已催办，承办人会收到提醒。")
        slip = slips.supervise(
            self.case.pk, demand=note or str(slips.USUAL_DEMAND), due_at=due_at,
            level=Supervision.URGED, **self.common,
        )  # fmt: skip
        return _("已出具%(paper)s %(number)s，承办单位会收到通知。") % {
            "paper": _("催办单"), "number": slip.number,
        }  # fmt: skip


class InstructForm(CaseForm):
    """批示: a leader's word with a due time of its own."""

    verb, label, icon = "instruct", gettext_lazy("批示"), "megaphone"
    text = forms.CharField(label=gettext_lazy("批示内容"), max_length=300, widget=text_area())
    due_at = MomentField(label=gettext_lazy("落实期限"), required=False)

    def act(self) -> str:
        supervising.instruct(self.case.pk, **self.common, **self.given)
        return _("批示已下达，相关人员会收到通知。")


class SuperviseForm(CaseForm):
    """督办: a numbered slip with a demand and a time; a draft of the house stands in the fields."""

    verb, label, icon = "supervise", gettext_lazy("督办"), "flag"
    level: str = Supervision.SUPERVISED
    lead = gettext_lazy(
        "出具督办单：有编号和反馈期限，可以打印签收；案件时限不变。逾期未反馈，自动升级为提级督办。"
    )
    demand = forms.CharField(
        label=gettext_lazy("督办要求"), max_length=300, widget=text_area(),
        initial=gettext_lazy("请立即核实办理，按期书面反馈办理情况和结果。"),
    )  # fmt: skip
    due_at = MomentField(label=gettext_lazy("反馈期限"))

    def prepare(self) -> None:
        draft = slips.drafted(self.case, self.level)
        if draft is not None:
            self.fields["demand"].initial = draft.demand
        self.fields["due_at"].initial = slips.usual_due(self.case)

    def act(self) -> str:
        slip = slips.supervise(self.case.pk, level=self.level, **self.common, **self.given)
        return _("已出具%(paper)s %(number)s，承办单位会收到通知。") % {
            "paper": slip.paper, "number": slip.number,
        }  # fmt: skip


class ElevateForm(SuperviseForm):
    """提级督办: a leader presses; the street's leaders and the hotline office hear of it."""

    verb, label, icon = "elevate", gettext_lazy("提级督办"), "flag"
    level = Supervision.ELEVATED
    lead = gettext_lazy(
        "由街道领导出具：承办单位、所在社区、热线办和街道领导都会收到；案件时限不变。"
    )


class AnswerSlipForm(CaseForm):
    """督办反馈: what was done about a slip, before its time is up."""

    verb, label, icon = "answer_slip", gettext_lazy("督办反馈"), "clipboard-check"
    slip = forms.ChoiceField(label=gettext_lazy("督办单"), widget=forms.RadioSelect)
    note = forms.CharField(label=gettext_lazy("反馈内容"), max_length=300, widget=text_area())

    def prepare(self) -> None:
        rows = [
            (str(row.pk), f"{row.number} · {row.demand}")
            for row in pressing.open_slips(self.case)
        ]  # fmt: skip
        self.offer("slip", rows)
        if rows:
            self.fields["slip"].initial = rows[0][0]

    def act(self) -> str:
        slips.answer(
            self.case.pk, slip=int(self.cleaned_data["slip"]), note=self.cleaned_data["note"],
            **self.common,
        )  # fmt: skip
        return _("已反馈，签发人会收到通知。")


class WithdrawSlipForm(CaseForm):
    """撤回督办: a slip is taken back, and the reason stays beside it."""

    verb, label, icon = "withdraw_slip", gettext_lazy("撤回督办"), "x-circle"
    lead = gettext_lazy("督办单保留编号和撤回理由，承办单位不需再反馈；案件时限不变。")
    slip = forms.ChoiceField(label=gettext_lazy("督办单"), widget=forms.RadioSelect)
    note = forms.CharField(label=gettext_lazy("撤回理由"), max_length=300, widget=text_area())

    def prepare(self) -> None:
        rows = [
            (str(row.pk), f"{row.number} · {row.demand}")
            for row in pressing.open_slips(self.case)
            if slips.may_withdraw(row, self.case, self.by)
        ]
        self.offer("slip", rows)
        if rows:
            self.fields["slip"].initial = rows[0][0]

    def act(self) -> str:
        slips.withdraw(
            self.case.pk, slip=int(self.cleaned_data["slip"]), note=self.cleaned_data["note"],
            **self.common,
        )  # fmt: skip
        return _("督办单已撤回，承办单位会收到通知。")


class IssueCardForm(CaseForm):
    """挂牌: a yellow or red card by hand."""

    verb, label, icon = "issue_card", gettext_lazy("挂牌"), "exclamation-triangle"
    lead = gettext_lazy("黄红牌计入承办单位的考核数据；撤牌须由街道或挂牌人写明理由。")
    card = forms.ChoiceField(
        label=gettext_lazy("颜色"), widget=forms.RadioSelect,
        choices=[(Card.YELLOW, Card.YELLOW.label), (Card.RED, Card.RED.label)],
    )  # fmt: skip
    note = forms.CharField(label=gettext_lazy("事由"), max_length=300, widget=text_area())

    def act(self) -> str:
        row = cards.issue(self.case.pk, **self.common, **self.given)
        return _("已挂%(card)s，承办单位会收到通知。") % {"card": row.get_card_display()}


class WithdrawCardForm(CaseForm):
    """撤牌: a card is taken back, and the reason stays beside it."""

    verb, label, icon = "withdraw_card", gettext_lazy("撤牌"), "x-circle"
    lead = gettext_lazy("撤下的牌保留记录和理由，不再计入考核数据。")
    card = forms.ChoiceField(label=gettext_lazy("黄红牌"), widget=forms.RadioSelect)
    note = forms.CharField(label=gettext_lazy("撤牌理由"), max_length=300, widget=text_area())

    def prepare(self) -> None:
        rows = [
            (str(row.pk), f"{row.get_card_display()} · {row.reason}")
            for row in pressing.standing_cards(self.case)
            if cards.may_withdraw(row, self.case, self.by)
        ]
        self.offer("card", rows)
        if rows:
            self.fields["card"].initial = rows[0][0]

    def act(self) -> str:
        cards.withdraw(
            self.case.pk, card=int(self.cleaned_data["card"]), note=self.cleaned_data["note"],
            **self.common,
        )  # fmt: skip
        return _("已撤牌，承办单位会收到通知。")


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
