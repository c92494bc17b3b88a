"""Fixtures of the small street of `tests/cast.py`; built once by services, then laid out again."""

import pickle
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from functools import cache as cache_of_process
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection, models, transaction
from django.utils import timezone, translation

from complaints import rules
from complaints.services.defaults import load_defaults
from governance.models import AuditHead
from governance.services import calendar
from governance.services.appointments import word_permissions
from governance.services.defaults import load_office_hours
from tests.cast import Cast, build_cast
from tests.laid import LAID, wait_until_laid

OWN_APPS = ("governance", "grids", "residents", "complaints")
# Where PostgreSQL keeps what is laid out again, beside the tables of the house.
ASIDE = "again"
Rows = dict[type[models.Model], dict[Any, tuple[Any, ...]]]


@dataclass
class Built:
    """What a builder returned, pickled, the rows it wrote, and the function that writes them again."""

    packed: bytes
    rows: Rows
    function: str = ""


# Building takes a third of a second; laying the same rows out again a twentieth of that.
_built: dict[Any, Built] = {}


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """What a process keeps of a database does not outlive it: the next test has another one."""
    rules._remembered.clear()
    cache.clear()
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Begin with a copy of the migrated database where `verify` laid one."""
    if wait_until_laid():
        connection.settings_dict["TEST"]["TEMPLATE"] = LAID


@pytest.fixture
def cast(db: None) -> Cast:
    """和平街道 with everybody in it."""
    ContentType.objects.clear_cache()
    built: Cast = the_same_again("cast", build_cast)
    return built


def cast_with_rules() -> Cast:
    """The cast, and the rules and calendars every street begins with, in one go."""
    ContentType.objects.clear_cache()
    built: Cast = the_same_again("office", build_office)
    return built


def build_office() -> Cast:
    """By the services, as a new installation does."""
    built = build_cast()
    load_office_hours()
    calendar.load_defaults()
    load_defaults()
    return built


def the_same_again(name: str, build: Callable[[], Any]) -> Any:
    """What `build` returns; the second time its rows are written without asking the services.

    Only on the same ground: the same day (a test that travels in time would leave others its old
    passwords), as many rows in each table, the same end of the audit chain, and the same numbers
    of the permissions.
    """
    key = (
        name, connection.vendor, timezone.localdate(), tuple(sorted(word_permissions().items())),
        row_counts(), tuple(AuditHead._base_manager.values_list()),
    )  # fmt: skip
    if key not in _built:
        before = all_rows()
        found = build()
        _built[key] = Built(pickle.dumps(found), written_since(before))
        return found
    lay_out(_built[key])
    return pickle.loads(_built[key].packed)  # noqa: S301  # our own rows


def own_models() -> list[type[models.Model]]:
    """The tables of the house."""
    return [
        model
        for app in OWN_APPS
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
    ]


def row_counts() -> tuple[int, ...]:
    """How many rows each table of the house holds."""
    counts = ", ".join(f"(SELECT COUNT(*) FROM {model._meta.db_table})" for model in own_models())
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            make_counting_function(counts)
            is_untouched = connection.in_atomic_block and nothing_written(cursor)
            return untouched_counts() if is_untouched else counted(cursor)
        cursor.execute(f"SELECT {counts}")
        return tuple(cursor.fetchone())


def nothing_written(cursor: Any) -> bool:
    """Whether this transaction has changed nothing so far: it has no number yet."""
    cursor.execute("SELECT pg_current_xact_id_if_assigned() IS NULL")
    return bool(cursor.fetchone()[0])


@cache_of_process
def untouched_counts() -> tuple[int, ...]:
    """What a test finds that lives in one transaction; those that commit clear up after themselves."""
    with connection.cursor() as cursor:
        return counted(cursor)


def counted(cursor: Any) -> tuple[int, ...]:
    """Every row is counted; dead ones of thousands of tests lie between them."""
    cursor.execute(f"SELECT {ASIDE}.row_counts()")
    return tuple(cursor.fetchone()[0])


@cache_of_process
def make_counting_function(counts: str) -> None:
    """Ninety tables are planned once for a connection, not once for a test."""
    execute_aside(
        f"DROP SCHEMA IF EXISTS {ASIDE} CASCADE",
        f"CREATE SCHEMA {ASIDE}",
        f"CREATE FUNCTION {ASIDE}.row_counts() RETURNS bigint[] LANGUAGE plpgsql AS"
        f" $$ BEGIN RETURN ARRAY[{counts}]; END $$",
    )


def all_rows() -> Rows:
    """Every row of the house by its table and key, as the database keeps it."""
    found: Rows = {}
    with connection.cursor() as cursor:
        for model in own_models():
            names = ", ".join(columns(model))
            cursor.execute(f"SELECT {names} FROM {model._meta.db_table}")
            found[model] = {row[0]: row for row in map(tuple, cursor.fetchall())}
    return found


def columns(model: type[models.Model]) -> list[str]:
    """The names of the table's columns, its key first."""
    key, *others = sorted(model._meta.concrete_fields, key=lambda field: not field.primary_key)
    return [f'"{field.column}"' for field in (key, *others)]


