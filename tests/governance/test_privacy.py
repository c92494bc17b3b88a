"""Sealing, searching and masking personal data (domain.md 4.1, 4.3)."""

import base64
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given
from hypothesis import strategies as st

from governance.errors import HouseError
from governance.privacy import (
    Unreadable,
    digest,
    is_sealed_with_current_key,
    mask_address,
    mask_id_number,
    mask_name,
    mask_phone,
    phone_tail,
    seal,
    unseal,
)

OLD, NEW = bytes.fromhex("11" * 32), bytes.fromhex("33" * 32)
NUMBER = "99999919900101123X"


@pytest.fixture(autouse=True)
def two_keys(settings):
    settings.SEAL_KEYS = {"k1": OLD, "k2": NEW}
    settings.SEAL_CURRENT_KEY = "k2"
    settings.DIGEST_KEY = bytes.fromhex("22" * 32)


def test_the_sm3_of_the_library_is_the_published_one():
    maker = hashes.Hash(hashes.SM3())
    maker.update(b"abc")
    published = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert maker.finalize().hex() == published


def test_the_sm4_of_the_library_is_the_published_one():
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    encryptor = Cipher(algorithms.SM4(key), modes.ECB()).encryptor()
    assert encryptor.update(key).hex() == "681edf34d206965e86b3e94f536e4246"


def test_the_sm4_gcm_of_the_library_is_the_published_one():
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")  # RFC 8998, appendix A.1
    nonce = bytes.fromhex("00001234567800000000abcd")
    words = "aaaaaaaaaaaaaaaa bbbbbbbbbbbbbbbb cccccccccccccccc dddddddddddddddd"
    words += " eeeeeeeeeeeeeeee ffffffffffffffff eeeeeeeeeeeeeeee aaaaaaaaaaaaaaaa"
    encryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(
        bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    )
    encryptor.update(bytes.fromhex(words)) + encryptor.finalize()
    assert encryptor.tag.hex() == "83de3541e4c2b58177e065a9bf7b62ec"


@given(st.text(), st.sampled_from(["person.id_number", "caller.phone"]))
def test_what_was_sealed_opens_again(text, purpose):
    assert unseal(seal(text, purpose), purpose) == text


def test_a_sealed_text_shows_nothing_and_is_never_the_same_twice():
    one, two = seal(NUMBER, "person.id_number"), seal(NUMBER, "person.id_number")
    assert one != two
    assert one.startswith("k2:")
    assert NUMBER.encode() not in base64.urlsafe_b64decode(one[3:])


def test_every_altered_byte_is_noticed():
    sealed = seal(NUMBER, "person.id_number")
    raw = bytearray(base64.urlsafe_b64decode(sealed[3:]))
    assert unseal(sealed, "person.id_number") == NUMBER
    for place in range(len(raw)):
        raw[place] ^= 1
        with pytest.raises(Unreadable):
            unseal("k2:" + base64.urlsafe_b64encode(raw).decode(), "person.id_number")
        raw[place] ^= 1


def test_a_sealed_text_moved_to_another_column_does_not_open():
    sealed = seal(NUMBER, "person.id_number")
    with pytest.raises(Unreadable):
        unseal(sealed, "caller.phone")


@pytest.mark.parametrize(
    "sealed", ["", "k2:", "k2:kurz", "k2:" + "A" * 36, "k2:ü", "no colon", "k9:" + "A" * 60]
)
def test_nonsense_does_not_open(sealed):
    with pytest.raises(Unreadable) as refusal:
        unseal(sealed, "person.id_number")
    assert isinstance(refusal.value, HouseError)
    assert "无法读取" in refusal.value.message


def test_after_the_keys_changed_old_texts_open_and_new_ones_use_the_new_key(settings):
    settings.SEAL_CURRENT_KEY = "k1"
    sealed_before = seal(NUMBER, "person.id_number")
    settings.SEAL_CURRENT_KEY = "k2"

    assert unseal(sealed_before, "person.id_number") == NUMBER
    assert not is_sealed_with_current_key(sealed_before)
    assert is_sealed_with_current_key(seal(NUMBER, "person.id_number"))


