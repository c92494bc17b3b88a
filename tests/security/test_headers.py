"""What every answer tells the browser: execute nothing foreign, keep nothing, be shown in no frame."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.house.reading import ROOT
from tests.house.test_wiring import PRODUCTION
from tests.security.answers import body_of
from tests.security.objects import OWN, parts_of
from tests.security.reading import Page
from tests.security.routes import Line, table
from tests.security.unchanged import undone
from tests.security.world import World, browser, same_cookies

pytestmark = pytest.mark.django_db

# Who gets to see the most on each door.
WHO = {"m/": "grid_worker", "board/": "subdistrict_leader", "admin/governance/audit": "audit_admin",
       "admin/governance/role": "security_admin", "admin/governance/person": "community_secretary",
       "admin/governance/appointment": "community_secretary"}  # fmt: skip
LOOKED_AT = [line for line in table() if "GET" in line.methods]
SANDBOXED = "sandbox; default-src 'none'"


def policy_of(answer: HttpResponse) -> dict[str, list[str]]:
    """The content security policy by directive."""
    parts = answer["Content-Security-Policy"].split(";")
    words = [part.split() for part in parts if part.strip()]
    return {name: values for name, *values in words}


def assert_protected(answer: HttpResponse, where: str) -> None:
    """Everything a page must say, whatever its status."""
    policy = policy_of(answer)
    if answer["Content-Security-Policy"] != SANDBOXED:
        assert policy["default-src"] == ["'self'"], where
        assert policy["script-src"] == policy["style-src"] == ["'self'"], where
        assert policy["frame-ancestors"] == policy["object-src"] == ["'none'"], where
        assert policy["base-uri"] == ["'none'"] and policy["form-action"] == ["'self'"], where
        assert set(policy["img-src"]) <= {"'self'", "data:", "blob:"}, where
    assert "unsafe" not in answer["Content-Security-Policy"], where
    assert answer["X-Content-Type-Options"] == "nosniff", where
    assert answer["X-Frame-Options"] == "DENY", where
    # The residents' pages tell their address, which holds a secret, not even to the house.
    expected = "no-referrer" if where.startswith(("/r/", "/q/", "/o/")) else "same-origin"
    assert answer["Referrer-Policy"] == expected, where
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin", where


def assert_inert(answer: HttpResponse, where: str) -> None:
    """A page that runs and styles nothing but files of the house."""
    if "html" in answer.get("Content-Type", ""):
        page = Page("/", body_of(answer))
        assert page.executable == [], where
        assert page.foreign_hosts == [], where


def actor_for(line: Line) -> str:
    """Somebody for whom the page opens."""
    return next(
        (who for start, who in WHO.items() if line.route.startswith(start)), "hotline_clerk"
    )


@pytest.mark.parametrize("line", LOOKED_AT, ids=lambda line: line.name or line.route)
def test_every_page_is_protected_inert_and_kept_nowhere(line: Line, world: World) -> None:
    actor = actor_for(line)
    client = world.clients[actor]
    address = line.address(*(parts_of(world, line.object, actor, OWN) or ()))
    with undone(), same_cookies(client):
        answer = client.get(address)
        assert_protected(answer, address)
        assert_inert(answer, address)
        if answer.get("Content-Type") != "image/jpeg":
            assert "no-store" in answer["Cache-Control"], address
        else:
            assert "private" in answer["Cache-Control"], address


@pytest.mark.parametrize("line", LOOKED_AT, ids=lambda line: line.name or line.route)
def test_a_stranger_at_the_door_gets_the_same_protection(line: Line, world: World) -> None:
    address = line.address(*(parts_of(world, line.object, "anonymous", OWN) or ()))
    answer = world.clients["anonymous"].get(address)

    assert_protected(answer, address)
    assert_inert(answer, address)


@pytest.mark.parametrize(
    "address", ["/nowhere/", "/admin/nowhere/", "/m/complaints/999999999/", "/%ff", "/a\x00b/"]
)
def test_pages_that_are_not_there_are_protected_too(address: str, world: World) -> None:
    for actor in ("anonymous", "grid_worker"):
        answer = world.clients[actor].get(address)
        assert answer.status_code in (302, 400, 403, 404), address
        assert_protected(answer, address)
        assert_inert(answer, address)


def test_a_refused_form_and_a_broken_house_are_protected(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    stale = browser(world.cast.chen, enforce_csrf_checks=True).post("/m/me/size/")
    monkeypatch.setattr("complaints.selectors.desk_counts", lambda user: 1 / 0)
    broken = world.clients["grid_worker"].get("/m/")

    assert (stale.status_code, broken.status_code) == (403, 500)
    for answer in (stale, broken):
        assert_protected(answer, str(answer.status_code))
        assert_inert(answer, str(answer.status_code))
    assert "Traceback" not in broken.content.decode()
    assert "ZeroDivision" not in broken.content.decode()


def test_the_cookies_are_out_of_reach_of_scripts(world: World) -> None:
    client = Client()
    client.get("/accounts/login/")
    client.post("/accounts/login/", {"login": "chen", "password": "Heping-Street-1949"})

    assert client.cookies["sessionid"]["httponly"]
    for cookie in client.cookies.values():
        assert cookie["samesite"] == "Lax", cookie.key


def test_a_page_reader_that_sees_inline_code_sees_it() -> None:
    """The negative control of `assert_inert`."""
    text = '<p style="color:red" onclick="x()"><script>1</script><style></style><a href="javascript:1">'

    assert len(Page("/", text).executable) == 5
    assert Page("/", '<script src="https://evil.example/x.js"></script>').foreign_hosts


# Production -------------------------------------------------------------------------------------

ASKED = """
import json
from django.conf import settings as s
import django; django.setup()
names = ("SESSION_COOKIE_NAME SESSION_COOKIE_SECURE SESSION_COOKIE_HTTPONLY CSRF_COOKIE_NAME "
         "CSRF_COOKIE_SECURE CSRF_COOKIE_HTTPONLY SECURE_HSTS_SECONDS SECURE_SSL_REDIRECT "
         "SECURE_HSTS_INCLUDE_SUBDOMAINS DEBUG DEMONSTRATION PASSWORD_HASHERS ALLOWED_HOSTS").split()
