"""Partners outside the house, as they are met: real servers on this machine that behave as told."""

import json
import socket
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


class Partner:
    """A web server that answers as `mode` says and remembers what it was sent."""

    def __init__(self) -> None:
        self.mode = "ok"
        self.answer: Any = {"errcode": 0}
        self.seen: list[dict[str, Any]] = []
        partner = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                partner.meet(self)

            def log_message(self, *_words: Any) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server.server_port}"

    @property
    def keys(self) -> list[str]:
        """The keys of all messages it was sent, in their order."""
        return [call["headers"]["Idempotency-Key"] for call in self.seen]

    def meet(self, handler: BaseHTTPRequestHandler) -> None:
        """Take one call and answer it."""
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        self.seen.append(
            {
                "path": handler.path,
                "query": parse_qs(urlsplit(handler.path).query),
                "headers": dict(handler.headers),
                "body": json.loads(body),
            }
        )
        if self.mode == "hang":
            time.sleep(3)
            return
        if self.mode == "drip":
            drip(handler.connection)
            return
        status = {"500": 500, "403": 403, "429": 429, "redirect": 302}.get(self.mode, 200)
        said = {"empty": b"", "words": b"<html>login</html>"}.get(
            self.mode, json.dumps(self.answer).encode()
        )
        handler.send_response(status)
        handler.send_header("Location", self.address + "/elsewhere")
        handler.send_header("Content-Length", str(len(said)))
        handler.end_headers()
        handler.wfile.write(said)


def drip(line: socket.socket) -> None:
    """Answer sign by sign, each soon enough for a limit that counts from the last one."""
    for sign in b"HTTP/1.1 200 OK\r\n" * 20:
        try:
            line.send(bytes([sign]))
        except OSError:
            return
        time.sleep(0.1)


@contextmanager
def running() -> Iterator[Partner]:
    """A partner who is at work meanwhile."""
    partner = Partner()
    thread = threading.Thread(target=partner.server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield partner
    finally:
        partner.server.shutdown()
        partner.server.server_close()


class Letterbox(socketserver.ThreadingTCPServer):
    """A mail server that takes letters, or refuses what it is told to."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        self.letters: list[str] = []
        self.refuses = ""
        super().__init__(("127.0.0.1", 0), MailTalk)


class MailTalk(socketserver.StreamRequestHandler):
    """The few words of a mail server."""

    server: Letterbox

    def handle(self) -> None:
        self.say("220 letterbox")
        while line := self.rfile.readline().decode().strip():
            word = line.split()[0].upper()
            if word == self.server.refuses:
                self.say("550 not here" if word == "RCPT" else "535 no")
            elif word == "EHLO":
                self.say("250-letterbox\r\n250 AUTH PLAIN")
            elif word == "AUTH":
                self.say("235 known")
            elif word == "DATA":
                self.say("354 go on")
                letter = []
                while (part := self.rfile.readline()) != b".\r\n":
                    letter.append(part.decode())
                self.server.letters.append("".join(letter))
                self.say("250 taken")
            else:
                self.say("221 bye" if word == "QUIT" else "250 ok")

    def say(self, words: str) -> None:
        """One answer."""
        self.wfile.write(words.encode() + b"\r\n")


@contextmanager
def letterbox() -> Iterator[Letterbox]:
    """A mail server that is at work meanwhile."""
    with Letterbox() as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.shutdown()


def nobody() -> str:
    """An address at which nobody listens."""
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{line.getsockname()[1]}"
