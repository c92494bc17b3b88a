"""The residents' entrance from the desk's side: boards, codes, links, and the rows behind the page."""

import re
from typing import Any

import pytest
from django.test import Client

from complaints.models import (
    Category,
    Complaint,
    PlaceCode,
    PlainKind,
    PrivacyNotice,
    ResidentLink,
    ResidentRules,
)
from complaints.rules import rules_of
from complaints.services.place_codes import ALPHABET, new_code, place_behind
from governance.models import AuditEntry
from tests.cast import Cast
from tests.complaints.residents import PHONE, filed, page_url, wall
from tests.complaints.stages import filed as taken_down
from tests.desk import signed_in

pytestmark = pytest.mark.django_db

BOARDS = "/admin/complaints/placecode/"
SECRET = re.compile(r"/q/[A-Za-z0-9_-]{22}/")


def board(place: Any, more: str = "") -> str:
    """The address of the board of a building."""
    return f"{BOARDS}building/{place.pk}/{more}"


def test_a_secretary_makes_prints_and_replaces_the_code_of_a_building(office: Cast) -> None:
    desk, building = signed_in(office.su), office.east_building
    assert "这里还没有二维码" in desk.get(board(building)).content.decode()
    assert desk.get(board(building, "print/")).status_code == 404

    desk.post(board(building))
    first = PlaceCode.objects.get(building=building)
    assert len(first.code) == 10 and set(first.code) <= set(ALPHABET)
    page = desk.get(board(building)).content.decode()
    assert f"http://testserver/r/{first.code}/" in page and "<svg" in page
    assert "苏文静" in page and "139****1005" in page and "13900001005" not in page

    desk.post(board(building))
    second = PlaceCode.objects.get(building=building, ended_at=None)
    assert Client().get(page_url(first)).status_code == 404
    assert Client().get(page_url(second)).status_code == 200
    verbs = AuditEntry.objects.filter(verb__endswith="place_code").values_list("verb", "by")
    assert set(verbs) == {
        ("make_place_code", office.su.pk), ("renew_place_code", office.su.pk)
    }  # fmt: skip


def test_the_sheet_names_posts_and_numbers_and_the_audit_says_who_printed_it(office: Cast) -> None:
    wall(office)
    desk = signed_in(office.su)
    sheet = desk.get(board(office.east_building, "print/")).content.decode()
    for expected in ("东园花园3号楼", "王强", "何美玲", "13900001007", "12345", "<svg"):
        assert expected in sheet
    assert "顾念慈" not in sheet  # a party household is nobody's office
    assert "林卫国" not in sheet  # the street does not stand on the stairs
    line = AuditEntry.objects.get(verb="print_grid_board")
    assert line.by == office.su and "13900001007" not in repr(line.detail)

    blank = desk.get(board(office.east_building, "print/?phones=no")).content.decode()
    assert "王强" in blank and "13900001007" not in blank
    assert AuditEntry.objects.filter(verb="print_grid_board").count() == 1


def test_the_picture_leads_to_the_address_that_residents_use(office: Cast) -> None:
    ResidentRules.objects.update(public_address="https://wangge.example.cn/")
    code = wall(office)
    page = signed_in(office.su).get(board(office.east_building)).content.decode()
    assert f"https://wangge.example.cn/r/{code.code}/" in page


def test_the_list_makes_what_is_missing_within_reach_only(office: Cast) -> None:
    desk = signed_in(office.su)
    page = desk.get(BOARDS).content.decode()
    assert "东园花园3号楼" in page and "西园小区" not in page
    desk.post(BOARDS)
    assert [code.building for code in PlaceCode.objects.all()] == [office.east_building]

    clerk = signed_in(office.chen)
    assert "西园小区1号楼" in clerk.get(f"{BOARDS}?q=西园 1号楼").content.decode()
    assert "没有找到" in clerk.get(f"{BOARDS}?q=没有这个小区").content.decode()
    clerk.post(f"{BOARDS}?of=grid")
    clerk.post(f"{BOARDS}?of=grid")  # nothing is lacking any more
    assert PlaceCode.objects.filter(grid__isnull=False).count() == 2
    for odd in ("?after=一", "?after=99999999999999999999", "?q=%00", "?of=house"):
        assert clerk.get(f"{BOARDS}{odd}").status_code == 200


def test_all_boards_of_a_page_are_printed_at_once_within_reach(
    office: Cast, statements: Any
) -> None:
    clerk = signed_in(office.chen)
    assert clerk.get(f"{BOARDS}print/").status_code == 404
    clerk.post(BOARDS)
    line = AuditEntry.objects.get(verb="make_place_codes")
    assert (line.by, line.detail) == (office.chen, {"count": 2})
    clerk.get(f"{BOARDS}print/")
    with statements(most=16):
        both = clerk.get(f"{BOARDS}print/").content.decode()
    assert both.count("<svg") == both.count('class="wall-sheet"') == 2
    assert "13900001007" in both and "13900001010" in both

    own = signed_in(office.su).get(f"{BOARDS}print/").content.decode()
    assert own.count('class="wall-sheet"') == 1 and "13900001010" not in own
    assert signed_in(office.wang).get(f"{BOARDS}print/").status_code == 403


def test_the_list_of_boards_costs_few_statements(office: Cast, statements: Any) -> None:
    desk = signed_in(office.chen)
    desk.get(BOARDS)
    with statements(most=10):
        desk.get(BOARDS)


