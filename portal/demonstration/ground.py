"""The ground of the demonstration street: a small town drawn from its roads, river and park (pure).

The plan is drawn in metres: an outline, a river through it, avenues between the communities, roads
between the grids. Only then it is bent a little, turned and laid on the globe, so that neighbours
keep every corner in common and no gap opens between them.
"""

import math
from dataclasses import dataclass
from random import Random
from typing import Any

import shapely
from shapely.geometry import LineString, MultiPolygon, Polygon, mapping
from shapely.geometry.polygon import orient

Corner = tuple[float, float]

GRIDS_IN_COMMUNITY = 8
COMPOUNDS_IN_COMMUNITY = 9
COMMUNITIES = 12
BUILDINGS_IN_COMPOUNDS = (8, 9, 10, 11, 11, 12, 12, 13, 14)
NUMERALS = "一二三四五六七八"

# South-west corner of the plan, about 118.06 E 36.87 N in the middle (`domain.md` 6.4, WGS-84).
WEST, SOUTH = 118.028, 36.849
METRES_IN_A_DEGREE = (111_320 * math.cos(math.radians(36.87)), 111_000.0)
TURNED = math.radians(4)
# A town without right-angled corners: fields, a hill and the railway bite into it.
OUTLINE = (
    (0, 620), (380, 60), (1500, -90), (3300, 40), (4760, 20), (5590, 470),
    (5660, 2100), (5560, 3900), (5160, 4340), (3400, 4460), (1700, 4380), (520, 4420), (-60, 3500),
)  # fmt: skip
RIVER_FROM, RIVER_TO = 2080, 2165
PARK_WIDTH = 430
ROAD, LANE = 16.0, 7.0
# A long border gets a corner every so many metres, so that it bends with the town.
STRIDE = 240.0


@dataclass(frozen=True)
class Block:
    """How the buildings of a compound are built: floors, and how many entrance units they have."""

    floors: int
    units: tuple[int, ...]


OLD = Block(6, (3, 4, 5))
MIDDLE = Block(11, (2,))
TALL = Block(18, (2,))
ROOMS_ON_A_FLOOR = 2
BLOCKS = (OLD, OLD, MIDDLE, OLD, TALL, OLD, OLD, MIDDLE, TALL)


