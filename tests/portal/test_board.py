"""The leader's page: every figure opens its rows, reach holds, few statements."""

import html
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from complaints.kept import is_keeping
from complaints.models import Complaint, UnitCount
from complaints.services import closing, dispatching, handling, supervising
from complaints.services.counts import store_missing_days
from complaints.tasks import fold_counts
from governance.choices import JobState
from governance.models import Job, Role
from governance.services.appointments import appoint
from portal.board.counting import is_kept
from portal.board.overview import Shown
from tests.cast import Cast
from tests.complaints import stages

pytestmark = pytest.mark.django_db


@pytest.fixture
def busy(office: Cast, monday: Any) -> Cast:
    """A street with something of everything."""
    solved = stages.approved(office)
    closing.record_callback(
        solved.pk, by=office.qian, outcome="reached", solved="yes", satisfaction="satisfied"
    )
    unhappy = stages.approved(office)
    closing.record_callback(
        unhappy.pk, by=office.qian, outcome="reached", solved="no", satisfaction="dissatisfied"
    )
    late = stages.signed(office, caller_phone="13900001012")
    supervising.instruct(late.pk, by=office.lin, text="请东园社区尽快解决")
    for_squad = stages.accepted(office, source="hotline", source_number="3703-9")
    dispatching.dispatch(for_squad.pk, office.squad, by=office.chen)
    monday.shift(timedelta(days=9))
    fold_counts()
    stages.accepted(office, category=None)
    stages.filed(office)
    handling.sign(for_squad.pk, by=office.sun)
    monday.shift(timedelta(minutes=5))
    return office


@pytest.fixture
def lin(client: Client, busy: Cast) -> Client:
    client.force_login(busy.lin)
    return client


def shown(part: Any) -> Iterator[tuple[int, str]]:
    """Every count with an address, wherever it stands on the page."""
    if isinstance(part, Shown):
        yield part.value, part.url
    elif isinstance(part, dict):
        if "url" in part and "value" in part:
            yield part["value"], part["url"]
        for value in part.values():
            yield from shown(value)
    elif isinstance(part, list | tuple):
        for value in part:
            yield from shown(value)
    elif is_dataclass(part):
        for field in fields(part):
            yield from shown(getattr(part, field.name))


def listed(client: Client, address: str) -> int:
    """How many rows the pages behind an address show, all of them together."""
    count = 0
    while True:
        answer = client.get(address)
        assert answer.status_code == 200, address
        count += answer.content.decode().count("<tr data-row>")
        if not answer.context["older_url"]:
            return count
        address = "/board/cases/" + answer.context["older_url"]


def test_every_number_on_the_page_opens_exactly_its_rows(lin: Client) -> None:
    answer = lin.get("/board/?period=quarter")
    numbers = dict.fromkeys(shown(answer.context["page"]))
    assert len(numbers) > 50
    # Where the database keeps counts, the page has read them.
    assert UnitCount.objects.exists() is is_kept(answer.context["scope"]) is is_keeping()
    html = answer.content.decode().replace("&amp;", "&")
    for value, address in numbers:
        assert f'href="{address}"' in html, address
        # What does not exist for one unit after another is asked for the street alone.
        if value or f"unit={answer.context['scope'].unit.pk}&" in address:
            assert listed(lin, address) == value, address


@pytest.mark.smoke
def test_the_page_tells_what_happened(lin: Client) -> None:
    page = lin.get("/board/?period=month").context["page"]
    assert page.counts["overdue"].value == 3
    assert page.counts["second_round"].value == 1
    assert page.counts["instructed"].value == 1
    assert page.counts["to_dispatch"].value == 2
    assert (page.shares["completion"].part.value, page.shares["completion"].whole.value) == (2, 4)
    assert (page.shares["satisfaction"].part.value, page.shares["satisfaction"].whole.value) == (
        1,
        2,
    )
    assert len(page.attention.late) == 3 and page.attention.instructions
    assert all(row.workdays < 0 for row in page.attention.late)


