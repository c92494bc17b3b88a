"""A leader's quarter of an hour: figures, the rows behind them, one case, one word. With pictures."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from complaints.models import Instruction
from complaints.services import closing, dispatching, supervising
from complaints.services.counts import store_day
from complaints.services.defaults import load_defaults
from governance.models import User
from governance.services import calendar, todo
from governance.services.defaults import load_office_hours
from tests.cast import Cast, build_cast
from tests.complaints import stages

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def street() -> Cast:
    """The small street after twelve days of work."""
    cast = build_cast()
    load_office_hours()
    calendar.load_defaults()
    load_defaults()
    begin = timezone.localtime().replace(hour=9, minute=0) - timedelta(days=12)
    with time_machine.travel(begin, tick=False) as clock:
        for number in range(4):
            case = stages.approved(cast)
            words = ("yes", "satisfied") if number else ("no", "dissatisfied")
            closing.record_callback(
                case.pk, by=cast.qian, outcome="reached", solved=words[0], satisfaction=words[1]
            )
            clock.shift(timedelta(days=1))
        stages.signed(cast, text="地下车库积水三天没人处理", caller_phone="13900001012")
        order = stages.accepted(cast, source="hotline", source_number="3703-20261101")
        dispatching.dispatch(order.pk, cast.squad, by=cast.chen)
    stages.dispatched(cast, text="南门消防通道被占用")
    for back in range(1, 20):
        store_day(timezone.localdate() - timedelta(days=back))
    todo.beat("sweep")
    return cast


@pytest.fixture
def opened(new_page: Callable[..., Page], live_server: Any) -> Callable[..., Page]:
    """Opens a browser in which somebody is signed in."""

    def sign_in(user: User, **options: Any) -> Page:
        client = Client()
        client.force_login(user)
        page = new_page(**options)
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}
        page.context.add_cookies([cookie])
        page.set_default_timeout(30_000)
        return page

    return sign_in


def is_too_wide(page: Page) -> bool:
    """Whether the page must be pushed sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_a_leader_goes_from_a_figure_to_a_case_and_gives_a_word(
    street: Cast, opened: Callable[..., Page], picture: Callable[..., Any], phone: bool
) -> None:
    size = "phone" if phone else "desk"
    page = opened(street.lin, phone=phone)
    page.goto("/board/?period=quarter")
    picture(page, f"leader-overview-{size}")
    assert not is_too_wide(page)

    late = page.get_by_role("link", name="超期 ").first
    counted = int(late.inner_text().split()[-1])
    late.click()
    page.wait_for_url("**/board/cases/?**figure=overdue**")
    assert page.locator("tr[data-row]").count() == counted == 3
    picture(page, f"leader-overdue-{size}")
    assert not is_too_wide(page)

    page.get_by_role("link", name="地下车库积水三天没人处理").click()
    page.get_by_label("批示内容").fill("请城管中队与物业今日到场，三日内办结。")
    page.get_by_label("1个工作日").check()
    picture(page, f"leader-case-{size}")
    assert not is_too_wide(page)
    page.get_by_role("button", name="送出批示").click()
    page.get_by_text("批示已送达").wait_for()
    word = Instruction.objects.get()
    supervising.answer_instruction(word, by=street.wang, note="已抽排积水并疏通管道")

    page.reload()
    page.get_by_text("已抽排积水并疏通管道").first.wait_for()
    assert page.get_by_text("尚未落实").count() == 0
    picture(page, f"leader-answered-{size}")


def test_the_period_stands_in_the_address_and_a_unit_opens_from_the_ranking(
    street: Cast, opened: Callable[..., Page], picture: Callable[..., Any]
) -> None:
    page = opened(street.lin)
    page.goto("/board/")
    page.get_by_role("link", name="本季", exact=True).click()
    page.wait_for_url("**period=quarter**")
    page.get_by_role("link", name="东园社区", exact=True).click()
    page.wait_for_url("**unit=*")
    assert page.locator("[aria-current=page]", has_text="东园社区").count() == 1
    assert "period=quarter" in page.url
    picture(page, "leader-community-desk")
    page.get_by_role("link", name="和平街道", exact=True).last.click()
    page.wait_for_load_state()
    assert page.locator(".ranking tbody tr").count() == 2


def test_the_map_leads_down_by_keyboard_and_the_back_button_leads_up(
    street: Cast, opened: Callable[..., Page], picture: Callable[..., Any]
) -> None:
    page = opened(street.lin)
    page.goto("/board/?period=quarter&colour=late")
    expect(page.locator(".trend canvas")).to_be_visible()
    area = page.locator(f".map-live path[aria-label^='{street.east_grid.name}']")
    expect(area).to_be_visible()
    picture(page, "leader-map-desk")
    area.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("[aria-current=page]").last).to_have_text(street.east_branch.display_name)
    assert "colour=late" in page.url and "period=quarter" in page.url
    page.go_back()
    expect(area).to_be_visible()

    page.set_viewport_size({"width": 1920, "height": 1080})
    with page.expect_navigation():
        page.get_by_role("link", name="大屏").click()
    expect(page.locator("[data-clock]")).to_be_visible()
    assert page.get_by_role("link").count() == 1, "only the way to the figures for the ear"
    picture(page, "leader-wall")
    assert not is_too_wide(page)
