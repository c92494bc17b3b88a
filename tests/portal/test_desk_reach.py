"""Which doors the desk has, who opens which list, and that the stranger sees nothing."""

import re
from typing import Any

import pytest
from django.contrib import admin
from django.http import HttpRequest
from django.urls import get_resolver

from complaints.models import CaseRules
from complaints.rules import rules_of
from governance.models import (
    Appointment,
    RightsOfOneRequest,
    User,
)
from tests.cast import Cast, account, party
from tests.desk import administrators
from tests.desk import signed_in as desk

MODELS = {f"{model._meta.app_label}/{model._meta.model_name}" for model in admin.site._registry}


@pytest.fixture
def admins(cast: Cast) -> dict[str, User]:
    """The three separated administrators."""
    return administrators(cast)


def lists(user: User) -> set[str]:
    """Which lists of the menu open for somebody."""
    browser = desk(user)
    return {name for name in MODELS if browser.get(f"/admin/{name}/").status_code == 200}


def test_there_are_no_raw_permission_pages_and_no_side_doors(cast: Cast) -> None:
    names = {pattern for pattern in get_resolver().namespace_dict["admin"][1].reverse_dict
             if isinstance(pattern, str)}  # fmt: skip

    assert not names & {"view_on_site", "password_change", "password_change_done"}
    raw = ("auth_", "guardian_", "governance_user", "governance_organisationuser")
    assert not any(name.startswith(raw) or "permission" in name for name in names)
    for url in ("r/1/1/", "auth/user/", "auth/group/", "governance/user/", "guardian/"):
        assert desk(cast.su).get(f"/admin/{url}").status_code == 404


def test_each_administrator_opens_only_the_own_lists(cast: Cast, admins: dict[str, User]) -> None:
    rules = {"complaints/category", "complaints/urgencylimit", "complaints/levelbox",
             "complaints/reminderrule", "complaints/caserules", "complaints/headersynonym",
             "complaints/requestrule", "complaints/requestreason", "complaints/assistrule",
             "complaints/oversightrules",
             "complaints/replytemplate", "complaints/callscript", "complaints/sendbackreason", "complaints/plainkind", "complaints/privacynotice",
             "complaints/residentrules",
             "governance/channel", "governance/delivery",
             "governance/calendaryear", "governance/calendarday", "governance/officehours"}  # fmt: skip
    ground = {
        "governance/organisation",
        "grids/grid",
        "grids/residentialcompound",
        "grids/building",
        "residents/communitygroup",
    }
    # Everybody's own leaves and the tokens that read in one's name; of others nothing stands there.
    own = {"governance/leave", "governance/apitoken"}
    people = {"governance/person", "governance/appointment"}

    assert lists(admins["audit"]) == own | {"governance/auditentry"}
    assert lists(admins["security"]) == own | rules | people | {"governance/role"}
    assert lists(admins["system"]) == own | ground | people | {"complaints/placecode"}
    assert lists(cast.gu) == set()
    assert lists(cast.zhao) == {*own, *ground, "complaints/complaint", "residents/personhouse"}


@pytest.mark.parametrize(
    ("name", "east"),
    [("governance/organisation", "东园"), ("governance/person", "王强"),
     ("governance/appointment", "王强"), ("grids/grid", "东园"),
     ("grids/residentialcompound", "东园"), ("grids/building", "东园")],
)  # fmt: skip
def test_the_other_side_sees_nothing_of_the_east(cast: Cast, name: str, east: str) -> None:
    west = account("魏东", "wei", "community_secretary", cast.west)

    assert east in desk(cast.su).get(f"/admin/{name}/").content.decode()
    answer = desk(west).get(f"/admin/{name}/")
    assert answer.status_code == 200
    assert east not in answer.content.decode()


def eastern_rows(cast: Cast) -> dict[str, Any]:
    """A row of the eastern side for each list with a place."""
    return {
        "governance/organisation": cast.east_branch,
        "governance/person": cast.wang.person,
        "governance/appointment": cast.wang.person.appointments.get(),
        "grids/grid": cast.east_grid,
        "grids/residentialcompound": cast.east_compound,
        "grids/building": cast.east_building,
        "residents/personhouse": cast.li.homes.get(),
    }


def test_foreign_and_missing_rows_look_alike(cast: Cast) -> None:
    west = desk(account("魏东", "wei", "community_secretary", cast.west))
    for name, row in eastern_rows(cast).items():
        for page in ("change", "history", "delete"):
            foreign = west.get(f"/admin/{name}/{row.pk}/{page}/")
            missing = west.get(f"/admin/{name}/99999999/{page}/")
            assert foreign.status_code == missing.status_code >= 400, (name, page)
            assert foreign.content == missing.content, (name, page)
        own = desk(cast.su).get(f"/admin/{name}/{row.pk}/change/")
        assert own.status_code == 200, name


