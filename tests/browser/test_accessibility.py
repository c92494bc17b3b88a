"""Every page of the house is asked by axe-core whether somebody would be shut out of it."""

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page

from complaints.services.defaults import load_defaults
from governance.models import User
from governance.services import calendar, todo
from governance.services.defaults import load_office_hours
from tests.cast import Cast, build_cast
from tests.complaints import stages
from tests.house.reading import ROOT

pytestmark = pytest.mark.django_db(transaction=True)
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
ASK = """async rules => {
  const found = await axe.run(document, {runOnly: rules, resultTypes: ["violations"], preload: false});
  return found.violations.filter(one => ["serious", "critical"].includes(one.impact))
    .map(one => `${one.id}: ${one.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(" | ")}`);
}"""
LINKS = "[...document.querySelectorAll('a[href]')].map(link => link.getAttribute('href'))"
NOT_WALKED = re.compile(
    r"/static/|/logout|/photo|/kept/|/download|\.(csv|xlsx|svg|png|yaml|json)|^(tel|mailto):|/jsi18n/"
)
# The lists and forms of the desk's registers are made of the same parts: one of each is enough.
REGISTER = re.compile(r"^/admin/(?!complaints/complaint/)[a-z]+/[a-z]+/")


@pytest.fixture
def street() -> Cast:
    """The small street with a case in every stage."""
    cast = build_cast()
    load_office_hours()
    calendar.load_defaults()
    load_defaults()
    todo.beat("sweep")
    for made in (stages.filed, stages.accepted, stages.dispatched, stages.signed):
        made(cast)
    for made in (stages.contacted, stages.replied, stages.approved):
        made(cast)
    return cast


def kind_of(path: str) -> str:
    """Pages of one kind have one shape: numbers and registers stand for one another."""
    return re.sub(r"\d+", "1", REGISTER.sub("/admin/register/", path))


def walked(page: Page, first: str, seen: set[str]) -> Iterator[str]:
    """The pages that can be reached from `first` by links, one of each kind not seen before."""
    waiting = [first]
    seen.add(kind_of(first))
    while waiting:
        address = waiting.pop(0)
        answer = page.goto(address, wait_until="load")
        if answer is None or "html" not in answer.headers.get("content-type", ""):
            continue
        yield address
        for link in page.evaluate(LINKS):
            if NOT_WALKED.search(link) or link.startswith("#"):
                continue
            target = urlsplit(urljoin(page.url, link))
            own = target.netloc == urlsplit(page.url).netloc
            if own and kind_of(target.path) not in seen:
                seen.add(kind_of(target.path))
                waiting.append(target.path + (f"?{target.query}" if target.query else ""))


def barriers(page: Page, axe: str) -> list[str]:
    """What axe-core calls serious or critical on the page that is open."""
    page.evaluate(axe)
    return list(page.evaluate(ASK, RULES))


@pytest.fixture
def open_as(new_page: Callable[..., Page], live_server: Any) -> Callable[..., Page]:
    """Opens a browser in which somebody is signed in."""

    def sign_in(user: User | None, **options: Any) -> Page:
        page = new_page(**options)
        if user is not None:
            client = Client()
            client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
            value = client.cookies[settings.SESSION_COOKIE_NAME].value
            cookie = {"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}
            page.context.add_cookies([cookie])
        page.set_default_timeout(30_000)
        return page

    return sign_in


@pytest.mark.parametrize(
    ("who", "first", "is_phone", "least"),
    [
        ("chen su", "/admin/", False, 24),
        ("wang", "/m/", True, 12),
        ("lin", "/board/", False, 6),
        ("", "/accounts/login/", True, 1),
    ],
)
def test_no_page_shuts_anybody_out(
    street: Cast, open_as: Callable[..., Page], who: str, first: str, is_phone: bool, least: int
) -> None:
    axe, found, seen = AXE.read_text(encoding="utf-8"), {}, set()

    # Who comes second is shown only what the first could not reach.
    for user in [getattr(street, name) for name in who.split()] or [None]:
        page = open_as(user, phone=is_phone)
        found |= {address: barriers(page, axe) for address in walked(page, first, seen)}

    assert {address: said for address, said in found.items() if said} == {}
    assert len(found) >= least


def test_a_barrier_is_seen(new_page: Callable[..., Page], live_server: Any) -> None:
    page = new_page()
    page.goto("/accounts/login/")
    page.evaluate("document.body.append(document.createElement('button'))")

    assert any(said.startswith("button-name") for said in barriers(page, AXE.read_text()))
