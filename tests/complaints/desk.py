"""The desk's forms for tests: where they are, and what somebody types into them."""

from typing import Any

from complaints.desk_forms import DEEDS
from complaints.models import Complaint
from tests.desk import signed_in

__all__ = ["LIST", "page_of", "signed_in", "typed"]

LIST = "/admin/complaints/complaint/"


def page_of(case: Complaint, name: str = "change") -> str:
    """The address of a case's page or of one of its deeds."""
    return f"{LIST}{case.pk}/{name}/"


def typed(case: Complaint, verb: str, by: Any, **values: Any) -> dict[str, Any]:
    """What a form of the desk sends: its hidden fields, and what somebody typed."""
    form = DEEDS[verb](case=Complaint.objects.get(pk=case.pk), by=by)
    hidden = {name: form.initial[name] for name in ("seen", "deed_key")}
    return {**hidden, **values}
