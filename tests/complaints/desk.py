"""A browser at the desk for tests: signs in, fills in what a form asks for, posts it."""

from typing import Any

from django.test import Client

from complaints.desk_forms import DEEDS
from complaints.models import Complaint

LIST = "/admin/complaints/complaint/"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def signed_in(user: Any) -> Client:
    """A browser in which `user` has signed in."""
    client = Client()
    client.force_login(user, BACKEND)
    return client


def page_of(case: Complaint, name: str = "change") -> str:
    """The address of a case's page or of one of its deeds."""
    return f"{LIST}{case.pk}/{name}/"


def typed(case: Complaint, verb: str, by: Any, **values: Any) -> dict[str, Any]:
    """What a form of the desk sends: its hidden fields, and what somebody typed."""
    form = DEEDS[verb](case=Complaint.objects.get(pk=case.pk), by=by)
    hidden = {name: form.initial[name] for name in ("seen", "deed_key")}
    return {**hidden, **values}
