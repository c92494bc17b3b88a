"""When a reminder strikes: the moments of the rules, and the hours in which they keep quiet. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from complaints.choices import Hush, LimitUnit, Trigger, Urgency
from complaints.limits import HOURS, Limit, share_moment
from complaints.models import OversightRules, ReminderRule
from governance import worktime
from governance.calendar import Calendar

ON_THE_WALL = (LimitUnit.WALL_MINUTES, LimitUnit.WALL_HOURS)
SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Promises:
    """The moments of one dispatch that reminders are counted from, and how they are counted."""

    dispatched_at: datetime
    sign_due_at: datetime
    contact_due_at: datetime | None
    due_at: datetime
    limit: Limit
    urgency: str


def moment_of(
    rule: ReminderRule, promises: Promises, quiet: OversightRules, calendar: Calendar
) -> datetime:
    """The moment a rule strikes for one dispatch, outside the hours in which it keeps quiet.

    Only for triggers that are counted along a dispatch (`choices.TIMED_TRIGGERS`). Source:
    `domain.md` 5.3.
    """
    at = bare_moment(rule, promises, calendar)
    return heard_at(at, rule, promises.urgency, promises.limit, quiet, calendar)


def bare_moment(rule: ReminderRule, promises: Promises, calendar: Calendar) -> datetime:
    """The moment a rule strikes for one dispatch, by day or by night."""
    start, due_at, unit = promises.dispatched_at, promises.due_at, promises.limit.unit
    match rule.trigger:
        case Trigger.SIGN_SHARE:
            return start + (promises.sign_due_at - start) * min(rule.amount, 100) / 100
        case Trigger.SIGN_PASSED:
            return after(promises.sign_due_at, rule, calendar)
        case Trigger.CONTACT_PASSED:
            return after(promises.contact_due_at or promises.sign_due_at, rule, calendar)
        case Trigger.SHARE:
            return share_moment(start, due_at, Fraction(rule.amount, 100), promises.limit, calendar)
        case Trigger.LEFT if unit in HOURS:
            share = Fraction(100 - min(rule.left_percent, 100), 100)
            return share_moment(start, due_at, share, promises.limit, calendar)
        case Trigger.LEFT:
            return max(before(due_at, start, rule.amount, rule.unit, calendar), start)
        case _:
            return after(due_at, rule, calendar)


def before(
    due_at: datetime, start: datetime, amount: int, unit: str, calendar: Calendar
) -> datetime:
    """The moment at which `amount` of `unit` is left until `due_at`; not before `start`."""
    match unit:
        case LimitUnit.WORKDAYS:
            for _day in range(amount):
                due_at = worktime.one_workday_before(due_at, calendar).at
            return due_at
        case LimitUnit.WORK_HOURS:
            whole = worktime.elapsed(start, due_at, unit, calendar)
            return worktime.add(start, max(whole - amount, 0), unit, calendar).at
        case LimitUnit.CALENDAR_DAYS:
            return due_at - timedelta(days=amount)
        case LimitUnit.WALL_HOURS:
            return due_at - timedelta(hours=amount)
        case _:
            return due_at - timedelta(minutes=amount)


def after(at: datetime, rule: ReminderRule, calendar: Calendar) -> datetime:
    """One second past a moment; or as much later as the rule says.

    Workdays: the opening of the n-th workday after the day on which the moment fell.
    """
    if rule.amount == 0:
        return at + SECOND
    later = worktime.add(at, rule.amount, rule.unit, calendar).at
    if rule.unit != LimitUnit.WORKDAYS:
        return later
    day = calendar.local(later).date()
    return calendar.utc(datetime.combine(day, calendar.intervals(day)[0][0]))


def moment_after_stop(
    rule: ReminderRule,
    promises: Promises,
    *,
    planned_at: datetime,
    stopped_at: datetime,
    due_before: datetime,
    quiet: OversightRules,
    calendar: Calendar,
) -> datetime:
    """When a reminder that was waiting while the clock stood still strikes after it.

    `promises` begin at the moment the clock goes on. A reminder counted from the end follows the
    new end; one counted in shares keeps its place in what was left of the limit.
    """
    unit = promises.limit.unit
    by_share = rule.trigger == Trigger.SHARE or (rule.trigger == Trigger.LEFT and unit in HOURS)
    if not by_share:
        return moment_of(rule, promises, quiet, calendar)
    measure = unit if unit in HOURS else LimitUnit.WORK_HOURS
    whole = worktime.elapsed(stopped_at, due_before, measure, calendar)
    part = worktime.elapsed(stopped_at, planned_at, measure, calendar)
    share = min(Fraction(part) / Fraction(whole), Fraction(1)) if whole else Fraction(1)
    at = share_moment(promises.dispatched_at, promises.due_at, share, promises.limit, calendar)
    return heard_at(at, rule, promises.urgency, promises.limit, quiet, calendar)


def heard_at(
    at: datetime,
    rule: ReminderRule,
    urgency: str,
    limit: Limit,
    quiet: OversightRules,
    calendar: Calendar,
) -> datetime:
    """The first moment from `at` at which the rule may be heard; critical matters at any time.

    A limit that runs on the wall clock runs over the weekend too: for it, a rule of office hours
    keeps quiet at night only, or it would speak after the end.
    """
    hush = Hush.NIGHT if rule.hush == Hush.OFFICE and limit.unit in ON_THE_WALL else rule.hush
    return not_while_quiet(at, hush, urgency, quiet, calendar)


def not_while_quiet(
    at: datetime, hush: str, urgency: str, quiet: OversightRules, calendar: Calendar
) -> datetime:
    """Out of the night into the morning, out of a rest day into the next opening of the office."""
    if urgency == Urgency.CRITICAL or hush == Hush.NONE:
        return at
    if hush == Hush.OFFICE:
        return worktime.add(at, 0, LimitUnit.WORK_HOURS, calendar).at
    local = calendar.local(at)
    now, begins, ends = local.time(), quiet.quiet_from, quiet.quiet_to
    if begins == ends:
        return at
    is_night = begins <= now or now < ends if begins > ends else begins <= now < ends
    if not is_night:
        return at
    day = local.date() + timedelta(days=now >= begins and begins > ends)
    return calendar.utc(datetime.combine(day, ends))
