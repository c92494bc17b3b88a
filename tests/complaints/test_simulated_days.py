"""Many days of a street: every reminder once, on time, never early, and none for what is over."""

import random
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

import pytest
import time_machine
from django.db import connection
from django.db.models import Count
from django.utils import timezone

from complaints import tasks
from complaints.models import Reminder
from complaints.services import clock
from complaints.services.timing import DUTIES
from governance.models import Notice, Todo
from governance.services import todo
from tests.cast import Cast
from tests.complaints.simulated import Street, facts_of_all, local
from tests.reference.reminders_slow import Expected, Walk

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
IN_VERIFY, FULL = (200, 10), (5_000, 90)


class Found(NamedTuple):
    """Something that was told: by which rule, for which moment, and when."""

    case: int
    what: str
    number: int
    due_at: datetime
    at: datetime


def told() -> list[Found]:
    """The reminders there are."""
    return [
        Found(
            row.complaint_id,
            row.rule_code,
            row.assignment_number,
            local(row.due_at),
            local(row.sent_at),
        )
        for row in Reminder.objects.order_by("pk")
    ]


class Verdict(NamedTuple):
    """What is wrong, and how much was looked at."""

    missing: list[str]
    too_many: list[str]
    latest: timedelta
    counted: Counter[str]
    unsure: int


def judge(street: Street) -> Verdict:
    """Compare what was told with what the slow reference expects, case by case."""
    clock, rows = street.clock(), told()
    of_case: dict[int, list[Found]] = {}
    for row in rows:
        of_case.setdefault(row.case, []).append(row)
    missing, too_many, counted, unsure = [], [], Counter[str](), 0
    latest = timedelta()
    for facts in facts_of_all():
        walk = Walk(facts, clock).run()
        left = of_case.get(facts.pk, [])
        for one in walk.expected:
            name = "box_over" if one.what == "box_heard" else one.what
            if (one.what, one.number) in walk.unsure:
                continue
            match = next((row for row in left if fits(row, name, one)), None)
            if match is None:
                missing.append(f"case {facts.pk}: {one}")
                continue
            left.remove(match)
            counted[name] += 1
            latest = max(latest, match.at - one.earliest)
        too_many += [f"case {facts.pk}: {words}" for words in walk.wrong]
        counted["by itself"] += walk.done_by_house
        surely = [row for row in left if not is_unsure(row, walk)]
        too_many += [f"case {facts.pk}: {row}" for row in surely]
        unsure += len(left) - len(surely)
    return Verdict(missing, too_many, latest, counted, unsure)


def fits(row: Found, name: str, one: Expected) -> bool:
    """Whether this row is what was expected, in time."""
    if row.what != name or not one.earliest <= row.at <= one.latest:
        return False
    return row.number in (one.number, 0) and abs(row.due_at - one.at) <= SECOND


def is_unsure(row: Found, walk: Walk) -> bool:
    """Whether somebody acted in the very minute in which the house did."""
    what = {row.what, "box_heard"} if row.what == "box_over" else {row.what}
    return any(
        name in what and (number == row.number or not row.number) for name, number in walk.unsure
    )


def shown_wrongly() -> list[str]:
    """Reminders that do not stand once in the inbox of everybody they were for."""
    lines = dict(
        Notice.objects.filter(key__startswith="remind:")
        .values_list("key")
        .annotate(count=Count("pk"), people=Count("person", distinct=True))
        .values_list("key", "count")
    )
    return [
        f"reminder {row.pk} ({row.rule_code}): for {row.told_count}, shown {lines.get(f'remind:{row.pk}', 0)}"
        for row in Reminder.objects.all()
        if not 0 < row.told_count == lines.get(f"remind:{row.pk}", 0)
    ]


def run(
    office: Cast,
    monday: time_machine.Traveller,
    size: tuple[int, int],
    seed: int,
    *,
    calm: float = 0,
    sweep: Callable[[], object] = tasks.sweep,
) -> Verdict:
    """So many cases over so many days, and the verdict."""
    began = time.process_time()
    street = Street(office, monday, cases=size[0], days=size[1], seed=seed, calm=calm, sweep=sweep)
    street.live()
    lived = time.process_time()
    verdict = judge(street)
    print(
        f"\n{size[0]} cases, {size[1]} days, seed {seed}: {sum(verdict.counted.values())} reminders"
        f" and deeds of the house, the latest after {verdict.latest.total_seconds():.0f} s,"
        f" {verdict.unsure} left out; {dict(verdict.counted)}; {street.refused} deeds refused;"
        f" {lived - began:.0f} s of life, {time.process_time() - lived:.0f} s of judging"
    )
    return verdict


@pytest.mark.smoke
def test_in_ten_days_everybody_is_told_once_and_in_time(
    office: Cast, monday: time_machine.Traveller
) -> None:
    if connection.vendor == "postgresql":
        pytest.skip("lived on SQLite, in half the time; the ninety days are lived on PostgreSQL")
    verdict = run(office, monday, IN_VERIFY, seed=20_261_124, calm=0.75)
    assert not verdict.missing and not verdict.too_many, (verdict.missing[:5], verdict.too_many[:5])
    assert shown_wrongly() == []
    assert verdict.unsure < sum(verdict.counted.values()) / 50


@pytest.mark.full
@pytest.mark.timeout(7_200)
# In one transaction nothing that is superseded could be cleared away, and every look would pass it.
@pytest.mark.django_db(transaction=True)
def test_in_ninety_days_everybody_is_told_once_and_in_time(
    office: Cast, monday: time_machine.Traveller
) -> None:
    verdict = run(office, monday, FULL, seed=random.SystemRandom().randrange(10**9))
    assert not verdict.missing and not verdict.too_many, (verdict.missing[:5], verdict.too_many[:5])
    assert shown_wrongly() == []


def forgets_some() -> None:
    """A wrong sweep: every fifth reminder is taken for told."""
    waiting = Todo.objects.filter(done_at=None, kind=clock.REMIND, due_at__lte=timezone.now())
    for row in waiting:
        if row.pk % 5 == 0:
            Todo.objects.filter(pk=row.pk).update(done_at=timezone.now())
    tasks.sweep()


def tells_twice() -> None:
    """A wrong sweep: what it has told it plans once more, a minute later."""
    before = timezone.now()
    due = Todo.objects.filter(done_at=None, kind=clock.REMIND, due_at__lte=before)
    first = due.filter(attempt_count=0).first()
    tasks.sweep()
    if first is not None:
        first.due_at, first.attempt_count = before + timedelta(minutes=1), 1
        first.save(update_fields=["due_at", "attempt_count", "done_at"])


def is_early() -> None:
    """A wrong sweep: its clock is ten minutes ahead."""
    todo.sweep(DUTIES, now=timezone.now() + timedelta(minutes=10))


@pytest.mark.parametrize("sweep", [forgets_some, tells_twice, is_early])
def test_control_a_wrong_sweep_is_found(
    office: Cast, monday: time_machine.Traveller, sweep: Callable[[], None]
) -> None:
    verdict = run(office, monday, (6, 4), seed=4, sweep=sweep)
    wrong = verdict.missing if sweep is forgets_some else verdict.too_many
    assert wrong
