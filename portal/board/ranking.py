"""The ranking of the units directly beneath: like with like, thin samples after the others, idle apart."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from complaints.figures import Tally
from governance.choices import OrganisationKind
from governance.models import Organisation
from portal.board.scope import SORTS, Scope
from portal.board.shown import FEW, RATES, Share, Shown, counts_of, shares_of

RATES_SHOWN = ("on_time", "completion", "satisfaction", "within_community")
# A department works for the whole street: nothing it solves could stay within a community.
RATES_OF_DEPARTMENTS = ("on_time", "completion", "satisfaction")
COUNTS_SHOWN = ("accepted", "open", "overdue")
Counted = tuple[Organisation, Tally]
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
class Table:
    """Units of one sort in the chosen order, and a link for each order they can be put in."""

    title: str
    lines: list[Ranked]
    columns: list[dict[str, Any]]


@dataclass(frozen=True)
class Ranking:
    """A table for each sort of unit that has anything to show, and the units that have nothing."""

    tables: list[Table]
    idle: list[tuple[Organisation, str]]

    @property
    def first(self) -> list[Ranked]:
        """The lines of the first table, for a screen that has room for one."""
        return self.tables[0].lines if self.tables else []


def ranking(scope: Scope, by_unit: dict[str, Tally]) -> Ranking:
    """Units directly beneath; communities or grids first, departments by themselves after them."""
    levels: list[Counted] = []
    departments: list[Counted] = []
    idle = []
    for unit in scope.children:
        tally = by_unit.get(unit.path, Tally())
        if any(tally.values()):
            alike = levels if unit.kind == OrganisationKind.PARTY else departments
            alike.append((unit, tally))
        elif unit.ended_on is None:
            idle.append((unit, scope.addresses_of(unit.pk).address()))
    tables = [
        table(scope, title, units, rates)
        for title, units, rates in (
            (title_of(levels), levels, RATES_SHOWN),
            (_("科室、部门和中队"), departments, RATES_OF_DEPARTMENTS),
        )
        if units
    ]
    return Ranking(tables, idle)


def title_of(units: list[Counted]) -> str:
    """What units of the tree are called, which is their level."""
    return units[0][0].get_level_display() if units else ""


def table(scope: Scope, title: Any, units: list[Counted], rates: tuple[str, ...]) -> Table:
    """Best first by the chosen column, or by the first rate where these units have no such column."""
    sort = scope.sort if scope.sort in (*rates, *COUNTS_SHOWN) else SORTS[0]
    in_order = sorted(
        units, key=lambda pair: (rank_of(pair[1], sort), pair[0].position, pair[0].path)
    )
    lines = [
        ranked(scope, unit, tally, None if is_thin(tally, sort) else place, rates)
        for place, (unit, tally) in enumerate(in_order, start=1)
    ]
    return Table(str(title), lines, columns(scope, sort, rates))


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


def ranked(
    scope: Scope, unit: Organisation, tally: Tally, place: int | None, rates: tuple[str, ...]
) -> Ranked:
    """One line."""
    there = scope.addresses_of(unit.pk)
    counts = counts_of(there, tally, COUNTS_SHOWN)
    shares = shares_of(there, tally, rates)
    return Ranked(
        unit=unit,
        url=there.address(),
        place=place,
        accepted=counts["accepted"],
        open=counts["open"],
        overdue=counts["overdue"],
        rates=[shares[name] for name in rates],
    )


def columns(scope: Scope, sort: str, rates: tuple[str, ...]) -> list[dict[str, Any]]:
    """For each column its name, the address of the page in its order, and whether it is in it."""
    return [
        {
            "label": COLUMNS[name],
            "url": scope.sorted_by(name).address() + "#ranking",
            "is_current": name == sort,
        }
        for name in (*rates[:1], *COUNTS_SHOWN, *rates[1:])
    ]
