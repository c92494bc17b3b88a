"""Help at the desk: asked for, called by a whistle, given, declined; and sub-cases (拆分)."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints import helping
from complaints.choices import WHISTLES, AssistKind
from complaints.desk.choosing import category_choices
from complaints.desk.suggesting import grouped, suggest, units_within_reach
from complaints.desk_forms.base import CaseForm, MomentField, text_area, with_headings
from complaints.models import Assist, Category
from complaints.rules import rules_of
from complaints.services import assisting, splitting, whistling
from complaints.services.splitting import Part
from governance.choices import Word
from governance.clockface import span_words
from governance.models import Organisation
from governance.selectors import rule_rows

# So many units stand open to be ticked; more of them are found in the list below.
MOST_TICKED = 12
PARTS = (1, 2, 3)


class UnitsForm(CaseForm):
    """One or several units, the likely ones to be ticked."""

    units = forms.MultipleChoiceField(
        label=gettext_lazy("单位"), required=False, widget=forms.CheckboxSelectMultiple
    )
    other = forms.ChoiceField(label=gettext_lazy("其他单位"), required=False)

    def candidates(self) -> list[Organisation]:
        """The units that may be asked."""
        raise NotImplementedError

    def prepare(self) -> None:
        found = self.candidates()
        self.found = {str(unit.pk): unit for unit in found}
        own = self.case.place_path[:12]
        likely = sorted(
            found, key=lambda unit: (not (own and unit.path.startswith(own)), unit.path)
        )
        ticked = likely[:MOST_TICKED]
        self.offer("units", [(str(unit.pk), unit.display_name) for unit in ticked])
        rest = [unit for unit in found if unit not in ticked]
        self.offer("other", [("", _("不再选")), *grouped(rest)])
        # One of the two lists is enough.
        self.fields["units"].required = not (self.is_bound and self.data.get("other"))
        if not rest:
            del self.fields["other"]

    def clean(self) -> None:
        given = super().clean() or self.cleaned_data
        picked = [*given.get("units", []), *filter(None, [given.get("other")])]
        self.chosen = [self.found[pk] for pk in dict.fromkeys(picked)]
        if not self.chosen and not self.errors:
            self.add_error("units", _("请至少选择一个单位。"))


class AddAssistForm(UnitsForm):
    """加派协办: units beside the main unit, each with its own time."""

    verb, label, icon = "add_assist", gettext_lazy("加派协办"), "people"
    note = forms.CharField(
        label=gettext_lazy("请协办单位做什么"), max_length=400, widget=text_area()
    )
    due_at = MomentField(label=gettext_lazy("答复时限"), required=False)
    field_order = ("units", "other", "note", "due_at")

    def candidates(self) -> list[Organisation]:
        return helping.units_to_ask(self.case, self.by)

    def prepare(self) -> None:
        super().prepare()
        self.fields["units"].label = _("协办单位")
        self.lead = _("主办单位仍对本件负责，本件时限不变；协办超时会提醒并显示。")
        if not self.found:
            self.lead = _("现在没有可以加派的单位；需要部门到场请吹哨或上报。")
        rule = rules_of(self.case.subdistrict).assists.get(AssistKind.ASSIST)
        if rule is not None:
            self.fields["due_at"].help_text = _("不填时为 %(span)s，且不晚于主办单位的期限。") % {
                "span": span_words(rule.answer_amount, rule.answer_unit)
            }

    def act(self) -> str:
        given = self.cleaned_data
        assisting.add_units(
            self.case.pk, self.chosen, note=given["note"], due_at=given["due_at"], **self.common
        )
        return _("已加派协办，对方会收到通知。")


class WhistleForm(UnitsForm):
    """吹哨: departments are called to the spot."""

    verb, label, icon = "whistle", gettext_lazy("吹哨"), "megaphone"
    kind = forms.ChoiceField(label=gettext_lazy("哨别"), widget=forms.RadioSelect)
    note = forms.CharField(label=gettext_lazy("吹哨事由"), max_length=400, widget=text_area())
    place = forms.CharField(label=gettext_lazy("报到地点"), max_length=160, required=False)
    arrive_at = MomentField(
        label=gettext_lazy("到场时间"), required=False,
        help_text=gettext_lazy("不填按哨别的到场时限。"),
    )  # fmt: skip
    field_order = ("kind", "units", "other", "note", "place", "arrive_at")

    def candidates(self) -> list[Organisation]:
        return helping.departments_to_call(self.case)

    def prepare(self) -> None:
        super().prepare()
        self.fields["units"].label = _("请哪些部门报到")
        self.lead = _("部门须按时限响应、到场、答复；吹哨不停本件的时限。")
        self.initial.setdefault("place", self.case.address)
        rules = rules_of(self.case.subdistrict).assists
        offered = [rules[kind] for kind in WHISTLES if kind in rules and rules[kind].is_enabled]
        self.offer("kind", [(rule.kind, whistle_words(rule)) for rule in offered])

    def act(self) -> str:
        given = self.cleaned_data
        whistling.whistle(
            self.case.pk, self.chosen, kind=given["kind"], note=given["note"],
            place=given["place"], arrive_at=given["arrive_at"], **self.common,
        )  # fmt: skip
        return _("已吹哨，部门会收到通知；响应和到场情况显示在本件。")


def whistle_words(rule: Any) -> str:
    """A kind of whistle with its limits."""
    return _("%(kind)s（响应 %(respond)s，到场 %(arrive)s）") % {
        "kind": rule.get_kind_display(),
        "respond": span_words(rule.respond_amount or 0, rule.respond_unit),
        "arrive": span_words(rule.arrive_amount or 0, rule.arrive_unit),
    }


class OneAssistForm(CaseForm):
    """A deed on one of the rows of a case; with a single one there is nothing to choose."""

    # Whether it is still one that may be acted on is for the service to say, in a sentence.
    assist = forms.IntegerField(label=gettext_lazy("哪一项"), widget=forms.Select())
    note = forms.CharField(label=gettext_lazy("说明"), max_length=800, widget=text_area())
    service: Any = None
    done: Any = ""

    def rows(self) -> list[Assist]:
        """The rows that the deed may be about."""
        return helping.own_rows(self.case, self.by, self.verb)

    def prepare(self) -> None:
        rows = self.rows()
        field = self.fields["assist"]
        field.widget = forms.Select(choices=[(row.pk, assist_words(row)) for row in rows])
        if len(rows) == 1:
            self.initial["assist"] = rows[0].pk
            field.widget = forms.HiddenInput()
            self.lead = f"{assist_words(rows[0])}：{rows[0].task}"

    def act(self) -> str:
        type(self).service(self.case.pk, **self.common, **self.given)
        return str(self.done)


def assist_words(row: Assist) -> str:
    """A row in one line: in which way, which unit."""
    return f"{row.get_kind_display()} · {row.unit.display_name}"


class RespondForm(OneAssistForm):
    """响应: the department comes."""

    verb, label, icon, tone = "respond", gettext_lazy("响应吹哨"), "check-lg", "primary"
    service, done = staticmethod(whistling.respond), gettext_lazy("已响应，请按时到场报到。")

    def prepare(self) -> None:
        super().prepare()
        self.fields["note"].required = False


class ArriveForm(OneAssistForm):
    """报到: the department is there."""

    verb, label, icon = "arrive", gettext_lazy("到场报到"), "pin-map"
    service, done = staticmethod(whistling.arrive), gettext_lazy("已报到。")

    def prepare(self) -> None:
        super().prepare()
        self.fields["note"].required = False
        self.fields["note"].label = _("现场分工")


class AnswerAssistForm(OneAssistForm):
    """协办答复: what the unit has done."""

    verb, label, icon = "answer_assist", gettext_lazy("协办答复"), "chat-left-text"
    service = staticmethod(assisting.answer)
    done = gettext_lazy("已答复主办单位，由主办单位统一答复诉求人。")

    def prepare(self) -> None:
        super().prepare()
        self.fields["note"].label = _("办理情况")


class DeclineAssistForm(OneAssistForm):
    """说明不承担: the unit does not help, and says why."""

    verb, label, icon = "decline_assist", gettext_lazy("说明不承担"), "x-circle"
    service, done = staticmethod(assisting.decline), gettext_lazy("已说明，发起单位会收到通知。")


class ReleaseAssistForm(OneAssistForm):
    """取消协办: no longer wanted."""

    verb, label, icon = "release_assist", gettext_lazy("取消协办"), "arrow-counterclockwise"
    service, done = staticmethod(assisting.release), gettext_lazy("协办已取消。")

    def rows(self) -> list[Assist]:
        return helping.to_release(self.case, self.by)


class SplitForm(CaseForm):
    """拆分: up to three sub-cases at a time, each with its unit."""

    verb, label, icon = "split", gettext_lazy("拆分子件"), "signpost-split"
    lead = gettext_lazy(
        "每件子件派给自己的承办单位、有自己的时限；子件全部办结后，由主件统一答复诉求人。"
    )
    note = forms.CharField(label=gettext_lazy("拆分原因"), max_length=300, widget=text_area(2))

    def prepare(self) -> None:
        units = units_within_reach(self.by, self.case)
        self.units = {str(unit.pk): unit for unit in units}
        named = [(str(one.unit.pk), one.unit.display_name) for one in suggest(self.case, units)]
        choices = [("", _("请选择单位")), (_("建议"), named), *grouped(units)]
        kinds = with_headings(category_choices(self.by), _("与主件相同"))
        for number in PARTS:
            self.fields |= part_fields(number)
            self.offer(f"unit_{number}", choices)
            self.offer(f"category_{number}", kinds)
        self.order_fields(
            [f"{name}_{number}" for number in PARTS for name in ("text", "unit", "category")]
        )

    def clean(self) -> None:
        given = super().clean() or self.cleaned_data
        self.parts: list[tuple[str, Organisation, str]] = []
        for number in PARTS:
            text, unit = given.get(f"text_{number}", "").strip(), given.get(f"unit_{number}")
            if not text and not unit:
                continue
            if not text:
                self.add_error(f"text_{number}", _("请写明这件子件要办什么。"))
            elif not unit:
                self.add_error(f"unit_{number}", _("请选择这件子件的承办单位。"))
            else:
                self.parts.append((text, self.units[unit], given.get(f"category_{number}", "")))
        if not self.parts and not self.errors:
            self.add_error("text_1", _("请至少填写一件子件。"))

    def act(self) -> str:
        kinds = {row.pk: row for row in rule_rows(Category, self.by, [Word.SEE])}
        parts = [Part(text, unit, kinds.get(int(kind or 0))) for text, unit, kind in self.parts]
        made = splitting.split(self.case.pk, parts, note=self.cleaned_data["note"], **self.common)
        return _("已拆分子件：%(numbers)s。") % {"numbers": "、".join(one.number for one in made)}


def part_fields(number: int) -> dict[str, forms.Field]:
    """The fields of one sub-case."""
    is_first = number == 1
    return {
        f"text_{number}": forms.CharField(
            label=_("子件 %(number)s：要办什么") % {"number": number}, max_length=1000,
            widget=text_area(2), required=is_first,
            error_messages={"required": _("请写明这件子件要办什么。")},
        ),
        f"unit_{number}": forms.ChoiceField(
            label=_("子件 %(number)s：承办单位") % {"number": number}, required=is_first,
            error_messages={"required": _("请选择这件子件的承办单位。")},
        ),
        f"category_{number}": forms.ChoiceField(
            label=_("子件 %(number)s：分类") % {"number": number}, required=False
        ),
    }  # fmt: skip


FORMS = (
    RespondForm, ArriveForm, AnswerAssistForm, DeclineAssistForm, AddAssistForm, WhistleForm,
    SplitForm, ReleaseAssistForm,
)  # fmt: skip
