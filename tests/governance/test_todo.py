"""The sweep: what is due is done once, whatever crashes, and however many sweep at once."""

from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import OperationalError, transaction
from django.utils import timezone

from governance.models import Notice, Person, Todo
from governance.services import todo
from governance.services.notices import notify
from governance.services.todo import Duty
from tests.governance.threads import in_threads

pytestmark = [pytest.mark.django_db, pytest.mark.smoke]
KIND = "tests.tell"


class Crash(BaseException):
    """The process is gone: nothing of the house can catch this."""


def lock(pk: int) -> Person | None:
    return Person.objects.select_for_update().filter(pk=pk).first()


def tell(person: Person, row: Todo) -> None:
    notify([person.pk], title="到期", key=row.key)


DUTIES = {KIND: Duty(lock, tell)}


def planned(count: int, *, minutes: int = -1) -> list[Todo]:
    """Work for `count` people, due a minute ago."""
    due_at = timezone.now() + timedelta(minutes=minutes)
    people = Person.objects.bulk_create(Person(name=f"甲{n}") for n in range(count))
    rows = [Todo(kind=KIND, key=f"tell:{p.pk}", subject_id=p.pk, due_at=due_at) for p in people]
    todo.plan(rows)
    return list(Todo.objects.order_by("pk"))


def waiting() -> int:
    return Todo.objects.filter(done_at=None).count()


def test_what_is_due_is_done_and_what_is_not_stays() -> None:
    planned(2)
    planned(1, minutes=10)
    assert todo.sweep(DUTIES) == 2
    assert (Notice.objects.count(), waiting()) == (2, 1)
    assert todo.sweep(DUTIES) == 0


def test_the_oldest_comes_first_and_one_sweep_takes_no_more_than_its_share() -> None:
    late = planned(1, minutes=-60)
    planned(3)
    assert todo.sweep(DUTIES, most=1) == 1
    assert Todo.objects.get(done_at__isnull=False).pk == late[0].pk


def test_a_kind_without_a_duty_is_left_alone() -> None:
    planned(1)
    assert todo.sweep({}) == 0
    assert waiting() == 1


def test_planning_again_moves_the_moment_and_wakes_what_was_done() -> None:
    (row,) = planned(1)
    todo.sweep(DUTIES)
    later = timezone.now() + timedelta(hours=1)
    todo.plan([Todo(kind=KIND, key=row.key, subject_id=row.subject_id, due_at=later)])
    again = Todo.objects.get()
    assert (again.done_at, again.due_at) == (None, later)
    assert todo.sweep(DUTIES) == 0


def test_what_is_taken_back_is_not_done() -> None:
    (row,) = planned(1)
    todo.cancel(row.subject_id, kinds=[KIND])
    assert todo.sweep(DUTIES) == 0
    assert not Notice.objects.exists()


def test_work_whose_subject_is_gone_is_closed_without_a_deed() -> None:
    (row,) = planned(1)
    Todo.objects.filter(pk=row.pk).update(subject_id=10**9)
    assert todo.sweep(DUTIES) == 1
    assert (Notice.objects.count(), waiting()) == (0, 0)


def test_work_that_fails_is_pushed_away_longer_each_time_and_never_dropped() -> None:
    rows = planned(2)

    def stumble(person: Person, row: Todo) -> None:
        tell(person, row)
        if row.pk == rows[0].pk:
            raise ValueError("名单为空")

    pauses = []
    for _ in range(8):
        Todo.objects.filter(pk=rows[0].pk).update(due_at=timezone.now())
        todo.sweep({KIND: Duty(lock, stumble)})
        row = Todo.objects.get(pk=rows[0].pk)
        pauses.append(round((row.due_at - timezone.now()).total_seconds() / 60))
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60]
    assert (row.attempt_count, row.last_error) == (8, "ValueError: 名单为空")
    # The deed that failed left nothing behind, its neighbour was told.
    assert Notice.objects.count() == 1


def crash_once(after: int) -> Duty:
    """Act, then die before the row is marked done, the `after`-th time."""
    calls = iter(range(10**6))

    def act(person: Person, row: Todo) -> None:
        tell(person, row)
        if next(calls) == after:
            raise Crash

    return Duty(lock, act)


def test_a_crash_between_acting_and_marking_loses_and_doubles_nothing() -> None:
    planned(5)
    with pytest.raises(Crash):
        todo.sweep({KIND: crash_once(after=2)})
    assert (Notice.objects.count(), waiting()) == (2, 3)
    todo.sweep(DUTIES)
    assert (Notice.objects.count(), waiting()) == (5, 0)


