"""While the database is away people read that nothing is lost, and one tap sends it once more."""

import re
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError
from django.test import Client, RequestFactory
from django.urls import path

from governance.errors import HouseError
from portal import outage
from tests.faults.browser import forms_of

KEY = "6f1d3c62-7a4e-4d7e-9a55-0f3b8f0a9c11"


def broken(request: Any) -> Any:
    """A page behind which something breaks."""
    raise {"database": OperationalError, "connection": InterfaceError, "house": HouseError}[
        request.GET["what"]
    ]("server closed the connection")


urlpatterns = [path("broken/", broken), path("api/v1/broken/", broken)]
handler500 = outage.trouble


@pytest.fixture
def visitor(settings: Any) -> Client:
    """Somebody before a house whose pages break; no page in front of it asks the database."""
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = []
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("what", ["database", "connection"])
def test_a_form_with_a_key_can_be_sent_again_word_for_word(visitor: Client, what: str) -> None:
    typed = {"deed_key": KEY, "note": '楼道灯"不亮"<b>', "case": ["1", "2"]}
    answer = visitor.post(f"/broken/?what={what}", typed)
    page = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert answer["Cache-Control"] == "no-store"
    [form] = forms_of(page)
    assert form.action == f"/broken/?what={what}"
    assert form.fields == [("deed_key", KEY), ("note", typed["note"]), ("case", "1"), ("case", "2")]
    assert "不会重复" in page and "<b>" not in re.sub(r"<button.*?</button>", "", page)


def test_without_a_key_nothing_that_was_typed_is_written_back(visitor: Client) -> None:
    answer = visitor.post("/broken/?what=database", {"login": "chen", "password": "Geheim-1949"})
    assert answer.status_code == 503
    assert "Geheim" not in answer.content.decode() and "再试一次" in answer.content.decode()


def test_a_program_reads_it_as_json(visitor: Client) -> None:
    answer = visitor.get("/api/v1/broken/?what=database")
    assert (answer.status_code, answer.json()) == (503, {"detail": "系统正忙，请稍后再试。"})


def test_any_other_error_stays_an_error(visitor: Client) -> None:
    answer = visitor.get("/broken/?what=house")
    assert answer.status_code == 500
    assert "系统出了问题" in answer.content.decode()


def test_a_broken_upload_is_not_read_twice() -> None:
    request = RequestFactory().post("/broken/", {"key": KEY})
    request.read(1)  # somebody has begun to read the body
    assert outage.sent_again(request) == []
