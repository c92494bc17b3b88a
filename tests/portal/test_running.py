"""`manage.py up` from the first line to the last: it opens, answers, stops and leaves nobody behind."""

import contextlib
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tests.house.reading import ROOT

READY_WITHIN_SECONDS = 60
STOPPED_WITHIN_SECONDS = 15
CLOCK_WITHIN_SECONDS = 40
pytestmark = pytest.mark.long


class House:
    """A portal started like a person starts it, with data of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.log = folder / "up.log"
        kept = {name: text for name, text in os.environ.items() if not name.startswith("PORTAL_")}
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "up", "--port", str(self.port)],
                cwd=ROOT,
                env=kept | {"PORTAL_DATA": str(folder / "data")},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def wait_until_announced(self) -> str:
        """What was printed up to the line that says how to stop."""
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        while "Press Ctrl-C" not in self.printed():
            assert self.process.poll() is None, self.printed()
            assert time.monotonic() < deadline, self.printed()
            time.sleep(0.2)
        return self.printed()

    def printed(self) -> str:
        """Everything on its terminal so far."""
        return self.log.read_text(errors="replace")

    def stop(self, how: signal.Signals) -> int:
        """Send a signal as the terminal would, and wait for the end."""
        os.killpg(self.process.pid, how)
        return self.process.wait(timeout=STOPPED_WITHIN_SECONDS)

    def wait_until_the_clock_beats(self) -> bool:
        """Whether the sweep ran: web, queue and worker share one database and one broker."""
        deadline = time.monotonic() + CLOCK_WITHIN_SECONDS
        address = f"file:{self.folder}/data/portal.sqlite3?mode=ro"
        while time.monotonic() < deadline:
            with contextlib.closing(sqlite3.connect(address, uri=True)) as database:
                if database.execute("SELECT count(*) FROM governance_heartbeat").fetchone()[0]:
                    return True
            time.sleep(0.5)
        return False

    def street(self) -> list[tuple[int, str]]:
        """The organisations in its database."""
        address = f"file:{self.folder}/data/portal.sqlite3?mode=ro"
        with contextlib.closing(sqlite3.connect(address, uri=True)) as database:
            found = database.execute("SELECT id, name FROM governance_organisation ORDER BY id")
            return found.fetchall()

    def left_behind(self) -> list[str]:
        """Processes of this house still there a moment later, by the numbers that it printed."""
        groups = re.findall(r"started \(pid=(\d+)\)", self.printed())
        assert len(groups) == 2
        deadline = time.monotonic() + 3
        while (found := alive_in(groups)) and time.monotonic() < deadline:
            time.sleep(0.1)
        return found


def alive_in(groups: list[str]) -> list[str]:
    """The living processes of these groups; one that only waits to be counted out is dead."""
    listed = subprocess.run(
        ["ps", "-eo", "pgid=,stat=,command="], capture_output=True, text=True, check=True
    )
    rows = [line.split(maxsplit=2) for line in listed.stdout.splitlines()]
    return [" ".join(row) for row in rows if row[0] in groups and not row[1].startswith("Z")]


def free_port() -> int:
    """A port that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.timeout(240)
def test_up_opens_the_portal_stops_all_of_it_and_finds_everything_again(tmp_path: Path) -> None:
    house = House(tmp_path)
    try:
        printed = house.wait_until_announced()
        with urllib.request.urlopen(f"http://127.0.0.1:{house.port}/accounts/login/") as page:
            answer = page.status

        assert answer == 200
        assert f"http://127.0.0.1:{house.port}/" in printed
        assert house.wait_until_the_clock_beats(), house.printed()
        assert house.stop(signal.SIGINT) == 0
        assert house.left_behind() == []
        street = house.street()

        house = House(tmp_path)
        house.wait_until_announced()
        house.stop(signal.SIGHUP)  # as a closed terminal does

        assert house.left_behind() == []
        assert house.street() == street
    finally:
        if house.process.poll() is None:
            house.stop(signal.SIGTERM)
