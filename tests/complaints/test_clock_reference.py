"""The clock of whole cases against the slow second opinion; a wrong copy is found out."""

import random
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from complaints.choices import RequestKind
from complaints.models import CaseRequest, Complaint
from complaints.services import recomputing
from governance import worktime
from governance.calendar import Calendar
from tests.governance.test_worktime_reference import a_start, both_calendars
from tests.reference import cases_slow
from tests.reference.worktime_slow import SlowCalendar

LARGEST = {"wm": 2_000, "wh": 120, "kh": 24, "wd": 30, "cd": 45}
FULL, IN_VERIFY = 100_000, 2_000

Fact = tuple[str, datetime, int, bool, list[Any], Calendar, SlowCalendar]


def some_case(dice: random.Random, pairs: list[tuple[Calendar, SlowCalendar]]) -> Fact:
    """A limit, a start, a round, and what was granted in it, each before the clock ran out."""
    fast, plain = dice.choice(pairs)
    unit, start = dice.choice(list(LARGEST)), a_start(dice)
    amount = dice.choice([1, 2, 3, dice.randint(1, LARGEST[unit])])
    is_again, granted = dice.random() < 0.25, []
    for _decision in range(dice.choice([0, 0, 1, 1, 2, 3])):
        end, _is_guess = cases_slow.due(start, amount, unit, granted, plain, is_again=is_again)
        since = granted[-1][2] if granted and len(granted[-1]) == 3 else start
        minutes = int((end - since) / timedelta(minutes=1))
        if minutes <= 1:  # late: nothing is granted any more
            break
        if dice.random() < 0.4:
            granted.append(("extension", dice.randint(1, 10)))
        else:
            stopped = since + timedelta(minutes=dice.randrange(minutes))
            spell = dice.choice([1, 600, dice.randrange(1, 90 * 1440)])
            granted.append(("suspension", stopped, stopped + timedelta(minutes=spell)))
    return unit, start, amount, is_again, granted, fast, plain


def of_the_house(fact: Fact) -> tuple[datetime, bool]:
    """What the house itself says, from the rows it would have written."""
    unit, start, amount, is_again, granted, calendar, _plain = fact
    case = Complaint(
        source="phone", limit_amount=amount, limit_unit=unit, round=2 if is_again else 1
    )
    rows = [
        CaseRequest(kind=RequestKind.EXTENSION, amount=decision[1])
        if len(decision) == 2
        else CaseRequest(kind=RequestKind.SUSPENSION, decided_at=decision[1], ended_at=decision[2])
        for decision in granted
    ]
    first = recomputing.first_due(case, start, calendar)
    assert first is not None
    moments = recomputing.case_moments(case, first, rows, calendar)
    return moments["case_due_at"], moments["due_is_provisional"]


def differences(cases: int, seed: int) -> list[Fact]:
    """The cases about which the two opinions differ."""
    dice = random.Random(seed)
    pairs = [both_calendars(dice) for _ in range(24)]
    found = []
    for _ in range(cases):
        fact = some_case(dice, pairs)
        unit, start, amount, is_again, granted, _fast, plain = fact
        slow = cases_slow.due(start, amount, unit, granted, plain, is_again=is_again)
        if of_the_house(fact) != slow:
            found.append(fact)
    return found


def test_two_thousand_cases_are_due_when_the_slow_reference_says() -> None:
    assert differences(IN_VERIFY, seed=20_261_124) == []


@pytest.mark.full
@pytest.mark.timeout(3_000)
def test_a_hundred_thousand_cases_are_due_when_the_slow_reference_says() -> None:
    seed, began = random.SystemRandom().randrange(10**9), time.monotonic()
    assert differences(FULL, seed) == [], seed
    print(f"{FULL} cases, seed {seed}, {time.monotonic() - began:.0f} s")


def a_day_more(first: Any, last: Any, calendar: Calendar) -> int:
    """A wrong copy of `workdays_between`: it counts the day of suspension as well."""
    return calendar.count_until(last) - calendar.count_until(first - timedelta(days=1))


def a_day_less(day: Any, count: int, calendar: Calendar) -> Any:
    """A wrong copy of `_workday_after`: it takes the day of dispatch for the first."""
    while count > calendar.is_workday(day):
        day += timedelta(days=1)
        count -= calendar.is_workday(day)
    return day


@pytest.mark.parametrize(
    ("name", "wrong"),
    [("workdays_between", a_day_more), ("_workday_after", a_day_less)],
)
def test_control_a_clock_that_is_off_by_one_is_found(
    monkeypatch: pytest.MonkeyPatch, name: str, wrong: Callable[..., Any]
) -> None:
    monkeypatch.setattr(worktime, name, wrong)
    assert differences(200, seed=20_261_124)
