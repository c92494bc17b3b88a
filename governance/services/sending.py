"""Sending: what waits in the outbox is handed to its channel until the partner has taken it.

A row is claimed for two minutes in a transaction of its own, handed over outside any transaction,
then marked. Who dies in between leaves a claim that ends by itself: the message goes again, with
the same key, and is never lost (`reliability.md` 3.2).
"""

import logging
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from time import monotonic

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_noop as kept

from governance.choices import DeliveryState
from governance.models import Channel, Delivery, DeliveryAttempt
from governance.outside import NotSent

logger = logging.getLogger(__name__)
LEASE = timedelta(minutes=2)
# Shorter than the beat between two runs, so that a slow partner keeps no worker from other work.
ONE_RUN = 8.0
SWITCHED_OFF = kept("渠道已停用。")
TOO_LONG = kept("等待已超过 %(hours)s 小时。%(reason)s")
INTERRUPTED = kept("上次发送中断，没有结果。")
UNEXPECTED = kept("发送时出现意外错误（%(error)s），请通知系统管理员。")

Carry = Callable[[Channel, Delivery], None]


def send_due(carry: Carry, *, channels_at_once: int = 1, seconds: float = ONE_RUN) -> int:
    """Hand over what is due, each channel for itself; returns how many messages were taken.

    `carry` gives one message to the partner or raises NotSent. Any number of runs may go on at
    once. With `channels_at_once` > 1 a slow partner holds up nobody but himself.
    """
    waiting = Delivery.objects.filter(channel=OuterRef("pk"), state=DeliveryState.WAITING)
    channels = list(Channel.objects.filter(Exists(waiting)))
    for channel in channels:
        _give_up_on_what_is_old(channel)
    ids = [channel.pk for channel in channels]
    until = monotonic() + seconds
    if channels_at_once == 1 or len(ids) < 2:
        return sum(_serve(pk, carry, until) for pk in ids)

    def alone(pk: int) -> int:
        try:
            return _serve(pk, carry, until)
        finally:
            connection.close()

    with ThreadPoolExecutor(min(channels_at_once, len(ids))) as pool:
        return sum(pool.map(alone, ids))


def _give_up_on_what_is_old(channel: Channel) -> None:
    """Put on the list what is not worth waiting for: switched off, failing for too long."""
    now = timezone.now()
    rows = Delivery.objects.filter(_unclaimed(now), channel=channel, state=DeliveryState.WAITING)
    given_up = {"state": DeliveryState.GAVE_UP, "settled_at": now, "leased_until": None}
    if not channel.is_active:
        rows.filter(is_test=False).update(**given_up, last_error=SWITCHED_OFF)
        return
    # Claimed again and again by workers that never came back to say how it went.
    rows.filter(attempt_count__gte=channel.most_attempts).update(**given_up)
    old = rows.filter(wanted_at__lt=now - timedelta(hours=channel.gives_up_after_hours))
    # What merely waited while the house was closed is tried before it is given up.
    if not channel.failure_count:
        old = old.filter(attempt_count__gt=0)
    for pk, reason in list(old.values_list("pk", "last_error")[:1000]):
        said = TOO_LONG % {"hours": channel.gives_up_after_hours, "reason": reason}
        rows.filter(pk=pk).update(**given_up, last_error=said[:200])


def _serve(channel_id: int, carry: Carry, until: float) -> int:
    taken = 0
    while monotonic() < until and (claimed := _claim(channel_id)) is not None:
        taken += _hand_over(claimed, carry)
    return taken


def _unclaimed(now: datetime) -> Q:
    """Nobody is at it; a claim from a future that a clock stepped back from counts as none."""
    return Q(leased_until=None) | Q(leased_until__lte=now) | Q(leased_until__gt=now + 2 * LEASE)


def _due(now: datetime, channel: Channel) -> Q:
    """Due by its moment; a retry never lies further away than the longest pause."""
    longest = timedelta(minutes=channel.longest_pause_minutes)
    return Q(due_at__lte=now) | Q(attempt_count__gt=0, due_at__gt=now + 2 * longest)


