"""Work for later: plan it as a row, sweep it until it is done."""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from governance.models import Heartbeat, Todo
from governance.outages import is_of_the_database
from governance.services.audit import deed

logger = logging.getLogger(__name__)
LATE_AFTER = timedelta(minutes=3)
PAUSED = "paused"
LONGEST_PAUSE = timedelta(hours=1)
CANCELLED = "cancelled"


class ClockSetBackError(Exception):
    """The clock was set back while the work was done: it is not due after all."""


@dataclass(frozen=True)
class Duty:
    """How one kind of work is done: lock its subject first, then act on it.

    The order case, then todo, then audit is the same in every deed, so no two can wait for each
    other (`reliability.md` 6.2, F12). `lock` returns None when the subject is gone.
    """

    lock: Callable[[int], Any]
    act: Callable[[Any, Todo], object]


def plan(todos: Iterable[Todo]) -> None:
    """Write down work for later; the same key again moves the due time and wakes a done one."""
    Todo.objects.bulk_create(
        todos,
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["due_at", "detail", "done_at", "attempt_count", "last_error"],
    )


def cancel(subject_id: int, *, kinds: Iterable[str]) -> None:
    """Nothing of these kinds is to be done for this subject any more."""
    Todo.objects.filter(subject_id=subject_id, kind__in=list(kinds), done_at__isnull=True).update(
        done_at=timezone.now(), last_error=CANCELLED
    )


def cancel_key(key: str) -> None:
    """This one piece of work is not to be done any more."""
    Todo.objects.filter(key=key, done_at__isnull=True).update(
        done_at=timezone.now(), last_error=CANCELLED
    )


def cancelled(subject_id: int, *, kinds: Iterable[str], since: datetime) -> list[int]:
    """Ids of the work for this subject that was taken back at `since` or later."""
    rows = Todo.objects.filter(subject_id=subject_id, kind__in=list(kinds))
    rows = rows.filter(done_at__gte=since, last_error=CANCELLED)
    return list(rows.values_list("pk", flat=True))


def revive(ids: Iterable[int]) -> None:
    """Work that was taken back is to be done after all, at the moment it was planned for."""
    Todo.objects.filter(pk__in=list(ids), last_error=CANCELLED).update(done_at=None, last_error="")


def pause(subject_id: int, *, kinds: Iterable[str]) -> None:
    """What is planned for this subject waits until somebody plans it again from `paused`."""
    Todo.objects.filter(subject_id=subject_id, kind__in=list(kinds), done_at__isnull=True).update(
        done_at=timezone.now(), last_error=PAUSED
    )


def paused(subject_id: int, *, kinds: Iterable[str]) -> list[Todo]:
    """What waits for this subject since `pause`; planning it again wakes it."""
    rows = Todo.objects.filter(subject_id=subject_id, kind__in=list(kinds), last_error=PAUSED)
    return list(rows.order_by("due_at", "id"))


def waiting_keys(subject_id: int, *, kinds: Iterable[str]) -> list[str]:
    """The keys of what is still to be done for this subject."""
    rows = Todo.objects.filter(subject_id=subject_id, kind__in=list(kinds), done_at__isnull=True)
    return list(rows.values_list("key", flat=True))


def sweep(duties: Mapping[str, Duty], *, now: datetime | None = None, most: int = 200) -> int:
    """Do what is due, oldest first, each in a transaction of its own; returns how many were done.

    Any number of sweeps may run at once: the subject's lock lets one act, the others find the row
    done. A row that fails is pushed away (doubling, at most an hour) and never dropped; while the
    database is away, nothing is pushed.
    """
    due = Todo.objects.filter(done_at__isnull=True, kind__in=list(duties))
    due = due.filter(due_at__lte=now or timezone.now())
    done = 0
    for todo in list(due.order_by("due_at", "id")[:most]):
        try:
            done += _do(todo, duties[todo.kind], now)
        except ClockSetBackError:
            logger.warning("todo %s waits: the clock was set back", todo.key)
        except Exception as error:
            if is_of_the_database(error):  # not the row's: it waits for the next sweep
                logger.warning("todo %s waits: %s", todo.key, error)
                if not is_database_there():
                    break
                continue
            logger.exception("todo %s failed", todo.key)
            _push_away(todo, error)
    return done


def _do(todo: Todo, duty: Duty, now: datetime | None) -> int:
    with deed():
        subject = duty.lock(todo.subject_id)
        due = Q(due_at__lte=now or timezone.now())
        waiting = Todo.objects.filter(due, pk=todo.pk, done_at__isnull=True)
        row = waiting.select_for_update().first()
        if row is None:
            return 0
        seen = duty.act(subject, row) if subject is not None else None
        done_at = timezone.now()
        # Asked once more at the end: what a clock that was ahead had begun is taken back whole, else
        # its traces would bear a moment before they were due.
        if now is None and done_at < row.due_at:
            raise ClockSetBackError
        kept = {"detail": row.detail | seen} if isinstance(seen, Mapping) else {}
        Todo.objects.filter(pk=row.pk, due_at=row.due_at).update(done_at=done_at, **kept)
        return 1


def is_database_there() -> bool:
    """Whether the connection still answers; one that is lost is opened anew by the next task."""
    return connection.connection is not None and bool(connection.is_usable())


def _push_away(todo: Todo, error: Exception) -> None:
    pause = min(timedelta(minutes=2 ** min(todo.attempt_count, 6)), LONGEST_PAUSE)
    with transaction.atomic():
        Todo.objects.filter(pk=todo.pk, done_at__isnull=True).update(
            attempt_count=todo.attempt_count + 1,
            last_error=f"{type(error).__name__}: {error}"[:300],
            due_at=timezone.now() + pause,
        )


def beat(name: str) -> None:
    """Say that this clock is alive."""
    Heartbeat.objects.update_or_create(name=name, defaults={"beaten_at": timezone.now()})


def silent_since(name: str) -> datetime | None:
    """Since when the clock `name` has been silent too long (3 minutes), else None.

    A clock that never beat counts as silent since now, so that a house without its worker says so.
    """
    return silences(name)[name]


def silences(*names: str) -> dict[str, datetime | None]:
    """`silent_since` for several clocks, from one statement."""
    now = timezone.now()
    beaten = dict(Heartbeat.objects.filter(name__in=names).values_list("name", "beaten_at"))
    late = {name: beaten.get(name, now) for name in names}
    return {
        name: at if name not in beaten or now - at > LATE_AFTER else None
        for name, at in late.items()
    }
