"""People are found by name, pinyin, telephone or room, and only within the reader's reach."""

import pytest

from governance.models import RightsOfOneRequest
from governance.services.people import NewPerson, bulk_register, register, set_phone
from grids.services import places
from residents.choices import Relation
from residents.selectors import people_found
from residents.services import homes

# Published with GB 11643; belongs to nobody.
ID_NUMBER = "11010519491231002X"


def names(user, text):
    """The names found, in order."""
    return [row.name for row in people_found(user, text)]


@pytest.mark.smoke
@pytest.mark.parametrize(
    "text",
    [
        "李秀", "李秀兰", "秀兰", " 李秀兰 ", "lxl", "LXL", "lx", "lixiulan", "Li Xiu", "1011",
        "13900001011", "139 0000 1011", "+86 139-0000-1011", "３-2-502", "3-2-502", "3-502",
        "3号楼2单元502", "三号楼二单元502室", "东园花园3-2-502", "东园花园 3栋502",
    ],
)  # fmt: skip
def test_one_person_is_found_in_many_ways(cast, text):
    assert names(cast.wang, text) == ["李秀兰"]
    assert names(cast.zhao, text) == []
    assert names(cast.lin, text) == ["李秀兰"]


@pytest.mark.parametrize("text", ["", " ", "李", "l", "99", "9999", "无此人", "3-2-999", "139000"])
def test_what_means_nobody_finds_nobody(cast, text):
    assert names(cast.lin, text) == []


@pytest.mark.smoke
def test_a_building_lists_who_lives_there(cast):
    assert set(names(cast.su, "3号楼")) == {"李秀兰", "顾念慈"}
    assert names(cast.su, "西园1号楼") == []
    assert names(cast.zhao, "西园1号楼") == ["徐志强"]


def test_a_line_tells_people_apart_and_shows_no_number(cast):
    [row] = people_found(cast.wang, "李秀兰")
    assert (row.phone, row.address) == ("139****1011", "东园花园3号楼2单元502室")
    assert row.organisation == "东园花园3号楼党小组"
    assert "13900001011" not in str(row)


def test_the_very_name_comes_first(cast):
    for name in ("李秀兰香", "王李秀兰", "李秀兰"):
        register(name, by=None, home_organisation=cast.east_group)
    assert names(cast.wang, "李秀兰") == ["李秀兰", "李秀兰", "李秀兰香", "王李秀兰"]


def test_a_person_without_home_or_phone_is_found_too(cast):
    register("周正", by=None, home_organisation=cast.east_group)
    [row] = people_found(cast.wang, "周正")
    assert (row.phone, row.address) == ("", "")


def test_an_owner_who_lives_elsewhere_appears_once_at_home(cast):
    homes.move_in(cast.li, cast.gu_dwelling, by=None, relation=Relation.OWNER)
    [row] = people_found(cast.wang, "李秀兰")
    assert row.address == "东园花园3号楼2单元502室"
    assert names(cast.wang, "3-2-501") == ["顾念慈"]


def test_an_old_phone_no_longer_finds(cast):
    assert names(cast.wang, "1011") == ["李秀兰"]
    set_phone(cast.li, "13900002011", by=cast.wang)
    assert names(cast.wang, "1011") == []
    assert names(cast.wang, "2011") == ["李秀兰"]


def test_a_whole_identity_number_finds_its_holder(cast):
    register("周正", by=None, id_number=ID_NUMBER, home_organisation=cast.east_group)
    assert names(cast.wang, ID_NUMBER.lower()) == ["周正"]
    assert names(cast.zhao, ID_NUMBER) == []


def test_a_room_of_two_compounds_shows_both_within_reach(cast):
    twin = places.add_compound(cast.east, "东园新苑", by=None)
    building = places.add_building(twin, "3", by=None)
    [flat] = places.add_dwellings(building, [("2", "502")], by=None)
    person = register("周正", by=None)
    homes.move_in(person, flat, by=None, relation=Relation.HEAD)
    assert set(names(cast.su, "3-2-502")) == {"李秀兰", "周正"}
    assert names(cast.su, "东园新苑3-2-502") == ["周正"]
    assert names(cast.wang, "3-2-502") == ["李秀兰"]


@pytest.mark.smoke
def test_a_page_is_limited_and_costs_at_most_three_statements(cast, django_assert_max_num_queries):
    bulk_register(
        NewPerson("王建国", phone=f"1370000{n:04}", home_organisation_id=cast.east_group.pk)
        for n in range(80)
    )
    for text in ("王建国", "wjg", "3号楼", "东园花园3-2-502", "1011", "13900001011"):
        with RightsOfOneRequest(), django_assert_max_num_queries(3):
            found = people_found(cast.su, text)
        assert len(found) == (50 if text in ("王建国", "wjg") else len(found)) > 0
