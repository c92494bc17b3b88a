"""A bad line between phone and house: cut, half, swallowed, late, slow; by seed (`reliability.md` F18)."""

import contextlib
import random
import socket
import threading
import time
from collections import Counter
from collections.abc import Sequence

from tests.faults.stack import free_port

PATIENCE_SECONDS = 20
BLOCK = 65536
THROTTLED_BYTES, THROTTLED_PAUSE = 2048, 0.01
UNTOLD = ("reply swallowed", "half a reply")  # done, and nobody was told
FATES = ("cut before", "half a request", "reply swallowed", "half a reply", "late", "slow")


class Proxy:
    """Listens on a port of its own; `share` of the requests meet one of the fates."""

    def __init__(
        self, target: int, *, seed: int, share: float, fates: Sequence[str] = FATES
    ) -> None:
        self.target, self.share, self.random = target, share, random.Random(seed)
        self.fates = fates
        self.port = free_port()
        self.met: Counter[str] = Counter()
        self.lock = threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", self.port), backlog=64)
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self) -> None:
        """One thread for each connection, until closed."""
        with contextlib.suppress(OSError):
            while True:
                caller, _address = self.listener.accept()
                threading.Thread(target=self.serve, args=(caller,), daemon=True).start()

    def close(self) -> None:
        """Take no more connections."""
        self.listener.close()

    def fate(self) -> str:
        """What becomes of the next request."""
        with self.lock:
            return self.random.choice(self.fates) if self.random.random() < self.share else "whole"

    def serve(self, caller: socket.socket) -> None:
        """One request and its reply; whatever breaks, the caller's line is closed."""
        with contextlib.suppress(OSError), caller:
            caller.settimeout(PATIENCE_SECONDS)
            request = whole_request(caller)
            if request is None:
                return
            fate = self.fate()
            with self.lock:
                self.met[fate] += 1
            if fate == "cut before":
                return
            if fate == "late":
                time.sleep(0.1 + self.random.random() * 0.4)
            with socket.create_connection(("127.0.0.1", self.target), PATIENCE_SECONDS) as house:
                if fate == "half a request":
                    house.sendall(request[: len(request) // 2])
                    return
                house.sendall(request)
                if fate == "reply swallowed":  # the dangerous one: done, but nobody was told
                    time.sleep(self.random.random() * 0.05)
                    return
                reply = b"".join(iter(lambda: house.recv(BLOCK), b""))
            if fate == "half a reply":
                reply = reply[: len(reply) // 2]
            if fate == "slow":
                throttled(caller, reply[:200_000])
            else:
                caller.sendall(reply)


def whole_request(caller: socket.socket) -> bytes | None:
    """Head and body; None when the caller left before the end."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = caller.recv(BLOCK)
        if not more:
            return None
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    length = int(lengths[0].split(b":")[1]) if lengths else 0
    while len(body) < length:
        more = caller.recv(BLOCK)
        if not more:
            return None
        body += more
        data += more
    return data


def throttled(caller: socket.socket, reply: bytes) -> None:
    """A reply in small pieces."""
    for start in range(0, len(reply), THROTTLED_BYTES):
        caller.sendall(reply[start : start + THROTTLED_BYTES])
        time.sleep(THROTTLED_PAUSE)
