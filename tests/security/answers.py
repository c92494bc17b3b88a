"""What an answer says: its class, and whether two answers look alike."""

import re
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import HttpResponse

# A form that says what is missing, or that somebody else was first, has let its reader in.
LET_IN = {"GET": (200, 302, 304), "POST": (200, 302, 400, 409, 422)}
TOKEN = re.compile(r"(name=\"csrfmiddlewaretoken\" value=\")\w+|(nonce=\")[\w+/=-]+")
KEY = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
NOT_COMPARED = {"Set-Cookie", "Date", "Expires", "Last-Modified", "Content-Length"}


def kind_of(answer: HttpResponse, method: str = "GET") -> str:
    """ok, login, or the status as a word."""
    if answer.status_code == 302 and answer["Location"].startswith(settings.LOGIN_URL):
        return "login"
    return "ok" if answer.status_code in LET_IN[method] else str(answer.status_code)


def body_of(answer: HttpResponse) -> str:
    """The whole text of an answer, streamed ones too."""
    content = b"".join(answer) if answer.streaming else answer.content  # type: ignore[arg-type]
    return content.decode("utf-8", errors="replace")


def face_of(answer: HttpResponse, parts: tuple[Any, ...]) -> tuple[int, str, dict[str, str]]:
    """Status, body and headers without what differs anyway: tokens and the address asked for."""
    headers = {k: v for k, v in answer.headers.items() if k not in NOT_COMPARED}
    return (
        answer.status_code,
        plain(body_of(answer), parts),
        {name: plain(value, parts) for name, value in headers.items()},
    )


def plain(text: str, parts: tuple[Any, ...]) -> str:
    """Text without tokens, keys and the parts of the address."""
    text = KEY.sub("key", TOKEN.sub("token", text))
    for part in sorted({str(part) for part in parts}, key=len, reverse=True):
        text = re.sub(rf"(?<=/){re.escape(quote(part))}(?=/)", "#", text)
    return text
