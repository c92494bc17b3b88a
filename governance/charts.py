"""Geometry of small charts: numbers go in, SVG coordinates come out; knows no table and no page."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 480, 210
LEFT, RIGHT, TOP, BOTTOM = 40, 10, 12, 26
MOST_LABELS = 8


@dataclass(frozen=True)
class Mark:
    """One tick of an axis: where it lies and what is written beside it."""

    at: float
    text: str


@dataclass(frozen=True)
class Line:
    """One named line of a chart; a gap in the figures splits it into several strokes."""

    name: str
    tone: str
    strokes: list[str]
    values: list[float | None]


@dataclass(frozen=True)
class Chart:
    """A line chart ready to be drawn."""

    lines: list[Line]
    rows: list[Mark]
    columns: list[Mark]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    bottom: int = HEIGHT - BOTTOM


def tick_step(highest: float, most: int = 5) -> float:
    """The round distance (1, 2 or 5 times a power of ten) that needs at most `most` ticks."""
    if highest <= most:
        return 1
    power = math.pow(10, math.floor(math.log10(highest / most)))
    return next(step * power for step in (1, 2, 5, 10) if highest / (step * power) <= most)


def line_chart(
    labels: Sequence[str],
    lines: Sequence[tuple[str, str, Sequence[float | None]]],
    width: int = WIDTH,
) -> Chart:
    """Coordinates of a line chart; `lines` holds (name, tone, values), None is a gap."""
    highest = max((v for _, _, values in lines for v in values if v is not None), default=0)
    step = tick_step(highest)
    top_value = max(step * math.ceil(highest / step), step)
    across = (width - LEFT - RIGHT) / max(len(labels) - 1, 1)
    down = HEIGHT - TOP - BOTTOM

    def y(value: float) -> float:
        return round(TOP + down * (1 - value / top_value), 1)

    def x(index: int) -> float:
        return round(LEFT + across * index, 1)

    every = max(1, math.ceil(len(labels) / MOST_LABELS))
    ticks = [step * n for n in range(round(top_value / step) + 1)]
    return Chart(
        lines=[Line(name, tone, strokes(v, x, y), list(v)) for name, tone, v in lines],
        rows=[Mark(y(tick), f"{tick:g}") for tick in ticks],
        columns=[Mark(x(i), str(t)) for i, t in enumerate(labels) if i % every == 0],
        width=width,
        right=width - RIGHT,
    )


def strokes(
    values: Sequence[float | None], x: Callable[[int], float], y: Callable[[float], float]
) -> list[str]:
    """The unbroken runs of a line as `points` of an SVG polyline."""
    runs: list[list[str]] = [[]]
    for index, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append(f"{x(index)},{y(value)}")
    return [" ".join(run) for run in runs if run]


def spark_points(values: Sequence[float | None], width: int = 96, height: int = 24) -> list[str]:
    """A line without axes in a box of `width` × `height`, lowest at the bottom."""
    known = [value for value in values if value is not None]
    if not known:
        return []
    low, high = min(known), max(known)
    span = (high - low) or 1
    across = (width - 4) / max(len(values) - 1, 1)
    return strokes(
        values,
        lambda index: round(2 + across * index, 1),
        lambda value: round(2 + (height - 4) * (1 - (value - low) / span), 1),
    )


def share(value: float | None, largest: float | None) -> float:
    """How much of a bar is filled, in percent between 0 and 100, two decimals."""
    if not value or not largest or largest <= 0:
        return 0
    return round(min(max(value / largest, 0), 1) * 100, 2)
