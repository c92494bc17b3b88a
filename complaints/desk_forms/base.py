"""What the deeds of the desk have in common: fields, the key, the note."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy

from complaints.desk.choosing import Choice
from complaints.models import Complaint
from complaints.workflow import MOVES
from governance.forms import OfferingForm

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


class CaseForm(OfferingForm):
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
        data: Any = self.data.copy()  # type: ignore[attr-defined]
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
