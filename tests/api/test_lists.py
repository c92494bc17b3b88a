"""Lists for programs: pages, filters, copies that are kept up to date, answers that have not changed."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from complaints.services import handling
from governance.api.pages import written
from tests.api.conftest import Cases
from tests.api.programs import numbers, program, read
from tests.cast import Cast
from tests.complaints import stages


def all_numbers(client: Client, address: str) -> list[str]:
    """The numbers of all pages, by following `next`."""
    found: list[str] = []
    while address:
        page = client.get(address).json()
        found += [row["number"] for row in page["results"]]
        address = page["next"]
        assert len(found) < 100
    return found


def test_pages_hold_every_row_once_however_they_are_cut(office: Cast) -> None:
    filed = [stages.filed(office).number for _n in range(7)]
    client = program(office.chen)

    for limit in (1, 3, 7, 200):
        assert all_numbers(client, f"/api/v1/complaints/?limit={limit}") == filed[::-1]
        since = "changed_since=2026-01-01&"
        assert all_numbers(client, f"/api/v1/complaints/?{since}limit={limit}") == filed


def test_a_case_that_comes_in_between_moves_no_page(office: Cast) -> None:
    filed = [stages.filed(office).number for _n in range(4)]
    client = program(office.chen)

    first = read(client, "complaints/", limit=2)
    stages.filed(office)
    second = client.get(first["next"]).json()
    assert [row["number"] for row in first["results"] + second["results"]] == filed[::-1]
    assert second["next"] is None


@pytest.mark.parametrize(
    "cursor",
    ["", "x", "AAAA", "W10", "WzFd" * 50, "\x00", "null", written(["a"]), written([-1]),
     written([2**70]), written([True]), written([1, 2]), written([None])],
)  # fmt: skip
def test_a_cursor_we_did_not_write_is_refused(cursor: str, office: Cast) -> None:
    stages.filed(office)
    client = program(office.chen)

    for since in ({}, {"changed_since": "2026-01-01"}):
        answer = client.get("/api/v1/complaints/", {"cursor": cursor, **since})
        assert answer.status_code == 400 and "cursor" in answer.json()["errors"]
    assert client.get("/api/v1/complaints/", {"cursor": written([10**6])}).status_code == 200


def test_filters_choose(office: Cast, cases: Cases) -> None:
    client = program(office.chen)
    east, west = [cases.east.number], [cases.west.number]

    assert numbers(client, stage="handling") == east
    assert numbers(client, stage=["handling", "pending_dispatch"]) == west + east
    assert numbers(client, is_open="false") == []
    assert numbers(client, source="phone") == west + east
    assert numbers(client, category="0504") == west + east
    assert numbers(client, category="0101") == []
    assert numbers(client, organisation=office.east.pk) == east
    assert numbers(client, organisation=office.hotline_office.pk) == []
    assert numbers(client, grid=office.west_grid.code) == west
    assert numbers(client, filed_since="2026-03-02T09:00:00+08:00") == west + east
    assert numbers(client, filed_since="2026-03-02T09:00:01+08:00") == []
    assert numbers(client, filed_before="2026-03-02") == []


def test_an_unescaped_plus_in_a_moment_is_understood(office: Cast, cases: Cases) -> None:
    client = program(office.chen)
    address = "/api/v1/complaints/?filed_since=2026-03-02T09:00:00"

    for offset, count in (("+08:00", 2), ("%2B08:00", 2), ("%2B07:00", 0), ("Z", 0), ("", 2)):
        assert len(client.get(address + offset).json()["results"]) == count, offset


BAD = [
    ("stage", "done"), ("is_open", "maybe"), ("source", "x"), ("category", "9" * 400),
    ("organisation", "999999"), ("organisation", "1e9"), ("organisation", "-1"),
    ("organisation", "9" * 400), ("grid", "370000"), ("grid", "a\x00b"), ("filed_since", "gestern"),
    ("filed_since", "0001-01-01T00:00:00+14:00"), ("filed_before", "9999-12-31T23:59:59-14:00"),
    ("changed_since", "2026-13-01"), ("limit", "0"), ("limit", "201"), ("limit", "1e3"),
    ("stgae", "handling"), ("a\x00", "1"), ("detail", "1"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), BAD, ids=[f"{n[:8]}={v[:12]}" for n, v in BAD])
def test_a_wrong_parameter_is_refused_by_name(name: str, value: str, office: Cast) -> None:
    answer = program(office.chen).get("/api/v1/complaints/", {name: value})
    said = answer.json()

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert list(said["errors"]) == [name] and said["status"] == 400
    assert re.search("[\u4e00-\u9fff]", said["errors"][name][0])


def test_a_foreign_organisation_and_a_missing_one_are_refused_alike(
    office: Cast, cases: Cases
) -> None:
    client = program(office.zhao)
    ids = (office.east.pk, 999_999)
    said = [client.get("/api/v1/complaints/", {"organisation": pk}) for pk in ids]

    assert [one.status_code for one in said] == [400, 400]
    texts = [one.json()["errors"]["organisation"][0] for one in said]
    assert texts[0].replace(str(ids[0]), "?") == texts[1].replace(str(ids[1]), "?")


def test_refusals_speak_the_readers_language(office: Cast) -> None:
    client = program(office.chen)
    chinese = client.get("/api/v1/complaints/?limit=0", headers={"accept-language": "zh-CN"})
    english = client.get("/api/v1/complaints/?limit=0", headers={"accept-language": "en"})

    assert "请求有误" in chinese.json()["title"]
    assert english["Content-Language"] == "en"
    assert "greater than or equal to 1" in english.json()["errors"]["limit"][0]


def test_a_copy_is_kept_up_to_date_by_what_changed(
    office: Cast, cases: Cases, clock: time_machine.Traveller
) -> None:
    client = program(office.chen)
    assert len(numbers(client, changed_since="2026-03-02T09:00:00+08:00")) == 2

    clock.shift(timedelta(hours=1))
    assert numbers(client, changed_since="2026-03-02T10:00:00+08:00") == []
    handling.log(cases.east.pk, by=office.wang, note="已联系物业，约定下午上门。")
    [row] = read(client, "complaints/", changed_since="2026-03-02T10:00:00+08:00")["results"]
    assert row["number"] == cases.east.number
    assert row["changed_at"] == "2026-03-02T10:00:00+08:00"
    first_to_change = numbers(client, changed_since="2026-03-01")
    assert first_to_change == [cases.west.number, cases.east.number]


def test_moments_carry_their_offset_and_fields_the_names_of_the_glossary(
    office: Cast, cases: Cases
) -> None:
    row = read(program(office.chen), f"complaints/{cases.east.number}/")

    assert row["filed_at"] == "2026-03-02T09:00:00+08:00"
    assert (row["stage"], row["source"], row["is_open"]) == ("handling", "phone", True)
    assert row["category"]["code"] == "050401" and row["subdistrict"] == office.street.pk
    assert {name for name in row if name.endswith("_at")} >= {"case_due_at", "accepted_at"}


def test_an_unchanged_answer_is_not_sent_again(office: Cast, cases: Cases) -> None:
    client = program(office.chen)
    for address in ("/api/v1/complaints/", f"/api/v1/complaints/{cases.east.number}/"):
        first = client.get(address)
        again = client.get(address, headers={"if-none-match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert "private" in first["Cache-Control"] and "Authorization" in first["Vary"]

    handling.log(cases.east.pk, by=office.wang, note="已联系物业，约定下午上门。")
    stages.filed(office)
    changed = client.get("/api/v1/complaints/")
    assert client.get("/api/v1/complaints/", headers={"if-none-match": first["ETag"]}).content
    assert changed["ETag"] != first["ETag"]


def test_a_page_costs_six_statements_however_long(
    office: Cast, cases: Cases, statements: Any
) -> None:
    for _n in range(4):
        stages.dispatched(office)
    client = program(office.chen)
    read(client, "grids/")

    for address in ("complaints/", "organisations/", "grids/", "categories/",
                    f"complaints/{cases.east.number}/", f"grids/{office.east_grid.pk}/"):  # fmt: skip
        with statements(most=3):
            read(client, address)
    with statements(most=5):
        read(client, "complaints/", organisation=office.east.pk, grid=office.east_grid.code,
             changed_since="2026-01-01")  # fmt: skip


def test_grids_organisations_and_categories_have_filters_of_their_own(office: Cast) -> None:
    client = program(office.chen)

    def names(address: str, **query: Any) -> list[str]:
        return [row["name"] for row in read(client, address, **query)["results"]]

    assert names("organisations/", level=3) == ["东一网格党支部", "西一网格党支部"]
    assert names("organisations/", kind="squad") == ["执法中队"]
    assert names("organisations/", within=office.east.pk, level=2) == ["东园社区大党委"]
    assert names("grids/", organisation=office.west.pk) == ["西园第一网格"]
    assert names("grids/", code=office.east_grid.code, tier=3) == ["东园第一网格"]
    codes = [
        row["code"] for row in read(client, "categories/", code="0504", is_leaf="true")["results"]
    ]
    assert codes and all(code.startswith("0504") and len(code) == 6 for code in codes)
    drawn = read(client, f"grids/{office.east_grid.pk}/")
    assert drawn["boundary"]["type"] == "Polygon"
