"""Every route × every actor × own, foreign and missing objects, as the table says.

An everyday run asks each route as somebody for every different answer that the table promises, chosen
by the route's own address so that a failure comes again; `--full` asks as all of them.
"""

from random import Random
from typing import Any

import pytest
from django.http import HttpResponse

from tests.security.answers import face_of, kind_of
from tests.security.bodies import BODIES, body_for
from tests.security.objects import BESIDE, MISSING, OWN, parts_of
from tests.security.routes import Line, table
from tests.security.unchanged import Fingerprint, changed, fingerprint, undone, watched
from tests.security.world import ACTORS, World, same_cookies, side_of

pytestmark = pytest.mark.django_db

every_route = pytest.mark.parametrize("line", table(), ids=lambda line: line.name or line.route)
REFUSALS = ("401", "403", "404", "login")
ALWAYS = ("anonymous", "stranger")
# Who has the most of one's own, and so the most to be kept from that of others.
WITH_NEIGHBOURS = (*ALWAYS, "hotline_clerk", "grid_worker")
# Methods that no page of the house answers in a way of its own.
OTHERS = ("HEAD", "OPTIONS", "PUT", "PATCH", "DELETE")


@pytest.fixture
def everybody(request: pytest.FixtureRequest) -> bool:
    """Whether every actor is asked for."""
    return bool(request.config.getoption("--full"))


def actors_for(line: Line, everybody: bool, always: tuple[str, ...] = ALWAYS) -> list[str]:
    """All actors, or those who are asked always and one more for each answer of the table."""
    if everybody:
        return ACTORS
    shuffled = [*Random(line.route).sample(ACTORS, len(ACTORS)), *always]
    one_for_each = {line.expected[actor]: actor for actor in shuffled}
    return [actor for actor in ACTORS if actor in always or actor in one_for_each.values()]


def ask(
    world: World, line: Line, actor: str, method: str, parts: tuple[Any, ...]
) -> tuple[HttpResponse, Fingerprint]:
    """One request on the untouched street; and the tables it wrote into, as it left them."""
    client = world.clients[actor]
    data = body_for(line.name, world, world.side(side_of(actor))) if method == "POST" else None
    with undone(), same_cookies(client):
        with watched() as written:
            answer = getattr(client, method.lower())(line.address(*parts), data or None)
        return answer, fingerprint(written.tables) if written.tables else {}


def expected(line: Line, actor: str, method: str) -> str:
    """The answer the table promises; "ok/403" means: may look, may not do."""
    looking, _, doing = line.expected[actor].partition("/")
    return doing if doing and method == "POST" else looking


@every_route
def test_own_objects_are_answered_as_the_table_says(
    line: Line, world: World, untouched: Fingerprint, everybody: bool
) -> None:
    found = {}
    for actor in actors_for(line, everybody):
        parts = parts_of(world, line.object, actor, OWN)
        if parts is None:
            continue
        for method in line.methods:
            answer, after = ask(world, line, actor, method, parts)
            kind = kind_of(answer, method)
            if kind != expected(line, actor, method):
                found[actor, method] = (expected(line, actor, method), kind)
            if kind in REFUSALS or method == "GET":
                written = changed(untouched, after)
                assert not written, f"{actor} {method} {line.route}: {kind}, yet {written} changed"

    assert found == {}


@pytest.mark.parametrize(
    "line", [line for line in table() if line.object], ids=lambda line: line.name or line.route
)
def test_foreign_and_missing_objects_look_alike_and_nothing_changes(
    line: Line, world: World, untouched: Fingerprint, everybody: bool
) -> None:
    for actor in actors_for(line, everybody, WITH_NEIGHBOURS):
        assert_foreign_is_missing(world, line, actor, untouched)


def assert_foreign_is_missing(world: World, line: Line, actor: str, untouched: Fingerprint) -> None:
    """An object of others and one that never was get the same answer, and nothing changes."""
    foreign, missing = (parts_of(world, line.object, actor, s) for s in (BESIDE, MISSING))
    if foreign is None or missing is None:
        return
    for method in line.methods:
        one, after = ask(world, line, actor, method, foreign)
        other, _same = ask(world, line, actor, method, missing)
        where = f"{actor} {method} {line.address(*foreign)}"
        # An address that leads on to another one tells nothing, if it always does.
        assert kind_of(one, method) in REFUSALS or one.status_code == 302, where
        assert face_of(one, foreign) == face_of(other, missing), where
        assert changed(untouched, after) == set(), where


CASE_ROUTES = [line for line in table() if line.object.startswith("case")]


@pytest.mark.parametrize("line", CASE_ROUTES, ids=lambda line: line.name or line.route)
@pytest.mark.parametrize("actor", ["grid_worker", "community_secretary"])
def test_a_case_about_oneself_looks_missing(
    line: Line, actor: str, world: World, untouched: Fingerprint
) -> None:
    about = (world.confidential.pk, *(parts_of(world, line.object, actor, MISSING) or ())[1:])
    missing = parts_of(world, line.object, actor, MISSING) or ()
    for method in line.methods:
        one, after = ask(world, line, actor, method, about)
        other, _same = ask(world, line, actor, method, missing)
        assert face_of(one, about) == face_of(other, missing)
        assert kind_of(one, method) in REFUSALS
        assert changed(untouched, after) == set()


@every_route
def test_other_methods_change_nothing(
    line: Line, world: World, untouched: Fingerprint, everybody: bool
) -> None:
    for actor in ("anonymous", "hotline_clerk", "grid_worker") if everybody else ("hotline_clerk",):
        parts = parts_of(world, line.object, actor, OWN) or ()
        others = OTHERS if everybody else ("PUT", "DELETE")
        for method in others if "POST" in line.methods else (*others, "POST"):
            answer, after = ask(world, line, actor, method, parts)
            assert answer.status_code < 500, f"{actor} {method} {line.route}"
            assert changed(untouched, after) == set(), f"{actor} {method} {line.route}"


@pytest.mark.parametrize("name", sorted(BODIES))
def test_the_bodies_that_are_refused_would_have_changed_something(
    name: str, world: World, untouched: Fingerprint
) -> None:
    """The positive control: without it a refused body could be one that never works."""
    [line] = [line for line in table() if line.name == name]
    may = [actor for actor in ACTORS if expected(line, actor, "POST") == "ok"]
    for actor in may:
        parts = parts_of(world, line.object, actor, OWN)
        if parts is not None:
            _answer, after = ask(world, line, actor, "POST", parts)
            if changed(untouched, after):
                return
    pytest.fail(f"{name}: nobody of {may} changed anything with this body")
