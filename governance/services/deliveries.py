"""Deliveries: write down what is to leave the house; a worker sends it later (`sending.py`)."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as kept

from governance.choices import DeliveryState, NoticeKind, Word
from governance.errors import HouseError
from governance.models import Channel, Delivery, Notice
from governance.models.reach import chain, roots
from governance.services import audit

# What is said outside when the caller gives no text: that something waits, never what.
USUAL_TEXTS = {
    NoticeKind.TASK: kept("您有1项待办，请登录查看。"),
    NoticeKind.REMINDER: kept("您有1件工单临近时限，请登录查看。"),
    NoticeKind.WARNING: kept("您有1件工单需要尽快处理，请登录查看。"),
    NoticeKind.NEWS: kept("您有1条新通知，请登录查看。"),
}
# Mobile numbers and identity numbers, wherever they stand between other signs than digits.
SHORTEST_REASON = 4
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


def test_row(notice: Notice, channel: Channel) -> Delivery:
    """A waiting row that tries the channel out, once; for `channels.send_test`."""
    now = timezone.now()
    return Delivery.objects.create(
        notice=notice,
        channel=channel,
        person_id=notice.person_id,
        text=kept("这是一条测试消息，收到即表示渠道可用。"),
        is_test=True,
        wanted_at=now,
        due_at=now,
    )


@audit.deed()
def resend(ids: Iterable[int], *, by: Any) -> int:
    """Put messages that could not be delivered back in line, as if new; returns how many.

    Needs the right to configure where their channels serve; others among `ids` are left alone, and
    so is what has been sent, waits already, or was declared void.
    """
    rows = _settleable(ids, by).filter(channel__is_active=True)
    now = timezone.now()
    back = {"state": DeliveryState.WAITING, "due_at": now, "wanted_at": now, "attempt_count": 0}
    count = _settle(rows, "resend_deliveries", by, **back, settled_at=None, leased_until=None)
    if not count:
        raise HouseError(_("没有可以重发的消息：可能已重发，或渠道已停用，请先启用渠道。"))
    return count


@audit.deed()
def declare_void(ids: Iterable[int], *, by: Any, note: str) -> int:
    """Strike messages off the list for a written reason (≥ 4 signs); returns how many.

    Needs the right to configure where their channels serve. Raises HouseError without a reason or
    when none of them stands on the list any more.
    """
    note = note.strip()[:200]
    if len(note) < SHORTEST_REASON:
        raise HouseError(_("请写明作废原因（至少四个字）。"))
    void = {"state": DeliveryState.VOID, "note": note, "settled_at": timezone.now()}
    count = _settle(_settleable(ids, by), "void_deliveries", by, **void)
    if not count:
        raise HouseError(_("这些消息已不在“未送达”中，请刷新后再看。"))
    return count


def not_delivered_count(user: Any, *, most: int = 100) -> int:
    """How many messages stand on the user's list "could not deliver", counted up to `most`.

    No statement for whoever holds the right to configure nowhere.
    """
    if not roots(user, Word.CONFIGURE):
        return 0
    rows = Delivery.objects.visible_to(user, Word.CONFIGURE).not_delivered()
    return int(rows.order_by()[:most].count())


def _settleable(ids: Iterable[int], by: Any) -> QuerySet[Delivery]:
    rows: QuerySet[Delivery] = Delivery.objects.visible_to(by, Word.CONFIGURE)
    return rows.filter(pk__in=list(ids), state=DeliveryState.GAVE_UP)


def _settle(rows: QuerySet[Delivery], verb: str, by: Any, **values: Any) -> int:
    """Change the rows under lock; one audit line for each channel."""
    found = list(
        rows.select_for_update(of=("self",)).order_by("pk")
        .values_list("pk", "channel_id", "channel__organisation__path")
    )  # fmt: skip
    for channel, path in sorted({(channel, path) for _pk, channel, path in found}):
        count = sum(1 for _pk, other, _path in found if other == channel)
        audit.record(
            verb, by=by, subject=f"channel:{channel}", organisation_path=path,
            detail={"count": count, **({"note": values["note"]} if "note" in values else {})},
        )  # fmt: skip
    return Delivery.objects.filter(pk__in=[pk for pk, *_rest in found]).update(**values)


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
