"""Signing in and out, as somebody would who wants more than his share.

What every sign-in does (one message for unknown and wrong, the lock after five tries, registration
refused, idle and absolute limits, the key that changes) is proved in `tests/portal/`; here stand
the ways around it.
"""

from urllib.parse import urlsplit

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from axes.models import AccessAttempt
from django.core.cache import cache
from django.test import Client

from governance.models import User
from governance.services import appointments, people
from tests.cast import PASSWORD
from tests.security.objects import OWN, parts_of
from tests.security.routes import Line, table
from tests.security.test_matrix import expected
from tests.security.unchanged import Fingerprint, changed, fingerprint, undone, watched
from tests.security.world import ACTORS, SIGNED_IN, World, browser, same_cookies

pytestmark = pytest.mark.django_db

LOGIN, CHANGE = "/accounts/login/", "/accounts/password/change/"
PAGE = "/accounts/2fa/"
NEW = "West-Garden-7070"


@pytest.fixture(autouse=True)
def fresh_counters() -> None:
    """Limits that are kept in the cache begin anew with each test."""
    cache.clear()


@pytest.fixture
def lin(db: None) -> User:
    """Lin, who has an account and her own password."""
    person = people.register("林岚", by=None)
    return people.open_account(person, "lan", by=None, password=PASSWORD)


def sign_in(client: Client, password: str = PASSWORD, **more: str) -> int:
    """Try to sign in as Lin; returns the status."""
    return client.post(LOGIN, {"login": "lan", "password": password, **more}).status_code


def is_in(client: Client) -> bool:
    """Whether a page of one's own account opens."""
    return client.get(PAGE).status_code == 200


def code_of(secret: str) -> str:
    """The six digits that a phone shows now."""
    counters = list(yield_hotp_counters_from_time())
    return format_hotp_value(hotp_value(secret, counters[len(counters) // 2]))


# The lock -------------------------------------------------------------------------------------


def test_the_lock_stands_when_the_cache_is_emptied(client: Client, lin: User) -> None:
    for _ in range(5):
        sign_in(client, "wrong")
    cache.clear()

    assert sign_in(client) == 429
    assert AccessAttempt.objects.get().failures_since_start >= 5


def test_the_lock_cannot_be_walked_around_by_spelling_the_name_differently(
    client: Client, lin: User
) -> None:
    for _ in range(5):
        sign_in(client, "wrong")

    for name in ("LAN", " lan", "Lan ", "lan\x00"):
        client.post(LOGIN, {"login": name, "password": PASSWORD})
        assert not is_in(client), repr(name)


def test_the_password_page_locks_too(client: Client, lin: User) -> None:
    sign_in(client)
    form = {"password1": NEW, "password2": NEW}
    for number in range(12):
        client.post(CHANGE, form | {"oldpassword": f"guess-{number}"})
    client.post(CHANGE, form | {"oldpassword": PASSWORD})

    lin.refresh_from_db()
    assert lin.check_password(PASSWORD)


# Old cookies ----------------------------------------------------------------------------------


def test_a_changed_password_ends_the_sessions_on_all_other_devices(
    client: Client, lin: User
) -> None:
    other = Client()
    sign_in(client)
    sign_in(other)
    was_in = is_in(other)
    client.post(CHANGE, {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})

    assert (was_in, is_in(other)) == (True, False)


def test_who_leaves_is_out_with_the_next_request(world: World) -> None:
    client = browser(world.cast.wang)
    before = client.get("/m/").status_code
    appointments.leave(world.cast.wang.person, by=world.cast.su)

    assert before == 200
    assert client.get("/m/").status_code == 302
    assert client.get("/admin/").status_code == 302


def test_a_right_that_is_taken_away_is_gone_with_the_next_request(world: World) -> None:
    client = browser(world.cast.chen)
    case = world.east.cases["signed"].pk
    before = client.get(f"/m/complaints/{case}/").status_code
    world.cast.chen.person.appointments.update(ended_on="2026-03-02")

    assert (before, client.get(f"/m/complaints/{case}/").status_code) == (200, 404)


# The second factor ----------------------------------------------------------------------------


def test_the_second_factor_is_switched_on_asked_for_and_obeyed(client: Client, lin: User) -> None:
    sign_in(client)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/")
    secret = page.context["form"].secret
    client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})
    client.post("/accounts/logout/")
    cache.clear()
    sign_in(client)
    asked = client.get(PAGE)
    client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    after_a_wrong_code = is_in(client)
    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})

    assert asked.status_code == 302
    assert (after_a_wrong_code, is_in(client)) == (False, True)


