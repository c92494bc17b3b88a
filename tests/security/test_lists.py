"""Every list of the desk: reach, a search, at most eight columns, and no statement for each row.

A list that somebody adds is looked at here from its first day.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.http import HttpRequest
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from governance.choices import ApiArea
from governance.services import leaves, tokens
from tests.security.canaries import EAST_CALLERS, EAST_CASES, EAST_GROUND
from tests.security.world import ACTORS, World

pytestmark = pytest.mark.django_db
LISTS = {model._meta.label_lower: one for model, one in admin.site._registry.items()}
MOST_COLUMNS, MOST_STATEMENTS = 8, 12
CASES = "complaints.complaint"
# Pages of their own in place of Django's list; what they show is proved beside them.
OWN_PAGES = {CASES, "complaints.placecode", "residents.personhouse"}
# The door to single rows; there is no list of them at all.
NO_LIST = {"complaints.residentlink"}
DJANGOS = sorted(set(LISTS) - OWN_PAGES - NO_LIST)
HEADING = re.compile(r'<th scope="col"(?![^>]*(?:action-checkbox|desk-tick))')
SEARCH = re.compile(r'<input[^>]*(?:type="search"|id="searchbar")')
NONSENSE = ("不存在的词句", "'\"%_\\", "\x00", "九" * 500)


def address(name: str) -> str:
    return f"/admin/{name.replace('.', '/')}/"


def rows_of(world: World, name: str, actor: str) -> Any:
    """What the list would show to an actor."""
    request = HttpRequest()
    request.user = world.users[actor]
    if not LISTS[name].has_module_permission(request):
        return None
    return LISTS[name].get_queryset(request)


def best_reader(world: World, name: str) -> str:
    """Who sees the most rows; two at least, or the list proves nothing."""
    counts = {}
    for actor in ACTORS:
        rows = rows_of(world, name, actor) if world.users[actor] is not None else None
        if rows is not None:
            counts[actor] = rows.count()
    best = max(counts, key=lambda actor: counts[actor])
    assert counts[best] >= 2, f"{name}: give the street of these tests a second row"
    return best


@pytest.fixture
def street(world: World) -> World:
    """The street with a second row where it has one: a street's own rule, a leave, a token."""
    for list_admin in LISTS.values():
        model = list_admin.model
        if any(field.name == "subdistrict" for field in model._meta.fields):
            row = model._base_manager.filter(subdistrict=None).first()
            if row is not None and model._base_manager.count() == 1:
                row.pk, row.subdistrict = None, world.cast.street
                row.save(force_insert=True)
    soon = timezone.localdate() + timedelta(days=30)
    cast = world.cast
    for user in (cast.wang, cast.su):
        post = user.person.appointments.get()
        tokens.grant(post, f"接口{user}", by=None, areas=[ApiArea.values[0]], expires_on=soon)
    for person, deputy in ((cast.wang, cast.he), (cast.ma, cast.su)):
        leaves.take_leave(
            person.person, deputy.person, by=None, started_on=soon, last_on=soon + timedelta(days=2)
        )
    return world


@pytest.mark.parametrize("name", DJANGOS)
def test_a_list_is_searched_narrow_within_reach_and_costs_the_same_for_more_rows(
    street: World, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    actor = best_reader(street, name)
    few, [one, _page] = asked(street, actor, name, 1, monkeypatch)
    many, [rows, page] = asked(street, actor, name, 50, monkeypatch)

    assert one < rows and len(many) <= len(few), "\n".join(many)
    assert len(many) <= MOST_STATEMENTS, "\n".join(many)
    assert SEARCH.search(page), "no search"
    assert len(HEADING.findall(page)) <= MOST_COLUMNS >= len(LISTS[name].list_display)
    client = street.clients[actor]
    for term in NONSENSE:
        answer = client.get(address(name), {"q": term})
        assert answer.status_code == 200, term
    assert list(client.get(address(name), {"q": NONSENSE[0]}).context["cl"].result_list) == []
    stranger_sees_nothing(street, name)


def stranger_sees_nothing(world: World, name: str) -> None:
    """Whoever serves on the western side finds no row and no word of the eastern one."""
    east, answer = world.cast.east.path, world.clients["stranger"].get(address(name))
    said = answer.content.decode()
    assert answer.status_code in (200, 403)
    assert not world.aviary.found_in(said, (EAST_CASES, EAST_GROUND, EAST_CALLERS))
    for row in rows_of(world, name, "stranger") or ():
        assert not any(path.startswith(east) for path in LISTS[name].paths_of(row)), row


@pytest.mark.parametrize("name", sorted(OWN_PAGES))
def test_a_page_of_its_own_is_within_reach_too(world: World, name: str) -> None:
    answer = world.clients["stranger"].get(address(name))
    mine = world.clients["hotline_clerk"].get(address(name)).content.decode()

    areas = (EAST_CASES, EAST_GROUND, EAST_CALLERS)
    assert not world.aviary.found_in(answer.content.decode(), areas)
    assert len(HEADING.findall(mine)) <= MOST_COLUMNS


def test_the_list_of_cases_costs_the_same_for_more_rows(world: World) -> None:
    client, case = world.clients["hotline_clerk"], world.east.cases["signed"]
    client.get(address(CASES))
    with statements() as few:
        one = client.get(address(CASES), {"q": case.number})
    with statements() as many:
        rows = client.get(address(CASES), {"stage": "all"})

    assert len(one.context["rows"]) == 1 and len(rows.context["rows"]) > 10
    assert len(many) <= len(few) <= 10, "\n".join(many)
    assert SEARCH.search(rows.content.decode())


def test_there_is_no_list_where_none_is_meant_to_be(world: World) -> None:
    for name in NO_LIST:
        assert world.clients["hotline_clerk"].get(address(name)).status_code == 404


def test_the_watcher_sees_a_statement_for_each_row(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: without the join, the list of grids asks once for each row."""
    monkeypatch.setattr(LISTS["grids.grid"], "list_select_related", ("parent",))
    few, _one = asked(world, "hotline_clerk", "grids.grid", 1, monkeypatch)
    many, _rows = asked(world, "hotline_clerk", "grids.grid", 50, monkeypatch)

    assert len(many) > len(few)


def asked(
    world: World, actor: str, name: str, most: int, monkeypatch: pytest.MonkeyPatch
) -> tuple[list[str], tuple[int, str]]:
    """The statements of a list that shows `most` rows; how many it shows, and its page."""
    monkeypatch.setattr(LISTS[name], "list_per_page", most)
    # What a process looks up once belongs to no row.
    world.clients[actor].get(address(name))
    with statements() as found:
        answer = world.clients[actor].get(address(name))
    assert answer.status_code == 200
    return found, (len(answer.context["cl"].result_list), answer.content.decode())


@contextmanager
def statements() -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    found: list[str] = []
    with CaptureQueriesContext(connection) as captured:
        yield found
    found += [
        query["sql"][:160]
        for query in captured.captured_queries
        if not query["sql"].startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT"))
    ]