@pytest.mark.smoke
def test_units_are_ranked_by_what_was_done_on_time(lin: Client, busy: Cast) -> None:
    page = lin.get("/board/?period=month").context["page"]
    communities, departments = page.ranking.tables
    assert [line.unit for line in communities.lines] == [busy.east]
    assert [line.unit for line in departments.lines] == [busy.squad]
    assert {unit for unit, _url in page.ranking.idle} == {busy.west, busy.hotline_office}
    assert all(line.place is None for line in page.ranking.first), "too few to compare"
    assert str(page.ranking.first[0].on_time.rate) == "66.67"


def test_departments_stand_by_themselves_without_a_rate_that_means_nothing_for_them(
    lin: Client, busy: Cast
) -> None:
    answer = lin.get("/board/?period=month&sort=within_community")
    communities, departments = answer.context["page"].ranking.tables
    assert (communities.title, departments.title) == ("社区大党委", "科室、部门和中队")
    named = [[str(column["label"]) for column in one.columns] for one in (communities, departments)]
    assert named[0] == [*named[1], "不出社区"], "the other columns are the same"
    for one, label in ((communities, "不出社区"), (departments, "按期办结率")):
        assert [str(c["label"]) for c in one.columns if c["is_current"]] == [label]
        for line in one.lines:
            assert len(line.rates) + 3 == len(one.columns)
    tables = re.findall(
        r'<table class="table ranking">(.*?)</table>', answer.content.decode(), re.S
    )
    assert [table.count("不出社区") for table in tables] == [1, 0]
    assert [table.count("<tr data-row>") for table in tables] == [1, 1]


def test_each_table_is_ordered_by_the_chosen_column_and_counts_its_own_places(
    busy: Cast, monday: Any
) -> None:
    for unit in (busy.west, busy.hotline_office, busy.hotline_office):
        dispatching.dispatch(stages.accepted(busy).pk, unit, by=busy.chen)
    monday.shift(timedelta(minutes=5))
    client = Client()
    client.force_login(busy.lin)
    page = client.get("/board/?period=quarter&sort=accepted").context["page"]
    communities, departments = page.ranking.tables
    assert [line.unit for line in communities.lines] == [busy.east, busy.west]
    assert [line.unit for line in departments.lines] == [busy.hotline_office, busy.squad]
    assert [line.place for one in (communities, departments) for line in one.lines] == [1, 2] * 2
    by_rate = client.get("/board/?period=quarter&sort=bogus").context["page"].ranking
    assert [c["is_current"] for one in by_rate.tables for c in one.columns if c["is_current"]] == [
        True,
        True,
    ], "an unknown order is the usual one"


def test_a_unit_is_opened_from_the_ranking_and_shows_only_its_own(lin: Client, busy: Cast) -> None:
    answer = lin.get(f"/board/?unit={busy.east.pk}&period=month")
    page = answer.context["page"]
    east = Complaint.objects.filter(main_unit_path__startswith=busy.east.path, is_open=True)
    assert page.counts["open"].value == east.count()
    assert [[line.unit for line in one.lines] for one in page.ranking.tables] == [
        [busy.east_branch]
    ], "grids have no departments"
    assert f"unit={busy.street.pk}" in answer.content.decode()


def test_a_secretary_sees_the_own_community_and_no_other(client: Client, busy: Cast) -> None:
    client.force_login(busy.su)
    assert client.get("/board/").context["scope"].unit == busy.east
    assert client.get(f"/board/?unit={busy.west.pk}").status_code == 404
    assert client.get(f"/board/?unit={busy.street.pk}").status_code == 404
    assert client.get("/board/?unit=999999999999999").status_code == 404


def test_who_serves_in_two_places_can_look_at_both(client: Client, busy: Cast) -> None:
    post = Role.objects.get(code="grid_worker", subdistrict=None)
    appoint(busy.zhao.person, post, busy.east_branch, by=None)
    client.force_login(busy.zhao)
    answer = client.get("/board/")
    one, other = answer.context["scope"].unit, answer.context["scope"].beside
    assert {one, *other} == {busy.east_branch, busy.west_branch}
    assert f"unit={other[0].pk}" in answer.content.decode()


@pytest.mark.smoke
def test_the_stranger_sees_nothing_of_the_eastern_side(client: Client, busy: Cast) -> None:
    client.force_login(busy.zhao)
    numbers = [value for value, _url in shown(client.get("/board/").context["page"])]
    assert not any(numbers)
    assert listed(client, "/board/cases/") == 0
    case = Complaint.objects.first()
    assert client.get(f"/board/cases/{case.pk}/").status_code == 404


