"""居民 on the phone: found within reach, masked, and revealed one by one for a reason."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from governance.models import AuditEntry
from residents.mobile import age_on
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def wang(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.wang)
    return client


def page_of(cast: Cast) -> str:
    """The page of Li, who lives on the eastern side."""
    return reverse("mobile:person", args=[cast.li.pk])


@pytest.mark.parametrize("query", ["李秀兰", "lxl", "1011", "3-2-502", "东园花园3号楼2单元502"])
def test_a_resident_is_found_and_shown_masked(wang: Client, query: str) -> None:
    page = wang.post(reverse("mobile:people"), {"text": query}, follow=True).content.decode()

    assert "李*兰" in page
    assert "139****1011" in page
    assert "李秀兰" not in page.replace(f'value="{query}"', "")


@pytest.mark.parametrize("query", ["徐志强", "1012", "西园小区1-1-301"])
def test_nobody_of_the_other_side_is_found(wang: Client, query: str) -> None:
    page = wang.post(reverse("mobile:people"), {"text": query}, follow=True)

    assert page.context["found"] == []
    assert "只能查到您网格内的居民" in page.content.decode()


def test_no_name_stands_in_an_address_and_the_back_button_finds_the_answer(wang: Client) -> None:
    answer = wang.post(reverse("mobile:people"), {"text": "李秀兰"})

    assert answer.url == reverse("mobile:people")
    assert "李*兰" in wang.get(answer.url).content.decode()


def test_a_resident_of_the_other_side_is_not_found_by_address(cast: Cast, wang: Client) -> None:
    foreign = wang.get(reverse("mobile:person", args=[cast.xu.pk]))
    missing = wang.get(reverse("mobile:person", args=[99999]))
    asked = wang.post(
        reverse("mobile:person", args=[cast.xu.pk]), {"kind": "phone", "note": "上门走访"}
    )

    assert (foreign.status_code, asked.status_code) == (404, 404)
    assert foreign.content == missing.content


def test_the_page_of_a_resident_shows_the_home_and_no_number(cast: Cast, wang: Client) -> None:
    page = wang.get(page_of(cast)).content.decode()

    assert "东园花园3号楼2单元502室" in page
    assert "139****1011" in page
    assert "13900001011" not in page


def test_a_number_is_shown_once_for_a_reason_and_audited(cast: Cast, wang: Client) -> None:
    page = wang.post(page_of(cast), {"kind": "phone", "note": "入户走访联系"}).content.decode()
    after = wang.get(page_of(cast)).content.decode()

    assert 'href="tel:13900001011"' in page
    assert "13900001011" not in after
    line = AuditEntry.objects.get(verb="reveal_phone")
    assert (line.by, line.detail["note"]) == (cast.wang, "入户走访联系")


@pytest.mark.parametrize("note", ["", "看看"])
def test_without_a_reason_nothing_is_shown(cast: Cast, wang: Client, note: str) -> None:
    answer = wang.post(page_of(cast), {"kind": "phone", "note": note})

    assert answer.status_code == 422
    assert "请写明查看原因" in answer.content.decode()
    assert "13900001011" not in answer.content.decode()
    assert not AuditEntry.objects.filter(verb="reveal_phone").exists()


def test_those_who_live_together_lead_to_each_other(cast: Cast, wang: Client) -> None:
    page = wang.get(reverse("mobile:person", args=[cast.gu.person.pk])).content.decode()

    assert "顾*慈" in page
    assert page_of(cast) not in page  # next door is another dwelling


def test_years_are_counted_by_birthdays() -> None:
    born = date(1950, 3, 2)

    assert age_on(born, date(2026, 3, 1)) == 75
    assert age_on(born, date(2026, 3, 2)) == 76
    assert age_on(None, date(2026, 3, 2)) is None
