"""Numbers and names: what is accepted, and the sentence that says what is wrong."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from governance.errors import HouseError
from governance.identity import (
    SURNAMES,
    birth_day,
    check_document,
    check_id_number,
    check_phone,
    check_uscc,
    is_male,
    name_index,
    phone_form,
)


def number_of(area: str, born: str, sequence: str = "001") -> str:
    return area + born + sequence + ric.calc_check_digit(area + born + sequence + "0")


@pytest.mark.parametrize("number", ["11010519491231002X", "440524188001010014"])
def test_the_published_sample_numbers_pass(number):
    assert check_id_number(number) == number


@pytest.mark.parametrize(
    "text", ["11010519491231002x", " 110105 19491231 002X ", "110105-19491231-002X"]
)
def test_small_letters_and_spaces_are_forgiven(text):
    assert check_id_number(text) == "11010519491231002X"


def test_an_old_number_of_fifteen_digits_is_converted():
    assert check_id_number("110105491231002") == "11010519491231002X"


def test_a_number_knows_birthday_and_sex():
    assert birth_day("11010519491231002X") == date(1949, 12, 31)
    assert not is_male("11010519491231002X")
    assert is_male("440524188001010014")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1101051949123100", "现在是 16 位"),
        ("", "现在是 0 位"),
        ("11010519491231002A", "只有第 18 位可以是 X"),
        ("1101051949X231002X", "只有第 18 位可以是 X"),
        ("１１０１０５１９４９１２３１００２Ｘ", "应全是数字"),
        ("110105194912310021", "校验位"),
        (number_of("110105", "19490230"), "出生日期不存在"),
        (number_of("110105", "19491331"), "出生日期不存在"),
        (number_of("990105", "19491231"), "行政区划"),
        (number_of("370399", "19491231"), "行政区划"),
        ("110105491331002", "出生日期不存在"),
    ],
)
def test_a_refusal_says_which_part_is_wrong(text, sentence):
    with pytest.raises(HouseError) as refusal:
        check_id_number(text)
    assert sentence in refusal.value.message


def test_nobody_is_born_tomorrow():
    today = timezone.localdate()
    assert check_id_number(number_of("370303", f"{today:%Y%m%d}"))
    with pytest.raises(HouseError, match="还没有到"):
        check_id_number(number_of("370303", f"{today + timedelta(days=1):%Y%m%d}"))


@pytest.mark.parametrize("area", ["810000", "820000", "830000", "370303", "440524"])
def test_residence_permits_and_dissolved_counties_pass(area):
    number = number_of(area, "19900101")
    assert check_id_number(number) == number


def test_the_unassigned_area_passes_only_in_a_demonstration():
    number = number_of("999999", "19900101")
    assert check_id_number(number, demonstration=True) == number
    with pytest.raises(HouseError, match="演示"):
        check_id_number(number)


@given(st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(place, shift):
    number = "440524188001010014"
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    with pytest.raises(HouseError):
        check_id_number(wrong)


@pytest.mark.parametrize(
    ("kind", "text", "number"),
    [
        ("passport", " e1234 5678", "E12345678"),
        ("hong_kong_macau_permit", "h12345678", "H12345678"),
        ("taiwan_permit", "01234567", "01234567"),
        ("foreign_permanent_residence", "USA110065121234", "USA110065121234"),
    ],
)
def test_other_documents_pass_in_their_own_form(kind, text, number):
    assert check_document(text, kind) == number
    with pytest.raises(HouseError, match="证件种类"):
        check_document("?" + text, kind)


@pytest.mark.parametrize("code", ["91350100M000100Y43", "91110000600037341L"])
def test_a_credit_code_passes(code):
    assert check_uscc(f" {code.lower()} ") == code


def test_the_code_of_a_rural_collective_begins_with_a_letter():
    letters_first = "N2370303MF0000000"
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    weights = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
    total = sum(alphabet.index(sign) * w for sign, w in zip(letters_first, weights, strict=True))
    code = letters_first + alphabet[(31 - total % 31) % 31]
    assert check_uscc(code) == code


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("91350100M000100Y4", "现在是 17 位"),
        ("91350100M000100Y44", "校验位"),
        ("91350100I000100Y43", "没有 I"),
        ("913501A0M000100Y43", "只含数字"),
    ],
)
def test_a_wrong_credit_code_is_refused_with_a_reason(text, sentence):
    with pytest.raises(HouseError) as refusal:
        check_uscc(text)
    assert sentence in refusal.value.message


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("13812345678", "13812345678"),
        ("138 1234 5678", "13812345678"),
        ("+86-138-1234-5678", "13812345678"),
        ("008613812345678", "13812345678"),
        ("１３８１２３４５６７８", "13812345678"),
        ("14112345678", "14112345678"),
        ("0533-2345678", "0533-2345678"),
        ("05332345678", "0533-2345678"),
        ("（0533）2345678", "0533-2345678"),
        ("010 12345678", "010-12345678"),
        ("0533-2345678-801", "0533-2345678-801"),
        ("0533 2345678 转 801", "0533-2345678-801"),
        ("400-800-1234", "4008001234"),
        ("+852 2123 4567", "+85221234567"),
    ],
)
def test_a_phone_number_comes_into_one_form(text, number):
    assert check_phone(text) == number
    assert check_phone(number) == number


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1381234567", "现在是 10 位"),
        ("138123456789", "现在是 12 位"),
        ("7654321", "加上区号"),
        ("0533-12345", "电话号码不对"),
        ("12345", "电话号码不对"),
        ("没有", "电话号码不对"),
        ("  ", "请填写"),
    ],
)
def test_a_wrong_phone_number_is_refused_with_a_reason(text, sentence):
    with pytest.raises(HouseError) as refusal:
        check_phone(text)
    assert sentence in refusal.value.message
    assert not text.strip() or text not in refusal.value.message


@pytest.mark.parametrize(
    ("text", "form"), [("138 1234 5678", "13812345678"), (" 打村委会 ", "打村委会"), ("", "")]
)
def test_a_phone_number_nobody_can_read_is_kept_as_it_was_said(text, form):
    assert phone_form(text) == form


@pytest.mark.parametrize(
    ("name", "whole", "initials"),
    [
        ("张三", "zhangsan", "zs"),
        ("单小明", "shanxiaoming", "sxm"),
        ("仇和", "qiuhe", "qh"),
        ("任重", "renzhong", "rz"),
        ("曾国华", "zengguohua", "zgh"),
        ("解晓东", "xiexiaodong", "xxd"),
        ("翟光明", "zhaiguangming", "zgm"),
        ("欧阳小明", "ouyangxiaoming", "oyxm"),
        ("尉迟恭", "yuchigong", "ycg"),
        ("尉健行", "weijianxing", "wjx"),
        ("单于", "chanyu", "cy"),
        ("乐正明", "yuezhengming", "yzm"),
        ("吕布", "lvbu", "lb"),
        ("买买提·艾力", "maimaitiaili", "mmtal"),
        ("John Smith", "johnsmith", "js"),
        ("", "", ""),
        (" 区 ", "ou", "o"),
    ],
)
def test_a_name_is_found_by_its_sound(name, whole, initials):
    assert name_index(name) == (whole, initials)


def test_the_surname_reading_holds_only_at_the_front():
    assert name_index("张单")[0] == "zhangdan"


def test_every_reading_is_plain_letters():
    assert len(SURNAMES) >= 60
    assert all(reading.replace("_", "").isascii() for reading in SURNAMES.values())
    assert all(len(name) == len(reading.split("_")) for name, reading in SURNAMES.items())
