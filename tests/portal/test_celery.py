"""The queue as it runs in production: a real worker, a real Redis, a killed process."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection

from governance.models import Heartbeat
from portal.celery import app, transport_options
from tests.house.reading import ROOT
from tests.portal.slow_task import rest

WITHIN_SECONDS = 30

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("on_postgres", "redis_broker"),
]


@pytest.fixture
def queue(request: pytest.FixtureRequest) -> str:
    """A queue of this test alone: other tests run at the same time on the same Redis."""
    return f"{request.node.name}-{os.getpid()}"


@pytest.fixture
def worker(queue: str, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """One worker with two processes on the database of this test."""
    parts = connection.settings_dict
    address = f"postgresql://{parts['USER']}@/{parts['NAME']}?host={parts['HOST']}"
    command = [sys.executable, "-m", "celery", "--app", "portal.celery", "worker"]
    options = ["--queues", queue, "--concurrency", "1", "--include", "tests.portal.slow_task"]
    with (tmp_path / "worker.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, *options, "--without-gossip", "--without-mingle"],
            cwd=ROOT,
            env=os.environ | {"PORTAL_DATABASE_URL": address},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    yield process
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def eventually(question: Callable[[], bool]) -> bool:
    """Ask until the answer is yes or the time is up."""
    deadline = time.monotonic() + WITHIN_SECONDS
    while not question():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def send(task: str, queue: str, *arguments: object) -> None:
    """Publish as beat does; the queue is ours."""
    app.send_task(task, args=arguments, queue=queue)


def lines(diary: Path) -> list[str]:
    """The diary so far."""
    return diary.read_text().splitlines() if diary.exists() else []


def test_a_worker_runs_the_sweep_and_the_clock_beats(worker, queue):
    send("complaints.tasks.sweep", queue)

    assert eventually(lambda: Heartbeat.objects.filter(name="sweep").exists())


def test_a_task_whose_process_is_killed_is_done_by_another(worker, queue, tmp_path):
    diary = tmp_path / "diary"
    send(rest.name, queue, str(diary), 1.5)
    assert eventually(lambda: len(lines(diary)) == 1)
    first = lines(diary)[0].split()[1]
    os.kill(int(first), signal.SIGKILL)

    assert eventually(lambda: any(line.startswith("ended") for line in lines(diary)))
    assert f"ended {first}" not in lines(diary)
    assert len([line for line in lines(diary) if line.startswith("began")]) == 2


def test_publishing_to_a_dead_broker_fails_at_once_instead_of_waiting(tmp_path):
    address = f"redis+socket://{tmp_path}/nobody.sock"
    started = time.monotonic()
    with (
        app.connection_for_write(address, transport_options=transport_options(address)) as broken,
        pytest.raises(Exception, match=r"(?i)connect|socket|No such file"),
    ):
        app.send_task("complaints.tasks.sweep", connection=broken)

    assert time.monotonic() - started < 3
