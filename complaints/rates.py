"""The rates of the office, one function each (`domain.md` 8.3); all take cases and a period.

`cases` says whose (a unit, a street), `now` is the cut-off. Nothing to count is "-".
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce, TruncDate

from complaints.choices import AssignmentEnd, CallbackOutcome
from complaints.figures import (
    CENT,
    OWED_NOTHING,
    Base,
    Cases,
    Period,
    Rate,
    Tally,
    due_cases,
    due_conditions,
    measure,
    open_cases,
)
from complaints.models import Assignment, Callback
from governance.calendar import SHANGHAI, Calendar
from governance.worktime import workdays_between

MOVED_ON = (AssignmentEnd.HANDED_ON, AssignmentEnd.RETURNED)
WRONG_FIRST = (*MOVED_ON, AssignmentEnd.REDISPATCHED)
# Overdue by workdays: up to three, up to ten, more (`domain.md` 8.3).
AGES = (3, 10)
HALF = Decimal("0.5")


# ── rates over the cases due in a period ─────────────────────────────────────────────────────


def due_tally(cases: Cases, period: Period, now: datetime) -> Tally:
    """All figures of the cases due in the period; the rates below read from it."""
    return measure(cases, Base.DUE, period, now)


def completion(due: Tally) -> Rate:
    """办结率: due cases finished by the cut-off / due cases."""
    return due.rate("finished", "due")


def on_time(due: Tally) -> Rate:
    """按期办结率: due cases finished by the due moment that holds, extensions included / due."""
    return due.rate("on_time", "due")


def on_original_time(due: Tally) -> Rate:
    """原时限办结率: finished by the due moment first promised / due; exposes extensions."""
    return due.rate("on_original_time", "due")


def satisfaction(due: Tally, *, raw: bool = False) -> Rate:
    """满意率: 很满意 + 满意 + 基本满意 / those who answered; who was not reached is left out.

    `raw` counts what was ruled out of duty as well, here and in the two rates below.
    """
    return due.rate("all_satisfied", "all_asked") if raw else due.rate("satisfied", "asked")


def dissatisfaction(due: Tally, *, raw: bool = False) -> Rate:
    """不满意率: 不满意 + 很不满意 / those who answered."""
    return due.rate("all_dissatisfied", "all_asked") if raw else due.rate("dissatisfied", "asked")


def solved(due: Tally, *, raw: bool = False) -> Rate:
    """解决率: solved, partly solved as a half / those who answered."""
    whole, half, answered = (
        ("all_solved", "all_partly", "all_answered") if raw else ("solved", "partly", "answered")
    )
    halves = due[half] * HALF
    return Rate(due[whole] + (int(halves) if halves % 1 == 0 else halves), due[answered])


def rework(due: Tally) -> Rate:
    """重办率: finished cases with a second round / finished."""
    return due.rate("reworked", "finished")


def first_time(due: Tally) -> Rate:
    """一次办结率: solved in the first round, as the citizen says / finished."""
    return due.rate("first_time", "finished")


def within_community(due: Tally) -> Rate:
    """矛盾不出社区: solved at the community or below / finished with a known level."""
    return due.rate("within_community", "levelled")


def sample(due: Tally) -> Rate:
    """回访样本: answers / due cases; below 30 % a high satisfaction proves little."""
    return due.rate("asked", "due")


# ── rates over other sets ────────────────────────────────────────────────────────────────────


def repeats(accepted: Tally) -> Rate:
    """重复诉求率: repeats of an earlier case / accepted."""
    return accepted.rate("repeated", "accepted")


def callback(cases: Cases, period: Period, now: datetime) -> Rate:
    """回访率: a talk, or the tries after which the house gives up / finished cases to be asked.

    Out of scope: categories that need no callback (praise, questions), callers without a phone,
    sub-cases, whose caller is asked once on the parent.
    """
    called = Callback.objects.filter(complaint=OuterRef("pk")).exclude(
        outcome__in=(CallbackOutcome.UNREACHED, CallbackOutcome.UNDONE)
    )
    scope = due_cases(cases, period).filter(
        due_conditions(now)["finished"],
        Q(category=None) | Q(category__needs_callback=True),
        ~Q(caller__phone_masked=""),
        caller__isnull=False,
        part_of=None,
    )
    found = scope.aggregate(
        whole=Count("pk"), part=Count("pk", filter=Q(is_unreached=True) | Q(Exists(called)))
    )
    return Rate(found["part"], found["whole"])


def assignments(cases: Cases, period: Period) -> QuerySet[Assignment]:
    """Dispatches of the period; those of cases that turned out void are left out."""
    valid = cases.filter(merged_into=None).exclude(stage__in=OWED_NOTHING)
    rows = Assignment.objects.filter(period.of("dispatched_at"), complaint__in=valid)
    return rows.exclude(end_kind=AssignmentEnd.UNDONE)


def sign_on_time(cases: Cases, period: Period, now: datetime) -> Rate:
    """签收及时率: signed by a person within the limit / dispatches whose limit is up or signed.

    Signed by the house is late. What was handed on before the limit is left out.
    """
    moved_early = Q(end_kind__in=MOVED_ON, ended_at__lte=F("sign_due_at"))
    whole = assignments(cases, period).exclude(moved_early & Q(signed_at=None))
    whole = whole.filter(Q(signed_at__isnull=False) | Q(sign_due_at__lt=now))
    good = Q(signed_at__lte=F("sign_due_at"), is_auto_signed=False)
    return _rate(whole, good)


def first_contact(cases: Cases, period: Period, now: datetime) -> Rate:
    """首联及时率: caller spoken to, or tried three times, within the limit / signed with a phone.

    Dispatches whose limit is still running and without contact are left out.
    """
    whole = (
        assignments(cases, period)
        .filter(signed_at__isnull=False, contact_due_at__isnull=False)
        .filter(Q(contacted_at__isnull=False) | Q(contact_due_at__lt=now))
        .exclude(complaint__caller__phone_masked="")
    )
    return _rate(whole, Q(contacted_at__lte=F("contact_due_at")))


def response(cases: Cases, period: Period, now: datetime) -> Rate:
    """响应率: contacted within the limit, and the citizen says so / those who were asked and said.

    The last word on the question counts; one that was taken back does not. Who worked on the case
    cannot make this rate better without having called.
    """
    said = Callback.objects.filter(
        complaint=OuterRef("pk"), was_contacted_in_time__isnull=False
    ).exclude(outcome=CallbackOutcome.UNDONE)
    in_time = Assignment.objects.filter(
        complaint=OuterRef("pk"), contacted_at__lte=F("contact_due_at")
    )
    word = Subquery(said.order_by("-id").values("was_contacted_in_time")[:1])
    finished = due_cases(cases, period).filter(due_conditions(now)["finished"]).alias(word=word)
    good = finished.filter(Exists(in_time), word=True)
    return Rate(good.count(), finished.exclude(word=None).count())


def moved_on(cases: Cases, period: Period) -> Rate:
    """退转率: dispatches returned or handed on (不属于本网格) / dispatches."""
    return _rate(assignments(cases, period), Q(end_kind__in=MOVED_ON))


def first_hit(cases: Cases, period: Period) -> Rate:
    """首派准确率: first dispatches that found the right unit / first dispatches."""
    return _rate(assignments(cases, period).filter(number=1), ~Q(end_kind__in=WRONG_FIRST))


def _rate(rows: QuerySet[Assignment], good: Q) -> Rate:
    found = rows.aggregate(part=Count("pk", filter=good), whole=Count("pk"))
    return Rate(found["part"], found["whole"])


# ── time ─────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Duration:
    """Workdays from the first dispatch to the first answer, over a number of cases."""

    average: Decimal | None
    median: Decimal | None
    count: int


def duration(cases: Cases, period: Period, now: datetime, calendar: Calendar) -> Duration:
    """平均办理时长 in workdays, the day of dispatch not counted; and the median (8.3)."""
    finished = due_cases(cases, period).filter(due_conditions(now)["finished"])
    days: Counter[int] = Counter()
    spans = finished.order_by().values(
        first=TruncDate(first_dispatch()), last=TruncDate("first_finished_at")
    )
    for span in spans.annotate(cases=Count("pk")):
        if span["first"] is None:
            continue
        worked = workdays_between(span["first"], span["last"], calendar)
        days[max(worked, 0)] += span["cases"]
    count = days.total()
    if not count:
        return Duration(None, None, 0)
    average = Decimal(sum(day * number for day, number in days.items())) / count
    return Duration(average.quantize(CENT, ROUND_HALF_UP), _median(days), count)


def first_dispatch() -> Case:
    """When a case was first dispatched: the row knows, unless it was sent again since."""
    first = Assignment.objects.filter(complaint=OuterRef("pk"), number=1).values("dispatched_at")
    return Case(
        When(round=1, transfer_count=0, then=F("dispatched_at")),
        default=Coalesce(Subquery(first), F("dispatched_at")),
    )


def _median(days: Counter[int]) -> Decimal:
    ordered = sorted(days.elements())
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return Decimal(ordered[middle])
    return Decimal(ordered[middle - 1] + ordered[middle]) / 2


def overdue_ages(cases: Cases, now: datetime, calendar: Calendar) -> list[int]:
    """超期未办结 by age: late up to 3 workdays, up to 10, more. One statement."""
    late = Q(due_at__lt=now, suspended_at=None)
    edges = [_opening(earliest_day(now, age, calendar)) for age in AGES]
    first, second = (Q(due_at__gte=edge) for edge in edges)
    found = open_cases(cases).aggregate(
        young=Count("pk", filter=late & first),
        middle=Count("pk", filter=late & second & ~first),
        old=Count("pk", filter=late & ~second),
    )
    return [found["young"], found["middle"], found["old"]]


def earliest_day(now: datetime, age: int, calendar: Calendar) -> date:
    """The earliest day after which no more than `age` workdays have passed until today."""
    today = now.astimezone(SHANGHAI).date()
    day = today
    while workdays_between(day - timedelta(days=1), today, calendar) <= age:
        day -= timedelta(days=1)
    return day


def _opening(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)
