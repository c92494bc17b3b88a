"""A grid worker's day on a phone, played in a real browser; every page is kept as a picture."""

import gzip
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from PIL import Image, ImageDraw
from playwright.sync_api import Locator, Page, expect

from complaints.models import Complaint
from complaints.services.defaults import load_defaults
from governance.models import User
from governance.services import calendar, todo
from governance.services.defaults import load_office_hours
from tests.cast import Cast, build_cast
from tests.complaints import stages

DARK = "3号楼2单元楼道灯坏了一周，老人上下楼看不清。"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def street() -> Cast:
    """The small street with its rules, and its clock beating."""
    cast = build_cast()
    load_office_hours()
    calendar.load_defaults()
    load_defaults()
    todo.beat("sweep")
    return cast


@pytest.fixture
def phone_of(new_page: Callable[..., Page], live_server: Any) -> Callable[..., Page]:
    """Opens a phone on which somebody is signed in."""

    def sign_in(user: User, **options: Any) -> Page:
        client = Client()
        client.force_login(user)
        page = new_page(phone=True, **options)
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}
        page.context.add_cookies([cookie])
        page.set_default_timeout(30_000)
        # There is no dialler on this machine; the page would wait for one.
        page.route("**/js/call.js", lambda route: route.fulfill(body=""))
        return page

    return sign_in


