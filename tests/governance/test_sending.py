"""Out of the house: sent at least once or listed, whoever dies, sleeps, lies or drips outside."""

import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from governance.choices import DeliveryState
from governance.models import AuditEntry, Channel, Delivery, DeliveryAttempt, Notice
from governance.outside import NotSent
from governance.services import channels, deliveries, sending
from governance.services.carriers import carry
from governance.services.notices import notify
from tests.cast import Cast
from tests.governance.partners import Partner, nobody, running
from tests.governance.threads import in_threads

pytestmark = pytest.mark.django_db
SECRET = "gateway-secret-7f3a"
WAITING, SENT, GAVE_UP = DeliveryState.WAITING, DeliveryState.SENT, DeliveryState.GAVE_UP


class Crash(BaseException):
    """The process is gone: nothing of the house can catch this."""


@pytest.fixture(autouse=True)
def own_network(settings: Any) -> None:
    """Partners of these tests listen on this machine."""
    settings.LOCAL_HOOKS = ["127.0.0.1"]


@pytest.fixture
def partner() -> Iterator[Partner]:
    """A gateway at work."""
    with running() as found:
        yield found


def gateway(cast: Cast, address: str, name: str = "街道短信", **rules: Any) -> Channel:
    """A gateway of short messages of the street."""
    rules = {"timeout_seconds": 1, **rules}
    return channels.set_up(
        cast.street, "sms", name, by=cast.chen, address=address, secret=SECRET, **rules
    )


def told(cast: Cast, count: int = 1, **further: Any) -> list[Delivery]:
    """`count` notices to the secretary of 东园, each put into the outbox."""
    first = Notice.objects.count()
    for number in range(first, first + count):
        notify([cast.su.person_id], title="催办：工单", key=f"reminder:{number}")
        rows = Notice.objects.filter(key=f"reminder:{number}")
        further = {"kinds": ["sms"], "link": "/m/complaints/12/", **further}
        deliveries.put_in_outbox(rows, path=cast.east.path, **further)
    return list(Delivery.objects.order_by("pk"))


def later(**time: float) -> Any:
    """The same clock, so much later."""
    return time_machine.travel(timezone.now() + timedelta(**time), tick=True)


def states() -> list[str]:
    return list(Delivery.objects.order_by("pk").values_list("state", flat=True))


# The outbox -----------------------------------------------------------------------------------


def test_the_outbox_holds_one_row_for_each_notice_and_channel(cast: Cast) -> None:
    gateway(cast, "https://sms.example.cn/send")
    gateway(cast, "https://other.example.cn/send", "急件短信", is_urgent_only=True)
    channels.set_up(cast.west, "sms", "西园短信", by=cast.chen, address="https://w.example.cn/")

    notify([cast.su.person_id, cast.ma.person_id], title="催办", key="once")
    fresh = [Notice(person_id=p.person_id, key="once") for p in (cast.su, cast.ma)]
    at = timezone.now() + timedelta(hours=9)
    for _repeat in range(2):
        deliveries.put_in_outbox(fresh, kinds=["sms"], path=cast.east.path, not_before=at)
    assert [(row.channel.name, row.due_at) for row in Delivery.objects.all()] == [
        ("街道短信", at)
    ] * 2
    urgent = deliveries.put_in_outbox(
        fresh, kinds=["sms"], path=cast.east_branch.path, is_urgent=True,
        text="您有1件工单（13812345678）将于今天到期",
    )  # fmt: skip
    assert (urgent, Delivery.objects.count()) == (4, 4)
    assert Delivery.objects.latest("pk").text == "您有1件工单（***）将于今天到期"
    assert deliveries.put_in_outbox(fresh, kinds=["email"], path=cast.east.path) == 0
    with pytest.raises(Crash), transaction.atomic():
        told(cast)
        raise Crash
    assert Delivery.objects.count() == 4
    # Nothing leaves before its moment.
    assert sending.send_due(lambda *_: None) == 2


# What partners do -----------------------------------------------------------------------------


