"""The ranking of the units directly beneath: who has enough to be compared, and who has nothing."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from complaints.figures import Tally
from governance.models import Organisation
from portal.board.scope import Scope
from portal.board.shown import FEW, RATES, Share, Shown, counts_of, shares_of

RATES_SHOWN = ("on_time", "completion", "satisfaction", "within_community")
COUNTS_SHOWN = ("accepted", "open", "overdue")
COLUMNS = {
    "on_time": _("按期办结率"),
    "accepted": _("受理"),
    "open": _("在办"),
    "overdue": _("超期"),
    "completion": _("办结率"),
    "satisfaction": _("满意率"),
    "within_community": _("不出社区"),
}


@dataclass(frozen=True)
class Ranked:
    """One unit in the ranking; `place` is None where too little was due to compare."""

    unit: Organisation
    url: str
    place: int | None
    accepted: Shown
    open: Shown
    overdue: Shown
    rates: list[Share]

    @property
    def on_time(self) -> Share:
        """The first of the rates."""
        return self.rates[0]


@dataclass(frozen=True)
class Ranking:
    """Lines in the chosen order, units with nothing to show apart, and a link for each order."""

    lines: list[Ranked]
    idle: list[tuple[Organisation, str]]
    columns: list[dict[str, Any]]


def ranking(scope: Scope, by_unit: dict[str, Tally]) -> Ranking:
    """Units directly beneath, best first by the chosen column; thin samples after the others."""
    busy, idle = [], []
    for unit in scope.children:
        tally = by_unit.get(unit.path, Tally())
        if any(tally.values()):
            busy.append((unit, tally))
        elif unit.ended_on is None:
            idle.append((unit, scope.addresses_of(unit.pk).address()))
    busy.sort(key=lambda pair: (rank_of(pair[1], scope.sort), pair[0].position, pair[0].path))
    lines: list[Ranked] = []
    for unit, tally in busy:
        line = ranked(scope, unit, tally, len(lines) + 1)
        lines.append(line)
    return Ranking(lines, idle, columns(scope))


def rank_of(tally: Tally, sort: str) -> tuple[Any, ...]:
    """Smaller is further up: counts from high to low; rates too, those over a few cases later."""
    if sort not in RATES:
        return (0, -tally[sort])
    rate = tally.rate(*RATES[sort])
    if rate.percent is None:
        return (2, 0, 0, -tally["accepted"])
    content = tally.rate(*RATES["satisfaction"]).percent
    return (int(is_thin(tally, sort)), -rate.percent, -(content or 0), -rate.whole)


def is_thin(tally: Tally, sort: str) -> bool:
    """Whether the order rests on too few cases."""
    return sort in RATES and tally[RATES[sort][1]] < FEW


def ranked(scope: Scope, unit: Organisation, tally: Tally, place: int) -> Ranked:
    """One line."""
    there = scope.addresses_of(unit.pk)
    counts = counts_of(there, tally, COUNTS_SHOWN)
    shares = shares_of(there, tally, RATES_SHOWN)
    return Ranked(
        unit=unit,
        url=there.address(),
        place=None if is_thin(tally, scope.sort) else place,
        accepted=counts["accepted"],
        open=counts["open"],
        overdue=counts["overdue"],
        rates=[shares[name] for name in RATES_SHOWN],
    )


def columns(scope: Scope) -> list[dict[str, Any]]:
    """For each column its name, the address of the page in its order, and whether it is in it."""
    return [
        {
            "label": COLUMNS[name],
            "url": scope.sorted_by(name).address() + "#ranking",
            "is_current": name == scope.sort,
        }
        for name in (*RATES_SHOWN[:1], *COUNTS_SHOWN, *RATES_SHOWN[1:])
    ]
