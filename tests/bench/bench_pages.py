"""Measure the pages on a PostgreSQL of its own behind two gunicorn workers; asserts nothing.

    python -m tests.bench.bench_pages [--sizes 10000 200000] [--rounds 40] [--keep]

Prints the day, the load of the machine and a Markdown table beside the bare /healthz of the same run: statements, computing time of web
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
    parser.add_argument("--rounds", type=int, default=40)
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
        command = (
            "-m gunicorn portal.wsgi --config python:portal.serving --log-level warning --bind"
        )
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

    def memory(self) -> list[tuple[int, int]]:
        """What each worker holds, in MB: all it can see, and its own share of it (Linux)."""
        found = []
        for worker in children_of(self.process.pid):
            lines = Path(f"/proc/{worker}/smaps_rollup").read_text().splitlines()[1:]
            sizes = {line.split(":")[0]: int(line.split()[1]) // 1024 for line in lines}
            found.append((sizes["Rss"], sizes["Pss"]))
        return found

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


WARMING, SERIES = 20, 3


@dataclass(frozen=True)
class Times:
    """What one page costs: computing time for each request, and what a client waits."""

    cpu: float
    middle: float
    high: float


def measured(act: Callable[[], object], rounds: int, cpu: Callable[[], dict[int, float]]) -> Times:
    """CPU for each request, p50 and p95 of the best of three series of `rounds` runs.

    The best, because the machine may do something else meanwhile; before them twenty runs that are
    not counted, so that each worker has met the page.
    """
    for _ in range(WARMING):
        act()
    return min((series(act, rounds, cpu) for _ in range(SERIES)), key=lambda one: one.middle)


def series(act: Callable[[], object], rounds: int, cpu: Callable[[], dict[int, float]]) -> Times:
    """One series of runs."""
    taken = []
    began = cpu()
    for _ in range(rounds):
        started = time.perf_counter()
        act()
        taken.append((time.perf_counter() - started) * 1000)
    used = sum(now - began[pid] for pid, now in cpu().items() if pid in began) / rounds
    taken.sort()
    return Times(used, statistics.median(taken), taken[int(len(taken) * 0.95) - 1])


def conditions(when: str) -> str:
    """The moment, and how busy the machine is: without these no figure says anything."""
    loads = " ".join(f"{load:.1f}" for load in os.getloadavg())
    return f"{when}: {time.strftime('%Y-%m-%d %H:%M %Z')}, load {loads}, {os.cpu_count()} cores"


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
            print(conditions(f"before {size:,} cases"))
            tables.append((size, bench.measure(house, asked.rounds)))
            print(conditions(f"after {size:,} cases"))
        print(bench.table(tables))
        print(f"\nworkers, in all and their own share: {house.memory()} MB")
        if asked.keep:
            print(
                f"\nhttp://127.0.0.1:{house.port}/board/  cookie sessionid={bench.session('leader')}"
            )
            input("Enter ends it. ")
    finally:
        house.stop()


if __name__ == "__main__":
    main()
