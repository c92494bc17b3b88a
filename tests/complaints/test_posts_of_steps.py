"""In which post a step was taken, for those who serve in more than one."""

import pytest

from complaints.services import dispatching, handling
from governance.models import Appointment, Role
from governance.services.appointments import appoint
from tests.cast import SINCE, Cast
from tests.complaints import stages

pytestmark = pytest.mark.django_db


def post_of(cast: Cast, organisation: str, role: str, name: str = "wang") -> Appointment:
    """One more post for somebody."""
    post = Role.objects.get(code=role, subdistrict=None)
    person = getattr(cast, name).person
    return appoint(person, post, getattr(cast, organisation), by=None, started_on=SINCE)


def test_a_party_household_is_nobodys_desk_and_tells_no_address(office: Cast) -> None:
    home = post_of(office, "party_household", "party_member")

    case = stages.signed(office)

    assert case.steps.get(verb="sign").appointment != home
    assert case.steps.get(verb="sign").appointment.role.code == "grid_worker"


def test_the_lowest_post_that_covers_the_holder_counts(office: Cast) -> None:
    post_of(office, "east", "assistant_grid_leader")

    case = stages.signed(office)

    assert case.steps.get(verb="sign").appointment.organisation == office.east_branch


def test_after_a_climb_the_post_beneath_counts(office: Cast) -> None:
    case = stages.signed(office)

    dispatching.escalate(case.pk, by=office.wang, note="需社区协调物业处理")

    assert case.steps.get(verb="escalate").appointment.organisation == office.east_branch


def test_the_street_signs_as_the_street(office: Cast) -> None:
    worker = post_of(office, "east_branch", "grid_worker", "su")
    case = stages.signed(office)
    dispatching.escalate(case.pk, by=office.wang, note="需社区协调物业处理")

    handling.sign(case.pk, by=office.su)

    assert case.steps.latest("number").appointment != worker
    assert case.steps.latest("number").appointment.role.code == "community_secretary"
