"""Negative controls: with one guard taken out, the very same check turns red."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from complaints.services.clock import REMIND
from tests.faults.check import check, is_settled, reminders
from tests.faults.controls import CONTROL, after_claim
from tests.faults.ledger import Ledger
from tests.faults.plan import Plan
from tests.faults.proxy import UNTOLD
from tests.faults.stack import Stack, wait_until
from tests.faults.stories import PHONE, Team, one_team
from tests.faults.storm import run

LATE_SECONDS = 30
pytestmark = pytest.mark.timeout(420)


@pytest.fixture
def without(stack: Stack) -> Iterator[Any]:
    """Takes a guard out of one program; it is put in again at the end, and what was lost given back.

    So the runs after it begin with a whole house: a reminder that was told is not told again.
    """
    changed = []

    def take_out(control: str, program: str) -> None:
        changed.append(program)
        stack.settings[CONTROL] = control
        stack.restart(program)

    yield take_out
    stack.settings.pop(CONTROL, None)
    for program in changed:
        stack.restart(program)
    if "worker" in changed:
        stack.ask(
            "UPDATE governance_todo SET done_at = NULL WHERE kind = %s AND last_error = ''", REMIND
        )
        until = datetime.now(UTC)
        wait_until(lambda: is_settled(stack, until), "what was lost", LATE_SECONDS)


def missing(stack: Stack, team: Team) -> list[str]:
    """The reminders that should have been told by now."""
    return reminders(stack, team.line.ledger)[0]


@pytest.mark.parametrize("renews_key", [False, True])
def test_a_new_key_for_each_try_doubles(
    stack: Stack, ids: dict[str, Any], renews_key: bool
) -> None:
    plan = Plan(5, 16, faults=False)
    storm = run(
        stack, ids, plan, longest=120, cut_share=0.5, crash_share=0, fates=UNTOLD,
        renews_key=renews_key,
    )  # fmt: skip
    assert bool(storm.defects.doubled) == renews_key, str(storm)


def test_without_the_sweep_reminders_are_missing_and_with_it_they_come(
    stack: Stack, ids: dict[str, Any]
) -> None:
    team = one_team(stack, ids)
    stack.end("beat")
    team.dispatched(due_in=2.5)
    wait_until(lambda: missing(stack, team), "missing reminders", LATE_SECONDS)
    stack.again("beat")
    wait_until(lambda: not missing(stack, team), "reminders after all", LATE_SECONDS)


def test_claiming_first_and_acting_later_loses_a_reminder(
    stack: Stack, ids: dict[str, Any], without: Any
) -> None:
    team = one_team(stack, ids)
    without("claim_first", "worker")
    case = team.dispatched(due_in=8)
    stack.plan.write_text(after_claim(case, REMIND))
    wait_until(lambda: not stack.plan.exists(), "the sweep dies after its claim", LATE_SECONDS)
    wait_until(lambda: missing(stack, team), "missing reminders", LATE_SECONDS)
    stack.wait_for_sweeps(2)
    assert missing(stack, team)
    # What was lost is given back, so that the runs after this one begin with a whole house.
    stack.ask(
        "UPDATE governance_todo SET done_at = NULL WHERE subject_id = %s AND kind = %s",
        case,
        REMIND,
    )
    wait_until(lambda: not missing(stack, team), "the reminder after all", LATE_SECONDS)


def at_once(team: Team, case: int, count: int) -> None:
    """The same page open `count` times, and all of them sent in the same moment."""
    page = f"{PHONE}/{case}/log/"
    forms = [team.wang.form(page, page) for _one in range(count)]
    start = threading.Barrier(count)

    def send(number: int) -> None:
        form = forms[number]
        assert form is not None
        start.wait()
        team.wang.send("POST", page, form.hidden | {"note": "已到现场查看"})

    threads = [threading.Thread(target=send, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)


@pytest.mark.parametrize("control", ["", "no_lock"])
def test_without_the_lock_the_check_turns_red(
    stack: Stack, ids: dict[str, Any], without: Any, control: str
) -> None:
    if control:
        without(control, "web")
    team = one_team(stack, ids)
    case = team.dispatched()
    team.on_phone("sign", case)
    for _round in range(4):
        at_once(team, case, 6)
    errors = check(stack, Ledger(statuses=team.line.ledger.statuses)).errors
    assert bool(errors) == bool(control), errors
