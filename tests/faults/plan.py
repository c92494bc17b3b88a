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
from tests.faults.clockwork import faketime_library
from tests.faults.points import OF_THE_SWEEP
from tests.faults.stack import Stack, wait_until

Fault = Callable[[Stack, random.Random], None]
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


def step(seconds: int) -> Fault:
    """The clock of the whole house is set wrong for some seconds, and right again."""

    def fault(stack: Stack, chance: random.Random) -> None:
        if not stack.has_own_clock:
            stack.move(to_own_clock=True)
        stack.set_clock(seconds)
        time.sleep(2)
        stack.set_clock(0)

    fault.__name__ = f"clock_{seconds:+d}"
    return fault


def right_clock(stack: Stack, chance: random.Random) -> None:
    """The house is restarted where its clock is the machine's."""
    if stack.has_own_clock:
        stack.move(to_own_clock=False)


FAULTS = [
    kill_a_web_worker, crash_the_sweep, kill_the_web, terminate_sessions, kill_redis,
    kill_the_worker, flush_redis, crash_postgres, kill_the_beat, second_beat,
]  # fmt: skip
STEPS = [step(HOUR), step(-HOUR), step(DAY), step(-DAY)]


def in_blocks(faults: list[Fault]) -> list[Fault]:
    """Bring the steps of the clock together, at most four in a row, with a right clock after them.

    The house has to be restarted for them, and is slower meanwhile.
    """
    steps = [fault for fault in faults if fault in STEPS]
    others = [fault for fault in faults if fault not in STEPS]
    blocks = [[*steps[start : start + 4], right_clock] for start in range(0, len(steps), 4)]
    every = len(others) // (len(blocks) + 1) if blocks else 0
    for number, block in reversed(list(enumerate(blocks, 1))):
        others[every * number : every * number] = block
    return others


@dataclass
class Plan:
    """The faults of one seed, in their order."""

    seed: int
    operations: int
    faults: bool = True
    moments: list[tuple[int, Fault]] = field(init=False)

    def __post_init__(self) -> None:
        chance = random.Random(self.seed)
        kinds = [*FAULTS, *(STEPS if faketime_library() else [])]
        count = max(1, self.operations // OPERATIONS_FOR_EACH) if self.faults else 0
        # Short runs of seeds 1, 2, 3 meet every kind among them; a long one meets each equally often.
        begin = (self.seed - 1) * count
        drawn = [kinds[number % len(kinds)] for number in range(begin, begin + count)]
        chance.shuffle(drawn)
        drawn = in_blocks(drawn)
        share = self.operations / max(1, len(drawn))
        self.moments = [
            (int((number + chance.random()) * share * 0.95), fault)
            for number, fault in enumerate(drawn)
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
        self.is_at_it = bool(plan.moments)

    def run(self) -> None:
        """Fault after fault."""
        try:
            for at, fault in self.plan.moments:
                while self.count() < at and not self.is_over():
                    time.sleep(0.02)
                fault(self.stack, self.chance)
                self.done.append(fault.__name__)
            self.is_at_it = False
            until = datetime.now(UTC)
            self.settled_seconds = wait_until(
                lambda: is_settled(self.stack, until), "quiet", SETTLE_WITHIN_SECONDS
            )
        except BaseException as trouble:
            self.trouble = trouble
            raise
        finally:
            self.is_at_it = False
