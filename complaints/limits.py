"""Which limit applies to a case, and the moment it gives. Pure: rules and calendar are given."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from math import ceil

from complaints.choices import LimitUnit
from complaints.models import CaseRules, UrgencyLimit
from complaints.rules import Rules
from governance import worktime
from governance.calendar import Calendar
from governance.worktime import Due

HOURS = (LimitUnit.WALL_MINUTES, LimitUnit.WALL_HOURS, LimitUnit.WORK_HOURS)


@dataclass(frozen=True)
class Limit:
    """An amount of one unit, as the case keeps it."""

    amount: int
    unit: str

    def halved(self) -> "Limit":
        """The limit of a second round: half, rounded up, in the same unit (`domain.md` 1.6, 11)."""
        return Limit(ceil(self.amount / 2), self.unit)

    def due(self, start: datetime, calendar: Calendar) -> Due:
        """The moment the limit ends when it starts at `start`."""
        return worktime.add(start, self.amount, self.unit, calendar)


def city_limit(rules: CaseRules) -> Limit:
    """What a city order gets when the city names no deadline (`domain.md` 1.5)."""
    return Limit(rules.city_default_workdays, LimitUnit.WORKDAYS)


def assignment_due(
    limit: Limit, dispatched_at: datetime, case_due_at: datetime, rules: CaseRules, cal: Calendar
) -> Due:
    """The promise of a unit: the category's limit, but a workday before the case's own deadline.

    The buffer leaves the unit at least two working hours and at least half of the time it would
    have without a buffer; never after the case's deadline unless that has passed already
    (`domain.md` 1.6, rule 6; `docs/decisions/0016`).
    """
    by_limit = limit.due(dispatched_at, cal)
    buffered = case_due_at
    for _day in range(rules.buffer_workdays):
        buffered = worktime.one_workday_before(buffered, cal).at
    latest = max(case_due_at, dispatched_at)
    floor = share_moment(
        dispatched_at,
        min(by_limit.at, latest),
        Fraction(rules.least_share_percent, 100),
        limit,
        cal,
    )
    least = worktime.add(dispatched_at, rules.least_work_hours, LimitUnit.WORK_HOURS, cal).at
    at = max(min(by_limit.at, buffered), min(max(least, floor), latest))
    return Due(at, by_limit.is_provisional)


def share_moment(
    start: datetime, end: datetime, share: Fraction, limit: Limit, cal: Calendar
) -> datetime:
    """The moment at which a share (at most all) of a span is used, in the limit's own unit."""
    if end <= start:
        return start
    return worktime.fraction_moment(start, end, min(share, Fraction(1)), limit.unit, cal)


def sign_due(urgency: UrgencyLimit, dispatched_at: datetime, calendar: Calendar) -> datetime:
    """By when the unit signs; counted from dispatch, so signing late buys no time."""
    return worktime.add(dispatched_at, urgency.sign_amount, urgency.sign_unit, calendar).at


def auto_sign_at(
    urgency: UrgencyLimit, dispatched_at: datetime, rules: CaseRules, calendar: Calendar
) -> datetime:
    """When the house signs for a silent unit: a multiple of the sign limit (`domain.md` 5.1)."""
    amount = urgency.sign_amount * rules.auto_sign_factor
    return worktime.add(dispatched_at, amount, urgency.sign_unit, calendar).at


def contact_due(urgency: UrgencyLimit, dispatched_at: datetime, calendar: Calendar) -> datetime:
    """By when the caller has heard from somebody."""
    return worktime.add(dispatched_at, urgency.contact_amount, urgency.contact_unit, calendar).at


def box_due(
    level: int | None, now: datetime, due_at: datetime, limit: Limit, rules: Rules, cal: Calendar
) -> datetime | None:
    """How long a case may rest on a level: min(ceiling, remaining / (levels left + 1)).

    Departments have no box. Never after `due_at` (`domain.md` 5.3).
    """
    box = rules.boxes.get(level or 0)
    if box is None or level is None or due_at <= now:
        return None
    share = worktime.fraction_moment(now, due_at, Fraction(1, level), limit.unit, cal)
    at = min(share, due_at)
    if box.amount is not None:
        at = min(at, worktime.add(now, box.amount, box.unit, cal).at)
    return max(at, least_box(now, due_at, limit, rules.case, cal))


def least_box(
    now: datetime, due_at: datetime, limit: Limit, rules: CaseRules, cal: Calendar
) -> datetime:
    """The shortest time a level gets: some working minutes, but no more than half of the rest."""
    minutes = Fraction(rules.least_box_minutes, 60)
    floor = worktime.add(now, minutes, LimitUnit.WORK_HOURS, cal).at
    return min(floor, share_moment(now, due_at, Fraction(1, 2), limit, cal))
