"""Whatever a process was doing when it died: the same request again does it exactly once.

The request dies (SIGKILL, on the real PostgreSQL, nothing shared) at a named point of
`governance/points.py`, is sent again by a fresh process, and every row of every table is then what
an undisturbed run leaves.
"""

import logging
from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from complaints import tasks
from complaints.models import Complaint
from complaints.services.steps import first_broken_step
from governance.models import Todo
from governance.services.audit import first_broken_entry
from tests.complaints.conftest import MONDAY
from tests.crashes.deeds import (
    DEEDS,
    DRAWN_ANEW,
    LONG_WORK,
    Request,
    build_street,
    first_who_may,
    send,
)
from tests.crashes.street import Databases, Row, Told, die, differences, in_child
from tests.security.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("on_postgres")]
AFTERWARDS = ("after_commit", "before_reply")
SEED, DEEDS_IN_VERIFY = 4, 3


class Crashes:
    """The street, and how a deed dies on a copy of it."""

    def __init__(self, databases: Databases, world: World) -> None:
        self.databases, self.world = databases, world
        self.before = databases.rows(databases.street)

    def undisturbed(self, name: str) -> tuple[Request, Told, set[Row]]:
        """Who sends it, which points it passes, and what it leaves."""
        with self.databases.a_copy() as copy:
            request = in_child(copy, lambda: first_who_may(self.world, name)).value
            self.databases.forget_burnt_numbers(copy)
            told = in_child(copy, lambda: (send(self.world, request), []))
            return request, told, self.databases.rows(copy)

    def died_and_repeated(
        self, request: Request, number: int, again: Request | None = None
    ) -> tuple[Told, set[Row], set[Row]]:
        """What the repeat was told, what the dead process had left, and what is there at the end."""
        with self.databases.a_copy() as copy:
            dead = in_child(copy, lambda: send(self.world, request), dies_at=number)
            assert dead.is_dead, (request.name, number)
            left = self.databases.rows(copy)
            self.databases.forget_burnt_numbers(copy)
            told = in_child(copy, lambda: (send(self.world, again or request), broken_chains()))
            return told, left, self.databases.rows(copy)

    def swept(self, dies_at: list[int]) -> tuple[Told, set[Row]]:
        """Sweeps that die one after the other, and the one that ends; and what is there then."""
        with self.databases.a_copy() as copy:
            for number in dies_at:
                in_child(copy, sweep, dies_at=number)
                self.databases.forget_burnt_numbers(copy)
            told = in_child(copy, lambda: (sweep(), broken_chains()))
            return told, self.databases.rows(copy)

    def faults_of(self, name: str, chosen: Random | None) -> list[str]:
        """What is not as it should be when this deed dies; at every point, or at two by lot."""
        request, undisturbed, wanted = self.undisturbed(name)
        numbers = list(range(len(undisturbed.points)))
        last = max((i for i in numbers if undisturbed.points[i] == "before_commit"), default=-1)
        if chosen is not None:
            halves = (numbers[: last + 1], numbers[last + 1 :])
            numbers = [chosen.choice(half) for half in halves if half]
        found = []
        for number in numbers:
            told, left, rows = self.died_and_repeated(request, number)
            where = f"{name} by {request.actor} at {undisturbed.points[number]} ({number})"
            if left not in (self.before, wanted) and undisturbed.points.count("after_commit") == 1:
                found.append(f"{where}: half is left: {differences(left, self.before)[:4]}")
            if told.value != undisturbed.value:
                found.append(f"{where}: {told.value}, not {undisturbed.value}")
            if felt(name, rows) != felt(name, wanted):
                found.append(f"{where}: {differences(rows, wanted)[:6]}")
        return found


