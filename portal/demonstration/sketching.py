"""What the drawn photos are made of: houses, pavements, cars, bags, boxes (pure).

Everything is drawn on pictures of 640 by 480.
"""

from random import Random
from typing import Any

from PIL import ImageDraw

WIDTH, HEIGHT = 640, 480
SKY, WALL, ASPHALT, PAVEMENT = (196, 210, 222), (206, 198, 184), (96, 97, 100), (158, 154, 148)
CARS = ((186, 190, 196), (52, 56, 64), (150, 30, 34), (238, 238, 236), (38, 70, 120))
BAGS = ((40, 42, 46), (226, 224, 220), (190, 48, 44), (70, 110, 80), (214, 180, 90))
BOXES = ((176, 136, 90), (150, 112, 70), (198, 162, 118))
DIGITS = {
    "0": "abcdef", "1": "bc", "2": "abged", "3": "abgcd", "4": "fgbc", "5": "afgcd",
    "6": "afgedc", "7": "abc", "8": "abcdefg", "9": "abcdfg",
}  # fmt: skip
Pen = ImageDraw.ImageDraw
Colour = tuple[int, int, int]


# What many scenes have -------------------------------------------------------------------------


def shade(colour: Colour, share: float) -> Colour:
    """Darker below 1, lighter above."""
    red, green, blue = (max(0, min(255, int(part * share))) for part in colour)
    return red, green, blue


def ground(pen: Pen, chance: Random, horizon: int, colour: Colour, far: Colour = WALL) -> None:
    """A wall or a sky above, and ground that darkens towards the viewer."""
    pen.rectangle((0, 0, WIDTH, horizon), fill=far)
    for y in range(horizon, HEIGHT, 4):
        share = 1.08 - 0.28 * (y - horizon) / (HEIGHT - horizon)
        pen.rectangle((0, y, WIDTH, y + 4), fill=shade(colour, share))
    for _speck in range(260):
        x, y = chance.randrange(WIDTH), chance.randrange(horizon, HEIGHT)
        pen.point((x, y), fill=shade(colour, chance.uniform(0.6, 1.3)))


def house(pen: Pen, chance: Random, bottom: int) -> None:
    """The front of a block with its windows and air conditioners."""
    front = shade((214, 202, 178), chance.uniform(0.85, 1.08))
    pen.rectangle((0, 0, WIDTH, bottom), fill=front)
    for y in range(18, bottom - 60, 92):
        pen.line((0, y + 76, WIDTH, y + 76), fill=shade(front, 0.88), width=3)
        for x in range(chance.randint(-30, 10), WIDTH, 118):
            pen.rectangle(
                (x, y, x + 66, y + 58), fill=shade((96, 112, 128), chance.uniform(0.6, 1.3))
            )
            pen.line((x + 33, y, x + 33, y + 58), fill=(232, 232, 230), width=3)
            pen.rectangle((x, y, x + 66, y + 58), outline=(232, 232, 230), width=4)
            if chance.random() < 0.45:
                pen.rectangle(
                    (x + 74, y + 26, x + 106, y + 52), fill=(224, 224, 220), outline=(170, 170, 166)
                )
                pen.ellipse((x + 80, y + 29, x + 100, y + 49), outline=(150, 150, 148), width=2)


def tiles(pen: Pen, horizon: int, colour: Colour, rows: int = 7) -> None:
    """Joints of a pavement that run to one point."""
    for step in range(-10, 11):
        pen.line(
            (WIDTH / 2 + step * 26, horizon, WIDTH / 2 + step * 110, HEIGHT), fill=colour, width=2
        )
    for row in range(1, rows):
        y = horizon + (HEIGHT - horizon) * (row / rows) ** 1.7
        pen.line((0, y, WIDTH, y), fill=colour, width=2)


def blot(pen: Pen, chance: Random, box: tuple[int, int, int, int], colour: Any) -> None:
    """An uneven patch within a box."""
    left, top, right, bottom = box
    for _part in range(16):
        x, y = chance.uniform(left, right), chance.uniform(top, bottom)
        wide, high = (
            (right - left) * chance.uniform(0.15, 0.4),
            (bottom - top) * chance.uniform(0.15, 0.4),
        )
        pen.ellipse((x - wide, y - high, x + wide, y + high), fill=colour)


def bag(pen: Pen, chance: Random, x: float, y: float, size: float) -> None:
    """A tied rubbish bag."""
    colour = chance.choice(BAGS)
    pen.ellipse((x - size, y - size * 1.1, x + size, y + size * 0.5), fill=colour)
    pen.polygon(
        [(x - size * 0.3, y - size), (x, y - size * 1.7), (x + size * 0.3, y - size)], fill=colour
    )
    pen.arc(
        (x - size * 0.7, y - size, x + size * 0.4, y + size * 0.2),
        190,
        290,
        fill=shade(colour, 1.5),
        width=3,
    )


