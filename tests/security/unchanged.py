"""Refused means unchanged: what was written is seen, and compared with the whole database."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction

Fingerprint = dict[str, tuple[int, str]]
WRITES = re.compile(
    r"^\s*(?:INSERT(?:\s+OR\s+\w+)?\s+INTO|UPDATE|DELETE\s+FROM|REPLACE\s+INTO)\s+\"?(\w+)", re.I
)
# Signing in, looking and being refused leave traces here, and are meant to.
TRACES = frozenset(
    {
        "django_session",
        "axes_accessattempt",
        "axes_accesslog",
        "axes_accessfailurelog",
        "axes_accessattemptexpiration",
        "governance_auditentry",
        "governance_audithead",
    }
)


class Written:
    """The tables into which statements wrote, traces aside."""

    def __init__(self) -> None:
        self.tables: list[str] = []

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found = WRITES.match(sql)
        if found and found.group(1) not in TRACES:
            self.tables.append(found.group(1))
        return execute(sql, params, many, context)


@contextmanager
def watched() -> Iterator[Written]:
    """Note every statement that writes, other than traces."""
    written = Written()
    with connection.execute_wrapper(written):
        yield written


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside is taken back at the end, so that every request meets the same street."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def fingerprint(only: Iterable[str] = ()) -> Fingerprint:
    """Number of rows and MD5 of all rows in order, of every table except traces, or of some."""
    chosen = set(only)
    return {
        model._meta.db_table: of_table(model)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed
        and model._meta.db_table not in TRACES
        and (not chosen or model._meta.db_table in chosen)
    }


def changed(before: Fingerprint, after: Fingerprint | None) -> set[str]:
    """Names of the tables that are not as they were; `after` may hold only some."""
    return {name for name, rows in (after or {}).items() if rows != before[name]}


def of_table(model: type[models.Model]) -> tuple[int, str]:
    """Row count and MD5 of one table."""
    digest = hashlib.md5(usedforsecurity=False)
    count = 0
    for row in model._base_manager.order_by("pk").values_list():
        digest.update(repr(row).encode())
        count += 1
    return count, digest.hexdigest()
