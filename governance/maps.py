"""Geometry of small maps: areas in degrees go in, SVG paths come out; knows no table and no page."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from governance.areas import Area, Spot, thinned

WIDTH, MARGIN = 640.0, 6.0
LOWEST, HIGHEST = 240.0, 560.0
# Corners that would move the line by less than this many units of the drawing are left out.
FINENESS = 0.4


@dataclass(frozen=True)
class Outline:
    """One area as drawn: its path, and where its number stands, in the drawing and in degrees."""

    path: str
    x: float
    y: float
    spot: Spot


@dataclass(frozen=True)
class Drawing:
    """All areas in one frame."""

    outlines: list[Outline]
    width: float
    height: float


class Frame:
    """Degrees to drawing units, north up; a degree of longitude shrinks with the latitude."""

    def __init__(self, areas: Sequence[Area]) -> None:
        self.west = min(area.bounds[0] for area in areas)
        self.north = max(area.bounds[3] for area in areas)
        east, south = max(a.bounds[2] for a in areas), min(a.bounds[1] for a in areas)
        self.narrow = math.cos(math.radians((south + self.north) / 2))
        across = max((east - self.west) * self.narrow, 1e-6)
        down = max(self.north - south, 1e-6)
        self.scale = min((WIDTH - 2 * MARGIN) / across, (HIGHEST - 2 * MARGIN) / down)
        self.height = round(max(down * self.scale + 2 * MARGIN, LOWEST), 1)
        self.left = (WIDTH - across * self.scale) / 2
        self.top = (self.height - down * self.scale) / 2

    def at(self, lng: float, lat: float) -> tuple[float, float]:
        """A point of the drawing."""
        x = self.left + (lng - self.west) * self.narrow * self.scale
        return round(x, 1), round(self.top + (self.north - lat) * self.scale, 1)


def drawing(areas: Sequence[Area]) -> Drawing:
    """Paths of areas (WGS-84) in one frame of `WIDTH` units; the height follows their shape."""
    if not areas:
        return Drawing([], WIDTH, LOWEST)
    frame = Frame(areas)
    outlines = []
    for area in areas:
        spot = area.inner_spot()
        path = "".join(line(thinned(ring, FINENESS / frame.scale), frame) for ring in area.rings)
        outlines.append(Outline(path, *frame.at(*spot), spot))
    return Drawing(outlines, WIDTH, frame.height)


def line(ring: Iterable[Spot], frame: Frame) -> str:
    """One closed line."""
    drawn = [frame.at(lng, lat) for lng, lat in ring]
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in drawn[:-1]) + "Z"
