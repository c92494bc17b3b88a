"""Addresses as people write them: one form for all, and the door read out of a text."""

import pytest

from grids.addresses import (
    Door,
    NameIndex,
    building_key,
    door_after,
    door_at,
    floor_of,
    name_key,
    plain,
    room_key,
    room_number_key,
    unit_key,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("植物园 小区", "植物园小区"),
        ("植物园（东区）", "植物园东区"),
        ("Ａ座公馆", "a座公馆"),
        ("第十一小区", "第11小区"),
        ("金都·花园", "金都花园"),
    ],
)
def test_spellings_of_one_name_share_a_key(one, other):
    assert name_key(one) == name_key(other)


def test_different_names_keep_different_keys():
    assert len({name_key(name) for name in ("植物园小区", "植物园东区", "植物园", "百合园")}) == 4


@pytest.mark.parametrize(
    ("text", "digits"),
    [("二十一", "21"), ("十", "10"), ("一百零五", "105"), ("五〇一", "501"), ("百合", "百合")],
)
def test_chinese_numerals_are_read_as_digits(text, digits):
    assert plain(text) == digits


@pytest.mark.parametrize(
    "number", ["3号楼", "３号楼", "三号楼", "3栋", "3幢", "#3", "＃3", "3#", "03", " 3 ", "3座"]
)
def test_all_ways_to_write_building_three_are_one(number):
    assert building_key(number) == "3"


def test_units_and_rooms_lose_their_words():
    assert [unit_key(text) for text in ("二单元", "2", "02", "无", "")] == ["2", "2", "2", "", ""]
    assert [room_number_key(text) for text in ("501室", "５０１", "五〇一户")] == ["501"] * 3
    assert room_key(12, "三号楼", "2单元", "501室") == "12|3|2|501"


def test_the_floor_is_read_from_the_room():
    assert [floor_of(room) for room in ("501", "1203", "A1", "12")] == [5, 12, None, None]


@pytest.mark.parametrize(
    ("text", "door"),
    [
        ("3号楼2单元501室", Door("3", "2", "501")),
        ("三号楼二单元五〇一", Door("3", "2", "501")),
        ("3幢 2 单元 501", Door("3", "2", "501")),
        ("3#2单元501", Door("3", "2", "501")),
        ("#3楼", Door("3")),
        ("3-2-501", Door("3", "2", "501")),
        ("3—2—501", Door("3", "2", "501")),
        ("3-501", Door("3", "", "501")),
        ("3号2-501", Door("3", "2", "501")),
        ("3楼2单元501", Door("3", "2", "501")),
        ("A座1203", Door("A", "", "1203")),
        ("3号楼2单元5楼501", Door("3", "2", "501")),
        ("，3号楼停电", Door("3")),
        ("3号楼100户居民停水", Door("3")),
        ("12号楼12月停水", Door("12")),
        ("3号楼2024年起漏水", Door("3")),
    ],
)
def test_a_door_is_read_at_the_start(text, door):
    assert door_at(plain(text)) == door


@pytest.mark.parametrize(
    "text",
    ["3栋楼都停水", "0533-2345678", "3月12日", "停水3天", "110号", "", "张三丰", "2024-11-23"],
)
def test_what_is_no_door_is_not_taken_for_one(text):
    assert door_at(plain(text)) is None


def test_a_door_in_the_middle_is_found_and_a_bare_dash_is_not_trusted_there():
    text = plain("门口垃圾堆在5号楼，电话3-2-501")
    assert door_after(text, 0, len(text)) == Door("5")
    dashes = plain("电话3-2-501")
    assert door_after(dashes, 0, len(dashes)) is None


def test_the_longest_name_wins_and_names_do_not_overlap():
    index = NameIndex([("植物园", 1), ("植物园小区", 2), ("小区东门", 3)])
    found = list(index.found_in("在植物园小区东门，植物园"))
    assert found == [(1, 6, {2}), (9, 12, {1})]


def test_one_name_may_mean_two_places():
    assert list(NameIndex([("花园", 1), ("花园", 2)]).found_in("花园")) == [(0, 2, {1, 2})]
