"""The working calendar as a value: which days and hours count (domain.md 1.6, 8.1)."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
LAST_SECOND = time(23, 59, 59)

# The last days of December are sometimes moved by the notice for the *next* year
# (2006, 2007, 2011, 2018, 2022, 2023), so they stay open until that year is loaded.
TURN_OF_YEAR = (12, 25)

Interval = tuple[time, time]
MonthDay = tuple[int, int]


class CutOff(StrEnum):
    """When a deadline counted in days falls on its last day."""

    END_OF_DAY = "end_of_day"
    BUSINESS_CLOSE = "business_close"


@dataclass(frozen=True, slots=True)
class Season:
    """When the office is open on workdays, from one month and day to another (both included)."""

    intervals: tuple[Interval, ...] = (
        (time(8, 30), time(12)),
        (time(13, 30), time(17, 30)),
    )
    first: MonthDay = (1, 1)
    last: MonthDay = (12, 31)

    def __post_init__(self) -> None:
        edges = [edge for interval in self.intervals for edge in interval]
        if not edges or any(left >= right for left, right in pairwise(edges)):
            raise ValueError("office hours must be intervals in rising order")

    def covers(self, day: date) -> bool:
        """True when the season contains the day; a season may run over the new year."""
        today = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= today <= self.last
        return today >= self.first or today <= self.last


ALL_YEAR = Season()


@dataclass(frozen=True)
class Calendar:
    """Everything that decides which time counts: exceptions, loaded years, office hours, cut-off.

    `exceptions` says of a day that it is a workday (True) or a rest day (False), all other days
    follow Monday to Friday. `years` are the years whose official notice is loaded.
    """

    exceptions: Mapping[date, bool] = field(default_factory=dict)
    years: frozenset[int] = frozenset()
    version: int = 0
    hours: tuple[Season, ...] = (ALL_YEAR,)
    cut_off: CutOff = CutOff.END_OF_DAY
    zone: ZoneInfo = SHANGHAI
    _turns: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _shifts: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Lay out a running sum of the exceptions, so that counting days needs no loop."""
        turns, shifts = [], [0]
        for day in sorted(self.exceptions):
            shift = int(self.exceptions[day]) - int(day.weekday() < 5)
            if shift:
                turns.append(day.toordinal())
                shifts.append(shifts[-1] + shift)
        object.__setattr__(self, "_turns", tuple(turns))
        object.__setattr__(self, "_shifts", tuple(shifts))

    def is_workday(self, day: date) -> bool:
        """Exceptions first, else Monday to Friday."""
        return self.exceptions.get(day, day.weekday() < 5)

    def knows(self, day: date) -> bool:
        """True when the official notices that can decide the day are loaded."""
        if day.year not in self.years:
            return False
        return (day.month, day.day) < TURN_OF_YEAR or day.year + 1 in self.years

    def knows_span(self, first: date, last: date) -> bool:
        """True when every day from `first` to `last` is known."""
        return self.knows(last) and all(year in self.years for year in range(first.year, last.year))

    def count_until(self, day: date) -> int:
        """Workdays from the beginning of the era up to and including the day."""
        ordinal = day.toordinal()
        weeks, rest = divmod(ordinal, 7)  # ordinal 1 was a Monday
        return weeks * 5 + min(rest, 5) + self._shifts[bisect_right(self._turns, ordinal)]

    def intervals(self, day: date) -> tuple[Interval, ...]:
        """Opening and closing times of a day in its season, whether or not it is a workday."""
        return next(
            (season.intervals for season in self.hours if season.covers(day)),
            ALL_YEAR.intervals,
        )

    def closing(self, day: date) -> datetime:
        """The local instant at which a deadline counted in days falls on this day."""
        if self.cut_off is CutOff.BUSINESS_CLOSE:
            return datetime.combine(day, self.intervals(day)[-1][1])
        return datetime.combine(day, LAST_SECOND)

    def local(self, moment: datetime) -> datetime:
        """The wall clock of the office, without zone; refuses a moment that has none itself."""
        if moment.utcoffset() is None:
            raise ValueError("a moment needs a time zone")
        return moment.astimezone(self.zone).replace(tzinfo=None)

    def utc(self, local: datetime) -> datetime:
        """Back from the wall clock of the office to UTC, as it is stored."""
        return local.replace(tzinfo=self.zone).astimezone(UTC)
