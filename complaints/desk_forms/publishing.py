"""The public text of a case as a form: proposed without persons, changed by the clerk."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from complaints.desk_forms.base import text_area
from complaints.models import Complaint, Publication
from complaints.public_text import proposal
from complaints.services.publishing import names_of, places_of
from governance.forms import OfferingForm

# Said to one caller; read by everybody they are empty words.
COURTESIES = re.compile(
    r"^您好[！!，,。]?|感谢您的[^。！]{0,14}[。！]|祝您[^。！]{0,10}[。！]|谢谢您?[。！]|接到您的诉求后，"
)


def without_courtesies(text: str) -> str:
    """A reply without its greetings and thanks."""
    return COURTESIES.sub("", text).strip()


class PublicationForm(OfferingForm):
    """Title, place and what was done; the place is never finer than a compound."""

    title = forms.CharField(
        label=gettext_lazy("标题"), max_length=60,
        error_messages={"required": gettext_lazy("请写标题。")},
    )  # fmt: skip
    place = forms.ChoiceField(
        label=gettext_lazy("地点"), help_text=gettext_lazy("最细到小区，不写楼栋和门牌。"),
        error_messages={
            "required": gettext_lazy("请选择地点。"),
            "invalid_choice": gettext_lazy("地点只能选到小区、社区或街道，不能更细。"),
        },
    )  # fmt: skip
    what_was_done = forms.CharField(
        label=gettext_lazy("办理结果"), max_length=500, widget=text_area(6),
        help_text=gettext_lazy("写做了什么、结果怎样；不写姓名、电话、门牌和车牌。"),
        error_messages={"required": gettext_lazy("请写办理结果。")},
    )  # fmt: skip

    def __init__(
        self, *args: Any, case: Complaint, publication: Publication | None = None, **kwargs: Any
    ) -> None:
        self.names = names_of(case)
        answer = case.replies.filter(is_approved=True).order_by("-id").first()
        self.original = answer.public_text if answer else ""
        kwargs["initial"] = (
            {
                "title": publication.title,
                "place": publication.place,
                "what_was_done": publication.what_was_done,
            }
            if publication
            else {
                "title": proposal(case.title, self.names)[:60],
                "what_was_done": without_courtesies(proposal(self.original, self.names))[:500],
            }
        )
        super().__init__(*args, **kwargs)
        places = places_of(case)
        self.offer("place", list(zip(places, places, strict=True)))


class ReasonForm(forms.Form):
    """A word why a text goes back or is taken away."""

    note = forms.CharField(
        label=gettext_lazy("原因"), max_length=200,
        error_messages={"required": gettext_lazy("请写明原因。")},
    )  # fmt: skip
