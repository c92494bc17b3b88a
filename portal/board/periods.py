"""The periods a leader may choose, as they stand at one moment."""

from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext_lazy as _

from complaints.figures import Period
from governance.calendar import SHANGHAI

PERIODS = {
    "today": _("今日"),
    "week": _("本周"),
    "month": _("本月"),
    "quarter": _("本季"),
}
DEFAULT = "month"


def period_named(name: str, now: datetime) -> Period:
    """From the beginning of the period until `now`: what is still ahead is not owed yet."""
    first = first_day(name, now.astimezone(SHANGHAI).date())
    return Period(datetime.combine(first, time(), SHANGHAI), now)


def first_day(name: str, today: date) -> date:
    """The day on which the period that holds `today` began; weeks begin on Monday."""
    match name:
        case "today":
            return today
        case "week":
            return today - timedelta(days=today.weekday())
        case "quarter":
            return today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
        case _:
            return today.replace(day=1)


def day_of(now: datetime) -> Period:
    """The whole day that holds `now`, as far as it has come."""
    return period_named("today", now)
