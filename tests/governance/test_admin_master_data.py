"""Master data at the desk: who may open and change what, and that services do the changing."""

import json
from datetime import date
from typing import Any

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import F
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from complaints.models import CaseRules, Category, HeaderSynonym
from complaints.rules import rules_of
from complaints.services.defaults import load_defaults
from governance.models import (
    Appointment,
    AuditEntry,
    AuditHead,
    CalendarDay,
    CalendarYear,
    Organisation,
    OrganisationUserPermission,
    Person,
    Role,
    User,
)
from governance.models.reach import may
from governance.services import calendar
from governance.services.defaults import load_office_hours
from grids.models import Building, Grid, ResidentialCompound
from tests.cast import PASSWORD, Cast, account

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
MODELS = {f"{model._meta.app_label}/{model._meta.model_name}" for model in admin.site._registry}


def desk(user: User) -> Client:
    """A browser in which `user` has signed in."""
    client = Client()
    client.force_login(user, BACKEND)
    return client


@pytest.fixture
def admins(cast: Cast) -> dict[str, User]:
    """The three separated administrators."""
    load_office_hours()
    calendar.load_defaults()
    load_defaults()
    return {
        "system": account("史磊", "system", "system_admin", cast.street),
        "security": account("安宁", "security", "security_admin", cast.street),
        "audit": account("申平", "audit", "audit_admin", cast.street),
    }


def lists(user: User) -> set[str]:
    """Which lists of the menu open for somebody."""
    browser = desk(user)
    return {name for name in MODELS if browser.get(f"/admin/{name}/").status_code == 200}


# Which doors there are ----------------------------------------------------------------------------


def test_there_are_no_raw_permission_pages_and_no_side_doors(cast: Cast) -> None:
    names = {pattern for pattern in get_resolver().namespace_dict["admin"][1].reverse_dict
             if isinstance(pattern, str)}  # fmt: skip

    assert not names & {"view_on_site", "password_change", "password_change_done"}
    assert not any("user" in name or "group" in name or "permission" in name for name in names)
    for url in ("r/1/1/", "auth/user/", "auth/group/", "governance/user/", "guardian/"):
        assert desk(cast.su).get(f"/admin/{url}").status_code == 404


def test_each_administrator_opens_only_the_own_lists(cast: Cast, admins: dict[str, User]) -> None:
    rules = {"complaints/category", "complaints/urgencylimit", "complaints/levelbox",
             "complaints/reminderrule", "complaints/caserules", "complaints/headersynonym",
             "governance/calendaryear", "governance/calendarday", "governance/officehours"}  # fmt: skip
    ground = {
        "governance/organisation",
        "grids/grid",
        "grids/residentialcompound",
        "grids/building",
    }
    people = {"governance/person", "governance/appointment"}

    assert lists(admins["audit"]) == {"governance/auditentry"}
    assert lists(admins["security"]) == rules | people | {"governance/role"}
    assert lists(admins["system"]) == ground | people
    assert lists(cast.gu) == set()
    assert lists(cast.zhao) == {*ground, "complaints/complaint", "residents/personhouse"}


# The stranger sees nothing ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "east"),
    [("governance/organisation", "东园"), ("governance/person", "王强"),
     ("governance/appointment", "王强"), ("grids/grid", "东园"),
     ("grids/residentialcompound", "东园"), ("grids/building", "东园"),
     ("residents/personhouse", "李秀兰")],
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


# Organisations ------------------------------------------------------------------------------------


def new_branch(parent: Organisation, **values: Any) -> dict[str, Any]:
    """What the form of a new organisation sends."""
    return {"parent": parent.pk, "kind": "party", "level": 3, "name": "东二网格党支部",
            "branch_kind": "grid", "position": 0, "started_on": "2026-01-01", **values}  # fmt: skip


def test_an_organisation_is_founded_through_the_service(cast: Cast) -> None:
    answer = desk(cast.su).post("/admin/governance/organisation/add/", new_branch(cast.east))

    branch = Organisation.objects.get(name="东二网格党支部")
    assert answer.status_code == 302
    assert branch.path.startswith(cast.east.path)
    assert AuditEntry.objects.filter(verb="found_organisation", by=cast.su).count() == 1


@pytest.mark.parametrize("wrong", [{"level": 4}, {"kind": "office"}, {"name": ""}])
def test_a_wrong_place_in_the_tree_is_a_sentence_on_the_form(
    cast: Cast, wrong: dict[str, Any]
) -> None:
    count = Organisation.objects.count()
    answer = desk(cast.su).post(
        "/admin/governance/organisation/add/", new_branch(cast.east, **wrong)
    )

    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors
    assert Organisation.objects.count() == count


