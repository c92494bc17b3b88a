"""Dispatching: to a unit, up a level, back to the dispatch desk."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.choices import DispatchRule, Stage
from complaints.desk.suggesting import Suggestion, grouped, suggest, units_within_reach
from complaints.desk_forms.base import CaseForm, note_deed, text_area
from complaints.services import accepting, dispatching, handling
from governance.choices import Word
from governance.models import Organisation
from governance.selectors import who_serves


class DispatchForm(CaseForm):
    """To a unit: the suggested one at a keystroke, or any other within reach."""

    verb, label, icon, tone = "dispatch", gettext_lazy("派单"), "send", "primary"
    suggested = forms.ChoiceField(
        label=gettext_lazy("建议单位"), required=False, widget=forms.RadioSelect
    )
    unit = forms.ChoiceField(label=gettext_lazy("其他单位"), required=False)
    note = forms.CharField(
        label=gettext_lazy("派单说明"), max_length=300, widget=text_area(2), required=False
    )

    helpers = forms.MultipleChoiceField(
        label=gettext_lazy("协办单位"), required=False, widget=forms.SelectMultiple(attrs={"size": 5}),
        help_text=gettext_lazy("可多选，也可以派出后再加派。"),
    )  # fmt: skip

    def prepare(self) -> None:
        units = units_within_reach(self.by, self.case)
        self.units = {str(unit.pk): unit for unit in units}
        self.suggestions: list[Suggestion] = suggest(self.case, units)
        self.offer(
            "suggested", [(str(one.unit.pk), one.unit.display_name) for one in self.suggestions]
        )
        self.offer("unit", [("", _("用上面选中的单位")), *grouped(units)])
        self.offer("helpers", grouped(units))
        if not self.suggestions:
            del self.fields["suggested"]
            self.offer("unit", [("", _("请选择单位")), *grouped(units)])
            self.fields["unit"].label = _("派给")
        elif not self.is_bound:
            self.initial["suggested"] = str(self.suggestions[0].unit.pk)

    def clean(self) -> None:
        chosen = self.cleaned_data.get("unit") or self.cleaned_data.get("suggested")
        if not chosen:
            raise forms.ValidationError(_("请选择承办单位。"))
        self.chosen: Organisation = self.units[chosen]

    def act(self) -> str:
        accept = self.case.stage == Stage.PENDING_ACCEPTANCE
        helpers = [self.units[pk] for pk in self.cleaned_data["helpers"]]
        rules = {one.unit.pk: one.rule for one in self.suggestions}
        rule = rules.get(self.chosen.pk, DispatchRule.BY_HAND)
        note = self.cleaned_data["note"]
        accepting.dispatch_with_help(
            self.case.pk, self.chosen, helpers, note=note, rule=rule, accept=accept, **self.common
        )
        return _("%(number)s 已派给%(unit)s。") % {
            "number": self.case.number,
            "unit": self.chosen.display_name,
        }


EscalateForm = note_deed(
    "escalate", gettext_lazy("上报上级"), dispatching.escalate,
    gettext_lazy("已上报到上一级。"), icon="arrow-up-circle",
)  # fmt: skip


HandOnForm = note_deed(
    "hand_on", gettext_lazy("转出"), dispatching.hand_on,
    gettext_lazy("已退回派单台重新派单。"), icon="arrow-left-right",
    lead=gettext_lazy("不属于本单位时使用；案件回到社区或街道派单台，办理时限照常计算。"),
)  # fmt: skip


class AssignForm(CaseForm):
    """Name the person inside the unit."""

    verb, label, icon = "assign", gettext_lazy("指定承办人"), "person-check"
    person = forms.ChoiceField(label=gettext_lazy("承办人"))

    def prepare(self) -> None:
        people = who_serves(self.case.holder, word=Word.HANDLE) if self.case.holder else []
        self.people = {str(person.pk): person for person in people}
        self.offer("person", [(pk, one.name) for pk, one in self.people.items()])

    def act(self) -> str:
        handling.assign(self.case.pk, self.people[self.cleaned_data["person"]], **self.common)
        return _("已指定承办人。")
