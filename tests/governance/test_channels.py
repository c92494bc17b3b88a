"""Channels: set up and tried at the desk, led nowhere inside, their secrets never shown again."""

import base64
import hashlib
import hmac
import json
import logging
import socket
from collections.abc import Iterator
from email import message_from_string
from email.header import decode_header, make_header
from typing import Any

import pytest

from governance.choices import DeliveryState
from governance.errors import HouseError
from governance.models import Channel, Delivery, Notice
from governance.outside import NotSent
from governance.services import channels, deliveries, people, sending
from governance.services.carriers import FOLDER, carry
from governance.services.notices import notify
from tests.cast import Cast
from tests.governance.partners import Partner, letterbox, running

pytestmark = pytest.mark.django_db
SECRET = "SEC0123456789abcdef"
ROBOT_PATHS = {
    "wecom": "/cgi-bin/webhook/send?key=0a1b-2c3d",
    "dingtalk": "/robot/send?access_token=0a1b2c3d",
    "feishu": "/open-apis/bot/v2/hook/0a1b-2c3d",
}


@pytest.fixture
def at_home(settings: Any) -> None:
    """Partners of these tests listen on this machine."""
    settings.LOCAL_HOOKS = ["127.0.0.1"]


@pytest.fixture
def partner(at_home: None) -> Iterator[Partner]:
    """A partner at work."""
    with running() as found:
        yield found


def set_up(cast: Cast, kind: str, **given: Any) -> Channel:
    """A channel of 东园."""
    return channels.set_up(cast.east, kind, "渠道", by=cast.chen, **given)


def told(cast: Cast, kind: str) -> Delivery:
    """A reminder to the secretary of 东园."""
    notify([cast.su.person_id], title="催办", key="one", kind="reminder")
    deliveries.put_in_outbox(Notice.objects.all(), kinds=[kind], path=cast.east.path)
    return Delivery.objects.latest("pk")


# The messengers ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "taken", "refused", "words"),
    [
        ("wecom", {"errcode": 0}, {"errcode": 93000, "errmsg": SECRET}, "机器人地址无效"),
        ("dingtalk", {"errcode": 0}, {"errcode": 310000, "errmsg": SECRET}, "安全设置"),
        ("feishu", {"code": 0}, {"code": 11232, "msg": SECRET}, "频率限制"),
    ],
)
def test_a_robot_names_nobody_and_its_answer_is_read(
    kind: str, taken: Any, refused: Any, words: str, cast: Cast, partner: Partner
) -> None:
    channel = set_up(cast, kind, address=partner.address + ROBOT_PATHS[kind], secret=SECRET)
    assert channel.most_per_minute == 20
    row = told(cast, kind)

    # Status 200 with a refusal inside: the library alone would call it sent.
    partner.answer = refused
    assert sending.send_due(carry) == 0
    row.refresh_from_db()
    assert words in row.last_error and SECRET not in row.last_error

    partner.answer = taken
    Delivery.objects.update(due_at=row.wanted_at)
    Channel.objects.update(rests_until=None)
    assert sending.send_due(carry) == 1
    call = partner.seen[-1]
    assert call["path"].startswith(ROBOT_PATHS[kind])
    said = json.dumps(call["body"], ensure_ascii=False)
    assert "东园社区 苏*静：您有1件工单临近时限，请登录查看。" in said
    assert "13900001005" not in said and "苏文静" not in said


def test_a_signature_of_a_robot_is_the_one_its_partner_computes(
    cast: Cast, partner: Partner
) -> None:
    set_up(cast, "dingtalk", address=partner.address + ROBOT_PATHS["dingtalk"], secret=SECRET)
    told(cast, "dingtalk")
    sending.send_due(carry)
    [query] = [call["query"] for call in partner.seen]
    signed = f"{query['timestamp'][0]}\n{SECRET}".encode()
    expected = base64.b64encode(hmac.new(SECRET.encode(), signed, hashlib.sha256).digest())
    assert query["sign"] == [expected.decode()]


