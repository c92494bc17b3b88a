"""apprise's messengers over the line of the house; only the worker imports this.

apprise knows how each partner wants a message shaped and signed. It does not read what a robot
answers (a refused key comes with status 200), follows redirects to any address and gives no
reasons; so its modules get a line of ours in the place of their own (`docs/decisions/0027`).
"""

import smtplib
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from socket import SHUT_RDWR, socket
from threading import Timer
from typing import Any, Self
from urllib.parse import quote, unquote, urlencode

import requests
from apprise.plugins import dingtalk, feishu, wecombot
from apprise.plugins.email import base as mail
from apprise.plugins.email import smtp as mail_line
from apprise.plugins.email.common import SecureMailMode
from django.utils.translation import gettext_noop as kept

from governance.choices import ChannelKind
from governance.outside import Answer, call, connected, told_in_words

SENDER = kept("网格治理平台")

# What the call under way may take, and the answers it has got.
_seconds: ContextVar[float] = ContextVar("seconds_of_this_call")
_answers: ContextVar[list[Answer]] = ContextVar("answers_of_this_call")


@contextmanager
def one_message(seconds: float) -> Iterator[list[Answer]]:
    """While one message is on its way: how long it may take, and what the partner answers."""
    answers: list[Answer] = []
    limit, heard = _seconds.set(seconds), _answers.set(answers)
    try:
        yield answers
    finally:
        _seconds.reset(limit)
        _answers.reset(heard)


class HouseRequests:
    """What apprise's robots find in the place of the library `requests`."""

    codes = requests.codes
    RequestException = requests.RequestException

    @staticmethod
    def post(
        url: str,
        data: str | bytes = b"",
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        **_not_ours: Any,
    ) -> Answer:
        """Carry a robot's message over the line of the house."""
        if params:
            # apprise has quoted the signature already; quoted twice it is no signature.
            plain = {name: unquote(value) for name, value in params.items()}
            url += ("&" if "?" in url else "?") + urlencode(plain, quote_via=quote)
        body = data.encode() if isinstance(data, str) else data
        answer = call("POST", url, seconds=_seconds.get(), body=body, headers=headers or {})
        _answers.get().append(answer)
        return answer


class HouseMail(smtplib.SMTP):
    """A line to a mail server whose address was checked, cut when the whole talk takes too long."""

    limit: Timer | None = None

    def _get_socket(self, host: str, port: int, timeout: float) -> socket:
        return self.limited(connected(host, port, timeout), timeout)

    def limited(self, line: socket, seconds: float) -> socket:
        """Begin to count the time of the talk."""
        self.limit = Timer(seconds, self.cut)
        self.limit.daemon = True
        self.limit.start()
        return line

    def cut(self) -> None:
        """The time is over."""
        with suppress(OSError, AttributeError):
            self.sock.shutdown(SHUT_RDWR)  # type: ignore[union-attr]

    def close(self) -> None:
        """Hang up."""
        if self.limit is not None:
            self.limit.cancel()
        super().close()


class HouseSealedMail(HouseMail, smtplib.SMTP_SSL):
    """The same with TLS from the first sign."""

    def _get_socket(self, host: str, port: int, timeout: float) -> socket:
        plain = connected(host, port, timeout)
        sealed = ssl.create_default_context().wrap_socket(plain, server_hostname=host)
        return self.limited(sealed, timeout)


class HouseMailLine(mail_line.AppriseSMTPController):
    """apprise's line to a mail server, which tells why something was refused."""

    def __enter__(self) -> Self:
        with told_in_words(_seconds.get()):
            super().__enter__()
        return self

    def sendmail(self, from_addr: str, to_addrs: list[str], message: str) -> bool:
        """Hand one letter over."""
        with told_in_words(_seconds.get()):
            self._socket.sendmail(  # type: ignore[attr-defined]
                from_addr, to_addrs, message
            )
        return True


class HouseSmtplib:
    """What apprise's mail finds in the place of the library `smtplib`."""

    SMTP = HouseMail
    SMTP_SSL = HouseSealedMail


for module in (wecombot, dingtalk, feishu):
    vars(module)["requests"] = HouseRequests
vars(mail_line)["smtplib"] = HouseSmtplib
vars(mail)["AppriseSMTPController"] = HouseMailLine


def robot(kind: str, address: str, token: str, secret: str) -> Any:
    """The messenger of a group, led to the office's own address up to the token."""
    before_token = address.removesuffix(token)
    found: Any
    if kind == ChannelKind.WECOM:
        found = wecombot.NotifyWeComBot(key=token)
        found.api_url = address
    elif kind == ChannelKind.DINGTALK:
        found = dingtalk.NotifyDingTalk(token=token, secret=secret or None)
        found.notify_url = before_token + "{token}"
    else:
        found = feishu.NotifyFeishu(token=token)
        found.notify_url = before_token + "{token}"
    found.request_rate_per_sec = 0
    return found


def postman(
    host: str, port: int, *, account: str, secret: str, to: str, key: str, is_plain: bool
) -> Any:
    """The messenger of letters; without TLS only where the operator has named the host."""
    mode = SecureMailMode.SSL if port == 465 else SecureMailMode.STARTTLS
    found: Any = mail.NotifyEmail(
        smtp_host=host, host=host, port=port, secure=not is_plain,
        secure_mode=SecureMailMode.INSECURE if is_plain else mode,
        user=account if secret else None, password=secret or None,
        from_addr=f"{SENDER} <{account}>", targets=[to], headers={"X-Message-Key": key},
    )  # fmt: skip
    found.request_rate_per_sec = 0
    found.socket_connect_timeout = _seconds.get()
    return found
