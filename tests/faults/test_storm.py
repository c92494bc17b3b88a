"""People work while processes die: nothing is lost, doubled, forgotten or early; and the controls."""

import threading
import time
from datetime import timedelta
from typing import Any

import pytest

from tests.faults.check import check
from tests.faults.controls import CONTROL
from tests.faults.ledger import Ledger
from tests.faults.people import Line
from tests.faults.plan import Plan
from tests.faults.stack import Stack, wait_until
from tests.faults.stories import PHONE, Team
from tests.faults.storm import Storm, run

SEEDS, OPERATIONS, LONGEST_SECONDS = (1, 2, 3), 300, 25
FULL_SEEDS, FULL_OPERATIONS, FULL_SECONDS = (11, 12, 13, 14, 15), 10_000, 3000
# Beside other work on two cores a process needs some seconds to be up again.
SETTLED_SECONDS = 45
pytestmark = [pytest.mark.full, pytest.mark.timeout(420)]


def shaken(stack: Stack, ids: dict[str, Any], plan: Plan, longest: float) -> Storm:
    """A run whose figures are printed, also when all is well."""
    print(plan)
    storm = run(stack, ids, plan, longest=longest)
    print(storm)
    return storm


@pytest.mark.parametrize("seed", SEEDS)
def test_a_storm_loses_and_doubles_nothing(stack: Stack, ids: dict[str, Any], seed: int) -> None:
    storm = shaken(stack, ids, Plan(seed, OPERATIONS), LONGEST_SECONDS)
    assert storm.operations and storm.faults
    assert storm.defects.count == 0, f"{storm}\n{stack.last_words()}"
    assert storm.settled_seconds <= SETTLED_SECONDS, str(storm)


@pytest.mark.timeout(FULL_SECONDS + 600)
@pytest.mark.parametrize("seed", FULL_SEEDS)
def test_a_long_storm_loses_and_doubles_nothing(
    stack: Stack, ids: dict[str, Any], seed: int
) -> None:
    storm = shaken(stack, ids, Plan(seed, FULL_OPERATIONS), FULL_SECONDS)
    assert storm.operations >= FULL_OPERATIONS, str(storm)
    assert storm.defects.count == 0, f"{storm}\n{stack.last_words()}"


# Controls: with one guard taken out, the same check turns red ------------------------------------


def one_team(stack: Stack, ids: dict[str, Any]) -> Team:
    """People on a good line."""
    line = Line(stack.port, Ledger(), 1, ids["password"])
    return Team(line, 0, ids, lambda: timedelta())


def test_control_a_new_key_for_each_try_doubles(stack: Stack, ids: dict[str, Any]) -> None:
    plan = Plan(5, 60, with_steps=False)
    plan.moments = []
    storm = run(stack, ids, plan, longest=12, cut_share=0.6, crash_share=0, renews_key=True)
    assert storm.defects.doubled, str(storm)


def test_control_without_the_sweep_reminders_are_missing_and_with_it_they_come(
    stack: Stack, ids: dict[str, Any]
) -> None:
    team = one_team(stack, ids)
    stack.end("beat")
    time.sleep(2)
    team.dispatched(due_in=5)
    time.sleep(9)
    assert check(stack, team.line.ledger).missing
    stack.again("beat")
    wait_until(lambda: not check(stack, team.line.ledger).missing, "reminders after all", 60)


def test_control_claiming_first_and_acting_later_loses_a_reminder(
    stack: Stack, ids: dict[str, Any]
) -> None:
    team = one_team(stack, ids)
    stack.settings[CONTROL] = "claim_first"
    stack.restart("worker")
    stack.plan.write_text("after_claim")
    team.dispatched(due_in=5)
    wait_until(lambda: not stack.plan.exists(), "the sweep dies after its claim", 60)
    time.sleep(10)
    found = check(stack, team.line.ledger)
    del stack.settings[CONTROL]
    stack.restart("worker")
    assert found.missing, str(found)


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
def test_control_without_the_lock_the_check_turns_red(
    stack: Stack, ids: dict[str, Any], control: str
) -> None:
    if control:
        stack.settings[CONTROL] = control
        stack.restart("web")
    team = one_team(stack, ids)
    case = team.dispatched()
    team.on_phone("sign", case)
    for _round in range(6):
        at_once(team, case, 6)
    errors = check(stack, Ledger(statuses=team.line.ledger.statuses)).errors
    if control:
        del stack.settings[CONTROL]
        stack.restart("web")
    assert bool(errors) == bool(control), errors
