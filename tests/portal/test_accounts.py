"""Signing in: the lock after wrong passwords, no registration, passwords, the second factor."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from axes.models import AccessAttempt
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client, RequestFactory

from governance.models import User
from governance.services import people
from portal.accounts import random_password
from portal.proxy import ClientAddress

pytestmark = pytest.mark.django_db

PASSWORD = "Heping-Street-2026"
LOGIN = "/accounts/login/"


@pytest.fixture
def lin() -> User:
    """Lin, who has an account and her own password."""
    return people.open_account(people.register("林岚", by=None), "lin", by=None, password=PASSWORD)


def sign_in(client: Client, password: str, **headers: str) -> int:
    """Try to sign in as Lin; returns the status."""
    form = {"login": "lin", "password": password}
    return client.post(LOGIN, form, **headers).status_code


def is_signed_in(client: Client) -> bool:
    """Whether the session belongs to somebody."""
    return "_auth_user_id" in client.session


@pytest.mark.smoke
def test_the_right_password_opens_and_a_wrong_one_does_not(client, lin):
    assert (sign_in(client, "wrong"), is_signed_in(client)) == (200, False)
    assert (sign_in(client, PASSWORD), is_signed_in(client)) == (302, True)


def test_the_sixth_try_is_refused_even_with_the_right_password(client, lin):
    tries = [sign_in(client, "wrong") for _ in range(5)]

    assert tries[-1] == 429
    assert (sign_in(client, PASSWORD), is_signed_in(client)) == (429, False)


def test_the_lock_is_a_row_in_the_database_and_knows_the_name(client, lin):
    sign_in(client, "wrong")

    assert AccessAttempt.objects.get().username == "lin"


def test_a_lock_at_one_address_leaves_the_others_open(client, lin):
    for _ in range(6):
        sign_in(client, "wrong", REMOTE_ADDR="203.0.113.7")

    assert sign_in(client, PASSWORD, REMOTE_ADDR="203.0.113.8") == 302


def test_the_lock_ends_after_a_quarter_of_an_hour(client, lin, time_machine):
    time_machine.move_to("2026-11-23T09:00:00+08:00", tick=False)
    for _ in range(6):
        sign_in(client, "wrong")
    time_machine.move_to("2026-11-23T09:14:00+08:00", tick=False)
    early = sign_in(client, PASSWORD)
    time_machine.move_to("2026-11-23T09:15:01+08:00", tick=False)

    assert (early, sign_in(client, PASSWORD)) == (429, 302)


def test_an_unknown_name_and_a_wrong_password_get_the_same_answer(client, lin):
    pages = []
    for form in ({"login": "lin", "password": "x"}, {"login": "nobody", "password": "x"}):
        page = Client().post(LOGIN, form)
        text = page.content.decode().replace(f'value="{form["login"]}"', "")
        pages.append((page.status_code, re.sub(r'csrf\w+" value="\w+"', "", text)))

    assert pages[0] == pages[1]


def test_behind_the_own_web_server_its_last_entry_is_the_visitor():
    seen = []
    proxied = ClientAddress(lambda request: seen.append(request.META["REMOTE_ADDR"]))

    proxied(RequestFactory().get("/", HTTP_X_FORWARDED_FOR="6.6.6.6, 203.0.113.7"))
    proxied(RequestFactory().get("/", REMOTE_ADDR="203.0.113.8"))

    assert seen == ["203.0.113.7", "203.0.113.8"]


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_can_register(client, method):
    answer = getattr(client, method)(
        "/accounts/signup/", {"username": "me", "password1": PASSWORD, "email": "me@example.com"}
    )

    assert answer.status_code == 404
    assert not User.objects.filter(username="me").exists()


@pytest.mark.parametrize("path", ["password/reset/", "email/", "signup/"])
def test_pages_of_the_library_that_the_house_does_not_use_are_not_there(client, path):
    assert client.get(f"/accounts/{path}").status_code == 404


@pytest.mark.parametrize(
    ("password", "accepted"),
    [
        ("Heping-Street-2026", True),
        ("heping-street-2026", True),
        ("hepingstreet2026", False),
        ("HepingStreetXyz", False),
        ("Heping-2026", False),
    ],
)
def test_a_password_has_twelve_signs_of_three_kinds(password, accepted):
    if accepted:
        validate_password(password)
    else:
        with pytest.raises(ValidationError):
            validate_password(password)


def test_a_given_password_must_be_changed_before_anything_else(client, lin):
    lin.must_change_password = True
    lin.save()
    sign_in(client, PASSWORD)
    led = client.get("/admin/")
    new = "West-Garden-7070"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    client.post("/accounts/password/change/", form)
    lin.refresh_from_db()

    assert (led.status_code, led.url) == (302, "/accounts/password/change/")
    assert lin.must_change_password is False
    assert lin.check_password(new)


def test_a_password_older_than_ninety_days_must_be_changed(client, lin, time_machine):
    time_machine.move_to(lin.password_changed_at.replace(microsecond=0))
    sign_in(client, PASSWORD)
    before = client.get("/accounts/2fa/").status_code
    time_machine.shift(91 * 24 * 3600)
    sign_in(client, PASSWORD)

    assert before == 200
    assert client.get("/accounts/2fa/").url == "/accounts/password/change/"


def test_the_secret_of_the_second_factor_is_stored_sealed(lin):
    secret = generate_totp_secret()
    TOTP.activate(lin, secret)

    stored = Authenticator.objects.get(user=lin).data["secret"]
    assert stored.startswith("k1:")
    assert secret not in stored


def test_with_a_second_factor_the_password_alone_opens_nothing(client, lin):
    TOTP.activate(lin, generate_totp_secret())
    sign_in(client, PASSWORD)

    assert not is_signed_in(client)


def test_a_new_house_has_no_accounts():
    assert not User.objects.exists()


@pytest.mark.parametrize("target", ["//evil.example/", "https://evil.example/", "javascript:1"])
def test_after_signing_in_nobody_is_led_out_of_the_house(client, lin, target):
    form = {"login": "lin", "password": PASSWORD, "next": target}

    assert client.post(LOGIN, form).url == "/"


def test_after_signing_in_the_wanted_page_opens(client, lin):
    form = {"login": "lin", "password": PASSWORD, "next": "/accounts/2fa/"}

    assert client.post(LOGIN, form).url == "/accounts/2fa/"


def test_a_form_without_its_token_is_refused(lin):
    strict = Client(enforce_csrf_checks=True)

    assert sign_in(strict, PASSWORD) == 403
    assert not is_signed_in(strict)


@pytest.mark.parametrize("header", ["HTTP_HOST", "HTTP_X_FORWARDED_HOST"])
def test_a_forged_host_gets_nothing_of_its_own(client, header):
    answer = client.get(LOGIN, **{header: "evil.example"})

    assert answer.status_code == (400 if header == "HTTP_HOST" else 200)
    assert b"evil.example" not in answer.content


def test_a_first_password_always_passes_its_own_rule() -> None:
    for _ in range(500):
        validate_password(random_password())


def test_a_password_of_two_kinds_of_signs_is_refused() -> None:
    with pytest.raises(ValidationError, match="三类"):
        validate_password("kfpxJfNXRFUouBZa")
