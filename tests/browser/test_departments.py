"""A department at the desk and an outsider behind a link, played in a real browser."""

import re
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from complaints.choices import Stage
from complaints.models import Complaint, OutsideQuestion, Photo, Reply
from complaints.services import dispatching, outside, photos
from tests.browser.test_clerk import desk_of, street
from tests.cast import Cast
from tests.complaints import stages
from tests.complaints.test_covering import scene

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["desk_of", "street"]
DESK = "/admin/complaints/complaint"


def at_the_squad(cast: Cast) -> Complaint:
    """A case that the squad has signed for and whose caller it has called, with a photo."""
    case = stages.dispatched(cast, text="东园花园3号楼前小广告贴满墙面，请清理。")
    dispatching.dispatch(case.pk, cast.squad, by=cast.chen, note="执法事项")
    stages.handling.sign(case.pk, by=cast.sun)
    stages.handling.contact(case.pk, by=cast.sun, channel="phone", is_reached=True)
    photos.add_photos(case.pk, [scene()], by=cast.sun)
    return case


def ticked(page: Page) -> int:
    """How many squares are set."""
    return page.locator(".cover-square input:checked").count()


def test_a_department_covers_a_face_and_fills_the_gaps_of_a_template(
    street: Cast, desk_of: Callable[..., Page], picture: Callable[..., Path]
) -> None:
    case = at_the_squad(street)
    page = desk_of(street.sun)
    page.goto(f"{DESK}/{case.pk}/change/")
    page.get_by_role("link", name="遮盖").click()
    before = Photo.objects.get().checksum

    page.wait_for_load_state("load")  # before the picture is there its net lies elsewhere
    net = page.locator(".cover-squares").bounding_box()
    assert net is not None
    page.mouse.move(net["x"] + net["width"] * 0.1, net["y"] + net["height"] * 0.1)
    page.mouse.down()
    page.mouse.move(net["x"] + net["width"] * 0.4, net["y"] + net["height"] * 0.1, steps=20)
    page.mouse.up()
    brushed = ticked(page)
    assert brushed >= 4
    page.get_by_label("第12行第16列").press("Space")
    assert ticked(page) == brushed + 1
    picture(page, "desk-cover")
    page.get_by_role("button", name="重新选").click()
    assert ticked(page) == 0
    page.get_by_label("第4行第3列").press("Space")
    page.get_by_role("button", name="遮住").click()
    expect(page.get_by_text("已遮住。")).to_be_visible()
    assert Photo.objects.get().checksum != before

    page.goto(f"{DESK}/{case.pk}/reply/")
    words = page.get_by_label("公开答复")
    page.locator(".chip-sentence").first.click()
    expect(words).to_have_value(re.compile("＿＿"))
    page.get_by_label("已解决", exact=True).check()
    page.get_by_role("button", name="确认答复").click()
    expect(page.get_by_text("还有没填的空").first).to_be_visible()
    picture(page, "desk-reply-with-gaps")
    words.fill(words.input_value().replace("＿＿", "今天上午"))
    page.get_by_role("button", name="确认答复").click()
    page.wait_for_url(f"**/{case.pk}/change/**")

    assert Complaint.objects.get().stage == Stage.PENDING_REVIEW
    assert "＿＿" not in Reply.objects.get().public_text


def test_a_typed_word_takes_the_place_of_the_gap(
    street: Cast, desk_of: Callable[..., Page]
) -> None:
    case = at_the_squad(street)
    page = desk_of(street.sun)
    page.goto(f"{DESK}/{case.pk}/reply/")
    page.locator(".chip-sentence").first.click()
    gaps = page.get_by_label("公开答复").input_value().count("＿＿")

    page.keyboard.type("今天上午")

    assert page.get_by_label("公开答复").input_value().count("＿＿") == gaps - 1


def test_an_outsider_answers_once_on_a_phone_without_scripts(
    street: Cast, new_page: Callable[..., Page], picture: Callable[..., Path]
) -> None:
    case = stages.contacted(street)
    secret = outside.ask(
        case.pk,
        outside.Asked("property", "东园物业公司", "请核实楼道杂物何时清走。", 2, "楼道有杂物。"),
        by=street.chen,
        key=uuid4(),
    )
    page = new_page(phone=True, java_script_enabled=False)
    page.goto(f"/o/{secret}/")
    expect(page.get_by_text("请核实楼道杂物何时清走。")).to_be_visible()
    page.get_by_role("button", name="提交答复").click()
    expect(page.get_by_text("请写几句答复。")).to_be_visible()
    page.get_by_label("您的答复").fill("杂物已于今天下午清走。")
    page.get_by_role("button", name="提交答复").click()
    picture(page, "outsider-answered")

    assert OutsideQuestion.objects.get().answer == "杂物已于今天下午清走。"
    page.goto(f"/o/{secret}/")
    assert "请核实楼道杂物" not in page.content() and "楼道有杂物" not in page.content()
