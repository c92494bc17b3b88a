"""Compounds, buildings, doors and grids: added once, covered by one organisation at a time."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from governance.errors import HouseError
from governance.models import Organisation
from governance.services.organisations import found
from grids.choices import GridKind, Tier
from grids.models import Building, Coverage, Dwelling, Grid, ResidentialCompound
from grids.selectors import covering, unlinked_buildings
from grids.services import places

SQUARE = {"type": "Polygon", "coordinates": [[[118, 36], [119, 36], [119, 37], [118, 36]]]}


@pytest.mark.smoke
def test_a_compound_is_added_by_who_manages_the_community(cast):
    for stranger in (cast.zhao, cast.wang, cast.chen):
        with pytest.raises(PermissionDenied):
            places.add_compound(cast.east, "新苑", by=stranger)
    assert places.add_compound(cast.east, "新苑", by=cast.su).name_key == "新苑"


def test_a_compound_lies_in_a_community_and_has_a_name_of_its_own(cast):
    with pytest.raises(HouseError, match="只能设在社区之下"):
        places.add_compound(cast.east_branch, "新苑", by=cast.su)
    for twin in ("东园花园", "东园 花园", "东园（花园）", " "):
        with pytest.raises(HouseError):
            places.add_compound(cast.east, twin, by=cast.su)
    assert places.add_compound(cast.west, "东园花园", by=None).pk


def test_a_renamed_compound_is_found_by_its_new_name(cast):
    places.rename_compound(cast.east_compound, "东园 新苑", by=cast.su)
    assert ResidentialCompound.objects.get(name_key="东园新苑") == cast.east_compound
    with pytest.raises(PermissionDenied):
        places.rename_compound(cast.east_compound, "别名", by=cast.zhao)


@pytest.mark.parametrize("number", ["3", "三号楼", "3栋", "＃3"])
def test_a_building_exists_once_however_it_is_written(cast, number):
    with pytest.raises(HouseError, match="已有 3 号楼"):
        places.add_building(cast.east_compound, number, by=cast.su)
    assert places.add_building(cast.east_compound, "四号楼", by=cast.su).number == "4"


@pytest.mark.smoke
def test_dwellings_are_added_all_or_none(cast):
    with pytest.raises(HouseError, match="已登记"):
        places.add_dwellings(cast.east_building, [("2", "601"), ("二单元", "501室")], by=cast.su)
    assert not Dwelling.objects.filter(room_no="601").exists()
    [flat] = places.add_dwellings(cast.east_building, [("2", "601")], by=cast.su)
    assert (flat.floor_no, flat.room_key) == (6, f"{cast.east_compound.pk}|3|2|601")


@pytest.mark.smoke
def test_a_new_cover_ends_the_one_before_on_its_day(cast):
    places.cover(cast.east_branch, cast.east_building, by=cast.su, started_on=date(2025, 1, 1))
    rows = Coverage.objects.filter(building=cast.east_building).order_by("id")
    assert [(row.organisation, row.ended_on) for row in rows] == [
        (cast.east_group, date(2025, 1, 1)),
        (cast.east_branch, None),
    ]


def test_the_same_cover_again_changes_nothing(cast):
    places.cover(cast.east_group, cast.east_building, by=cast.su)
    assert Coverage.objects.filter(building=cast.east_building).count() == 1


def test_a_unit_of_its_own_goes_before_the_whole_building(cast):
    places.cover(cast.east_branch, cast.east_building, "二单元", by=cast.su)
    assert covering(cast.east_building, "2") == cast.east_branch
    assert covering(cast.east_building, "1") == cast.east_group
    places.cover(cast.east, cast.east_building, by=cast.su)
    assert covering(cast.east_building, "2") == cast.east
    assert Coverage.objects.current().filter(building=cast.east_building).count() == 1


@pytest.mark.parametrize("who", ["street", "party_household", "west", "west_branch", "squad"])
def test_only_the_own_community_branches_and_groups_cover_a_door(cast, who):
    with pytest.raises(HouseError):
        places.cover(getattr(cast, who), cast.east_building, by=cast.su)
    assert covering(cast.east_building) == cast.east_group


def test_a_closed_organisation_covers_nothing_new(cast):
    node = Organisation(parent=cast.east_branch, level=4, name="旧组")
    group = found(node, by=None)
    Organisation.objects.filter(pk=group.pk).update(ended_on=group.started_on)
    group.refresh_from_db()
    with pytest.raises(HouseError, match="已撤销"):
        places.cover(group, cast.east_building, by=cast.su)


def test_covering_needs_the_right_to_manage_the_community(cast):
    with pytest.raises(PermissionDenied):
        places.cover(cast.east_branch, cast.east_building, by=cast.wang)
    with pytest.raises(PermissionDenied):
        places.cover(cast.west_branch, cast.west_building, by=cast.su)


def test_a_cover_cannot_begin_before_the_present_one(cast):
    with pytest.raises(HouseError, match="日期"):
        places.cover(cast.east_branch, cast.east_building, by=cast.su, started_on=date(2020, 1, 1))


@pytest.mark.smoke
def test_the_database_knows_one_current_cover_of_a_door(cast):
    with pytest.raises(IntegrityError), transaction.atomic():
        places.bulk_cover([(cast.east_branch, cast.east_building, "")], started_on=date(2025, 1, 1))


def test_grids_are_numbered_within_their_community(cast):
    second = places.open_grid(cast.east_branch, "第二网格", tier=Tier.WORKER, by=cast.su)
    school = places.open_grid(
        cast.east_branch, "学校", tier=Tier.WORKER, kind=GridKind.DEDICATED, by=cast.su
    )
    assert [cast.east_grid.code, second.code, school.code] == [
        "370399001001001", "370399001001002", "370399001001801",
    ]  # fmt: skip
    Grid.objects.filter(pk=second.pk).update(ended_on=date(2026, 1, 1))
    third = places.open_grid(cast.east_branch, "第三网格", tier=Tier.WORKER, by=cast.su)
    assert third.code.endswith("003")


def test_a_grid_code_is_never_used_again(cast):
    with pytest.raises(HouseError, match="永不重复"):
        places.open_grid(
            cast.west_branch, "冒名", tier=Tier.WORKER, by=None, code=cast.east_grid.code
        )


@pytest.mark.parametrize(
    "boundary",
    [
        {"type": "Point", "coordinates": [118, 36]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]},
        {"type": "Polygon"},
        {"kind": "x"},
    ],
)
def test_a_boundary_is_a_simple_closed_area(cast, boundary):
    with pytest.raises(HouseError):
        places.draw_boundary(cast.east_grid, boundary, by=cast.su)
    with pytest.raises(PermissionDenied):
        places.draw_boundary(cast.east_grid, SQUARE, by=cast.zhao)
    places.draw_boundary(cast.east_grid, SQUARE, by=cast.su)
    assert Grid.objects.get(pk=cast.east_grid.pk).boundary == SQUARE


def test_buildings_that_nobody_covers_are_listed_within_reach(cast):
    bare = places.add_building(cast.east_compound, "9", by=None)
    assert list(unlinked_buildings(cast.su)) == [bare]
    assert not unlinked_buildings(cast.zhao).exists()


@pytest.mark.smoke
@pytest.mark.parametrize("model", [Grid, ResidentialCompound, Building, Dwelling, Coverage])
def test_the_stranger_sees_nothing_of_the_other_side(cast, model):
    others = model.objects.within([cast.east.path])
    assert others.exists()
    assert not (set(model.objects.visible_to(cast.zhao)) & set(others))
    assert set(model.objects.visible_to(cast.wang)) == set(others)
    assert set(model.objects.visible_to(cast.lin)) > set(others)
