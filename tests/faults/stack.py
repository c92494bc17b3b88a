"""The street of processes: PostgreSQL, Redis, two web workers, a celery worker and the beat.

All private, each program in a process group of its own, stopped by its remembered number.
"""

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import psycopg2
import redis

from tests.faults.clockwork import under_faketime
from tests.faults.nursery import CELERY, WEB, Nursery
from tests.faults.points import PLAN
from tests.house.reading import ROOT
from tests.laid import LAID, wait_until_laid
from tests.servers import POSTGRES_OPTIONS, Servers, postgres_folder

READY_WITHIN_SECONDS = 60
# A killed server loses nothing that it gave to the kernel, and so it must have given all that it
# has confirmed; only a power cut asks for more.
QUICK = ("max_connections=80", "synchronous_commit=on")
DURABLE = ("max_connections=80", "fsync=on", "synchronous_commit=on", "full_page_writes=on")
WEB_COMMAND = "tests.faults.wsgi:application --config python:portal.serving --log-level warning"
ROWS_OF_A_CASE = {
    "complaints_complaint": "id",
    "complaints_assignment": "complaint_id",
    "complaints_step": "complaint_id",
    "complaints_reminder": "complaint_id",
    "governance_todo": "subject_id",
}
ONE_THREAD_EACH = " --worker-class sync --workers 4"
WORKER_COMMAND = "--quiet worker --concurrency 2 --loglevel INFO --without-gossip --without-mingle"


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_until(true: Callable[[], Any], what: str, seconds: float = READY_WITHIN_SECONDS) -> float:
    """Poll until `true()` holds; returns how long it took, fails after `seconds`."""
    started = time.monotonic()
    while not true():
        if time.monotonic() - started > seconds:
            raise TimeoutError(f"{what}: not within {seconds:.0f} s")
        time.sleep(0.05)
    return time.monotonic() - started


class Program(NamedTuple):
    """A running program of the house."""

    nursery: Nursery
    pid: int


