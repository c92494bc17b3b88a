"""Deliveries: write down what is to leave the house; a worker sends it later (`sending.py`)."""

import re
from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_noop as kept

from governance.choices import NoticeKind
from governance.models import Channel, Delivery, Notice
from governance.models.reach import chain

# What is said outside when the caller gives no text: that something waits, never what.
USUAL_TEXTS = {
    NoticeKind.TASK: kept("您有1项待办，请登录查看。"),
    NoticeKind.REMINDER: kept("您有1件工单临近时限，请登录查看。"),
    NoticeKind.WARNING: kept("您有1件工单需要尽快处理，请登录查看。"),
    NoticeKind.NEWS: kept("您有1条新通知，请登录查看。"),
}
# Mobile numbers and identity numbers, wherever they stand between other signs than digits.
PERSONAL_NUMBER = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|\d{17}[\dXx])(?!\d)")


def put_in_outbox(
    notices: Iterable[Notice],
    *,
    kinds: Iterable[str],
    path: str,
    text: str = "",
    link: str = "",
    not_before: datetime | None = None,
    is_urgent: bool = False,
) -> int:
    """Write one waiting row for each notice and channel, in the caller's transaction; sends nothing.

    `kinds` are values of `ChannelKind`; every active channel of these kinds counts that serves the
    organisation at `path` or one above it (none set up: nothing is written). `text` (≤ 160 signs)
    is what stands in the message, without personal data and without words of the case, e.g.
    "您有1件工单（HP-2026-000012）将于11月25日17:30到期，请登录查看。"; `link` is a path of the portal
    ("/m/complaints/12/"). Nothing leaves before `not_before` (aware), so quiet hours are the
    caller's. Notices may come without id, straight from `bulk_create(ignore_conflicts=True)`.
    The same notice never gets a second row on a channel. Returns how many rows were written for.
    Source: `domain.md` 4.1, 5.3; `reliability.md` 6.1 I7.
    """
    channels = _channels(kinds, path, is_urgent=is_urgent)
    if not channels:
        return 0
    wanted_at = not_before or timezone.now()
    rows = [
        Delivery(
            notice=notice,
            channel=channel,
            person_id=notice.person_id,
            text=_fit_for_outside(text or USUAL_TEXTS[NoticeKind(notice.kind)]),
            link=link[:120],
            wanted_at=wanted_at,
            due_at=wanted_at,
        )
        for notice in _with_ids(notices)
        for channel in channels
    ]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _channels(kinds: Iterable[str], path: str, *, is_urgent: bool) -> list[Channel]:
    wanted = set(kinds)
    if not wanted:
        return []
    found = Channel.objects.filter(
        kind__in=wanted, organisation__path__in=chain(path), is_active=True
    )
    return list(found if is_urgent else found.filter(is_urgent_only=False))


def _with_ids(notices: Iterable[Notice]) -> list[Notice]:
    """The notices as the database knows them: a bulk insert that skips repeats returns no ids."""
    given = list(notices)
    found = [notice for notice in given if notice.pk]
    unknown = [notice for notice in given if not notice.pk]
    if unknown:
        keys = {notice.key for notice in unknown}
        people = {notice.person_id for notice in unknown}
        pairs = {(notice.person_id, notice.key) for notice in unknown}
        rows = Notice.objects.filter(key__in=keys, person_id__in=people)
        found += [row for row in rows if (row.person_id, row.key) in pairs]
    return found


def _fit_for_outside(text: str) -> str:
    """A last net: no phone and no identity number leaves the house in a text."""
    return PERSONAL_NUMBER.sub("***", text.strip())[:160]
