"""Every page of the house is asked by axe-core whether somebody would be shut out of it."""

from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page

from tests.house.reading import ROOT
from tests.security.objects import OWN, parts_of
from tests.security.routes import Line, table
from tests.security.test_headers import actor_for
from tests.security.test_matrix import expected
from tests.security.world import ACTORS, World, build_world

pytestmark = pytest.mark.django_db(transaction=True)
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
ASK = """async rules => {
  const found = await axe.run(document, {runOnly: rules, resultTypes: ["violations"], preload: false});
  return found.violations.filter(one => ["serious", "critical"].includes(one.impact))
    .map(one => `${one.id}: ${one.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(" | ")}`);
}"""
DOORS = {
    "desk": ("admin/complaints/complaint/",),
    "registers": ("admin/",),
    "phone": ("m/",),
    "board": ("board/", "api/"),
    "residents": ("r/", "q/", "o/", "results/"),
    "accounts": ("",),
}
ON_A_PHONE = ("m/", "r/", "q/", "o/", "results/", "accounts/")
# Answers that are no page: parts of one, pictures, files, and what only programs read.
NO_PAGE = ("preview/", "status/", "photo/<int:photo>/", "photos/<int:pk>/", "<str:name>/",
           "download/", "import/template/", "refused/", "counts/", "autocomplete/", "jsi18n/", ".json", "where/", "healthz")  # fmt: skip
# One register in so many is asked every day; `--full` asks all of them.
EVERY_DAY = 4


def door_of(line: Line) -> str:
    """The door with the longest beginning of this address; what has none is an account's."""
    found = [
        (len(start), door)
        for door, starts in DOORS.items()
        for start in starts
        if line.route.startswith(start)
    ]
    return max(found)[1]


def reader_of(line: Line, world: World) -> str | None:
    """Somebody for whom the page opens; residents' pages are read by nobody in particular."""
    first = actor_for(line) if line.route.startswith(("admin/", "m/", "board/")) else "anonymous"
    for actor in (first, *ACTORS):
        if (
            expected(line, actor, "GET") == "ok"
            and parts_of(world, line.object, actor, OWN) is not None
        ):
            return actor
    return None


def pages_of(door: str, world: World, is_full: bool) -> Iterator[tuple[str, str, bool]]:
    """Who reads which address, and whether on a phone: every line of the table behind a door."""
    for line in table():
        if door_of(line) != door or "GET" not in line.methods or line.route.endswith(NO_PAGE):
            continue
        if door == "registers" and not is_full and Random(line.route).randrange(EVERY_DAY):
            continue
        if (reader := reader_of(line, world)) is not None:
            parts = parts_of(world, line.object, reader, OWN) or ()
            yield reader, line.address(*parts), line.route.startswith(ON_A_PHONE)


@pytest.fixture
def reader(new_page: Callable[..., Page], live_server: Any) -> Callable[..., Page]:
    """The browser in which somebody of the street is signed in; one for each reader and size."""
    opened: dict[tuple[str, bool], Page] = {}

    def page_of(world: World, actor: str, is_phone: bool) -> Page:
        if (actor, is_phone) not in opened:
            page = opened[actor, is_phone] = new_page(phone=is_phone)
            page.set_default_timeout(30_000)
            if name := world.clients[actor].cookies.get(settings.SESSION_COOKIE_NAME):
                cookie = {"name": name.key, "value": name.value, "url": live_server.url}
                page.context.add_cookies([cookie])
        return opened[actor, is_phone]

    return page_of


def barriers(page: Page, axe: str) -> list[str]:
    """What axe-core calls serious or critical on the page that is open."""
    page.evaluate(axe)
    return list(page.evaluate(ASK, RULES))


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("door", "least"),
    [
        ("desk", 60),
        ("registers", 20),
        ("phone", 25),
        ("board", 5),
        ("residents", 6),
        ("accounts", 5),
    ],
)
def test_no_page_shuts_anybody_out(
    reader: Callable[..., Page], request: pytest.FixtureRequest, door: str, least: int
) -> None:
    world, axe = build_world(), AXE.read_text(encoding="utf-8")
    found, asked = {}, 0

    for actor, address, is_phone in pages_of(door, world, bool(request.config.getoption("--full"))):
        page = reader(world, actor, is_phone)
        answer = page.goto(address, wait_until="load")
        if answer is not None and "html" in answer.headers.get("content-type", ""):
            asked += 1
            if said := barriers(page, axe):
                found[f"{actor} {address}"] = said

    assert found == {}
    assert asked >= least, asked


FORMS = [
    ("hotline_clerk", "/admin/complaints/complaint/add/", "登记"),
    ("grid_worker", "/m/report/", "上报"),
    ("anonymous", "/r/{wall}/", "提交"),
    ("anonymous", "/q/{supplement}/", "提交补充"),
    ("anonymous", "/o/{outside}/", "提交答复"),
    ("anonymous", "/accounts/login/", "登录"),
]


def test_a_refused_form_shuts_nobody_out(reader: Callable[..., Page]) -> None:
    world, axe = build_world(), AXE.read_text(encoding="utf-8")
    found = {}

    for actor, address, button in FORMS:
        page = reader(world, actor, not address.startswith("/admin/"))
        page.goto(address.format(wall=world.wall, **world.links), wait_until="load")
        page.evaluate(
            "document.querySelectorAll('form').forEach(one => { one.noValidate = true; })"
        )
        with page.expect_navigation(wait_until="load"):
            page.get_by_role("button", name=button, exact=True).last.click()
        complaints = page.locator(".wrong, .field-error, .errorlist, [role=alert]").count()
        if said := barriers(page, axe) if complaints else ["nothing was refused"]:
            found[address] = said

    assert found == {}


def test_a_barrier_is_seen(new_page: Callable[..., Page], live_server: Any) -> None:
    page = new_page()
    page.goto("/accounts/login/")
    page.evaluate("document.body.append(document.createElement('button'))")

    assert any(said.startswith("button-name") for said in barriers(page, AXE.read_text()))
