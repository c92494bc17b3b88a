"""The deeds of the desk as forms: each knows its fields and the one service it calls."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.choices import (
    CITY_SOURCES,
    CallbackOutcome,
    ContactChannel,
    RejectReason,
    ResultKind,
    ReturnReason,
    Satisfaction,
    Solved,
    Stage,
    Urgency,
)
from complaints.desk.listing import Choice, category_choices
from complaints.desk.suggesting import Suggestion, grouped, suggest, units_within_reach
from complaints.models import Category, Complaint
from complaints.selectors import similar_nearby
from complaints.services import (
    accepting,
    closing,
    dispatching,
    handling,
    intake,
    photos,
    reviewing,
    supervising,
)
from complaints.workflow import MOVES
from governance.choices import Word
from governance.errors import HouseError
from governance.models import Organisation, Person
from governance.selectors import rule_rows, staff, who_serves
from grids.selectors import grid_at

MOMENT = "%Y-%m-%dT%H:%M"


class MomentField(forms.DateTimeField):
    """A moment picked in the browser's own calendar."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)
        formats = [MOMENT, "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"]
        super().__init__(widget=widget, input_formats=formats, **options)


def text_area(rows: int = 3, **attributes: Any) -> forms.Textarea:
    """A text field of some lines."""
    return forms.Textarea(attrs={"rows": rows, **attributes})


