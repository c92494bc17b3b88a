"""Which period the address means, and what it is held against; without a database."""

from datetime import UTC, datetime, timedelta

import pytest

from complaints.figures import Period, Rate, Tally
from governance.calendar import SHANGHAI
from portal.board.gridmap import bounds_of, key, tone_of_count
from portal.board.periods import CUSTOM, before, choose
from portal.board.ranking import is_thin, rank_of
from portal.board.shown import change_of_count, change_of_rate

NOW = datetime(2026, 3, 31, 10, 7, tzinfo=SHANGHAI)


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """A moment in the office's time."""
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("name", "start", "end"),
    [
        ("today", at(2026, 3, 30), at(2026, 3, 30, 10)),
        ("week", at(2026, 3, 23), at(2026, 3, 24, 10)),
        ("month", at(2026, 2, 1), at(2026, 3, 1)),
        ("quarter", at(2025, 10, 1), at(2025, 12, 29, 10)),
        ("year", at(2025, 1, 1), at(2025, 3, 31, 10)),
    ],
)
def test_a_running_period_is_held_against_as_much_of_the_one_before(
    name: str, start: datetime, end: datetime
) -> None:
    period, judged_at = before(choose({"period": name}, NOW.astimezone(UTC)), NOW.astimezone(UTC))
    assert (period.start, period.end) == (start, end)
    assert judged_at == end


@pytest.mark.parametrize(
    ("now", "start", "end", "earlier"),
    [
        (at(2026, 3, 31, 10, 7), at(2026, 2, 1), at(2026, 3, 1), at(2026, 1, 1)),
        (at(2026, 4, 1), at(2026, 3, 1), at(2026, 4, 1), at(2026, 2, 1)),
        (at(2026, 1, 1, 0, 1), at(2025, 12, 1), at(2026, 1, 1), at(2025, 11, 1)),
    ],
)
def test_last_month_is_whole_and_held_against_the_whole_month_before(
    now: datetime, start: datetime, end: datetime, earlier: datetime
) -> None:
    choice = choose({"period": "last_month"}, now.astimezone(UTC))
    period, judged_at = before(choice, now)

    assert choice.period == Period(start, end) and choice.query == {"period": "last_month"}
    assert period == Period(earlier, start)
    # As long after its own end as we look at last month now, in steps of ten minutes.
    assert timedelta() <= judged_at - start <= now - end
    assert choice.days[1] == (end - timedelta(days=1)).date()


def test_days_long_past_are_held_against_as_many_days_and_the_same_wait() -> None:
    choice = choose({"period": CUSTOM, "from": "2026-03-11", "to": "2026-03-20"}, NOW)
    assert choice.period == Period(at(2026, 3, 11), at(2026, 3, 21))
    period, judged_at = before(choice, NOW)
    assert period == Period(at(2026, 3, 1), at(2026, 3, 11))
    assert judged_at == at(2026, 3, 11) + (at(2026, 3, 31, 10) - at(2026, 3, 21))


def test_days_up_to_today_end_now() -> None:
    choice = choose({"period": CUSTOM, "from": "2026-03-30", "to": "2026-12-31"}, NOW)
    assert choice.period.end == NOW and not choice.problem
    assert choice.days == (NOW.date() - timedelta(days=1), NOW.date())


@pytest.mark.parametrize(
    ("since", "until", "words"),
    [
        ("", "2026-03-20", "填完整"),
        ("2026-02-30", "2026-03-20", "填完整"),
        ("2026-03-20", "2026-03-01", "之后"),
        ("2026-04-01", "2026-04-02", "今天或以前"),
        ("2020-01-01", "2026-03-01", "两年"),
        ("0001-01-01", "0001-01-02", "今天或以前"),
    ],
)
def test_days_that_make_no_sense_show_this_month_and_say_so(
    since: str, until: str, words: str
) -> None:
    choice = choose({"period": CUSTOM, "from": since, "to": until}, NOW)
    assert words in choice.problem
    assert choice.name == "month" and (choice.since, choice.until) == (since, until)


def test_a_change_is_said_in_percent_or_points_and_judged_only_where_there_is_a_better_side() -> (
    None
):
    more = change_of_count(120, 100)
    assert (more.arrow, more.words, more.tone) == ("▲", "20.0%", "")
    worse = change_of_rate(Rate(90, 100), Rate(95, 100), True)
    assert (worse.arrow, worse.tone) == ("▼", "late") and "5.00" in worse.words
    assert change_of_rate(Rate(9, 10), Rate(9, 10), True).tone == ""
    assert not change_of_count(5, 0).is_known
    assert not change_of_rate(Rate(1, 2), Rate(0, 0), True).is_known


def test_few_cases_rank_behind_many_however_good_and_nothing_behind_both() -> None:
    many = Tally(due=40, on_time=30)
    few = Tally(due=9, on_time=9)
    none = Tally(accepted=3)
    order = sorted([none, few, many], key=lambda tally: rank_of(tally, "on_time"))
    assert order == [many, few, none]
    assert is_thin(few, "on_time") and not is_thin(many, "on_time")
    assert sorted([few, none], key=lambda tally: rank_of(tally, "accepted"))[0] is none


def test_each_shade_stands_for_twice_as_many_and_the_key_leaves_no_gap() -> None:
    bounds = bounds_of("density", [Tally(accepted=n) for n in (0, 3, 200)])
    assert bounds == [13, 25, 50, 100, 200]
    tones = [tone_of_count(value, bounds) for value in (0, 1, 13, 14, 100, 101, 200)]
    assert tones == ["none", "1", "1", "2", "4", "5", "5"]
    words = [text for _tone, text in key("density", bounds)]
    assert words == ["0", "1–13", "14–25", "26–50", "51–100", "101–200"]
    assert bounds_of("density", [Tally(accepted=2)]) == [1, 2]