def written_since(before: Rows) -> Rows:
    """The rows that are new or no longer the same."""
    now = all_rows()
    changed = {
        model: {key: row for key, row in rows.items() if before[model].get(key) != row}
        for model, rows in now.items()
    }
    return {model: rows for model, rows in changed.items() if rows}


def lay_out(built: Built) -> None:
    """Write rows as they were written before; guards and keys were asked the first time."""
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for model, rows in built.rows.items():
                replace_rows(cursor, model, list(rows.values()))
            return
        built.function = built.function or make_laying_function(built.rows)
        cursor.execute(f"SELECT {built.function}()")


def make_laying_function(written: Rows) -> str:
    """Keep the rows in PostgreSQL itself, with a function that writes them again; its name.

    A row that stands is overwritten.
    """
    schema = f"{ASIDE}_{sum(1 for built in _built.values() if built.function)}"
    statements: list[Any] = [f"DROP SCHEMA IF EXISTS {schema} CASCADE", f"CREATE SCHEMA {schema}"]
    laying = []
    for model, rows in written.items():
        table, names = model._meta.db_table, columns(model)
        marks = ", ".join(["({})".format(", ".join(["%s"] * len(names)))] * len(rows))
        news = ", ".join(f"{name} = EXCLUDED.{name}" for name in names)
        listed = ", ".join(names)
        statements += [
            f"CREATE TABLE {schema}.{table} (LIKE public.{table})",
            (
                f"INSERT INTO {schema}.{table} ({listed}) VALUES {marks}",
                [value for row in rows.values() for value in row],
            ),
        ]
        laying.append(
            f"INSERT INTO public.{table} ({listed}) SELECT {listed} FROM {schema}.{table}"
            f" ON CONFLICT ({names[0]}) DO UPDATE SET {news};"
        )
    execute_aside(
        *statements,
        f"CREATE FUNCTION {schema}.lay_out() RETURNS void LANGUAGE plpgsql"
        f" SET session_replication_role = replica AS $$ BEGIN {' '.join(laying)} END $$",
    )
    return f"{schema}.lay_out"


def execute_aside(*statements: str | tuple[str, list[Any]]) -> None:
    """Past the transaction of the test, which is rolled back at its end."""
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            for statement in statements:
                cursor.execute(*([statement] if isinstance(statement, str) else statement))
    finally:
        other.close()


def replace_rows(cursor: Any, model: type[models.Model], rows: list[tuple[Any, ...]]) -> None:
    """On SQLite, which keeps days, moments and decimals as text."""
    names = columns(model)
    marks = ", ".join(["%s"] * len(names))
    texts = date | time | Decimal
    cursor.executemany(
        f"INSERT OR REPLACE INTO {model._meta.db_table} ({', '.join(names)}) VALUES ({marks})",
        [[str(value) if isinstance(value, texts) else value for value in row] for row in rows],
    )