def with_headings(choices: Sequence[Choice], empty: str) -> list[Any]:
    """Choices as groups of a drop-down, the empty one first."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for choice in choices:
        groups.setdefault(choice.group, []).append((choice.value, choice.label))
    return [("", empty), *groups.items()]


class CaseForm(forms.Form):
    """A deed on one case. `seen` is what the person had on screen, `deed_key` makes it happen once."""

    verb = ""
    label: Any = ""
    tone = "light"
    icon = "arrow-right"
    # Said above the form, when the deed needs a word of explanation.
    lead: Any = ""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    deed_key = forms.CharField(max_length=64, min_length=8, widget=forms.HiddenInput)

    def __init__(self, *args: Any, case: Complaint, by: Any, **kwargs: Any) -> None:
        self.case, self.by = case, by
        fresh = {"seen": case.step_count, "deed_key": uuid4().hex}
        kwargs["initial"] = {**fresh, **(kwargs.get("initial") or {})}
        kwargs.setdefault("auto_id", f"id_{self.verb}_%s")
        super().__init__(*args, **kwargs)
        self.prepare()

    def prepare(self) -> None:
        """Fill the choices that depend on the case."""

    def renewed(self) -> "CaseForm":
        """The same form with everything typed, but with a fresh key and the case as it is now."""
        data = self.data.copy()
        data["seen"], data["deed_key"] = str(self.case.step_count), uuid4().hex
        self.data = data
        return self

    @property
    def given(self) -> dict[str, Any]:
        """What was typed, without the two hidden fields."""
        return {k: v for k, v in self.cleaned_data.items() if k not in ("seen", "deed_key")}

    @property
    def common(self) -> dict[str, Any]:
        """What every service is told."""
        return {"by": self.by, "seen": self.cleaned_data["seen"]}

    def act(self) -> str:
        """Call the service; returns the sentence that tells what was done."""
        raise NotImplementedError


class NoteForm(CaseForm):
    """A deed that takes words and nothing else."""

    service: Any = None
    done: Any = gettext_lazy("已办理。")
    note = forms.CharField(
        label=gettext_lazy("说明"), max_length=500, widget=text_area(), required=False
    )

    def prepare(self) -> None:
        self.fields["note"].required = MOVES[self.verb].needs_note

    def act(self) -> str:
        type(self).service(self.case.pk, **self.common, **self.given)
        return str(self.done)


def note_deed(verb: str, label: Any, service: Any, done: Any, **more: Any) -> type[NoteForm]:
    """A `NoteForm` for one verb."""
    values = {"verb": verb, "label": label, "service": staticmethod(service), "done": done, **more}
    return type(f"{verb.title().replace('_', '')}Form", (NoteForm,), values)


AskSupplementForm = note_deed(
    "ask_supplement", gettext_lazy("要求补充"), intake.ask_supplement,
    gettext_lazy("已请诉求人补充，五个工作日未补充将转为不予受理。"), icon="question-circle",
)  # fmt: skip
SupplementForm = note_deed(
    "supplement", gettext_lazy("补充材料"), intake.supplement,
    gettext_lazy("已记下补充内容，等待受理。"), icon="journal-text",
)  # fmt: skip
VoidForm = note_deed(
    "void", gettext_lazy("作废"), intake.void, gettext_lazy("已作废，不计入统计。"),
    icon="x-circle", tone="danger",
)  # fmt: skip
RestoreForm = note_deed(
    "restore", gettext_lazy("恢复"), intake.restore, gettext_lazy("已恢复，等待受理。"),
    icon="arrow-counterclockwise",
)  # fmt: skip
EscalateForm = note_deed(
    "escalate", gettext_lazy("上报上级"), dispatching.escalate,
    gettext_lazy("已上报到上一级。"), icon="arrow-up-circle",
)  # fmt: skip
HandOnForm = note_deed(
    "hand_on", gettext_lazy("转出"), dispatching.hand_on,
    gettext_lazy("已退回派单台重新派单。"), icon="arrow-left-right",
    lead=gettext_lazy("不属于本单位时使用；案件回到社区或街道派单台，办理时限照常计算。"),
)  # fmt: skip
LogForm = note_deed(
    "log", gettext_lazy("办理记录"), handling.log, gettext_lazy("已记录。"), icon="journal-text"
)
ApproveForm = note_deed(
    "approve", gettext_lazy("审核通过"), reviewing.approve,
    gettext_lazy("审核通过，等待回访。"), icon="check2-circle", tone="primary",
)  # fmt: skip
SendBackForm = note_deed(
    "send_back", gettext_lazy("退回修改"), reviewing.send_back,
    gettext_lazy("已退回承办人修改。"), icon="arrow-return-left",
)  # fmt: skip
ReworkForm = note_deed(
    "rework", gettext_lazy("发回重办"), closing.rework,
    gettext_lazy("已由上一级重新办理。"), icon="arrow-repeat",
    lead=gettext_lazy("由上一级重新办理，时限为原时限的一半。"),
)  # fmt: skip
WithdrawForm = note_deed(
    "withdraw", gettext_lazy("撤诉"), closing.withdraw,
    gettext_lazy("已撤诉，三十天内可恢复。"), icon="x-circle",
)  # fmt: skip
UrgeForm = note_deed(
    "urge", gettext_lazy("催办"), supervising.urge, gettext_lazy("已催办，承办人会收到提醒。"),
    icon="bell",
)  # fmt: skip


class AcceptForm(CaseForm):
    """Accept: the promise to the citizen starts."""

    verb, label, icon, tone = "accept", gettext_lazy("受理"), "check-circle", "primary"
    city_due_at = MomentField(label=gettext_lazy("热线承诺期限"), required=False)

    def prepare(self) -> None:
        if self.case.source not in CITY_SOURCES:
            del self.fields["city_due_at"]

    def act(self) -> str:
        intake.accept(self.case.pk, **self.common, **self.given)
        return _("已受理，等待派单。")


class RejectForm(CaseForm):
    """Not accepted, with one of the published grounds."""

    verb, label, icon = "reject", gettext_lazy("不予受理"), "x-octagon"
    reason_code = forms.ChoiceField(label=gettext_lazy("理由"), choices=RejectReason)
    note = forms.CharField(label=gettext_lazy("告知诉求人的话"), max_length=500, widget=text_area())

    def act(self) -> str:
        intake.reject(self.case.pk, **self.common, **self.given)
        return _("已不予受理，三十天内可恢复。")


class ReturnToSourceForm(CaseForm):
    """Back to the hotline, within its own countdown."""

    verb, label, icon = "return_to_source", gettext_lazy("退回来源"), "arrow-return-left"
    reason_code = forms.ChoiceField(label=gettext_lazy("理由"), choices=ReturnReason)
    note = forms.CharField(label=gettext_lazy("说明"), max_length=500, widget=text_area())

    def act(self) -> str:
        intake.return_to_source(self.case.pk, **self.common, **self.given)
        return _("已退回来源单位。")


class MergeForm(CaseForm):
    """Into an open case about the same matter; the caller is kept."""

    verb, label, icon = "merge", gettext_lazy("并单"), "link-45deg"
    candidate = forms.ChoiceField(
        label=gettext_lazy("可能是同一件事"), required=False, widget=forms.RadioSelect
    )
    number = forms.CharField(label=gettext_lazy("或填写编号"), max_length=24, required=False)
    note = forms.CharField(
        label=gettext_lazy("说明"), max_length=500, widget=text_area(2), required=False
    )

    def prepare(self) -> None:
        found = similar_nearby(
            self.by, building=self.case.building, compound=self.case.compound,
            category=self.case.category, hours=30 * 24, most=6,
        )  # fmt: skip
        choices = [
            (str(one.pk), f"{one.number} · {one.title[:40]} · {one.get_stage_display()}")
            for one in found
            if one.pk != self.case.pk
        ]
        self.fields["candidate"].choices = choices
        if not choices:
            del self.fields["candidate"]
            self.fields["number"].label = _("并入的编号")

    def clean(self) -> None:
        number = self.cleaned_data.get("number", "").strip().upper()
        candidate = self.cleaned_data.get("candidate", "")
        wanted = Q(number=number) if number else Q(pk=candidate or 0)
        target = Complaint.objects.visible_to(self.by, Word.DISPATCH).filter(wanted).first()
        if target is None:
            raise forms.ValidationError(_("请选择或填写要并入的那一件，须是您能派单的在办诉求。"))
        self.target = target

    def act(self) -> str:
        note = self.cleaned_data.get("note", "")
        intake.merge_into(self.case.pk, self.target, note=note, **self.common)
        return _("已并入 %(number)s，诉求人会得到那一件的答复。") % {"number": self.target.number}


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

    def prepare(self) -> None:
        units = units_within_reach(self.by, self.case)
        self.units = {str(unit.pk): unit for unit in units}
        self.suggestions: list[Suggestion] = suggest(self.case, units)
        self.fields["suggested"].choices = [
            (str(one.unit.pk), one.unit.display_name) for one in self.suggestions
        ]
        self.fields["unit"].choices = [("", _("按左侧建议")), *grouped(units)]
        if not self.suggestions:
            del self.fields["suggested"]
            self.fields["unit"].choices = [("", _("请选择单位")), *grouped(units)]
            self.fields["unit"].label = _("派给")
        elif not self.is_bound:
            self.initial["suggested"] = str(self.suggestions[0].unit.pk)

    def clean(self) -> None:
        chosen = self.cleaned_data.get("unit") or self.cleaned_data.get("suggested")
        if not chosen:
            raise forms.ValidationError(_("请选择承办单位。"))
        self.chosen: Organisation = self.units[chosen]

    def act(self) -> str:
        deed = dispatching.dispatch
        if self.case.stage == Stage.PENDING_ACCEPTANCE:
            deed = accepting.accept_and_dispatch
        deed(self.case.pk, self.chosen, note=self.cleaned_data["note"], **self.common)
        return _("%(number)s 已派给%(unit)s。") % {
            "number": self.case.number,
            "unit": self.chosen.display_name,
        }


class SignForm(CaseForm):
    """Confirm receipt."""

    verb, label, icon, tone = "sign", gettext_lazy("签收"), "check-lg", "primary"

    def act(self) -> str:
        handling.sign(self.case.pk, **self.common)
        return _("已签收，请先联系诉求人。")


class AssignForm(CaseForm):
    """Name the person inside the unit."""

    verb, label, icon = "assign", gettext_lazy("指定承办人"), "person-check"
    person = forms.ChoiceField(label=gettext_lazy("承办人"))

    def prepare(self) -> None:
        people = who_serves(self.case.holder, word=Word.HANDLE) if self.case.holder else []
        self.people = {str(person.pk): person for person in people}
        self.fields["person"].choices = [(pk, one.name) for pk, one in self.people.items()]

    def act(self) -> str:
        handling.assign(self.case.pk, self.people[self.cleaned_data["person"]], **self.common)
        return _("已指定承办人。")


class ContactForm(CaseForm):
    """先行联系: that the caller was called or visited."""

    verb, label, icon = "contact", gettext_lazy("联系诉求人"), "telephone"
    channel = forms.ChoiceField(label=gettext_lazy("方式"), choices=ContactChannel)
    is_reached = forms.TypedChoiceField(
        label=gettext_lazy("结果"), coerce=lambda value: value == "yes", widget=forms.RadioSelect,
        choices=[("yes", gettext_lazy("已联系上")), ("no", gettext_lazy("未联系上"))],
    )  # fmt: skip
    note = forms.CharField(
        label=gettext_lazy("情况"), max_length=300, widget=text_area(), required=False
    )

    def act(self) -> str:
        handling.contact(self.case.pk, **self.common, **self.given)
        return _("已记录联系情况。")


class SeveralFiles(forms.ClearableFileInput):
    """An input that takes several files."""

    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Several photos, or none."""

    widget = SeveralFiles(attrs={"accept": "image/*", "multiple": True})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(PhotosField, self).clean(one, initial) for one in files]


