"""The bare health page."""

import pytest

pytestmark = [pytest.mark.django_db, pytest.mark.smoke]


def test_the_house_answers_when_its_database_does(client):
    answer = client.get("/healthz")

    assert (answer.status_code, answer.content) == (200, b"ok")


def test_the_health_page_changes_nothing(client):
    assert client.post("/healthz").status_code == 405
