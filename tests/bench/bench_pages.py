"""Measure the pages on a PostgreSQL of its own behind two gunicorn workers; asserts nothing.

    python -m tests.bench.bench_pages [--sizes 10000 200000] [--rounds 60] [--keep]

Prints a Markdown table beside the bare /healthz of the same run: statements, computing time of web
worker and database for each request (it hardly depends on what else runs), p50 and p95. `--keep` leaves the house open with an account `leader` until Enter is pressed.
"""

import argparse
import importlib
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import django

from tests.house.reading import ROOT
from tests.servers import start_once


def arguments() -> argparse.Namespace:
    """What the caller asks for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 200_000])
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--keep", action="store_true")
    return parser.parse_args()


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


class House:
    """Two gunicorn workers on a port of their own."""

    def __init__(self) -> None:
        self.port = free_port()
        command = "-m gunicorn portal.wsgi --workers 2 --log-level warning --bind"
        self.process = subprocess.Popen(
            [sys.executable, *command.split(), f"127.0.0.1:{self.port}"], cwd=ROOT
        )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with socket.socket() as caller:
                if caller.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.1)
        raise TimeoutError("gunicorn did not open its port")

    def memory(self) -> list[int]:
        """Resident memory of the workers in MB (Linux)."""
        pages = [int(fields[21]) for fields in children_of(self.process.pid).values()]
        return [count * os.sysconf("SC_PAGE_SIZE") // 2**20 for count in pages]

    def cpu_milliseconds(self) -> dict[int, float]:
        """What each worker and each database process has computed so far."""
        postmaster = Path(os.environ["PORTAL_TEST_SERVERS"], "data/postmaster.pid")
        database = int(postmaster.read_text().split()[0])
        tick = 1000 / os.sysconf("SC_CLK_TCK")
        both = children_of(self.process.pid) | children_of(database)
        return {pid: (int(f[11]) + int(f[12])) * tick for pid, f in both.items()}

    def stop(self) -> None:
        """End the workers."""
        self.process.terminate()
        self.process.wait(timeout=20)


def children_of(parent: int) -> dict[int, list[str]]:
    """The status of each child of a process, from its state on (Linux; elsewhere none)."""
    found = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent:
            found[int(status.parent.name)] = fields
    return found


@dataclass(frozen=True)
class Times:
    """What one page costs: computing time for each request, and what a client waits."""

    cpu: float
    middle: float
    high: float


def measured(act: Callable[[], object], rounds: int, cpu: Callable[[], dict[int, float]]) -> Times:
    """CPU for each request, p50 and p95 of `rounds` runs, after three that are not counted."""
    for _ in range(3):
        act()
    taken = []
    began = cpu()
    for _ in range(rounds):
        started = time.perf_counter()
        act()
        taken.append((time.perf_counter() - started) * 1000)
    used = sum(now - began[pid] for pid, now in cpu().items() if pid in began) / rounds
    taken.sort()
    return Times(used, statistics.median(taken), taken[int(len(taken) * 0.95) - 1])


def main() -> None:
    """Build, measure, print."""
    asked = arguments()
    folder = tempfile.mkdtemp(prefix="bench-")
    os.environ.setdefault("PORTAL_DATA", folder)
    os.environ.setdefault("PORTAL_STATEMENT_TIMEOUT", "600s")
    start_once()
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    # Django reads its settings here; the servers must be known by then.
    django.setup()
    bench = importlib.import_module("tests.bench.pages")
    bench.build()
    house = House()
    try:
        tables = []
        for size in asked.sizes:
            bench.fill_up_to(size)
            tables.append((size, bench.measure(house, asked.rounds)))
        print(bench.table(tables))
        print(f"\nworkers: {house.memory()} MB")
        if asked.keep:
            print(
                f"\nhttp://127.0.0.1:{house.port}/board/  cookie sessionid={bench.session('leader')}"
            )
            input("Enter ends it. ")
    finally:
        house.stop()


if __name__ == "__main__":
    main()