def test_who_may_see_nothing_is_refused_and_who_is_unknown_must_sign_in(
    client: Client, busy: Cast
) -> None:
    assert client.get("/board/").status_code == 302
    client.force_login(busy.gu)
    assert client.get("/board/").status_code == 403


def test_a_confidential_case_is_not_even_counted_for_the_one_it_is_about(
    lin: Client, busy: Cast, client: Client
) -> None:
    before = lin.get("/board/").context["page"].counts["open"].value
    case = Complaint.objects.filter(is_open=True, main_unit=busy.east_branch).first()
    supervising.restrict(case.pk, by=busy.chen, people=[busy.lin.person])
    after = lin.get("/board/").context["page"].counts["open"].value
    assert after == before - 1
    assert lin.get(f"/board/cases/{case.pk}/").status_code == 404


def test_an_unknown_figure_is_not_found(lin: Client) -> None:
    assert lin.get("/board/cases/?figure=abracadabra").status_code == 404
    assert lin.get("/board/cases/?figure=open&category=x").status_code == 404
    assert lin.get("/board/cases/?figure=open&key=rubbish").status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/board/?unit=-1",
        "/board/?period=%00&unit=%00",
        "/board/cases/?category=" + "9" * 30,
        "/board/cases/?key=o:" + "9" * 30,
        "/board/cases/?figure=overdue&key=o:1e400:1",
        "/board/cases/?figure=overdue&key=o:nan:" + "9" * 30,
        "/board/cases/" + "9" * 30 + "/",
    ],
)
def test_nonsense_in_the_address_is_answered_calmly(lin: Client, address: str) -> None:
    assert lin.get(address).status_code in (200, 404)


@pytest.mark.smoke
def test_the_trend_takes_the_stored_days_and_today_as_it_stands(lin: Client) -> None:
    store_missing_days()
    trend = lin.get("/board/").context["page"].trend
    accepted = trend["lines"][0]["values"]
    assert len(trend["labels"]) == 30
    assert accepted[-1] == 1
    stored_day = trend["labels"].index(f"{timezone.localdate() - timedelta(days=1):%m-%d}")
    assert accepted[stored_day] == 0
    assert accepted[0] is None


def test_nothing_to_count_shows_a_dash(client: Client, office: Cast) -> None:
    client.force_login(office.lin)
    page = client.get("/board/?period=month")
    assert str(page.context["page"].shares["completion"].rate) == "-"
    assert "没有超期" in page.content.decode()


@pytest.mark.parametrize("period", ["month", "quarter"])
def test_the_page_needs_few_statements(
    lin: Client, period: str, django_assert_max_num_queries: Any
) -> None:
    lin.get("/board/")
    with django_assert_max_num_queries(20):
        lin.get(f"/board/?period={period}")


def test_the_board_and_the_wall_say_while_the_demonstration_street_is_still_growing(
    lin: Client, office: Cast, settings: Any
) -> None:
    Job.objects.create(
        kind="demonstration", title="演示", organisation=office.street,
        state=JobState.RUNNING, done_count=30, total_count=120,
    )  # fmt: skip
    pages = ("/board/", "/board/wall/")

    assert not any("25%" in lin.get(page).content.decode() for page in pages)
    settings.DEMONSTRATION = True
    assert all("25%" in lin.get(page).content.decode() for page in pages)
    Job.objects.update(state=JobState.DONE)
    assert not any("25%" in lin.get(page).content.decode() for page in pages)


def test_in_the_first_days_of_a_month_the_page_points_to_the_last_one(
    lin: Client, busy: Cast, monday: Any
) -> None:
    monday.move_to(timezone.now().replace(month=4, day=3))
    lin.force_login(busy.lin)
    young = lin.get("/board/")
    address = re.search(r'href="([^"]*period=last_month[^"]*)">看上月', young.content.decode())
    assert address is not None
    assert lin.get(html.unescape(address[1])).context["scope"].choice.name == "last_month"
    assert "看上月" not in lin.get("/board/?period=quarter").content.decode()

    monday.move_to(timezone.now().replace(month=4, day=4))
    lin.force_login(busy.lin)
    assert lin.get("/board/").status_code == 200
    assert "看上月" not in lin.get("/board/").content.decode()
