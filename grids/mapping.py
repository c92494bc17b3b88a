"""The map: a street's drawn grids, asked by point."""

from shapely import STRtree
from shapely.geometry import Point as MapPoint
from shapely.geometry import shape
from shapely.ops import nearest_points

from governance.choices import Level
from governance.models import Organisation
from governance.models.reach import beneath
from grids.choices import Tier
from grids.coordinates import Point, metres_between
from grids.finding import Certainty, How, Place
from grids.models import Grid

# A phone that stands in the street outside a grid is this far off, in metres.
NEAR_A_GRID = 50.0


class GridMap:
    """The drawn grids of a street, asked by point."""

    def __init__(self, subdistrict: Organisation) -> None:
        self.grids = list(
            Grid.objects.filter(
                beneath("organisation__path", [subdistrict.path]),
                tier__in=(Tier.COMMUNITY, Tier.WORKER),
                ended_on__isnull=True,
                boundary__isnull=False,
            ).select_related("organisation")
        )
        self.areas = [shape(grid.boundary) for grid in self.grids]
        self.tree = STRtree(self.areas)

    def at(self, point: Point) -> Place:
        """The organisation whose grid holds the point (WGS-84); the smallest grid wins.

        A point up to 50 metres outside is given to the nearest grid, as likely only.
        """
        if not self.grids:
            return Place()
        spot = MapPoint(point)
        inside = sorted(
            self.tree.query(spot, predicate="intersects"), key=lambda row: self.areas[row].area
        )
        if inside:
            holders = list(dict.fromkeys(self.grids[row].organisation for row in inside))
            level = holders[0].level or 0
            rivals = tuple(one for one in holders if one.level == level)
            certainty = Certainty.SURE if level > Level.GRAND_COMMITTEE else Certainty.LIKELY
            if len(rivals) > 1:
                return Place(holders[0], how=How.POINT, candidates=rivals)
            return Place(holders[0], how=How.POINT, certainty=certainty)
        nearest = int(self.tree.nearest(spot))
        shore, _spot = nearest_points(self.areas[nearest], spot)
        if metres_between(point, (shore.x, shore.y)) > NEAR_A_GRID:
            return Place()
        return Place(self.grids[nearest].organisation, how=How.POINT, certainty=Certainty.LIKELY)
