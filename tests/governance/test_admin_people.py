"""People, posts and accounts at the desk: rights come from appointments alone."""

from typing import Any

import pytest
from django.utils import timezone

from governance.models import (
    Appointment,
    AuditEntry,
    Organisation,
    OrganisationUserPermission,
    Person,
    Role,
    User,
)
from governance.models.reach import may
from tests.cast import PASSWORD, Cast, account
from tests.desk import administrators
from tests.desk import signed_in as desk


@pytest.fixture
def admins(cast: Cast) -> dict[str, User]:
    """The three separated administrators."""
    return administrators(cast)


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


def test_a_number_is_shown_once_for_a_reason(cast: Cast) -> None:
    url = f"/admin/governance/person/{cast.wang.person_id}/reveal/"

    assert desk(cast.su).post(url, {"note": "看"}).status_code == 422
    assert "13900001007" in desk(cast.su).post(url, {"note": "通知开会"}).content.decode()
    assert AuditEntry.objects.filter(verb="reveal_phone", by=cast.su).count() == 1


def test_a_changed_name_can_be_found_by_its_sound(cast: Cast) -> None:
    url = f"/admin/governance/person/{cast.wang.person_id}/change/"
    desk(cast.su).post(url, {"name": "汪强生", "gender": "male"})

    assert Person.objects.get(pk=cast.wang.person_id).name_initials == "wqs"


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
