"""What every test may ask for: the servers of the run, and whether the heavy sizes are wanted."""

import gc
from collections import Counter
from typing import Any
from weakref import WeakKeyDictionary

import pytest
from django.conf import settings
from django.db import connection
from django.db.backends.postgresql.base import DatabaseOperations as PostgresqlOperations
from django.db.backends.sqlite3.base import DatabaseOperations as SqliteOperations
from django.test.client import ClientHandler

from tests.servers import without_server

pytest_plugins = ["tests.fixtures"]

plain_sql_flush = SqliteOperations.sql_flush
# Of the migrations, not of the tests. The permissions keep their numbers, so what was built with
# them can be laid out again (`tests.fixtures.the_same_again`).
LAID_WITH_THE_TABLES = {"django_content_type", "auth_permission"}


def of_tests(tables: list[str]) -> list[str]:
    """The tables that tests write into."""
    return [table for table in tables if table not in LAID_WITH_THE_TABLES]


def sql_flush_past_the_guards(
    operations: SqliteOperations, style: Any, tables: list[str], **options: Any
) -> list[str]:
    """Empty the tables between transactional tests although history refuses to be deleted."""
    with operations.connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        guards = cursor.fetchall()
    emptied = plain_sql_flush(operations, style, of_tests(tables), **options)
    dropped = [f'DROP TRIGGER "{name}"' for name, _ in guards]
    return [*dropped, *emptied, *(sql for _, sql in guards)]


def sql_flush_of_few_rows(
    operations: PostgresqlOperations, style: Any, tables: list[str], **options: Any
) -> list[str]:
    """The same on PostgreSQL: without triggers, and by rows.

    To truncate a hundred tables makes some six hundred files anew, half a second for a handful of rows.
    """
    emptied = [f'DELETE FROM "{table}"' for table in of_tests(tables)]
    without, again = (
        "SET LOCAL session_replication_role = " + role for role in ("replica", "origin")
    )
    return ["; ".join([without, *emptied, again])]


SqliteOperations.sql_flush = sql_flush_past_the_guards
PostgresqlOperations.sql_flush = sql_flush_of_few_rows

plain_load_middleware = ClientHandler.load_middleware
chains: WeakKeyDictionary[Any, dict[str, Any]] = WeakKeyDictionary()


def load_middleware_once(handler: ClientHandler, is_async: bool = False) -> None:
    """All clients of the same settings walk through one chain, as in a process of the house.

    A chain of its own for each client looks at every static file again, which took a fifth of the run.
    """
    chain = chains.get(settings._wrapped)
    if chain is None:
        plain_load_middleware(handler, is_async)
        chains[settings._wrapped] = {
            name: value for name, value in vars(handler).items() if "middleware" in name
        }
    else:
        vars(handler).update(chain)


ClientHandler.load_middleware = load_middleware_once


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--full` runs the tests marked `full` too."""
    parser.addoption("--full", action="store_true", help="the heavy sizes too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the heavy sizes out unless asked for; whole stories also run on SQLite."""
    if not getattr(config.option, "loadscopereorder", True):
        longest_first(items)
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.smoke)
    if config.getoption("--full"):
        return
    heavy = pytest.mark.skip(reason="heavy size: python3 manage.py verify --full")
    for item in items:
        if "full" in item.keywords:
            item.add_marker(heavy)


def longest_first(items: list[pytest.Item]) -> None:
    """Files that take long, whatever they count, then those of many tests; so both cores end together.

    Those of one folder follow each other: a street that stands for a folder is built once for each core.
    """
    files = Counter(item.path for item in items)
    folders = Counter(item.path.parent for item in items)
    items.sort(
        key=lambda item: (
            "long" not in item.keywords,
            -folders[item.path.parent],
            -files[item.path],
        )
    )


def pytest_collection_finish() -> None:
    """What was loaded stays: the collector need not look through thousands of tests again."""
    gc.collect()
    gc.freeze()


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
