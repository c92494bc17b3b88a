"""Reminders leave the house too: a dead partner delays no case, and nobody reads the matter outside."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from complaints.invariants.checking import check
from complaints.models import Complaint, Reminder
from complaints.services import handling
from governance.choices import DeliveryState
from governance.models import Channel, Delivery, Notice
from governance.services import channels, sending
from governance.services.carriers import carry
from governance.services.deliveries import put_in_outbox
from tests.cast import Cast
from tests.complaints import stages
from tests.complaints.test_timing import live
from tests.governance.partners import nobody, running

pytestmark = pytest.mark.django_db


def test_a_dead_partner_delays_no_case_and_hears_everything_when_it_is_back(
    office: Cast, monday: Any, settings: Any
) -> None:
    settings.LOCAL_HOOKS = ["127.0.0.1"]
    channel = channels.set_up(
        office.street, "sms", "短信", by=office.chen, address=nobody(), secret="token",
        most_attempts=50, gives_up_after_hours=168, portal_address="https://grid.example.cn",
    )  # fmt: skip
    case = stages.contacted(office)
    live(monday, days=4)
    waiting = Delivery.objects.count()
    assert waiting and sending.send_due(carry) == 0
    assert not Delivery.objects.exclude(state=DeliveryState.WAITING).exists()

    # Nothing outside holds the house up: work goes on, the clock escalates, others are answered.
    handling.log(case.pk, by=office.su, note="已与物业约定明早清理。")
    live(monday, days=5)
    assert Complaint.objects.get(pk=case.pk).step_count > case.step_count + 1
    assert stages.replied(office).stage == "pending_review"
    rows = Delivery.objects.order_by("pk")
    assert rows.count() > waiting
    # One row for each line of the inbox whose rule names the channel, never two.
    told = Notice.objects.filter(key__startswith="remind:", deliveries__isnull=False)
    assert rows.count() == told.distinct().count()
    assert Reminder.objects.filter(complaint=case).count() >= 2

    with running() as partner:
        address = {"address": partner.address, "secret": "token"}
        channels.change(channel, "短信", by=office.chen, **address)
        monday.shift(timedelta(hours=2))
        assert sending.send_due(carry) == rows.count()
        assert sending.send_due(carry) == 0
    assert sorted(partner.keys) == sorted(str(row.message_key) for row in rows)
    said = {call["body"]["text"] for call in partner.seen}
    link = f"https://grid.example.cn/m/complaints/{case.pk}/"
    assert all(case.number in text and text.endswith(link) for text in said)
    assert any("将于" in text for text in said) and any("已超期" in text for text in said)
    assert not any(case.title in text or "东园" in text for text in said)
    assert Channel.objects.get().failure_count == 0


def test_the_self_check_sees_a_message_that_was_forgotten_or_only_marked(
    office: Cast, monday: Any
) -> None:
    def breaches() -> list[str]:
        (found,) = check(["I7"])
        return [where for where in found.breaches if where.startswith("delivery:")]

    channels.set_up(office.street, "sms", "短信", by=office.chen, address="https://a.example.cn/")
    told = [Notice.objects.create(person=office.su.person, title="催办", key=key) for key in "甲乙"]
    put_in_outbox(told, kinds=["sms"], path=office.street.path)
    first, second = Delivery.objects.order_by("pk")
    monday.shift(timedelta(hours=24))
    assert breaches() == []
    monday.shift(timedelta(hours=2))
    Delivery.objects.filter(pk=first.pk).update(state=DeliveryState.SENT, sent_at=timezone.now())
    assert [where.split()[0] for where in breaches()] == [
        f"delivery:{first.pk}", f"delivery:{second.pk}",
    ]  # fmt: skip
    Delivery.objects.filter(pk=first.pk).update(state=DeliveryState.WAITING, sent_at=None)
    sending.send_due(lambda *_: None)
    assert breaches() == []
