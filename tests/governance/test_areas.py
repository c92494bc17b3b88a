"""Areas of a map: what is well drawn, what lies within; judged beside a library of geometry."""

import random
from typing import Any

import pytest
from shapely.geometry import Point, shape
from shapely.ops import nearest_points

from governance.areas import Area, distance, thinned
from governance.drawn_areas import is_well_drawn
from portal.demonstration.ground import COMMUNITIES, Town
from tests.house.reading import FLOORS, ROOT, imported_modules, sources

SQUARE = [[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]]
HOLE = [[1, 1], [1, 2], [2, 2], [2, 1], [1, 1]]


def moved(ring: list[list[float]], east: float, north: float = 0) -> list[list[float]]:
    """The same line elsewhere."""
    return [[lng + east, lat + north] for lng, lat in ring]


def polygon(*rings: Any) -> dict[str, Any]:
    """GeoJSON of one part."""
    return {"type": "Polygon", "coordinates": list(rings)}


def polygons(*parts: Any) -> dict[str, Any]:
    """GeoJSON of several."""
    return {"type": "MultiPolygon", "coordinates": list(parts)}


DRAWN = {
    "a square": polygon(SQUARE),
    "not closed by its writer": polygon(SQUARE[:-1]),
    "a spot written twice": polygon([SQUARE[0], *SQUARE]),
    "a hole": polygon(SQUARE, HOLE),
    "a hole that touches": polygon(SQUARE, [*moved(HOLE, -1, 0.5)[:1], [1, 3], [1, 2]]),
    "a hole beside": polygon(SQUARE, moved(HOLE, 9)),
    "a hole across the line": polygon(SQUARE, moved(HOLE, 2.5)),
    "a hole in a hole": polygon(SQUARE, moved(HOLE, 0), [[1.2, 1.2], [1.2, 1.8], [1.8, 1.8]]),
    "two holes side by side": polygon(SQUARE, HOLE, moved(HOLE, 1.5)),
    "two holes with one side": polygon(SQUARE, HOLE, moved(HOLE, 1)),
    "the hole is all": polygon(SQUARE, SQUARE),
    "a bow tie": polygon([[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]),
    "a spike": polygon([[0, 0], [4, 0], [4, 4], [6, 4], [4, 4], [0, 4], [0, 0]]),
    "a line there and back": polygon([[0, 0], [4, 0], [2, 0], [0, 0]]),
    "an eight": polygon([[0, 0], [2, 2], [4, 0], [4, 4], [2, 2], [0, 4], [0, 0]]),
    "two parts": polygons([SQUARE], [moved(SQUARE, 5)]),
    "two parts that meet in a corner": polygons([SQUARE], [moved(SQUARE, 4, 4)]),
    "two parts with one side": polygons([SQUARE], [moved(SQUARE, 4)]),
    "two parts across": polygons([SQUARE], [moved(SQUARE, 1, 1)]),
    "a part within": polygons([SQUARE], [HOLE]),
    "an island in a lake": polygons([SQUARE, HOLE], [[[1.2, 1.2], [1.8, 1.2], [1.5, 1.8]]]),
}  # fmt: skip


@pytest.mark.parametrize("name", DRAWN)
def test_what_the_library_calls_valid_is_well_drawn_and_nothing_else(name: str):
    assert is_well_drawn(Area.read(DRAWN[name])) == shape(DRAWN[name]).is_valid


def test_a_thousand_scribbles_are_judged_alike():
    chance, good = random.Random(7), 0
    for _round in range(1000):
        ring = [[chance.randrange(6), chance.randrange(6)] for _ in range(chance.randrange(4, 7))]
        drawn = polygon(ring)
        valid = shape(drawn).is_valid
        good += valid
        assert is_well_drawn(Area.read(drawn)) == valid, drawn
    assert 50 < good < 950


@pytest.mark.parametrize(
    "broken",
    [{}, {"type": "Point", "coordinates": [1, 2]}, polygon(), polygon([]), polygon([[1, 2], [3, 4]]),
     polygon([["1", 2], [3, 4], [5, 6]]), polygon([[1], [2], [3]]), polygon(7), polygons(),
     polygon([[float("nan"), 0], [1, 1], [1, 0]])],
)  # fmt: skip
def test_what_is_no_area_is_refused(broken: dict[str, Any]):
    try:
        assert not is_well_drawn(Area.read(broken))
    except (ValueError, TypeError, KeyError, IndexError):
        return


def test_spots_within_and_shores_are_those_of_the_library():
    town, chance = Town(random.Random(3)), random.Random(5)
    for community in range(COMMUNITIES)[::5]:
        boundary = town.community_boundary(community)
        own, theirs = Area.read(boundary), shape(boundary)
        assert own.bounds == theirs.bounds
        assert own.size == pytest.approx(theirs.area)
        assert own.inner_spot() == pytest.approx(theirs.representative_point().coords[0])
        west, south, east, north = own.bounds
        for _round in range(40):
            spot = (chance.uniform(west, east), chance.uniform(south, north))
            assert own.holds(spot) == theirs.intersects(Point(spot))
            nearest = nearest_points(theirs.boundary, Point(spot))[0]
            assert own.shore(spot) == pytest.approx((nearest.x, nearest.y))
        for ring in own.rings:
            line = thinned(ring, 1e-4)
            assert all(own.holds(spot) for spot in ring)
            assert all(distance(spot, Area(((line,),)).shore(spot)) <= 1e-4 for spot in ring)
            assert len(line) < len(ring) or len(ring) < 9


def test_only_the_demonstration_needs_the_library():
    asking = {
        path.relative_to(ROOT).as_posix()
        for floor in FLOORS
        for path in sources(ROOT / floor)
        if any(name.split(".")[0] in ("shapely", "numpy") for name in imported_modules(path, ROOT))
    }
    assert asking
    assert asking <= {f"portal/demonstration/{name}.py" for name in ("ground", "street")}