def test_a_letter_goes_to_the_mailbox_of_the_person(
    cast: Cast, at_home: None, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with letterbox() as server:
        port = server.server_address[1]
        set_up(
            cast, "email", address=f"127.0.0.1:{port}", account="office@example.cn", secret=SECRET
        )
        row = told(cast, "email")
        sending.send_due(carry)
        row.refresh_from_db()
        assert (row.state, row.last_error) == (DeliveryState.GAVE_UP, "此人没有登记邮箱。")

        people.set_email(cast.su.person, "su.wenjing@example.cn", by=cast.su)
        for refuses, words in (("RCPT", "拒收这个邮箱"), ("AUTH", "账号或密码"), ("", "")):
            server.refuses = refuses
            deliveries.resend([row.pk], by=cast.chen)
            sending.send_due(carry)
            row.refresh_from_db()
            assert words in row.last_error
            Delivery.objects.exclude(state="sent").update(state=DeliveryState.GAVE_UP)
    assert row.state == DeliveryState.SENT
    [letter] = server.letters
    found = message_from_string(letter)
    assert str(make_header(decode_header(found["Subject"]))) == "东园社区：工作提醒"
    assert found["X-Message-Key"] == str(row.message_key)
    text = found.get_payload(decode=True) or found.get_payload()[0].get_payload(decode=True)
    assert text.decode().strip() == "您有1件工单临近时限，请登录查看。"
    for secret in (SECRET, "su.wenjing", base64.b64encode(SECRET.encode()).decode()):
        assert secret not in caplog.text


def test_a_file_of_the_machine_is_for_trying_only(cast: Cast, settings: Any, tmp_path: Any) -> None:
    settings.DATA_DIR = tmp_path
    channel = set_up(cast, "file")
    row = told(cast, "file")
    settings.PRODUCTION = True
    sending.send_due(carry)
    row.refresh_from_db()
    assert "正式环境" in row.last_error
    with pytest.raises(HouseError, match="正式环境"):
        channels.set_up(cast.street, "file", "文件", by=cast.chen)

    settings.PRODUCTION = False
    deliveries.resend([row.pk], by=cast.chen)
    assert sending.send_due(carry) == 1
    [line] = (tmp_path / FOLDER / f"channel-{channel.pk}.jsonl").read_text().splitlines()
    assert json.loads(line)["id"] == str(row.message_key)


# Nowhere inside -----------------------------------------------------------------------------------


INSIDE = [
    "http://sms.example.cn/send", "https://127.0.0.1/", "https://[::1]/", "https://10.1.2.3/",
    "https://169.254.169.254/latest/meta-data", "https://localhost/", "https://192.168.1.1:443/",
    "https://[::ffff:127.0.0.1]/", "https://[64:ff9b::7f00:1]/", "https://0.0.0.0/",
    "https://100.64.0.1/", "https://a b.example.cn/", "https://街道.cn/", "ftp://example.cn/",
    "file:///etc/passwd", "", "https://", "https://x\r\nHost: y/", "https://[::1/",
]  # fmt: skip


def test_an_address_inside_is_refused_when_it_is_entered(cast: Cast) -> None:
    for address in INSIDE:
        with pytest.raises(HouseError):
            set_up(cast, "sms", address=address)
            pytest.fail(address)
    assert not Channel.objects.exists()


def test_a_name_that_leads_inside_is_refused_when_it_is_called(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(cast, "sms", address="https://sms.example.cn/send")
    set_up_mail = {"address": "smtp.example.cn:465", "account": "a@example.cn"}
    channels.set_up(cast.east, "email", "邮件", by=cast.chen, **set_up_mail)
    people.set_email(cast.su.person, "su@example.cn", by=cast.su)
    rows = [told(cast, "sms"), told(cast, "email")]
    met = []

    def resolved(_host: str, port: int, **_further: Any) -> list[Any]:
        found = [("8.8.8.8", port), ("127.0.0.1", port)]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", pair) for pair in found]

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    monkeypatch.setattr(socket, "create_connection", lambda *a, **k: met.append(a))
    sending.send_due(carry)
    for row in rows:
        row.refresh_from_db()
        assert row.state == DeliveryState.GAVE_UP and "内部网络" in row.last_error
    assert met == []


UNFIT = [
    ("wecom", {"address": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send"}, "整条地址"),
    ("dingtalk", {"address": "https://oapi.dingtalk.com/robot"}, "整条地址"),
    ("feishu", {"address": "网址"}, "整条地址"),
    ("email", {"address": "smtp.example.cn", "account": "a@b.cn"}, "主机:端口"),
    ("email", {"address": "smtp.example.cn:465", "account": "没有"}, "发件邮箱"),
    ("email", {"address": "10.0.0.1:25", "account": "a@b.cn"}, "内部网络"),
]


def test_an_address_that_does_not_fit_its_kind_is_refused_in_words(cast: Cast) -> None:
    for kind, given, words in UNFIT:
        with pytest.raises(HouseError, match=words):
            set_up(cast, kind, **given)


def test_nobody_learns_a_secret_by_leading_it_elsewhere(cast: Cast) -> None:
    channel = set_up(cast, "sms", address="https://sms.example.cn/", secret=SECRET)
    with pytest.raises(HouseError, match="重新填写密钥"):
        channels.change(channel, "渠道", by=cast.chen, address="https://evil.example.cn/")
    channels.change(channel, "短信", by=cast.chen, is_urgent_only=True)
    assert channels.opened(Channel.objects.get()).secret == SECRET
    with pytest.raises(HouseError, match="同名"):
        channels.set_up(cast.east, "sms", "短信", by=cast.chen, address="https://b.example.cn/")
    assert isinstance(NotSent("x"), Exception)
