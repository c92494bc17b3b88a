"""What a program sees: its owner's reach, its own scope, and never anybody's name."""

import json
from typing import Any

import pytest
from django.utils import timezone

from complaints.models import Complaint
from governance.models import ApiToken, Organisation
from governance.models.reach import ScopedQuerySet
from governance.services import tokens
from tests.api.conftest import WORDS, Cases
from tests.api.programs import narrow_to, numbers, program, read, secret_of, with_secret
from tests.cast import Cast
from tests.desk import signed_in

LISTS = ("complaints/", "organisations/", "grids/", "categories/")


def test_a_program_sees_what_its_owner_sees_and_no_confidential_case(
    office: Cast, cases: Cases
) -> None:
    assert Complaint.objects.visible_to(office.chen).filter(pk=cases.confidential.pk)

    assert numbers(program(office.chen)) == [cases.west.number, cases.east.number]
    assert numbers(program(office.su)) == [cases.east.number]
    assert numbers(program(office.zhao)) == [cases.west.number]


def test_a_narrower_token_sees_less_than_its_owner(office: Cast, cases: Cases) -> None:
    client = program(office.chen, **narrow_to(office.west))

    assert numbers(client) == [cases.west.number]
    rows = read(client, "organisations/")["results"]
    assert {row["name"] for row in rows} == {
        "西园社区大党委",
        "西一网格党支部",
        "西园小区1号楼党小组",
    }
    assert [row["code"] for row in read(client, "grids/")["results"]] == [office.west_grid.code]
    assert client.get(f"/api/v1/grids/{office.east_grid.pk}/").status_code == 404


def test_a_row_of_others_a_confidential_and_a_missing_one_look_alike(
    office: Cast, cases: Cases
) -> None:
    client = program(office.su)
    assert read(client, f"complaints/{cases.east.number}/")["number"] == cases.east.number

    gone = [cases.west.number, cases.confidential.number, "HP-2026-999999", "a" * 300]
    answers = [client.get(f"/api/v1/complaints/{number}/") for number in gone]
    assert {(one.status_code, one.content) for one in answers} == {(404, answers[0].content)}


def test_without_reach_the_same_list_would_show_everything(
    office: Cast, cases: Cases, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: the lists above are short because of reach."""
    client = program(office.zhao)
    before = len(read(client, "organisations/")["results"])
    monkeypatch.setattr(ScopedQuerySet, "visible_to", lambda self, user, word="see": self.all())

    assert len(read(client, "organisations/")["results"]) > before


def test_nothing_personal_leaves_the_house(office: Cast, cases: Cases) -> None:
    client = program(office.chen)
    said = "".join(
        json.dumps(read(client, address), ensure_ascii=False)
        for address in (*LISTS, f"complaints/{cases.east.number}/", "grids/?limit=1")
    )

    people = (office.chen, office.wang, office.su, office.gu, office.he)
    for word in (WORDS, "张三丰", "漏水", "13800138000", "13900001011", "李秀兰", "502室",
                 "2单元", "顾家党员户", *(user.person.name for user in people)):  # fmt: skip
        assert word not in said, word


def test_a_place_is_never_finer_than_a_grid(office: Cast, cases: Cases) -> None:
    assert cases.east.place == office.east_group

    row = read(program(office.chen), f"complaints/{cases.east.number}/")
    assert row["place"] == {"id": office.east_branch.pk, "name": "东一网格党支部", "level": 3}
    assert row["main_unit"]["id"] == row["holder"]["id"] == office.east_branch.pk


def test_a_token_reads_only_the_lists_it_was_granted(office: Cast, cases: Cases) -> None:
    client = program(office.chen, areas=["grids"])

    answers = {address: client.get(f"/api/v1/{address}").status_code for address in LISTS}
    assert answers == dict.fromkeys(LISTS, 403) | {"grids/": 200}
    assert client.get("/api/v1/").status_code == 200


def test_a_token_sees_nothing_when_its_post_may_no_longer_see(office: Cast, cases: Cases) -> None:
    client = program(office.chen)
    role = office.chen.person.appointments.get().role
    role.words = ["dispatch"]
    role.save()

    for address in LISTS:
        assert read(client, address)["results"] == []


def test_only_a_token_opens_the_lists(office: Cast, cases: Cases) -> None:
    for client in (signed_in(office.chen), with_secret("grid_" + "x" * 43)):
        for address in ("", *LISTS, f"complaints/{cases.east.number}/"):
            answer = client.get(f"/api/v1/{address}")
            assert answer.status_code == 401, address
            assert answer["WWW-Authenticate"] == 'Bearer realm="api"'
            assert "no-store" in answer["Cache-Control"]


def test_a_revoked_token_is_refused_at_its_next_request(office: Cast, cases: Cases) -> None:
    client = program(office.chen)
    assert numbers(client)

    tokens.revoke(ApiToken.objects.get(), by=office.chen)
    answer = client.get("/api/v1/complaints/")
    assert answer.status_code == 401 and "吊销" in answer.json()["detail"]


def test_a_closed_organisation_stays_readable(office: Cast, cases: Cases) -> None:
    Organisation.objects.filter(pk=office.squad.pk).update(ended_on=timezone.localdate())
    client = program(office.chen)

    closed = read(client, "organisations/", is_current="false")["results"]
    assert [row["name"] for row in closed] == ["执法中队"]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_changed(method: str, office: Cast, cases: Cases) -> None:
    client = program(office.chen)
    before = list(Complaint.objects.order_by("pk").values())

    for address in (*LISTS, f"complaints/{cases.east.number}/"):
        answer: Any = getattr(client, method)(f"/api/v1/{address}", {"stage": "closed"})
        assert answer.status_code == 405
    assert list(Complaint.objects.order_by("pk").values()) == before


def test_its_last_use_is_known(office: Cast, cases: Cases) -> None:
    client = with_secret(secret_of(office.chen))
    assert ApiToken.objects.get().last_used_at is None

    client.get("/api/v1/categories/")
    assert ApiToken.objects.get().last_used_at == timezone.now()
