"""Fixtures of the small street of `tests/cast.py`; built once by services, then laid out again."""

import pickle
from typing import Any

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.utils import timezone

from complaints import rules
from governance.services.appointments import word_permissions
from tests.cast import Cast, build_cast

OWN_APPS = ("governance", "grids", "residents")
# Building the street takes a third of a second, laying its rows out again a fraction of it.
_built: dict[Any, tuple[bytes, list[tuple[type[models.Model], bytes]]]] = {}


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """What a process keeps of a database does not outlive it: the next test has another one."""
    rules._remembered.clear()
    cache.clear()


@pytest.fixture
def cast(db: None) -> Cast:
    """和平街道 with everybody in it."""
    ContentType.objects.clear_cache()
    # A flush between transactional tests numbers the permissions anew.
    # Of the same day, or a test that travels in time would leave others its old passwords.
    key = (connection.vendor, timezone.localdate(), *sorted(word_permissions().items()))
    if is_ground_bare() and key in _built:
        return laid_out(*_built[key])
    bare = is_ground_bare()
    built = build_cast()
    if bare:
        _built[key] = pickle.dumps(built), rows_of_the_house()
    return built


def own_models() -> list[type[models.Model]]:
    """The tables that the cast may have filled, each after those it points to."""
    return [model for app in OWN_APPS for model in apps.get_app_config(app).get_models()]


def is_ground_bare() -> bool:
    """Whether the test has put nothing into the house's tables yet."""
    return not any(model._base_manager.exists() for model in own_models())


def rows_of_the_house() -> list[tuple[type[models.Model], bytes]]:
    """Every row that the cast has written."""
    found = []
    for model in own_models():
        rows = list(model._base_manager.order_by("pk"))
        if rows:
            found.append((model, pickle.dumps(rows)))
    return found


@transaction.atomic  # keys are checked at its end: rights come before the accounts they point to
def laid_out(built: bytes, rows: list[tuple[type[models.Model], bytes]]) -> Cast:
    """Write the same rows again, and return the same people as new objects."""
    for model, packed in rows:
        model._base_manager.bulk_create(pickle.loads(packed))  # noqa: S301  # our own rows
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [m for m, _rows in rows]):
            cursor.execute(statement)
    return pickle.loads(built)  # type: ignore[no-any-return]  # noqa: S301
