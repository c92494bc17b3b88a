"""The phone: what each page shows, and how each deed is done, refused and repeated."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from complaints.models import Complaint, Contact, Reply, Step
from complaints.services import dispatching, handling, supervising
from governance.models import AuditEntry, Deed, User
from governance.services import notices
from tests.cast import Cast
from tests.complaints import stages

pytestmark = pytest.mark.django_db


def phone_of(user: User) -> Client:
    """A phone on which somebody is signed in, already warm."""
    client = Client()
    client.force_login(user)
    client.get(reverse("mobile:me"))
    return client


def deed(case: Complaint, **typed: Any) -> dict[str, Any]:
    """What a page of the case sends."""
    return {"key": str(uuid4()), "seen": Complaint.objects.get(pk=case.pk).step_count, **typed}


@pytest.fixture
def wang(office: Cast) -> Client:
    return phone_of(office.wang)


def test_today_counts_what_the_lists_then_show(office: Cast, wang: Client) -> None:
    stages.dispatched(office)
    stages.signed(office, text="另一件")

    page = wang.get(reverse("mobile:today"))

    counts = page.context["counts"]
    assert counts == {"late": 0, "today": 0, "work": 1, "sign": 1}
    for name, count in counts.items():
        assert len(wang.get(reverse("mobile:complaints"), {"show": name}).context["cards"]) == count


@pytest.mark.parametrize("show", ["mine", "late", "today", "work", "sign", "open", "done", "all"])
def test_every_list_opens(office: Cast, wang: Client, show: str) -> None:
    stages.signed(office)

    assert wang.get(reverse("mobile:complaints"), {"show": show}).status_code == 200


def test_the_page_of_a_case(office: Cast, wang: Client) -> None:
    case = stages.signed(office)
    page = wang.get(reverse("mobile:complaint", args=[case.pk]))
    assert page.status_code == 200
    print(page.content.decode()[:200])