def test_deeds_on_foreign_rows_are_not_found(cast: Cast) -> None:
    west = desk(account("魏东", "wei", "community_secretary", cast.west))
    rows = eastern_rows(cast)
    for url in (
        f"governance/organisation/{cast.east_branch.pk}/close/",
        f"governance/person/{cast.wang.person_id}/reveal/",
        f"governance/person/{cast.wang.person_id}/leave/",
        f"governance/appointment/{rows['governance/appointment'].pk}/end/",
    ):
        assert west.get(f"/admin/{url}").status_code == 404
        assert west.post(f"/admin/{url}", {"sure": "on", "note": "试一试"}).status_code == 404
    assert Appointment.objects.on().filter(person=cast.wang.person).exists()


def test_lookups_are_only_those_the_list_offers(cast: Cast) -> None:
    answer = desk(cast.su).get("/admin/governance/person/?user__password__startswith=p")

    assert answer.status_code == 400


@pytest.mark.parametrize(("term", "found"), [("东", 0), ("东园", 2)])
def test_pickers_wait_for_two_characters_and_stay_within_reach(
    cast: Cast, term: str, found: int
) -> None:
    query = {"term": term, "app_label": "governance", "model_name": "appointment",
             "field_name": "organisation"}  # fmt: skip
    west = account("魏东", "wei", "community_secretary", cast.west)

    results = desk(cast.su).get("/admin/autocomplete/", query).json()["results"]
    assert len(results) >= found if found else results == []
    assert desk(west).get("/admin/autocomplete/", query).json()["results"] == []


def test_nothing_can_be_deleted_at_the_desk(cast: Cast, admins: dict[str, User]) -> None:
    for model, model_admin in admin.site._registry.items():
        assert "delete_selected" not in set(model_admin.actions or [])
        row = model._meta.default_manager.first()
        if row is None:
            continue
        name = f"{model._meta.app_label}/{model._meta.model_name}"
        for user in (cast.su, *admins.values()):
            answer = desk(user).post(f"/admin/{name}/{row.pk}/delete/", {"post": "yes"})
            assert answer.status_code in (403, 404), name
        assert model._meta.default_manager.filter(pk=row.pk).exists()


def test_every_list_asks_few_statements(cast: Cast, admins: dict[str, User],
                                        django_assert_max_num_queries: Any) -> None:  # fmt: skip
    for user in (cast.su, admins["security"], admins["audit"]):
        browser = desk(user)
        for name in MODELS:
            browser.get(f"/admin/{name}/")
            with django_assert_max_num_queries(12):
                browser.get(f"/admin/{name}/")


INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE
)


def test_no_page_of_the_desk_carries_inline_script_or_style(
    cast: Cast, admins: dict[str, User]
) -> None:
    for user in (cast.su, cast.chen, *admins.values()):
        browser = desk(user)
        for model, model_admin in admin.site._registry.items():
            name = f"{model._meta.app_label}/{model._meta.model_name}"
            row = model_admin.get_queryset(request_of(user)).first()
            pages = ["", "add/", *([f"{row.pk}/change/"] if row else [])]
            pages += [f"{row.pk}/{deed}/" for deed in model_admin.deeds] if row else []
            for page in pages:
                said = browser.get(f"/admin/{name}/{page}").content.decode()
                assert not INLINE.search(said), (user, name, page, INLINE.search(said))


def request_of(user: User) -> HttpRequest:
    """A request of somebody, for asking a list what it would show."""
    request = HttpRequest()
    request.user = user
    return request


def test_the_frame_of_every_page_costs_two_statements_at_most(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    user = User.objects.get(pk=cast.su.pk)
    with django_assert_max_num_queries(2), RightsOfOneRequest():
        context = admin.site.each_context(request_of(user))

    assert [tab["label"] for tab in context["desk_tabs"]] == [
        "诉求", "待派单", "审核", "督促", "公开", "登记", "导入", "人员任职",
    ]  # fmt: skip


def test_a_street_does_not_change_the_rules_of_all_streets(
    cast: Cast, admins: dict[str, User]
) -> None:
    other = party(None, 1, "邻街道党工委", short_code="LJ")
    row = CaseRules.objects.get(subdistrict=None)
    browser = desk(admins["security"])
    change = f"/admin/complaints/caserules/{row.pk}/change/"
    values = {field.name: field.value_from_object(row) for field in CaseRules._meta.fields
              if field.name not in ("id", "subdistrict")}  # fmt: skip

    assert browser.post(change, values).status_code == 403
    for street, status in ((other.pk, 200), ("", 200), (cast.street.pk, 302)):
        body = {**values, "subdistrict": street, "least_reply_characters": 15}
        assert browser.post("/admin/complaints/caserules/add/", body).status_code == status
    assert rules_of(cast.street).case.least_reply_characters == 15
    assert rules_of(other).case.least_reply_characters == 10


def test_a_deputy_needs_an_end(cast: Cast) -> None:
    post = cast.wang.person.appointments.get()
    body = {"role": post.role_id, "organisation": cast.east_branch.pk, "new_name": "代理人",
            "started_on": "2026-01-01", "deputises_for": post.pk}  # fmt: skip
    browser = desk(cast.su)
    open_end = browser.post("/admin/governance/appointment/add/", body)
    dated = browser.post("/admin/governance/appointment/add/", body | {"ended_on": "2099-01-01"})

    assert "截止日期" in open_end.content.decode()
    assert dated.status_code == 302
