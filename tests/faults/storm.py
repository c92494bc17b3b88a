"""One run: people at work, a bad line, faults by plan; then quiet, and the check."""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tests.faults.check import Defects, check, is_settled
from tests.faults.ledger import Ledger
from tests.faults.people import Enough, Line
from tests.faults.plan import SETTLE_WITHIN_SECONDS, Injector, Plan
from tests.faults.proxy import FATES, Proxy
from tests.faults.stack import Stack, wait_until
from tests.faults.stories import Team

CUT_SHARE, CRASH_SHARE = 0.08, 0.015


@dataclass
class Storm:
    """What a run was, and what came of it."""

    plan: str
    operations: int
    faults: list[str]
    met: dict[str, int]
    ledger: Ledger
    settled_seconds: float
    seconds: float
    defects: Defects

    def __str__(self) -> str:
        """The figures of the run in a few lines."""
        cut = sum(
            count for fate, count in self.met.items() if fate not in ("whole", "late", "slow")
        )
        said = dict(sorted(self.ledger.statuses.items()))
        return (
            f"{self.plan}\n  {self.operations} operations in {self.seconds:.0f} s,"
            f" {len(self.faults)} faults, {cut} cut connections, {self.ledger.retried} retried,"
            f" answers {said}, {self.ledger.logins} sign-ins ({self.ledger.logged_out} after a"
            f" lost session), settled {self.settled_seconds:.1f} s after the last fault\n"
            f"  {self.defects}"
        )


def run(
    stack: Stack,
    ids: dict[str, Any],
    plan: Plan,
    *,
    teams: int = 5,
    longest: float = 300,
    cut_share: float = CUT_SHARE,
    crash_share: float = CRASH_SHARE,
    fates: Sequence[str] = FATES,
    renews_key: bool = False,
) -> Storm:
    """Let people work while the plan is carried out, wait until all is quiet, and look."""
    began, lock = time.monotonic(), threading.Lock()
    counted = 0

    def count() -> None:
        nonlocal counted
        with lock:
            counted += 1

    def has_done_enough() -> bool:
        return counted >= plan.operations or time.monotonic() - began > longest

    def is_over() -> bool:  # nobody goes home before the last fault
        return has_done_enough() and not injector.is_at_it

    injector = Injector(stack, plan, lambda: counted, has_done_enough)
    proxy = Proxy(stack.port, seed=plan.seed, share=cut_share, fates=fates)
    ledger = Ledger()
    line = Line(
        proxy.port, ledger, plan.seed, ids["password"], crash_share, renews_key, is_over, count,
        stack.cookies,
    )  # fmt: skip
    troubles: list[BaseException] = []

    def work(number: int) -> None:
        try:
            Team(line, number, ids, lambda: stack.offset_of_clock).run()
        except Enough:  # the others had done it all before these had signed in
            return
        except BaseException as trouble:
            troubles.append(trouble)
            raise

    threads: list[Any] = [
        threading.Thread(target=work, args=(number,), daemon=True) for number in range(teams)
    ]
    for thread in [*threads, injector]:
        thread.start()
    for thread in [*threads, injector]:
        thread.join(longest + 60)
    proxy.close()
    assert not troubles, repr(troubles[0])
    assert injector.trouble is None and not injector.is_alive(), injector.trouble
    stack.plan.unlink(missing_ok=True)
    worked, until = time.monotonic() - began, datetime.now(UTC)
    wait_until(lambda: is_settled(stack, until), "quiet after the storm", SETTLE_WITHIN_SECONDS)
    return Storm(
        plan=str(plan), operations=counted, faults=injector.done, met=dict(proxy.met),
        ledger=ledger, settled_seconds=injector.settled_seconds, seconds=worked,
        defects=check(stack, ledger),
    )  # fmt: skip
