"""The street of processes: PostgreSQL, Redis, two web workers, a celery worker and the beat.

All private, each program in a process group of its own, stopped by its remembered number.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg2
import redis

from tests.faults.points import PLAN
from tests.house.reading import ROOT
from tests.servers import Servers, postgres_folder

READY_WITHIN_SECONDS = 60
DURABLE = (
    "fsync=on",
    "synchronous_commit=on",
    "full_page_writes=on",
    "listen_addresses=",
    "max_connections=80",
    "shared_buffers=64MB",
    "timezone=UTC",
)
CELERY = "-m celery --quiet --app tests.faults.clock"
FAKETIME = ("usr/lib/*/faketime/libfaketime.so.1", "usr/lib/faketime/libfaketime.so.1")


def faketime_library() -> Path | None:
    """libfaketime, where it is installed (Linux)."""
    return next((path for pattern in FAKETIME for path in Path("/").glob(pattern)), None)


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


class Stack(Servers):
    """All programs of one street; `settings` are read by whoever starts next."""

    database = "faults_street"
    postgres_options = DURABLE
    cluster_options = ("--data-checksums",)

    def __init__(self) -> None:
        super().__init__()
        self.port = free_port()
        self.house: dict[str, subprocess.Popen[bytes]] = {}
        self.settings: dict[str, str] = {}
        self.data = self.folder / "house"
        self.data.mkdir()
        self.plan, self.offset = self.data / "point", self.data / "clock"
        self.offset_seconds = 0
        self.offset.write_text("+0s")

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

    def ask(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Rows straight from the database, past the house."""
        with contextlib.closing(
            psycopg2.connect(host=str(self.folder), user="portal", dbname=self.database)
        ) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement, values)
                return list(cursor.fetchall()) if cursor.description else []

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
            **self.settings,
        }

    def clock_of_its_own(self) -> dict[str, str]:
        """With libfaketime: wall clock from the file, steady clock as it is."""
        library = faketime_library()
        if library is None:
            return {}
        return {
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(self.offset),
            "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "PYTHONPATH": str(ROOT / "tests/faults/preload"),
        }

    def set_clock(self, seconds: int) -> None:
        """Step the wall clock of the whole house to so many seconds from the true one."""
        self.offset.write_text(f"{seconds:+d}s")
        self.offset_seconds = seconds
        time.sleep(1.1)  # the library looks into the file once a second

    @property
    def offset_of_clock(self) -> timedelta:
        """How far the house is from the true time."""
        return timedelta(seconds=self.offset_seconds)

    def python(self, *arguments: str, seconds: float = 120) -> subprocess.CompletedProcess[str]:
        """Run a program of the house to its end."""
        return subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, env=self.environment(), timeout=seconds,
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    def start_house(self) -> None:
        """Web, worker and beat."""
        for name in ("web", "worker", "beat"):
            self.begin(name)
        wait_until(self.is_web_open, "web")
        wait_until(self.is_worker_ready, "worker")

    def begin(self, name: str, as_name: str = "") -> None:
        """Start one program of the house in a process group of its own."""
        as_name = as_name or name
        commands = {
            "web": "-m gunicorn tests.faults.wsgi:application --config python:portal.serving"
            f" --log-level warning --bind 127.0.0.1:{self.port}",
            "worker": f"{CELERY} worker --concurrency 2 --loglevel INFO --without-gossip"
            " --without-mingle",
            "beat": f"{CELERY} beat --schedule {self.data}/{as_name} --loglevel WARNING",
        }
        more = {PLAN: str(self.plan)} if name == "worker" else {}
        log = self.data / f"{as_name}.log"
        with log.open("wb") as stream:
            self.house[as_name] = subprocess.Popen(
                [sys.executable, *commands[name].split()], cwd=ROOT, stdout=stream, stderr=stream,
                env=self.environment() | self.clock_of_its_own() | more, start_new_session=True,
            )  # fmt: skip

    def end(self, name: str) -> None:
        """`kill -9` for the whole group of one program."""
        program = self.house.pop(name, None)
        if program is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(program.pid, signal.SIGKILL)
            program.wait(timeout=10)

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
        """The processes below a program of the house (Linux)."""
        parent = self.house[name].pid
        found = []
        for status in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                if int(status.read_text().rpartition(")")[2].split()[1]) == parent:
                    found.append(int(status.parent.name))
        return sorted(found)

    def is_web_open(self) -> bool:
        """Whether a web process takes connections."""
        with socket.socket() as caller:
            return caller.connect_ex(("127.0.0.1", self.port)) == 0

    def is_worker_ready(self) -> bool:
        """Whether the worker has said so since it was started."""
        return b" ready." in (self.data / "worker.log").read_bytes()

    def stop(self, owner: int) -> None:
        """End every program of the house, then the servers."""
        if os.getpid() == owner:
            for name in list(self.house):
                self.end(name)
        super().stop(owner)

    def last_words(self) -> str:
        """The ends of the logs, for a failure."""
        logs: Iterator[Path] = iter(sorted([*self.data.glob("*.log"), *self.folder.glob("*.log")]))
        return "\n".join(
            f"── {log.name}\n{log.read_text(errors='replace')[-1500:]}" for log in logs
        )
