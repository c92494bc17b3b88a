"""A place is found by room, by address text, by a community's name, or by a point."""

from datetime import date

import pytest

from governance.choices import CommunityKind
from governance.models import Organisation
from governance.services.organisations import found
from grids.coordinates import gcj02_of, wgs84_of
from grids.selectors import Certainty, How, bulk_place_finder, grid_at
from grids.services import places
from tests.cast import EAST_CENTRE, WEST_CENTRE

SINCE = date(2024, 1, 1)


def at(cast, text):
    """The place of an address in the cast's street."""
    return grid_at(subdistrict=cast.street, address=text)


@pytest.mark.smoke
@pytest.mark.parametrize(
    "code",
    [
        "东园花园3号楼2单元501室",
        "东园花园-3-2-501",
        "东园花园3-2-501",
        "东园 花园 三号楼 二单元 五〇一",
        "东园花园小区３幢2单元501",
        "和平街道东园社区东园花园#3楼2单元501户",
        "东园花园3号楼501",
    ],
)
def test_a_room_is_found_however_it_is_written(cast, code):
    place = grid_at(subdistrict=cast.street, room_code=code)
    assert (place.organisation, place.dwelling) == (cast.east_group, cast.gu_dwelling)
    assert (place.how, place.certainty) == (How.ROOM, Certainty.SURE)


def test_a_room_that_does_not_exist_still_has_a_building(cast):
    place = at(cast, "东园花园3号楼2单元909")
    assert (place.building, place.dwelling) == (cast.east_building, None)
    assert (place.organisation, place.how) == (cast.east_group, How.ADDRESS)


@pytest.mark.smoke
def test_an_address_is_found_inside_a_long_text(cast):
    text = (
        "来电人反映：家住西园小区的一号楼，楼下 3 个月来无人清运垃圾，要求处理，电话13900000000。"
    )
    place = at(cast, text)
    assert (place.organisation, place.building) == (cast.west_group, cast.west_building)
    assert place.certainty is Certainty.SURE


def test_a_building_not_on_file_falls_back_to_the_compound(cast):
    bare = places.add_building(cast.east_compound, "4", by=None)
    place = at(cast, "东园花园88号楼漏水")
    assert (place.organisation, place.compound) == (cast.east, cast.east_compound)
    assert place.certainty is Certainty.LIKELY
    assert at(cast, "东园花园4号楼").building == bare
    assert at(cast, "东园花园4号楼").organisation == cast.east


def test_a_compound_alone_is_given_to_whoever_covers_all_of_it(cast):
    assert at(cast, "东园花园有人养鸡").organisation == cast.east_group
    other = places.add_building(cast.east_compound, "4", by=None)
    places.cover(cast.east_branch, other, by=None, started_on=SINCE)
    assert at(cast, "东园花园有人养鸡").organisation == cast.east_branch


def test_units_with_groups_of_their_own_need_the_unit(cast):
    places.cover(cast.east_branch, cast.east_building, "1", by=None)
    assert at(cast, "东园花园3号楼1单元").organisation == cast.east_branch
    assert at(cast, "东园花园3号楼2单元").organisation == cast.east_group
    assert at(cast, "东园花园3号楼").organisation == cast.east_branch


def test_the_spoken_name_of_a_compound_needs_a_door(cast):
    assert at(cast, "西园1号楼").building == cast.west_building
    assert at(cast, "西园停水").building is None


@pytest.mark.parametrize(
    ("text", "certainty"),
    [
        ("东园社区停水", Certainty.LIKELY),
        ("东园居委会不办事", Certainty.LIKELY),
        ("东园村路灯不亮", Certainty.LIKELY),
        ("东园社区大党委", Certainty.LIKELY),
        ("东园一带停水", Certainty.UNSURE),
    ],
)
def test_a_community_is_found_by_its_name(cast, text, certainty):
    place = at(cast, text)
    assert (place.organisation, place.how) == (cast.east, How.COMMUNITY)
    assert place.certainty is certainty


def test_a_community_and_a_building_are_enough_when_only_one_compound_has_it(cast):
    assert at(cast, "东园社区3号楼停电").building == cast.east_building
    twin = places.add_compound(cast.east, "东园新苑", by=None)
    places.add_building(twin, "3", by=None)
    place = at(cast, "东园社区3号楼停电")
    assert (place.organisation, place.building) == (cast.east, None)


