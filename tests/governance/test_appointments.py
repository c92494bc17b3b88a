"""Rights come and go with dated appointments, and with nothing else."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from governance.choices import Word
from governance.errors import HouseError
from governance.models import (
    Appointment,
    Organisation,
    OrganisationUserPermission,
    Person,
    RightsOfOneRequest,
    Role,
)
from governance.models.reach import may, rights, roots
from governance.services.appointments import appoint, end, leave, sync_rights, word_permissions
from governance.services.people import open_account, register


def role(code):
    """The default role of this code."""
    return Role.objects.get(code=code, subdistrict=None)


def newcomer(username="zheng"):
    """Somebody with an account and nothing else."""
    return open_account(register("郑和平", by=None), username, by=None)


def days(count):
    """A day from now."""
    return timezone.localdate() + timedelta(days=count)


@pytest.mark.smoke
def test_a_post_gives_its_words_on_its_organisation_and_beneath(cast):
    user = newcomer()
    assert rights(user) == []
    appoint(user.person, role("grid_worker"), cast.east_branch, by=cast.su)
    assert rights(user) == [("handle", cast.east_branch.path), ("see", cast.east_branch.path)]
    assert may(user, Word.HANDLE, cast.east_group.path)
    assert not may(user, Word.HANDLE, cast.east.path)
    assert not may(user, Word.HANDLE, cast.west_branch.path)


@pytest.mark.smoke
def test_a_post_begins_on_its_day_and_ends_on_its_last_day(cast):
    user = newcomer()
    with time_machine.travel("2025-02-20T04:00:00+00:00"):
        appoint(
            user.person, role("grid_worker"), cast.east_branch, by=cast.su,
            started_on=date(2025, 3, 1), ended_on=date(2025, 4, 1),
        )  # fmt: skip
    found = {}
    for day in ("2025-02-28", "2025-03-01", "2025-03-31", "2025-04-01"):
        with time_machine.travel(f"{day}T04:00:00+00:00", tick=False):
            found[day] = may(user, Word.SEE, cast.east_branch.path)
    assert list(found.values()) == [False, True, True, False]


@pytest.mark.smoke
def test_ending_a_post_takes_its_grants_but_not_those_another_post_gives(cast):
    user = newcomer()
    first = appoint(user.person, role("grid_worker"), cast.east_branch, by=cast.su)
    appoint(user.person, role("grid_leader"), cast.east_branch, by=cast.su)
    second = appoint(user.person, role("group_leader"), cast.east_group, by=cast.su)
    end(second, by=cast.su)
    end(first, by=cast.su)
    grants = OrganisationUserPermission.objects.filter(user=user)
    assert set(grants.values_list("content_object", flat=True)) == {cast.east_branch.pk}
    assert may(user, Word.HANDLE, cast.east_branch.path)
    assert cast.east_group.path not in roots(user, Word.SEE)


def test_a_request_that_began_before_the_end_keeps_its_reading_and_the_next_has_none(cast):
    post = Appointment.objects.get(person=cast.wang.person)
    with RightsOfOneRequest():
        assert roots(cast.wang, Word.SEE)
        end(post, by=cast.su)
        assert roots(cast.wang, Word.SEE)
    with RightsOfOneRequest():
        assert not roots(cast.wang, Word.SEE)


def test_nobody_appoints_himself(cast):
    with pytest.raises(PermissionDenied, match="不能任命自己"):
        appoint(cast.su.person, role("assistant_grid_leader"), cast.east, by=cast.su)


def test_only_who_manages_the_organisation_appoints_there(cast):
    user = newcomer()
    for stranger in (cast.zhao, cast.wang, cast.ma, cast.chen, cast.lin):
        with pytest.raises(PermissionDenied):
            appoint(user.person, role("grid_worker"), cast.east_branch, by=stranger)
    with pytest.raises(PermissionDenied):
        appoint(user.person, role("grid_worker"), cast.west_branch, by=cast.su)
    assert appoint(user.person, role("grid_worker"), cast.east_branch, by=cast.su).pk


def test_a_technical_post_needs_the_right_to_secure(cast):
    manager, guard, user = newcomer("manager"), newcomer("guard"), newcomer("auditor")
    appoint(manager.person, role("community_affairs_office"), cast.street, by=None)
    appoint(guard.person, role("security_admin"), cast.street, by=None)
    with pytest.raises(PermissionDenied):
        appoint(user.person, role("audit_admin"), cast.street, by=manager)
    appoint(user.person, role("audit_admin"), cast.street, by=guard)
    assert may(user, Word.AUDIT, cast.street.path)


def test_a_post_fits_only_its_levels(cast):
    person = newcomer().person
    with pytest.raises(HouseError, match="这一层级"):
        appoint(person, role("grid_worker"), cast.east, by=cast.su)
    with pytest.raises(HouseError, match="这一层级"):
        appoint(person, role("department_user"), cast.east, by=cast.su)
    assert appoint(person, role("department_user"), cast.squad, by=None).pk


@pytest.mark.smoke
def test_a_sole_post_has_one_holder_and_a_dated_deputy(cast):
    person, post = newcomer().person, role("community_secretary")
    with pytest.raises(HouseError, match="已有人在任"):
        appoint(person, post, cast.east, by=None)
    holder = Appointment.objects.get(person=cast.su.person)
    with pytest.raises(HouseError, match="截止日期"):
        appoint(person, post, cast.east, by=None, deputises_for=holder)
    deputy = appoint(person, post, cast.east, by=None, deputises_for=holder, ended_on=days(30))
    assert may(person.user, Word.MANAGE, cast.east.path)
    with time_machine.travel(deputy.ended_on):
        assert not may(person.user, Word.MANAGE, cast.east.path)
        assert may(cast.su, Word.MANAGE, cast.east.path)


def test_the_three_technical_posts_exclude_each_other(cast):
    person = newcomer().person
    appoint(person, role("system_admin"), cast.street, by=None)
    for other in ("security_admin", "audit_admin"):
        with pytest.raises(HouseError, match="不得由一人兼任"):
            appoint(person, role(other), cast.street, by=None)


def test_the_same_post_is_not_held_twice_at_a_time(cast):
    with pytest.raises(HouseError):
        appoint(cast.wang.person, role("grid_worker"), cast.east_branch, by=cast.su)


@pytest.mark.smoke
def test_an_inactive_account_sees_nothing(cast):
    assert Person.objects.visible_to(cast.wang).exists()
    cast.wang.is_active = False
    assert not Person.objects.visible_to(cast.wang).exists()
    assert rights(cast.wang) == []


@pytest.mark.smoke
def test_a_grant_without_an_appointment_gives_nothing(cast):
    user = newcomer()
    OrganisationUserPermission.objects.create(
        user=user, content_object=cast.east, permission_id=word_permissions()["see"]
    )
    assert user.has_perm("see", cast.east)
    assert rights(user) == []
    sync_rights(user.person)
    assert not OrganisationUserPermission.objects.filter(user=user).exists()


@pytest.mark.smoke
def test_an_appointment_without_a_grant_gives_nothing(cast):
    assert rights(cast.wang)
    OrganisationUserPermission.objects.filter(user=cast.wang).delete()
    assert rights(cast.wang) == []
    sync_rights(cast.wang.person)
    assert rights(cast.wang)


@pytest.mark.smoke
def test_a_grant_counts_only_on_the_organisation_of_the_appointment(cast):
    OrganisationUserPermission.objects.create(
        user=cast.zhao, content_object=cast.east, permission_id=word_permissions()["see"]
    )
    assert roots(cast.zhao, Word.SEE) == [cast.west_branch.path]


@pytest.mark.smoke
def test_a_superuser_without_an_appointment_sees_nothing(cast):
    user = newcomer()
    user.is_superuser = True
    user.save()
    assert rights(user) == []
    assert not Organisation.objects.visible_to(user).exists()
    assert not Person.objects.visible_to(user).exists()


def test_a_disabled_role_gives_nothing_from_the_next_look_on(cast):
    Role.objects.filter(code="grid_worker").update(is_enabled=False)
    assert rights(cast.wang) == []
    assert rights(cast.su)


def test_who_leaves_loses_posts_and_account_in_one_breath(cast):
    with pytest.raises(PermissionDenied):
        leave(cast.wang.person, by=cast.zhao)
    leave(cast.wang.person, by=cast.su)
    cast.wang.refresh_from_db()
    assert not cast.wang.is_active
    assert not cast.wang.has_usable_password()
    assert not Appointment.objects.on().filter(person=cast.wang.person).exists()


@pytest.mark.smoke
def test_one_statement_reads_all_rights(cast, django_assert_num_queries):
    with RightsOfOneRequest(), django_assert_num_queries(1):
        for word in Word.values:
            roots(cast.su, word)
