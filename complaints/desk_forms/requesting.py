"""Requests at the desk: asked for, taken back, decided, and what the city says to them."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints import amounts, requested
from complaints.choices import ContactChannel, PhotoGroup, RequestKind
from complaints.desk_forms.base import CaseForm, NoteForm, note_deed, text_area
from complaints.desk_forms.handling import PhotosField
from complaints.forms import say_the_unit
from complaints.models import CaseRequest, Photo
from complaints.rules import rules_of
from complaints.services import photos
from complaints.services.requests import asking, city, deciding, standing
from governance.clockface import span_words


def reason_field() -> forms.ChoiceField:
    """The office's list of grounds; filled for the case."""
    return forms.ChoiceField(label=gettext_lazy("理由"), widget=forms.RadioSelect)


def evidence_field() -> forms.CharField:
    """What proves the ground."""
    return forms.CharField(
        label=gettext_lazy("依据"), max_length=300, required=False, widget=text_area(2),
        help_text=gettext_lazy("文件、文号、联系情况等。"),
    )  # fmt: skip


class AskForm(NoteForm):
    """A request of one kind: a ground from the list, and words."""

    kind = RequestKind.RETURN
    reason = reason_field()
    note = forms.CharField(label=gettext_lazy("说明"), max_length=400, widget=text_area())
    field_order: Sequence[str] | None = ("reason", "amount", "note", "channel", "told", "evidence")

    def prepare(self) -> None:
        rules = rules_of(self.case.subdistrict)
        self.rule = rules.requests.get(self.kind)
        grounds = [row for row in rules.reasons if row.kind == self.kind and row.is_enabled]
        self.offer("reason", [(row.code, row.label) for row in grounds])
        if not grounds:
            del self.fields["reason"]
        if self.rule is not None and "amount" in self.fields:
            say_the_unit(self.fields["amount"], self.rule, self.case)

    def laid_photo(self, pictures: list[Any]) -> Photo | None:
        """Lay what was photographed to the case; the first picture stands for the ground."""
        if not pictures:
            return None
        laid = photos.add_photos(self.case.pk, pictures, by=self.by, group=PhotoGroup.HANDLING)
        return laid[0] if laid else self.case.photos.order_by("-pk").first()


class AskReturnForm(AskForm):
    """退单: not ours."""

    verb, label, icon = "ask_return", gettext_lazy("申请退单"), "arrow-return-left"
    kind = RequestKind.RETURN
    lead = gettext_lazy("审批期间时限照常计算；不批准则继续办理。")

    def act(self) -> str:
        asking.ask_return(self.case.pk, **self.common, **self.given)
        return _("退单申请已提交，等待上一级审批；时限照常计算。")


class AskExtensionForm(AskForm):
    """延期: more time, in the unit of the street's rule."""

    verb, label, icon = "ask_extension", gettext_lazy("申请延期"), "calendar-plus"
    kind = RequestKind.EXTENSION
    lead = gettext_lazy("须在到期前申请，并已告知诉求人；从原到期日起顺延，审批期间时限照常计算。")
    amount = forms.IntegerField(label=gettext_lazy("延长多久"), min_value=1, max_value=3650)
    channel = forms.ChoiceField(
        label=gettext_lazy("怎样告知了诉求人"), choices=ContactChannel, widget=forms.RadioSelect
    )
    told = forms.CharField(
        label=gettext_lazy("告知情况"), max_length=200, required=False, widget=text_area(2)
    )

    def act(self) -> str:
        asking.ask_extension(self.case.pk, **self.common, **self.given)
        return _("延期申请已提交；批准前仍按原期限办理。")


class AskSuspensionForm(AskForm):
    """挂起: let the clock stand still."""

    verb, label, icon = "ask_suspension", gettext_lazy("申请挂起"), "pause-circle"
    kind = RequestKind.SUSPENSION
    lead = gettext_lazy("批准后时限暂停，期满自动恢复，剩余时间不增不减。已超期的不能挂起。")
    amount = forms.IntegerField(label=gettext_lazy("最多挂起多久"), min_value=1, max_value=3650)
    evidence = evidence_field()
    pictures = PhotosField(label=gettext_lazy("照片"), required=False)

    def act(self) -> str:
        given = self.given
        photo = self.laid_photo(given.pop("pictures"))
        asking.ask_suspension(self.case.pk, **self.common, **given, photo=photo)
        return _("挂起申请已提交街道审批；批准前时限照常计算。")


class ClaimOutOfDutyForm(AskForm):
    """超职责: claim that the matter is nobody's duty here."""

    verb, label, icon = "claim_out_of_duty", gettext_lazy("申报超职责"), "slash-circle"
    kind = RequestKind.OUT_OF_DUTY
    lead = gettext_lazy("仍须答复诉求人；街道认定后不计入解决率和满意率。")
    evidence = evidence_field()
    pictures = PhotosField(label=gettext_lazy("照片"), required=False)

    def act(self) -> str:
        given = self.given
        photo = self.laid_photo(given.pop("pictures"))
        asking.claim_out_of_duty(self.case.pk, **self.common, **given, photo=photo)
        return _("超职责申报已提交街道认定，请继续办理。")