@pytest.mark.parametrize("text", ["东园路上堵车", "", "有人占道经营", "3号楼停水", "13900000000"])
def test_a_text_that_names_no_place_finds_none(cast, text):
    place = at(cast, text)
    assert (place.organisation, place.how) == (None, How.UNKNOWN)


def test_two_compounds_in_one_text_are_left_to_a_person(cast):
    place = at(cast, "从东园花园到西园小区的路灯坏了")
    assert place.organisation is None
    assert set(place.candidates) == {cast.east_group, cast.west_group}
    assert at(cast, "东园花园门口，西园小区1号楼").organisation == cast.west_group


def test_compounds_of_one_name_are_told_apart_by_their_community(cast):
    twin = places.add_compound(cast.west, "东园花园", by=None)
    places.add_building(twin, "3", by=None)
    ambiguous = at(cast, "东园花园3号楼")
    assert (ambiguous.organisation, ambiguous.certainty) == (None, Certainty.UNSURE)
    assert set(ambiguous.candidates) == {cast.east_group, cast.west}
    assert at(cast, "西园社区东园花园3号楼").compound == twin


def test_a_converted_village_without_branches_ends_at_the_community(cast):
    village = found(
        Organisation(
            parent=cast.street, level=2, name="傅家村党总支", short_name="傅家村",
            community_kind=CommunityKind.CONVERTED_VILLAGE,
        ),
        by=None,
    )  # fmt: skip
    assert at(cast, "傅家村村口垃圾成堆").organisation == village


@pytest.mark.smoke
def test_a_point_lies_in_a_grid(cast):
    place = grid_at(subdistrict=cast.street, point=EAST_CENTRE)
    assert (place.organisation, place.how) == (cast.east_branch, How.POINT)
    assert grid_at(subdistrict=cast.street, point=WEST_CENTRE).organisation == cast.west_branch
    from_a_phone_map = wgs84_of(gcj02_of(EAST_CENTRE))
    assert grid_at(subdistrict=cast.street, point=from_a_phone_map).organisation == cast.east_branch


def test_a_point_just_outside_is_likely_and_one_far_outside_is_unknown(cast):
    lng, lat = EAST_CENTRE
    near = grid_at(subdistrict=cast.street, point=(lng + 0.0063, lat))
    assert (near.organisation, near.certainty) == (cast.east_branch, Certainty.LIKELY)
    assert grid_at(subdistrict=cast.street, point=(lng + 0.02, lat)).organisation is None


def test_a_closed_or_undrawn_grid_holds_no_point(cast):
    places.draw_boundary(cast.east_grid, None, by=cast.su)
    assert grid_at(subdistrict=cast.street, point=EAST_CENTRE).organisation is None


def test_a_point_refines_a_text_that_names_only_the_community(cast):
    place = grid_at(subdistrict=cast.street, address="东园社区路灯", point=EAST_CENTRE)
    assert (place.organisation, place.how) == (cast.east_branch, How.POINT)
    other = grid_at(subdistrict=cast.street, address="东园社区路灯", point=WEST_CENTRE)
    assert other.organisation == cast.east
    room = grid_at(subdistrict=cast.street, address="东园花园3号楼", point=WEST_CENTRE)
    assert room.organisation == cast.east_group


def test_another_street_has_its_own_names(cast):
    other = found(Organisation(level=1, name="长安街道党工委"), by=None)
    assert grid_at(subdistrict=other, address="东园花园3号楼").organisation is None
    assert grid_at(subdistrict=other, point=EAST_CENTRE).organisation is None


@pytest.mark.smoke
def test_the_finder_of_imports_asks_the_database_once_only(cast, django_assert_num_queries):
    finder = bulk_place_finder(cast.street)
    texts = [
        "东园花园3号楼2单元501",
        "西园小区1号楼",
        "东园社区停水",
        "东园社区3号楼",
        "无",
        "东园一带",
    ]
    with django_assert_num_queries(0):
        places_found = [finder(text) for text in texts]
    single = [at(cast, text) for text in texts]
    assert [one.organisation for one in places_found] == [one.organisation for one in single]
    assert [one.building for one in places_found] == [one.building for one in single]


@pytest.mark.smoke
def test_one_place_costs_few_statements(cast, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        at(cast, "东园花园3号楼2单元501")
