"""A resident before a wall, played in a real browser: with scripts, and on a phone without any."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from PIL import Image
from playwright.sync_api import Page, expect

from complaints.models import Complaint, PlaceCode, ResidentRules
from complaints.services import accepting, handling, photos, reviewing
from complaints.services.defaults import load_defaults
from complaints.services.place_codes import new_code
from governance.services import calendar
from governance.services.defaults import load_office_hours
from tests.cast import Cast, build_cast
from tests.complaints.residents import picture as photo_file
from tests.complaints.stages import ANSWER
from tests.house.reading import ROOT

pytestmark = pytest.mark.django_db(transaction=True)

WORDS = "单元门口垃圾堆了三天没人清，味道很大。"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
# Main targets at least 60 pixels high, main text at least 18 (`domain.md` 4.4).
MEASURE = """() => {
  const small = [...document.querySelectorAll('main button, .kind, main summary, .check, .size, main input[type=text], main input[type=tel], .side-button')]
    .filter((one) => one.getClientRects().length && one.getBoundingClientRect().height < 60)
    .map((one) => one.outerHTML.slice(0, 80));
  const type = parseFloat(getComputedStyle(document.querySelector('main p')).fontSize);
  return {small, type, wide: document.documentElement.scrollWidth > innerWidth};
}"""


@pytest.fixture
def wall() -> tuple[Cast, PlaceCode]:
    """The small street with its rules, and a code on the eastern building; nobody waits in a test."""
    cast = build_cast()
    load_office_hours()
    calendar.load_defaults()
    load_defaults()
    ResidentRules.objects.update(least_seconds=0)
    return cast, new_code(cast.east_building, by=None)


def heavy_photo() -> dict[str, Any]:
    """A photo of some megabytes, as a camera makes it."""
    file = BytesIO()
    Image.effect_noise((2600, 1900), 90).convert("RGB").save(file, "JPEG", quality=90)
    return {"name": "wall.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


def assert_kind(page: Page) -> None:
    """Large type, wide targets, nothing beside the screen, nothing serious for a reader aloud."""
    found = page.evaluate(MEASURE)
    assert found["small"] == [] and found["type"] >= 18 and not found["wide"], found
    page.evaluate(AXE.read_text(encoding="utf-8"))
    faults = page.evaluate("async () => (await axe.run()).violations")
    serious = [one for one in faults if one["impact"] in ("serious", "critical")]
    assert serious == [], [(one["id"], one["nodes"][0]["html"]) for one in serious]


def send(page: Page, name: str) -> None:
    """Press a button and wait for the page that answers."""
    with page.expect_navigation(wait_until="load"):
        page.get_by_role("button", name=name, exact=True).click()


def answer(cast: Cast) -> None:
    """What the office does meanwhile."""
    case = Complaint.objects.latest("id")
    accepting.accept_and_dispatch(case.pk, cast.east_branch, by=cast.chen)
    handling.sign(case.pk, by=cast.wang)
    handling.contact(case.pk, by=cast.wang, channel="visit", is_reached=True)
    photos.add_photos(case.pk, [photo_file()], by=cast.wang)
    handling.reply(case.pk, by=cast.wang, result_kind="solved", public_text=ANSWER)
    reviewing.approve(case.pk, by=cast.su)


def test_a_resident_reports_comes_back_and_says_with_one_tap_that_it_is_good(
    wall: tuple[Cast, PlaceCode],
    new_page: Callable[..., Page],
    picture: Callable[[Page, str], Any],
) -> None:
    cast, code = wall
    page, weight, sent = new_page(phone=True), [], []
    page.on("response", lambda one: weight.append(len(one.body())) if one.ok else None)
    page.on("request", lambda one: sent.append(one))
    page.goto(f"/r/{code.code}/", wait_until="networkidle")
    assert sum(weight) < 300_000
    assert_kind(page)
    picture(page, "resident-report-empty")

    page.get_by_label("您要反映什么？").fill(WORDS)
    page.get_by_label("垃圾卫生").check()
    page.goto("/r/2222222222/")
    picture(page, "resident-not-here")
    with page.expect_navigation():
        page.go_back()
    expect(page.get_by_label("您要反映什么？")).to_have_value(WORDS)
    expect(page.get_by_label("垃圾卫生")).to_be_checked()
    page.locator("input[type=file]").last.set_input_files([heavy_photo()])
    page.locator(".photo-kept img").wait_for()
    send(page, "提交")
    expect(page.get_by_text("请先阅读并同意个人信息告知")).to_be_visible()
    expect(page.get_by_text("已保留 1 张照片")).to_be_visible()
    picture(page, "resident-report-refused")
    page.get_by_text("个人信息告知", exact=True).click()
    page.get_by_label("我已阅读并同意").check()
    page.get_by_role("link", name="特大").click()
    expect(page.get_by_label("您要反映什么？")).to_have_value(WORDS)
    picture(page, "resident-report-huge")
    page.get_by_role("link", name="大", exact=True).click()
    send(page, "提交")

    expect(page.get_by_role("heading", name="您的诉求已收到")).to_be_visible()
    assert Complaint.objects.get().photos.count() == 1
    assert_kind(page)
    picture(page, "resident-filed")
    answer(cast)
    page.reload()
    assert_kind(page)
    picture(page, "resident-answered")
    page.get_by_label("还想说点什么").fill("很快，谢谢。")
    send(page, "满意")
    expect(page.get_by_text("已经记录，谢谢您。")).to_be_visible()
    picture(page, "resident-rated")
    assert Complaint.objects.get().stage == "closed"
    secret = page.url.rstrip("/").rpartition("/")[2]
    assert not [one.url for one in sent if secret in (one.headers.get("referer") or "")]
    page.goto(f"/r/{code.code}/")
    expect(page.get_by_label("您要反映什么？")).to_have_value("")


def test_an_old_phone_without_scripts_files_adds_and_takes_back(
    wall: tuple[Cast, PlaceCode], new_page: Callable[..., Page]
) -> None:
    cast, code = wall
    page = new_page(phone=True, java_script_enabled=False)
    page.goto(f"/r/{code.code}/?size=standard")
    page.get_by_label("您要反映什么？").fill(WORDS)
    page.locator("label.kind", has_text="说不清楚").locator("input").check()
    page.get_by_label("我已阅读并同意").check()
    send(page, "提交")
    expect(page.locator("html")).to_have_attribute("data-size", "standard")
    with page.expect_navigation():
        page.get_by_role("link", name="问题已解决，撤回诉求").click()
    send(page, "确定撤回")
    expect(page.get_by_role("heading", name="您已撤回这件诉求")).to_be_visible()
    assert Complaint.objects.get().stage == "withdrawn"
    assert cast.east_group == Complaint.objects.get().place


def test_a_board_is_one_sheet_of_paper(
    wall: tuple[Cast, PlaceCode],
    new_page: Callable[..., Page],
    live_server: Any,
    picture: Callable[[Page, str], Any],
) -> None:
    cast, _code = wall
    client = Client()
    client.force_login(cast.su)
    page = new_page()
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}
    page.context.add_cookies([cookie])
    page.goto(f"/admin/complaints/placecode/building/{cast.east_building.pk}/print/")
    picture(page, "resident-board")

    paper = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page[^s]", paper)) == 1
