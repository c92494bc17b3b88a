"""The whole story in one go: clerk, worker, secretary, second clerk and leader, each at the own page."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page

from complaints.choices import Stage
from complaints.models import Complaint
from complaints.services.defaults import load_defaults
from complaints.services.steps import first_broken_step
from governance.models import User
from governance.services import calendar, todo
from governance.services.defaults import load_office_hours
from tests.cast import Cast, build_cast
from tests.complaints.stages import category

pytestmark = pytest.mark.django_db(transaction=True)
CASES = "/admin/complaints/complaint/"
MATTER = "502室每晚十一点后拖动家具，老人无法休息。"
ANSWER = "已当面调解，双方约定每晚十点后不再拖动家具。"


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
def opened(new_page: Callable[..., Page], live_server: Any) -> Callable[..., Page]:
    """Opens a page at which somebody is signed in."""

    def sign_in(user: User, **options: Any) -> Page:
        client = Client()
        client.force_login(user, "portal.signed_in.Accounts")
        page = new_page(**options)
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}
        page.context.add_cookies([cookie])
        page.set_default_timeout(30_000)
        # There is no dialler on this machine; the page would wait for one.
        page.route("**/js/call.js", lambda route: route.fulfill(body=""))
        return page

    return sign_in


def test_a_matter_goes_from_the_clerk_to_a_satisfied_caller_and_the_leader_sees_it(
    street: Cast, opened: Callable[..., Page], picture: Callable[[Page, str], Path]
) -> None:
    number = taken_down_and_dispatched(opened(street.chen), street, picture)
    answered_on_a_phone(opened(street.wang, phone=True), picture)
    case = Complaint.objects.get(number=number)
    reviewed(opened(street.su), case, picture)
    asked(opened(street.qian), case, picture)

    board = opened(street.lin)
    board.goto(f"/board/cases/{case.pk}/")
    board.get_by_text(ANSWER).first.wait_for()
    picture(board, "story-5-leader")
    case.refresh_from_db()
    assert (case.stage, case.satisfaction, case.solved_level) == (Stage.CLOSED, "satisfied", 3)
    assert first_broken_step(case) is None


def taken_down_and_dispatched(page: Page, street: Cast, picture: Callable[..., Path]) -> str:
    """The clerk takes the matter down and sends it with one key; returns its number."""
    page.goto(f"{CASES}add/")
    page.locator("[name=source]").select_option("phone")
    page.locator("[name=text]").fill(MATTER)
    page.locator("[name=category]").select_option(str(category("050401").pk))
    page.locator("[name=address]").fill("东园花园3号楼2单元")
    page.locator("[name=caller_name]").fill("李秀兰")
    page.locator("[name=caller_phone]").fill("13900001011")
    page.get_by_text("东园花园3号楼党小组").first.wait_for()
    picture(page, "story-1-clerk")
    page.get_by_role("button", name="登记", exact=True).click()
    page.get_by_text("已登记为").wait_for()
    page.goto(f"{CASES}queue/")
    page.get_by_text(MATTER).first.wait_for()
    page.keyboard.press("Enter")
    page.get_by_text("已派给东一网格党支部").wait_for()
    return Complaint.objects.get().number


def answered_on_a_phone(page: Page, picture: Callable[..., Path]) -> None:
    """The worker signs, calls and answers."""
    page.goto("/m/")
    page.get_by_role("link", name=MATTER).first.click()
    page.get_by_role("button", name="签收").click()
    page.get_by_role("button", name="打电话").click()
    page.get_by_role("button", name="接通了").click()
    page.get_by_role("link", name="回复待审", exact=True).click()
    page.get_by_label("已解决", exact=True).check()
    page.get_by_label("公开答复").fill(ANSWER)
    picture(page, "story-2-worker")
    page.get_by_role("button", name="提交审核").click()
    page.get_by_text("答复已提交，等待审核。").wait_for()


def reviewed(page: Page, case: Complaint, picture: Callable[..., Path]) -> None:
    """The secretary reads the answer and lets it stand."""
    page.goto(f"{CASES}{case.pk}/change/")
    picture(page, "story-3-secretary")
    page.locator("summary", has_text="审核通过").click()
    page.get_by_role("button", name="确认审核通过").click()
    page.get_by_text("审核通过，等待回访。").wait_for()


def asked(page: Page, case: Complaint, picture: Callable[..., Path]) -> None:
    """Another clerk asks the citizen."""
    page.goto(f"{CASES}{case.pk}/change/")
    page.get_by_role("link", name="记录回访").click()
    for words in ("已接通", "已解决", "满意"):
        page.get_by_label(words, exact=True).check()
    picture(page, "story-4-callback")
    page.get_by_role("button", name="确认记录回访").click()
    page.get_by_text("已记录回访，结案").wait_for()
