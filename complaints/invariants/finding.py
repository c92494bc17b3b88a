"""What one check has found: how much it looked at, what is broken, and what it cannot know."""

from dataclasses import dataclass, field

SHOWN = 5


@dataclass
class Finding:
    """The answer of one invariant (`reliability.md` 6.1), in Chinese and English."""

    code: str
    chinese: str
    english: str
    looked_at_count: int = 0
    breach_count: int = 0
    breaches: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def holds(self) -> bool:
        """Whether nothing was found broken."""
        return not self.breach_count

    def breach(self, where: str) -> None:
        """One thing is broken; the first few are named."""
        self.breach_count += 1
        if len(self.breaches) < SHOWN:
            self.breaches.append(where)

    def note(self, words: str) -> None:
        """Something an operator should know that is no breach."""
        self.notes.append(words)
