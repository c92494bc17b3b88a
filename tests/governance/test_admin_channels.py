"""Ways out at the desk: set up by form, tried with a message, and the list that somebody settles."""

from typing import Any

import pytest
from django.utils import timezone

from governance.choices import DeliveryState
from governance.models import AuditEntry, Channel, Delivery, Notice, User
from governance.services import channels, deliveries, sending
from governance.services.notices import notify
from tests.cast import Cast, account, party
from tests.desk import signed_in as desk

pytestmark = pytest.mark.django_db
LIST = "/admin/governance/channel/"
UNDELIVERED = "/admin/governance/delivery/undelivered/"
SECRET = "gateway-secret-7f3a"
PATIENCE = {
    "timeout_seconds": 5, "most_attempts": 8, "first_pause_seconds": 60, "rest_minutes": 5,
    "longest_pause_minutes": 60, "gives_up_after_hours": 24, "failures_before_rest": 3,
    "most_per_minute": 0,
}  # fmt: skip


def form(cast: Cast, **given: Any) -> dict[str, Any]:
    """What the form of a channel sends."""
    return {
        "organisation": cast.street.pk, "kind": "sms", "name": "街道短信", "is_active": "on",
        "address": "https://sms.example.cn/send?id=77", "secret": SECRET, **PATIENCE, **given,
    }  # fmt: skip


def given_up(cast: Cast, count: int = 1, name: str = "短信") -> list[Delivery]:
    """Messages that could not be delivered, on a channel of that name."""
    channel = channels.set_up(
        cast.street, "sms", name, by=cast.chen, address="https://sms.example.cn/"
    )
    for number in range(count):
        notify([cast.su.person_id], title="催办", key=f"{name}:{number}")
    rows = Notice.objects.filter(key__startswith=f"{name}:")
    deliveries.put_in_outbox(rows, kinds=["sms"], path=cast.street.path)
    found = Delivery.objects.filter(channel=channel)
    found.update(state=DeliveryState.GAVE_UP, last_error="对方拒绝连接，服务可能没有开启。")
    Delivery.objects.exclude(channel=channel).filter(state=DeliveryState.WAITING).delete()
    return list(found.order_by("pk"))


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_channel_is_set_up_changed_and_never_shows_what_is_sealed(cast: Cast) -> None:
    browser = desk(cast.chen)
    assert browser.post(LIST + "add/", form(cast)).status_code == 302
    channel = Channel.objects.get()
    page = f"{LIST}{channel.pk}/change/"
    for shown in (browser.get(page), browser.get(LIST)):
        assert "sms.example.cn" in text(shown)
        assert SECRET not in text(shown) and "id=77" not in text(shown)

    answer = browser.post(page, form(cast, name="短信", address="", secret="", rest_minutes=9))
    channel.refresh_from_db()
    assert (answer.status_code, channel.name, channel.rest_minutes) == (302, "短信", 9)
    assert channels.opened(channel).secret == SECRET
    told = AuditEntry.objects.get(verb="change_channel")
    assert told.detail == {"name": "短信", "kind": "sms", "fields": ["rest_minutes"]}
    refused = browser.post(page, form(cast, address="https://evil.example.cn/", secret=""))
    assert "重新填写密钥" in text(refused) and channels.opened(channel).address.endswith("id=77")


WRONG = [
    ("address", "https://10.1.1.1/", "内部网络"),
    ("address", "", "https://"),
    ("kind", "fax", "选"),
    ("organisation", "999999", "选"),
    ("name", "", "请填写名称"),
    ("timeout_seconds", "0", "大于"),
    ("timeout_seconds", "99", "小于"),
    ("portal_address", "没有", "网址"),
]


def test_a_wrong_form_keeps_what_was_typed(cast: Cast) -> None:
    browser = desk(cast.chen)
    for field, value, sentence in WRONG:
        answer = browser.post(LIST + "add/", form(cast, **{field: value}))
        assert (answer.status_code, sentence in text(answer)) == (200, True), (field, value)
        assert field == "name" or "街道短信" in text(answer)
    assert not Channel.objects.exists()


