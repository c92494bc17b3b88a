"""征询外单位 at the desk and on the phone: the form, its preview, and the link that is shown once."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints import outsiders
from complaints.choices import OutsiderKind
from complaints.entrances import base_address
from complaints.forms import KeyedForm
from complaints.models import Complaint
from complaints.public_text import marked
from complaints.services import outside
from complaints.services.grid_boards import picture_of
from complaints.services.outside import LONGEST_WORKDAYS, Asked
from governance.errors import HouseError, WrongMove

CONFLICT, UNFIT = 409, 422


class AskOutsideForm(KeyedForm):
    """The question, the time for it, and what the other side is shown of the matter."""

    to_kind = forms.ChoiceField(
        label=gettext_lazy("对方类型"), choices=OutsiderKind, widget=forms.RadioSelect,
        initial=OutsiderKind.PROPERTY,
        error_messages={"required": gettext_lazy("请选择对方类型。")},
    )  # fmt: skip
    to_name = forms.CharField(
        label=gettext_lazy("对方单位"), max_length=60,
        error_messages={"required": gettext_lazy("请写明对方单位的名称。")},
    )  # fmt: skip
    question = forms.CharField(
        label=gettext_lazy("需要对方答复的事项"), max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 500}),
        error_messages={"required": gettext_lazy("请写明需要对方答复的事项。")},
    )  # fmt: skip
    workdays = forms.IntegerField(
        label=gettext_lazy("答复期限（工作日）"), initial=2, min_value=1,
        max_value=LONGEST_WORKDAYS,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    shows_text = forms.BooleanField(label=gettext_lazy("给对方看诉求内容"), required=False)
    text = forms.CharField(
        label=gettext_lazy("诉求内容（已替换可能指向个人的字句，可再改）"), max_length=1000,
        required=False, widget=forms.Textarea(attrs={"rows": 4, "maxlength": 1000}),
    )  # fmt: skip
    place = forms.ChoiceField(
        label=gettext_lazy("给对方看的地点"), required=False, widget=forms.RadioSelect
    )
    shows_category = forms.BooleanField(label=gettext_lazy("给对方看分类"), required=False)

    pictures = forms.TypedMultipleChoiceField(
        label=gettext_lazy("给对方看的照片"), coerce=int, required=False,
        error_messages={
            "invalid_choice": gettext_lazy("所选照片已不在这件诉求中，请重新选择。"),
        },
    )  # fmt: skip

    def __init__(self, *args: Any, case: Complaint, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case = case
        self.photos = {str(one.pk): one for one in outsiders.photos_for_outsiders(case)}
        self.offer("pictures", [(pk, pk) for pk in self.photos])
        self.places = dict(outsiders.places_for_outsiders(case))
        self.offer("place", [(value, words or _("不显示")) for value, words in self.places.items()])

    @classmethod
    def blank(cls, case: Complaint) -> "AskOutsideForm":
        """A form with a key of its own that shows what is usually needed."""
        places = [value for value, _words in outsiders.places_for_outsiders(case)]
        return cls(
            case=case,
            initial={
                "key": uuid4(), "shows_text": True, "shows_category": True,
                "text": outsiders.text_for_outsiders(case), "place": places[min(1, len(places) - 1)],
            },
        )  # fmt: skip

    def clean_question(self) -> str:
        """Words that name nobody."""
        return self.without_people("question")

    def clean_text(self) -> str:
        """Words that name nobody; an emptied field is not shown."""
        if not self.data.get("shows_text"):
            return ""
        return self.without_people("text")

    def without_people(self, name: str) -> str:
        """The words of a field, refused when they point to a person."""
        words: str = self.cleaned_data[name]
        if found := outside.forbidden_words(self.case, words):
            said = "；".join(f"{one.label}“{one.text}”" for one in found[:6])
            raise forms.ValidationError(_("请改掉指向个人的内容：%(words)s。") % {"words": said})
        return words

    def shown(self) -> dict[str, Any]:
        """What the other side would see of the matter, from what is typed or first proposed."""
        names = ("text", "place", "shows_text", "shows_category", "to_name", "question", "pictures")
        typed = {name: self[name].value() for name in names}
        category = self.case.category.name if self.case.category else ""
        return {
            "to_name": typed["to_name"] or "",
            "question": typed["question"] or "",
            "text": (typed["text"] or "") if typed["shows_text"] else "",
            "place": self.places.get(typed["place"] or "", ""),
            "category": category if typed["shows_category"] else "",
            "photos": [
                self.photos[str(pk)] for pk in typed["pictures"] or () if str(pk) in self.photos
            ],
        }

    def asked(self) -> Asked:
        """What the service is told."""
        data, shown = self.cleaned_data, self.shown()
        return Asked(
            to_kind=data["to_kind"], to_name=data["to_name"], question=data["question"],
            workdays=data["workdays"], shown_text=data["text"], shown_place=shown["place"],
            shown_category=shown["category"], photos=tuple(data["pictures"]),
        )  # fmt: skip


@dataclass
class Desk:
    """One request to the page of a case's questions: what was done, and what is drawn."""

    request: HttpRequest
    case: Complaint
    status: int = 200
    sentence: str = ""
    secret: str = ""
    said: str = ""

    def carry_out(self) -> dict[str, Any]:
        """Do what the form asks for and return what the page needs.

        Raises PermissionDenied for whoever neither holds the case nor dispatches there.
        """
        if not outsiders.may_write_outside(self.case, self.request.user):
            raise PermissionDenied
        self.form = AskOutsideForm.blank(self.case)
        if self.request.method == "POST":
            try:
                self.act(self.request.POST.get("action", ""))
            except WrongMove as refusal:
                self.sentence, self.status = refusal.message, CONFLICT
            except HouseError as refusal:
                self.sentence, self.status = refusal.message, UNFIT
        if self.form.is_bound and self.status != 200:
            self.form.under_new_key()  # what was typed goes on as another try
        return self.context()

    def act(self, action: str) -> None:
        """One of the four buttons."""
        if action in ("renew", "end"):
            self.on_question(action)
            return
        self.form = form = AskOutsideForm(self.request.POST, case=self.case)
        if action == "preview":
            return
        if not form.is_valid():
            self.status = UNFIT
            return
        if action != "send":
            raise HouseError(_("请选择预览或发出征询。"))
        user, key = self.request.user, form.cleaned_data["key"]
        self.secret = outside.ask(self.case.pk, form.asked(), by=user, key=key)
        self.form = AskOutsideForm.blank(self.case)

    def on_question(self, action: str) -> None:
        """Another link for a question that waits, or none any more."""
        given = self.request.POST.get("question", "")
        rows = outsiders.questions_of(self.case)
        row = next((one for one in rows if str(one.pk) == given), None)
        if row is None:
            raise HouseError(_("没有这次征询。"))
        if action == "renew":
            self.secret = outside.renew(row.pk, by=self.request.user)
        else:
            outside.end(row.pk, by=self.request.user)
            self.said = _("征询已撤回，对方的链接已打不开。")

    def context(self) -> dict[str, Any]:
        """The page: the link when there is a fresh one, else the form beside its preview."""
        base = base_address(self.request, self.case.subdistrict_id)
        address = f"{base}{reverse('resident:outside', args=[self.secret])}" if self.secret else ""
        shown = self.form.shown()
        return {
            "case": self.case,
            "form": self.form,
            "shown": shown,
            "choosable": list(self.form.photos.values()),
            "pieces": marked(shown["text"], [self.case.caller.name]),
            "questions": outsiders.questions_of(self.case),
            "may_ask": outsiders.may_ask_now(self.case, self.request.user),
            "address": address,
            "picture": picture_of(address) if address else "",
            "sentence": self.sentence,
            "said": self.said,
        }
