"""Working time against the slow second opinion, and the properties every deadline has."""

import random
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.calendar import Calendar, CutOff, Season
from governance.services.calendar import DEFAULTS, merge, parse_exceptions_csv
from governance.worktime import Unit, add, elapsed, fraction_moment, remaining, resume
from tests.reference import worktime_slow as slow

SHANGHAI = ZoneInfo("Asia/Shanghai")
EXCEPTIONS = merge(parse_exceptions_csv(DEFAULTS.read_text(encoding="utf-8")))
YEARS = {2024, 2025, 2026}
OFFICIAL = Calendar(EXCEPTIONS, frozenset(YEARS))
WINTER = [(time(8, 30), time(12)), (time(13, 30), time(17, 30))]
SUMMER = [(time(8), time(11, 45)), (time(14, 20), time(18))]
LARGEST = {"wm": 9_000, "wh": 400, "kh": 40, "wd": 60, "cd": 90}


def invented_exceptions(dice: random.Random) -> dict[date, bool]:
    days = (date(2023, 6, 1) + timedelta(days=dice.randrange(1_600)) for _ in range(300))
    return {day: dice.random() < 0.4 for day in days}


def both_calendars(dice: random.Random) -> tuple[Calendar, slow.SlowCalendar]:
    """The same invented or official facts in both forms."""
    exceptions = dice.choice([EXCEPTIONS, invented_exceptions(dice)])
    years = dice.choice([YEARS, {2025}, YEARS | {2023, 2027}])
    closes, is_seasonal = dice.random() < 0.5, dice.random() < 0.5
    fast = Calendar(
        exceptions,
        frozenset(years),
        hours=(Season(tuple(WINTER), (10, 1), (5, 31)), Season(tuple(SUMMER), (6, 1), (9, 30)))
        if is_seasonal
        else (Season(),),
        cut_off=CutOff.BUSINESS_CLOSE if closes else CutOff.END_OF_DAY,
    )
    seasons = [("06-01", "09-30", SUMMER), ("10-01", "05-31", WINTER)] if is_seasonal else []
    return fast, slow.SlowCalendar(exceptions, years, seasons, closes)


def a_start(dice: random.Random) -> datetime:
    """Any minute of the loaded years; every third one on an edge of the day."""
    start = datetime(2024, 1, 1, tzinfo=SHANGHAI) + timedelta(minutes=dice.randrange(1_577_000))
    edges = [(0, 0), (8, 0), (8, 30), (12, 0), (13, 30), (17, 30), (18, 0), (23, 59)]
    hour, minute = dice.choice(edges)
    return start.replace(hour=hour, minute=minute) if dice.random() < 0.33 else start


def compare(cases: int, seed: int) -> None:
    dice = random.Random(seed)
    pairs = [both_calendars(dice) for _ in range(24)]
    for _ in range(cases):
        unit, start, (fast, plain) = dice.choice(list(LARGEST)), a_start(dice), dice.choice(pairs)
        amount = dice.choice([0, 1, dice.randint(2, 8), dice.randint(2, LARGEST[unit])])
        found = add(start, amount, unit, fast)
        case = (seed, start.isoformat(), amount, unit, fast)
        assert (found.at, found.is_provisional) == slow.due(start, amount, unit, plain), case


def test_two_thousand_random_deadlines_equal_the_slow_reference():
    compare(2_000, seed=20_260_701)


@pytest.mark.full
@pytest.mark.timeout(1_800)
def test_a_hundred_thousand_random_deadlines_equal_the_slow_reference():
    compare(100_000, seed=random.SystemRandom().randrange(10**9))


def test_random_spans_measure_what_the_slow_reference_counts():
    dice = random.Random(7)
    for _ in range(50):
        fast, plain = both_calendars(dice)
        start = a_start(dice)
        end = start + timedelta(minutes=dice.randint(1, 20_000))
        assert elapsed(start, end, "kh", fast) * 60 == slow.work_minutes(start, end, plain)
        days = slow.workdays(start.date(), end.date(), plain)
        assert elapsed(start, end, "wd", fast) == days


starts = st.datetimes(datetime(2024, 1, 1), datetime(2027, 6, 30)).map(
    lambda naive: naive.replace(tzinfo=SHANGHAI)
)
amounts = st.integers(0, 80)
units = st.sampled_from(Unit)


@given(starts, amounts, units)
def test_more_time_never_falls_due_earlier(start, amount, unit):
    assert add(start, amount, unit, OFFICIAL).at <= add(start, amount + 1, unit, OFFICIAL).at


@given(starts, st.timedeltas(timedelta(), timedelta(days=20)), amounts, units)
def test_a_later_start_never_falls_due_earlier(start, wait, amount, unit):
    assert add(start, amount, unit, OFFICIAL).at <= add(start + wait, amount, unit, OFFICIAL).at


@given(starts, amounts, units)
def test_no_deadline_lies_before_its_start(start, amount, unit):
    assert add(start, amount, unit, OFFICIAL).at >= start


@given(starts, amounts, st.sampled_from([Unit.WORKDAYS, Unit.CALENDAR_DAYS, Unit.WORK_HOURS]))
def test_no_deadline_in_days_or_work_hours_falls_on_a_rest_day(start, amount, unit):
    day = add(start, amount, unit, OFFICIAL).at.astimezone(SHANGHAI).date()
    assert OFFICIAL.is_workday(day)


@given(starts, st.integers(1, 80), units.filter(lambda unit: unit is not Unit.CALENDAR_DAYS))
def test_what_was_added_remains(start, amount, unit):
    assert remaining(start, add(start, amount, unit, OFFICIAL).at, unit, OFFICIAL) == amount


@given(starts, st.integers(1, 80), units)
def test_a_suspension_of_no_length_changes_nothing(start, amount, unit):
    due = add(start, amount, unit, OFFICIAL).at
    assert resume(start, remaining(start, due, unit, OFFICIAL), unit, OFFICIAL).at == due


@given(starts, st.integers(0, 40), st.integers(0, 40), units)
def test_a_suspension_never_costs_time(start, worked_hours, amount, unit):
    due = add(start, amount, unit, OFFICIAL).at
    suspended = min(start + timedelta(hours=worked_hours), due)
    left = remaining(suspended, due, unit, OFFICIAL)
    resumed = suspended + timedelta(days=9)
    assert resume(resumed, left, unit, OFFICIAL).at >= due
    assert remaining(resumed, resume(resumed, left, unit, OFFICIAL).at, unit, OFFICIAL) >= left


@given(starts, st.integers(1, 80), st.fractions(0, 1), st.fractions(0, 1), units)
def test_a_smaller_share_is_used_no_later(start, amount, one, other, unit):
    due = add(start, amount, unit, OFFICIAL).at
    first = fraction_moment(start, due, min(one, other), unit, OFFICIAL)
    last = fraction_moment(start, due, max(one, other), unit, OFFICIAL)
    assert start <= first <= last <= due
    assert first.tzinfo is UTC