def felt(name: str, rows: set[Row]) -> set[Row]:
    """What a deed leaves, without what may differ when it is repeated."""
    if name in LONG_WORK:  # who ran it, and that nobody watched, is told in one more line
        kept = [row for row in rows if row[0] != "governance_job" and ",job:" not in row[1]]
        return {(place, line.partition(",")[2], count) for place, line, count in kept}
    if name in DRAWN_ANEW:
        return {row for row in rows if row[0] in ("complaints_complaint", "complaints_step")}
    return rows


def sweep() -> int:
    """What has fallen due by the afternoon is done; says how much still waits."""
    with time_machine.travel(MONDAY + timedelta(hours=6), tick=False):
        tasks.sweep()
        return Todo.objects.filter(done_at=None, due_at__lte=timezone.now()).count()


def broken_chains() -> list[str]:
    """The chains that do not hold."""
    cases = [f"case {case.pk}" for case in Complaint.objects.all() if first_broken_step(case)]
    return cases + ["audit"] * (first_broken_entry() is not None)


def warm_up(world: World) -> None:
    """What each process would load for its first page is there before the children are born."""
    for client in world.clients.values():
        for address in ("/m/", "/admin/complaints/complaint/", "/healthz"):
            client.get(address)


@pytest.fixture(scope="module")
def crashes(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[Crashes]:
    """The street with its story, committed in a database of its own; the clock stands at Monday."""
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: run pytest with -p tests.on_servers")
    logging.disable(logging.CRITICAL)
    with django_db_blocker.unblock(), time_machine.travel(MONDAY, tick=False):
        databases = Databases()
        connection.settings_dict["NAME"] = databases.street
        try:
            world = build_street()
            warm_up(world)
        finally:
            connection.close()
            connection.settings_dict["NAME"] = databases.own
        databases.built()
        yield Crashes(databases, world)
        databases.away()
    logging.disable(logging.NOTSET)


def test_a_deed_that_died_is_done_once_when_it_is_repeated(crashes: Crashes) -> None:
    lots = Random(SEED)
    found = [
        fault
        for name in lots.sample(DEEDS, DEEDS_IN_VERIFY)
        for fault in crashes.faults_of(name, lots)
    ]
    assert found == []


def test_a_sweep_that_died_is_finished_by_the_next(crashes: Crashes, request: Any) -> None:
    told, wanted = crashes.swept([])
    assert told.value == (0, []) and len(told.points) > 40
    lots, is_full = Random(SEED), request.config.getoption("--full")
    for _try in range(30 if is_full else 1):
        numbers = [lots.randrange(len(told.points) // 2) for _death in range(2)]
        again, rows = crashes.swept(numbers)
        assert again.value == (0, [])
        assert differences(rows, wanted) == [], numbers


@pytest.mark.full
@pytest.mark.timeout(3_600)
@pytest.mark.parametrize("name", DEEDS)
def test_a_deed_that_died_at_any_point_is_done_once(crashes: Crashes, name: str) -> None:
    assert crashes.faults_of(name, None) == []


def commit_and_die() -> None:
    """A wrong house: what is half done is kept when the process dies."""
    connection.connection.commit()
    die()


def test_control_without_its_key_a_repeat_doubles_and_is_found(crashes: Crashes) -> None:
    request, undisturbed, wanted = crashes.undisturbed("admin:complaints_complaint_add")
    point = undisturbed.points.index("after_commit")
    other = request.under_key("0f1d3c62-7a4e-4d7e-9a55-0f3b8f0a9c11")
    _told, _left, rows = crashes.died_and_repeated(request, point, other)
    assert [row for row in rows - wanted if row[0] == "complaints_complaint"]


def test_control_a_house_that_keeps_what_is_half_done_is_found(crashes: Crashes) -> None:
    request, undisturbed, wanted = crashes.undisturbed("mobile:log")
    point = undisturbed.points.index("after_save")
    with crashes.databases.a_copy() as copy:
        in_child(copy, lambda: send(crashes.world, request), dies_at=point, strike=commit_and_die)
        left = crashes.databases.rows(copy)
    assert left not in (crashes.before, wanted)
