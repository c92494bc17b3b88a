"""Working time: the rules of domain.md 1.6 and the vectors of domain.md 8.2."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from governance.calendar import Calendar, CutOff, Season
from governance.services.calendar import DEFAULTS, merge, parse_exceptions_csv
from governance.worktime import (
    Due,
    Unit,
    add,
    elapsed,
    fraction_moment,
    one_workday_before,
    remaining,
    resume,
    workdays_between,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICIAL = Calendar(
    merge(parse_exceptions_csv(DEFAULTS.read_text(encoding="utf-8"))),
    frozenset({2024, 2025, 2026}),
)
BUSINESS_CLOSE = replace(OFFICIAL, cut_off=CutOff.BUSINESS_CLOSE)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def due(start: str, amount: int, unit: str, calendar: Calendar = OFFICIAL) -> str:
    return f"{add(moment(start), amount, unit, calendar).at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"


@pytest.mark.parametrize(
    ("dispatched", "amount", "expected"),
    [
        ("2026-02-12", 5, "2026-02-26"),
        ("2026-02-13", 2, "2026-02-24"),
        ("2026-02-15", 1, "2026-02-24"),
        ("2026-02-27", 1, "2026-02-28"),
        ("2026-02-27", 5, "2026-03-05"),
        ("2026-04-03", 5, "2026-04-13"),
        ("2026-04-30", 2, "2026-05-07"),
        ("2026-05-08", 1, "2026-05-09"),
        ("2026-06-18", 3, "2026-06-24"),
        ("2026-09-18", 5, "2026-09-24"),
        ("2026-09-24", 5, "2026-10-09"),
        ("2026-09-30", 5, "2026-10-13"),
        ("2025-12-31", 5, "2026-01-08"),
    ],
)
@pytest.mark.parametrize("clock", ["00:00:00", "10:17:31", "23:59:59"])
def test_workdays_fall_due_as_the_domain_vectors_say(dispatched, amount, expected, clock):
    assert due(f"{dispatched} {clock}", amount, "wd") == f"{expected} 23:59:59"


def test_an_extension_is_counted_from_the_old_due_day():
    assert due("2026-02-26 23:59:59", 10, "wd") == "2026-03-11 23:59:59"


def test_a_suspension_gives_back_the_workdays_that_were_left():
    old_due, suspended = moment("2026-03-05 23:59:59"), moment("2026-03-03 15:00")

    left = remaining(suspended, old_due, "wd", OFFICIAL)

    assert left == 2
    new_due = resume(moment("2026-03-20 09:00"), left, "wd", OFFICIAL)
    assert new_due == Due(moment("2026-03-24 23:59:59").astimezone(UTC))


@pytest.mark.parametrize(
    ("unit", "old_due", "suspended", "resumed", "new_due"),
    [
        ("wm", "2026-03-03 10:30:00", "2026-03-03 10:10:30", "2026-03-05 08:00:00",
         "2026-03-05 08:19:30"),
        ("wh", "2026-03-04 10:00:00", "2026-03-03 22:00:00", "2026-03-07 23:00:00",
         "2026-03-08 11:00:00"),
        ("kh", "2026-03-04 09:30:00", "2026-03-03 16:45:15", "2026-03-06 17:00:00",
         "2026-03-09 09:44:45"),
        ("cd", "2026-03-05 23:59:59", "2026-03-03 15:00:00", "2026-03-12 09:00:00",
         "2026-03-16 23:59:59"),
        ("wd", "2026-03-05 23:59:59", "2026-03-05 15:00:00", "2026-03-21 09:00:00",
         "2026-03-23 23:59:59"),
    ],
)  # fmt: skip
def test_what_was_left_comes_back_in_the_own_unit(unit, old_due, suspended, resumed, new_due):
    left = remaining(moment(suspended), moment(old_due), unit, OFFICIAL)
    assert resume(moment(resumed), left, unit, OFFICIAL).at == moment(new_due)


@pytest.mark.parametrize(
    ("start", "amount", "unit", "expected"),
    [
        ("2026-02-14 23:50", 20, "wm", "2026-02-15 00:10:00"),
        ("2025-12-31 23:00", 24, "wh", "2026-01-01 23:00:00"),
        ("2026-02-13 16:00", 168, "wh", "2026-02-20 16:00:00"),
    ],
)
def test_wall_time_runs_through_nights_and_holidays(start, amount, unit, expected):
    assert due(start, amount, unit) == expected


@pytest.mark.parametrize(
    ("start", "hours", "expected"),
    [
        ("2026-03-03 09:00", 2, "2026-03-03 11:00:00"),
        ("2026-03-03 11:00", 2, "2026-03-03 14:30:00"),
        ("2026-03-03 08:30", 4, "2026-03-03 14:00:00"),  # exactly at opening
        ("2026-03-03 12:00", 1, "2026-03-03 14:30:00"),  # exactly at the midday close
        ("2026-03-03 17:30", 1, "2026-03-04 09:30:00"),  # exactly at the evening close
        ("2026-03-03 12:40", 1, "2026-03-03 14:30:00"),  # in the midday break
        ("2026-03-03 20:00", 4, "2026-03-04 14:00:00"),  # after hours: the next opening minute
        ("2026-03-03 00:00", 1, "2026-03-03 09:30:00"),
        ("2026-03-03 13:30", 4, "2026-03-03 17:30:00"),  # ends at the close, not at the opening
        ("2026-02-15 10:00", 4, "2026-02-24 14:00:00"),  # received in the Spring Festival
        ("2026-02-13 16:30", 2, "2026-02-14 09:30:00"),  # a make-up Saturday is open
        ("2026-02-14 17:00", 1, "2026-02-24 09:00:00"),
    ],
)
def test_work_hours_run_only_while_the_office_is_open(start, hours, expected):
    assert due(start, hours, "kh") == expected


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        ("2026-03-02 10:00", 3, "2026-03-05 23:59:59"),
        ("2026-03-05 10:00", 2, "2026-03-09 23:59:59"),  # Saturday moves to Monday
        ("2026-02-11 10:00", 5, "2026-02-24 23:59:59"),  # the last day lies in the holiday
        ("2026-02-26 10:00", 2, "2026-02-28 23:59:59"),  # a make-up Saturday stays
    ],
)
def test_calendar_days_move_from_a_rest_day_to_the_next_workday(start, days, expected):
    assert due(start, days, "cd") == expected


def test_the_cut_off_may_be_the_close_of_business():
    assert due("2026-03-02 10:00", 1, "wd", BUSINESS_CLOSE) == "2026-03-03 17:30:00"


def test_the_season_decides_opening_and_close():
    summer = Season(((time(8), time(11, 30)), (time(14, 30), time(18))), (6, 1), (9, 30))
    seasonal = replace(BUSINESS_CLOSE, hours=(summer, Season(first=(10, 1), last=(5, 31))))

    assert due("2026-06-01 07:00", 4, "kh", seasonal) == "2026-06-01 15:00:00"
    assert due("2026-05-29 16:30", 2, "kh", seasonal) == "2026-06-01 09:00:00"
    assert due("2026-05-29 16:30", 1, "wd", seasonal) == "2026-06-01 18:00:00"
    assert due("2026-01-05 16:30", 1, "wd", seasonal) == "2026-01-06 17:30:00"
    assert due("2026-09-29 16:30", 1, "wd", seasonal) == "2026-09-30 18:00:00"


@pytest.mark.parametrize(
    ("start", "unit", "expected"),
    [
        ("2026-03-07 10:00", "wm", "2026-03-07 10:00:00"),
        ("2026-03-07 10:00", "wh", "2026-03-07 10:00:00"),
        ("2026-03-07 10:00", "kh", "2026-03-09 08:30:00"),
        ("2026-03-06 12:00", "kh", "2026-03-06 12:00:00"),
        ("2026-03-06 10:00", "wd", "2026-03-06 23:59:59"),
        ("2026-03-07 10:00", "wd", "2026-03-09 23:59:59"),
        ("2026-03-07 10:00", "cd", "2026-03-09 23:59:59"),
    ],
)
def test_zero_is_now_or_the_next_moment_that_counts(start, unit, expected):
    assert due(start, 0, unit) == expected


def test_zero_days_after_the_close_of_business_are_due_on_the_next_workday():
    assert due("2026-03-06 17:30", 0, "wd", BUSINESS_CLOSE) == "2026-03-06 17:30:00"
    assert due("2026-03-06 18:00", 0, "wd", BUSINESS_CLOSE) == "2026-03-09 17:30:00"


@pytest.mark.parametrize("unit", list(Unit))
def test_a_negative_amount_is_refused(unit):
    with pytest.raises(ValueError, match="negative"):
        add(moment("2026-03-02 10:00"), -1, unit, OFFICIAL)
    assert add(moment("2026-03-02 10:00"), 1, unit, OFFICIAL).at > moment("2026-03-02 10:00")


@pytest.mark.parametrize("unit", ["wd", "cd"])
def test_a_part_of_a_day_is_refused(unit):
    with pytest.raises(ValueError, match="whole"):
        add(moment("2026-03-02 10:00"), Fraction(1, 2), unit, OFFICIAL)


def test_a_broken_microsecond_is_given_not_taken():
    start = moment("2026-03-02 10:00")
    assert add(start, Fraction(1, 7), "wm", OFFICIAL).at - start == timedelta(microseconds=8571429)


def test_a_moment_without_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        add(datetime(2026, 3, 2, 10), 1, "wd", OFFICIAL)


def test_the_day_is_that_of_shanghai_whatever_zone_the_moment_came_in():
    late_evening_in_utc = datetime(2026, 3, 2, 16, 30, tzinfo=UTC)  # 00:30 on 3 March
    assert add(late_evening_in_utc, 1, "wd", OFFICIAL).at == moment("2026-03-04 23:59:59")


@pytest.mark.parametrize(
    ("start", "amount", "unit", "is_provisional"),
    [
        ("2026-12-10 10:00", 5, "wd", False),
        ("2026-12-21 10:00", 3, "wd", False),
        ("2026-12-21 10:00", 4, "wd", True),  # from 25 December the next notice may decide
        ("2026-12-30 10:00", 5, "wd", True),
        ("2026-12-31 16:00", 8, "kh", True),
        ("2026-12-30 10:00", 9, "cd", True),
        ("2026-12-31 16:00", 48, "wh", False),
        ("2025-12-30 10:00", 5, "wd", False),
        ("2023-12-20 10:00", 30, "wd", True),  # begins in a year that is not loaded
    ],
)
def test_a_deadline_over_a_year_that_is_not_loaded_is_provisional(
    start, amount, unit, is_provisional
):
    assert add(moment(start), amount, unit, OFFICIAL).is_provisional is is_provisional


def test_loading_the_missing_year_makes_the_deadline_certain():
    loaded = replace(OFFICIAL, years=OFFICIAL.years | {2027})
    assert add(moment("2026-12-30 10:00"), 5, "wd", OFFICIAL).is_provisional
    assert not add(moment("2026-12-30 10:00"), 5, "wd", loaded).is_provisional


@pytest.mark.parametrize(
    ("unit", "start", "at", "expected"),
    [
        ("wm", "2026-03-03 10:00:00", "2026-03-03 10:00:20", Fraction(1, 3)),
        ("wh", "2026-03-03 10:00:00", "2026-03-04 10:30:00", Fraction(49, 2)),
        ("kh", "2026-02-14 16:30:00", "2026-02-24 09:00:00", Fraction(3, 2)),
        ("kh", "2026-02-15 09:00:00", "2026-02-20 09:00:00", 0),
        ("wd", "2026-09-18 10:00:00", "2026-09-21 09:00:00", 2),
        ("cd", "2026-09-18 23:00:00", "2026-09-20 01:00:00", 2),
    ],
)
def test_elapsed_time_is_exact(unit, start, at, expected):
    assert elapsed(moment(start), moment(at), unit, OFFICIAL) == expected


@pytest.mark.parametrize("unit", list(Unit))
def test_nothing_remains_of_a_limit_that_is_past(unit):
    assert remaining(moment("2026-03-10 10:00"), moment("2026-03-03 10:00"), unit, OFFICIAL) == 0


@pytest.mark.parametrize(
    ("start", "end", "share", "unit", "expected"),
    [
        ("2026-03-02 10:00", "2026-03-02 11:00", 0.5, "wh", "2026-03-02 10:30"),
        ("2026-03-02 10:00", "2026-03-03 10:00", 0.5, "kh", "2026-03-02 15:15"),
        ("2026-03-02 10:00", "2026-03-03 23:59:59", 0.5, "wd", "2026-03-03 13:45"),
        ("2026-03-02 10:00", "2026-03-06 23:59:59", 0.5, "wd", "2026-03-04 17:30"),
        ("2026-02-12 10:00", "2026-02-26 23:59:59", Fraction(4, 5), "wd", "2026-02-25 17:30"),
        ("2026-03-02 10:00", "2026-03-06 23:59:59", 1, "wd", "2026-03-06 23:59:59"),
        ("2026-03-02 10:00", "2026-03-02 23:59:58", 0.5, "wd", "2026-03-02 16:59:59"),
    ],
)
def test_a_share_of_a_limit_is_used_within_office_hours(start, end, share, unit, expected):
    found = fraction_moment(moment(start), moment(end), share, unit, OFFICIAL)
    assert found == moment(expected)


def test_a_share_of_a_limit_that_ends_before_it_begins_is_its_end():
    start, end = moment("2026-03-02 10:00"), moment("2026-03-01 10:00")
    assert fraction_moment(start, end, 0.5, "wd", OFFICIAL) == end
    with pytest.raises(ValueError, match="share"):
        fraction_moment(end, start, 1.5, "wd", OFFICIAL)


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        ("2026-02-26 23:59:59", "2026-02-25 23:59:59"),
        ("2026-02-24 14:29:14", "2026-02-14 14:29:14"),
        ("2026-03-09 17:30:00", "2026-03-06 17:30:00"),
    ],
)
def test_one_workday_before_keeps_the_time_of_day(end, expected):
    assert one_workday_before(moment(end), OFFICIAL) == Due(moment(expected).astimezone(UTC))


def test_one_workday_before_is_provisional_in_an_unknown_year():
    assert one_workday_before(moment("2027-01-05 10:00"), OFFICIAL).is_provisional


def test_workdays_between_counts_make_up_days_and_may_be_negative():
    assert workdays_between(date(2026, 9, 18), date(2026, 9, 24), OFFICIAL) == 5
    assert workdays_between(date(2026, 9, 24), date(2026, 9, 18), OFFICIAL) == -5
