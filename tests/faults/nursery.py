"""One process that has read the house, and from which its programs are forked.

A program of Python needs seconds until it has imported Django; here it is forked in a moment from a
parent that has imported everything and opened nothing. What runs then is the program itself:
gunicorn with its workers, celery with its pool, the beat.

    python -m tests.faults.nursery      (orders and answers are lines of JSON on the socket at stdin)
"""

import contextlib
import gc
import importlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

WEB, CELERY, COMMAND, STREET = "web", "celery", "command", "street"


class Nursery:
    """The side of the tests: asks for programs, and has them ended."""

    def __init__(self, environment: Mapping[str, str], folder: Path, log: Path) -> None:
        ours, theirs = socket.socketpair()
        with theirs, log.open("ab") as stream:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.nursery"], cwd=folder, env=environment,
                stdin=theirs, stdout=stream, stderr=stream, start_new_session=True,
            )  # fmt: skip
        self.channel, self.lock = ours, threading.Lock()
        self.answers = ours.makefile("r")

    def ask(self, **order: Any) -> int:
        """One order; the answer is the number of a process, or its exit code."""
        with self.lock:
            self.channel.sendall(json.dumps(order).encode() + b"\n")
            answer = self.answers.readline()
        if not answer:
            raise RuntimeError("the nursery has died; see nursery.log")
        return int(answer)

    def start(
        self, kind: str, *arguments: str, log: Path, environment: Mapping[str, str] | None = None
    ) -> int:
        """Fork one program in a process group of its own; returns its number."""
        return self.ask(
            do="start", kind=kind, arguments=arguments, log=str(log), environment=environment or {}
        )

    def end(self, pid: int) -> None:
        """`kill -9` for the whole group of a program."""
        self.ask(do="end", pid=pid)

    def wait(self, pid: int) -> int:
        """The exit code of a program that ends by itself."""
        return self.ask(do="wait", pid=pid)

    def has_ended(self, pid: int) -> bool:
        """Whether a program is gone although nobody has ended it."""
        return bool(self.ask(do="look", pid=pid))

    def close(self) -> None:
        """No more programs; whatever still runs is ended."""
        self.channel.shutdown(socket.SHUT_RDWR)
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.answers.close()
        self.channel.close()


# The nursery itself -----------------------------------------------------------------------------


def main() -> None:
    """Read the house once, then do what is ordered until the other side is gone."""
    django = importlib.import_module("django")
    django.setup()
    for name in (
        "portal.urls", "tests.faults.wsgi", "tests.faults.clock", "tests.faults.street",
        "tests.faults.controls", "gunicorn.app.wsgiapp", "gunicorn.workers.gthread",
        "celery.bin.celery", "celery.apps.worker", "celery.apps.beat", "celery.concurrency.prefork",
        "kombu.transport.redis", "celery.fixups.django", "portal.steady_beat",
        "portal.management.commands.selfcheck",
    ):  # fmt: skip
        importlib.import_module(name)
    gc.collect()
    gc.freeze()
    channel = socket.socket(fileno=0)
    running: set[int] = set()
    for line in channel.makefile("r"):
        order = json.loads(line)
        if order["do"] == "start":
            answer = fork(order)
            running.add(answer)
        elif order["do"] == "look":
            seen = os.waitid(os.P_PID, order["pid"], os.WEXITED | os.WNOHANG | os.WNOWAIT)
            answer = int(seen is not None)
        else:
            answer = over(order["pid"], kills=order["do"] == "end")
            running.discard(order["pid"])
        channel.sendall(f"{answer}\n".encode())
    for pid in running:
        over(pid, kills=True)


def over(pid: int, *, kills: bool) -> int:
    """Wait for the end of a program, after having ended its group."""
    if kills:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
    _pid, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)


def fork(order: dict[str, Any]) -> int:
    """One more program; returns its number."""
    pid = os.fork()
    if pid:
        with contextlib.suppress(OSError):  # here too: it may be killed before it says so itself
            os.setpgid(pid, pid)
        return pid
    code = 1
    try:
        become(order)
        code = 0
    except SystemExit as left:
        code = left.code if isinstance(left.code, int) else int(left.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def become(order: dict[str, Any]) -> None:
    """In the child: a log and an environment of its own, then the program."""
    with contextlib.suppress(OSError):
        os.setpgid(0, 0)
    log = os.open(order["log"], os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(source, target)
    os.environ.update(order["environment"])
    arguments = list(order["arguments"])
    importlib.import_module("tests.faults.controls").take_out_guard()
    if order["kind"] == WEB:
        sys.argv = ["gunicorn", *arguments]
        importlib.import_module("gunicorn.app.wsgiapp").WSGIApplication().run()
    elif order["kind"] == CELERY:
        importlib.import_module("tests.faults.clock").app.start(argv=arguments)
    elif order["kind"] == STREET:
        importlib.import_module("tests.faults.street").main()
    else:
        management = importlib.import_module("django.core.management")
        management.execute_from_command_line(["manage.py", *arguments])


if __name__ == "__main__":
    main()
