"""The ground of the demonstration street: where its grids, compounds and buildings lie (pure)."""

from dataclasses import dataclass
from random import Random
from typing import Any

Corner = tuple[float, float]

# North-west corner of the twelve communities, about 118.06 E 36.87 N (`domain.md` 6.4, WGS-84).
WEST, NORTH = 118.030, 36.888
CELL_WIDTH, CELL_HEIGHT = 0.0050, 0.0045
# Three columns and four rows of communities, each of four columns and two rows of worker grids.
COMMUNITY_COLUMNS, COMMUNITY_ROWS = 3, 4
GRID_COLUMNS, GRID_ROWS = 4, 2
GRIDS_IN_COMMUNITY = GRID_COLUMNS * GRID_ROWS
COMPOUNDS_IN_COMMUNITY = 9
BUILDINGS_IN_COMPOUNDS = (8, 9, 10, 11, 11, 12, 12, 13, 14)
NUMERALS = "一二三四五六七八"


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


class Lattice:
    """The corners at which the worker grids meet: a lattice, each corner moved a little."""

    def __init__(self, chance: Random) -> None:
        self.columns = COMMUNITY_COLUMNS * GRID_COLUMNS
        self.rows = COMMUNITY_ROWS * GRID_ROWS
        self._corners = {
            (column, row): (
                round(WEST + CELL_WIDTH * (column + chance.uniform(-0.18, 0.18)), 6),
                round(NORTH - CELL_HEIGHT * (row + chance.uniform(-0.18, 0.18)), 6),
            )
            for column in range(self.columns + 1)
            for row in range(self.rows + 1)
        }

    def boundary(self, column: int, row: int, width: int = 1, height: int = 1) -> dict[str, Any]:
        """GeoJSON of a block of cells; blocks that meet share every corner of their border."""
        top = [(column + step, row) for step in range(width)]
        right = [(column + width, row + step) for step in range(height)]
        bottom = [(column + width - step, row + height) for step in range(width)]
        left = [(column, row + height - step) for step in range(height)]
        # Counter-clockwise, as GeoJSON asks of an outer ring.
        way = [*reversed([*top, *right, *bottom, *left])]
        ring = [list(self._corners[corner]) for corner in [*way, way[0]]]
        return {"type": "Polygon", "coordinates": [ring]}

    def point_in(self, column: int, row: int, across: float, down: float) -> Corner:
        """A point within one cell; `across` and `down` run from 0 to 1."""
        corner = self._corners
        west = mix(corner[column, row], corner[column, row + 1], down)
        east = mix(corner[column + 1, row], corner[column + 1, row + 1], down)
        lng, lat = mix(west, east, across)
        return round(lng, 6), round(lat, 6)


def mix(one: Corner, other: Corner, share: float) -> Corner:
    """The point at `share` of the way from one corner to the other."""
    return (
        one[0] + (other[0] - one[0]) * share,
        one[1] + (other[1] - one[1]) * share,
    )


def cell_of(community: int, grid: int) -> tuple[int, int]:
    """Column and row of a worker grid; numbered from west to east, north to south (`1.2`)."""
    column = community % COMMUNITY_COLUMNS * GRID_COLUMNS + grid % GRID_COLUMNS
    row = community // COMMUNITY_COLUMNS * GRID_ROWS + grid // GRID_COLUMNS
    return column, row


def building_points(
    lattice: Lattice, cell: tuple[int, int], share: tuple[float, float], count: int
) -> list[Corner]:
    """Rows of four buildings within a part of a cell, from `share[0]` to `share[1]` of its width."""
    first, last = share
    points = []
    for number in range(count):
        across = first + (last - first) * (0.12 + 0.25 * (number % 4))
        points.append(lattice.point_in(*cell, across, 0.15 + 0.22 * (number // 4)))
    return points
