"""How much a request is about, in the unit it was asked in. Pure: rows and calendar are given."""

from datetime import datetime, timedelta
from math import ceil

from complaints.choices import LimitUnit, RequestUnit
from complaints.models import CaseRequest, Complaint
from complaints.reminder_words import SPANS
from governance import worktime
from governance.calendar import Calendar

DAYS = (LimitUnit.WORKDAYS, LimitUnit.CALENDAR_DAYS)


def unit_for(named: str, case: Complaint) -> LimitUnit:
    """The unit a rule means for this case: the one it names, or the one of the case's limit."""
    if named == RequestUnit.OF_THE_CASE:
        return LimitUnit(case.limit_unit or LimitUnit.WORKDAYS)
    return LimitUnit(named)


def unit_label(unit: str) -> str:
    """What a form calls the unit."""
    return str(LimitUnit(unit).label)


def recorded(amount: int, unit: str) -> str:
    """An amount as the record says it, always in Chinese: 3个工作日."""
    return SPANS[LimitUnit(unit)] % {"count": amount}


def spell_end(start: datetime, amount: int, unit: str, calendar: Calendar) -> datetime:
    """When a clock that was stopped at `start` goes on again by itself.

    A spell in calendar days ends at the time of day at which it began, because it is a span and
    no deadline; all other units as a limit ends (`domain.md` 1.6, rules 1, 2 and 9).
    """
    if unit == LimitUnit.CALENDAR_DAYS:
        return start + timedelta(days=amount)
    return worktime.add(start, amount, unit, calendar).at


def used(row: CaseRequest, unit: str, calendar: Calendar) -> int:
    """How much of a cap in `unit` a granted request has used; what has begun counts whole.

    A suspension that ended early counts what it took. What was granted in another unit, before
    the rule was edited, is measured by the calendar: units are never converted into each other.
    """
    amount = row.amount or 0
    start = row.decided_at
    if start is None or (row.ended_at is None and row.amount_unit == unit):
        return amount
    end = row.ended_at or row.until
    if end is None:  # an extension: the span itself, whose first day is not counted
        end = worktime.add(start, amount, row.amount_unit, calendar).at
        start = worktime.add(start, 0, row.amount_unit, calendar).at
    if unit == LimitUnit.CALENDAR_DAYS:
        took = (end - start).days + 1
    else:
        took = ceil(worktime.elapsed(start, end, unit, calendar))
        took += unit == LimitUnit.WORKDAYS and row.ended_at is not None
    return min(took, amount) if row.amount_unit == unit else took
