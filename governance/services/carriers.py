"""Carriers: one message to one partner. Only the worker imports this, for it brings apprise along."""

import json
import os

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_noop as kept

from governance import messengers
from governance.choices import ChannelKind, SecretKind
from governance.models import Appointment, Channel, Delivery, Person, PersonSecret
from governance.outside import Answer, NotSent, call, may_be_local
from governance.privacy import Unreadable, mask_name, unseal
from governance.services.channels import ROBOTS, WayOut, opened

FOLDER = "deliveries"
JSON = "application/json; charset=utf-8"
SIGN = kept("【网格治理】")


def carry(channel: Channel, row: Delivery) -> None:
    """Give one message to the channel's partner, who may get it twice but with the same key.

    Returns when the partner has said that he took it. Raises NotSent with a sentence otherwise.
    """
    try:
        WAYS[ChannelKind(channel.kind)](channel, opened(channel), row)
    except Unreadable:
        said = kept("渠道的地址无法解密，请重新填写。")
        raise NotSent(said, is_partner_down=True) from None


def by_gateway(channel: Channel, way: WayOut, row: Delivery) -> None:
    """JSON to a gateway of short messages: `{"id", "to", "text"}`, key in the header too."""
    message = {
        "id": str(row.message_key),
        "to": contact(row.person, SecretKind.PHONE, kept("此人没有登记手机号。")),
        "text": worded(channel, row, between=" "),
    }
    headers = {"Content-Type": JSON, "Idempotency-Key": str(row.message_key)}
    if way.secret:
        headers["Authorization"] = f"Bearer {way.secret}"
    body = json.dumps(message, ensure_ascii=False).encode()
    answer = call(
        "POST", way.address, seconds=float(channel.timeout_seconds), body=body, headers=headers
    )
    _refuse_status(answer)
    if answer.content.strip():
        _refuse_verdict(answer)


def by_robot(channel: Channel, way: WayOut, row: Delivery) -> None:
    """A line in a group; it names the post and the masked name it is for."""
    found = ROBOTS[ChannelKind(channel.kind)].match(way.address)
    if found is None:
        raise NotSent(kept("机器人地址不完整，请重新填写。"), is_final=True)
    plugin = messengers.robot(channel.kind, way.address, found[1], way.secret)
    # Always there, so that a robot may be set to take nothing without this word.
    text = f"{SIGN}{addressed(row.person)}{worded(channel, row)}"
    with messengers.one_message(channel.timeout_seconds) as answers:
        plugin.send(body=text)
    if not answers:
        raise NotSent(kept("机器人没有接收消息。"))
    _refuse_status(answers[-1])
    _refuse_verdict(answers[-1])


def by_mail(channel: Channel, way: WayOut, row: Delivery) -> None:
    """A letter to the mailbox registered with the person."""
    host, _colon, port = way.address.rpartition(":")
    to = contact(row.person, SecretKind.EMAIL, kept("此人没有登记邮箱。"))
    is_plain = may_be_local(host) and port not in ("465", "587")
    title = kept("%(street)s：工作提醒") % {"street": channel.organisation.display_name}
    with messengers.one_message(channel.timeout_seconds):
        plugin = messengers.postman(
            host, int(port), account=way.account, secret=way.secret, to=to,
            key=str(row.message_key), is_plain=is_plain,
        )  # fmt: skip
        if not plugin.targets:
            raise NotSent(kept("此人登记的邮箱不是有效的地址。"), is_final=True)
        if not plugin.send(body=worded(channel, row), title=title):
            raise NotSent(kept("邮件没有发出。"))


def by_file(channel: Channel, way: WayOut, row: Delivery) -> None:
    """A line in a file of the data folder, for trying and for the demonstration street."""
    if settings.PRODUCTION:
        raise NotSent(kept("正式环境不能使用本机文件渠道。"), is_final=True)
    folder = settings.DATA_DIR / FOLDER
    line = {
        "id": str(row.message_key),
        "at": timezone.localtime().isoformat(timespec="seconds"),
        "to": mask_name(row.person.name),
        "text": worded(channel, row, between=" "),
    }
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / f"channel-{channel.pk}.jsonl"
        with open(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "ab") as file:
            file.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
    except OSError:
        raise NotSent(kept("本机文件无法写入，请检查磁盘。"), is_partner_down=True) from None


