"""What each simulated person was told: the only source of what must not be lost."""

import threading
from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Told:
    """An answer that came through whole."""

    person: str
    verb: str
    case: int
    token: str
    key: str
    status: int
    tries: int

    @property
    def is_done(self) -> bool:
        """Whether the house said that it did it; else it refused."""
        return self.status in (302, 303)


@dataclass
class Ledger:
    """All that was said in one run, and how often it had to be asked."""

    told: list[Told] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    gave_up: list[str] = field(default_factory=list)
    logins: int = 0
    logged_out: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, told: Told) -> None:
        """Write down an answer."""
        with self.lock:
            self.told.append(told)

    def saw(self, status: int) -> None:
        """Count an answer, also one that was no answer to the question (503)."""
        with self.lock:
            self.statuses[status] += 1

    @property
    def done(self) -> list[Told]:
        """What the house said it did."""
        return [one for one in self.told if one.is_done]

    @property
    def retried(self) -> int:
        """How many operations needed more than one try."""
        return sum(one.tries > 1 for one in self.told)