def _claim(channel_id: int) -> Delivery | None:
    """The next message of the channel, for two minutes ours; None when it rests or none is due."""
    with transaction.atomic():
        channel = Channel.objects.get(pk=channel_id)
        now = timezone.now()
        rows = Delivery.objects.filter(_due(now, channel), _unclaimed(now), channel=channel,
                                       state=DeliveryState.WAITING)  # fmt: skip
        if _rests(channel, now) or not channel.is_active:
            rows = rows.filter(is_test=True)
        if _said_enough(channel, now):
            return None
        rows = rows.select_for_update(skip_locked=True, of=("self",))
        row = (
            rows.select_related("channel__organisation", "person").order_by("due_at", "pk").first()
        )
        if row is None:
            return None
        row.leased_until, row.attempt_count = now + LEASE, row.attempt_count + 1
        # Stands there only if nobody comes back to say how it went.
        row.last_error = INTERRUPTED
        row.save(update_fields=["leased_until", "attempt_count", "last_error"])
        return row


def _rests(channel: Channel, now: datetime) -> bool:
    if channel.rests_until is None:
        return False
    return now < channel.rests_until <= now + timedelta(minutes=channel.rest_minutes)


def _said_enough(channel: Channel, now: datetime) -> bool:
    """Whether the partner's limit for a minute is used up."""
    if not channel.most_per_minute:
        return False
    lately = DeliveryAttempt.objects.filter(
        delivery__channel=channel, at__gt=now - timedelta(minutes=1), at__lte=now
    )
    return lately[: channel.most_per_minute].count() >= channel.most_per_minute


def _hand_over(row: Delivery, carry: Carry) -> int:
    """Outside any transaction: the partner may take as long as the channel allows."""
    began = monotonic()
    try:
        carry(row.channel, row)
    except NotSent as failure:
        _note_failure(row, failure, began)
        return 0
    except Exception as error:
        # Only the kind of error: its words may hold the partner's address.
        logger.error("delivery %s failed: %s", row.pk, type(error).__name__)
        _note_failure(row, NotSent(UNEXPECTED % {"error": type(error).__name__}), began)
        return 0
    _note_success(row, began)
    return 1


def _note_success(row: Delivery, began: float) -> None:
    now = timezone.now()
    with transaction.atomic():
        Delivery.objects.filter(pk=row.pk).exclude(state=DeliveryState.SENT).update(
            state=DeliveryState.SENT, sent_at=now, settled_at=now, leased_until=None, last_error=""
        )
        Channel.objects.filter(pk=row.channel_id).update(
            failure_count=0, rests_until=None, last_sent_at=now
        )
        _log(row, began, "", now)


def _note_failure(row: Delivery, failure: NotSent, began: float) -> None:
    now, channel = timezone.now(), row.channel
    is_over = row.is_test or failure.is_final or row.attempt_count >= channel.most_attempts
    fate = (
        {"state": DeliveryState.GAVE_UP, "settled_at": now}
        if is_over
        else {"due_at": now + pause(channel, row.attempt_count)}
    )
    with transaction.atomic():
        # Only while the claim is still ours: somebody else may be sending it by now.
        Delivery.objects.filter(
            pk=row.pk, state=DeliveryState.WAITING, leased_until=row.leased_until
        ).update(**fate, leased_until=None, last_error=failure.reason[:200])
        if failure.is_partner_down and not row.is_test:
            _let_rest(channel, now)
        _log(row, began, failure.reason, now)


def _let_rest(channel: Channel, now: datetime) -> None:
    """Count the failure; enough of them in a row, and the partner is left alone for a while."""
    rows = Channel.objects.filter(pk=channel.pk)
    rows.update(failure_count=F("failure_count") + 1)
    rows.filter(failure_count__gte=channel.failures_before_rest).update(
        rests_until=now + timedelta(minutes=channel.rest_minutes)
    )


def _log(row: Delivery, began: float, reason: str, now: datetime) -> None:
    DeliveryAttempt.objects.create(
        delivery=row,
        at=now,
        is_success=not reason,
        reason=reason[:200],
        took_milliseconds=round((monotonic() - began) * 1000),
    )


def pause(channel: Channel, attempt_count: int) -> timedelta:
    """How long until the next try: doubling from the first pause, capped, a fifth up or down.

    The chance in it keeps messages that failed together from coming back together.
    """
    longest = channel.longest_pause_minutes * 60
    doubled = min(channel.first_pause_seconds * 2 ** min(attempt_count - 1, 20), longest)
    return timedelta(seconds=min(doubled * random.uniform(0.8, 1.2), longest))