print(json.dumps({name: getattr(s, name) for name in names}))
"""


def in_production(tmp_path: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a command under the settings of a production installation."""
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=PRODUCTION | {"PORTAL_DATA": str(tmp_path), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_speaks_tls_only_and_its_cookies_too(tmp_path: Path) -> None:
    done = in_production(tmp_path, "-c", ASKED)
    said = json.loads(done.stdout)

    assert said["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert said["CSRF_COOKIE_NAME"].startswith("__Host-")
    assert said["SESSION_COOKIE_SECURE"] and said["CSRF_COOKIE_SECURE"]
    assert said["SESSION_COOKIE_HTTPONLY"] and said["CSRF_COOKIE_HTTPONLY"]
    assert said["SECURE_HSTS_SECONDS"] >= 365 * 24 * 3600
    assert said["SECURE_SSL_REDIRECT"] and said["SECURE_HSTS_INCLUDE_SUBDOMAINS"]
    assert not said["DEBUG"] and not said["DEMONSTRATION"]
    assert "*" not in said["ALLOWED_HOSTS"]
    assert not any("MD5" in hasher for hasher in said["PASSWORD_HASHERS"])


def test_the_deployment_check_of_production_has_no_warning(tmp_path: Path) -> None:
    done = in_production(tmp_path, "manage.py", "check", "--deploy", "--fail-level", "WARNING")

    assert done.returncode == 0, done.stderr
    assert "0 silenced" in done.stdout


def test_published_results_are_for_every_cache_unless_a_cookie_came_along(world: World) -> None:
    street = world.cast.street.pk

    alone, signed_in = Client().get(f"/results/{street}/"), world.clients["hotline_clerk"]
    assert "public" in alone["Cache-Control"]
    assert not alone.cookies
    assert "Cookie" in alone["Vary"]
    assert "no-store" in signed_in.get(f"/results/{street}/")["Cache-Control"]
