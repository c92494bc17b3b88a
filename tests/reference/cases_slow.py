"""A slow second opinion on a whole case: limit, rounds, extensions and spells of standing still.

It shares nothing with the house but the facts and the rules' words, and walks days and minutes
one by one, as `worktime_slow` does. What is granted is told as plain tuples in their order:
("extension", workdays) or ("suspension", stopped at, resumed at).
"""

from datetime import date, datetime, timedelta

from tests.reference import worktime_slow as slow
from tests.reference.worktime_slow import EAST_EIGHT, MINUTE, SlowCalendar

Granted = tuple[str, int] | tuple[str, datetime, datetime]


def due(
    start: datetime,
    amount: int,
    unit: str,
    granted: list[Granted],
    calendar: SlowCalendar,
    *,
    is_again: bool = False,
) -> tuple[datetime, bool]:
    """(promise to the citizen, is provisional) of a round; the second has half the limit."""
    if is_again:
        amount = amount // 2 + amount % 2
    end, is_guess = slow.due(start, amount, unit, calendar)
    for decision in granted:
        if len(decision) == 2:
            end, is_guess_too = slow.due(end, decision[1], "wd", calendar)
        else:
            _word, stopped, resumed = decision
            end, is_guess_too = gone_on(stopped, resumed, end, unit, calendar)
        is_guess = is_guess or is_guess_too
    return end, is_guess


def gone_on(
    stopped: datetime, resumed: datetime, end: datetime, unit: str, calendar: SlowCalendar
) -> tuple[datetime, bool]:
    """What was left at `stopped`, counted out again from `resumed` on."""
    if unit in ("wm", "wh"):
        return resumed + (end - stopped), False
    if unit == "kh":
        left = slow.work_minutes(stopped, end, calendar)
        return work_minutes_later(resumed, left, calendar)
    first, last = stopped.astimezone(EAST_EIGHT).date(), end.astimezone(EAST_EIGHT).date()
    left = slow.workdays(first, last, calendar) if unit == "wd" else days_after(first, last)
    return slow.due(resumed, left, unit, calendar)


def days_after(first: date, last: date) -> int:
    """Calendar days after one day up to another."""
    count = 0
    while first < last:
        first, count = first + timedelta(days=1), count + 1
    return count


def work_minutes_later(start: datetime, left: int, calendar: SlowCalendar) -> tuple[datetime, bool]:
    """The minute at which so many office minutes are used up."""
    hours, rest = divmod(left, 60)
    if rest == 0:
        return slow.due(start, hours, "kh", calendar)
    minute = start.astimezone(EAST_EIGHT).replace(tzinfo=None)
    first = minute.date()
    while left:
        left -= calendar.is_open_minute(minute)
        minute += MINUTE
    day, is_certain = first, True
    while day < minute.date():
        is_certain = is_certain and day.year in calendar.years
        day += timedelta(days=1)
    is_certain = is_certain and calendar.is_certain(minute.date())
    return minute.replace(tzinfo=EAST_EIGHT), not is_certain
