"""The leader's one form: a word on a case, with a due time of its own."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.forms import DeedForm
from governance.calendar import Calendar
from governance.worktime import add

WORKDAYS = {"one": 1, "three": 3, "five": 5}
PRESETS = [
    ("today", _("今日下班前")),
    ("one", _("1个工作日")),
    ("three", _("3个工作日")),
    ("five", _("5个工作日")),
    ("none", _("不限期")),
]


class InstructionForm(DeedForm):
    """批示: what is to be done, and by when."""

    text = forms.CharField(
        label=_("批示内容"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 300}),
        error_messages={"required": _("请写下批示内容。")},
    )
    until = forms.ChoiceField(
        label=_("落实期限"), choices=PRESETS, widget=forms.RadioSelect, initial="three"
    )

    def due_at(self, now: datetime, calendar: Calendar) -> datetime | None:
        """The moment the chosen preset means when it is chosen now."""
        until: Any = self.cleaned_data["until"]
        if until == "none":
            return None
        if until == "today":
            local = calendar.local(now)
            closing = calendar.intervals(local.date())[-1][1]
            return calendar.utc(datetime.combine(local.date(), closing))
        return add(now, WORKDAYS[until], "wd", calendar).at
