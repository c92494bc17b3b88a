"""Named crash points at work: the process that comes to the wanted point kills itself.

A request names its point in a header, so exactly that request dies there and its repeat does not.
The sweep is told by a file, which whoever comes to its point takes away first.
"""

import os
import signal
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from pathlib import Path
from typing import Any

HEADER = "X-Fault-Point"
PLAN = "PORTAL_FAULTS_PLAN"
OF_A_DEED = ("before_begin", "after_lock", "after_save", "after_event", "before_commit",
             "after_commit", "before_reply")  # fmt: skip
OF_THE_SWEEP = ("before_begin", "after_lock", "before_commit", "after_commit")
wanted: ContextVar[str] = ContextVar("wanted_point", default="")


def strike(point: str) -> None:
    """Die when this is the point."""
    if point == wanted.get() or is_planned(point):
        os.kill(os.getpid(), signal.SIGKILL)


def is_planned(point: str) -> bool:
    """Whether the file of the plan names this point; true for one process only."""
    path = os.environ.get(PLAN)
    if not path:
        return False
    try:
        if Path(path).read_text() != point:
            return False
        Path(path).unlink()
    except OSError:
        return False
    return True


def with_points(application: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """The web application, whose requests may name the point at which they die."""

    def call(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        token = wanted.set(environ.get("HTTP_X_FAULT_POINT", ""))
        try:
            answer = application(environ, start)
            strike("before_reply")
            return answer
        finally:
            wanted.reset(token)

    return call
