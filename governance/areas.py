"""Areas of a map: GeoJSON goes in, answers about points and lines come out; knows no table.

Plain arithmetic on degrees. A library of geometry would cost each web process 15 MB for it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import hypot, isfinite
from typing import Any, Self

Spot = tuple[float, float]
Ring = tuple[Spot, ...]
"""A closed line: it ends where it began."""


@dataclass(frozen=True)
class Area:
    """One polygon or several; the first ring of each part is its outer line, the others holes."""

    parts: tuple[tuple[Ring, ...], ...]

    @classmethod
    def read(cls, boundary: dict[str, Any]) -> Self:
        """The area of a GeoJSON geometry.

        Raises ValueError, TypeError, KeyError or IndexError for what is no polygon.
        """
        kind, drawn = boundary["type"], boundary["coordinates"]
        if kind not in ("Polygon", "MultiPolygon"):
            raise ValueError(kind)
        parts = [drawn] if kind == "Polygon" else drawn
        return cls(tuple(tuple(ring_of(line) for line in part) for part in parts))

    @cached_property
    def rings(self) -> list[Ring]:
        """All lines of all parts."""
        return [ring for part in self.parts for ring in part]

    @cached_property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east and north."""
        spots = [spot for ring in self.rings for spot in ring]
        lngs, lats = [lng for lng, _lat in spots], [lat for _lng, lat in spots]
        return min(lngs), min(lats), max(lngs), max(lats)

    @cached_property
    def size(self) -> float:
        """Square degrees, holes taken off."""
        return sum(
            surface(outer) - sum(map(surface, holes)) for outer, *holes in filter(None, self.parts)
        )

    def holds(self, spot: Spot) -> bool:
        """Whether the spot lies within or on a line."""
        west, south, east, north = self.bounds
        if not (west <= spot[0] <= east and south <= spot[1] <= north):
            return False
        is_inside = False
        for ring in self.rings:
            side = side_of(ring, spot)
            if side is None:
                return True
            is_inside ^= side
        return is_inside

    def box_spot(self, spot: Spot) -> Spot:
        """The nearest spot of the frame around the area; the shore is never nearer."""
        west, south, east, north = self.bounds
        return min(max(spot[0], west), east), min(max(spot[1], south), north)

    def shore(self, spot: Spot) -> Spot:
        """The nearest spot on a line."""
        near = (nearest(spot, *edge) for ring in self.rings for edge in pairwise(ring))
        return min(near, key=lambda one: distance(spot, one))

    def inner_spot(self) -> Spot:
        """A spot well within, for a number: the middle of the widest stretch half way up."""
        return max((widest_stretch(part) for part in self.parts), key=lambda one: one[1] - one[0])[
            2
        ]


def ring_of(line: Sequence[Sequence[float]]) -> Ring:
    """A line of GeoJSON, closed where its writer left that out. Raises ValueError for less."""
    ring = tuple((spot[0], spot[1]) for spot in line)
    if not all(isinstance(one, int | float) and isfinite(one) for spot in ring for one in spot):
        raise ValueError(line)
    if ring[0] != ring[-1]:
        ring += ring[:1]
    if len(ring) < 4:
        raise ValueError(line)
    return ring


def surface(ring: Ring) -> float:
    """What a line encloses, in square degrees; reckoned from its first spot, to lose no digits."""
    lng, lat = ring[0]
    return (
        abs(
            sum(
                (a[0] - lng) * (b[1] - lat) - (b[0] - lng) * (a[1] - lat) for a, b in pairwise(ring)
            )
        )
        / 2
    )


def side_of(ring: Ring, spot: Spot) -> bool | None:
    """Whether a line goes around the spot; None when it goes through it."""
    lng, lat = spot
    is_inside = False
    for (a_lng, a_lat), (b_lng, b_lat) in pairwise(ring):
        if (a_lat > lat) != (b_lat > lat):
            at = a_lng + (lat - a_lat) * (b_lng - a_lng) / (b_lat - a_lat)
            if at == lng:
                return None
            is_inside ^= at > lng
        elif a_lat == lat and (
            a_lng == lng or (b_lat == lat and min(a_lng, b_lng) <= lng <= max(a_lng, b_lng))
        ):
            return None
    return is_inside


def distance(one: Spot, other: Spot) -> float:
    """In degrees."""
    return hypot(one[0] - other[0], one[1] - other[1])


def nearest(spot: Spot, start: Spot, end: Spot) -> Spot:
    """The nearest spot of a stretch."""
    across, up = end[0] - start[0], end[1] - start[1]
    length = across**2 + up**2
    if not length:
        return start
    share = ((spot[0] - start[0]) * across + (spot[1] - start[1]) * up) / length
    share = min(1.0, max(0.0, share))
    return start[0] + share * across, start[1] + share * up


def widest_stretch(part: tuple[Ring, ...]) -> tuple[float, float, Spot]:
    """From where to where the widest piece reaches on a height without corners, and its middle."""
    lats = sorted({lat for ring in part for _lng, lat in ring})
    middle = (lats[0] + lats[-1]) / 2
    height = (
        max(lat for lat in lats if lat <= middle) + min(lat for lat in lats if lat >= middle)
    ) / 2
    at = sorted(crossings(part, height))
    west, east = max(zip(at[::2], at[1::2], strict=True), key=lambda pair: pair[1] - pair[0])
    return west, east, ((west + east) / 2, height)


def crossings(part: tuple[Ring, ...], height: float) -> Iterator[float]:
    """Where the lines of a part cross a height."""
    for ring in part:
        for (a_lng, a_lat), (b_lng, b_lat) in pairwise(ring):
            if (a_lat > height) != (b_lat > height):
                yield a_lng + (height - a_lat) * (b_lng - a_lng) / (b_lat - a_lat)


def thinned(ring: Ring, fineness: float) -> Ring:
    """The line without corners that would move it by less than `fineness` (Douglas and Peucker)."""
    far = max(range(len(ring)), key=lambda place: distance(ring[0], ring[place]))
    kept, open_pieces = {0, far, len(ring) - 1}, [(0, far), (far, len(ring) - 1)]
    while open_pieces:
        first, last = open_pieces.pop()
        off, place = max(
            (
                (distance(ring[place], nearest(ring[place], ring[first], ring[last])), place)
                for place in range(first + 1, last)
            ),
            default=(0.0, 0),
        )
        if off > fineness:
            kept.add(place)
            open_pieces += [(first, place), (place, last)]
    return tuple(ring[place] for place in sorted(kept)) if len(kept) > 3 else ring
