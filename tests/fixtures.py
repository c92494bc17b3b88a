"""Fixtures of the small street of `tests/cast.py`; built once by services, then laid out again."""

import pickle
from collections.abc import Callable
from datetime import date, time
from decimal import Decimal
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
Rows = dict[type[models.Model], dict[Any, tuple[Any, ...]]]
# Building takes a third of a second; laying the same rows out again a twentieth of that.
_built: dict[Any, tuple[bytes, Rows]] = {}


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


def load_rules() -> None:
    """The rules and calendars every street begins with."""
    the_same_again("rules", load_them)


def load_them() -> None:
    """By the services, as a new installation does."""
    load_office_hours()
    calendar.load_defaults()
    load_defaults()


def the_same_again(name: str, build: Callable[[], Any]) -> Any:
    """What `build` returns; the second time its rows are written without asking the services.

    Only on the same ground: the same day (a test that travels in time would leave others its old
    passwords), as many rows in each table, the same end of the audit chain, and the same numbers
    of the permissions, which a flush between transactional tests gives anew.
    """
    key = (
        name, connection.vendor, timezone.localdate(), tuple(sorted(word_permissions().items())),
        row_counts(), tuple(AuditHead._base_manager.values_list()),
    )  # fmt: skip
    if key not in _built:
        before = all_rows()
        built = build()
        _built[key] = pickle.dumps(built), written_since(before)
        return built
    packed, rows = _built[key]
    lay_out(rows)
    return pickle.loads(packed)  # noqa: S301  # our own rows


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
        cursor.execute(f"SELECT {counts}")
        return tuple(cursor.fetchone())


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


@transaction.atomic
def lay_out(written: Rows) -> None:
    """Write rows as they were written before; guards and keys were asked the first time."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for model, rows in written.items():
                replace_rows(cursor, model, list(rows.values()))
            return
        cursor.execute("SET LOCAL session_replication_role = replica")
        for model, rows in written.items():
            insert_rows(cursor, model, list(rows.values()))
        cursor.execute("SET LOCAL session_replication_role = origin")


def insert_rows(cursor: Any, model: type[models.Model], rows: list[tuple[Any, ...]]) -> None:
    """On PostgreSQL: all rows in one statement; a row that stands is overwritten."""
    names = columns(model)
    marks = ", ".join(["({})".format(", ".join(["%s"] * len(names)))] * len(rows))
    news = ", ".join(f"{name} = EXCLUDED.{name}" for name in names)
    cursor.execute(
        f"INSERT INTO {model._meta.db_table} ({', '.join(names)}) VALUES {marks}"
        f" ON CONFLICT ({names[0]}) DO UPDATE SET {news}",
        [value for row in rows for value in row],
    )


def replace_rows(cursor: Any, model: type[models.Model], rows: list[tuple[Any, ...]]) -> None:
    """On SQLite, which keeps days, moments and decimals as text."""
    names = columns(model)
    marks = ", ".join(["%s"] * len(names))
    texts = date | time | Decimal
    cursor.executemany(
        f"INSERT OR REPLACE INTO {model._meta.db_table} ({', '.join(names)}) VALUES ({marks})",
        [[str(value) if isinstance(value, texts) else value for value in row] for row in rows],
    )