def test_a_stranger_sees_no_board_and_makes_no_code(office: Cast) -> None:
    foreign = signed_in(office.su)
    assert foreign.get(board(office.west_building)).status_code == 404
    assert foreign.post(board(office.west_building)).status_code == 404
    for other in (office.zhao, office.wang, office.lin):
        assert signed_in(other).get(BOARDS).status_code == 403
        assert signed_in(other).post(board(office.east_building)).status_code == 403
    assert not PlaceCode.objects.exists()


def test_an_ended_code_means_nothing_even_to_the_service(office: Cast) -> None:
    old = wall(office)
    new = new_code(office.east_building, by=office.chen)
    assert place_behind(old.code) is None
    assert place_behind(new.code) == new


# ── links ──────────────────────────────────────────────────────────────────────────────────────


def link_url(case: Complaint) -> str:
    """Where the desk gives a case another link."""
    return f"/admin/complaints/residentlink/{case.pk}/"


def test_a_clerk_gives_a_new_link_and_the_old_one_opens_nothing(office: Cast, monday: Any) -> None:
    case, old = filed(monday, office)
    desk = signed_in(office.chen)
    shown = desk.post(link_url(case), {"action": "renew"}).content.decode()
    [new] = set(SECRET.findall(shown))

    assert Client().get(old).status_code == 404
    assert Client().get(new).status_code == 200
    assert not SECRET.findall(desk.get(link_url(case)).content.decode())  # shown only once
    assert AuditEntry.objects.filter(verb="renew_resident_link", by=office.chen).exists()
    assert new.split("/")[2] not in repr(list(AuditEntry.objects.values()))


def test_a_clerk_ends_a_link_and_a_caller_on_the_phone_gets_a_first_one(
    office: Cast, monday: Any
) -> None:
    case, old = filed(monday, office)
    desk = signed_in(office.chen)
    assert desk.post(link_url(case), {"action": "revoke"}).status_code == 200
    assert Client().get(old).status_code == 404
    assert desk.post(link_url(case), {"action": "revoke"}).status_code == 422
    assert desk.post(link_url(case), {"action": "burn"}).status_code == 422

    called = taken_down(office)
    assert "没有有效的查询链接" in desk.get(link_url(called)).content.decode()
    desk.post(link_url(called), {"action": "renew"})
    assert ResidentLink.objects.filter(complaint=called, made_by=office.chen).exists()


def test_who_may_not_dispatch_gives_no_links(office: Cast, monday: Any) -> None:
    case, old = filed(monday, office)
    for other, status in ((office.wang, 403), (office.lin, 403), (office.zhao, 404)):
        for answer in (
            signed_in(other).get(link_url(case)),
            signed_in(other).post(link_url(case), {"action": "revoke"}),
        ):
            assert answer.status_code == status
    assert Client().get(old).status_code == 200


def test_the_page_of_a_case_leads_to_its_link(office: Cast, monday: Any) -> None:
    case, _old = filed(monday, office, phone=PHONE)
    page = signed_in(office.chen).get(f"/admin/complaints/complaint/{case.pk}/change/")
    assert link_url(case) in page.content.decode()
    assert "居民扫码" in page.content.decode()


# ── rows of the office ─────────────────────────────────────────────────────────────────────────


def test_the_office_writes_a_new_version_and_the_old_one_stays(office: Cast, monday: Any) -> None:
    case, _address = filed(monday, office)
    desk = signed_in(office.chen)
    street = {"subdistrict": office.street.pk}
    body = {**street, "title": "本街道告知", "text": "一、我们只用来办理您的事。"}
    for version in (1, 2):
        assert desk.post("/admin/complaints/privacynotice/add/", body).status_code == 302
        assert PrivacyNotice.objects.latest("id").version == version
    page = Client().get(page_url(wall(office))).content.decode()
    assert "我们只用来办理您的事" in page
    assert case.consent.notice.subdistrict is None
    old = case.consent.notice
    change = f"/admin/complaints/privacynotice/{old.pk}/change/"
    assert desk.post(change, {**body, "text": "改写"}).status_code == 403
    refused = desk.post("/admin/complaints/privacynotice/add/", {**body, "text": ""})
    assert refused.status_code == 200 and PrivacyNotice.objects.count() == 3


def test_the_office_sets_words_and_budgets_of_its_own(office: Cast) -> None:
    desk = signed_in(office.chen)
    leaf = Category.objects.get(code="060203", subdistrict=None)
    body = {
        "subdistrict": office.street.pk, "position": 1, "name": "河道有味", "icon": "droplet",
        "category": leaf.pk, "is_enabled": "on",
    }  # fmt: skip
    assert desk.post("/admin/complaints/plainkind/add/", body).status_code == 302
    assert PlainKind.objects.get(subdistrict=office.street).category == leaf
    page = Client().get(page_url(wall(office))).content.decode()
    assert "河道有味" in page and "养狗" not in page

    rules = {
        "subdistrict": office.street.pk, "address_hour": 2, "address_day": 3, "phone_day": 1,
        "link_day": 5, "least_seconds": 0, "link_days": 30, "outside_day": 9, "outside_link_days": 7,
        "contact_phone": "0533-0000000",
    }  # fmt: skip
    bad = {**rules, "public_address": "javascript:alert(1)"}
    assert desk.post("/admin/complaints/residentrules/add/", bad).status_code == 200
    assert not ResidentRules.objects.filter(subdistrict=office.street).exists()
    assert desk.post("/admin/complaints/residentrules/add/", rules).status_code == 302
    assert rules_of(office.street).resident.link_days == 30
    assert "0533-0000000" in Client().get(page_url(wall(office))).content.decode()
