"""Figures as a page shows them: a count opens its rows, a rate has both its counts, a change says against what."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from complaints.figures import Rate, Tally
from portal.board.scope import Addresses, Scope

TENTH = Decimal("0.1")
# A rate over fewer cases than this says little; it is shown in grey and not ranked.
FEW = 10
# For these more is better; for the others it is only more.
BETTER_HIGH = ("completion", "on_time", "satisfaction", "within_community")
RATES = {
    "completion": ("finished", "due"),
    "on_time": ("on_time", "due"),
    "satisfaction": ("satisfied", "asked"),
    "sample": ("asked", "due"),
    "within_community": ("within_community", "levelled"),
    "within_grid": ("within_grid", "levelled"),
}


@dataclass(frozen=True)
class Shown:
    """A count and the address of the rows it counts."""

    value: int
    url: str

    @property
    def said(self) -> str:
        """With a comma at the thousands, as the office's own tables have it."""
        return f"{self.value:,}"


@dataclass(frozen=True)
class Share:
    """A rate with its two counts, each with the address of its rows."""

    rate: Rate
    part: Shown
    whole: Shown

    @property
    def is_thin(self) -> bool:
        """Whether there is too little behind it to compare by."""
        return 0 < self.whole.value < FEW


@dataclass(frozen=True)
class Change:
    """What became of a figure since the period before: an arrow, a difference in words, a tone."""

    arrow: str
    words: str
    tone: str

    @property
    def is_known(self) -> bool:
        """Whether there was anything before."""
        return bool(self.words)


UNKNOWN = Change("", "", "")


def change(difference: Decimal | int, words: str, is_better_high: bool | None) -> Change:
    """A change in words; its tone is good or bad only where the figure has a better side."""
    if not difference:
        return Change("", _("持平"), "")
    arrow = "▲" if difference > 0 else "▼"
    tone = "" if is_better_high is None else "ok" if (difference > 0) == is_better_high else "late"
    return Change(arrow, words, tone)


def change_of_count(now: int, before: int, is_better_high: bool | None = None) -> Change:
    """In percent of what was before; nothing before, nothing to compare with."""
    if not before:
        return UNKNOWN
    percent = (Decimal(abs(now - before)) * 100 / before).quantize(TENTH, ROUND_HALF_UP)
    return change(now - before, f"{percent}%", is_better_high)


def change_of_rate(now: Rate, before: Rate, is_better_high: bool | None = None) -> Change:
    """In percentage points."""
    if now.percent is None or before.percent is None:
        return UNKNOWN
    difference = now.percent - before.percent
    points = _("%(points)s个百分点") % {"points": abs(difference)}
    return change(difference, points, is_better_high)


def counts_of(scope: Scope | Addresses, tally: Tally, names: tuple[str, ...]) -> dict[str, Shown]:
    """Counts with their addresses."""
    return {name: Shown(tally[name], scope.rows(name)) for name in names}


def share(scope: Scope | Addresses, tally: Tally, name: str) -> Share:
    """A rate with the addresses of both its counts (`complaints/rates.py` says what each means)."""
    part, whole = RATES[name]
    return Share(
        tally.rate(part, whole),
        Shown(tally[part], scope.rows(part)),
        Shown(tally[whole], scope.rows(whole)),
    )


def shares_of(scope: Scope | Addresses, tally: Tally, names: tuple[str, ...]) -> dict[str, Share]:
    """Several rates."""
    return {name: share(scope, tally, name) for name in names}