class ReplyForm(CaseForm):
    """The answer: what the citizen reads, and what stays in the office."""

    verb, label, icon, tone = "reply", gettext_lazy("答复"), "chat-left-text", "primary"
    result_kind = forms.ChoiceField(
        label=gettext_lazy("办理结果"), choices=ResultKind, widget=forms.RadioSelect
    )
    is_true = forms.TypedChoiceField(
        label=gettext_lazy("诉求是否属实"), coerce=lambda value: value == "yes",
        choices=[("yes", gettext_lazy("属实")), ("no", gettext_lazy("不属实"))],
        initial="yes", widget=forms.RadioSelect,
    )  # fmt: skip
    public_text = forms.CharField(
        label=gettext_lazy("公开答复"), widget=text_area(5), max_length=2000,
        help_text=gettext_lazy("诉求人会看到，请写明办了什么、结果如何。"),
    )  # fmt: skip
    internal_text = forms.CharField(
        label=gettext_lazy("办理情况（内部）"), widget=text_area(), max_length=2000, required=False
    )
    unsolved_reason = forms.CharField(
        label=gettext_lazy("未解决的部分和原因"), max_length=200, required=False
    )
    no_contact_reason = forms.CharField(
        label=gettext_lazy("无法联系诉求人的原因"), max_length=300, required=False
    )
    pictures = PhotosField(label=gettext_lazy("办理附件"), required=False)

    def act(self) -> str:
        given = self.given
        pictures = given.pop("pictures")
        if pictures:
            photos.add_photos(self.case.pk, pictures, by=self.by)
        handling.reply(self.case.pk, **self.common, **given)
        return _("答复已提交，等待审核。")


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


