"""The grid map, the comparison, the wall: what the leader's page shows besides the plain figures."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from complaints.models import Complaint
from complaints.services import dispatching
from governance.services import appointments
from grids.models import Grid
from grids.services import places
from tests.cast import Cast
from tests.complaints import stages
from tests.portal.test_board import listed

pytestmark = pytest.mark.django_db


@pytest.fixture
def at_work(office: Cast, monday: Any) -> Cast:
    """Two cases of last month, three of this one: late, handed back, with the squad."""
    monday.shift(timedelta(days=-14))
    stages.replied(office, caller_phone="13900001012")
    stages.signed(office, text="去年冬天起张三家漏水")
    monday.shift(timedelta(days=14))
    back = stages.signed(office)
    dispatching.hand_on(back.pk, by=office.wang, note="不属于本网格")
    stages.dispatched(office)
    order = stages.accepted(office)
    dispatching.dispatch(order.pk, office.squad, by=office.chen)
    monday.shift(timedelta(minutes=5))
    return office


@pytest.fixture
def lin(client: Client, at_work: Cast) -> Client:
    client.force_login(at_work.lin)
    return client


def areas_of(client: Client, address: str) -> dict[str, dict[str, Any]]:
    """What the map route tells, by the name of the grid."""
    answer = client.get(address)
    assert answer.status_code == 200
    return {part["properties"]["name"]: part["properties"] for part in answer.json()["features"]}


def test_the_map_shows_each_grid_with_its_figure_and_leads_to_its_unit(
    lin: Client, at_work: Cast
) -> None:
    page = lin.get("/board/?period=week").context["page"].map
    east = at_work.east_grid.name
    drawn = {area.name: area for area in page.areas}
    assert page.is_drawn and set(drawn) == {east, at_work.west_grid.name}
    assert drawn[at_work.west_grid.name].tone == "none"
    sent = areas_of(lin, "/board/map.json?period=week")
    assert {name: part["said"] for name, part in sent.items()} == {
        name: area.said for name, area in drawn.items()
    }
    unit = lin.get(sent[east]["url"])
    assert unit.context["scope"].unit == at_work.east_branch
    assert unit.context["page"].counts["accepted"].value == int(sent[east]["said"]) > 0


@pytest.mark.parametrize("colour", ["density", "late", "satisfaction"])
def test_the_colour_stays_in_the_address_and_every_area_opens_its_rows(
    lin: Client, colour: str
) -> None:
    answer = lin.get(f"/board/?period=quarter&colour={colour}")
    html = answer.content.decode().replace("&amp;", "&")
    scope, page = answer.context["scope"], answer.context["page"].map
    assert scope.colour == colour and f"map-{colour}" in html
    for area in page.areas:
        figure = area.figure.part if colour == "satisfaction" else area.figure
        assert f'href="{figure.url}"' in html
        assert listed(lin, figure.url) == figure.value
        assert ("colour=" in area.url) == (colour != "density")


def test_nobody_gets_polygons_or_figures_from_beyond_the_own_reach(
    client: Client, at_work: Cast
) -> None:
    client.force_login(at_work.zhao)
    sent = areas_of(client, "/board/map.json")
    assert set(sent) == {at_work.west_grid.name}
    assert client.get(f"/board/map.json?unit={at_work.east.pk}").status_code == 404
    assert client.get(f"/board/wall/?unit={at_work.street.pk}").status_code == 404
    client.force_login(at_work.gu)
    assert client.get("/board/map.json").status_code == 403
    assert client.get("/board/wall/").status_code == 403
    client.logout()
    assert client.get("/board/map.json").status_code == 302


def test_without_boundaries_tiles_take_the_place_of_the_map(lin: Client, at_work: Cast) -> None:
    for grid in Grid.objects.all():
        places.draw_boundary(grid, None, by=None)
    answer = lin.get("/board/?period=quarter")
    assert not answer.context["page"].map.is_drawn
    assert "还没有绘制边界" in answer.content.decode()
    assert {area.name for area in answer.context["page"].map.areas} >= {
        at_work.east.display_name,
        at_work.squad.display_name,
    }
    assert areas_of(lin, "/board/map.json") == {}


def test_the_period_before_stands_beside_and_opens_its_own_rows(lin: Client) -> None:
    answer = lin.get("/board/?period=month")
    then = answer.context["page"].compared["accepted"].accepted
    assert then.value == 0
    whole = lin.get("/board/?period=custom&from=2026-02-20&to=2026-03-02")
    then = whole.context["page"].compared["accepted"].accepted
    assert then.value == listed(lin, then.url) == 2
    assert "前一段" in lin.get(then.url).content.decode()
    shown = whole.context["page"].categories[0]["before"]
    assert shown.value == listed(lin, shown.url)
    assert lin.get("/board/cases/?figure=open&before=1").status_code == 404


def test_days_typed_wrongly_are_kept_beside_a_sentence(lin: Client) -> None:
    text = lin.get("/board/?period=custom&from=2026-03-09&to=2026-03-01").content.decode()
    assert "请对调后再查" in text
    assert 'value="2026-03-09"' in text and 'value="2026-03-01"' in text


def test_what_was_handed_back_and_what_nobody_can_do_ask_for_attention(
    lin: Client, at_work: Cast
) -> None:
    page = lin.get("/board/").context["page"]
    assert page.counts["handed_back"].value == 1 and page.counts["stranded"].value == 0
    assert [row.reason for row in page.attention.others] == ["handed_back"]
    for post in at_work.sun.person.appointments.all():
        appointments.end(post, by=None)
    page = lin.get("/board/").context["page"]
    assert page.counts["stranded"].value == listed(lin, page.counts["stranded"].url) == 1
    assert "stranded" in {row.reason for row in page.attention.others}


def test_the_wall_says_no_case_in_its_own_words_and_leads_nowhere(
    lin: Client, at_work: Cast
) -> None:
    answer = lin.get("/board/wall/?period=quarter")
    text = answer.content.decode()
    assert answer.context["page"].counts["overdue"].value >= 1
    assert "超期" in text and "张三" not in text and "漏水" not in text
    assert "/board/cases/" not in text
    assert not [case for case in Complaint.objects.all() if case.number in text]
    for name in (at_work.wang.person.name, at_work.li.name, at_work.lin.person.name):
        assert name not in text


def test_the_levels_say_what_stayed_in_the_grid_and_in_the_community(lin: Client) -> None:
    page = lin.get("/board/?period=custom&from=2026-01-01&to=2026-03-10").context["page"]
    levels = {row["label"]: row["value"] for row in page.levels}
    assert page.shares["within_community"].part.value <= page.levelled.value
    assert page.shares["within_community"].whole.value == sum(levels.values())
