"""Nobody reads a word that belongs to others: every page of every actor, searched for canaries."""

from collections.abc import Iterable

import pytest

from complaints.models.complaints import ComplaintQuerySet
from tests.security import canaries
from tests.security.canaries import (
    CASES,
    CONFIDENTIAL,
    EAST_CALLERS,
    EAST_CASES,
    EAST_GROUND,
    EVERYTHING,
    SECRET_CALLER,
    WEST_CALLERS,
    WEST_CASES,
    WEST_GROUND,
    Aviary,
)
from tests.security.crawling import Visit, crawl
from tests.security.world import ACTORS, World

pytestmark = pytest.mark.django_db

THE_WEST = {WEST_CASES, WEST_GROUND, WEST_CALLERS}
THE_EAST = {EAST_CASES, EAST_GROUND, EAST_CALLERS}
HIDDEN = {CONFIDENTIAL, SECRET_CALLER}
# Whose words an actor must never read. Wang and Su are those complained about.
FORBIDDEN: dict[str, Iterable[str]] = {
    "system_admin": CASES,
    "security_admin": CASES,
    "audit_admin": CASES,
    "subdistrict_leader": {SECRET_CALLER},
    "hotline_clerk": (),
    "community_affairs_office": {SECRET_CALLER},
    "civil_affairs": {SECRET_CALLER},
    "department_user": EVERYTHING,
    "discipline_reader": {SECRET_CALLER},
    "auditor_readonly": {SECRET_CALLER},
    "community_secretary": THE_WEST | HIDDEN,
    "assistant_grid_leader": THE_WEST | HIDDEN,
    "grid_worker": THE_WEST | HIDDEN,
    # A neighbour must not learn who complained (architecture.md 4).
    "group_leader": THE_WEST | HIDDEN | {EAST_CALLERS},
    "party_member": THE_WEST | HIDDEN | {EAST_CASES, EAST_CALLERS},
    "stranger": THE_EAST | HIDDEN,
}
NUMBERS = {
    "13900001111": EAST_CALLERS,
    "13900002222": WEST_CALLERS,
    "13900003333": SECRET_CALLER,
    "13900004444": CONFIDENTIAL,
}


def leaks(visits: Iterable[Visit], aviary: Aviary, areas: Iterable[str]) -> dict[str, set[str]]:
    """address → homes of the words that should not be there, open telephone numbers too."""
    found: dict[str, set[str]] = {}
    for visit in visits:
        words = aviary.found_in(visit.text, areas)
        words |= {
            f"{area}: {n}" for n, area in NUMBERS.items() if area in areas and n in visit.text
        }
        if words:
            found[visit.address] = words
    return found


SEE_THE_EAST = {"hotline_clerk", "grid_worker", "community_secretary"}
OWN_WORDS = {
    "complaints.Complaint.title", "complaints.Complaint.text", "complaints.Caller.phone_masked",
    "complaints.Step.note", "governance.Person.name",
}  # fmt: skip
# The narrow ones every day; the others, and those who may read almost everything, with --full.
EVERYDAY = {"community_secretary", "grid_worker", "group_leader", "stranger"}


@pytest.mark.parametrize(
    "actor",
    [pytest.param(one, marks=() if one in EVERYDAY else pytest.mark.full) for one in ACTORS],
)
def test_every_page_an_actor_can_reach_holds_only_its_own_words(actor: str, world: World) -> None:
    aviary = world.aviary
    visits = list(crawl(world, actor))

    assert len(visits) > 20
    if actor in SEE_THE_EAST:
        # The positive control: a walk that finds nothing at all would prove nothing.
        own = leaks(visits, aviary, THE_EAST).values()
        assert {home.split(" ")[0] for homes in own for home in homes} >= OWN_WORDS
    assert leaks(visits, aviary, FORBIDDEN.get(actor, EVERYTHING)) == {}
    assert {one.address for one in visits if one.answer.status_code >= 500} == set()
    assert {one.address: one.wrote for one in visits if one.wrote} == {}
    executable = {v.address: v.page.executable for v in visits if v.page and v.page.executable}
    assert executable == {}
    assert {
        v.address: v.page.foreign_hosts for v in visits if v.page and v.page.foreign_hosts
    } == {}


def test_a_door_that_forgets_reach_is_seen(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control (reliability.md 5.3); `test_mutants.py` breaks the other doors."""
    aviary = world.aviary
    monkeypatch.setattr(ComplaintQuerySet, "visible_to", lambda self, user, word="see": self.all())

    assert any(leaks([visit], aviary, {EAST_CASES}) for visit in crawl(world, "stranger"))


def test_a_random_key_that_looks_like_a_canary_is_none(world: World) -> None:
    released = next(iter(world.aviary.homes))
    area = released[2]

    assert world.aviary.found_in(f"token cq{area}zzzzz", area) == set()
    assert world.aviary.found_in(f"token {released}", area) == {world.aviary.homes[released]}


def test_every_table_with_words_gets_canaries(world: World) -> None:
    aviary = world.aviary

    tables = {home.rsplit(".", 1)[0] for home in aviary.homes.values()}
    assert {"complaints.Complaint", "complaints.Caller", "complaints.Step"} <= tables
    assert {"governance.Person", "grids.Grid", "residents.Household"} & tables
    assert len(aviary.homes) == len(set(aviary.homes)) > 200
    assert canaries.CANARY.fullmatch(next(iter(aviary.homes)))
