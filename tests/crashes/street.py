"""A committed street on PostgreSQL, copied for each try, and child processes that live on a copy."""

import os
import pickle
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import psycopg2
from django.apps import apps
from django.conf import settings
from django.db import connection

from governance import points

# Drawn anew by each process and meaning nothing: salts, digests, names of files, ids, sealed words.
DRAWN_BY_LOT = (
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|([0-9a-f]{2}/)?[0-9a-f]{16,}|k1:[A-Za-z0-9_=-]{20,}"
)
CODE_ON_A_WALL = r"(?<=,)[0-9a-z]{10}(?=,)"
# The audit lines of a sign-in and the session itself are no part of a deed.
BESIDE_THE_DEED = ("django_session",)
kept_open: list[Any] = []


# A table, a row of it as text, and how often it is there.
Row = tuple[str, str, int]


class Told(NamedTuple):
    """What a child process said before it ended; nothing but the points when it was killed."""

    points: list[str]
    value: Any = None
    is_dead: bool = False


class Databases:
    """Copies of one street; each is thrown away after its try."""

    def __init__(self) -> None:
        self.own = connection.settings_dict["NAME"]
        self.street = f"{self.own}_crash"
        self.count = 0
        mine = connection.settings_dict
        self.place = {"host": mine["HOST"], "user": mine["USER"]}
        connection.close()
        self.admin = psycopg2.connect(**self.place, dbname="postgres")
        self.admin.autocommit = True
        self.drop(self.street)
        self.copy(self.own, self.street)
        self.sequences: dict[str, int] = {}
        self.files: dict[Path, bytes] = {}
        self.tables = sorted(
            model._meta.db_table
            for model in apps.get_models(include_auto_created=True)
            if model._meta.managed and model._meta.db_table not in BESIDE_THE_DEED
        )

    def built(self) -> None:
        """The street stands: from now on it is only copied."""
        connection.close()
        rows = self.ask(self.street, "SELECT sequencename, last_value FROM pg_sequences")
        self.sequences = {name: last or 0 for name, last in rows}
        self.files = {path: path.read_bytes() for path in stored_files()}

    def copy(self, template: str, name: str) -> None:
        """A database like another one, to which nobody may be connected."""
        self.tell(f"CREATE DATABASE {name} TEMPLATE {template}")

    def drop(self, name: str) -> None:
        """Away with it, whoever is still connected."""
        self.tell(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def tell(self, sql: str) -> None:
        """One statement of the server's keeper."""
        with self.admin.cursor() as cursor:
            cursor.execute(sql)

    def ask(self, name: str, sql: str) -> list[tuple[Any, ...]]:
        """The rows of one statement on a copy."""
        there = psycopg2.connect(**self.place, dbname=name)
        try:
            with there, there.cursor() as cursor:
                cursor.execute(sql)
                return list(cursor.fetchall())
        finally:
            there.close()

    @contextmanager
    def a_copy(self) -> Iterator[str]:
        """A fresh copy of the street for one try, with its photos as they were."""
        for path, content in self.files.items():
            path.write_bytes(content)
        self.count += 1
        name = f"{self.street}_{self.count}"
        self.copy(self.street, name)
        try:
            yield name
        finally:
            self.drop(name)

    def rows(self, name: str) -> set[Row]:
        """Every row of every table as text, with how often it is there, lots made equal."""
        union = " UNION ALL ".join(
            f"SELECT '{table}' AS place, t::text AS line FROM {table} t" for table in self.tables
        )
        masked = f"regexp_replace(line, '{DRAWN_BY_LOT}', '#', 'g')"
        code = f"regexp_replace(line, '{CODE_ON_A_WALL}', '#')"
        masked = f"CASE place WHEN 'complaints_placecode' THEN {code} ELSE {masked} END"
        sql = f"SELECT place, {masked}, count(*) FROM ({union}) AS everything GROUP BY 1, 2"
        return set(self.ask(name, sql))

    def forget_burnt_numbers(self, name: str) -> None:
        """Numbers that a dead process took and never used are free again, so that rows compare."""
        rows = self.ask(name, "SELECT sequencename, last_value FROM pg_sequences")
        moved = [one for one, last in rows if (last or 0) != self.sequences[one]]
        sets = [
            f"(SELECT setval('{one}', greatest(last, 1), last > 0) FROM (SELECT greatest("
            f"coalesce(max(id), 0), {self.sequences[one]}) AS last"
            f" FROM {one.removesuffix('_id_seq')}) AS used)"
            for one in moved
        ]
        if sets:
            self.ask(name, f"SELECT {', '.join(sets)}")

    def away(self) -> None:
        """Nothing is left of it."""
        self.drop(self.street)
        self.admin.close()


def stored_files() -> list[Path]:
    """Every photo and sheet that is kept beside the database."""
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def on_database(name: str) -> None:
    """This process works on another database; the old connection belongs to somebody else."""
    if connection.connection is not None:
        kept_open.append(connection.connection)
        connection.connection = None
    connection.settings_dict["NAME"] = name


def in_child(
    database: str,
    act: Callable[[], Any],
    *,
    dies_at: int | None = None,
    strike: Callable[[], None] | None = None,
) -> Told:
    """Run `act` in a process of its own on `database`; it dies at the named point of this number.

    Points are counted as they are reached, from 0; `strike` is a gentler death for controls.
    """
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read_end)
        live_as_child(database, act, dies_at, strike or die, write_end)
    os.close(write_end)
    with os.fdopen(read_end, "rb") as pipe:
        said = pipe.read()
    _pid, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return Told(points=[], is_dead=True)
    kind, value = pickle.loads(said)  # noqa: S301  # our own child
    if kind == "failed":
        raise AssertionError(value)
    return Told(*value)


def live_as_child(
    database: str,
    act: Callable[[], Any],
    dies_at: int | None,
    strike: Callable[[], None],
    write_end: int,
) -> None:
    """The whole life of a child; never returns."""
    reached: list[str] = []

    def come_to(point: str) -> None:
        reached.append(point)
        if dies_at is not None and len(reached) - 1 == dies_at:
            strike()

    try:
        on_database(database)
        points.strike = come_to
        value = act()
        come_to("before_reply")
        said = pickle.dumps(("ended", (reached, value)))
    except BaseException as problem:
        said = pickle.dumps(("failed", f"{type(problem).__name__}: {problem}"))
    with os.fdopen(write_end, "wb") as pipe:
        pipe.write(said)
    os._exit(0)


def die() -> None:
    """As the machine would: nothing is said, closed or taken back."""
    os.kill(os.getpid(), signal.SIGKILL)


def differences(found: set[Row], wanted: set[Row]) -> list[str]:
    """What is there too much and what is missing, shortened."""
    more = [f"+ {place} ×{count} {line}"[:260] for place, line, count in sorted(found - wanted)]
    less = [f"- {place} ×{count} {line}"[:260] for place, line, count in sorted(wanted - found)]
    return more + less
