"""What every test may ask for: the servers of the run, and whether the heavy sizes are wanted."""

import os

import pytest
from django.conf import settings
from django.db import connection


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--full` runs the tests marked `full` too."""
    parser.addoption("--full", action="store_true", help="the heavy sizes too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the heavy sizes out unless they are asked for."""
    if config.getoption("--full"):
        return
    heavy = pytest.mark.skip(reason="heavy size: python3 manage.py verify --full")
    for item in items:
        if "full" in item.keywords:
            item.add_marker(heavy)


def without_server(name: str) -> None:
    """Skip on a bare `pytest`; in a run that promised servers a missing one is a failure."""
    if "PORTAL_TEST_SERVERS" in os.environ:
        pytest.fail(f"{name} should be here and is not")
    pytest.skip(f"needs {name}: run pytest with -p tests.on_servers")


@pytest.fixture
def on_postgres(db: None) -> None:
    """For tests of what only PostgreSQL does: row locks, plans, collations."""
    if connection.vendor != "postgresql":
        without_server("PostgreSQL")


@pytest.fixture
def redis_broker() -> str:
    """The address of the Redis of this run."""
    if not settings.BROKER_URL.startswith("redis"):
        without_server("Redis")
    return settings.BROKER_URL
