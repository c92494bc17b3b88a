"""Working-time arithmetic: pure, is given the calendar, knows no table (domain.md 1.6, 8.2)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from fractions import Fraction

from governance.calendar import Calendar

DAY = timedelta(days=1)
TICK = timedelta(microseconds=1)


class Unit(StrEnum):
    """The five units of a limit; they are never converted into each other."""

    WALL_MINUTES = "wm"
    WALL_HOURS = "wh"
    WORK_HOURS = "kh"
    WORKDAYS = "wd"
    CALENDAR_DAYS = "cd"


LENGTH = {
    Unit.WALL_MINUTES: timedelta(minutes=1),
    Unit.WALL_HOURS: timedelta(hours=1),
    Unit.WORK_HOURS: timedelta(hours=1),
}

Amount = int | Fraction


@dataclass(frozen=True, slots=True)
class Due:
    """A computed moment in UTC; provisional when it needed a day whose notice is not loaded."""

    at: datetime
    is_provisional: bool = False


def add(start: datetime, amount: Amount, unit: Unit | str, calendar: Calendar) -> Due:
    """The moment at which `amount` of `unit` is used up when counting begins at `start`.

    Hours and minutes run from `start` itself; work hours only while the office is open. Days
    exclude the day of `start`, even a rest day; a last calendar day that is a rest day moves to
    the next workday. Zero means: now (work hours: as soon as the office is open; days: the cut-off
    of today, or of the next workday when today rests or its cut-off has passed).
    Raises ValueError for a negative amount, for a part of a day, and for a `start` without zone.
    Source: domain.md 1.6, rules 1-4 and 8.
    """
    unit = Unit(unit)
    _refuse_bad_amount(amount, unit)
    local = calendar.local(start)
    match unit:
        case Unit.WALL_MINUTES | Unit.WALL_HOURS:
            return Due(start.astimezone(UTC) + _length(amount, unit))
        case Unit.WORK_HOURS:
            end = _after_office_time(local, _length(amount, unit), calendar)
        case Unit.WORKDAYS:
            end = calendar.closing(_workday_after(local.date(), int(amount), calendar))
        case Unit.CALENDAR_DAYS:
            last = local.date() + int(amount) * DAY
            end = calendar.closing(_workday_after(last - DAY, 1, calendar))
    if amount == 0 and unit in (Unit.WORKDAYS, Unit.CALENDAR_DAYS):
        end = _closing_not_before(local, calendar)
    return Due(calendar.utc(end), not calendar.knows_span(local.date(), end.date()))


def elapsed(start: datetime, at: datetime, unit: Unit | str, calendar: Calendar) -> Amount:
    """How much of `unit` lies between two moments, exactly; 0 when `at` is not after `start`.

    Minutes and hours come as a Fraction that loses no microsecond; days come as a whole number,
    the day of `start` not counted.
    """
    unit = Unit(unit)
    first, last = calendar.local(start), calendar.local(at)
    if last <= first:
        return 0
    match unit:
        case Unit.WORKDAYS:
            return workdays_between(first.date(), last.date(), calendar)
        case Unit.CALENDAR_DAYS:
            return (last.date() - first.date()).days
        case Unit.WORK_HOURS:
            return Fraction(_office_time(first, last, calendar) // TICK, LENGTH[unit] // TICK)
        case _:
            return Fraction((last - first) // TICK, LENGTH[unit] // TICK)


def remaining(at: datetime, due: datetime, unit: Unit | str, calendar: Calendar) -> Amount:
    """What is left of a limit at a moment, in its own unit; 0 when it is late (domain.md 1.6, 9).

    Nothing tells a late case from one that is just due: whoever suspends must ask that first.
    """
    return elapsed(at, due, unit, calendar)


def resume(resumed_at: datetime, left: Amount, unit: Unit | str, calendar: Calendar) -> Due:
    """The new due moment after a suspension: what was left is added again (domain.md 1.6, 9)."""
    return add(resumed_at, left, unit, calendar)


def as_whole(amount: Amount, unit: Unit | str) -> int:
    """An amount as a whole number that a column keeps exactly: days, or microseconds of hours."""
    unit = Unit(unit)
    if unit in (Unit.WORKDAYS, Unit.CALENDAR_DAYS):
        return int(amount)
    return _length(amount, unit) // TICK


def of_whole(number: int, unit: Unit | str) -> Amount:
    """The amount that `as_whole` made a whole number of."""
    unit = Unit(unit)
    if unit in (Unit.WORKDAYS, Unit.CALENDAR_DAYS):
        return number
    return Fraction(number, LENGTH[unit] // TICK)


def fraction_moment(
    start: datetime,
    due: datetime,
    share: Fraction | float,
    unit: Unit | str,
    calendar: Calendar,
) -> datetime:
    """The moment in UTC at which `share` (0 to 1) of the time from `start` to `due` is used.

    A workday is used evenly over its office hours, so that a reminder never falls into the night:
    half of one workday is 13:45, half of four is closing time on the second.
    """
    unit, share = Unit(unit), Fraction(share)
    if not 0 <= share <= 1:
        raise ValueError("a share lies between 0 and 1")
    if share == 1:
        return due.astimezone(UTC)
    part = elapsed(start, due, unit, calendar) * share
    if part and unit is Unit.WORK_HOURS:
        moment = add(start, part, unit, calendar).at
    elif part and unit is Unit.WORKDAYS:
        moment = _within_workday(calendar.local(start).date(), part, calendar)
    else:
        moment = start + _ticks((due - start) // TICK * share)
    return min(max(moment, start), due).astimezone(UTC)


def one_workday_before(due: datetime, calendar: Calendar) -> Due:
    """The same time of day on the workday before (buffer of domain.md 1.6, 6)."""
    local = calendar.local(due)
    day = local.date() - DAY
    while not calendar.is_workday(day):
        day -= DAY
    at = calendar.utc(datetime.combine(day, local.time()))
    return Due(at, not calendar.knows_span(day, local.date()))


def workdays_between(first: date, last: date, calendar: Calendar) -> int:
    """Workdays after `first` up to and including `last`; negative when `last` is earlier."""
    return calendar.count_until(last) - calendar.count_until(first)


def _refuse_bad_amount(amount: Amount, unit: Unit) -> None:
    if amount < 0:
        raise ValueError("an amount of time cannot be negative")
    if unit in (Unit.WORKDAYS, Unit.CALENDAR_DAYS) and amount != int(amount):
        raise ValueError("days are counted whole")


def _ticks(count: Fraction) -> timedelta:
    # A broken microsecond is given to the person who has the time, never taken.
    return -(-count.numerator // count.denominator) * TICK


def _length(amount: Amount, unit: Unit) -> timedelta:
    return _ticks(Fraction(amount) * (LENGTH[unit] // TICK))


def _workday_after(day: date, count: int, calendar: Calendar) -> date:
    """The `count`-th workday after a day; leaps as many days as workdays are missing."""
    target = calendar.count_until(day) + count
    while missing := target - calendar.count_until(day):
        day += missing * DAY
    return day


def _closing_not_before(local: datetime, calendar: Calendar) -> datetime:
    today = local.date()
    if calendar.is_workday(today) and local <= calendar.closing(today):
        return calendar.closing(today)
    return calendar.closing(_workday_after(today, 1, calendar))


def _openings(local: datetime, calendar: Calendar) -> Iterator[tuple[datetime, datetime]]:
    """Opening and closing of the office from the local moment on, without end."""
    day = local.date()
    while True:
        if calendar.is_workday(day):
            for opens, closes in calendar.intervals(day):
                end = datetime.combine(day, closes)
                if local <= end:
                    yield max(local, datetime.combine(day, opens)), end
        day += DAY


def _after_office_time(local: datetime, length: timedelta, calendar: Calendar) -> datetime:
    """The earliest open instant at which `length` of office time has passed since `local`."""
    for opens, closes in _openings(local, calendar):
        if length <= closes - opens:
            return opens + length
        length -= closes - opens
    raise AssertionError("the calendar has no end")


def _office_time(first: datetime, last: datetime, calendar: Calendar) -> timedelta:
    """Office time between two local moments."""
    total = timedelta()
    for opens, closes in _openings(first, calendar):
        if opens >= last:
            return total
        total += min(closes, last) - opens
    raise AssertionError("the calendar has no end")


def _within_workday(start: date, part: Fraction, calendar: Calendar) -> datetime:
    """The UTC moment at which `part` workdays after `start` are used, within office hours."""
    number = -(-part.numerator // part.denominator)
    day = _workday_after(start, number, calendar)
    opens = datetime.combine(day, time())
    total = _office_time(opens, opens + DAY, calendar)
    share = total // TICK * (part - number + 1)
    return calendar.utc(_after_office_time(opens, _ticks(share), calendar))
