"""Notices: tell people something, once."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils import timezone

from governance.choices import NoticeKind
from governance.models import Notice


def notify(
    person_ids: Iterable[int],
    *,
    title: str,
    key: str,
    body: str = "",
    subject: str = "",
    kind: str = NoticeKind.NEWS,
) -> int:
    """Put one line into each inbox; the same key never tells the same person twice.

    Returns how many people are addressed. `title` and `body` carry no phone and no sealed value.
    """
    return len(
        put_in_inboxes(person_ids, title=title, key=key, body=body, subject=subject, kind=kind)
    )


def put_in_inboxes(
    person_ids: Iterable[int],
    *,
    title: str,
    key: str,
    body: str = "",
    subject: str = "",
    kind: str = NoticeKind.NEWS,
) -> list[Notice]:
    """As `notify`, and returns the notices, one for each person addressed, in order of people.

    Those of people who had been told before are copies without id: `services.deliveries` finds
    the rows.
    """
    rows = same_line(person_ids, title=title, key=key, body=body, subject=subject, kind=kind)
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    return rows


def same_line(
    person_ids: Iterable[int],
    *,
    title: str,
    key: str,
    body: str = "",
    subject: str = "",
    kind: str = NoticeKind.NEWS,
) -> list[Notice]:
    """The notices of `put_in_inboxes`, one for each person addressed, before they are written."""
    people = sorted({person for person in person_ids if person})
    return [
        Notice(
            person_id=person,
            kind=kind,
            title=title[:120],
            body=body[:300],
            subject=subject,
            key=key,
        )
        for person in people
    ]


@dataclass(frozen=True)
class Line:
    """What one person is told, where everybody is told something else."""

    person_id: int
    title: str
    subject: str = ""
    body: str = ""


def tell_each(lines: Iterable[Line], *, key: str, kind: str = NoticeKind.NEWS) -> list[Notice]:
    """Put a line of its own into each inbox, in one statement; once for each person and `key`."""
    rows = [
        Notice(
            person_id=line.person_id,
            kind=kind,
            title=line.title[:120],
            body=line.body[:300],
            subject=line.subject,
            key=key,
        )
        for line in lines
    ]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    return rows


def inbox(user: Any) -> Any:
    """The user's own notices, newest first."""
    return Notice.objects.filter(person_id=user.person_id).order_by("-created_at", "-id")


def older_than(rows: Any, user: Any, pk: int | None) -> Any:
    """Of the notices of an inbox those below the given one; all of them below none."""
    last = pk and Notice.objects.filter(person_id=user.person_id, pk=pk).first()
    if not last:
        return rows
    same_moment = Q(created_at=last.created_at, pk__lt=last.pk)
    return rows.filter(Q(created_at__lt=last.created_at) | same_moment)


def unread_count(user: Any) -> int:
    """How many notices wait, counted up to 100."""
    waiting = Notice.objects.filter(person_id=user.person_id, read_at__isnull=True)
    return waiting[:100].count()


def mark_read(user: Any, *, ids: Iterable[int] | None = None) -> int:
    """Mark the user's own notices as read: the given ones, or all."""
    waiting = Notice.objects.filter(person_id=user.person_id, read_at__isnull=True)
    if ids is not None:
        waiting = waiting.filter(pk__in=list(ids))
    return waiting.update(read_at=timezone.now())
