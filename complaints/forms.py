"""Forms of the phone: what a grid worker fills in, with a key that makes sending twice harmless."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any
from uuid import uuid4

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints import amounts
from complaints.choices import ContactChannel, ResultKind
from complaints.models import Category, Complaint, RequestRule
from governance.clockface import span_words
from governance.errors import HouseError
from governance.forms import OfferingForm
from governance.identity import check_phone

FEW_LINES = {"rows": 4, "maxlength": 2000}


# What a form carries for the house; given anew each time it is drawn.
HIDDEN = ("key", "seen")


class KeyedForm(OfferingForm):
    """A form whose hidden key lets the house recognise the same deed sent twice."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    def under_new_key(self, **hidden: Any) -> None:
        """Keep every word that was typed, for another try under a new key."""
        data = self.data.copy()
        for name, value in {"key": uuid4(), **hidden}.items():
            data[name] = str(value)
        self.data = data

    @classmethod
    def typed_so_far(cls, data: QueryDict) -> dict[str, str]:
        """What was typed into the form, for drawing it anew without judging it."""
        return {name: data[name] for name in cls.base_fields if name in data and name not in HIDDEN}

    def body(self) -> dict[str, Any]:
        """What was sent, without the key: equal bodies are the same deed."""
        return {name: str(value) for name, value in self.cleaned_data.items() if name != "key"}


class DeedForm(KeyedForm):
    """A deed on one case; `seen` is how far the case was when the page was drawn."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    @classmethod
    def blank(cls, case: Complaint, **given: Any) -> "DeedForm":
        """An empty form for the case as it stands."""
        return cls(initial={"key": uuid4(), "seen": case.step_count, **given})


def say_the_unit(field: Any, rule: RequestRule, case: Complaint) -> None:
    """Say beside the field for an amount in which unit it is counted, and how much is allowed."""
    unit = amounts.unit_for(rule.amount_unit, case)
    field.label = _("%(label)s（%(unit)s）") % {
        "label": field.label,
        "unit": amounts.unit_label(unit),
    }
    if rule.most_amount:
        field.help_text = _("合计最多 %(most)s。") % {"most": span_words(rule.most_amount, unit)}


class NoteForm(DeedForm):
    """A deed with a few words."""

    note = forms.CharField(
        label=gettext_lazy("说明"),
        max_length=1000,
        widget=forms.Textarea(attrs=FEW_LINES),
        error_messages={"required": gettext_lazy("请写几句说明。")},
    )


class AnswerInstructionForm(NoteForm):
    """What was done about a leader's word."""

    instruction = forms.IntegerField(widget=forms.HiddenInput, required=False)


class AssignForm(DeedForm):
    """Who inside the holding unit acts; whether the person may is for the service to say."""

    person = forms.IntegerField(
        widget=forms.HiddenInput,
        error_messages={"required": gettext_lazy("请选择承办人。")},
    )


class ContactForm(DeedForm):
    """That the caller was called or visited, and whether anybody answered."""

    REACHED = (("yes", gettext_lazy("接通了")), ("no", gettext_lazy("没接通")))

    channel = forms.ChoiceField(
        label=gettext_lazy("联系方式"),
        choices=ContactChannel,
        widget=forms.RadioSelect,
        initial=ContactChannel.PHONE,
    )
    note = forms.CharField(
        label=gettext_lazy("情况"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 300}),
    )
    reached = forms.ChoiceField(choices=REACHED, widget=forms.HiddenInput, required=False)


class ReplyForm(DeedForm):
    """The answer: what came out, what the citizen reads, what stays in the office."""

    result_kind = forms.ChoiceField(
        label=gettext_lazy("办理结果"),
        choices=ResultKind,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选择办理结果。")},
    )
    public_text = forms.CharField(
        label=gettext_lazy("公开答复"),
        help_text=gettext_lazy("诉求人会看到这段话，至少 10 个字。不要写姓名、电话和门牌。"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5, "maxlength": 2000}),
        error_messages={"required": gettext_lazy("请写给诉求人的答复。")},
    )
    unsolved_reason = forms.CharField(
        label=gettext_lazy("未解决的部分和原因"),
        help_text=gettext_lazy("选“部分解决”时填写。"),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 200}),
    )
    no_contact_reason = forms.CharField(
        label=gettext_lazy("没有联系诉求人的原因"),
        help_text=gettext_lazy("还没有联系记录。请先打电话，实在联系不上再写原因。"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 300}),
    )
    without_assists = forms.CharField(
        label=gettext_lazy("不等协办答复的理由"),
        help_text=gettext_lazy("还有协办单位没有答复；不等时须写明理由。"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 300}),
    )
    internal_text = forms.CharField(
        label=gettext_lazy("内部说明"),
        help_text=gettext_lazy("只有工作人员看得到。"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 2000}),
    )
    is_untrue = forms.BooleanField(label=gettext_lazy("经核实，反映的情况不属实"), required=False)
    shows_photos = forms.BooleanField(
        label=gettext_lazy("给诉求人看这些照片"),
        help_text=gettext_lazy("先确认照片里没有人脸、车牌和别人家里。审核通过后诉求人才看得到。"),
        required=False,
    )


