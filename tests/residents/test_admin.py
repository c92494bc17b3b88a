"""Residents at the desk: found within reach, masked, a number only for a written reason."""

import pytest

from governance.models import AuditEntry
from tests.cast import Cast
from tests.desk import signed_in

SEARCH = "/admin/residents/personhouse/"


@pytest.mark.parametrize("text", ["李秀兰", "lxl", "1011", "东园花园3号楼2单元502"])
def test_a_resident_is_found_within_reach_and_masked(cast: Cast, text: str) -> None:
    own = signed_in(cast.su).post(SEARCH, {"text": text}).content.decode()
    other = signed_in(cast.zhao).post(SEARCH, {"text": text}).content.decode()

    assert "李*兰" in own
    assert "139****1011" in own
    assert "13900001011" not in own
    assert "没有找到" in other


def test_the_search_opens_empty_and_puts_no_name_into_an_address(cast: Cast) -> None:
    page = signed_in(cast.su).get(SEARCH, {"text": "李秀兰", "q": "李秀兰"})

    assert page.status_code == 200
    assert "李*兰" not in page.content.decode()


def test_a_number_is_shown_for_a_reason_only(cast: Cast) -> None:
    url = f"{SEARCH}person/{cast.li.pk}/"
    desk = signed_in(cast.su)

    refused = desk.post(url, {"kind": "phone", "note": "看"})
    shown = desk.post(url, {"kind": "phone", "note": "入户走访联系"})

    assert refused.status_code == 422
    assert "13900001011" not in refused.content.decode()
    assert "13900001011" in shown.content.decode()
    assert AuditEntry.objects.filter(verb="reveal_phone", by=cast.su).count() == 1


def test_a_foreign_resident_and_a_missing_one_look_alike(cast: Cast) -> None:
    desk = signed_in(cast.zhao)
    foreign = desk.get(f"{SEARCH}person/{cast.li.pk}/")
    missing = desk.get(f"{SEARCH}person/999999/")

    assert foreign.status_code == missing.status_code == 404
    assert foreign.content == missing.content


def test_who_may_see_nobody_searches_nobody(cast: Cast) -> None:
    assert signed_in(cast.gu).post(SEARCH, {"text": "李秀兰"}).status_code == 403
