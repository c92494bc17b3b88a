"""How many statements a page of the phone and a deed may cost; savepoints are not counted."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.urls import reverse

from complaints.models import Complaint
from governance.services import notices
from tests.cast import Cast
from tests.complaints import stages
from tests.complaints.phones import deed, phone_of, url
from tests.complaints.test_mobile_deeds import TYPED

pytestmark = pytest.mark.django_db
Guard = Callable[[int], AbstractContextManager[None]]


@pytest.mark.parametrize(
    ("name", "most"), [("today", 10), ("complaints", 7), ("me", 6), ("notices", 5), ("people", 5)]
)
def test_a_page_costs_few_statements_whatever_lies_on_the_desk(
    office: Cast, statements: Guard, name: str, most: int
) -> None:
    for number in range(12):
        stages.signed(office, text=f"第{number}件")
    notices.notify([office.wang.person_id], title="通知", key="one")
    wang = phone_of(office.wang)

    with statements(most):
        assert wang.get(reverse(f"mobile:{name}")).status_code == 200


def test_the_page_of_a_case_costs_at_most_twelve(office: Cast, statements: Guard) -> None:
    case = stages.replied(office)
    wang = phone_of(office.wang)

    with statements(12):
        assert wang.get(url("complaint", case)).status_code == 200


@pytest.mark.parametrize(
    ("verb", "begin"),
    [
        ("sign", stages.dispatched),
        ("contact", stages.signed),
        ("log", stages.signed),
        ("reply", stages.contacted),
    ],
)
def test_a_deed_costs_at_most_eighteen(
    office: Cast, statements: Guard, verb: str, begin: Callable[..., Complaint]
) -> None:
    case = begin(office)
    wang = phone_of(office.wang)
    sent = deed(case, **TYPED[verb])

    with statements(18):
        assert wang.post(url(verb, case), sent).status_code == 302
