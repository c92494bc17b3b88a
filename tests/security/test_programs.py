"""A program of any post reads no word of others, and of cases no word that a person typed."""

from collections.abc import Iterator

import pytest
from django.test import Client

from complaints.models.complaints import ComplaintQuerySet
from governance.models.reach import ScopedQuerySet
from tests.api.programs import program
from tests.security.canaries import (
    CASES,
    CONFIDENTIAL,
    EAST_CASES,
    EAST_GROUND,
    SECRET_CALLER,
    WEST_CASES,
    WEST_GROUND,
)
from tests.security.unchanged import undone
from tests.security.world import World

pytestmark = pytest.mark.django_db

LISTS = ("complaints", "organisations", "grids", "categories")
# The number under which the city knows a case: what a copy is matched by.
OPEN = {"complaints.Complaint.source_number"}
POSTS = {
    "subdistrict_leader": set(),
    "discipline_reader": set(),
    "hotline_clerk": set(),
    "community_secretary": {WEST_CASES, WEST_GROUND},
    "grid_worker": {WEST_CASES, WEST_GROUND},
    "stranger": {EAST_CASES, EAST_GROUND},
}


def everything_read(client: Client) -> Iterator[str]:
    """Every page of every list, and its first rows one by one."""
    for name in LISTS:
        address = f"/api/v1/{name}/?limit=100"
        while address:
            page = client.get(address)
            assert page.status_code == 200, page.content.decode()
            yield page.content.decode()
            for row in page.json()["results"][:3]:
                one = client.get(f"/api/v1/{name}/{row.get('number') or row['id']}/")
                assert one.status_code == 200
                yield one.content.decode()
            address = page.json()["next"]


def text_read(world: World, actor: str) -> str:
    """All that a program in the name of `actor` gets to read."""
    user = world.users[actor]
    assert user is not None
    with undone():
        return "".join(everything_read(program(user)))


def homes(world: World, text: str, areas: set[str]) -> set[str]:
    """Columns out of these areas whose words stand in the text."""
    return {home.split(" ")[0] for home in world.aviary.found_in(text, areas)}


@pytest.mark.parametrize("actor", sorted(POSTS))
def test_a_program_reads_no_word_of_others_and_none_typed_into_a_case(
    actor: str, world: World
) -> None:
    text = text_read(world, actor)

    assert homes(world, text, POSTS[actor] | {CONFIDENTIAL, SECRET_CALLER}) == set()
    assert homes(world, text, set(CASES)) <= OPEN
    # A walk that reads nothing at all would prove nothing.
    ground = homes(world, text, {EAST_GROUND, WEST_GROUND})
    assert {"governance.Organisation.name", "grids.Grid.name"} <= ground
    assert not {home for home in ground if home.startswith(("governance.Person", "residents."))}


def test_a_door_that_forgets_reach_is_seen(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in (ScopedQuerySet, ComplaintQuerySet):
        monkeypatch.setattr(kind, "visible_to", lambda self, user, word="see": self.all())

    assert homes(world, text_read(world, "stranger"), {EAST_CASES, EAST_GROUND})