def photo(words: str) -> dict[str, Any]:
    """A photo as a phone hands it over."""
    image = Image.new("RGB", (2400, 1800), "#7d8f86")
    ImageDraw.Draw(image).rectangle((300, 500, 2100, 1500), fill="#c9b38c")
    file = BytesIO()
    image.save(file, "JPEG")
    return {"name": f"{words}.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


def follow(page: Page, name: str) -> None:
    """Tap a link and wait until the scripts of its page have run."""
    tap(page, page.get_by_role("link", name=name, exact=True))


def press(page: Page, name: str) -> None:
    """Press a button and wait until the scripts of the page it leads to have run."""
    tap(page, page.get_by_role("button", name=name))


def tap(page: Page, target: Locator) -> None:
    """Tap what leads to another page; a picture taken on the way would hold up the old one."""
    with page.expect_navigation(wait_until="load"):
        target.click()


def make_late(case: Complaint, **by: float) -> None:
    """Let the clock of a case have run out some time ago, or run out soon."""
    moment = timezone.now() + timedelta(**by)
    Complaint.objects.filter(pk=case.pk).update(due_at=moment, assignment_due_at=moment)


def fill_the_desk(street: Cast) -> Complaint:
    """Cases of all clocks on Wang's desk; returns the one that is played."""
    make_late(
        stages.signed(street, text="3号楼2单元下水道反味，家里有小孩。", code="030101"), hours=-3.2
    )
    make_late(
        stages.signed(street, text="消防通道被三辆车占用，救护车进不来。", code="050101"), hours=2.3
    )
    make_late(stages.contacted(street, text="凌晨装修噪声扰民。", code="060101"), days=3)
    stages.replied(street, text="楼道堆放纸箱和旧家具。")
    return stages.dispatched(street, text=DARK)


def test_a_case_is_signed_called_noted_and_answered_on_a_phone(street, phone_of, picture) -> None:
    case = fill_the_desk(street)
    page = phone_of(street.wang)

    page.goto("/m/")
    picture(page, "phone-today")
    tap(page, page.get_by_text("待签收", exact=True))
    picture(page, "phone-list")
    tap(page, page.get_by_role("link", name=DARK))
    picture(page, "phone-case-to-sign")
    tap(page, page.get_by_role("link", name="上报", exact=True).first)
    picture(page, "phone-escalate")
    page.goto(f"/m/complaints/{case.pk}/hand-on/")
    picture(page, "phone-hand-on")
    page.goto(f"/m/complaints/{case.pk}/contact/")
    picture(page, "phone-contact")
    page.goto(f"/m/complaints/{case.pk}/")
    press(page, "签收")
    picture(page, "phone-case-signed")
    press(page, "打电话")
    picture(page, "phone-call")
    assert page.locator("[data-call]").get_attribute("href") == "tel:13900001011"
    press(page, "接通了")

    follow(page, "记录")
    page.locator("input[type=file]").first.set_input_files([photo("before")])
    page.locator(".photo-kept img").wait_for()
    page.get_by_text("已到现场查看。").click()
    picture(page, "phone-log")
    page.get_by_role("button", name="保存记录").click()
    page.locator(".photos img").first.wait_for()
    picture(page, "phone-case-logged")

    follow(page, "回复待审")
    page.get_by_label("已解决", exact=True).check()
    page.get_by_label("公开答复").fill("太短")
    page.get_by_role("button", name="提交审核").click()
    picture(page, "phone-reply-refused")
    assert page.get_by_label("公开答复").input_value() == "太短"
    page.get_by_label("公开答复").fill("3号楼2单元楼道灯已更换，感谢您的监督。")
    picture(page, "phone-reply")
    page.get_by_role("button", name="提交审核").click()

    page.get_by_text("答复已提交，等待审核。").wait_for()
    picture(page, "phone-case-replied")
    case.refresh_from_db()
    assert (case.stage, case.photos.count(), case.contacts.count()) == ("pending_review", 1, 1)
    page.goto(f"/m/complaints/{case.pk}/reply/")
    assert page.get_by_text("不能再这样办").count() == 1
    picture(page, "phone-too-late")


def test_a_worker_reports_takes_on_and_is_asked_about_a_double(street, phone_of, picture) -> None:
    page = phone_of(
        street.wang,
        geolocation={"latitude": 36.86, "longitude": 118.064},
        permissions=["geolocation"],
    )
    page.goto("/m/report/")
    picture(page, "phone-report-empty")
    page.get_by_label("问题描述").fill("东园花园南门消防通道停了三辆车，救护车进不来。")
    page.locator("input[type=file]").first.set_input_files([photo("gate")])
    page.locator(".chip-choice").first.click()
    page.get_by_role("button", name="定位").click()
    page.get_by_text("已定位").wait_for()
    page.get_by_label("地址或房号").fill("东园花园3号楼")
    page.get_by_text("东园花园3号楼党小组").wait_for()
    picture(page, "phone-report")
    page.get_by_role("button", name="我来办").click()
    page.get_by_text("已上报，编号").wait_for()
    picture(page, "phone-report-taken-on")

    page.goto("/m/report/")
    assert page.get_by_label("问题描述").input_value() == ""
    page.get_by_label("问题描述").fill("3号楼门口又停了车")
    page.get_by_label("地址或房号").fill("东园花园3号楼")
    page.get_by_role("button", name="上报").click()
    picture(page, "phone-report-double")
    page.get_by_role("button", name="是同一件，并入").first.click()
    page.get_by_text("已上报，编号").wait_for()

    assert sorted(Complaint.objects.values_list("stage", flat=True)) == ["handling", "merged"]


def test_residents_notices_and_the_own_account_on_a_phone(street, phone_of, picture) -> None:
    fill_the_desk(street)
    page = phone_of(street.wang)
    page.goto("/m/people/")
    picture(page, "phone-people-empty")
    page.get_by_placeholder("姓名、电话后四位，或 3-2-501").fill("1011")
    page.keyboard.press("Enter")
    page.get_by_text("李*兰").wait_for()
    picture(page, "phone-people")
    page.get_by_text("李*兰").click()
    page.get_by_label("查看原因").fill("入户走访联系")
    picture(page, "phone-person")
    page.get_by_role("button", name="查看").click()
    page.get_by_text("13900001011").wait_for()
    picture(page, "phone-person-revealed")
    page.goto("/m/notices/")
    picture(page, "phone-notices")
    page.goto("/m/me/")
    picture(page, "phone-me")
    page.get_by_role("button", name="大字").click()
    page.goto("/m/")
    picture(page, "phone-today-large")


def test_the_first_load_of_today_is_lighter_than_a_hundred_kilobytes(street, phone_of) -> None:
    fill_the_desk(street)
    page, answers = phone_of(street.wang), []
    page.on("response", lambda answer: answers.append(answer))

    page.goto("/m/", wait_until="networkidle")

    weights = {answer.url: len(gzip.compress(answer.body())) for answer in answers}
    assert any("bootstrap" in url for url in weights)
    assert sum(weights.values()) < 100_000, weights


def test_typed_words_survive_the_back_button_and_go_when_they_have_arrived(
    street, phone_of
) -> None:
    case = stages.contacted(street, text=DARK)
    page = phone_of(street.wang)
    page.goto(f"/m/complaints/{case.pk}/")
    follow(page, "回复待审")
    page.get_by_label("部分解决", exact=True).check()
    page.get_by_label("公开答复").fill("灯已更换，开关下周由电工维修。")
    page.go_back(wait_until="load")
    follow(page, "回复待审")
    expect(page.get_by_label("公开答复")).to_have_value("灯已更换，开关下周由电工维修。")
    expect(page.get_by_label("部分解决", exact=True)).to_be_checked()

    page.get_by_label("未解决的部分和原因").fill("开关要等配件")
    page.get_by_role("button", name="提交审核").click()
    page.get_by_text("答复已提交，等待审核。").wait_for()

    # The answer may be on the screen a moment before the page's script has run.
    page.wait_for_function("Object.keys(sessionStorage).every(key => !key.startsWith('draft:'))")


def test_without_a_network_the_phone_says_so(street, phone_of, picture) -> None:
    page = phone_of(street.wang)
    page.goto("/m/report/", wait_until="networkidle")

    page.context.set_offline(True)
    page.get_by_text("当前无网络。").wait_for()
    picture(page, "phone-report-offline")
    page.context.set_offline(False)

    page.get_by_text("当前无网络。").wait_for(state="hidden")


TOO_SMALL = """least => [...document.querySelectorAll('a, button, select, summary, input, textarea')]
  .filter(one => one.checkVisibility({visibilityProperty: true}) && one.type !== 'hidden')
  .filter(one => !one.closest('.visually-hidden, .skip-link, .note, .field-help, details.clock'))
  .filter(one => !one.matches('.stretched-link, [type=radio], [type=checkbox], [type=file]'))
  .filter(one => { const box = one.getBoundingClientRect();
                   return box.height < least - 0.5 || box.width < least - 0.5; })
  .map(one => `${one.tagName} ${one.className} ${one.textContent.trim().slice(0, 20)}`)"""


@pytest.mark.parametrize(("size", "least"), [("normal", 44), ("large", 60)])
def test_a_thumb_hits_whatever_can_be_tapped(street, phone_of, live_server, size, least) -> None:
    case = stages.signed(street, text=DARK)
    page = phone_of(street.wang)
    cookie = {"name": "size", "value": size, "url": live_server.url}
    page.context.add_cookies([cookie])
    found = {}
    for path in ("", "complaints/?show=sign", "report/", "people/", "me/", "notices/"):
        page.goto(f"/m/{path}")
        found[path] = page.evaluate(TOO_SMALL, least)
    for deed in ("", "reply/", "log/", "escalate/", "hand-on/", "contact/"):
        page.goto(f"/m/complaints/{case.pk}/{deed}")
        found[deed or "case"] = page.evaluate(TOO_SMALL, least)

    assert {path: small for path, small in found.items() if small} == {}


def test_the_day_works_without_javascript(street, phone_of, picture) -> None:
    case = stages.dispatched(street, text=DARK)
    page = phone_of(street.wang, java_script_enabled=False)
    page.goto(f"/m/complaints/{case.pk}/")
    press(page, "签收")
    press(page, "打电话")
    press(page, "没接通")
    follow(page, "回复待审")
    page.get_by_label("已解决", exact=True).check()
    page.locator(".chip-sentence").first.click()
    page.get_by_label("已解决", exact=True).check()
    words = page.get_by_label("公开答复")
    words.fill(words.input_value().replace("＿＿", "今天"))
    page.get_by_role("button", name="提交审核").click()

    page.get_by_text("答复已提交，等待审核。").wait_for()
    picture(page, "phone-without-javascript")
