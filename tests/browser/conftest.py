"""A real Chromium at desk size and at phone size, with a folder for what it saw."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.chromium import chromium_flags, chromium_program
from tests.house.reading import ROOT
from tests.servers import without_server

# Playwright's synchronous interface runs inside a loop; Django would refuse to query there.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
PICTURES = ROOT / "build" / "screenshots"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all journeys."""
    program = chromium_program()
    if program is None:
        without_server("Chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=chromium_flags())
        yield chromium
        chromium.close()


@pytest.fixture
def new_page(browser: Browser, live_server) -> Iterator[Callable[..., Page]]:
    """Opens pages, each with cookies of its own, and fails the test for what the console says.

    `new_page()` is a desk, `new_page(phone=True)` a phone with touch and a position.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_page(*, phone: bool = False, **options: object) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport=PHONE if phone else DESK,
            has_touch=phone,
            is_mobile=phone,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            **options,
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: note_complaint(said, complaints))
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def note_complaint(said: ConsoleMessage, complaints: list[str]) -> None:
    """Keep what breaks the content policy or a script; a refused form may answer 4xx."""
    if said.type == "error" and "Failed to load resource" not in said.text:
        complaints.append(f"{said.page.url if said.page else ''}: {said.text}")


@pytest.fixture
def picture(request: pytest.FixtureRequest) -> Callable[[Page, str], Path]:
    """Keeps a picture of a page as build output."""

    def keep(page: Page, name: str) -> Path:
        PICTURES.mkdir(parents=True, exist_ok=True)
        file = PICTURES / f"{name}.png"
        page.screenshot(path=file, full_page=True)
        return file

    return keep