class Stack(Servers):
    """All programs of one street; `settings` are read by whoever starts next."""

    database = "faults_street"
    cluster_options = ("--no-sync", "--data-checksums")

    def __init__(self, *, durable: bool = False) -> None:
        super().__init__()
        self.postgres_options = (*POSTGRES_OPTIONS, *(DURABLE if durable else QUICK))
        self.port = free_port()
        self.house: dict[str, Program] = {}
        self.said: dict[str, int] = {}
        self.cookies: dict[str, dict[str, str]] = {}
        self.settings: dict[str, str] = {}
        self.data = self.folder / "house"
        self.data.mkdir()
        self.plan, self.offset = self.data / "point", self.data / "clock"
        self.offset_seconds = 0
        self.offset.write_text("+0s")
        self.nurseries: dict[bool, Nursery] = {}
        self.has_own_clock = False

    # Servers ------------------------------------------------------------------------------

    def server(self, name: str) -> subprocess.Popen[bytes]:
        """The running PostgreSQL or Redis."""
        fitting = {"postgres": "postgres", "redis": "redis-server"}[name]
        return [one for one in self.running if Path(str(one.args[0])).name == fitting][-1]  # type: ignore[index]

    def stop_postgres(self) -> None:
        """The immediate stop: no checkpoint, every connection cut."""
        server = self.server("postgres")
        server.send_signal(signal.SIGQUIT)
        server.wait(timeout=20)

    def restart_postgres(self) -> None:
        """Start on what the crash has left, and wait until it answers."""
        programs = postgres_folder()
        assert programs
        self.launch_postgres(programs)
        wait_until(self.answers, "PostgreSQL after its crash")

    def answers(self) -> bool:
        """Whether the database takes questions."""
        try:
            self.ask("SELECT 1")
        except psycopg2.OperationalError:
            return False
        return True

    def stop_redis(self) -> None:
        """Gone at once, with all it held."""
        server = self.server("redis")
        server.kill()
        server.wait(timeout=10)

    def restart_redis(self) -> None:
        """Empty again."""
        self.start_redis()
        self.wait_for_redis()

    def flush_redis(self) -> None:
        """Everything queued is gone."""
        redis.Redis(unix_socket_path=str(self.folder / "redis.sock")).flushall()

    def take_over_what_is_laid(self) -> None:
        """Copy the migrated database of this `verify`, if there is one; else migrating takes longer."""
        programs = postgres_folder()
        if programs is None or not wait_until_laid():
            return
        copied = subprocess.run(
            [programs / "pg_dump", "-h", os.environ["PORTAL_TEST_SERVERS"], "-U", "portal", LAID],
            capture_output=True, check=False,
        )  # fmt: skip
        options = ["-h", str(self.folder), "-U", "portal", "-q", "-1", self.database]
        subprocess.run([programs / "psql", *options], input=copied.stdout, check=False,
                       capture_output=True)  # fmt: skip

    def ask(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Rows straight from the database, past the house."""
        with contextlib.closing(
            psycopg2.connect(host=str(self.folder), user="portal", dbname=self.database)
        ) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement, values)
                return list(cursor.fetchall()) if cursor.description else []

    @contextlib.contextmanager
    def holding(self, statement: str, *values: Any) -> Iterator[None]:
        """Somebody holds what `statement` locks, as long as the block lasts."""
        with contextlib.closing(
            psycopg2.connect(host=str(self.folder), user="portal", dbname=self.database)
        ) as connection:
            with connection.cursor() as cursor:
                cursor.execute(statement, values)
            yield

    def wait_for_sweeps(self, count: int) -> None:
        """Until the clock of the house has beaten so many times more."""
        for _beat in range(count):
            before = self.ask("SELECT beaten_at FROM governance_heartbeat WHERE name = 'sweep'")
            wait_until(
                lambda before=before: before
                != self.ask("SELECT beaten_at FROM governance_heartbeat WHERE name = 'sweep'"),
                "a sweep",
            )  # fmt: skip

    # The clock ----------------------------------------------------------------------------

    def move(self, *, to_own_clock: bool) -> None:
        """End the whole house, and start it where its clock can be set (or no longer can).

        Under libfaketime a thread that waits for Python's lock burns its processor (0.9.10, with a
        steady monotonic clock): so the house is there only while its clock is played with.
        """
        self.has_own_clock = to_own_clock
        for name in ("web", "worker", "beat"):
            self.end(name)
        for name in ("web", "worker", "beat"):
            self.again(name)
        wait_until(self.is_web_open, "web")
        wait_until(self.is_worker_ready, "worker")

    def set_clock(self, seconds: int) -> None:
        """Step the wall clock of the whole house to so many seconds from the true one."""
        self.offset.write_text(f"{seconds:+d}s")
        self.offset_seconds = seconds
        time.sleep(1.1)  # the library looks into the file once a second

    @property
    def offset_of_clock(self) -> timedelta:
        """How far the house is from the true time."""
        return timedelta(seconds=self.offset_seconds)

    # The house ----------------------------------------------------------------------------

    def environment(self) -> dict[str, str]:
        """What every process of the house reads; nothing of this machine's own installation."""
        kept = {name: text for name, text in os.environ.items() if not name.startswith("PORTAL_")}
        return kept | {
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "PORTAL_DATABASE_URL": self.database_address,
            "PORTAL_BROKER_URL": self.broker_address,
            "PORTAL_DATA": str(self.data),
            "PORTAL_WEB_WORKERS": "2",
            "PYTHONUNBUFFERED": "1",
            "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",
        }

    def start(self) -> None:
        """The servers, and meanwhile the nurseries read the house."""
        for has_own_clock in (False, True):
            clock = under_faketime(self.offset) if has_own_clock else {}
            self.nurseries[has_own_clock] = Nursery(
                self.environment() | clock, ROOT, self.data / "nursery.log"
            )
        super().start()

    def run(self, kind: str, *arguments: str) -> str:
        """A program of the house that ends by itself; returns what it said."""
        log, nursery = self.data / f"{kind}.log", self.nurseries[False]
        log.unlink(missing_ok=True)
        nursery.wait(nursery.start(kind, *arguments, log=log))
        return log.read_text(errors="replace")

    def start_house(self) -> None:
        """Web, worker and beat."""
        for name in ("web", "worker", "beat"):
            self.begin(name)
        wait_until(self.is_web_open, "web")
        wait_until(self.is_worker_ready, "worker")

    def begin(self, name: str, as_name: str = "") -> None:
        """Start one program of the house in a process group of its own."""
        as_name = as_name or name
        kind, arguments = {
            "web": (WEB, f"{WEB_COMMAND} --bind 127.0.0.1:{self.port}"),
            "worker": (CELERY, WORKER_COMMAND),
            "beat": (CELERY, f"--quiet beat --schedule {self.data}/{as_name} --loglevel WARNING"),
        }[name]
        if name == "web" and self.has_own_clock:
            arguments += ONE_THREAD_EACH
        nursery = self.nurseries[self.has_own_clock]
        more = {PLAN: str(self.plan)} if name == "worker" else {}
        log = self.data / f"{as_name}.log"
        self.said[as_name] = log.stat().st_size if log.exists() else 0
        pid = nursery.start(kind, *arguments.split(), log=log, environment=self.settings | more)
        self.house[as_name] = Program(nursery, pid)

    def end(self, name: str) -> None:
        """`kill -9` for the whole group of one program."""
        program = self.house.pop(name, None)
        if program is not None:
            program.nursery.end(program.pid)

    def fallen(self) -> list[str]:
        """The programs that have ended by themselves, which none of them may."""
        return [name for name, (nursery, pid) in self.house.items() if nursery.has_ended(pid)]

    def again(self, name: str) -> None:
        """What a supervisor does: the dead program is started anew."""
        self.end(name)
        if name == "beat":
            for stale in self.data.glob("beat*"):
                stale.unlink(missing_ok=True)
        self.begin(name)

    def restart(self, name: str) -> None:
        """Start anew and wait until it works."""
        self.again(name)
        if name == "web":
            wait_until(self.is_web_open, "web")
        if name == "worker":
            wait_until(self.is_worker_ready, "worker")

    def children(self, name: str) -> list[int]:
        """The processes below a program of the house."""
        parent = self.house[name].pid
        listed = subprocess.run(
            ["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True
        )
        pairs = [line.split() for line in listed.stdout.splitlines()]
        return sorted(int(pid) for pid, ppid in pairs if int(ppid) == parent)

    def is_web_open(self) -> bool:
        """Whether a web process takes connections."""
        with socket.socket() as caller:
            return caller.connect_ex(("127.0.0.1", self.port)) == 0

    def is_worker_ready(self) -> bool:
        """Whether the worker has said so since it was started."""
        return self.times_said("worker", " ready.") > 0

    def times_said(self, name: str, words: str) -> int:
        """How often these words stand in the log of a program since it was started."""
        log = (self.data / f"{name}.log").read_bytes()[self.said[name] :]
        return log.count(words.encode())

    def stop(self, owner: int) -> None:
        """End every program of the house, then the servers."""
        if os.getpid() == owner:
            for name in list(self.house):
                self.end(name)
            for nursery in self.nurseries.values():
                nursery.close()
            self.nurseries.clear()
        super().stop(owner)

    def keep_traces(self, name: str, found: str) -> Path:
        """Keep the logs, and every row about the cases that `found` names, beside the build."""
        kept = ROOT / "build" / "faults" / name
        shutil.rmtree(kept, ignore_errors=True)
        kept.mkdir(parents=True)
        for log in self.logs():
            shutil.copy(log, kept)
        rows = {
            f"case {case} {table}": [
                row
                for (row,) in self.ask(f"SELECT to_jsonb(t) FROM {table} t WHERE {key} = %s", case)
            ]
            for case in sorted({int(number) for number in re.findall(r"\bcase (\d+)", found)})[:20]
            for table, key in ROWS_OF_A_CASE.items()
        }
        (kept / "rows.json").write_text(json.dumps(rows, ensure_ascii=False, indent=1, default=str))
        return kept

    def logs(self) -> list[Path]:
        """What every program and server has said."""
        return sorted([*self.data.glob("*.log"), *self.folder.glob("*.log")])

    def last_words(self) -> str:
        """The ends of the logs, for a failure."""
        return "\n".join(
            f"── {log.name}\n{log.read_text(errors='replace')[-1500:]}" for log in self.logs()
        )
