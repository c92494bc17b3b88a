"""Seed → list of (after how many operations, which fault); printed, so that a run can be repeated."""

import contextlib
import os
import random
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import psycopg2

from tests.faults.check import is_settled
from tests.faults.points import OF_THE_SWEEP
from tests.faults.stack import Stack, faketime_library, wait_until

HOUR, DAY = 3600, 86400
SETTLE_WITHIN_SECONDS = 90
# Every how many operations something happens, as in the model run (10,000 operations, 274 faults).
OPERATIONS_FOR_EACH = 36


def kill_a_web_worker(stack: Stack, chance: random.Random) -> None:
    """One of the two; the master forks another."""
    if workers := stack.children("web"):
        with contextlib.suppress(ProcessLookupError):
            os.kill(chance.choice(workers), signal.SIGKILL)


def kill_the_web(stack: Stack, chance: random.Random) -> None:
    """Master and workers; a supervisor starts them again."""
    stack.end("web")
    time.sleep(chance.random() * 0.5)
    stack.restart("web")


def kill_the_worker(stack: Stack, chance: random.Random) -> None:
    """The celery worker with its children, in the midst of whatever they do."""
    stack.end("worker")
    time.sleep(chance.random() * 0.5)
    stack.restart("worker")


def kill_the_beat(stack: Stack, chance: random.Random) -> None:
    """The clock; a supervisor starts it again."""
    stack.end("beat")
    time.sleep(chance.random())
    stack.again("beat")


def second_beat(stack: Stack, chance: random.Random) -> None:
    """Two clocks at once for some seconds."""
    stack.begin("beat", "beat2")
    time.sleep(4)
    stack.end("beat2")


def kill_redis(stack: Stack, chance: random.Random) -> None:
    """Gone, and back empty."""
    stack.stop_redis()
    time.sleep(chance.random() * 2)
    stack.restart_redis()


def flush_redis(stack: Stack, chance: random.Random) -> None:
    """Everything queued is gone."""
    stack.flush_redis()


def crash_postgres(stack: Stack, chance: random.Random) -> None:
    """The immediate stop, and back after recovery."""
    stack.stop_postgres()
    time.sleep(chance.random())
    stack.restart_postgres()


def terminate_sessions(stack: Stack, chance: random.Random) -> None:
    """Every connection of the house is cut, in whatever statement it is."""
    with contextlib.suppress(psycopg2.Error):
        stack.ask(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def crash_the_sweep(stack: Stack, chance: random.Random) -> None:
    """The next sweep dies at a named point."""
    stack.plan.write_text(chance.choice(OF_THE_SWEEP))


def step(seconds: int) -> Callable[[Stack, random.Random], None]:
    """The clock of the whole house is set wrong for some seconds, and right again."""

    def fault(stack: Stack, chance: random.Random) -> None:
        stack.set_clock(seconds)
        time.sleep(2)
        stack.set_clock(0)

    fault.__name__ = f"clock_{seconds:+d}"
    return fault


FAULTS = [
    kill_a_web_worker, crash_the_sweep, kill_the_web, terminate_sessions, kill_redis,
    kill_the_worker, flush_redis, crash_postgres, kill_the_beat, second_beat,
]  # fmt: skip
STEPS = [step(HOUR), step(-HOUR), step(DAY), step(-DAY)]


@dataclass
class Plan:
    """The faults of one seed, in their order."""

    seed: int
    operations: int
    with_steps: bool = True
    moments: list[tuple[int, Callable[[Stack, random.Random], None]]] = field(init=False)

    def __post_init__(self) -> None:
        chance = random.Random(self.seed)
        kinds = [*FAULTS, *(STEPS if self.with_steps and faketime_library() else [])]
        count = max(1, self.operations // OPERATIONS_FOR_EACH)
        drawn: list[Callable[[Stack, random.Random], None]] = []
        while len(drawn) < count:  # each kind once before any comes twice
            drawn += chance.sample(kinds, len(kinds))
        share = self.operations / count
        self.moments = [
            (int((number + chance.random()) * share * 0.95), fault)
            for number, fault in enumerate(drawn[:count])
        ]

    def __str__(self) -> str:
        """One line that repeats the run."""
        faults = ", ".join(f"{at}:{fault.__name__}" for at, fault in self.moments)
        return f"seed {self.seed}, {self.operations} operations, faults at {faults}"


class Injector(threading.Thread):
    """Does what the plan says as soon as so many operations are done."""

    def __init__(
        self, stack: Stack, plan: Plan, count: Callable[[], int], is_over: Callable[[], bool]
    ) -> None:
        super().__init__(daemon=True)
        self.stack, self.plan, self.count, self.is_over = stack, plan, count, is_over
        self.chance = random.Random(plan.seed + 1)
        self.done: list[str] = []
        self.trouble: BaseException | None = None
        self.settled_seconds = float("inf")

    def run(self) -> None:
        """Fault after fault."""
        try:
            for at, fault in self.plan.moments:
                while self.count() < at and not self.is_over():
                    time.sleep(0.02)
                fault(self.stack, self.chance)
                self.done.append(fault.__name__)
            until = datetime.now(UTC)
            self.settled_seconds = wait_until(
                lambda: is_settled(self.stack, until), "quiet", SETTLE_WITHIN_SECONDS
            )
        except BaseException as trouble:
            self.trouble = trouble
            raise
