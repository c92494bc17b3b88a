"""The same deed on many cases: who gets them, and the one note for all."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.desk.suggesting import grouped, suggest
from complaints.desk_forms.base import text_area
from complaints.models import Complaint
from complaints.services.bulk import Chosen
from governance.choices import Level, Word
from governance.forms import OfferingForm
from governance.models import Organisation, Person
from governance.selectors import serving_paths, who_serves


class BulkForm(OfferingForm):
    """One form for all chosen cases; `deed_key` makes it happen once."""

    verb = ""
    label: Any = ""
    icon = "send"
    lead: Any = ""
    deed_key = forms.CharField(max_length=64, min_length=8, widget=forms.HiddenInput)
    note = forms.CharField(
        label=gettext_lazy("说明"), max_length=300, widget=text_area(2), required=False
    )

    def __init__(self, *args: Any, cases: Sequence[Complaint], by: Any, **kwargs: Any) -> None:
        self.cases, self.by = cases, by
        kwargs["initial"] = {"deed_key": uuid4().hex}
        super().__init__(*args, **kwargs)
        self.prepare()

    def prepare(self) -> None:
        """Fill the choices."""

    def target_of(self, case: Complaint) -> int | None:
        """To whom a case is to go."""
        return None

    def hint_of(self, case: Complaint) -> str:
        """What is said of a case beside its name, before anything is chosen."""
        return ""

    def chosen(self, seen: dict[int, int | None]) -> list[Chosen]:
        """The cases as the service wants them."""
        return [Chosen(case.pk, seen.get(case.pk), self.target_of(case)) for case in self.cases]

    @property
    def title(self) -> str:
        """What the long work is called."""
        return _("%(label)s：%(count)s 件") % {"label": self.label, "count": len(self.cases)}


class BulkDispatchForm(BulkForm):
    """Each to its own suggested unit, or all to one."""

    verb, label = "dispatch", gettext_lazy("批量派单")
    unit = forms.ChoiceField(label=gettext_lazy("派给"), required=False)
    field_order = ("deed_key", "unit", "note")

    def prepare(self) -> None:
        wanted = Q(level__lte=Level.GRID_BRANCH) | Q(level=None)
        rows = Organisation.objects.visible_to(self.by, Word.DISPATCH).current().filter(wanted)
        units = sorted(rows, key=lambda unit: (unit.level is None, unit.path))
        serving = serving_paths(Word.HANDLE)
        self.suggested: dict[int, Organisation] = {}
        for case in self.cases:
            street = case.subdistrict.path
            within = [unit for unit in units if unit.path.startswith(street)]
            if found := suggest(case, within, serving):
                self.suggested[case.pk] = found[0].unit
        self.offer("unit", [("", _("各按建议单位分别派出")), *grouped(units)])

    def clean(self) -> None:
        if not self.cleaned_data.get("unit") and not self.suggested:
            self.add_error("unit", _("这些诉求都没有可建议的单位，请选择一个单位。"))

    def target_of(self, case: Complaint) -> int | None:
        if pk := self.cleaned_data.get("unit"):
            return int(pk)
        unit = self.suggested.get(case.pk)
        return unit.pk if unit else None

    def hint_of(self, case: Complaint) -> str:
        unit = self.suggested.get(case.pk)
        return _("建议：%(unit)s") % {"unit": unit.display_name} if unit else _("没有可建议的单位")


class BulkHandOnForm(BulkForm):
    """All back to their dispatch desks, for one reason."""

    verb, label, icon = "hand_on", gettext_lazy("批量转出"), "arrow-left-right"
    lead = gettext_lazy("不属于本单位时使用；各件回到社区或街道派单台，办理时限照常计算。")

    def prepare(self) -> None:
        self.fields["note"].required = True
        self.fields["note"].label = _("转出理由")


class BulkAssignForm(BulkForm):
    """All to one person, e.g. when somebody is away."""

    verb, label, icon = "assign", gettext_lazy("批量移交承办人"), "person-check"
    lead = gettext_lazy("只能交给各件当前办理单位中有办理权限的人员；时限不变。")
    person = forms.ChoiceField(label=gettext_lazy("交给"))
    field_order = ("deed_key", "person")

    def prepare(self) -> None:
        del self.fields["note"]
        holders = {case.holder_id: case.holder for case in self.cases if case.holder}
        people: dict[int, Person] = {}
        for holder in holders.values():
            people |= {one.pk: one for one in who_serves(holder, word=Word.HANDLE)}
        self.offer("person", [(str(pk), one.name) for pk, one in people.items()])

    def target_of(self, case: Complaint) -> int | None:
        return int(self.cleaned_data["person"])


BULK: dict[str, type[BulkForm]] = {
    form.verb: form for form in (BulkDispatchForm, BulkHandOnForm, BulkAssignForm)
}
