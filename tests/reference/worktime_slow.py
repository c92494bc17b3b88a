"""A slow second opinion on working time: walks minute by minute and day by day.

It shares nothing with `governance/worktime.py` but the facts: it is given the exceptions as a
plain mapping, the seasons as plain tuples, and knows only minutes, days and the rule's words.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone

EAST_EIGHT = timezone(timedelta(hours=8))
MINUTE = timedelta(minutes=1)


@dataclass
class SlowCalendar:
    """The same facts in the plainest form; `seasons` are (first, last, intervals), MM-DD words."""

    exceptions: dict[date, bool]
    years: set[int]
    seasons: list[tuple[str, str, list[tuple[time, time]]]]
    closes_with_business: bool = False
    # What was found out of a day once is not asked again.
    seen: dict[date, list[tuple[time, time]]] = field(default_factory=dict, repr=False)

    def works(self, day: date) -> bool:
        if day in self.exceptions:
            return self.exceptions[day]
        return day.strftime("%a") not in ("Sat", "Sun")

    def opening(self, day: date) -> list[tuple[time, time]]:
        word = day.strftime("%m-%d")
        for first, last, intervals in self.seasons:
            if first <= last and first <= word <= last:
                return intervals
            if first > last and (word >= first or word <= last):
                return intervals
        return [(time(8, 30), time(12)), (time(13, 30), time(17, 30))]

    def is_open_minute(self, minute: datetime) -> bool:
        """True when the whole minute beginning here is office time."""
        day, clock = minute.date(), minute.time()
        if day not in self.seen:
            self.seen[day] = self.opening(day) if self.works(day) else []
        return any(a <= clock < b for a, b in self.seen[day])

    def is_certain(self, day: date) -> bool:
        if day.month == 12 and day.day >= 25 and day.year + 1 not in self.years:
            return False
        return day.year in self.years


def due(start: datetime, amount: int, unit: str, calendar: SlowCalendar) -> tuple[datetime, bool]:
    """(due moment, is provisional) for a start on a full minute and a whole amount."""
    local = start.astimezone(EAST_EIGHT)
    if unit in ("wm", "wh"):
        minutes = amount if unit == "wm" else amount * 60
        return local + MINUTE * minutes, False
    if unit == "kh":
        end = _work_minutes(local.replace(tzinfo=None), amount * 60, calendar)
    elif unit == "wd":
        end = _nth_workday(local.replace(tzinfo=None), amount, calendar)
    else:
        end = _calendar_days(local.replace(tzinfo=None), amount, calendar)
    day, is_certain = local.date(), True
    while day < end.date():
        is_certain = is_certain and (day.year in calendar.years)
        day += timedelta(days=1)
    is_certain = is_certain and calendar.is_certain(end.date())
    return end.replace(tzinfo=EAST_EIGHT), not is_certain


def work_minutes(start: datetime, end: datetime, calendar: SlowCalendar) -> int:
    """Office minutes between two full minutes."""
    minute, count = start.astimezone(EAST_EIGHT), 0
    while minute < end:
        count += calendar.is_open_minute(minute.replace(tzinfo=None))
        minute += MINUTE
    return count


def workdays(first: date, last: date, calendar: SlowCalendar) -> int:
    """Workdays after `first` up to and including `last`."""
    count = 0
    while first < last:
        first += timedelta(days=1)
        count += calendar.works(first)
    return count


def _work_minutes(minute: datetime, wanted: int, calendar: SlowCalendar) -> datetime:
    if wanted == 0:
        while not (calendar.is_open_minute(minute) or calendar.is_open_minute(minute - MINUTE)):
            minute += MINUTE
        return minute
    while wanted:
        wanted -= calendar.is_open_minute(minute)
        minute += MINUTE
    return minute


def _nth_workday(local: datetime, wanted: int, calendar: SlowCalendar) -> datetime:
    if wanted == 0:
        return _first_cut_off(local, calendar)
    day = local.date()
    while wanted:
        day += timedelta(days=1)
        wanted -= calendar.works(day)
    return _cut_off(day, calendar)


def _calendar_days(local: datetime, wanted: int, calendar: SlowCalendar) -> datetime:
    if wanted == 0:
        return _first_cut_off(local, calendar)
    day = local.date() + timedelta(days=wanted)
    while not calendar.works(day):
        day += timedelta(days=1)
    return _cut_off(day, calendar)


def _first_cut_off(local: datetime, calendar: SlowCalendar) -> datetime:
    day = local.date()
    while not (calendar.works(day) and local <= _cut_off(day, calendar)):
        day += timedelta(days=1)
    return _cut_off(day, calendar)


def _cut_off(day: date, calendar: SlowCalendar) -> datetime:
    if calendar.closes_with_business:
        return datetime.combine(day, calendar.opening(day)[-1][1])
    return datetime.combine(day, time(23, 59, 59))
