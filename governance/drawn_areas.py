"""Whether an area is drawn well: its lines are closed, cross nowhere, and lie as they should."""

from itertools import combinations, pairwise

from governance.areas import Area, Ring, Spot, side_of

Edge = tuple[Spot, Spot]
# An edge, the number of its ring, and its place in it.
Placed = tuple[Edge, int, int]


def is_well_drawn(area: Area) -> bool:
    """Whether every part has an outer line, no line meets itself, and no two lines cross.

    Holes lie within the outer line, apart from each other; parts lie apart. Lines of different
    rings may touch in a spot.
    """
    if not area.parts or not all(area.parts):
        return False
    rings = [without_repetition(ring) for ring in area.rings]
    if any(len(ring) < 4 for ring in rings) or lines_meet(rings):
        return False
    return all(
        all(lies(hole, part[0], inside=True) for hole in part[1:])
        and all(apart(*pair) for pair in combinations(part[1:], 2))
        for part in area.parts
    ) and all(are_apart(*pair) for pair in combinations(area.parts, 2))


def without_repetition(ring: Ring) -> Ring:
    """The line without spots that are written twice in a row."""
    return (ring[0], *(after for before, after in pairwise(ring) if before != after))


def lies(ring: Ring, other: Ring, *, inside: bool) -> bool:
    """Whether all of a line lies inside (or outside) another one; touching it is no matter."""
    spots = [*ring, *(((a[0] + b[0]) / 2, (a[1] + b[1]) / 2) for a, b in pairwise(ring))]
    return all(side_of(other, spot) in (None, inside) for spot in spots)


def apart(one: Ring, other: Ring) -> bool:
    """Whether neither of two lines goes around a piece of the other."""
    return lies(one, other, inside=False) and lies(other, one, inside=False)


def are_apart(one: tuple[Ring, ...], other: tuple[Ring, ...]) -> bool:
    """Whether two parts lie beside each other, or one in a hole of the other."""
    return (
        apart(one[0], other[0])
        or any(lies(one[0], hole, inside=True) for hole in other[1:])
        or any(lies(other[0], hole, inside=True) for hole in one[1:])
    )


def lines_meet(rings: list[Ring]) -> bool:
    """Whether an edge meets another one where it must not; from west to east, so near ones only."""
    edges: list[Placed] = sorted(
        (
            (edge, number, place)
            for number, ring in enumerate(rings)
            for place, edge in enumerate(pairwise(ring))
        ),
        key=lambda placed: min(placed[0])[0],
    )
    for index, one in enumerate(edges):
        east = max(one[0])[0]
        for other in edges[index + 1 :]:
            if min(other[0])[0] > east:
                break
            if meet_badly(one, other, len(rings[one[1]]) - 1):
                return True
    return False


def meet_badly(one: Placed, other: Placed, count: int) -> bool:
    """Whether two edges cross or share a stretch, or touch although they are no neighbours."""
    (a, b), (c, d) = one[0], other[0]
    if min(a[1], b[1]) > max(c[1], d[1]) or min(c[1], d[1]) > max(a[1], b[1]):
        return False
    turns = turn(a, b, c), turn(a, b, d), turn(c, d, a), turn(c, d, b)
    if not any(turns):
        shared = sorted([min(a, b), min(c, d)])[1], sorted([max(a, b), max(c, d)])[0]
        if shared[0] < shared[1]:
            return True
        touch = shared[0] == shared[1]
    elif turns[0] * turns[1] < 0 and turns[2] * turns[3] < 0:
        return True
    else:
        touch = turns[0] * turns[1] <= 0 and turns[2] * turns[3] <= 0
    if not touch or one[1] != other[1]:
        return False
    steps = abs(one[2] - other[2])
    return steps not in (1, count - 1)


def turn(a: Spot, b: Spot, c: Spot) -> int:
    """On which side of the way from a to b c lies: 1 left, -1 right, 0 on the way."""
    side = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    return (side > 0) - (side < 0)