def test_a_foreign_parent_is_no_choice(cast: Cast) -> None:
    count = Organisation.objects.count()
    answer = desk(cast.su).post("/admin/governance/organisation/add/", new_branch(cast.west))

    assert "parent" in answer.context["adminform"].form.errors
    assert Organisation.objects.count() == count


def test_an_organisation_never_moves(cast: Cast) -> None:
    branch = cast.east_branch
    desk(cast.su).post(
        f"/admin/governance/organisation/{branch.pk}/change/",
        new_branch(cast.west, name="改名支部", level=2, ended_on="2026-01-01"),
    )

    after = Organisation.objects.get(pk=branch.pk)
    assert after.name == "改名支部"
    assert (after.parent, after.level, after.path, after.ended_on) == (
        cast.east,
        3,
        branch.path,
        None,
    )


def test_closing_says_why_it_cannot_be(cast: Cast) -> None:
    url = f"/admin/governance/organisation/{cast.east_branch.pk}/close/"
    answer = desk(cast.su).post(url, {"ended_on": timezone.localdate()})

    assert answer.status_code == 422
    assert "还有未撤销的组织" in answer.content.decode()


# People and posts ---------------------------------------------------------------------------------


def post(cast: Cast, role: str, organisation: Organisation, **values: Any) -> dict[str, Any]:
    """What the form of an appointment sends."""
    return {"role": Role.objects.get(code=role).pk, "organisation": organisation.pk,
            "started_on": "2026-01-01", "note": "", **values}  # fmt: skip


def test_somebody_new_is_appointed_and_registered_in_one_deed(cast: Cast) -> None:
    body = post(cast, "grid_worker", cast.east_branch, new_name="新来的", new_phone="13900002001")
    answer = desk(cast.su).post("/admin/governance/appointment/add/", body)

    assert answer.status_code == 302
    person = Person.objects.get(name="新来的")
    assert person.appointments.get().organisation == cast.east_branch
    assert person.secrets.get().masked == "139****2001"


def test_a_refused_appointment_registers_nobody_and_keeps_the_words(cast: Cast) -> None:
    body = post(cast, "community_secretary", cast.east, new_name="抢位子的")
    answer = desk(account("史磊", "system", "system_admin", cast.street)).post(
        "/admin/governance/appointment/add/", body
    )

    assert "已有人在任" in answer.content.decode()
    assert "抢位子的" in answer.content.decode()
    assert not Person.objects.filter(name="抢位子的").exists()


def test_nobody_appoints_himself_or_across_the_street(cast: Cast) -> None:
    browser = desk(cast.su)
    count = Appointment.objects.count()
    own = post(cast, "assistant_grid_leader", cast.east, person=cast.su.person_id)
    foreign = post(cast, "grid_worker", cast.west_branch, person=cast.wang.person_id)

    for body in (own, foreign):
        answer = browser.post("/admin/governance/appointment/add/", body)
        assert answer.status_code == 200
        assert answer.context["adminform"].form.errors
    assert Appointment.objects.count() == count


def test_a_technical_post_needs_the_security_administrator(
    cast: Cast, admins: dict[str, User]
) -> None:
    body = post(cast, "audit_admin", cast.street, new_name="再审计")

    answer = desk(admins["system"]).post("/admin/governance/appointment/add/", body)
    assert answer.context["adminform"].form.errors
    assert not Person.objects.filter(name="再审计").exists()


def test_an_appointment_is_ended_not_edited(cast: Cast) -> None:
    row = cast.wang.person.appointments.get()
    browser = desk(cast.su)
    edited = browser.post(
        f"/admin/governance/appointment/{row.pk}/change/",
        post(cast, "community_secretary", cast.east, person=cast.wang.person_id),
    )
    assert edited.status_code == 403
    assert may(cast.wang, "handle", cast.east_branch.path)

    browser.post(f"/admin/governance/appointment/{row.pk}/end/", {"ended_on": timezone.localdate()})

    assert not may(cast.wang, "handle", cast.east_branch.path)


def test_an_account_is_opened_with_a_password_to_change(cast: Cast) -> None:
    desk(cast.su).post(
        "/admin/governance/appointment/add/",
        post(cast, "grid_worker", cast.east_branch, new_name="新来的"),
    )
    person = Person.objects.get(name="新来的")
    url = f"/admin/governance/person/{person.pk}/account/"

    weak = desk(cast.su).post(url, {"username": "xin", "password": "12345678"})
    assert weak.status_code == 422
    desk(cast.su).post(url, {"username": "xin", "password": PASSWORD})

    user = User.objects.get(username="xin")
    assert user.must_change_password
    assert not user.is_superuser


