"""Whose figures a leader looks at: a unit within reach, a period, and the addresses of both."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, cached_property, lru_cache
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.figures import Cases, Period
from complaints.models import Complaint
from complaints.models.complaints import reach_of
from complaints.stranded import desks_served
from governance.choices import Level
from governance.models import Organisation
from governance.models.reach import SEGMENT, beneath, chain, roots
from portal.board.periods import (
    DEFAULT,
    LAST_MONTH,
    PERIODS,
    Choice,
    before,
    choose,
    period_named,
)

# So many days of a month say little yet.
YOUNG_DAYS = 3
COLOURS = ("density", "late", "satisfaction")
SORTS = ("on_time", "accepted", "open", "overdue", "completion", "satisfaction", "within_community")


@dataclass(frozen=True)
class Addresses:
    """The addresses of one view of one unit; `tail` is what those of all units have in common."""

    unit_id: int
    tail: str

    def address(self, page: str = "board:overview", **more: Any) -> str:
        """The address of a page, with `more` filters."""
        added = urlencode({key: value for key, value in more.items() if value != ""})
        return f"{path_of(page)}?unit={self.unit_id}&{self.tail}{'&' * bool(added)}{added}"

    def rows(self, figure: str, category: int | None = None) -> str:
        """The list that holds exactly the rows of `figure` (of one category)."""
        address = f"{path_of('board:cases')}?unit={self.unit_id}&{self.tail}&figure={figure}"
        return address if category is None else f"{address}&category={category}"


@cache
def path_of(page: str) -> str:
    """Where a page lies; a view asks hundreds of times."""
    return reverse(page)


@lru_cache(maxsize=1024)
def tail_of(query: tuple[tuple[str, str], ...]) -> str:
    """How a query stands in an address; the days of a chart are the same for every reader."""
    return urlencode(query)


def cases_of(is_street: bool, *, unit: Any, **reach: Any) -> Cases:
    """The rule of `Scope.cases`; a street is named by its id, any other unit by its path."""
    visible = Complaint.objects.reached(**reach)
    if is_street:
        return visible.filter(subdistrict=unit)
    return visible.filter(beneath("main_unit_path", [unit]))


@dataclass(frozen=True)
class Scope:
    """What one page shows: for whom, of which unit, over which period, as of which moment.

    `beside` are other units on which the reader serves, when there is more than one. `colour` and
    `sort` are how the map and the ranking are looked at; both stay in the address. `is_before`
    marks the view of the period that the chosen one is compared with.
    """

    user: Any
    unit: Organisation
    above: tuple[Organisation, ...]
    children: tuple[Organisation, ...]
    beside: tuple[Organisation, ...]
    choice: Choice
    period: Period
    now: datetime
    colour: str = COLOURS[0]
    sort: str = SORTS[0]
    is_before: bool = False

    @cached_property
    def cases(self) -> Cases:
        """The cases of the unit that the reader may see: those it or a unit beneath answers for.

        A street also has those that nobody answers for yet.
        """
        return cases_of(self.is_street, **self.seen)

    @property
    def is_street(self) -> bool:
        """Whether the unit is a whole street."""
        return self.unit.level == Level.WORKING_COMMITTEE

    @cached_property
    def seen(self) -> dict[str, Any]:
        """All that `cases_of` has to know of the reader and the unit."""
        unit = self.unit.pk if self.is_street else self.unit.path
        return {"unit": unit, **reach_of(self.user)}

    @cached_property
    def desks(self) -> dict[str, list[str]]:
        """Who serves where, for what nobody can act on; one statement for a whole page."""
        return desks_served()

    @property
    def child_length(self) -> int:
        """How long the path of a unit directly beneath is."""
        return len(self.unit.path) + SEGMENT

    @property
    def map_length(self) -> int:
        """How long the path of a unit on the map is: a street shows the grids of its communities."""
        return self.child_length + SEGMENT * self.is_street

    @property
    def period_label(self) -> str:
        """The period in words."""
        return self.choice.before_label if self.is_before else self.choice.label

    def before(self) -> "Scope":
        """The same view of the period before, judged after the same wait."""
        period, judged_at = before(self.choice, self.now)
        return replace(self, period=period, now=judged_at, is_before=True)

    @cached_property
    def query(self) -> dict[str, str]:
        """What the addresses of this view have in common, besides the unit."""
        kept = dict(self.choice.query)
        if self.is_before:
            kept["before"] = "1"
        if self.colour != COLOURS[0]:
            kept["colour"] = self.colour
        if self.sort != SORTS[0]:
            kept["sort"] = self.sort
        return kept

    def addresses_of(self, unit_id: int) -> "Addresses":
        """The addresses of this view of another unit."""
        return Addresses(unit_id, self._tail)

    @cached_property
    def _tail(self) -> str:
        return tail_of(tuple(self.query.items()))

    @cached_property
    def _addresses(self) -> "Addresses":
        return self.addresses_of(self.unit.pk)

    def address(self, page: str = "board:overview", **more: Any) -> str:
        """The address of this view, with `more` filters; it can be sent to a colleague."""
        return self._addresses.address(page, **more)

    def rows(self, figure: str, category: int | None = None) -> str:
        """The address of the list that holds exactly the rows of `figure` (of one category)."""
        return self._addresses.rows(figure, category)

    @property
    def periods(self) -> list[dict[str, Any]]:
        """The period switch."""
        return [
            {
                "name": name,
                "label": label,
                "url": self.with_choice(Choice(name, period_named(name, self.now))).address(),
                "is_current": name == self.choice.name,
            }
            for name, label in PERIODS.items()
        ]

    @property
    def fuller_url(self) -> str:
        """The same view of last month, while this month is too young to tell much; else nothing."""
        first, last = self.choice.days
        if self.choice.name != DEFAULT or (last - first).days >= YOUNG_DAYS:
            return ""
        return self.with_choice(Choice(LAST_MONTH, period_named(LAST_MONTH, self.now))).address()

    def with_choice(self, choice: Choice) -> "Scope":
        """The same view of another period."""
        return replace(self, choice=choice, period=choice.period, is_before=False)

    def sorted_by(self, sort: str) -> "Scope":
        """The same view with the ranking in another order."""
        return replace(self, sort=sort)

    def coloured_by(self, colour: str) -> "Scope":
        """The same view with the map coloured by something else."""
        return replace(self, colour=colour)

    @property
    def way_up(self) -> list[tuple[Organisation, str]]:
        """The units above, each with the address of the same view of it."""
        return [(unit, self.addresses_of(unit.pk).address()) for unit in self.above]

    @property
    def sideways(self) -> list[tuple[Organisation, str]]:
        """The other units on which the reader serves."""
        return [(unit, self.addresses_of(unit.pk).address()) for unit in self.beside]

    @property
    def wall_url(self) -> str:
        """The wall screen of the same view."""
        return self.address("board:wall")

    @property
    def formulas_url(self) -> str:
        """How the rates of the same view are computed."""
        return self.address("board:formulas")

    @property
    def map_url(self) -> str:
        """The polygons of the same view, as data."""
        return self.address("board:map")


def scope_of(request: HttpRequest, *, may_look_back: bool = False) -> Scope:
    """Read unit and period from the address; a unit out of reach is the same 404 as none at all.

    Without a unit it is the highest the reader may see; with `may_look_back` the address may ask
    for the period before. Raises PermissionDenied for a reader who may see nothing.
    """
    within = roots(request.user, "see")
    if not within:
        raise PermissionDenied(_("您没有查看看板的权限。"))
    path = min(within, key=len)
    visible = Organisation.objects.visible_to(request.user)
    if wanted := request.GET.get("unit", ""):
        found = (
            visible.filter(pk=wanted).first() if wanted.isdecimal() and len(wanted) < 10 else None
        )
        if found is None:
            raise Http404
        path = found.path
    near = list(
        visible.filter(Q(path__in=[*chain(path), *within]) | Q(parent__path=path)).order_by(
            "position", "path"
        )
    )
    now = timezone.now()
    choice = choose(request.GET, now)
    scope = Scope(
        user=request.user,
        unit=next(row for row in near if row.path == path),
        above=tuple(sorted((row for row in near if row.path in chain(path)[:-1]), key=path_length)),
        children=tuple(row for row in near if row.path[:-SEGMENT] == path),
        beside=tuple(row for row in near if row.path in within and not path.startswith(row.path)),
        choice=choice,
        period=choice.period,
        now=now,
        colour=one_of(COLOURS, request.GET.get("colour", "")),
        sort=one_of(SORTS, request.GET.get("sort", "")),
    )
    return scope.before() if may_look_back and request.GET.get("before") == "1" else scope


def one_of(known: tuple[str, ...], asked: str) -> str:
    """What was asked for, or the first when it is unknown."""
    return asked if asked in known else known[0]


def path_length(unit: Organisation) -> int:
    """How deep a unit lies."""
    return len(unit.path)
