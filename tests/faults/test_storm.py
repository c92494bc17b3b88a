"""People work while processes die: nothing is lost, doubled, forgotten or early."""

from typing import Any

import pytest

from tests.faults.clockwork import faketime_library
from tests.faults.plan import FAULTS, STEPS, Plan
from tests.faults.stack import Stack, wait_until
from tests.faults.stories import Team, one_team
from tests.faults.storm import Storm, run

SEEDS, OPERATIONS, LONGEST_SECONDS = (1, 2, 3), 300, 240
FULL_SEEDS, FULL_OPERATIONS, FULL_SECONDS = (11, 12, 13, 14, 15), 10_000, 7200
SETTLED_SECONDS, USUAL_SPEED = 5, 10
LOSS = "Connection to broker lost"
pytestmark = pytest.mark.timeout(LONGEST_SECONDS + 180)


def held(stack: Stack, ids: dict[str, Any], plan: Plan, longest: float) -> Storm:
    """A run that was whole, and whose house held; its figures are printed, also when all is well."""
    print(plan)
    storm = run(stack, ids, plan, longest=longest)
    print(storm)
    assert storm.operations >= plan.operations, f"too slow a machine: {storm}"
    assert len(storm.faults) == len(plan.moments), str(storm)
    if storm.defects.count:
        kept = stack.keep_traces(f"seed-{plan.seed}", repr(storm.defects))
        pytest.fail(f"{storm}\nlogs and rows lie in {kept}\n{stack.last_words()}")
    # Measured on a quiet machine; a busy one gets as much longer as it was slower at its work.
    slowness = max(1.0, USUAL_SPEED * storm.seconds / storm.operations)
    assert storm.settled_seconds <= SETTLED_SECONDS * slowness, str(storm)
    return storm


def test_three_short_storms_meet_every_fault() -> None:
    met = {fault for seed in SEEDS for _at, fault in Plan(seed, OPERATIONS).moments}
    assert met >= {*FAULTS, *(STEPS if faketime_library() else [])}


@pytest.mark.parametrize("seed", SEEDS)
def test_a_storm_loses_and_doubles_nothing(stack: Stack, ids: dict[str, Any], seed: int) -> None:
    held(stack, ids, Plan(seed, OPERATIONS), LONGEST_SECONDS)


@pytest.mark.full
@pytest.mark.timeout(FULL_SECONDS + 600)
@pytest.mark.parametrize("seed", FULL_SEEDS)
def test_a_long_storm_loses_and_doubles_nothing(
    stack: Stack, ids: dict[str, Any], seed: int
) -> None:
    held(stack, ids, Plan(seed, FULL_OPERATIONS), FULL_SECONDS)


def sweeps(stack: Stack) -> int:
    """How many sweeps have begun to act."""
    [(count,)] = stack.ask(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND state = 'active'"
        " AND datname = current_database()"
    )
    return int(count)


def test_the_worker_outlives_redis_with_a_task_in_its_hands(
    stack: Stack, ids: dict[str, Any]
) -> None:
    """Kombu would end it: see `portal.broker`."""
    team: Team = one_team(stack, ids)
    case = team.dispatched(due_in=3)
    lost = stack.times_said("worker", LOSS)
    with stack.holding("SELECT 1 FROM complaints_complaint WHERE id = %s FOR UPDATE", case):
        wait_until(lambda: sweeps(stack), "a sweep waits for the case")
        stack.stop_redis()
        wait_until(lambda: stack.times_said("worker", LOSS) > lost, "the loss")
        stack.restart_redis()
    wait_until(lambda: not team.waits_for_the_house(stack, case), "the reminder after all", 20)
    assert stack.fallen() == []
