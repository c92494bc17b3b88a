"""The town of the demonstration: its pieces fit, its buildings stand on their blocks."""

from itertools import combinations
from random import Random

import pytest
import shapely
from shapely.geometry import Point, Polygon, shape

from portal.demonstration import ground


@pytest.fixture(scope="module", params=[1, 20260101])
def town(request: pytest.FixtureRequest) -> ground.Town:
    """Towns of two seeds; what holds for both holds by construction."""
    return ground.Town(Random(request.param))


def grids_of(town: ground.Town, community: int) -> list[Polygon]:
    """The worker grids of a community, as they stand on the globe."""
    numbers = range(ground.GRIDS_IN_COMMUNITY)
    return [shape(town.grid_boundary(community, number)) for number in numbers]


def test_eight_grids_make_a_community_without_a_gap_or_an_overlap(town: ground.Town) -> None:
    for community in range(ground.COMMUNITIES):
        whole, parts = shape(town.community_boundary(community)), grids_of(town, community)

        assert whole.is_valid
        assert whole.geom_type == "Polygon"
        assert not whole.interiors
        assert sum(part.area for part in parts) == pytest.approx(whole.area, rel=1e-9)
        assert shapely.unary_union(parts).symmetric_difference(whole).area < 1e-12


def test_communities_meet_at_avenues_and_never_overlap(town: ground.Town) -> None:
    areas = [shape(town.community_boundary(one)) for one in range(ground.COMMUNITIES)]
    for one, other in combinations(areas, 2):
        assert one.intersection(other).area < 1e-12
    touching = [pair for pair in combinations(areas, 2) if pair[0].touches(pair[1])]
    assert len(touching) >= ground.COMMUNITIES


def test_a_river_parts_the_town_and_a_park_lies_on_its_bank(town: ground.Town) -> None:
    areas = [shape(town.community_boundary(one)) for one in range(ground.COMMUNITIES)]
    north, south = shapely.unary_union(areas[:6]), shapely.unary_union(areas[6:])
    metres = north.distance(south) * 111_000

    assert 40 < metres < 120
    green = shapely.unary_union(areas[:6]).convex_hull.area - north.area
    assert green * 111_000 * 89_000 > 300_000


def test_compounds_lie_within_one_grid_and_buildings_within_their_compound(
    town: ground.Town,
) -> None:
    for community in range(ground.COMMUNITIES):
        grids, blocks = grids_of(town, community), town.compound_blocks(community)
        outlines = [town.outline_of(block) for _number, block in blocks]
        assert len(blocks) == ground.COMPOUNDS_IN_COMMUNITY
        assert {number for number, _block in blocks} == set(range(ground.GRIDS_IN_COMMUNITY))
        for (number, block), outline in zip(blocks, outlines, strict=True):
            assert grids[number].contains(outline)
            assert outline.contains(Point(town.point_of(block)))
            points = town.building_points(block, 14)
            assert len(set(points)) == 14
            assert all(outline.contains(Point(point)) for point in points)
        for one, other in combinations(outlines, 2):
            assert one.disjoint(other)


def test_buildings_stand_far_enough_apart_to_see_the_sun(town: ground.Town) -> None:
    for community in range(ground.COMMUNITIES):
        for _number, block in town.compound_blocks(community):
            points = [
                Point(lng * 89_000, lat * 111_000) for lng, lat in town.building_points(block, 12)
            ]
            assert min(one.distance(other) for one, other in combinations(points, 2)) > 20


def test_the_town_lies_where_the_reference_puts_the_street(town: ground.Town) -> None:
    areas = [shape(town.community_boundary(one)) for one in range(ground.COMMUNITIES)]
    west, south, east, north = shapely.unary_union(areas).bounds
    assert 118.0 < west < 118.06 < east < 118.12
    assert 36.83 < south < 36.87 < north < 36.91


def test_one_seed_draws_one_town_and_another_seed_another() -> None:
    one, again, other = (ground.Town(Random(seed)) for seed in (5, 5, 6))
    assert one.grid_boundary(3, 4) == again.grid_boundary(3, 4)
    assert one.grid_boundary(3, 4) != other.grid_boundary(3, 4)