def box(pen: Pen, chance: Random, x: float, y: float, size: float) -> None:
    """A cardboard box seen from a corner."""
    colour = chance.choice(BOXES)
    high = size * chance.uniform(0.6, 1.0)
    pen.rectangle((x, y - high, x + size, y), fill=colour)
    pen.polygon(
        [
            (x, y - high),
            (x + size * 0.2, y - high * 1.25),
            (x + size * 1.2, y - high * 1.25),
            (x + size, y - high),
        ],
        fill=shade(colour, 1.2),
    )
    pen.polygon(
        [
            (x + size, y - high),
            (x + size * 1.2, y - high * 1.25),
            (x + size * 1.2, y - high * 0.25),
            (x + size, y),
        ],
        fill=shade(colour, 0.75),
    )
    pen.rectangle((x + size * 0.4, y - high, x + size * 0.55, y), fill=shade(colour, 0.85))


def car(pen: Pen, chance: Random, x: float, y: float, size: float) -> None:
    """A parked car from the side; `x`, `y` is where its rear wheel stands."""
    colour = chance.choice(CARS)
    pen.ellipse(
        (x - size * 0.2, y - size * 0.06, x + size * 1.25, y + size * 0.1), fill=(30, 30, 32, 120)
    )
    pen.rounded_rectangle(
        (x - size * 0.18, y - size * 0.34, x + size * 1.2, y), size * 0.09, fill=colour
    )
    pen.polygon(
        [
            (x, y - size * 0.32),
            (x + size * 0.2, y - size * 0.56),
            (x + size * 0.72, y - size * 0.56),
            (x + size * 0.98, y - size * 0.32),
        ],
        fill=shade(colour, 0.92),
    )
    pen.polygon(
        [
            (x + size * 0.09, y - size * 0.33),
            (x + size * 0.24, y - size * 0.51),
            (x + size * 0.69, y - size * 0.51),
            (x + size * 0.87, y - size * 0.33),
        ],
        fill=(58, 70, 82),
    )
    pen.line(
        (x + size * 0.46, y - size * 0.52, x + size * 0.46, y - size * 0.05),
        fill=shade(colour, 0.7),
        width=2,
    )
    for wheel in (x + size * 0.1, x + size * 0.9):
        pen.ellipse(
            (wheel - size * 0.13, y - size * 0.13, wheel + size * 0.13, y + size * 0.13),
            fill=(24, 24, 26),
        )
        pen.ellipse(
            (wheel - size * 0.06, y - size * 0.06, wheel + size * 0.06, y + size * 0.06),
            fill=(150, 152, 156),
        )
    pen.rectangle(
        (x + size * 1.14, y - size * 0.26, x + size * 1.2, y - size * 0.18), fill=(244, 226, 160)
    )


def cone(pen: Pen, x: float, y: float, size: float) -> None:
    """A traffic cone."""
    pen.polygon([(x - size * 0.3, y), (x, y - size), (x + size * 0.3, y)], fill=(230, 90, 30))
    pen.polygon(
        [
            (x - size * 0.18, y - size * 0.4),
            (x - size * 0.1, y - size * 0.66),
            (x + size * 0.1, y - size * 0.66),
            (x + size * 0.18, y - size * 0.4),
        ],
        fill=(240, 240, 236),
    )
    pen.rectangle(
        (x - size * 0.42, y - size * 0.06, x + size * 0.42, y + size * 0.04), fill=(190, 70, 24)
    )


def seven_segments(pen: Pen, text: str, x: float, y: float, size: float, colour: Colour) -> None:
    """Figures of a display."""
    for sign in text:
        if sign == ".":
            pen.ellipse((x, y + size * 1.8, x + size * 0.22, y + size * 2.02), fill=colour)
            x += size * 0.5
            continue
        lines = {
            "a": (0, 0, 1, 0), "b": (1, 0, 1, 1), "c": (1, 1, 1, 2), "d": (0, 2, 1, 2),
            "e": (0, 1, 0, 2), "f": (0, 0, 0, 1), "g": (0, 1, 1, 1),
        }  # fmt: skip
        for name in DIGITS[sign]:
            left, top, right, bottom = (part * size for part in lines[name])
            pen.line(
                (x + left, y + top, x + right, y + bottom), fill=colour, width=max(3, int(size / 5))
            )
        x += size * 1.5
