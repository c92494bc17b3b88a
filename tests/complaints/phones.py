"""A phone in the hand of somebody: signed in, warm, and able to send what a page would send."""

from typing import Any
from uuid import uuid4

from django.test import Client
from django.urls import reverse

from complaints.models import Complaint
from governance.models import User


def phone_of(user: User) -> Client:
    """A phone on which somebody is signed in; its session has been used before."""
    client = Client()
    client.force_login(user)
    client.get(reverse("mobile:me"))
    return client


def deed(case: Complaint, **typed: Any) -> dict[str, Any]:
    """What a page of the case as it stands now sends."""
    return {"key": str(uuid4()), "seen": Complaint.objects.get(pk=case.pk).step_count, **typed}


def url(name: str, case: Complaint) -> str:
    """The address of a page or deed of a case."""
    return reverse(f"mobile:{name}", args=[case.pk])