class Town:
    """Twelve communities of eight grids each, with the blocks on which their compounds stand."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._bends = [chance.uniform(0, 2 * math.pi) for _ in range(4)]
        plots = [eight_parts(area, chance) for area in communities_of(chance)]
        faces = with_common_corners([plot for grids in plots for plot in grids])
        self.grids: list[list[Polygon]] = [
            faces[start : start + GRIDS_IN_COMMUNITY]
            for start in range(0, len(faces), GRIDS_IN_COMMUNITY)
        ]

    def grid_boundary(self, community: int, grid: int) -> dict[str, Any]:
        """GeoJSON of one worker grid."""
        return as_geojson(self._on_the_globe(self.grids[community][grid]))

    def community_boundary(self, community: int) -> dict[str, Any]:
        """GeoJSON of a community: its eight grids without the roads between them."""
        parts = [self._on_the_globe(grid) for grid in self.grids[community]]
        return as_geojson(shapely.unary_union(parts))

    def compound_blocks(self, community: int) -> list[tuple[int, Polygon]]:
        """Nine blocks (grid, ground in metres); the roomiest grid has two, the last is its second."""
        grids = self.grids[community]
        roomiest = max(range(len(grids)), key=lambda number: grids[number].area)
        inner = [largest(grid.buffer(-ROAD, join_style="mitre")) for grid in grids]
        one, other = halved(inner[roomiest], 0.5)
        inner[roomiest] = largest(one.buffer(-LANE, join_style="mitre"))
        second = largest(other.buffer(-LANE, join_style="mitre"))
        blocks = [(number, block) for number, block in enumerate(inner)]
        return [
            (number, self._without_shops(block)) for number, block in (*blocks, (roomiest, second))
        ]

    def _without_shops(self, block: Polygon) -> Polygon:
        """A compound leaves a part of its block to a school, a market, a row of shops."""
        kept, left = halved(block, self._chance.uniform(0.72, 0.9))
        return (
            kept if self._chance.random() < 0.5 or left.area > kept.area else halved(block, 0.8)[0]
        )

    def point_of(self, block: Polygon) -> Corner:
        """Where a compound is looked for on a map."""
        middle = block.centroid
        return self._place(middle.x, middle.y)

    def outline_of(self, block: Polygon) -> Polygon:
        """The ground of a compound on the globe."""
        return self._on_the_globe(shapely.segmentize(block, STRIDE))

    def building_points(self, block: Polygon, count: int) -> list[Corner]:
        """Rows of buildings facing south, numbered from the north-west as on the walls."""
        _west, south, _east, north = block.bounds
        rows = 3 if count <= 9 else 4
        chords = []
        for row in range(rows):
            down = north - (north - south) * (row + 0.5) / rows
            chords.append(chord(block, down))
        spare = sum(line.length for line in chords)
        points: list[Corner] = []
        for row, line in enumerate(chords, 1):
            # What is left is shared by the rows that are left, the longer row getting more.
            left = count - len(points)
            here = left if row == rows else max(round(left * line.length / spare), 1)
            spare -= line.length
            for number in range(here):
                along = line.interpolate((number + 0.5) / here, normalized=True)
                aside = self._chance.uniform(-4, 4)
                points.append(self._place(along.x, along.y + aside))
        return points

    def _on_the_globe(self, area: Polygon) -> Polygon:
        return Polygon([self._place(x, y) for x, y in area.exterior.coords])

    def _place(self, x: float, y: float) -> Corner:
        """Bend, turn and lay a point of the plan on the globe; six decimals are ten centimetres."""
        one, two, three, four = self._bends
        near_river = math.exp(-(((y - RIVER_FROM) / 800) ** 2))
        bent_x = x + 70 * math.sin(y / 640 + one) + 45 * math.sin(x / 900 + y / 1400 + two)
        bent_y = y + 60 * math.sin(x / 760 + three) + 120 * near_river * math.sin(x / 520 + four)
        turned_x = bent_x * math.cos(TURNED) - bent_y * math.sin(TURNED)
        turned_y = bent_x * math.sin(TURNED) + bent_y * math.cos(TURNED)
        across, up = METRES_IN_A_DEGREE
        return round(WEST + turned_x / across, 6), round(SOUTH + turned_y / up, 6)


def communities_of(chance: Random) -> list[Polygon]:
    """Twelve areas on both banks of the river, from the north-west to the south-east.

    Each bank has its own avenues; the park takes the end of one community beside the river.
    """
    whole = Polygon(OUTLINE)
    areas = []
    for first, last in ((RIVER_TO, 5000), (-500, RIVER_FROM)):
        bank = shapely.box(-500, first, 6500, last).intersection(whole)
        rest = bank
        columns = []
        for place in (1850, 3720):
            column, rest = cut(rest, place + chance.uniform(-170, 170), chance.uniform(-2, 2))
            columns.append(column)
        halves = [halved_upright(column, chance.uniform(0.45, 0.55)) for column in (*columns, rest)]
        areas += [upper for upper, _lower in halves] + [lower for _upper, lower in halves]
    west = areas[4].bounds[0] + PARK_WIDTH
    areas[4] = cut(areas[4], west, 1.0)[1]
    return areas


def eight_parts(area: Polygon, chance: Random) -> list[Polygon]:
    """A community cut three times across its longer side, in reading order of the map."""
    parts = [area]
    for _time in range(3):
        parts = [
            half for part in parts for half in halved(part, chance.uniform(0.43, 0.57), chance)
        ]
    _west, south, _east, north = area.bounds
    middle = (south + north) / 2
    return sorted(parts, key=lambda one: (one.centroid.y < middle, one.centroid.x))


def halved(area: Polygon, share: float, chance: Random | None = None) -> tuple[Polygon, Polygon]:
    """Cut across the longer side, the first part `share` of its length."""
    west, south, east, north = area.bounds
    tilt = chance.uniform(-4, 4) if chance else 0.0
    if east - west >= north - south:
        return cut(area, west + (east - west) * share, tilt)
    upper, lower = halved_upright(area, 1 - share, tilt)
    return upper, lower


def halved_upright(area: Polygon, share: float, tilt: float = 0.0) -> tuple[Polygon, Polygon]:
    """Cut from west to east, the upper part first; `share` is that of the lower one."""
    west, south, east, north = area.bounds
    slope = math.tan(math.radians(tilt)) * (east - west) / 2
    at = south + (north - south) * share
    below = Polygon(
        [
            (west - 900, -3000),
            (east + 900, -3000),
            (east + 900, at + slope),
            (west - 900, at - slope),
        ]
    )
    return largest(area.difference(below)), largest(area.intersection(below))


def cut(area: Polygon, at: float, tilt: float) -> tuple[Polygon, Polygon]:
    """Cut from north to south at `at`, the western part first."""
    _west, south, _east, north = area.bounds
    slope = math.tan(math.radians(tilt)) * (north - south) / 2
    left = Polygon(
        [
            (-3000, south - 900),
            (at - slope, south - 900),
            (at + slope, north + 900),
            (-3000, north + 900),
        ]
    )
    return largest(area.intersection(left)), largest(area.difference(left))


def with_common_corners(plots: list[Polygon]) -> list[Polygon]:
    """The same plots, each border with every corner that a neighbour has on it."""
    network = shapely.unary_union([plot.exterior for plot in plots], grid_size=0.01)
    faces = list(shapely.polygonize([shapely.segmentize(network, STRIDE)]).geoms)
    tree = shapely.STRtree(faces)
    found = []
    for plot in plots:
        point = plot.representative_point()
        found.append(next(faces[at] for at in tree.query(point) if faces[at].contains(point)))
    return found


def largest(area: Any) -> Polygon:
    """The one piece that matters."""
    return max(area.geoms, key=lambda one: one.area) if isinstance(area, MultiPolygon) else area


def chord(block: Polygon, y: float) -> LineString:
    """Where a row of buildings fits across a block."""
    west, _south, east, _north = block.bounds
    inside = block.buffer(-LANE).intersection(LineString([(west - 1, y), (east + 1, y)]))
    lines = [one for one in getattr(inside, "geoms", [inside]) if one.length]
    return max(lines, key=lambda one: one.length)


def as_geojson(area: Polygon) -> dict[str, Any]:
    """Counter-clockwise, as GeoJSON asks of an outer ring; lists, as JSON gives them back."""
    ring = [list(corner) for corner in mapping(orient(area))["coordinates"][0]]
    return {"type": "Polygon", "coordinates": [ring]}
