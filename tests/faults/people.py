"""Simulated people: real pages, real forms, one key through all tries."""

import http.client
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

from tests.faults.browser import Form, forms_of
from tests.faults.ledger import Ledger, Told
from tests.faults.points import HEADER, OF_A_DEED

MOST_TRIES = 400
PATIENCE_SECONDS = 25
LOGIN = "/accounts/login/"
DONE, REFUSED = (302, 303), (200, 403, 404, 409, 422)
KEYS = ("deed_key", "key")


class Enough(Exception):
    """The run has had its operations, or its time is over."""


@dataclass(frozen=True)
class Answer:
    """A whole reply."""

    status: int
    location: str
    page: str


@dataclass
class Line:
    """How a run's people reach the house: by a bad line, some requests with a crash point."""

    port: int
    ledger: Ledger
    seed: int
    password: str
    crash_share: float = 0.0
    renews_key: bool = False
    is_over: Callable[[], bool] = lambda: False
    on_operation: Callable[[], None] = lambda: None
    cookies: dict[str, dict[str, str]] = field(default_factory=dict)
    """Whose browser still is signed in, from an earlier run."""


class Person:
    """Somebody with a browser of their own."""

    def __init__(self, name: str, line: Line, number: int) -> None:
        self.name, self.line = name, line
        self.random = random.Random(f"{line.seed}-{name}-{number}")
        self.cookies = line.cookies.setdefault(f"{name}-{number}", {})
        if not self.cookies:
            self.sign_in()

    # What a browser does ------------------------------------------------------------------

    def send(
        self, method: str, path: str, fields: Mapping[str, str] | None = None, point: str = ""
    ) -> Answer | None:
        """One request; None when no whole answer came back."""
        body = urlencode(fields or {}) if method == "POST" else None
        headers = {
            "Cookie": "; ".join(f"{name}={text}" for name, text in self.cookies.items()),
            "Connection": "close",
            "Host": f"127.0.0.1:{self.line.port}",
        }
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if point:
            headers[HEADER] = point
        wire = http.client.HTTPConnection("127.0.0.1", self.line.port, timeout=PATIENCE_SECONDS)
        try:
            wire.request(method, path, body, headers)
            reply = wire.getresponse()
            text = reply.read().decode()
        except (OSError, http.client.HTTPException, ValueError):
            return None
        finally:
            wire.close()
        for cookie in reply.headers.get_all("Set-Cookie") or []:
            name, _, rest = cookie.partition("=")
            self.cookies[name] = rest.partition(";")[0].strip('"')
        self.line.ledger.saw(reply.status)
        return Answer(reply.status, reply.headers.get("Location", ""), text)

    def tries(self) -> "list[int]":
        """The numbers of the tries of one wish."""
        return list(range(1, MOST_TRIES + 1))

    def wait(self, number: int) -> None:
        """Longer each time, at most a second."""
        if self.line.is_over():
            raise Enough
        time.sleep(min(0.05 * 2 ** min(number, 5), 1) * (0.5 + self.random.random()))

    def open(self, path: str) -> Answer:
        """Look at a page until it is there."""
        for number in self.tries():
            answer = self.send("GET", path)
            if answer is not None and answer.status < 500:
                if answer.location.startswith(LOGIN):
                    self.line.ledger.logged_out += 1
                    self.sign_in()
                    continue
                return answer
            self.wait(number)
        raise AssertionError(f"{self.name} gave up on {path}")

    def sign_in(self) -> None:
        """Through the form, like everybody."""
        self.cookies.clear()
        for number in self.tries():
            page = self.send("GET", LOGIN)
            if page is not None and page.status == 200:
                form = next(form for form in forms_of(page.page) if form.action == LOGIN)
                typed = form.hidden | {"login": self.name, "password": self.line.password}
                answer = self.send("POST", LOGIN, typed)
                if answer is not None and answer.status == 302:
                    self.line.ledger.logins += 1
                    return
            self.wait(number)
        raise AssertionError(f"{self.name} could not sign in")

    # What a person does --------------------------------------------------------------------

    def deed(
        self, verb: str, page: str, typed: Mapping[str, str], *, case: int = 0, token: str = "",
        action: str = "",
    ) -> Answer | None:  # fmt: skip
        """Open the page, fill its form and send it until the house says something.

        None when the page itself says that it is too late.
        """
        if self.line.is_over():
            raise Enough
        form = self.form(page, action or page)
        if form is None:
            return None
        fields = form.hidden | dict(typed)
        for number in self.tries():
            if self.line.renews_key and number > 1:
                fields |= {name: str(uuid4()) for name in KEYS if name in fields}
            answer = self.send("POST", action or page, fields, self.point(number))
            if answer is not None and answer.location.startswith(LOGIN):
                self.line.ledger.logged_out += 1
                self.sign_in()
                fields["csrfmiddlewaretoken"] = self.cookies.get("csrftoken", "")
                continue
            if answer is not None and answer.status in (*DONE, *REFUSED):
                key = next(fields[name] for name in KEYS if name in fields)
                self.line.ledger.note(
                    Told(self.name, verb, case or case_in(answer.location), token, key,
                         answer.status, number)
                )  # fmt: skip
                self.line.on_operation()
                return answer
            try:
                self.wait(number)
            except Enough:
                self.line.ledger.gave_up.append(f"{verb} {case} {token}")
                raise
        raise AssertionError(f"{self.name} gave up on {verb} of {case}")

    def form(self, page: str, action: str) -> Form | None:
        """The form of a deed on its page, or None when it is not offered."""
        answer = self.open(page)
        fitting = [
            form
            for form in forms_of(answer.page)
            if form.action in ("", action) and any(name in form.hidden for name in KEYS)
        ]
        return fitting[0] if answer.status == 200 and fitting else None

    def point(self, number: int) -> str:
        """Where the process shall die over this request; a repeat is spared."""
        is_struck = number == 1 and self.random.random() < self.line.crash_share
        return self.random.choice(OF_A_DEED) if is_struck else ""


def case_in(location: str) -> int:
    """The case whose page somebody is sent to, or 0."""
    numbers = [part for part in urlsplit(location).path.split("/") if part.isdigit()]
    return int(numbers[0]) if numbers else 0
