"""After the storm: was anything lost, doubled, forgotten or early? Asked past the house, in SQL.

The chains, folds and deadlines are looked at by the same code an operator runs (`manage.py
selfcheck`); here stand the comparisons that only the ledger and the rules of the run allow.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import psycopg2

from tests.faults.ledger import Ledger
from tests.faults.nursery import COMMAND
from tests.faults.stack import Stack

# The step each deed of a person leaves.
STEP_OF = {
    "file": "file", "dispatch": "dispatch", "sign": "sign", "contact": "contact", "log": "log",
    "reply": "reply", "approve": "approve", "escalate": "escalate", "hand_on": "hand_on",
    "record_callback": "close", "ask_extension": "ask_extension",
    "decide_request": "grant_extension",
}  # fmt: skip
SECOND = timedelta(seconds=1)
GRID_BRANCH = 3
SWEPT_WITHIN = timedelta(seconds=3)


class Defects(NamedTuple):
    """What was found, by kind; all empty when the house held."""

    lost: list[str]
    doubled: list[str]
    missing: list[str]
    told_twice: list[str]
    early: list[str]
    broken: list[str]
    errors: list[str]
    fallen: list[str]

    @property
    def count(self) -> int:
        """How many in all."""
        return sum(len(found) for found in self)

    def __str__(self) -> str:
        """The figures, and the first of each kind."""
        return "; ".join(
            f"{name} {len(found)}" + (f" ({found[0]})" if found else "")
            for name, found in zip(self._fields, self, strict=True)
        )


def check(stack: Stack, ledger: Ledger) -> Defects:
    """Everything, for the cases of one run."""
    missing, twice, early = reminders(stack, ledger)
    climbs = list(climbs_of(stack, ledger))
    return Defects(
        lost=list(lost(stack, ledger)),
        doubled=list(doubled(stack, ledger)),
        missing=[*missing, *(words for kind, words in climbs if kind == "missing")],
        told_twice=[*twice, *(words for kind, words in climbs if kind == "twice")],
        early=[*early, *(words for kind, words in climbs if kind == "early")],
        broken=list(broken(stack)),
        errors=[
            f"{n} answers of {status}" for status, n in ledger.statuses.items() if status == 500
        ],
        fallen=stack.fallen(),
    )


def cases_of(ledger: Ledger) -> list[int]:
    """The cases of one run."""
    return sorted({one.case for one in ledger.done if one.case})


def steps_of(stack: Stack, ledger: Ledger) -> Counter[tuple[int, str]]:
    """How many steps of each kind people have left on each case."""
    rows = stack.ask(
        "SELECT complaint_id, verb, count(*) FROM complaints_step"
        " WHERE complaint_id = ANY(%s) AND by_id IS NOT NULL GROUP BY 1, 2",
        cases_of(ledger),
    )
    return Counter({(case, verb): count for case, verb, count in rows})


def told_of(ledger: Ledger) -> Counter[tuple[int, str]]:
    """How many steps there must be, by what people were told."""
    return Counter((one.case, STEP_OF[one.verb]) for one in ledger.done)


def lost(stack: Stack, ledger: Ledger) -> Iterator[str]:
    """I1: told that it was done, and it is not there."""
    found = steps_of(stack, ledger)
    for (case, verb), count in told_of(ledger).items():
        if found[case, verb] < count:
            yield f"case {case}: {verb} was confirmed {count} times, found {found[case, verb]}"


def doubled(stack: Stack, ledger: Ledger) -> Iterator[str]:
    """I2: more than people were told; one case for each text, number and key."""
    told, unknown = told_of(ledger), {words.split()[1] for words in ledger.gave_up}
    for (case, verb), count in steps_of(stack, ledger).items():
        if verb in STEP_OF.values() and count > told[case, verb] and str(case) not in unknown:
            yield f"case {case}: {verb} was confirmed {told[case, verb]} times, found {count}"
    marks = sorted({one.token.partition("-")[0] for one in ledger.told if one.token})
    for mark in marks:
        for text, count in stack.ask(
            "SELECT text, count(*) FROM complaints_complaint WHERE text LIKE %s"
            " GROUP BY text HAVING count(*) > 1",
            f"%{mark}-%",
        ):
            yield f"{count} cases of one filing: {text}"


class Row(NamedTuple):
    """One dispatch of one case, with what a reminder is counted from."""

    case: int
    number: int
    dispatched_at: datetime
    sign_due_at: datetime
    due_at: datetime
    signed_at: datetime | None
    replied_at: datetime | None
    ended_at: datetime | None
    level: int | None
    is_confidential: bool

    @property
    def is_running(self) -> bool:
        """Whether the unit still has the case before it."""
        return self.replied_at is None and self.ended_at is None

    def moments(self) -> dict[str, datetime]:
        """When each rule is due, reckoned anew: a limit in minutes, at any hour of the night."""
        whole = self.due_at - self.dispatched_at
        return {
            "sign_half": self.dispatched_at + (self.sign_due_at - self.dispatched_at) / 2,
            "sign_passed": self.sign_due_at + SECOND,
            "half": self.dispatched_at + whole / 2,
            "near": self.dispatched_at + whole * 4 / 5,
            "overdue_1": self.due_at + SECOND,
        }


def quick_dispatches(stack: Stack, ledger: Ledger) -> list[Row]:
    """The dispatches of city orders, whose limits pass within the run."""
    return [
        Row(*row)
        for row in stack.ask(
            "SELECT a.complaint_id, a.number, a.dispatched_at, a.sign_due_at, a.due_at,"
            " a.signed_at, a.replied_at, a.ended_at, o.level, c.is_confidential"
            " FROM complaints_assignment a JOIN complaints_complaint c ON c.id = a.complaint_id"
            " JOIN governance_organisation o ON o.id = a.unit_id"
            " WHERE c.id = ANY(%s) AND c.source = 'hotline' ORDER BY a.id",
            cases_of(ledger),
        )
    ]


def reminders(stack: Stack, ledger: Ledger) -> tuple[list[str], list[str], list[str]]:
    """I7: which reminders are missing, told twice, or told before their time."""
    rules = {
        code for (code,) in stack.ask("SELECT code FROM complaints_reminderrule WHERE is_enabled")
    }
    told: dict[tuple[int, int, str], list[datetime]] = defaultdict(list)
    for case, number, code, sent_at in stack.ask(
        "SELECT complaint_id, assignment_number, rule_code, sent_at FROM complaints_reminder"
        " WHERE complaint_id = ANY(%s)",
        cases_of(ledger),
    ):
        told[case, number, code].append(sent_at)
    now = datetime.now(UTC) + stack.offset_of_clock
    missing, early = [], []
    for row in quick_dispatches(stack, ledger):
        for code, at in row.moments().items():
            if code not in rules or (code.startswith("sign") and row.signed_at):
                continue
            sent = told[row.case, row.number, code]
            words = f"case {row.case}/{row.number}: {code} due {at:%H:%M:%S}"
            if row.is_running and at < now - SWEPT_WITHIN and not sent:
                missing.append(words)
            early += [f"{words}, told {when:%H:%M:%S}" for when in sent if when < at - SECOND]
    twice = [f"{key} told {len(sent)} times" for key, sent in told.items() if len(sent) > 1]
    return missing, [*twice, *shown_wrongly(stack, ledger)], early


def shown_wrongly(stack: Stack, ledger: Ledger) -> Iterator[str]:
    """Each reminder stands once in the inbox of everybody it was for."""
    for reminder, told_count, lines, people in stack.ask(
        "SELECT r.id, r.told_count, count(n.id), count(DISTINCT n.person_id)"
        " FROM complaints_reminder r LEFT JOIN governance_notice n ON n.key = 'remind:' || r.id"
        " WHERE r.complaint_id = ANY(%s) GROUP BY r.id, r.told_count",
        cases_of(ledger),
    ):
        if not told_count == lines == people:
            yield f"reminder {reminder}: for {told_count}, shown {lines} times to {people}"


def climbs_of(stack: Stack, ledger: Ledger) -> Iterator[tuple[str, str]]:
    """I8: each box that ran out in the grid sent the case up once, not before its time."""
    climbed: dict[int, list[datetime]] = defaultdict(list)
    for case, at in stack.ask(
        "SELECT complaint_id, at FROM complaints_step WHERE complaint_id = ANY(%s)"
        " AND verb = 'escalate' AND by_id IS NULL ORDER BY number",
        cases_of(ledger),
    ):
        climbed[case].append(at)
    now = datetime.now(UTC) + stack.offset_of_clock
    for row in quick_dispatches(stack, ledger):
        if row.level != GRID_BRANCH or row.number != 1 or row.due_at <= row.dispatched_at:
            continue
        box = row.dispatched_at + (row.due_at - row.dispatched_at) / row.level
        words = f"case {row.case}: box until {box:%H:%M:%S}"
        sent_up = climbed[row.case]
        if row.is_running and box < now - SWEPT_WITHIN and not sent_up:
            yield "missing", f"{words}, still there"
        if len(sent_up) > 1:
            yield "twice", f"{words}, climbed {len(sent_up)} times"
        if sent_up and sent_up[0] < box - SECOND:
            yield "early", f"{words}, climbed {sent_up[0]:%H:%M:%S}"


def broken(stack: Stack) -> Iterator[str]:
    """What the operator's own check says of the whole house (I1 to I8)."""
    said = stack.run(COMMAND, "selfcheck", "--json")
    findings = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    if not findings:
        yield f"selfcheck said {said[-600:]}"
        return
    for finding in findings:
        for where in finding["breaches"]:
            yield f"{finding['code']}: {where}"


def is_settled(stack: Stack, until: datetime) -> bool:
    """Nothing waits that was due at `until`."""
    try:
        [(waiting,)] = stack.ask(
            "SELECT count(*) FROM governance_todo WHERE done_at IS NULL AND due_at < %s", until
        )
    except psycopg2.Error:
        return False
    return not waiting
