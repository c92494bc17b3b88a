"""One street for all tests of access; whatever a test does to it is taken back."""

import logging
from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection, transaction

from tests.complaints.conftest import MONDAY
from tests.security.canaries import release
from tests.security.unchanged import fingerprint
from tests.security.world import World, build_world


@pytest.fixture(scope="package", autouse=True)
def quiet() -> Iterator[None]:
    """Thousands of refusals are expected here; writing a traceback for each would take minutes."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="package")
def built(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[World]:
    """The street, built once, a canary in every word; the clock stands at Monday morning."""
    with (
        django_db_blocker.unblock(),
        time_machine.travel(MONDAY, tick=False),
        transaction.atomic(),
    ):
        world = build_world()
        world.aviary = release(world)
        # Checked once here; else every test would check the whole street again at its end.
        connection.check_constraints()
        yield world
        transaction.set_rollback(True)


@pytest.fixture
def world(built: World, db: None) -> World:
    """The street, as it was built; the test's own savepoint takes back what happens to it."""
    return built


@pytest.fixture(scope="package")
def untouched(built: World) -> dict[str, tuple[int, str]]:
    """The fingerprint of the whole database as it was built."""
    return fingerprint()
