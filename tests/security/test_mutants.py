"""Doors broken on purpose: every one that forgets reach must be seen (reliability.md 5.3)."""

from typing import Any

import pytest

import complaints.models.complaints
from complaints.models.complaints import ComplaintQuerySet
from governance.models.appointments import AppointmentQuerySet
from governance.models.jobs import JobQuerySet
from governance.models.organisations import OrganisationQuerySet
from governance.models.people import PersonQuerySet
from governance.models.reach import ScopedQuerySet
from tests.security.routes import table
from tests.security.test_matrix import assert_foreign_is_missing
from tests.security.unchanged import Fingerprint
from tests.security.world import World

pytestmark = pytest.mark.django_db

# The door (a name in the table), whose rows it shows, and somebody who must not see foreign ones.
DOORS = [
    ("mobile:complaint", ComplaintQuerySet, "stranger"),
    ("mobile:photo", ComplaintQuerySet, "stranger"),
    ("mobile:person", PersonQuerySet, "stranger"),
    ("board:case", ComplaintQuerySet, "grid_worker"),
    ("admin:complaints_complaint_change", ComplaintQuerySet, "community_secretary"),
    ("admin:complaints_complaint_print", ComplaintQuerySet, "community_secretary"),
    ("admin:complaints_complaint_photo", ComplaintQuerySet, "community_secretary"),
    ("admin:complaints_complaint_reply", ComplaintQuerySet, "community_secretary"),
    ("admin:complaints_import_job", JobQuerySet, "community_secretary"),
    ("admin:governance_organisation_change", OrganisationQuerySet, "community_secretary"),
    ("admin:governance_appointment_change", AppointmentQuerySet, "community_secretary"),
]


@pytest.mark.parametrize(
    ("name", "query_set", "actor"), DOORS, ids=[f"{name} {actor}" for name, _, actor in DOORS]
)
def test_a_door_that_forgets_reach_is_caught(
    name: str,
    query_set: type[ScopedQuerySet],
    actor: str,
    world: World,
    untouched: Fingerprint,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    [line] = [line for line in table() if line.name == name]
    assert_foreign_is_missing(world, line, actor, untouched)

    def everything(self: Any, user: Any, word: str = "see") -> Any:
        return self.all()

    monkeypatch.setattr(query_set, "visible_to", everything)
    # Cases are also read by prepared statements, which know a reader by the roots alone.
    monkeypatch.setattr(complaints.models.complaints, "roots", lambda _user, _word: [""])
    with pytest.raises(AssertionError):
        assert_foreign_is_missing(world, line, actor, untouched)
