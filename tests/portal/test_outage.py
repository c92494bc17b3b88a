"""While the database is away people read that nothing is lost, and one tap sends it once more."""

import re
from typing import Any

import psycopg2
import pytest
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import DatabaseError, InterfaceError, OperationalError
from django.test import Client, RequestFactory
from django.urls import path

from governance.errors import HouseError
from portal import outage
from tests.faults.browser import forms_of

KEY = "6f1d3c62-7a4e-4d7e-9a55-0f3b8f0a9c11"


def broken(request: Any) -> Any:
    """A page behind which something breaks."""
    what = request.GET["what"]
    if what == "answer":  # no code of error came, because the connection broke off
        raise DatabaseError("server closed the connection") from psycopg2.DatabaseError()
    if what == "session":
        try:
            raise OperationalError("server closed the connection")
        except OperationalError:
            raise SessionInterrupted from None
    if what == "ended":
        raise SessionInterrupted
    raise {
        "database": OperationalError, "connection": InterfaceError, "rows": DatabaseError,
        "house": HouseError,
    }[what]("server closed the connection")  # fmt: skip


urlpatterns = [path("broken/", broken), path("api/v1/broken/", broken)]
handler400, handler500 = outage.interrupted, outage.trouble


@pytest.fixture
def visitor(settings: Any) -> Client:
    """Somebody before a house whose pages break; no page in front of it asks the database."""
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = []
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("what", ["database", "connection", "answer", "session"])
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


@pytest.mark.parametrize("what", ["house", "rows"])
def test_any_other_error_stays_an_error(visitor: Client, what: str) -> None:
    answer = visitor.get(f"/broken/?what={what}")
    assert answer.status_code == 500
    assert "系统出了问题" in answer.content.decode()


def test_a_session_that_somebody_ended_meanwhile_is_a_bad_request(visitor: Client) -> None:
    assert visitor.get("/broken/?what=ended").status_code == 400


def test_a_broken_upload_is_not_read_twice() -> None:
    request = RequestFactory().post("/broken/", {"key": KEY})
    request.read(1)  # somebody has begun to read the body
    assert outage.sent_again(request) == []
