"""The periods a leader may choose, as they stand at one moment, and what they are held against."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.figures import Period
from governance.calendar import SHANGHAI

LAST_MONTH = "last_month"
PERIODS = {
    "today": gettext_lazy("今日"),
    "week": gettext_lazy("本周"),
    "month": gettext_lazy("本月"),
    LAST_MONTH: gettext_lazy("上月"),
    "quarter": gettext_lazy("本季"),
    "year": gettext_lazy("本年"),
}
CUSTOM = "custom"
DEFAULT = "month"
# What a running period is compared with: the one before it, as far as this one has come.
BEFORE = {
    "today": gettext_lazy("昨日同期"),
    "week": gettext_lazy("上周同期"),
    "month": gettext_lazy("上月同期"),
    LAST_MONTH: gettext_lazy("再上一月"),
    "quarter": gettext_lazy("上季同期"),
    "year": gettext_lazy("去年同期"),
    CUSTOM: gettext_lazy("前一段"),
}
MOST_DAYS = 731
# The comparison moves on in steps of this length, so that it need not be counted for each reader.
PACE = timedelta(minutes=10)


@dataclass(frozen=True)
class Choice:
    """A period by its name; `since` and `until` are the days as typed, `problem` what is wrong."""

    name: str
    period: Period
    since: str = ""
    until: str = ""
    problem: str = ""

    @property
    def label(self) -> str:
        """本月, or 2026-11-01 至 2026-11-20."""
        if self.name != CUSTOM:
            return str(PERIODS[self.name])
        return _("%(since)s 至 %(until)s") % {"since": self.since, "until": self.until}

    @property
    def before_label(self) -> str:
        """What it is compared with."""
        return str(BEFORE[self.name])

    @property
    def query(self) -> dict[str, str]:
        """How it stands in an address."""
        if self.name != CUSTOM:
            return {"period": self.name}
        return {"period": CUSTOM, "from": self.since, "to": self.until}

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day that belong to it."""
        last = self.period.end - timedelta(microseconds=1)
        return day_in(self.period.start), day_in(last)


def day_in(moment: datetime) -> date:
    """The day of a moment in the office's own time."""
    return moment.astimezone(SHANGHAI).date()


def opening(day: date) -> datetime:
    """The first moment of a day."""
    return datetime.combine(day, time(), SHANGHAI)


def choose(asked: Mapping[str, str], now: datetime) -> Choice:
    """The period an address asks for; this month, with a sentence, when its days make no sense."""
    name = asked.get("period", "")
    if name != CUSTOM:
        name = name if name in PERIODS else DEFAULT
        return Choice(name, period_named(name, now))
    since, until = asked.get("from", "")[:10], asked.get("to", "")[:10]
    problem = fault(since, until, day_in(now))
    if problem:
        return Choice(DEFAULT, period_named(DEFAULT, now), since, until, problem)
    end = opening(date.fromisoformat(until) + timedelta(days=1))
    return Choice(CUSTOM, Period(opening(date.fromisoformat(since)), min(end, now)), since, until)


def fault(since: str, until: str, today: date) -> str:
    """What is wrong with two typed days, in words; nothing when they can be used."""
    try:
        first, last = date.fromisoformat(since), date.fromisoformat(until)
    except ValueError:
        return _("请把起止日期都填完整，例如 2026-11-01。")
    if first > last:
        return _("开始日期在结束日期之后，请对调后再查。")
    if first > today or first.year < 2000:
        return _("开始日期须在今天或以前。")
    if (last - first).days >= MOST_DAYS:
        return _("一次最多看两年，请缩短时段。")
    return ""


def period_named(name: str, now: datetime) -> Period:
    """From the beginning of the period until `now`: what is still ahead is not owed yet.

    Last month is whole; on the first days of a month it tells more than the month itself.
    """
    if name == LAST_MONTH:
        end = first_day("month", day_in(now))
        return Period(opening(first_day("month", end - timedelta(days=1))), opening(end))
    return Period(opening(first_day(name, day_in(now))), now)


def first_day(name: str, today: date) -> date:
    """The day on which the period that holds `today` began; weeks begin on Monday."""
    match name:
        case "today":
            return today
        case "week":
            return today - timedelta(days=today.weekday())
        case "quarter":
            return today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
        case "year":
            return today.replace(month=1, day=1)
        case _:
            return today.replace(day=1)


def before(choice: Choice, now: datetime) -> tuple[Period, datetime]:
    """The period before, as far as the chosen one has come, and the moment it is judged at.

    What is finished is judged after the same wait: a running period at its own end, one long past
    as long afterwards as we look at this one. Both ends move on every ten minutes.
    """
    period = choice.period
    first, last = choice.days
    if choice.name == CUSTOM:
        start = opening(first - ((last - first) + timedelta(days=1)))
    else:
        start = opening(first_day(choice.name, first - timedelta(days=1)))
    # Months are not equally long, but whole ones are compared whole.
    as_long = start + (period.end - period.start)
    end = period.start if choice.name == LAST_MONTH else min(as_long, period.start)
    end = paced(end) if end < period.start else end
    return Period(start, max(end, start)), end + max(paced(now) - paced(period.end), timedelta())


def paced(moment: datetime) -> datetime:
    """The last full ten minutes."""
    return moment - (moment - datetime.min.replace(tzinfo=moment.tzinfo)) % PACE


def day_of(now: datetime) -> Period:
    """The whole day that holds `now`, as far as it has come."""
    return period_named("today", now)