class CorrectForm(CaseForm):
    """Category, urgency, address or place; no clock moves."""

    verb, label, icon = "correct", gettext_lazy("更正"), "pencil-square"
    lead = gettext_lazy("更正分类、紧急程度、地址；已起算的时限不变。")
    category = forms.ChoiceField(label=gettext_lazy("分类"), required=False)
    urgency = forms.ChoiceField(label=gettext_lazy("紧急程度"), choices=Urgency)
    address = forms.CharField(label=gettext_lazy("地址"), max_length=160, required=False)
    place = forms.ChoiceField(
        label=gettext_lazy("所属网格"), required=False,
        help_text=gettext_lazy("改了地址而不选，系统按地址识别。"),
    )  # fmt: skip
    note = forms.CharField(
        label=gettext_lazy("说明"), max_length=300, widget=text_area(2), required=False
    )

    def prepare(self) -> None:
        case = self.case
        self.fields["category"].choices = with_headings(category_choices(self.by), _("未分类"))
        units = [unit for unit in units_within_reach(self.by, case) if unit.level]
        self.places = {str(unit.pk): unit for unit in units}
        if case.place and str(case.place_id) not in self.places:
            self.places[str(case.place_id)] = case.place
        self.fields["place"].choices = [("", _("按地址识别")), *grouped(self.places.values())]
        self.initial.update(
            category=str(case.category_id or ""), urgency=case.urgency, address=case.address,
            place=str(case.place_id or ""),
        )  # fmt: skip

    def act(self) -> str:
        case, given, changes = self.case, self.cleaned_data, {}
        moved = given["address"].strip() != case.address
        if moved:
            changes["address"] = given["address"].strip()
        if given["place"] and given["place"] != str(case.place_id or ""):
            changes["place"] = self.places[given["place"]]
        elif moved:
            found = grid_at(subdistrict=case.subdistrict, address=changes["address"])
            if found.organisation is not None:
                changes.update(place=found.organisation, compound=found.compound,
                               building=found.building, dwelling=found.dwelling)  # fmt: skip
        category = None
        if given["category"] and given["category"] != str(case.category_id or ""):
            rows = rule_rows(Category, self.by, [Word.SEE])
            category = rows.get(pk=given["category"])
        urgency = given["urgency"] if given["urgency"] != case.urgency else ""
        if not (changes or category or urgency):
            raise HouseError(_("没有改动：请先修改分类、紧急程度或地址。"))
        intake.correct(
            case.pk,
            category=category,
            urgency=urgency,
            note=given["note"],
            **self.common,
            **changes,
        )
        return _("已更正。")