WAYS = {
    ChannelKind.SMS: by_gateway,
    ChannelKind.EMAIL: by_mail,
    ChannelKind.WECOM: by_robot,
    ChannelKind.DINGTALK: by_robot,
    ChannelKind.FEISHU: by_robot,
    ChannelKind.FILE: by_file,
}


def worded(channel: Channel, row: Delivery, *, between: str = "\n") -> str:
    """The text, and where to read on if the office has said at which address the portal answers."""
    if not (channel.portal_address and row.link):
        return row.text
    return f"{row.text}{between}{channel.portal_address.rstrip('/')}{row.link}"


def addressed(person: Person) -> str:
    """For whom a line in a group is: "东园社区 苏*静："; the group knows the rest."""
    post = (
        Appointment.objects.on()
        .filter(person=person)
        .select_related("organisation__parent")
        .order_by("role__position", "id")
        .first()
    )
    unit = f"{post.organisation.display_name} " if post else ""
    return f"{unit}{mask_name(person.name)}："


def contact(person: Person, kind: SecretKind, missing: str) -> str:
    """The person's own number or mailbox, opened for this one message."""
    row = PersonSecret.objects.filter(person=person, kind=kind, is_current=True).last()
    if row is None:
        raise NotSent(missing, is_final=True)
    return unseal(row.sealed, kind.value)


def _refuse_status(answer: Answer) -> None:
    """Anything but 2xx is a refusal, and says which."""
    status = answer.status_code
    if 200 <= status < 300:
        return
    said = STATUS.get(status) or STATUS.get(status // 100) or STATUS[4]
    raise NotSent(said % {"code": status}, is_partner_down=status == 429 or status >= 500)


STATUS = {
    401: kept("对方不认可密钥（%(code)s）。"),
    403: kept("对方不允许发送（%(code)s）。"),
    404: kept("对方没有这个网址（%(code)s），请检查地址。"),
    429: kept("对方限制发送频率（%(code)s），稍后再发。"),
    3: kept("对方要求转到别的网址（%(code)s），没有跟随；请填写最终的地址。"),
    4: kept("对方拒收（%(code)s）。"),
    5: kept("对方系统出错（%(code)s）。"),
}
# The names under which partners say how it went.
VERDICTS = ("errcode", "code", "StatusCode", "ok", "success")
TAKEN = ("0", "200", "ok", "OK", "success")
REASONS = {
    93000: kept("机器人地址无效"),
    45009: kept("超过对方的频率限制"),
    300001: kept("机器人地址无效"),
    310000: kept("关键词、加签或网络地址不符合机器人的安全设置"),
    130101: kept("超过对方的频率限制"),
    9499: kept("超过对方的频率限制"),
    11232: kept("超过对方的频率限制"),
    19001: kept("机器人地址无效"),
    19021: kept("签名不符合机器人的安全设置"),
    19022: kept("网络地址不符合机器人的安全设置"),
    19024: kept("关键词不符合机器人的安全设置"),
}
TOO_FAST = {45009, 130101, 9499, 11232}


def _refuse_verdict(answer: Answer) -> None:
    """Read what the partner says; status 200 alone is no receipt."""
    try:
        said = json.loads(answer.content)
    except ValueError:
        said = None
    named = [name for name in VERDICTS if name in said] if isinstance(said, dict) else []
    if not named:
        raise NotSent(kept("对方的应答无法识别，不能确认已接收。"))
    verdict = said[named[0]]
    if isinstance(verdict, bool) or not isinstance(verdict, int):
        if verdict is True or verdict in TAKEN:
            return
        raise NotSent(kept("对方拒收。"))
    if verdict in (0, 200):
        return
    words = kept("对方拒收（代码 %(code)s）。")
    if verdict in REASONS:
        words = kept("对方拒收：%(reason)s（代码 %(code)s）。")
    raise NotSent(
        words % {"code": verdict, "reason": REASONS.get(verdict, "")},
        is_partner_down=verdict in TOO_FAST,
    )
