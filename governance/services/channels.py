"""Channels: set up by an office, their addresses and secrets sealed, tried with a test message."""

import json
import re
from dataclasses import asdict, dataclass
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as kept

from governance.choices import ChannelKind, NoticeKind, Word
from governance.errors import HouseError
from governance.models import Channel, Delivery, Notice, Organisation
from governance.models.reach import require
from governance.outside import is_plain_host, is_public, may_be_local, split
from governance.privacy import seal, unseal
from governance.services import audit, deliveries

PURPOSE = "channel"
# What partners give out; a government cloud has hosts of its own, the rest of the address is alike.
ROBOTS = {
    ChannelKind.WECOM: re.compile(r"^https?://[^/]+/cgi-bin/webhook/send\?key=([A-Za-z0-9_-]+)$"),
    ChannelKind.DINGTALK: re.compile(r"^https?://[^/]+/robot/send\?access_token=([A-Za-z0-9]+)$"),
    ChannelKind.FEISHU: re.compile(r"^https?://[^/]+/open-apis/bot/v2/hook/([A-Za-z0-9_-]+)$"),
}
# All three silence a robot that says more in a minute.
MOST_OF_A_ROBOT = 20
RULES = (
    "is_active", "is_urgent_only", "portal_address", "timeout_seconds", "most_attempts",
    "first_pause_seconds", "longest_pause_minutes", "gives_up_after_hours",
    "failures_before_rest", "rest_minutes", "most_per_minute",
)  # fmt: skip


@dataclass(frozen=True)
class WayOut:
    """Where a channel leads, opened: never to be shown, logged, or put into a sentence."""

    address: str = ""
    account: str = ""
    secret: str = ""

    def __repr__(self) -> str:
        return "WayOut(***)"


@audit.deed()
def set_up(
    organisation: Organisation,
    kind: str,
    name: str,
    *,
    by: Any,
    address: str = "",
    account: str = "",
    secret: str = "",
    **rules: Any,
) -> Channel:
    """Add a way out for `organisation` and all beneath; `rules` are further columns of the row.

    Needs the right to configure there. `address` is the robot's address as its group shows it, the
    gateway's URL, or host:port of the mail server; `account` the sender's mailbox; `secret` the
    robot's signing key, the gateway's token, or the mailbox's password. All three are sealed.
    Raises HouseError for an address that does not fit the kind, lies inside, or a name taken.
    """
    require(by, Word.CONFIGURE, organisation.path)
    way = WayOut(address.strip(), account.strip(), secret.strip())
    _refuse_unfit(kind, way)
    row = Channel(organisation=organisation, kind=kind, name=name.strip()[:40])
    return _saved("add_channel", row, way, rules, by)


@audit.deed()
def change(
    channel: Channel,
    name: str,
    *,
    by: Any,
    address: str = "",
    account: str = "",
    secret: str = "",
    **rules: Any,
) -> Channel:
    """Change a channel's rules; an address, account or secret left empty stays as it is.

    A new address needs the secret again: nobody learns a secret by leading it to his own machine.
    Needs the right to configure. Raises HouseError as `set_up` does.
    """
    row = Channel.objects.select_for_update(of=("self",)).select_related("organisation").get(
        pk=channel.pk
    )  # fmt: skip
    require(by, Word.CONFIGURE, row.organisation.path)
    held = opened(row)
    address, account, secret = address.strip(), account.strip(), secret.strip()
    if address and address != held.address and held.secret and not secret:
        raise HouseError(_("更换地址时，请同时重新填写密钥或密码。"))
    way = WayOut(address or held.address, account or held.account, secret or held.secret)
    _refuse_unfit(row.kind, way)
    row.name = name.strip()[:40]
    if way != held:
        # Whoever did not answer at the old address may well answer at the new one.
        row.failure_count, row.rests_until = 0, None
    return _saved("change_channel", row, way, rules, by)


