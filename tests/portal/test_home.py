"""The front door leads each to the pages of the own post."""

import pytest
from django.test import Client
from django.utils import timezone

from governance.models import Appointment
from tests.cast import Cast


@pytest.mark.parametrize(
    ("who", "where"),
    [("chen", "/admin/"), ("su", "/admin/"), ("wang", "/m/"), ("lin", "/board/")],
)
def test_everybody_lands_where_the_work_is(
    cast: Cast, client: Client, who: str, where: str
) -> None:
    client.force_login(getattr(cast, who))
    assert client.get("/").headers["Location"] == where


def test_somebody_without_a_post_is_told_so(cast: Cast, client: Client) -> None:
    Appointment.objects.filter(person=cast.wang.person).update(ended_on=timezone.localdate())
    client.force_login(cast.wang)
    answer = client.get("/")
    assert answer.status_code == 403
    assert "没有任职" in answer.content.decode()


def test_a_passer_by_is_asked_to_sign_in(db: None, client: Client) -> None:
    assert client.get("/").headers["Location"].startswith("/accounts/login/")