class KeywordSelect(forms.Select):
    """A list whose entries carry the words by which `static/js/suggest.js` finds them."""

    keywords: dict[str, str] = {}

    def create_option(self, name: str, value: Any, *further: Any, **more: Any) -> dict[str, Any]:
        """Django's option, with its keywords."""
        option = super().create_option(name, value, *further, **more)
        if words := self.keywords.get(str(value)):
            option["attrs"]["data-keywords"] = words
        return option


class WhereForm(forms.Form):
    """An address and a position as they are being typed."""

    address = forms.CharField(max_length=160, required=False)
    lat = forms.FloatField(required=False, min_value=-90, max_value=90)
    lng = forms.FloatField(required=False, min_value=-180, max_value=180)


class ReportForm(KeyedForm):
    """A matter met on the spot. Photos lie in the `tray` until there is a case."""

    tray = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=gettext_lazy("问题描述"),
        max_length=4000,
        widget=forms.Textarea(
            attrs={
                "rows": 4,
                "maxlength": 4000,
                "placeholder": gettext_lazy("发生了什么、在哪里。例如：南门消防通道停了三辆车。"),
            }
        ),
        error_messages={"required": gettext_lazy("请写发生了什么、在哪里。")},
    )
    category = forms.TypedChoiceField(
        label=gettext_lazy("分类"), coerce=int, required=False, widget=KeywordSelect
    )
    address = forms.CharField(
        label=gettext_lazy("地址或房号"),
        max_length=160,
        required=False,
        widget=forms.TextInput(
            attrs={"placeholder": gettext_lazy("例如：东园花园3号楼2单元，或 3-2-501")}
        ),
    )
    lat = forms.FloatField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput)
    lng = forms.FloatField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)
    caller_name = forms.CharField(label=gettext_lazy("姓名"), max_length=50, required=False)
    caller_phone = forms.CharField(
        label=gettext_lazy("电话"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    is_secret_caller = forms.BooleanField(label=gettext_lazy("诉求人要求保密"), required=False)
    # The button that was pressed: file it, take it on, file or take it on although it looks like
    # a double, or join the case of that id.
    decision = forms.RegexField(
        r"^(send|take|anyway|anyway-take|join-\d{1,18})$",
        required=False,
        widget=forms.HiddenInput,
    )

    def __init__(self, *args: Any, categories: Sequence[Category], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.categories = {leaf.pk: leaf for leaf in categories}
        kinds = self.fields["category"]
        kinds.choices = [("", _("说不准，由街道分类")), *grouped(categories)]
        kinds.widget.keywords = {str(leaf.pk): leaf.keywords for leaf in categories}

    @classmethod
    def blank(cls, categories: Sequence[Category]) -> "ReportForm":
        """An empty form with a tray and a key of its own."""
        return cls(initial={"key": uuid4(), "tray": uuid4()}, categories=categories)

    @classmethod
    def retyped(cls, data: QueryDict, categories: Sequence[Category]) -> "ReportForm":
        """The form with what was typed so far and the same tray, not judged yet."""
        return cls(initial={**cls.typed_so_far(data), "key": uuid4()}, categories=categories)

    def clean_caller_phone(self) -> str:
        """A number that can be called, in one form."""
        text: str = self.cleaned_data["caller_phone"].strip()
        try:
            return check_phone(text) if text else ""
        except HouseError as error:
            raise forms.ValidationError(error.message) from error

    def clean(self) -> dict[str, Any]:
        """A place must be found one way or the other."""
        data = super().clean() or self.cleaned_data
        has_point = data.get("lat") is not None and data.get("lng") is not None
        if not data.get("address") and not has_point and "address" not in self.errors:
            self.add_error("address", _("请填写地址或房号，或者点“定位”。"))
        return data

    @property
    def takes_on(self) -> bool:
        """我来办 was pressed."""
        return self.cleaned_data["decision"].endswith("take")

    @property
    def joins(self) -> int | None:
        """The case to be joined."""
        word, _dash, number = self.cleaned_data["decision"].partition("-")
        return int(number) if word == "join" else None

    @property
    def is_decided(self) -> bool:
        """The question about doubles has been answered."""
        return self.cleaned_data["decision"].startswith(("anyway", "join"))

    def leaf(self) -> Category | None:
        """The category that was chosen."""
        return self.categories.get(self.cleaned_data["category"] or 0)


def grouped(categories: Sequence[Category]) -> list[tuple[str, list[tuple[int, str]]]]:
    """Choices of a select in the plain words of the tree: a top with its leaves."""
    tops = groupby(categories, key=lambda leaf: leaf.full_name.partition(" · ")[0])
    return [(top, [(leaf.pk, leaf.name) for leaf in leaves]) for top, leaves in tops]
