"""The desk's working places in a real browser: calls and reviews by keyboard, nothing sticks out."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from complaints.models import Complaint
from complaints.services.defaults import load_defaults
from governance.models import User
from governance.services import calendar, todo
from governance.services.defaults import load_office_hours
from tests.cast import Cast, build_cast
from tests.complaints import stages

pytestmark = pytest.mark.django_db(transaction=True)
LIST = "/admin/complaints/complaint/"


@pytest.fixture
def street() -> Cast:
    """The small street with its rules, and its clock beating."""
    cast = build_cast()
    load_office_hours()
    calendar.load_defaults()
    load_defaults()
    todo.beat("sweep")
    return cast


def signed_in(page: Page, user: User, address: str) -> Page:
    """The page of somebody who has signed in."""
    client = Client()
    client.force_login(user, "portal.signed_in.Accounts")
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": address}]
    )
    return page


def fits(page: Page) -> bool:
    """Whether nothing sticks out to the right."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_a_review_and_a_call_are_done_by_keyboard(
    street: Cast, new_page: Callable[..., Page], live_server: Any, picture: Callable[..., Path]
) -> None:
    first, second = stages.replied(street), stages.replied(street)
    page = signed_in(new_page(), street.su, live_server.url)
    page.goto(f"{LIST}reviews/")
    assert fits(page)
    picture(page, "desk-reviews")
    with page.expect_navigation():
        page.keyboard.press("a")
    expect(page).to_have_url(f"{live_server.url}{LIST}reviews/?case={second.pk}")
    page.keyboard.press("2")
    with page.expect_navigation():
        page.keyboard.press("b")
    expect(page.get_by_text("没有等您审核的答复")).to_be_visible()
    assert Complaint.objects.get(pk=second.pk).stage == "handling"

    clerk = signed_in(new_page(), street.qian, live_server.url)
    clerk.goto(f"{LIST}callbacks/")
    assert fits(clerk)
    with clerk.expect_navigation():
        clerk.keyboard.press("c")
    expect(clerk.get_by_role("link", name="13900001011")).to_be_visible()
    # Enter too early says what is missing, and one stays at the desk.
    clerk.keyboard.press("Enter")
    expect(clerk.locator("[data-effect]")).to_have_text("请先选择回访结果。")
    for key in ("a", "2"):
        clerk.keyboard.press(key)
    expect(clerk.locator("[data-effect]")).to_have_text("保存后：如实结案。")
    picture(clerk, "desk-calls")
    clerk.keyboard.press("5")
    expect(clerk.locator("[data-effect]")).to_contain_text("由上一级重新办理")
    clerk.keyboard.press("1")
    with clerk.expect_navigation():
        clerk.keyboard.press("Enter")
    expect(clerk.get_by_text("该打的电话都打完了")).to_be_visible()
    done = Complaint.objects.get(pk=first.pk)
    assert (done.stage, done.satisfaction) == ("closed", "very_satisfied")
