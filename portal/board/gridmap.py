"""The map of the grids: our own polygons, coloured by what came in, what is late or how content people are."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.figures import Base, Tally
from governance.areas import Area as Boundary
from governance.maps import drawing
from governance.models.reach import SEGMENT, beneath, roots
from grids.choices import Tier
from grids.models import Grid
from portal.board.counting import gathered
from portal.board.periods import PACE
from portal.board.scope import COLOURS, Scope
from portal.board.shown import FEW, Share, Shown, share

COLOUR_NAMES = {
    "density": gettext_lazy("诉求密度"),
    "late": gettext_lazy("超期"),
    "satisfaction": gettext_lazy("满意率"),
}
EXPLAINED = {
    "density": gettext_lazy("颜色越深，本期受理越多"),
    "late": gettext_lazy("颜色越深，超期未办结越多"),
    "satisfaction": gettext_lazy("蓝色满意率高，橙色低；斜纹为样本不足10件"),
}
BASE_OF_COLOUR = {"density": Base.ACCEPTED, "late": Base.OPEN, "satisfaction": Base.DUE}
COUNTED = {"density": "accepted", "late": "overdue"}
STEPS = 5
# 满意率 from below: anything less than the first bound is the lowest step.
BOUNDS = (80, 90, 95, 98)
NONE, THIN = "none", "thin"
COMMUNITY_LENGTH = 2 * SEGMENT


@dataclass(frozen=True)
class Ground:
    """A drawn grid: what does not change from minute to minute."""

    name: str
    unit_id: int
    path: str
    outline: str
    x: float
    y: float
    spot: tuple[float, float]
    boundary: dict[str, Any]


@dataclass(frozen=True)
class Area:
    """A grid (or, without boundaries, a unit) on the map with its figure and its tone."""

    name: str
    url: str
    tone: str
    said: str
    figure: Shown | Share
    ground: Ground | None = None

    @property
    def label(self) -> str:
        """The few signs that fit into an area."""
        if isinstance(self.figure, Shown):
            return str(self.figure.value) if self.figure.value else ""
        if self.tone == THIN:
            return f"{self.figure.part.value}/{self.figure.whole.value}"
        percent = self.figure.rate.percent
        return "" if percent is None else f"{percent:.0f}"

    @property
    def heard(self) -> str:
        """Name and figure in one sentence."""
        return f"{self.name}：{self.said}"


@dataclass(frozen=True)
class GridMap:
    """The map, its key, the other colours it may have, and what it leaves out."""

    areas: list[Area]
    width: float
    height: float
    key: list[tuple[str, str]]
    colours: list[dict[str, Any]]
    colour_name: str
    explained: str
    elsewhere: int
    is_drawn: bool


def grid_map(scope: Scope, by_unit: dict[str, Tally]) -> GridMap:
    """Areas of all drawn grids of the unit; its units as tiles where none is drawn.

    Counted are the cases for which the grid's own branch (or what lies beneath it) answers.
    """
    grounds, height, width = drawn_grounds(scope)
    units: list[tuple[str, Any, str, Ground | None]] = [
        (ground.name, ground.unit_id, ground.path, ground) for ground in grounds
    ] or [(unit.display_name, unit, unit.path, None) for unit in scope.children]
    lengths = {len(path) for _name, _unit, path, _ground in units}
    by_length = {length: gathered(by_unit, length) for length in lengths}
    tallied = [(*unit, by_length[len(unit[2])].get(unit[2], Tally())) for unit in units]
    bounds = bounds_of(scope.colour, (tally for *_unit, tally in tallied))
    return GridMap(
        areas=[area(scope, *line, bounds) for line in tallied],
        width=width,
        height=height,
        key=key(scope.colour, bounds),
        colours=[
            {
                "label": COLOUR_NAMES[name],
                "url": scope.coloured_by(name).address() + "#map",
                "is_current": name == scope.colour,
            }
            for name in COLOURS
        ],
        colour_name=str(COLOUR_NAMES[scope.colour]),
        explained=str(EXPLAINED[scope.colour]),
        elsewhere=elsewhere(scope, by_unit, {path for _n, _u, path, _g in units}),
        is_drawn=bool(grounds),
    )


def elsewhere(scope: Scope, by_unit: dict[str, Tally], paths: set[str]) -> int:
    """How many of the counted cases lie with departments or communities themselves."""
    name = COUNTED.get(scope.colour, "asked")
    lengths = {len(path) for path in paths}
    return sum(
        tally[name]
        for path, tally in by_unit.items()
        if not any(path[:length] in paths for length in lengths)
    )


def area(
    scope: Scope,
    name: str,
    unit: Any,
    path: str,
    ground: Ground | None,
    tally: Tally,
    bounds: list[int],
) -> Area:
    """One area with its figure, its tone, and the page of its unit (none for the unit itself)."""
    unit_id = unit if isinstance(unit, int) else unit.pk
    there = scope.addresses_of(unit_id)
    url = "" if unit_id == scope.unit.pk else there.address()
    if scope.colour == "satisfaction":
        figure = share(there, tally, "satisfaction")
        return Area(name, url, tone_of_rate(figure), said_rate(figure), figure, ground)
    counted = COUNTED[scope.colour]
    value = tally[counted]
    shown = Shown(value, there.rows(counted))
    return Area(name, url, tone_of_count(value, bounds), f"{value:,}", shown, ground)


def said_rate(figure: Share) -> str:
    """98.20% (55/56), or a dash."""
    if not figure.rate.whole:
        return "-"
    return f"{figure.rate}% ({figure.part.value}/{figure.whole.value})"


# ── tones ────────────────────────────────────────────────────────────────────────────────────


def bounds_of(colour: str, tallies: Iterable[Tally]) -> list[int]:
    """The most cases that each shade stands for: each twice as many as the shade below it.

    Few grids have most of what comes in; in even steps all others would look alike.
    """
    counted = COUNTED.get(colour)
    highest = max((tally[counted] for tally in tallies), default=0) if counted else 0
    return sorted({max(1, -(-highest // 2**n)) for n in range(STEPS)})


def tone_of_count(value: int, bounds: list[int]) -> str:
    """none, or 1 (palest) to 5."""
    return str(1 + sum(value > bound for bound in bounds)) if value else NONE


def tone_of_rate(figure: Share) -> str:
    """none without answers, thin below ten, else 1 (lowest) to 5."""
    percent = figure.rate.percent
    if percent is None:
        return NONE
    if figure.whole.value < FEW:
        return THIN
    return str(1 + sum(percent >= bound for bound in BOUNDS))


def key(colour: str, bounds: list[int]) -> list[tuple[str, str]]:
    """Tone and words for each shade of the key."""
    if colour == "satisfaction":
        words = [_("低于80%"), "80%–90%", "90%–95%", "95%–98%", _("98%以上")]
        shades = [(str(n), text) for n, text in enumerate(words, 1)]
        return [*shades, (THIN, _("不足10件")), (NONE, _("无回访"))]
    shades = []
    for n, high in enumerate(bounds, 1):
        low = bounds[n - 2] + 1 if n > 1 else 1
        shades.append((str(n), f"{low}" if low == high else f"{low}–{high}"))
    return [(NONE, "0"), *shades]


# ── ground ───────────────────────────────────────────────────────────────────────────────────


def drawn_grounds(scope: Scope) -> tuple[list[Ground], float, float]:
    """The drawn grids of the unit with their outlines, height and width; kept for ten minutes."""
    kept = f"board-ground:{scope.unit.pk}:{':'.join(roots(scope.user, 'see'))}"
    found: tuple[list[Ground], float, float] | None = cache.get(kept)
    if found is None:
        grids = finest(
            Grid.objects.visible_to(scope.user)
            .filter(beneath("organisation__path", [scope.unit.path]))
            .filter(ended_on__isnull=True, boundary__isnull=False)
            .select_related("organisation")
            .order_by("code")
        )
        plan = drawing([Boundary.read(grid.boundary) for grid in grids if grid.boundary])
        grounds = [
            Ground(
                grid.name, grid.organisation_id, grid.organisation.path,
                outline.path, outline.x, outline.y, outline.spot, grid.boundary,
            )
            for grid, outline in zip(grids, plan.outlines, strict=True)
            if grid.boundary is not None
        ]  # fmt: skip
        found = grounds, plan.height, plan.width
        cache.set(kept, found, PACE.total_seconds())
    return found


def finest(grids: Iterable[Grid]) -> list[Grid]:
    """The worker grids of each community; of one that has none the grid of the whole community."""
    of_community: dict[str, list[Grid]] = {}
    for grid in grids:
        of_community.setdefault(grid.organisation.path[:COMMUNITY_LENGTH], []).append(grid)
    found: list[Grid] = []
    for rows in of_community.values():
        workers = [grid for grid in rows if grid.tier == Tier.WORKER]
        found += workers or [max(rows, key=lambda grid: grid.tier)]
    return found


def as_geojson(page: GridMap) -> dict[str, Any]:
    """The same areas for a map that can be moved: shapes with name, figure, tone and address."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": found.ground.boundary,
                "properties": {
                    "name": found.name,
                    "said": found.said,
                    "label": found.label,
                    "at": found.ground.spot,
                    "tone": found.tone,
                    "url": found.url,
                },
            }
            for found in page.areas
            if found.ground is not None
        ],
    }
