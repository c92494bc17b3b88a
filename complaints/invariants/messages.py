"""I7, the half outside: each message was taken, waits in time, or stands on the list."""

from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone

from complaints.invariants.finding import Finding
from governance.choices import DeliveryState
from governance.models import Channel, Delivery, DeliveryAttempt
from governance.services.todo import LATE_AFTER, silences

# A channel gives up by itself after its hours; an hour more, and nobody is looking after it.
GRACE_HOURS = 1
SHOWN = 50


def messages_were_sent(finding: Finding) -> None:
    """Sent outside at least once, or on the list "could not deliver" (`reliability.md` 6.1)."""
    taken = DeliveryAttempt.objects.filter(delivery=OuterRef("pk"), is_success=True)
    sent = Delivery.objects.filter(state=DeliveryState.SENT)
    finding.looked_at_count += sent.count()
    for pk in sent.exclude(Exists(taken)).values_list("pk", flat=True)[:SHOWN]:
        finding.breach(f"delivery:{pk} 标为已送达，却没有成功的记录 marked sent without an attempt")
    for pk in forgotten():
        finding.breach(f"delivery:{pk} 既未送达，也未列入未送达 neither sent nor listed")
    listed = Delivery.objects.not_delivered().count()
    if listed:
        finding.note(f"{listed} 条消息列在“未送达”。 {listed} messages could not be delivered.")
    since = silences("deliveries")["deliveries"]
    if since is not None and timezone.now() - since > LATE_AFTER:
        finding.note("消息外发没有运行。 The sender of messages does not beat.")


def forgotten() -> list[int]:
    """Messages that wait although their channel should have given up on them by now."""
    waiting = Delivery.objects.filter(state=DeliveryState.WAITING, is_test=False)
    found: list[int] = []
    for channel, hours in Channel.objects.values_list("pk", "gives_up_after_hours"):
        latest = timezone.now() - timedelta(hours=hours + GRACE_HOURS)
        rows = waiting.filter(channel=channel, wanted_at__lt=latest)
        found += rows.values_list("pk", flat=True)[:SHOWN]
    return found