@audit.deed()
def send_test(channel: Channel, *, by: Any) -> Delivery:
    """Put a test message to oneself in line; its row says after some seconds how it went.

    It goes the way of every message, is tried once, and works while the channel rests or is off.
    Needs the right to configure.
    """
    require(by, Word.CONFIGURE, channel.organisation.path)
    notice = Notice.objects.create(
        person_id=by.person_id,
        kind=NoticeKind.NEWS,
        title=(kept("测试消息：%(name)s") % {"name": channel.name})[:120],
        key=f"channel_test:{uuid4()}",
    )
    row = deliveries.test_row(notice, channel)
    _record("test_channel", channel, by)
    return row


def opened(channel: Channel) -> WayOut:
    """The channel's address, account and secret; only the carrier and `change` need them."""
    return WayOut(**json.loads(unseal(channel.sealed, PURPOSE)))


def kinds_on_offer() -> list[tuple[str, Any]]:
    """Kinds an office may choose; a file on the machine is for trying only."""
    hidden = () if _files_allowed() else (ChannelKind.FILE,)
    return [(kind.value, kind.label) for kind in ChannelKind if kind not in hidden]


def _saved(verb: str, row: Channel, way: WayOut, rules: dict[str, Any], by: Any) -> Channel:
    changed = sorted(name for name in RULES if name in rules and getattr(row, name) != rules[name])
    for name in changed:
        setattr(row, name, rules[name])
    if row.kind in ROBOTS and not 0 < row.most_per_minute <= MOST_OF_A_ROBOT:
        row.most_per_minute = MOST_OF_A_ROBOT
    if not row.name:
        raise HouseError(_("请填写名称。"))
    row.sealed = seal(json.dumps(asdict(way)), PURPOSE)
    row.hint = _host(row.kind, way.address)[:100]
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise HouseError(_("这个组织已有同名的渠道，请换一个名称。")) from error
    _record(verb, row, by, fields=changed)
    return row


def _refuse_unfit(kind: str, way: WayOut) -> None:
    if kind == ChannelKind.FILE:
        if not _files_allowed():
            raise HouseError(_("正式环境不能使用本机文件渠道。"))
        return
    if kind in ROBOTS and not ROBOTS[ChannelKind(kind)].match(way.address):
        raise HouseError(_("机器人地址不完整，请从群机器人设置中复制整条地址。"))
    if kind == ChannelKind.EMAIL:
        if not re.fullmatch(r"[^\s:/]+:\d{1,5}", way.address):
            raise HouseError(_("邮件服务器请写成 主机:端口，例如 smtp.example.cn:465。"))
        if not re.fullmatch(r"[^\s@<>,;]+@[^\s@<>,;]+", way.account):
            raise HouseError(_("请填写发件邮箱。"))
    elif not way.address.startswith(("https://", "http://")):
        raise HouseError(_("地址须以 https:// 开头。"))
    _refuse_inside(kind, way.address)


def _refuse_inside(kind: str, address: str) -> None:
    """What can be seen without asking the network; the rest is refused when it is called."""
    host = _host(kind, address)
    if not is_plain_host(host) or set(address) & set("\r\n\t "):
        raise HouseError(_("地址无法使用，请检查。"))
    if may_be_local(host):
        return
    if kind != ChannelKind.EMAIL and not address.startswith("https://"):
        raise HouseError(_("地址须以 https:// 开头。"))
    try:
        inside = not is_public(host)
    except ValueError:
        inside = host == "localhost" or host.endswith((".localhost", ".local", ".internal"))
    if inside:
        raise HouseError(_("不能发往本机或内部网络的地址；确需如此，请系统管理员在环境中写明。"))


def _host(kind: str, address: str) -> str:
    if kind == ChannelKind.EMAIL:
        return address.rpartition(":")[0]
    return split(address)[1]


def _files_allowed() -> bool:
    return not settings.PRODUCTION


def _record(verb: str, row: Channel, by: Any, **detail: Any) -> None:
    audit.record(
        verb,
        by=by,
        subject=f"channel:{row.pk}",
        organisation_path=row.organisation.path,
        detail={"name": row.name, "kind": row.kind, **detail},
    )