def test_a_wrong_or_missing_key_opens_nothing(settings):
    sealed = seal(NUMBER, "person.id_number")
    settings.SEAL_KEYS = {"k1": OLD, "k2": bytes.fromhex("44" * 32)}
    with pytest.raises(Unreadable):
        unseal(sealed, "person.id_number")
    settings.SEAL_KEYS = {"k1": OLD}
    with pytest.raises(Unreadable):
        unseal(sealed, "person.id_number")


def test_a_text_cannot_be_made_to_name_another_key(settings):
    settings.SEAL_KEYS = {"k1": NEW, "k2": NEW}
    sealed = seal(NUMBER, "person.id_number")
    with pytest.raises(Unreadable):
        unseal("k1" + sealed[2:], "person.id_number")


def test_equal_texts_find_each_other_by_their_digest(settings):
    found = digest(NUMBER, "person.id_number")
    assert found == digest(NUMBER, "person.id_number")
    assert len(found) == 64
    assert found != digest(NUMBER[:-1] + "1", "person.id_number")
    assert found != digest(NUMBER, "caller.id_number")
    settings.DIGEST_KEY = bytes.fromhex("55" * 32)
    assert found != digest(NUMBER, "person.id_number")


def test_purpose_and_text_cannot_be_shifted_into_each_other():
    assert digest("b", "a") != digest("", "ab")


def test_a_short_key_is_refused(settings):
    settings.DIGEST_KEY = b"short"
    with pytest.raises(Exception, match="太短"):
        digest(NUMBER, "person.id_number")


@pytest.mark.parametrize(
    ("name", "masked"),
    [("张三", "张*"), ("张小三", "张*三"), ("欧阳小明", "欧**明"), ("张", "*"), ("", ""),
     (None, ""), ("  李四 ", "李*"), ("John Smith", "J********h")],
)  # fmt: skip
def test_a_name_is_masked(name, masked):
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    ("phone", "masked"),
    [("13812345678", "138****5678"), ("138 1234 5678", "138****5678"),
     ("+86 13812345678", "138****5678"), ("0533-2345678", "0533-****678"),
     ("05332345678", "0533-****678"), ("010-12345678", "010-*****678"), ("2345678", "*****78"),
     ("12345", "***"), ("电话不详", "***"), (None, "")],
)  # fmt: skip
def test_a_phone_number_is_masked(phone, masked):
    assert mask_phone(phone) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [("370303199001011234", "3703**********1234"), ("370303900101123", "3703*******1123"),
     ("E12345678", "E******78"), ("12345", "***"), (None, "")],
)  # fmt: skip
def test_an_identity_number_is_masked(number, masked):
    assert mask_id_number(number) == masked


@pytest.mark.parametrize(
    ("address", "masked"),
    [("植园小区3号楼2单元501室", "植园小区*号楼"), ("植园小区 12 号楼", "植园小区 *号楼"),
     ("高新区柳泉路125号植园小区甲3栋501", "高新区柳泉路*号植园小区*栋"),
     ("植园小区3#2-501", "植园小区*号楼"), ("东高村三组王家", "东高村***"),
     ("柳泉路125号501", "柳泉路***"), ("王家大院后头", "***"), ("", "")],
)  # fmt: skip
def test_an_address_is_masked(address, masked):
    assert mask_address(address) == masked


MASKS = [mask_name, mask_phone, mask_id_number, mask_address]


@pytest.mark.parametrize("mask", MASKS)
def test_a_mask_that_fails_shows_stars(mask: Callable[[object], str], monkeypatch):
    class Broken(str):
        def strip(self) -> str:
            raise RuntimeError(self)

    assert mask(Broken("13812345678")) == "***"
    assert mask(13812345678) == "***"


@given(st.from_regex(r"1[3-9]\d{9}", fullmatch=True))
def test_no_mobile_number_shows_its_middle(phone):
    assert phone not in mask_phone(phone)
    assert mask_phone(phone).count("*") == 4


@given(st.text(min_size=1, max_size=30).filter(str.strip), st.sampled_from(MASKS))
def test_no_mask_returns_what_it_was_given(text, mask):
    assert mask(text) == "***" or "*" in mask(text)


@pytest.mark.parametrize(
    ("phone", "tail"),
    [("13812345678", "5678"), ("0533-2345678", "5678"), ("12345", ""), ("", "")],
)
def test_the_last_four_digits_stay_searchable(phone, tail):
    assert phone_tail(phone) == tail