def test_a_test_message_says_in_words_how_it_went(cast: Cast) -> None:
    channel = channels.set_up(
        cast.street, "sms", "短信", by=cast.chen, address="https://sms.example.cn/", is_active=False
    )
    browser = desk(cast.chen)
    for carry, words in ((None, "没有送达"), (lambda *_: None, "对方已接收")):
        sent = browser.post(f"{LIST}{channel.pk}/test/", {"pressed": "yes"})
        assert "等待发送" in text(browser.get(sent.url))
        assert browser.get(sent.url, headers={"accept": "application/json"}).json()["done"] == 0
        # It is tried while the channel is off, and once only.
        sending.send_due(carry)
        assert words in text(browser.get(sent.url))
        assert desk(cast.su).get(sent.url).status_code == 404
    assert "意外错误" in Delivery.objects.earliest("pk").last_error
    assert deliveries.not_delivered_count(cast.chen) == 0


def test_what_could_not_be_delivered_is_resent_or_declared_void(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    rows, others = given_up(cast, 3), given_up(cast, 2, "另一渠道")
    browser = desk(cast.chen)
    assert "有 5 条提醒没有送达" in text(browser.get("/admin/"))
    with django_assert_max_num_queries(9):
        page = browser.get(UNDELIVERED)
    assert text(page).count("对方拒绝连接") == 5 and "另一渠道 2" in text(page)

    nothing = browser.post(UNDELIVERED, {"verb": "resend"})
    assert (nothing.status_code, "请先勾选" in text(nothing)) == (422, True)
    short = browser.post(UNDELIVERED, {"verb": "void", "row": rows[0].pk, "note": "不用"})
    assert "至少四个字" in text(short) and "checked" in text(short) and "不用" in text(short)
    browser.post(UNDELIVERED, {"verb": "void", "row": rows[0].pk, "note": "已电话通知本人"})
    browser.post(UNDELIVERED, {"verb": "resend", "row": rows[1].pk})
    narrowed = f"{UNDELIVERED}?channel={others[0].channel_id}"
    assert browser.post(narrowed, {"verb": "resend_all"}).url.endswith(f"{others[0].channel_id}")
    again = browser.post(UNDELIVERED, {"verb": "void", "row": rows[0].pk, "note": "已电话通知本人"})
    assert "已不在" in text(again)

    states = dict(Delivery.objects.values_list("pk", "state"))
    assert [states[row.pk] for row in rows] == ["void", "waiting", "gave_up"]
    assert {states[row.pk] for row in others} == {"waiting"}
    told = AuditEntry.objects.filter(verb__endswith="_deliveries").order_by("pk")
    assert [entry.detail["count"] for entry in told] == [1, 1, 2]
    for odd in ("?channel=x", "?channel=" + "9" * 30):
        assert browser.get(UNDELIVERED + odd).status_code == 200
    assert browser.post(UNDELIVERED, {"verb": "resend", "row": ["x", "9" * 30]}).status_code == 422


def test_a_stranger_sees_no_channel_and_settles_nothing(cast: Cast) -> None:
    [row] = given_up(cast)
    elsewhere = clerk_elsewhere(cast)
    for user in (cast.su, cast.zhao, cast.lin):
        assert desk(user).get(LIST).status_code == desk(user).get(UNDELIVERED).status_code == 403
        assert "没有送达" not in text(desk(user).get("/admin/"))
        assert deliveries.not_delivered_count(user) == 0
    browser = desk(elsewhere)
    assert "短信" not in text(browser.get(UNDELIVERED)) and "sms.example" not in text(
        browser.get(LIST)
    )
    for verb in ("resend", "void"):
        answer = browser.post(UNDELIVERED, {"verb": verb, "row": row.pk, "note": "已电话通知"})
        assert answer.status_code == 422
    row.refresh_from_db()
    assert row.state == DeliveryState.GAVE_UP
    assert browser.get(f"/admin/governance/delivery/{row.pk}/change/").status_code in (403, 404)


def clerk_elsewhere(cast: Cast) -> User:
    """A clerk of another street."""
    other = party(None, 1, "民主街道党工委", short_name="民主街道", short_code="MZ")
    return account("周岩", "zhou", "hotline_clerk", other)


def test_the_log_shows_each_attempt(cast: Cast) -> None:
    [row] = given_up(cast)
    deliveries.resend([row.pk], by=cast.chen)
    sending.send_due(lambda *_: None)
    browser = desk(cast.chen)
    page = text(browser.get(f"/admin/governance/delivery/{row.pk}/change/"))
    assert "已送达" in page and f"{timezone.localdate():%Y-%m-%d}" in page
    assert text(browser.get("/admin/governance/delivery/?state__exact=sent")).count("短信") > 0