class InstructForm(CaseForm):
    """批示: a leader's word with a due time of its own."""

    verb, label, icon = "instruct", gettext_lazy("批示"), "megaphone"
    text = forms.CharField(label=gettext_lazy("批示内容"), max_length=300, widget=text_area())
    due_at = MomentField(label=gettext_lazy("落实期限"), required=False)

    def act(self) -> str:
        supervising.instruct(self.case.pk, **self.common, **self.given)
        return _("批示已下达，相关人员会收到通知。")


class AnswerInstructionForm(CaseForm):
    """What was done about a leader's word."""

    verb, label, icon = "answer_instruction", gettext_lazy("批示落实"), "clipboard-check"
    instruction = forms.ChoiceField(label=gettext_lazy("批示"), widget=forms.RadioSelect)
    note = forms.CharField(label=gettext_lazy("落实情况"), max_length=300, widget=text_area())

    def prepare(self) -> None:
        rows = self.case.instructions.filter(answered_at=None)
        self.open = {str(row.pk): row for row in rows}
        field = self.fields["instruction"]
        field.choices = [(pk, row.text) for pk, row in self.open.items()]
        if self.open:
            field.initial = next(iter(self.open))

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
        self.fields["units"].choices = grouped(units)

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


DEEDS: dict[str, type[CaseForm]] = {
    form.verb: form
    for form in (
        AcceptForm, DispatchForm, SignForm, ContactForm, ReplyForm, ApproveForm, SendBackForm,
        RecordCallbackForm, LogForm, AssignForm, EscalateForm, HandOnForm, AskSupplementForm,
        SupplementForm, MergeForm, RejectForm, ReturnToSourceForm, CorrectForm, UrgeForm,
        InstructForm, AnswerInstructionForm, RecordSourceResultForm, ReworkForm, WithdrawForm,
        RestoreForm, RestrictForm, VoidForm,
    )
}  # fmt: skip
# Deeds short enough to stand open on the page of the case; the others have a page of their own.
SHORT = frozenset(
    {"sign", "accept", "approve", "send_back", "log", "contact", "urge", "escalate", "hand_on",
     "ask_supplement", "supplement", "reject", "return_to_source", "void", "withdraw", "restore",
     "rework", "instruct"}
)  # fmt: skip