def test_a_message_says_that_something_waits_and_never_what(cast: Cast, partner: Partner) -> None:
    gateway(cast, partner.address, portal_address="https://portal.example.cn/")
    [row] = told(cast)
    assert sending.send_due(carry) == 1

    [call] = partner.seen
    text = "您有1条新通知，请登录查看。 https://portal.example.cn/m/complaints/12/"
    assert call["body"] == {"id": str(row.message_key), "to": "13900001005", "text": text}
    assert call["headers"]["Idempotency-Key"] == str(row.message_key)
    assert call["headers"]["Authorization"] == f"Bearer {SECRET}"
    row.refresh_from_db()
    assert (row.state, row.attempt_count, row.last_error) == (SENT, 1, "")
    assert [a.is_success for a in row.attempts.all()] == [True]
    assert sending.send_due(carry) == 0 and len(partner.seen) == 1


@pytest.mark.parametrize(
    ("mode", "answer", "state", "words", "is_down"),
    [
        ("empty", None, SENT, "", 0),
        ("ok", {"ok": True}, SENT, "", 0),
        ("ok", {"code": 1, "msg": SECRET}, WAITING, "代码 1", 0),
        ("ok", {"success": False}, WAITING, "拒收", 0),
        ("ok", ["?"], WAITING, "无法识别", 0),
        ("words", None, WAITING, "无法识别", 0),
        ("500", None, WAITING, "系统出错（500）", 1),
        ("429", None, WAITING, "频率（429）", 1),
        ("403", None, WAITING, "不允许发送（403）", 0),
        ("redirect", None, WAITING, "没有跟随", 0),
        ("hang", None, WAITING, "1 秒内没有应答", 1),
        ("drip", None, WAITING, "1 秒内没有应答", 1),
    ],
)
def test_what_a_partner_answers_is_read_and_said_in_words(
    mode: str, answer: Any, state: str, words: str, is_down: int, cast: Cast, partner: Partner
) -> None:
    channel = gateway(cast, partner.address)
    partner.mode, partner.answer = mode, answer
    told(cast)
    sending.send_due(carry)

    row, channel = Delivery.objects.get(), Channel.objects.get(pk=channel.pk)
    assert (row.state, channel.failure_count) == (state, is_down)
    assert words in row.last_error and SECRET not in row.last_error
    assert len(partner.seen) == 1 and row.leased_until is None


# A dead partner ---------------------------------------------------------------------------------


def test_a_dead_partner_is_tried_by_the_clock_and_listed_in_the_end(cast: Cast) -> None:
    channel = gateway(cast, nobody(), most_attempts=4, failures_before_rest=99)
    [row] = told(cast)
    pauses = []
    for _attempt in range(4):
        with later(seconds=sum(pauses) + 1):
            assert sending.send_due(carry) == 0
            # Not a moment too early.
            assert sending.send_due(carry) == 0
            row.refresh_from_db()
            if row.state == WAITING:
                pauses.append((row.due_at - timezone.now()).total_seconds() + 1)
    assert [round(p / 60) for p in pauses] in ([1, 2, 4], [1, 2, 3], [1, 2, 5])
    assert row.state == GAVE_UP and "拒绝连接" in row.last_error
    assert DeliveryAttempt.objects.filter(delivery=row, is_success=False).count() == 4
    assert deliveries.not_delivered_count(cast.chen) == 1

    with running() as partner:
        channels.change(channel, channel.name, by=cast.chen, address=partner.address, secret=SECRET)
        assert deliveries.resend([row.pk], by=cast.chen) == 1
        assert (sending.send_due(carry), len(partner.seen)) == (1, 1)
    assert deliveries.not_delivered_count(cast.chen) == 0


def test_pauses_double_up_to_a_cap_with_chance_in_them() -> None:
    channel = Channel(first_pause_seconds=60, longest_pause_minutes=30)
    for attempt, seconds in ((1, 60), (2, 120), (5, 960), (6, 1800), (400, 1800)):
        found = {sending.pause(channel, attempt).total_seconds() for _ in range(20)}
        assert len(found) > 1
        assert min(found) >= seconds * 0.8 and max(found) <= min(seconds * 1.2, 1800)


