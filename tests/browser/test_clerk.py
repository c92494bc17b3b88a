"""A hotline clerk's morning at the desk, played in a real browser; every page is kept as a picture."""

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
from complaints.services.imports import KIND, run_import
from governance.models import User
from governance.services import calendar, jobs, todo
from governance.services.defaults import load_office_hours
from tests.cast import Cast, account, build_cast
from tests.complaints import stages

pytestmark = pytest.mark.django_db(transaction=True)
LIST = "/admin/complaints/complaint/"
ORDERS = (
    "工单编号,诉求标题,诉求内容,诉求人,联系电话,派发时间\n"
    "26112301,路灯不亮,东园花园3号楼前路灯不亮,李秀兰,13900001011,2026-11-20 08:30\n"
)


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
def desk_of(new_page: Callable[..., Page], live_server: Any) -> Callable[..., Page]:
    """Opens a desk at which somebody is signed in."""

    def sign_in(user: User, **options: Any) -> Page:
        client = Client()
        client.force_login(user, "portal.signed_in.Accounts")
        page = new_page(**options)
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}
        page.context.add_cookies([cookie])
        page.set_default_timeout(30_000)
        return page

    return sign_in


def fits(page: Page) -> bool:
    """Whether nothing sticks out to the right."""
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_queue_is_emptied_by_keyboard(
    street: Cast, desk_of: Callable[..., Page], picture: Callable[..., Path]
) -> None:
    first, second = stages.accepted(street), stages.filed(street)
    page = desk_of(street.chen)
    page.goto("/admin/")
    picture(page, "desk-index")
    page.locator("a[href$='/queue/']", has_text="待派单").first.click()
    picture(page, "desk-queue")

    page.keyboard.press("j")
    page.wait_for_url(f"**/queue/?case={second.pk}")
    page.keyboard.press("k")
    page.wait_for_url(f"**/queue/?case={first.pk}")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/queue/?case={second.pk}")
    page.get_by_text("已派给东一网格党支部").wait_for()
    page.keyboard.press("2")
    page.get_by_text("派单台已清空").wait_for()

    units = dict(Complaint.objects.values_list("pk", "main_unit__name"))
    assert units == {first.pk: "东一网格党支部", second.pk: "东园社区大党委"}


def test_the_list_is_walked_and_searched_by_keyboard(
    street: Cast, desk_of: Callable[..., Page], picture: Callable[..., Path]
) -> None:
    cases = [stages.accepted(street, title=f"路灯不亮{number}") for number in range(3)]
    page = desk_of(street.chen)
    page.goto(LIST)
    picture(page, "desk-list")
    page.keyboard.press("/")
    page.keyboard.type("不亮1")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=*")
    assert page.locator("[data-row]").count() == 1
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{cases[1].pk}/change/")
    picture(page, "desk-case")

    page.goto(LIST)
    page.locator("[data-search]").fill("13900001011")
    page.keyboard.press("Enter")
    assert "13900001011" not in page.url


def test_a_case_is_taken_down_with_its_place_found_while_typing(
    street: Cast, desk_of: Callable[..., Page], picture: Callable[..., Path]
) -> None:
    earlier = stages.signed(street)
    page = desk_of(street.chen)
    page.goto(f"{LIST}add/")
    page.locator("[name=source]").select_option("phone")
    page.locator("[name=text]").fill("3号楼2单元门口堆放杂物，影响出行。")
    page.locator("[name=address]").fill("东园花园3号楼2单元")
    page.locator("[name=caller_name]").click()
    page.get_by_text("东园花园3号楼党小组").first.wait_for()
    page.get_by_text(earlier.number).wait_for()
    picture(page, "desk-new")
    page.get_by_role("button", name="登记", exact=True).click()
    page.get_by_text("您填写的内容都还在").wait_for()
    page.get_by_text("仍然登记").click()
    page.get_by_role("button", name="登记", exact=True).click()
    page.get_by_text("已登记为").wait_for()

    case = Complaint.objects.latest("pk")
    assert (case.stage, case.place_id) == (Stage.PENDING_DISPATCH, street.east_group.pk)


def test_an_import_is_left_and_found_again(
    street: Cast, desk_of: Callable[..., Page], picture: Callable[..., Path], tmp_path: Path
) -> None:
    file = tmp_path / "热线.csv"
    file.write_text(ORDERS, encoding="gb18030")
    page = desk_of(street.chen)
    page.goto(f"{LIST}import/")
    page.locator("[name=file]").set_input_files(file)
    page.locator("[name=dry_run]").uncheck()
    picture(page, "desk-import")
    page.get_by_role("button", name="开始").click()
    page.get_by_text("排队中").wait_for()
    picture(page, "desk-import-progress")
    jobs.run_waiting({KIND: run_import})
    page.get_by_role("link", name="看结果").click()
    page.get_by_text("导入完成").wait_for()
    picture(page, "desk-import-result")

    assert Complaint.objects.get().source_number == "26112301"


def test_the_callback_is_written_down_and_closes_the_case(
    street: Cast, desk_of: Callable[..., Page], picture: Callable[..., Path]
) -> None:
    case = stages.approved(street)
    page = desk_of(street.qian)
    page.goto(f"{LIST}{case.pk}/change/")
    page.get_by_role("link", name="记录回访").click()
    for words in ("已接通", "已解决", "很满意"):
        page.get_by_label(words, exact=True).check()
    picture(page, "desk-callback")
    page.get_by_role("button", name="确认记录回访").click()
    page.get_by_text("已记录回访，结案").wait_for()
    picture(page, "desk-closed")
    page.get_by_role("link", name="打印承办单").click()
    page.get_by_text("诉求承办单").wait_for()
    picture(page, "desk-print")

    assert Complaint.objects.get(pk=case.pk).stage == Stage.CLOSED


def test_somebody_new_is_appointed_with_a_picker(
    street: Cast, desk_of: Callable[..., Page], picture: Callable[..., Path]
) -> None:
    page = desk_of(account("史磊", "system", "system_admin", street.street))
    page.goto("/admin/governance/appointment/")
    picture(page, "desk-appointments")
    page.goto("/admin/governance/appointment/add/")
    page.locator("[name=new_name]").fill("新来的")
    page.locator("[name=role]").select_option(label="网格员")
    page.locator(".field-organisation .select2-selection").click()
    page.keyboard.type("东一")
    page.get_by_role("option", name="东一网格党支部").click()
    picture(page, "desk-appoint")
    page.locator("[name=_save]").click()
    page.wait_for_url("**/appointment/")

    assert street.east_branch.appointments.filter(person__name="新来的").exists()


@pytest.mark.parametrize("path", ["/admin/", LIST, f"{LIST}queue/", f"{LIST}add/", f"{LIST}import/",
                                  "/admin/complaints/category/"])  # fmt: skip
def test_the_desk_fits_a_phone_too(
    street: Cast, desk_of: Callable[..., Page], picture: Callable[..., Path], path: str
) -> None:
    stages.accepted(street)
    page = desk_of(street.chen, phone=True)
    page.goto(path)
    name = path.strip("/").replace("/", "-")
    picture(page, f"desk-phone-{name}")

    assert fits(page)
