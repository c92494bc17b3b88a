"""The clock door of the ground floor."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from governance import tasks
from governance.choices import Word
from governance.models import OrganisationUserPermission, Role
from governance.models.reach import may
from governance.services import appointments, people
from tests.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.smoke]


def grants(cast: Cast) -> int:
    return OrganisationUserPermission.objects.filter(user=cast.gu).count()


def deputy(cast: Cast, until: date) -> None:
    """Gu stands in for a worker until a day."""
    post = Role.objects.get(code="grid_worker", subdistrict=None)
    appointments.appoint(cast.gu.person, post, cast.east_branch, by=None, ended_on=until)


def test_rights_of_a_post_that_has_ended_are_taken_back_at_night(cast: Cast) -> None:
    before = grants(cast)
    deputy(cast, timezone.localdate() + timedelta(days=1))
    assert grants(cast) > before
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert not may(cast.gu, Word.HANDLE, cast.east_branch.path)
        tasks.end_expired_appointments()
        tasks.end_expired_appointments()
    assert grants(cast) == before


def test_a_post_that_still_runs_keeps_its_rights(cast: Cast) -> None:
    deputy(cast, timezone.localdate() + timedelta(days=2))
    held = grants(cast)
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        tasks.end_expired_appointments()
        assert may(cast.gu, Word.HANDLE, cast.east_branch.path)
    assert grants(cast) == held


def test_a_second_post_on_the_same_place_keeps_what_it_justifies(cast: Cast) -> None:
    deputy(cast, timezone.localdate() + timedelta(days=1))
    other = Role.objects.get(code="grid_leader", subdistrict=None)
    appointments.appoint(cast.gu.person, other, cast.east_branch, by=None)
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        tasks.end_expired_appointments()
        assert may(cast.gu, Word.HANDLE, cast.east_branch.path)


def test_a_person_without_an_account_is_no_trouble(cast: Cast) -> None:
    person = people.register("钱多多", by=None)
    post = Role.objects.get(code="grid_worker", subdistrict=None)
    appointments.appoint(
        person, post, cast.west_branch, by=None, ended_on=timezone.localdate() + timedelta(days=1)
    )
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        assert appointments.end_expired() == 0