def test_a_dead_partner_is_left_alone_for_a_while_and_holds_up_nobody(
    cast: Cast, partner: Partner
) -> None:
    asked = []
    dead = gateway(cast, "https://dead.example.cn/", "坏网关")
    gateway(cast, partner.address)
    told(cast, 6)

    def watched(channel: Channel, row: Delivery) -> None:
        if channel == dead:
            asked.append(row.pk)
            raise NotSent("对方系统出错。", is_partner_down=True)
        carry(channel, row)

    assert sending.send_due(watched) == 6
    assert (len(asked), len(partner.seen)) == (3, 6)
    with later(minutes=4):
        assert sending.send_due(watched) == 0 and len(asked) == 3
    with later(minutes=6):
        # One try tells that it is still dead; the next rest begins.
        assert sending.send_due(watched) == 0 and len(asked) == 4
    with later(minutes=12):
        assert sending.send_due(lambda *_: None) == 6
    assert set(states()) == {SENT}


def test_what_waited_too_long_or_was_switched_off_is_listed_with_its_reason(cast: Cast) -> None:
    channel = gateway(cast, nobody(), failures_before_rest=1)
    told(cast, 3)
    with later(hours=23):
        sending.send_due(carry)
        assert states() == [WAITING] * 3
    with later(hours=25):
        sending.send_due(carry)
    rows = Delivery.objects.order_by("pk")
    assert states() == [GAVE_UP] * 3 and "超过 24 小时" in rows[2].last_error

    Channel.objects.update(failure_count=0, rests_until=None)
    told(cast)
    with later(hours=30):
        # Merely late, because the house was closed: it is tried before it is given up.
        assert sending.send_due(lambda *_: None) == 1
    told(cast)
    channels.change(channel, channel.name, by=cast.chen, is_active=False)
    sending.send_due(carry)
    assert (states()[-1], Delivery.objects.latest("pk").last_error) == (GAVE_UP, "渠道已停用。")


def test_a_robot_is_told_no_more_in_a_minute_than_it_bears(cast: Cast) -> None:
    gateway(cast, "https://sms.example.cn/", most_per_minute=2)
    told(cast, 5)
    assert [sending.send_due(lambda *_: None) for _ in range(2)] == [2, 0]
    with later(seconds=61):
        assert sending.send_due(lambda *_: None) == 2


# Crashes and rivals -----------------------------------------------------------------------------


def dying(channel: Channel, row: Delivery) -> None:
    """Hand the message over, then die before it is marked."""
    carry(channel, row)
    raise Crash


def test_a_crash_between_sending_and_marking_sends_again_with_the_same_key(
    cast: Cast, partner: Partner
) -> None:
    gateway(cast, partner.address)
    [row] = told(cast)
    with pytest.raises(Crash):
        sending.send_due(dying)
    # The claim of the dead holds for two minutes, then ends by itself.
    assert sending.send_due(carry) == 0 and states() == [WAITING]
    with later(seconds=121):
        assert sending.send_due(carry) == 1
    assert partner.keys == [str(row.message_key)] * 2 and states() == [SENT]


def test_a_message_that_kills_every_worker_is_listed_in_the_end(cast: Cast) -> None:
    gateway(cast, "https://sms.example.cn/", most_attempts=2)
    told(cast)

    def deadly(*_: Any) -> None:
        raise Crash

    for minutes in (0, 3):
        with later(minutes=minutes), pytest.raises(Crash):
            sending.send_due(deadly)
    with later(minutes=6):
        assert sending.send_due(deadly) == 0
    assert states() == [GAVE_UP] and "中断" in Delivery.objects.get().last_error


def test_a_claim_from_a_future_the_clock_came_back_from_holds_nothing_up(cast: Cast) -> None:
    channel = gateway(cast, "https://sms.example.cn/")
    told(cast, 2)
    with later(days=1):
        sending._claim(channel.pk)
        sending._let_rest(channel, timezone.now())
        Delivery.objects.filter(leased_until=None).update(
            attempt_count=1, due_at=timezone.now() + timedelta(minutes=2)
        )
    Channel.objects.update(rests_until=timezone.now() + timedelta(days=1))
    assert sending.send_due(lambda *_: None) == 2


