"""What falls due, and what nobody can do: the numbers, the rows behind them, and who sees neither."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from complaints.models import CaseRules, Complaint
from complaints.rules import rules_changed
from complaints.services.requests import asking
from governance.services.appointments import end
from tests.cast import Cast
from tests.complaints import stages
from tests.desk import signed_in

pytestmark = pytest.mark.django_db
DUE, LIST = "/admin/complaints/complaint/due/", "/admin/complaints/complaint/"
REQUESTS = "/admin/complaints/complaint/requests/"
CELL = re.compile(r'<a class="ink-\w+" href="([^"]+)" title="[^"]* (\S+)">(\d+)</a>')
ROW = re.compile(r'<tr><th scope="row">([^<]+)</th>(.*?)</tr>', re.S)


def shown(client: Any, by: str = "community") -> dict[str, dict[str, tuple[str, str]]]:
    """The table of counts: name → band → number and the address behind it."""
    page = client.get(DUE, {"by": by}).content.decode()
    return {
        name: {band: (count, url.replace("&amp;", "&")) for url, band, count in CELL.findall(cells)}
        for name, cells in ROW.findall(page)
    }


def test_each_number_opens_the_very_case_it_counts(office: Cast, monday: Any) -> None:
    case = Complaint.objects.get(pk=stages.signed(office).pk)
    assert case.due_at is not None
    desk_of = lambda: signed_in(office.chen)  # noqa: E731  sessions end while the clock is moved
    lines = {"community": "东园社区", "grid": "东园社区 · 东一网格党支部", "person": "王强"}
    for moment, bands in (
        (case.due_at - timedelta(days=30), set()),
        (case.due_at - timedelta(days=1), {"3个工作日内到期"}),
        (case.due_at - timedelta(minutes=5), {"今日到期", "3个工作日内到期"}),
        (case.due_at + timedelta(minutes=5), {"已超期"}),
        (case.due_at + timedelta(days=14), {"已超期", "长期超期"}),
    ):
        monday.move_to(moment)
        desk = desk_of()
        for by, name in lines.items():
            found = shown(desk, by).get(name, {})
            assert set(found) == bands, (moment, by)
            for count, url in found.values():
                page = desk.get(url).content.decode()
                assert count == "1" and case.number in page and "共 1 件" in page, url
        phone = signed_in(office.wang)
        words = {
            "今日到期": "today",
            "3个工作日内到期": "soon",
            "已超期": "late",
            "长期超期": "long",
        }
        chips = phone.get("/m/complaints/?show=late").content.decode()
        for band, word in words.items():
            if word != "late":
                assert (f'href="?show={word}"' in chips) == (band in bands), (moment, word)
            there = case.title in phone.get(f"/m/complaints/?show={word}").content.decode()
            assert there == (band in bands), (moment, word)
    CaseRules.objects.update(long_overdue_workdays=60)
    rules_changed()
    assert set(shown(desk_of())["东园社区"]) == {"已超期"}


def test_the_lists_cost_few_statements_and_strangers_see_no_row(
    office: Cast, monday: Any, statements: Any
) -> None:
    cases = [stages.signed(office) for _number in range(4)]
    monday.shift(timedelta(days=30))
    desk, phone, other = (signed_in(one) for one in (office.chen, office.wang, office.zhao))
    east = office.east_branch.pk
    pages = [f"{DUE}?by={by}" for by in ("community", "grid", "person")]
    lists = [
        f"{LIST}?clock=long&grid={east}",
        f"{LIST}?clock=soon&person={office.wang.person_id}",
        f"{LIST}?clock=overdue&community={office.east.pk}&grid={east}",
    ]
    for client, addresses in (
        (desk, [*pages, *lists]),
        (phone, ["/m/complaints/?show=long"]),
    ):
        for address in addresses:
            client.get(address)
            with statements(most=10):
                assert client.get(address).status_code == 200
    for address in [*pages, *lists, f"{LIST}?person={office.wang.person_id}"]:
        page = other.get(address).content.decode()
        assert not any(one.number in page for one in cases), address
        assert not [one for one in ("东园社区", "东一网格", "王强") if one in page], address
    assert "王强" in desk.get(lists[1]).content.decode()
    for odd in ("by=mayor", "by="):
        assert desk.get(f"{DUE}?{odd}").status_code == 404
    for odd in ("grid=x", "person=99999999999", "clock=never", "grid=999999", "key=r:x"):
        assert desk.get(f"{LIST}?{odd}").status_code == 200
    assert desk.get(f"{DUE}?after=x").status_code == 200


def test_nobody_can_act_means_the_next_step_of_the_very_stage(office: Cast) -> None:
    working, answered, called = (
        stages.signed(office),
        stages.replied(office),
        stages.approved(office),
    )
    desk, today = signed_in(office.ma), timezone.localdate()

    def stranded() -> set[str]:
        page = desk.get(f"{LIST}?stranded=1").content.decode()
        return {one.number for one in (working, answered, called) if one.number in page}

    assert stranded() == set()
    end(office.wang.person.appointments.get(), by=None, ended_on=today)
    assert stranded() == {working.number}  # the answers wait for the community and the street
    end(office.su.person.appointments.get(), by=None, ended_on=today)
    assert stranded() == {working.number}  # a clerk of the street reviews, too
    for clerk in (office.chen, office.qian):
        end(clerk.person.appointments.get(), by=None, ended_on=today)
    assert stranded() == {working.number, answered.number, called.number}
    assert "无人可办" in desk.get("/admin/").content.decode()


def test_returns_wait_at_the_top_and_then_who_has_waited_longest(office: Cast) -> None:
    older, newer, returned = stages.asked(office), stages.asked(office), stages.signed(office)
    asking.ask_return(returned.pk, by=office.wang, note="属执法中队职责", reason="not_our_ground")
    for client, address in (
        (signed_in(office.su), f"{REQUESTS}?show=mine"),
        (signed_in(office.su), f"{REQUESTS}?show=pending"),
        (signed_in(office.su), "/m/requests/?show=mine"),
    ):
        page = client.get(address).content.decode()
        at = [page.index(one.number) for one in (returned, older, newer)]
        assert at == sorted(at), address
    desk = signed_in(office.su)
    rest = desk.get(f"{REQUESTS}?show=mine&key=0:{returned.requests.get().pk}").content.decode()
    assert returned.number not in rest and older.number in rest and newer.number in rest
    last = desk.get(f"{REQUESTS}?show=mine&key=1:{older.requests.get().pk}").content.decode()
    assert newer.number in last and older.number not in last
    for odd in ("x", "9:1", "1:x", "1:" + "9" * 30, ":", "nan:1"):
        assert desk.get(f"{REQUESTS}?show=standing&key={odd}").status_code == 200
        assert (
            older.number in desk.get(f"{REQUESTS}?show=mine&key={odd}").content.decode()
            or odd == "1:" + "9" * 18
        )
