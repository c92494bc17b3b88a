"""All invariants in their order, each with the sentence an operator reads."""

import time
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from complaints.invariants import deadlines, filings, histories, holding, keeping, reminding
from complaints.invariants.finding import Finding


class Invariant(NamedTuple):
    """One promise of the house (`reliability.md` 6.1) and the function that looks whether it holds."""

    code: str
    chinese: str
    english: str
    look: Callable[[Finding], None]


INVARIANTS = (
    Invariant("I1", "诉求无丢失", "no case is lost", filings.nothing_is_lost),
    Invariant("I2", "诉求无重复", "nothing is doubled", filings.nothing_is_doubled),
    Invariant(
        "I3",
        "每步办理恰有一条记录，编号连续",
        "one step for each deed",
        histories.histories_are_whole,
    ),
    Invariant("I4", "办理链与审计链完好", "the chains verify", histories.chains_hold),
    Invariant("I5", "在办诉求都有人可办", "somebody can act", holding.somebody_can_act),
    Invariant("I6", "时限计算正确", "the clocks are right", deadlines.clocks_are_right),
    Invariant(
        "I7", "提醒不漏、不重、不提前", "each reminder told once", reminding.reminders_were_told
    ),
    Invariant(
        "I8", "逐级上报不重、不早、不晚", "each box climbs once", reminding.cases_climb_in_time
    ),
    Invariant("I9", "留存计数与诉求一致", "kept counts are true", keeping.counts_agree),
)


def check(codes: Iterable[str] = ()) -> Iterator[Finding]:
    """Look at the invariants named by `codes`, all when there are none; nothing is written."""
    wanted = set(codes)
    for invariant in INVARIANTS:
        if wanted and invariant.code not in wanted:
            continue
        finding = Finding(invariant.code, invariant.chinese, invariant.english)
        began = time.monotonic()
        invariant.look(finding)
        finding.seconds = round(time.monotonic() - began, 2)
        yield finding