def claim_then_send(carrying: Any) -> None:
    """As it must not be: the mark is committed first, nothing brings it back."""
    for row in Delivery.objects.filter(state=WAITING).select_related("channel").order_by("pk"):
        Delivery.objects.filter(pk=row.pk).update(state=SENT, sent_at=timezone.now())
        carrying(row.channel, row)


def test_control_without_a_lease_a_dead_workers_message_is_lost(
    cast: Cast, partner: Partner
) -> None:
    gateway(cast, partner.address)
    told(cast, 2)

    def dead_before(*_: Any) -> None:
        raise Crash

    for sender, count in ((claim_then_send, 1), (sending.send_due, 2)):
        Delivery.objects.update(state=WAITING, sent_at=None)
        partner.seen.clear()
        with pytest.raises(Crash):
            sender(dead_before)
        with later(seconds=121):
            sender(carry)
        assert set(states()) == {SENT}
        assert len(set(partner.keys)) == count


@pytest.mark.django_db(transaction=True)
def test_four_senders_at_once_send_each_message_once(
    on_postgres: None, cast: Cast, partner: Partner
) -> None:
    gateway(cast, partner.address, timeout_seconds=5)
    rows = told(cast, 24)
    start = Barrier(4)

    def send(_number: int) -> int:
        start.wait()
        return sending.send_due(carry)

    assert sum(in_threads(send, 4)) == 24
    assert sorted(partner.keys) == sorted(str(row.message_key) for row in rows)
    assert DeliveryAttempt.objects.count() == 24


@pytest.mark.django_db(transaction=True)
def test_a_partner_who_hangs_holds_up_only_himself(
    on_postgres: None, cast: Cast, partner: Partner
) -> None:
    with running() as hanging:
        hanging.mode = "hang"
        gateway(cast, hanging.address, "慢网关")
        gateway(cast, partner.address)
        told(cast, 2)
        in_good_time = []

        def watched(channel: Channel, row: Delivery) -> None:
            carry(channel, row)
            in_good_time.append(len(hanging.seen))

        assert sending.send_due(watched, channels_at_once=8, seconds=0.5) == 2
    # Both had gone before the first call to the other was over.
    assert in_good_time == [1, 1] or max(in_good_time) <= 1


# Nothing tells a secret ---------------------------------------------------------------------------


def test_no_secret_stands_in_logs_errors_or_the_audit(
    cast: Cast, caplog: pytest.LogCaptureFixture, settings: Any
) -> None:
    caplog.set_level(logging.DEBUG)
    channel = gateway(cast, "https://sms.example.cn/" + SECRET)
    told(cast)

    def stumbling(*_: Any) -> None:
        raise ValueError(f"https://sms.example.cn/{SECRET}")

    sending.send_due(stumbling)
    channels.change(channel, "新名称", by=cast.chen, is_urgent_only=True)
    row = Delivery.objects.get()
    assert "意外错误（ValueError）" in row.last_error
    lines = [json.dumps(entry.detail) for entry in AuditEntry.objects.all()]
    said = " ".join([caplog.text, *lines, row.last_error, repr(channels.opened(channel))])
    assert SECRET not in said and SECRET not in channel.sealed
    assert channels.opened(Channel.objects.get()).secret == SECRET


def test_attempts_are_appended_and_never_changed(cast: Cast) -> None:
    gateway(cast, "https://sms.example.cn/")
    told(cast)
    sending.send_due(lambda *_: None)
    attempt = DeliveryAttempt.objects.get()
    for change in (attempt.delete, lambda: DeliveryAttempt.objects.update(reason="好")):
        with pytest.raises(Exception, match="history_is_appended"), transaction.atomic():
            change()


def test_the_web_process_does_not_carry_the_messengers() -> None:
    doors = Path(__file__).parents[2]
    users = [
        str(path.relative_to(doors))
        for floor in ("governance", "grids", "residents", "complaints", "portal")
        for path in (doors / floor).rglob("*.py")
        if "import carry" in (text := path.read_text()) or "import apprise" in text
        or "from apprise" in text or "import messengers" in text
    ]  # fmt: skip
    assert sorted(users) == [
        "governance/messengers.py", "governance/services/carriers.py", "governance/tasks.py",
    ]  # fmt: skip
