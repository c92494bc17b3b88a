"""The desk's lists in a real browser: keys, many rows at once, a case beside, 撤销, the tab's title."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from complaints.choices import Stage
from complaints.models import Complaint
from tests.browser.test_clerk import LIST, desk_of, street
from tests.cast import Cast
from tests.complaints import stages

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["desk_of", "street"]


def test_rows_are_ticked_by_key_and_by_shift_and_dispatched_in_one_go(
    street: Cast, desk_of: Callable[..., Page], picture: Callable[..., Path]
) -> None:
    cases = [stages.accepted(street, title=f"路灯不亮{number}") for number in range(4)]
    page = desk_of(street.chen)
    page.goto(LIST)
    expect(page).to_have_title(re.compile(r"^\(4\) 诉求"))
    bar = page.locator("[data-bulk-bar]")
    expect(bar).to_be_hidden()
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(bar).to_contain_text("已选 1 件")
    boxes = page.locator("input[name=case]")
    boxes.nth(1).click()
    boxes.nth(3).click(modifiers=["Shift"])
    expect(bar).to_contain_text("已选 4 件")
    boxes.nth(0).uncheck()
    picture(page, "desk-list-ticked")
    page.get_by_role("button", name="批量派单").click()
    expect(page.locator("[name=case]")).to_have_count(3)
    picture(page, "desk-bulk")
    page.get_by_role("button", name="确认批量派单").click()
    expect(page.get_by_text("已派给东一网格党支部")).to_have_count(3)
    picture(page, "desk-bulk-result")
    stages_now = set(Complaint.objects.exclude(pk=cases[3].pk).values_list("stage", flat=True))
    assert stages_now == {Stage.PENDING_SIGN}
    page.get_by_role("button", name="撤销这一批").click()
    expect(page.get_by_text("已撤销", exact=True)).to_have_count(3)

    assert set(Complaint.objects.values_list("stage", flat=True)) == {Stage.PENDING_DISPATCH}


def test_a_case_stands_beside_the_list_and_walks_along(
    street: Cast, desk_of: Callable[..., Page], picture: Callable[..., Path]
) -> None:
    first, second = (stages.accepted(street, title=name) for name in ("楼道堆物", "路灯不亮"))
    page = desk_of(street.chen)
    page.goto(f"{LIST}?stage=open")
    pane = page.locator("[data-preview-pane]")
    page.keyboard.press("j")
    page.keyboard.press("v")
    expect(pane).to_contain_text("路灯不亮")
    expect(page).to_have_url(re.compile(rf"stage=open&case={second.pk}$"))
    page.keyboard.press("j")
    expect(pane).to_contain_text("楼道堆物")
    expect(page).to_have_url(re.compile(rf"case={first.pk}$"))
    picture(page, "desk-list-beside")
    page.reload()
    expect(pane).to_contain_text("楼道堆物")
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="键盘快捷键")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("k")
    expect(pane).to_contain_text("路灯不亮")
    with page.expect_navigation(url=f"**/{second.pk}/change/**"):
        page.keyboard.press("Enter")


def test_a_case_that_is_opened_wins_over_the_one_still_being_fetched(
    street: Cast, desk_of: Callable[..., Page]
) -> None:
    first, second = (stages.accepted(street, title=name) for name in ("楼道堆物", "路灯不亮"))
    page = desk_of(street.chen)
    page.goto(f"{LIST}?stage=open&case={second.pk}")
    held: list[Route] = []

    def the_list_loses_its_line(opening: Route) -> None:
        held[0].abort()
        opening.continue_()

    page.route("**/preview/**", lambda route: held.append(route))
    page.route("**/change/**", the_list_loses_its_line)
    with page.expect_request("**/preview/**"):
        page.keyboard.press("j")
    with page.expect_navigation(url=f"**/{first.pk}/change/**"):
        page.keyboard.press("Enter")


def test_a_filter_is_named_and_a_slip_taken_back(
    street: Cast, desk_of: Callable[..., Page], picture: Callable[..., Path]
) -> None:
    case = stages.accepted(street)
    page = desk_of(street.chen)
    page.goto(f"{LIST}?stage=pending_dispatch")
    page.get_by_text("存为常用").click()
    page.get_by_label("名称").fill("等着派的")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("link", name="等着派的")).to_have_attribute("aria-current", "page")
    picture(page, "desk-list-saved")
    page.goto(f"{LIST}queue/")
    page.keyboard.press("1")
    line = page.locator("[data-undo]")
    expect(line).to_contain_text(case.number)
    picture(page, "desk-undo")
    line.get_by_role("button", name="撤销").click()
    expect(page.get_by_text("已撤销", exact=False).first).to_be_visible()

    assert Complaint.objects.get().stage == Stage.PENDING_DISPATCH


def test_a_long_queue_opens_at_its_case_and_can_be_scrolled(
    street: Cast, desk_of: Callable[..., Page]
) -> None:
    cases = [stages.accepted(street, title=f"路灯不亮{number}") for number in range(14)]
    page = desk_of(street.chen)
    page.goto(f"{LIST}queue/")
    last = page.locator(f".desk-queue-list a[href='?case={cases[-1].pk}']")
    last.click()
    page.wait_for_url(f"**/queue/?case={cases[-1].pk}")
    expect(last).to_be_in_viewport()
    first = page.locator(f".desk-queue-list a[href='?case={cases[0].pk}']")
    expect(first).not_to_be_in_viewport()
    first.click()
    page.wait_for_url(f"**/queue/?case={cases[0].pk}")
