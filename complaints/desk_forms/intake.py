"""Intake: what the hotline desk makes of a filed matter."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from complaints.choices import CITY_SOURCES, RejectReason, ReturnReason, Urgency
from complaints.desk.choosing import category_choices
from complaints.desk.suggesting import grouped, units_within_reach
from complaints.desk_forms.base import CaseForm, MomentField, note_deed, text_area, with_headings
from complaints.models import Category, Complaint
from complaints.selectors import similar_nearby
from complaints.services import intake, merging
from complaints.workflow import MOVES
from governance.choices import Word
from governance.errors import HouseError
from governance.selectors import rule_rows
from grids.selectors import grid_at

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


class AcceptForm(CaseForm):
    """Accept: the promise to the citizen starts."""

    verb, label, icon, tone = "accept", pgettext_lazy("按钮", "受理"), "check-circle", "primary"
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
    """Into an open case about the same matter; the caller is kept and gets an answer."""

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
            if one.pk != self.case.pk and one.stage in MOVES["take_in"].before
        ]
        self.offer("candidate", choices)
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
        merging.merge_into(self.case.pk, self.target, note=note, **self.common)
        return _("已并入 %(number)s，诉求人会得到那一件的答复。") % {"number": self.target.number}


UnmergeForm = note_deed(
    "unmerge", gettext_lazy("取消并单"), merging.unmerge,
    gettext_lazy("已取消并单，按自己的时限继续办理。"), icon="arrow-counterclockwise",
    lead=gettext_lazy("不是同一件事时使用；本件回到派单台，原来的时限照常计算。"),
)  # fmt: skip


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
    is_collective = forms.BooleanField(
        label=gettext_lazy("群体诉求"), required=False,
        help_text=gettext_lazy("多人反映同一件事；认定后按提醒规则报告街道领导。"),
    )  # fmt: skip
    note = forms.CharField(
        label=gettext_lazy("说明"), max_length=300, widget=text_area(2), required=False
    )

    def prepare(self) -> None:
        case = self.case
        self.offer("category", with_headings(category_choices(self.by), _("未分类")))
        units = [unit for unit in units_within_reach(self.by, case) if unit.level]
        self.places = {str(unit.pk): unit for unit in units}
        if case.place and str(case.place_id) not in self.places:
            self.places[str(case.place_id)] = case.place
        self.offer("place", [("", _("按地址识别")), *grouped(self.places.values())])
        self.initial.update(
            category=str(case.category_id or ""), urgency=case.urgency, address=case.address,
            place=str(case.place_id or ""), is_collective=case.is_collective,
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
        is_new = given["is_collective"] != case.is_collective
        if not (changes or category or urgency or is_new):
            raise HouseError(_("没有改动：请先修改分类、紧急程度或地址。"))
        intake.correct(
            case.pk,
            category=category,
            urgency=urgency,
            is_collective=given["is_collective"] if is_new else None,
            note=given["note"],
            **self.common,
            **changes,
        )
        return _("已更正。")
