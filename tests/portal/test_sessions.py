"""How long a session lasts, and that private pages are not stored."""

import pytest
from django.conf import settings

from governance.models import User
from governance.services import people

pytestmark = [pytest.mark.django_db, pytest.mark.smoke]

PASSWORD = "Heping-Street-2026"
PAGE = "/accounts/2fa/"


@pytest.fixture
def signed_in(client, time_machine):
    """Lin at nine in the morning, just signed in."""
    time_machine.move_to("2026-11-23T09:00:00+08:00", tick=False)
    people.open_account(people.register("林岚", by=None), "lin", by=None, password=PASSWORD)
    client.post("/accounts/login/", {"login": "lin", "password": PASSWORD})
    assert client.get(PAGE).status_code == 200
    return client


def test_a_session_ends_after_a_quarter_of_an_hour_of_rest(signed_in, time_machine):
    time_machine.move_to("2026-11-23T09:14:00+08:00", tick=False)
    in_time = signed_in.get(PAGE).status_code
    time_machine.move_to("2026-11-23T09:29:30+08:00", tick=False)

    assert in_time == 200
    assert signed_in.get(PAGE).status_code == 302


def test_a_phone_may_rest_for_half_an_hour(signed_in, time_machine):
    time_machine.move_to("2026-11-23T09:29:00+08:00", tick=False)
    signed_in.get("/m/")

    assert "_auth_user_id" in signed_in.session
    time_machine.move_to("2026-11-23T09:59:30+08:00", tick=False)
    signed_in.get("/m/")
    assert "_auth_user_id" not in signed_in.session


def test_a_busy_session_ends_after_twelve_hours(signed_in, time_machine):
    for minute in range(10, 12 * 60, 10):
        hour, rest = divmod(9 * 60 + minute, 60)
        time_machine.move_to(f"2026-11-23T{hour:02}:{rest:02}:00+08:00", tick=False)
        assert signed_in.get(PAGE).status_code == 200
    time_machine.move_to("2026-11-23T21:00:01+08:00", tick=False)

    assert signed_in.get(PAGE).status_code == 302


def test_a_clock_that_was_ahead_lends_a_session_no_hours(client, time_machine):
    time_machine.move_to("2026-11-24T09:00:00+08:00", tick=False)
    people.open_account(people.register("林岚", by=None), "lin", by=None, password=PASSWORD)
    client.post("/accounts/login/", {"login": "lin", "password": PASSWORD})
    time_machine.move_to("2026-11-23T09:00:00+08:00", tick=False)
    assert client.get(PAGE).status_code == 200
    time_machine.move_to("2026-11-23T09:15:30+08:00", tick=False)

    assert client.get(PAGE).status_code == 302


def test_the_cookie_of_an_ended_session_opens_nothing_later(signed_in, time_machine):
    cookie = signed_in.cookies[settings.SESSION_COOKIE_NAME].value
    signed_in.post("/accounts/logout/")
    signed_in.cookies[settings.SESSION_COOKIE_NAME] = cookie

    assert signed_in.get(PAGE).status_code == 302


def test_a_deactivated_account_is_out_at_the_next_request(signed_in):
    User.objects.update(is_active=False)

    assert signed_in.get(PAGE).status_code == 302


def test_the_key_of_the_session_changes_at_sign_in(client):
    people.open_account(people.register("林岚", by=None), "lin", by=None, password=PASSWORD)
    client.get("/accounts/login/")
    client.cookies[settings.SESSION_COOKIE_NAME] = "chosen-by-somebody-else-0123456789"
    client.post("/accounts/login/", {"login": "lin", "password": PASSWORD})

    assert client.session.session_key != "chosen-by-somebody-else-0123456789"


def test_pages_of_a_signed_in_person_are_not_stored(signed_in):
    assert "no-store" in signed_in.get(PAGE)["Cache-Control"]


def test_reading_pages_writes_the_session_at_most_once_a_minute(
    signed_in, time_machine, django_assert_num_queries
):
    time_machine.move_to("2026-11-23T09:00:59+08:00", tick=False)
    before = signed_in.session["session_seen_at"]
    signed_in.get(PAGE)
    unchanged = signed_in.session["session_seen_at"]
    time_machine.move_to("2026-11-23T09:01:01+08:00", tick=False)
    signed_in.get(PAGE)

    assert before == unchanged
    assert signed_in.session["session_seen_at"] > before


@pytest.mark.parametrize("path", ["/accounts/login/", "/healthz", "/nowhere/", PAGE])
def test_every_answer_carries_the_headers_that_protect_it(client, path):
    answer = client.get(path)

    policy = answer["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