def claim_then_act(duty: Duty) -> None:
    """The other way round, as it must not be: commit the mark first, act afterwards."""
    for row in Todo.objects.filter(done_at=None, due_at__lte=timezone.now()).order_by("pk"):
        with transaction.atomic():
            claimed = Todo.objects.filter(pk=row.pk, done_at=None).update(done_at=timezone.now())
        if claimed:
            with transaction.atomic():
                duty.act(duty.lock(row.subject_id), row)


def test_control_claiming_first_and_acting_later_loses_one() -> None:
    planned(5)
    with pytest.raises(Crash):
        claim_then_act(crash_once(after=2))
    claim_then_act(DUTIES[KIND])
    assert waiting() == 0
    assert Notice.objects.count() == 4


def act_then_mark(duty: Duty) -> None:
    """Also not as it must be: the effect is committed before the mark, so a crash repeats it."""
    for row in Todo.objects.filter(done_at=None, due_at__lte=timezone.now()).order_by("pk"):
        try:
            with transaction.atomic():
                duty.act(duty.lock(row.subject_id), row)
        finally:
            died = Todo.objects.filter(pk=row.pk, attempt_count=0).update(attempt_count=1)
        if died:
            raise Crash
        Todo.objects.filter(pk=row.pk).update(done_at=timezone.now())


def tell_without_key(person: Person, row: Todo) -> None:
    Notice.objects.create(person=person, title="到期", key=str(uuid4()))


@pytest.mark.parametrize(("act", "told"), [(tell, 1), (tell_without_key, 2)])
def test_control_after_a_crash_only_the_unique_key_keeps_a_repeat_from_telling_twice(
    act: Any, told: int
) -> None:
    planned(1)
    with pytest.raises(Crash):
        act_then_mark(Duty(lock, act))
    act_then_mark(Duty(lock, act))
    assert (Notice.objects.count(), waiting()) == (told, 0)


def test_a_clock_is_silent_when_it_has_not_beaten_for_three_minutes() -> None:
    assert todo.silent_since("sweep") is not None
    todo.beat("sweep")
    assert todo.silent_since("sweep") is None
    row_age = timezone.now() - timedelta(minutes=4)
    todo.Heartbeat.objects.filter(name="sweep").update(beaten_at=row_age)
    assert todo.silent_since("sweep") == row_age


@pytest.mark.django_db(transaction=True)
def test_four_sweeps_at_once_do_each_piece_once(on_postgres: None) -> None:
    planned(40)
    start = Barrier(4)

    def sweep(_number: int) -> int:
        start.wait()
        return todo.sweep(DUTIES)

    done = in_threads(sweep, 4)
    assert sum(done) == 40
    assert (Notice.objects.count(), waiting()) == (40, 0)


@pytest.mark.django_db(transaction=True)
def test_control_without_asking_again_under_the_lock_two_sweeps_do_it_twice(
    on_postgres: None,
) -> None:
    (row,) = planned(1)
    both_saw_it = Barrier(2)
    acted: list[Any] = []

    def sweep_without_lock(_number: int) -> None:
        seen = Todo.objects.filter(pk=row.pk, done_at=None).first()
        both_saw_it.wait()
        if seen is not None:
            acted.append(seen.pk)
            Todo.objects.filter(pk=seen.pk).update(done_at=timezone.now())

    in_threads(sweep_without_lock, 2)
    assert len(acted) == 2


def test_trouble_of_the_database_pushes_nothing_away_and_stops_nobody_else() -> None:
    planned(3)
    moments = set(Todo.objects.values_list("due_at", flat=True))
    met: list[str] = []

    def act(person: Person, row: Todo) -> None:
        met.append(row.key)
        if len(met) == 1:
            raise OperationalError("canceling statement due to lock timeout")
        tell(person, row)

    assert todo.sweep({KIND: Duty(lock, act)}) == 2
    left = Todo.objects.get(done_at__isnull=True)
    assert (left.key, left.attempt_count, left.last_error) == (met[0], 0, "")
    assert left.due_at in moments
    assert todo.sweep(DUTIES) == 1


def test_what_was_begun_while_the_clock_was_ahead_is_taken_back_when_it_is_set_right() -> None:
    with time_machine.travel(timezone.now() + timedelta(days=1)) as ahead:

        def set_right(person: Person, row: Todo) -> None:
            tell(person, row)
            ahead.shift(timedelta(days=-1))

        planned(1, minutes=10 - 24 * 60)
        assert todo.sweep({KIND: Duty(lock, set_right)}) == 0
        assert (Notice.objects.count(), waiting()) == (0, 1)
        ahead.shift(timedelta(minutes=11))
        assert todo.sweep(DUTIES) == 1
