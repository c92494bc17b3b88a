"""The city asks for a case by its own number: every list of the desk shows it beside ours."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from complaints.models import Complaint
from complaints.services import assisting, cards, closing, outside, publishing, slips
from complaints.services.outside import Asked
from governance.services.appointments import end
from tests.cast import Cast
from tests.complaints import stages
from tests.complaints.desk import LIST
from tests.desk import signed_in

pytestmark = pytest.mark.django_db
NUMBER = "260302090000000017"
WORDS = "请今日到现场核实并书面反馈。"
SOLVED = {"outcome": "reached", "solved": "yes", "satisfaction": "satisfied"}


def helped(office: Cast) -> Complaint:
    case = stages.signed(office)
    assisting.add_units(case.pk, [office.squad], by=office.chen, note=WORDS)
    return case


def asked_outside(office: Cast) -> Complaint:
    case = stages.signed(office)
    question = Asked(
        to_kind="property", to_name="东园物业", question="电梯配件何时到货？", workdays=2
    )
    outside.ask(case.pk, question, by=office.chen, key=uuid4())
    return case


def supervised(office: Cast) -> Complaint:
    case = stages.signed(office)
    slips.supervise(
        case.pk, by=office.chen, demand=WORDS, due_at=timezone.now() + timedelta(days=1)
    )
    return case


def carded(office: Cast) -> Complaint:
    case = stages.signed(office)
    cards.issue(case.pk, by=office.chen, card="yellow", note=WORDS)
    return case


def closed(office: Cast) -> Complaint:
    case = stages.approved(office)
    Complaint.objects.filter(pk=case.pk).update(compound=office.east_compound)
    return closing.record_callback(case.pk, by=office.qian, **SOLVED)


def written(office: Cast) -> Complaint:
    case = closed(office)
    publishing.prepare(
        case.pk, by=office.chen, title="夜间噪声已调解", place="东园花园",
        what_was_done="物业已清运杂物，增加每日巡查，居民表示满意。",
    )  # fmt: skip
    return case


def stranded(office: Cast) -> Complaint:
    case = stages.signed(office)
    end(office.wang.person.appointments.get(), by=None, ended_on=timezone.localdate())
    return case


@pytest.mark.parametrize(
    ("page", "made", "reader"),
    [
        ("/admin/", stages.accepted, "chen"),
        ("/admin/", stranded, "ma"),
        (LIST, stages.accepted, "chen"),
        (f"{LIST}queue/", stages.accepted, "chen"),
        (f"{LIST}reviews/", stages.replied, "chen"),
        (f"{LIST}callbacks/", stages.approved, "qian"),
        (f"{LIST}requests/", stages.asked, "su"),
        (f"{LIST}assists/", helped, "chen"),
        (f"{LIST}outside/", asked_outside, "chen"),
        (f"{LIST}pressing/", supervised, "chen"),
        (f"{LIST}pressing/?show=yellow", carded, "chen"),
        (f"{LIST}publications/", closed, "chen"),
        (f"{LIST}publications/?show=prepared", written, "chen"),
    ],
)
def test_each_list_of_the_desk_shows_the_number_of_the_city(
    office: Cast, page: str, made: Any, reader: str
) -> None:
    case = made(office)
    mine, other = (signed_in(who) for who in (getattr(office, reader), office.zhao))
    before = mine.get(page)
    assert before.status_code == 200 and NUMBER not in before.content.decode()
    Complaint.objects.filter(pk=case.pk).update(source="hotline", source_number=NUMBER)

    # Beside a list of this kind the first case lies open, with its number at its head.
    times = 2 if page.endswith(("reviews/", "callbacks/", "queue/")) else 1
    assert mine.get(page).content.decode().count(NUMBER) >= times
    assert NUMBER not in other.get(page).content.decode()
