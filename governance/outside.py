"""The way out: calls to addresses an office has entered, and to nothing else inside the house.

Every call has one limit of time for all of it, follows no redirect, reads a short answer, and goes
to the very address that was checked (`reliability.md` 3.2 and T38: a name may change its mind).
"""

import http.client
import ipaddress
import smtplib
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Timer
from time import monotonic
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext_noop as kept

LONGEST_ANSWER = 64 * 1024
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class NotSent(Exception):
    """A message was not taken; `reason` is a Chinese sentence without secrets.

    `is_final`: trying again cannot help. `is_partner_down`: others would fare no better now.
    """

    def __init__(
        self, reason: str, *, is_final: bool = False, is_partner_down: bool = False
    ) -> None:
        super().__init__(reason)
        self.reason, self.is_final, self.is_partner_down = reason, is_final, is_partner_down


@dataclass(frozen=True)
class Answer:
    """What a partner said; named as the library `requests` names it."""

    status_code: int
    content: bytes


def may_be_local(host: str) -> bool:
    """Whether the operator of the machine has named this host as one of the own network."""
    return host.lower() in settings.LOCAL_HOOKS


def is_plain_host(host: str) -> bool:
    """Whether a text can be the name or the number of a host, in signs of ASCII."""
    return bool(host) and len(host) <= 200 and host.isascii() and not set(host) & set(" /\\@#?%{}")


def connected(host: str, port: int, seconds: float) -> socket.socket:
    """A line to `host`; refuses addresses of this machine and of private networks.

    All addresses of a name must be public, for a connection could take any. Raises NotSent, or
    OSError when nobody answers.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotSent(kept("找不到对方的地址（域名无法解析）。"), is_partner_down=True) from None
    if not may_be_local(host) and not all(is_public(str(row[4][0])) for row in found):
        raise NotSent(
            kept("不能发往本机或内部网络的地址；确需如此，请系统管理员在环境中写明。"),
            is_final=True,
        )
    ends_at, last = monotonic() + seconds, OSError()
    for row in found:
        try:
            left = max(ends_at - monotonic(), 0.1)
            return socket.create_connection((str(row[4][0]), port), left)
        except OSError as error:
            last = error
    raise last


def is_public(number: str) -> bool:
    """Whether an address is one of the open network; what is mapped or embedded counts as it."""
    address = ipaddress.ip_address(number.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        embedded = address.ipv4_mapped or address.sixtofour
        if address in NAT64:
            embedded = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if embedded is not None:
            address = embedded
    return address.is_global and not address.is_multicast


class _Plain(http.client.HTTPConnection):
    """A connection to the address that was checked, whatever the name says meanwhile."""

    def connect(self) -> None:
        self.sock = connected(self.host, self.port, self.timeout or 0)


class _Sealed(http.client.HTTPSConnection):
    """The same with TLS; the certificate must be that of the name."""

    def connect(self) -> None:
        plain = connected(self.host, self.port, self.timeout or 0)
        self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)


def split(url: str) -> tuple[SplitResult, str, int | None]:
    """A URL in its parts, with host and port; without a host when it cannot be read."""
    try:
        parts = urlsplit(url)
        return parts, parts.hostname or "", parts.port
    except ValueError:
        return SplitResult("", "", "", "", ""), "", None


def call(
    method: str, url: str, *, seconds: float, body: bytes = b"", headers: Mapping[str, str]
) -> Answer:
    """One request to a partner; its answer, whatever the status. Raises NotSent."""
    parts, host, port = split(url)
    if not is_plain_host(host) or parts.scheme not in ("http", "https"):
        raise NotSent(kept("对方的地址无法使用，请检查渠道设置。"), is_final=True)
    if parts.scheme == "http" and not may_be_local(host):
        raise NotSent(kept("只能发往 https 开头的地址。"), is_final=True)
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        connection = _Sealed(host, port or 443, timeout=seconds)
    else:
        connection = _Plain(host, port or 80, timeout=seconds)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    with told_in_words(seconds), stopped_after(connection, seconds):
        try:
            connection.request(method, target, body=body or None, headers=dict(headers))
            response = connection.getresponse()
            return Answer(response.status, response.read(LONGEST_ANSWER))
        finally:
            connection.close()


@contextmanager
def stopped_after(connection: Any, seconds: float) -> Iterator[None]:
    """Cut the line when the whole call takes longer; a partner who drips holds nobody up."""
    late: list[bool] = []

    def cut() -> None:
        late.append(True)
        with suppress(OSError, AttributeError):
            connection.sock.shutdown(socket.SHUT_RDWR)

    timer = Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    except (OSError, http.client.HTTPException, smtplib.SMTPException) as error:
        if late:
            raise TimeoutError from error
        raise
    finally:
        timer.cancel()
    if late:
        raise TimeoutError


@contextmanager
def told_in_words(seconds: float) -> Iterator[None]:
    """What goes wrong on the line, as a sentence for whoever reads the list."""
    began = monotonic()
    silent = kept("对方 %(seconds)s 秒内没有应答。") % {"seconds": f"{seconds:g}"}
    try:
        yield
    except TimeoutError:
        raise NotSent(silent, is_partner_down=True) from None
    except ssl.SSLError:
        raise NotSent(kept("对方的安全证书有问题，没有发送。"), is_partner_down=True) from None
    except ConnectionRefusedError:
        raise NotSent(kept("对方拒绝连接，服务可能没有开启。"), is_partner_down=True) from None
    except smtplib.SMTPAuthenticationError:
        raise NotSent(kept("邮件服务器不认可账号或密码。"), is_partner_down=True) from None
    except smtplib.SMTPRecipientsRefused:
        raise NotSent(kept("邮件服务器拒收这个邮箱地址。"), is_final=True) from None
    except smtplib.SMTPResponseException as error:
        said = kept("邮件服务器拒收（代码 %(code)s）。") % {"code": error.smtp_code}
        raise NotSent(said, is_partner_down=True) from None
    except (OSError, http.client.HTTPException, smtplib.SMTPException, ValueError):
        # A line that we cut ourselves looks like one that broke.
        said = kept("与对方的连接中断，没有收到应答。") if monotonic() - began < seconds else silent
        raise NotSent(said, is_partner_down=True) from None