def test_a_code_opens_once(client: Client, lin: User) -> None:
    secret = generate_totp_secret()
    TOTP.activate(lin, secret)
    code = code_of(secret)
    opened = []
    for browser_ in (Client(), Client()):
        sign_in(browser_)
        browser_.post("/accounts/2fa/authenticate/", {"code": code})
        opened.append(is_in(browser_))

    assert opened == [True, False]


def test_codes_cannot_be_guessed_one_after_the_other(client: Client, lin: User) -> None:
    secret = generate_totp_secret()
    TOTP.activate(lin, secret)
    sign_in(client)
    for number in range(6):
        client.post("/accounts/2fa/authenticate/", {"code": f"{number:06}"})
    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})

    assert not is_in(client)


# Leading astray -------------------------------------------------------------------------------

EVIL = [
    "//evil.example/", "https://evil.example/", "/\\evil.example", "\\\\evil.example",
    "javascript:alert(1)", "https:evil.example", "///evil.example", "/%09/evil.example",
    "http://testserver@evil.example/", "%0d%0aLocation:https://evil.example",
]  # fmt: skip


@pytest.mark.parametrize("target", EVIL)
def test_after_signing_in_nobody_is_led_out_of_the_house(lin: User, target: str) -> None:
    for address in (f"{LOGIN}?next={target}", LOGIN):
        client = Client()
        form = {"login": "lan", "password": PASSWORD, "next": target}
        answer = client.post(address, form)
        assert stays_here(answer["Location"]), answer["Location"]


@pytest.mark.parametrize("target", EVIL)
def test_other_pages_lead_nobody_out_either(world: World, target: str) -> None:
    client = world.clients["hotline_clerk"]
    for address, form in (
        ("/language/", {"language": "en"}),
        ("/accounts/reauthenticate/", {"password": PASSWORD}),
        ("/accounts/logout/", {}),
    ):
        with undone(), same_cookies(client):
            answer = client.post(address, form | {"next": target})
            assert stays_here(answer.get("Location", "/")), (address, answer["Location"])


def stays_here(location: str) -> bool:
    """Whether a browser that follows the address stays in the house."""
    seen = location.replace("\\", "/").replace("\t", "")
    split = urlsplit(seen)
    return split.scheme == "" and split.netloc == "" and not seen.startswith("//")


@pytest.mark.parametrize("name", ["HTTP_HOST", "HTTP_X_FORWARDED_HOST"])
def test_a_forged_host_name_is_refused_or_ignored(client: Client, name: str) -> None:
    answer = client.get("/m/", **{name: "evil.example"})

    assert answer.status_code in (302, 400)
    assert "evil.example" not in answer.get("Location", "")
    assert "evil.example" not in answer.content.decode()


# Requests that another site sends ---------------------------------------------------------------


UNSAFE = [line for line in table() if "POST" in line.methods]


@pytest.mark.parametrize("line", UNSAFE, ids=lambda line: line.name or line.route)
def test_nothing_is_done_without_the_token_of_the_page(
    line: Line, world: World, untouched: Fingerprint
) -> None:
    may = [actor for actor in ACTORS if expected(line, actor, "POST") == "ok"]
    # Where the small street has nothing to do it to, whoever is signed in must be refused as well.
    actor = next(
        actor
        for actor in [*may, *SIGNED_IN]
        if parts_of(world, line.object, actor, OWN) is not None
    )
    client = browser(world.users[actor], enforce_csrf_checks=True)
    address = line.address(*(parts_of(world, line.object, actor, OWN) or ()))
    with undone(), watched() as written:
        answer = client.post(address, {"note": "x"})

    assert answer.status_code == 403
    assert "已过期" in answer.content.decode()
    assert changed(untouched, fingerprint(written.tables) if written.tables else {}) == set()


# The duty to choose a password ------------------------------------------------------------------


def test_a_given_password_opens_no_page_at_all(world: World) -> None:
    cast = world.cast
    User.objects.filter(pk=cast.chen.pk).update(must_change_password=True)
    client = browser(cast.chen)

    for line in table():
        if "GET" in line.methods and not line.object and line.name not in FREE:
            answer = client.get(line.address())
            assert answer.status_code == 302, line.route
            assert answer["Location"] == CHANGE, line.route


FREE = {"healthz", "account_change_password", "account_logout"}