class OneRequestForm(CaseForm):
    """A deed on one of the requests of a case; with a single one there is nothing to choose."""

    # Whether it is still one that may be acted on is for the service to say, in a sentence.
    request = forms.IntegerField(label=gettext_lazy("哪个申请"), widget=forms.Select())

    def rows(self) -> list[CaseRequest]:
        """The requests that the deed may be about."""
        return requested.requests_of(self.case)

    def prepare(self) -> None:
        self.found = {row.pk: row for row in self.rows()}
        field = self.fields["request"]
        field.widget = forms.Select(choices=[(pk, words_of(row)) for pk, row in self.found.items()])
        if len(self.found) == 1:
            self.initial["request"] = next(iter(self.found))
            field.widget = forms.HiddenInput()

    def chosen(self) -> CaseRequest | None:
        """The request the form shows, when there is just one."""
        return next(iter(self.found.values())) if len(self.found) == 1 else None


def words_of(row: CaseRequest) -> str:
    """A request in one line: what, how much, who, why."""
    amount = f" {span_words(row.amount, row.amount_unit)}" if row.amount else ""
    ground = row.reason.label if row.reason else ""
    parts = (row.get_kind_display() + amount, row.unit.display_name, ground)
    return " · ".join(part for part in parts if part)


class TakeBackRequestForm(OneRequestForm):
    """撤回: no longer wanted."""

    verb, label, icon = "take_back_request", gettext_lazy("撤回申请"), "arrow-counterclockwise"

    def rows(self) -> list[CaseRequest]:
        return requested.to_take_back(self.case, self.by)

    def act(self) -> str:
        asking.take_back_request(self.case.pk, **self.common, **self.given)
        return _("申请已撤回。")


class DecideRequestForm(OneRequestForm):
    """审批: grant or refuse; perhaps less time than was asked for."""

    verb, label, icon, tone = (
        "decide_request", gettext_lazy("审批申请"), "clipboard-check", "primary",
    )  # fmt: skip
    decision = forms.ChoiceField(
        label=gettext_lazy("决定"), widget=forms.RadioSelect,
        choices=[("grant", gettext_lazy("同意")), ("refuse", gettext_lazy("不同意"))],
    )  # fmt: skip
    amount = forms.IntegerField(
        label=gettext_lazy("批准多久"), min_value=1, max_value=3650, required=False,
        help_text=gettext_lazy("单位同申请；可少于申请的时长，留空按申请的时长。"),
    )  # fmt: skip
    note = forms.CharField(
        label=gettext_lazy("意见"), max_length=400, widget=text_area(), required=False,
        help_text=gettext_lazy("不同意时须写明理由，申请单位会看到。"),
    )  # fmt: skip

    def rows(self) -> list[CaseRequest]:
        return requested.to_decide(self.case, self.by)

    def prepare(self) -> None:
        super().prepare()
        row = self.chosen()
        if row is not None:
            self.lead = f"{words_of(row)}：{row.note}"
            if row.evidence:
                self.lead += _("（依据：%(evidence)s）") % {"evidence": row.evidence}
            if row.amount is None:
                del self.fields["amount"]
            else:
                self.initial["amount"] = row.amount
                self.fields["amount"].label = _("批准多久（%(unit)s）") % {
                    "unit": amounts.unit_label(row.amount_unit)
                }

    def clean(self) -> None:
        given = self.cleaned_data
        if given.get("decision") == "refuse" and not given.get("note", "").strip():
            self.add_error("note", _("不同意时请写明理由。"))

    def act(self) -> str:
        given, common = self.given, self.common
        if given["decision"] == "refuse":
            deciding.refuse(given["request"], note=given["note"], **common)
            return _("已回复不同意，申请单位继续办理。")
        deciding.grant(given["request"], note=given["note"], amount=given.get("amount"), **common)
        return _("已同意，申请单位会收到通知。")


class RecordCityAnswerForm(OneRequestForm):
    """来源批复: what the city has said, with number and day."""

    verb, label, icon = "record_city_answer", gettext_lazy("登记来源批复"), "envelope-check"
    answer = forms.ChoiceField(
        label=gettext_lazy("来源意见"), widget=forms.RadioSelect,
        choices=[("yes", gettext_lazy("同意")), ("no", gettext_lazy("不同意"))],
    )  # fmt: skip
    number = forms.CharField(label=gettext_lazy("批复文号或工单号"), max_length=40)
    answered_on = forms.DateField(
        label=gettext_lazy("批复日期"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    note = forms.CharField(
        label=gettext_lazy("说明"), max_length=300, widget=text_area(2), required=False
    )

    def rows(self) -> list[CaseRequest]:
        return requested.at_the_city(self.case)

    def prepare(self) -> None:
        super().prepare()
        self.initial.setdefault("answered_on", timezone.localdate())
        row = self.chosen()
        if row is not None:
            self.lead = words_of(row)

    def act(self) -> str:
        given = self.given
        is_approved = given.pop("answer") == "yes"
        city.record_city_answer(self.case.pk, **self.common, **given, is_approved=is_approved)
        return _("来源批复已登记。")


ResumeForm = note_deed(
    "resume", gettext_lazy("恢复办理"), standing.resume,
    gettext_lazy("已恢复办理，时限从剩余时间继续。"), icon="play-circle",
)  # fmt: skip
RecheckForm = note_deed(
    "recheck", gettext_lazy("挂起复核"), standing.recheck,
    gettext_lazy("复核已记录。"), icon="clipboard-check",
)  # fmt: skip
FORMS = (
    AskReturnForm, AskExtensionForm, AskSuspensionForm, ClaimOutOfDutyForm, TakeBackRequestForm,
    DecideRequestForm, ResumeForm, RecheckForm, RecordCityAnswerForm,
)  # fmt: skip