def test_a_number_is_shown_once_for_a_reason(cast: Cast) -> None:
    url = f"/admin/governance/person/{cast.wang.person_id}/reveal/"

    assert desk(cast.su).post(url, {"note": "看"}).status_code == 422
    assert "13900001007" in desk(cast.su).post(url, {"note": "通知开会"}).content.decode()
    assert AuditEntry.objects.filter(verb="reveal_phone", by=cast.su).count() == 1


def test_no_hidden_field_makes_a_superuser(cast: Cast) -> None:
    url = f"/admin/governance/person/{cast.wang.person_id}/change/"
    desk(cast.su).post(
        url,
        {"name": "王强", "gender": "male", "is_superuser": "on", "user": cast.su.pk, "groups": "1",
         "user_permissions": "1", "home_organisation": cast.west.pk},
    )  # fmt: skip

    assert not User.objects.filter(is_superuser=True).exists()
    person = Person.objects.get(pk=cast.wang.person_id)
    assert (person.gender, person.user, person.home_organisation) == ("male", cast.wang, None)


def test_rights_of_a_post_follow_at_once(cast: Cast, admins: dict[str, User]) -> None:
    role = Role.objects.get(code="group_leader")
    body = {"label": role.label, "words": ["see", "handle"], "levels": ["4"], "door": "phone",
            "position": 1, "is_enabled": "on", "excludes": ""}  # fmt: skip

    assert desk(cast.su).post(f"/admin/governance/role/{role.pk}/change/", body).status_code == 403
    assert not may(cast.he, "handle", cast.east_group.path)
    desk(admins["security"]).post(f"/admin/governance/role/{role.pk}/change/", body)

    assert may(cast.he, "handle", cast.east_group.path)
    assert OrganisationUserPermission.objects.filter(user=cast.he).count() == 2


@pytest.mark.parametrize(
    ("code", "words"),
    [("security_admin", ["secure", "see"]), ("hotline_clerk", ["audit", "manage"])],
)
def test_the_security_administrator_neither_serves_himself_nor_unites_powers(
    cast: Cast, admins: dict[str, User], code: str, words: list[str]
) -> None:
    role = Role.objects.get(code=code)
    body = {"label": role.label, "words": words, "levels": ["1"], "door": "desk", "position": 1,
            "is_enabled": "on", "excludes": ""}  # fmt: skip
    answer = desk(admins["security"]).post(f"/admin/governance/role/{role.pk}/change/", body)

    assert answer.context["adminform"].form.errors
    assert Role.objects.get(code=code).words == role.words


# Rules --------------------------------------------------------------------------------------------


def test_an_edited_rule_counts_at_once_and_leaves_a_line(
    cast: Cast, admins: dict[str, User]
) -> None:
    row = CaseRules.objects.get()
    assert rules_of(cast.street).case.least_reply_characters == 10
    url = f"/admin/complaints/caserules/{row.pk}/change/"
    form = desk(admins["security"]).get(url).context["adminform"].form
    body = {name: form.initial[name] for name in form.fields} | {"least_reply_characters": 20}

    desk(admins["security"]).post(url, body)

    assert rules_of(cast.street).case.least_reply_characters == 20
    line = AuditEntry.objects.get(verb="change_caserules")
    assert line.detail == {"fields": ["least_reply_characters"]}


def test_who_may_not_configure_changes_no_rule(cast: Cast, admins: dict[str, User]) -> None:
    leaf = Category.objects.get(code="010101")
    for user in (cast.su, cast.lin, admins["system"], admins["audit"]):
        answer = desk(user).post(f"/admin/complaints/category/{leaf.pk}/change/", {"name": "改名"})
        assert answer.status_code in (403, 404)
    assert Category.objects.get(pk=leaf.pk).name == leaf.name


def test_a_renamed_branch_of_categories_renames_what_is_below(
    cast: Cast, admins: dict[str, User]
) -> None:
    branch = Category.objects.get(code="0101")
    url = f"/admin/complaints/category/{branch.pk}/change/"
    browser = desk(cast.chen)
    form = browser.get(url).context["adminform"].form
    body = {
        name: form.initial[name] for name in form.fields if form.initial[name] not in (None, False)
    }
    answer = browser.post(url, body | {"name": "环境整洁"})

    assert answer.status_code == 302
    leaf = Category.objects.get(code="010101")
    assert leaf.full_name.split(" · ")[1] == "环境整洁"


def test_a_heading_is_added_once(cast: Cast, admins: dict[str, User]) -> None:
    browser = desk(admins["security"])
    body = {"field": "source_number", "heading": "热线单号甲"}

    assert browser.post("/admin/complaints/headersynonym/add/", body).status_code == 302
    assert browser.post("/admin/complaints/headersynonym/add/", body).status_code == 200
    assert HeaderSynonym.objects.filter(heading="热线单号甲").count() == 1


# The calendar -------------------------------------------------------------------------------------


