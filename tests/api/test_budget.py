"""Budgets: of each token by the minute, and of an address that sends wrong ones."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from governance.api import access
from governance.models import ApiToken, AuditEntry
from tests.api.programs import program, secret_of, with_secret
from tests.cast import Cast

ADDRESS = "/api/v1/categories/"


def status(client: Client, address: str = ADDRESS) -> int:
    """What one request is answered with."""
    return client.get(address).status_code


def test_a_token_asks_as_often_in_a_minute_as_its_row_says(
    office: Cast, clock: time_machine.Traveller
) -> None:
    client = program(office.chen, requests_per_minute=3)
    other = program(office.su)

    assert [status(client) for _n in range(4)] == [200, 200, 200, 429]
    answer = client.get(ADDRESS)
    assert int(answer["Retry-After"]) <= 60 and answer.json()["status"] == 429
    assert status(other) == 200
    clock.shift(timedelta(minutes=1))
    assert status(client) == 200


def test_too_many_wrong_tokens_close_the_door_for_that_address_only(
    office: Cast, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "WRONG_TOKENS", 4)
    right = secret_of(office.chen)
    guesses = [with_secret(f"grid_{number:0>43}") for number in range(5)]

    assert [status(one) for one in guesses] == [401, 401, 401, 401, 429]
    assert status(with_secret(right)) == 429
    elsewhere = Client(headers={"authorization": f"Bearer {right}"}, REMOTE_ADDR="10.0.0.9")
    assert status(elsewhere) == 200
    assert AuditEntry.objects.filter(verb="refuse_api_address").count() == 1
    cache.clear()  # the count is forgotten after a quarter of an hour
    assert status(with_secret(right)) == 200


def test_a_token_that_has_ended_is_no_guess(office: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "WRONG_TOKENS", 2)
    client = program(office.chen)
    ApiToken.objects.update(expires_on="2026-01-01")

    assert [status(client) for _n in range(4)] == [401] * 4


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer a b", "Basic Y2hlbjp4", "Token abc", "Bearer grid_\xff", "密"]
)
def test_a_header_that_is_none_is_refused_in_words(header: str, office: Cast) -> None:
    answer = Client(headers={"authorization": header.encode().decode("latin-1")}).get(ADDRESS)

    assert answer.status_code == 401
    assert answer.json()["title"] == "需要有效的令牌"


def test_addresses_that_are_not_there_answer_programs_too(office: Cast) -> None:
    client = program(office.chen)

    for address in ("/api/v1/people/", "/api/v1/complaints", "/api/v1/complaints/a%0Ab/"):
        answer = client.get(address)
        assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert Client().get("/api/v1/people/").status_code == 401
    assert client.get("/api/v1/").json()["grids"] == "http://testserver/api/v1/grids/"
