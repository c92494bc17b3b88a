"""The map: a street's drawn grids, asked by point."""

from operator import itemgetter

from governance.areas import Area
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
        grids = Grid.objects.filter(
            beneath("organisation__path", [subdistrict.path]),
            tier__in=(Tier.COMMUNITY, Tier.WORKER),
            ended_on__isnull=True,
            boundary__isnull=False,
        ).select_related("organisation")
        self.drawn = [(grid, Area.read(grid.boundary)) for grid in grids if grid.boundary]

    def at(self, point: Point) -> Place:
        """The organisation whose grid holds the point (WGS-84); the smallest grid wins.

        A point up to 50 metres outside is given to the nearest grid, as likely only.
        """
        inside = sorted(
            (pair for pair in self.drawn if pair[1].holds(point)), key=lambda pair: pair[1].size
        )
        if inside:
            holders = list(dict.fromkeys(grid.organisation for grid, _area in inside))
            level = holders[0].level or 0
            rivals = tuple(one for one in holders if one.level == level)
            certainty = Certainty.SURE if level > Level.GRAND_COMMITTEE else Certainty.LIKELY
            if len(rivals) > 1:
                return Place(holders[0], how=How.POINT, candidates=rivals)
            return Place(holders[0], how=How.POINT, certainty=certainty)
        shores = [
            (metres_between(point, area.shore(point)), grid.organisation)
            for grid, area in self.drawn
            if metres_between(point, area.box_spot(point)) <= NEAR_A_GRID
        ]
        away, nearest = min(shores, key=itemgetter(0), default=(NEAR_A_GRID, None))
        if nearest is None or away > NEAR_A_GRID:
            return Place()
        return Place(nearest, how=How.POINT, certainty=Certainty.LIKELY)