def test_a_notice_is_imported_and_a_bad_one_refused(cast: Cast, admins: dict[str, User]) -> None:
    url = "/admin/governance/calendaryear/import/"
    notice = {"year": 2031, "papers": ["通知"],
              "days": [{"name": "元旦", "date": "2031-01-01", "isOffDay": True}]}  # fmt: skip
    browser = desk(admins["security"])
    bad = browser.post(url, {"file": SimpleUploadedFile("a.json", b"[]")})
    good = browser.post(url, {"file": SimpleUploadedFile("a.json", json.dumps(notice).encode())})

    assert (bad.status_code, good.status_code) == (422, 302)
    assert CalendarYear.objects.filter(year=2031).exists()
    assert desk(cast.su).post(url, {}).status_code == 403


def test_one_day_is_set_and_cleared(cast: Cast, admins: dict[str, User]) -> None:
    browser = desk(admins["security"])
    body = {"day": "2026-07-07", "is_workday": "", "name": "停电", "source": "区里通知"}
    browser.post("/admin/governance/calendarday/add/", body)
    assert CalendarDay.objects.get(day=date(2026, 7, 7)).source == "区里通知"

    browser.post("/admin/governance/calendarday/2026-07-07/clear/", {"sure": "on"})

    assert not CalendarDay.objects.filter(day=date(2026, 7, 7)).exists()


# Ground -------------------------------------------------------------------------------------------


def test_ground_is_added_through_the_services(cast: Cast) -> None:
    browser = desk(cast.su)
    browser.post(
        "/admin/grids/residentialcompound/add/", {"community": cast.east.pk, "name": "新苑"}
    )
    compound = ResidentialCompound.objects.get(name="新苑")
    browser.post(
        "/admin/grids/building/add/",
        {"compound": compound.pk, "number": "5栋", "unit_count": 2, "floor_count": 6},
    )
    browser.post(
        "/admin/grids/grid/add/",
        {"organisation": cast.east_branch.pk, "name": "东园第二网格", "tier": 3, "kind": "general"},
    )

    assert Building.objects.get(compound=compound).number == "5"
    assert Grid.objects.get(name="东园第二网格").code.startswith("370399001001")


def test_a_compound_of_the_other_side_cannot_be_added(cast: Cast) -> None:
    body = {"community": cast.west.pk, "name": "越界苑"}
    answer = desk(cast.su).post("/admin/grids/residentialcompound/add/", body)

    assert answer.context["adminform"].form.errors
    assert not ResidentialCompound.objects.filter(name="越界苑").exists()


# Audit --------------------------------------------------------------------------------------------


def test_the_audit_is_read_only_and_proves_its_chain(cast: Cast, admins: dict[str, User]) -> None:
    browser = desk(admins["audit"])
    line = AuditEntry.objects.latest("id")

    assert browser.get(f"/admin/governance/auditentry/{line.pk}/change/").status_code == 200
    changed = browser.post(f"/admin/governance/auditentry/{line.pk}/change/", {"verb": "x"})
    assert changed.status_code == 403
    assert browser.get("/admin/governance/auditentry/check/").status_code == 405
    done = browser.post("/admin/governance/auditentry/check/", follow=True)
    assert "审计链完整" in done.content.decode()
    assert desk(cast.su).post("/admin/governance/auditentry/check/").status_code == 403


def test_a_chain_that_lost_its_end_is_named(cast: Cast, admins: dict[str, User]) -> None:
    AuditHead.objects.update(entry_count=F("entry_count") + 1)

    done = desk(admins["audit"]).post("/admin/governance/auditentry/check/", follow=True)

    assert "有记录被删除" in done.content.decode()


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


def test_a_lost_password_is_replaced_by_somebody_else(cast: Cast, admins: dict[str, User]) -> None:
    url = f"/admin/governance/person/{cast.wang.person_id}/password/"
    phone = desk(cast.wang)
    own = f"/admin/governance/person/{cast.su.person_id}/password/"

    assert desk(cast.su).post(own, {"password": "Neu-Wort-2026x"}).status_code == 422
    assert desk(cast.su).post(url, {"password": "kurz"}).status_code == 422
    desk(cast.su).post(url, {"password": "Neu-Wort-2026x"})

    wang = User.objects.get(pk=cast.wang.pk)
    assert wang.check_password("Neu-Wort-2026x")
    assert wang.must_change_password
    assert phone.get("/admin/").status_code == 302


def test_a_changed_name_can_be_found_by_its_sound(cast: Cast) -> None:
    url = f"/admin/governance/person/{cast.wang.person_id}/change/"
    desk(cast.su).post(url, {"name": "汪强生", "gender": "male"})

    assert Person.objects.get(pk=cast.wang.person_id).name_initials == "wqs"
