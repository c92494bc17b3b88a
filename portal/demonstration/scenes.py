"""Photos that nobody took: everyday trouble drawn by chance, before and after (pure).

Two pictures drawn from one seed show the same spot. In every scene `after` says whether the matter
has been put right.
"""

import math
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from random import Random
from typing import Any

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from portal.demonstration.sketching import (
    ASPHALT,
    BAGS,
    HEIGHT,
    PAVEMENT,
    SKY,
    WALL,
    WIDTH,
    Pen,
    bag,
    blot,
    box,
    car,
    cone,
    ground,
    house,
    seven_segments,
    shade,
    tiles,
)


def draw(scene: str, seed: str, *, after: bool, at: datetime) -> Image.Image:
    """One picture of a scene, with the date a phone prints into the corner."""
    chance = Random(seed)
    picture = Image.new("RGB", (WIDTH, HEIGHT), WALL)
    SCENES[scene](ImageDraw.Draw(picture, "RGBA"), chance, after)
    return as_taken(picture, Random(f"{seed}:{after}"), at)


def as_taken(picture: Image.Image, chance: Random, at: datetime) -> Image.Image:
    """A little out of focus, a little grain, not quite straight, stamped with the moment."""
    angle, zoom = math.radians(chance.uniform(-2.2, 2.2)), chance.uniform(0.88, 0.93)
    across, down = math.cos(angle) * zoom, math.sin(angle) * zoom
    left = WIDTH / 2 * (1 - across) - HEIGHT / 2 * down
    top = HEIGHT / 2 * (1 - across) + WIDTH / 2 * down
    turned = picture.transform(
        (WIDTH, HEIGHT),
        Image.Transform.AFFINE,
        (across, down, left, -down, across, top),
        Image.Resampling.BILINEAR,
    )
    soft = turned.filter(ImageFilter.BoxBlur(chance.uniform(0.6, 1.0)))
    light = chance.uniform(0.9, 1.06)
    lit = soft.point([min(255, int(value * light)) for value in range(256)] * 3)
    taken = ImageChops.add(lit, grain(), 1, -128)
    pen = ImageDraw.Draw(taken)
    stamp = f"{at:%Y-%m-%d %H:%M}"
    pen.text((WIDTH - 212, HEIGHT - 36), stamp, (20, 20, 20), font=font())
    pen.text((WIDTH - 214, HEIGHT - 38), stamp, (255, 214, 90), font=font())
    return taken


@lru_cache(maxsize=1)
def grain() -> Image.Image:
    """What a cheap sensor adds to a picture, around a middle grey."""
    noise = Image.effect_noise((WIDTH // 2, HEIGHT // 2), 7).resize((WIDTH, HEIGHT))
    return Image.merge("RGB", (noise, noise, noise))


@lru_cache(maxsize=1)
def font() -> Any:
    """Digits that every machine has."""
    return ImageFont.load_default(20)


# The scenes ------------------------------------------------------------------------------------


def bins(pen: Pen, chance: Random, after: bool) -> None:
    """Four bins by a wall, buried in bags; later emptied and swept."""
    ground(pen, chance, 230, PAVEMENT, shade((190, 176, 160), chance.uniform(0.85, 1.1)))
    tiles(pen, 230, (134, 130, 124))
    if not after:
        blot(pen, chance, (120, 380, 520, 440), (60, 52, 44, 90))
    left = chance.randint(60, 120)
    for number, colour in enumerate(((44, 110, 62), (38, 84, 150), (150, 40, 40), (84, 86, 90))):
        x = left + number * 122
        pen.ellipse((x - 8, 352, x + 108, 388), fill=(40, 40, 40, 90))
        pen.polygon([(x, 196), (x + 98, 196), (x + 86, 372), (x + 12, 372)], fill=colour)
        pen.rectangle((x + 30, 252, x + 68, 300), fill=shade(colour, 1.5))
        if after:
            pen.rounded_rectangle((x - 6, 180, x + 104, 202), 6, fill=shade(colour, 0.8))
        else:
            pen.polygon(
                [(x - 4, 196), (x + 20, 120), (x + 110, 130), (x + 102, 196)],
                fill=shade(colour, 0.7),
            )
            for _bag in range(3):
                bag(pen, chance, x + chance.uniform(10, 90), 196, chance.uniform(20, 32))
    if not after:
        for _bag in range(26):
            y = chance.uniform(350, 440)
            bag(pen, chance, chance.uniform(70, 590), y, 12 + (y - 330) / 4)


def stairs(pen: Pen, chance: Random, after: bool) -> None:
    """A stairwell in the dark; later with a lamp."""
    light = 1.0 if after else 0.3
    pen.rectangle((0, 0, WIDTH, HEIGHT), fill=shade((206, 198, 176), light))
    pen.rectangle((0, 190, 200, HEIGHT), fill=shade((120, 152, 128), light))
    pen.polygon(
        [(470, 0), (WIDTH, 0), (WIDTH, HEIGHT), (520, HEIGHT)], fill=shade((184, 176, 156), light)
    )
    for step in range(9):
        y, inset = 440 - step * 36, step * 20
        pen.polygon(
            [
                (150 + inset, y),
                (520 - inset / 3, y),
                (512 - inset / 3, y - 14),
                (160 + inset, y - 14),
            ],
            fill=shade((168, 164, 156), light * 1.1),
        )
        pen.rectangle(
            (160 + inset, y - 36, 512 - inset / 3, y - 14), fill=shade((124, 120, 112), light)
        )
    pen.line((150, 300, 340, 60), fill=shade((110, 70, 44), light), width=12)
    for number in range(6):
        pen.line(
            (160 + number * 32, 290 - number * 40, 170 + number * 32, 430 - number * 36),
            fill=shade((70, 72, 76), light),
            width=5,
        )
    lamp = (410, 46)
    if after:
        for size in range(150, 20, -14):
            pen.ellipse(
                (lamp[0] - size, lamp[1] - size, lamp[0] + size, lamp[1] + size),
                fill=(255, 236, 170, 20),
            )
    pen.ellipse(
        (lamp[0] - 24, lamp[1] - 18, lamp[0] + 24, lamp[1] + 18),
        fill=(255, 246, 210) if after else (70, 68, 62),
    )


def fire_lane(pen: Pen, chance: Random, after: bool) -> None:
    """A lane hatched in yellow between two blocks, full of cars; later free."""
    house(pen, chance, 200)
    ground_part = shade(ASPHALT, 1.0)
    pen.rectangle((0, 200, WIDTH, HEIGHT), fill=ground_part)
    pen.polygon(
        [(150, 210), (470, 210), (620, HEIGHT), (10, HEIGHT)], outline=(222, 184, 44), width=9
    )
    for number in range(-3, 9):
        pen.line(
            (number * 90 - 20, HEIGHT, number * 62 + 190, 214), fill=(222, 184, 44, 200), width=6
        )
    pen.polygon([(0, 200), (142, 200), (0, HEIGHT)], fill=(92, 116, 74))
    pen.polygon([(WIDTH, 200), (478, 200), (632, HEIGHT), (WIDTH, HEIGHT)], fill=PAVEMENT)
    if after:
        for number in range(4):
            x, y = 500 + number * 34, 236 + number * 62
            pen.rounded_rectangle((x, y - 58, x + 12, y), 5, fill=(200, 50, 40))
            pen.rectangle((x, y - 44, x + 12, y - 34), fill=(240, 240, 236))
        return
    for x, y, size in ((176, 262, 100), (318, 282, 116), (120, 372, 190), (344, 440, 230)):
        car(pen, chance, x + chance.uniform(-12, 12), y, size)


def pothole(pen: Pen, chance: Random, after: bool) -> None:
    """A hole in the road with water in it; later a fresh square of asphalt."""
    ground(pen, chance, 110, ASPHALT, (150, 164, 140))
    pen.rectangle((0, 96, WIDTH, 116), fill=(178, 176, 170))
    for x in (60, 300, 540):
        pen.polygon([(x, 150), (x + 50, 150), (x + 64, 166), (x, 166)], fill=(214, 212, 206))
    left, top = chance.randint(150, 210), chance.randint(220, 250)
    area = (left, top, left + 280, top + 130)
    if after:
        pen.polygon(
            [
                (left - 40, top - 26),
                (left + 310, top - 30),
                (left + 340, top + 160),
                (left - 66, top + 166),
            ],
            fill=(52, 53, 56),
        )
        pen.line((left - 66, top + 166, left + 340, top + 160), fill=(34, 34, 36), width=4)
        return
    blot(pen, chance, (area[0] - 26, area[1] - 16, area[2] + 26, area[3] + 16), (128, 120, 108))
    blot(pen, chance, area, (58, 54, 50))
    blot(pen, chance, (left + 60, top + 50, left + 220, top + 110), (112, 122, 128))
    for _stone in range(70):
        x, y, size = chance.uniform(80, 560), chance.uniform(190, 440), chance.uniform(2, 6)
        pen.ellipse(
            (x, y, x + size * 1.5, y + size), fill=shade((150, 142, 130), chance.uniform(0.6, 1.2))
        )


def manhole(pen: Pen, chance: Random, after: bool) -> None:
    """A broken cover with a cone beside it; later whole."""
    ground(pen, chance, 60, PAVEMENT, (120, 134, 108))
    tiles(pen, 60, (132, 128, 122), 9)
    x, y = chance.randint(290, 350), 290
    pen.ellipse((x - 156, y - 92, x + 156, y + 92), fill=(116, 114, 112))
    pen.ellipse((x - 132, y - 76, x + 132, y + 76), fill=(74, 74, 78))
    for number in range(-5, 6):
        pen.line(
            (x + number * 24 - 30, y - 58, x + number * 24 + 30, y + 58),
            fill=(96, 96, 100),
            width=5,
        )
        pen.line(
            (x + number * 24 + 30, y - 58, x + number * 24 - 30, y + 58), fill=(60, 60, 64), width=3
        )
    pen.ellipse((x - 156, y - 92, x + 156, y + 92), outline=(88, 86, 84), width=22)
    if not after:
        pen.polygon(
            [
                (x - 8, y - 10),
                (x + 66, y - 60),
                (x + 128, y - 18),
                (x + 110, y + 48),
                (x + 20, y + 62),
                (x + 34, y + 14),
            ],
            fill=(10, 10, 12),
        )
        pen.line((x - 8, y - 10, x - 90, y + 30), fill=(14, 14, 16), width=5)
        cone(pen, x - 190, y + 110, 120)


def puddle(pen: Pen, chance: Random, after: bool) -> None:
    """Water across the way to a door; later only damp."""
    house(pen, chance, 190)
    pen.rectangle((270, 60, 370, 190), fill=(92, 66, 50), outline=(60, 44, 34), width=6)
    for y in range(190, HEIGHT, 4):
        pen.rectangle((0, y, WIDTH, y + 4), fill=shade(PAVEMENT, 1.05 - (y - 190) / 1200))
    tiles(pen, 190, (136, 132, 126))
    if after:
        blot(pen, chance, (140, 300, 500, 420), (90, 88, 86, 50))
        pen.rounded_rectangle((300, 330, 372, 366), 4, fill=(60, 60, 62))
        for number in range(6):
            pen.line(
                (306 + number * 12, 334, 306 + number * 12, 362), fill=(120, 120, 122), width=3
            )
        return
    blot(pen, chance, (80, 270, 560, 430), (112, 122, 132))
    blot(pen, chance, (150, 290, 500, 400), (146, 158, 168))
    for number in range(9):
        y = 270 + number * 18
        pen.arc(
            (chance.uniform(90, 300), y, chance.uniform(330, 560), y + 26),
            10,
            170,
            fill=(188, 198, 206),
            width=2,
        )
    for number in range(4):
        pen.rectangle(
            (250 + number * 12, 232 + number * 58, 320 + number * 16, 246 + number * 58),
            fill=(150, 84, 62),
        )


def adverts(pen: Pen, chance: Random, after: bool) -> None:
    """A wall by a door covered in slips; later painted over."""
    pen.rectangle((0, 0, WIDTH, 280), fill=(222, 216, 200))
    pen.rectangle((0, 280, WIDTH, HEIGHT), fill=(132, 158, 140))
    pen.rectangle((430, 40, 600, HEIGHT), fill=(120, 76, 50), outline=(84, 52, 34), width=8)
    pen.ellipse((448, 262, 466, 280), fill=(206, 186, 120))
    if after:
        for _patch in range(5):
            x, y = chance.randint(20, 300), chance.randint(40, 330)
            pen.rectangle(
                (x, y, x + 100, y + 76),
                fill=(230, 226, 212, 150) if y < 240 else (144, 168, 152, 150),
            )
        return
    for _slip in range(46):
        x, y = chance.randint(4, 590), chance.randint(16, 420)
        wide, high = chance.randint(38, 74), chance.randint(24, 50)
        colour = chance.choice(
            ((250, 246, 150), (252, 252, 250), (244, 190, 196), (180, 224, 190), (240, 140, 120))
        )
        pen.rectangle((x, y, x + wide, y + high), fill=colour, outline=shade(colour, 0.8))
        pen.rectangle((x + 5, y + 5, x + wide - 6, y + 11), fill=(190, 40, 40))
        for line in range(y + 16, y + high - 4, 7):
            pen.line(
                (x + 5, line, x + wide - chance.randint(5, 20), line), fill=(70, 70, 80), width=2
            )


def corridor(pen: Pen, chance: Random, after: bool) -> None:
    """A corridor narrowed by boxes and furniture; later clear."""
    pen.rectangle((0, 0, WIDTH, HEIGHT), fill=(212, 206, 190))
    pen.polygon([(0, 0), (240, 120), (400, 120), (WIDTH, 0)], fill=(232, 230, 222))
    pen.polygon([(0, HEIGHT), (240, 300), (400, 300), (WIDTH, HEIGHT)], fill=(150, 146, 140))
    pen.polygon([(0, 0), (240, 120), (240, 300), (0, HEIGHT)], fill=(198, 192, 176))
    pen.rectangle((240, 120, 400, 300), fill=(176, 170, 156))
    pen.rectangle((288, 160, 352, 300), fill=(110, 72, 50))
    pen.polygon([(480, 92), (590, 36), (590, 440), (480, 360)], fill=(122, 80, 54))
    pen.polygon([(90, 60), (150, 88), (150, 366), (90, 410)], fill=(122, 80, 54))
    pen.rectangle((300, 128, 340, 136), fill=(255, 250, 220))
    if after:
        pen.polygon([(180, 230), (212, 236), (212, 300), (180, 306)], fill=(190, 40, 36))
        return
    for _box in range(9):
        x, y = chance.uniform(20, 190), chance.uniform(350, 450)
        box(pen, chance, x, y, 44 + (y - 330) / 2)
    for row in range(3):
        box(pen, chance, 400 + row * 16, 330 + row * 44, 50 + row * 26)
    pen.line((220, 430, 300, 250), fill=(60, 62, 66), width=7)
    pen.ellipse((196, 390, 262, 456), outline=(40, 40, 42), width=7)


def wires(pen: Pen, chance: Random, after: bool) -> None:
    """A cable from a window to an electric bicycle; later gone."""
    house(pen, chance, 330)
    pen.rectangle((0, 330, WIDTH, HEIGHT), fill=PAVEMENT)
    pen.line((0, 332, WIDTH, 332), fill=(110, 108, 104), width=6)
    x, y = chance.randint(280, 360), 424
    if after:
        pen.rectangle((30, 348, 160, 356), fill=(210, 210, 206))
        return
    for start in (60, 190, 470):
        pen.line(
            (start, 70, start + (x - start) * 0.5, 260, x + 40, y - 70),
            fill=(20, 20, 22),
            width=4,
            joint="curve",
        )
    pen.rectangle((x + 20, y - 82, x + 92, y - 66), fill=(236, 236, 232))
    for offset, colour in ((0, (160, 36, 40)), (-190, (40, 60, 90))):
        left = x + offset
        for wheel in (left, left + 128):
            pen.ellipse((wheel - 30, y - 30, wheel + 30, y + 30), outline=(22, 22, 24), width=9)
        pen.line(
            (left, y, left + 40, y - 40, left + 94, y - 34, left + 128, y),
            fill=colour,
            width=14,
            joint="curve",
        )
        pen.line((left + 112, y - 100, left + 128, y), fill=(60, 62, 66), width=8)
        pen.line((left + 92, y - 104, left + 130, y - 96), fill=(30, 30, 32), width=7)
        pen.rounded_rectangle((left - 20, y - 74, left + 50, y - 54), 8, fill=(30, 30, 34))


def leak(pen: Pen, chance: Random, after: bool) -> None:
    """A brown stain in the corner of a ceiling; later freshly painted."""
    pen.rectangle((0, 0, WIDTH, HEIGHT), fill=(228, 224, 214))
    pen.polygon([(0, 0), (WIDTH, 0), (420, 190), (180, 190)], fill=(242, 240, 234))
    pen.polygon([(0, 0), (180, 190), (180, HEIGHT), (0, HEIGHT)], fill=(214, 210, 200))
    pen.polygon([(WIDTH, 0), (420, 190), (420, HEIGHT), (WIDTH, HEIGHT)], fill=(220, 216, 206))
    pen.ellipse((296, 74, 356, 104), fill=(250, 248, 238), outline=(200, 196, 186), width=3)
    if after:
        pen.polygon([(200, 190), (400, 190), (380, 320), (210, 300)], fill=(246, 244, 240))
        return
    for share, colour in (
        (1.0, (190, 160, 110, 60)),
        (0.7, (166, 130, 80, 70)),
        (0.4, (128, 96, 56, 90)),
    ):
        wide, high = int(150 * share), int(90 * share)
        blot(pen, chance, (300 - wide, 190 - high, 300 + wide, 190 + high), colour)
    for _run in range(8):
        x = chance.randint(200, 400)
        pen.line(
            (x, 200, x + chance.randint(-8, 8), chance.randint(260, 420)),
            fill=(150, 118, 74, 120),
            width=chance.randint(3, 8),
        )
    for _mould in range(120):
        x, y = chance.gauss(300, 70), chance.gauss(230, 50)
        pen.ellipse((x, y, x + 4, y + 4), fill=(60, 60, 52, 150))


def radiator(pen: Pen, chance: Random, after: bool) -> None:
    """A radiator and a thermometer: thirteen or fourteen degrees; later above twenty."""
    pen.rectangle((0, 0, WIDTH, HEIGHT), fill=(226, 222, 212))
    pen.rectangle((0, 420, WIDTH, HEIGHT), fill=(168, 128, 88))
    for number in range(11):
        x = 60 + number * 48
        pen.rounded_rectangle(
            (x, 210, x + 40, 410), 14, fill=(244, 244, 240), outline=(190, 190, 186), width=3
        )
        pen.line((x + 20, 226, x + 20, 396), fill=(210, 210, 206), width=6)
    pen.line((588, 390, WIDTH, 390), fill=(190, 190, 186), width=12)
    left, top = chance.randint(190, 250), 60
    pen.rounded_rectangle(
        (left, top, left + 220, top + 130),
        14,
        fill=(238, 238, 236),
        outline=(140, 142, 146),
        width=4,
    )
    pen.rectangle((left + 20, top + 20, left + 200, top + 110), fill=(176, 190, 172))
    degrees = f"{chance.uniform(19.6, 22.4) if after else chance.uniform(12.2, 15.4):.1f}"
    seven_segments(pen, degrees, left + 40, top + 34, 30, (24, 30, 26))


def stalls(pen: Pen, chance: Random, after: bool) -> None:
    """Carts and umbrellas across a pavement; later a free way."""
    house(pen, chance, 230)
    pen.rectangle((0, 170, WIDTH, 232), fill=(172, 60, 50))
    for y in range(230, HEIGHT, 4):
        pen.rectangle((0, y, WIDTH, y + 4), fill=shade(PAVEMENT, 1.08 - (y - 230) / 1200))
    tiles(pen, 230, (138, 134, 128))
    pen.polygon([(300, 232), (340, 232), (420, HEIGHT), (300, HEIGHT)], fill=(206, 176, 70))
    if after:
        return
    for x, y, size in ((70, 330, 0.9), (430, 340, 1.0), (230, 420, 1.3)):
        x += chance.uniform(-16, 16)
        colour = chance.choice(((200, 44, 44), (40, 110, 180), (220, 150, 40), (60, 140, 80)))
        pen.line((x + 60 * size, y - 170 * size, x + 60 * size, y), fill=(90, 90, 94), width=6)
        pen.pieslice(
            (x - 50 * size, y - 230 * size, x + 170 * size, y - 90 * size), 180, 360, fill=colour
        )
        pen.rectangle(
            (x, y - 70 * size, x + 130 * size, y - 14 * size),
            fill=(198, 200, 204),
            outline=(130, 132, 136),
            width=3,
        )
        for _fruit in range(22):
            fruit, top = x + chance.uniform(4, 120) * size, y - chance.uniform(66, 84) * size
            pen.ellipse(
                (fruit, top, fruit + 12, top + 12),
                fill=chance.choice(((220, 60, 40), (240, 170, 50), (110, 160, 60))),
            )
        for wheel in (x + 20 * size, x + 112 * size):
            pen.ellipse(
                (wheel - 18 * size, y - 26 * size, wheel + 18 * size, y + 10 * size),
                outline=(26, 26, 28),
                width=7,
            )


def tree(pen: Pen, chance: Random, after: bool) -> None:
    """A broken tree across a path; later sawn and cleared."""
    ground(pen, chance, 300, (124, 138, 96), SKY)
    pen.polygon([(180, HEIGHT), (560, HEIGHT), (420, 300), (330, 300)], fill=PAVEMENT)
    pen.rectangle((0, 200, 200, 302), fill=(200, 190, 172))
    pen.polygon([(470, 300), (520, 300), (510, 210), (482, 216)], fill=(96, 72, 50))
    if after:
        pen.ellipse((480, 204, 512, 220), fill=(206, 176, 128))
        for _log in range(5):
            x = chance.randint(520, 600)
            pen.ellipse((x, 330, x + 34, 360), fill=(206, 176, 128), outline=(96, 72, 50), width=4)
        return
    pen.polygon([(482, 216), (510, 210), (180, 372), (166, 350)], fill=(96, 72, 50))
    for _leaf in range(330):
        x, y = chance.gauss(190, 85), chance.gauss(340, 48)
        size = chance.uniform(8, 22)
        pen.ellipse(
            (x, y, x + size, y + size * 0.7), fill=shade((70, 110, 56), chance.uniform(0.6, 1.3))
        )


def river(pen: Pen, chance: Random, after: bool) -> None:
    """A canal, black with foam; later clear."""
    pen.rectangle((0, 0, WIDTH, 150), fill=SKY)
    for x in range(-20, WIDTH, 46):
        pen.ellipse((x, 70, x + 80, 170), fill=shade((86, 118, 74), chance.uniform(0.75, 1.15)))
    pen.polygon([(0, 150), (230, 150), (90, HEIGHT), (0, HEIGHT)], fill=(170, 166, 156))
    pen.polygon([(WIDTH, 150), (420, 150), (580, HEIGHT), (WIDTH, HEIGHT)], fill=(160, 156, 146))
    water = (96, 140, 150) if after else (38, 42, 36)
    pen.polygon([(230, 150), (420, 150), (580, HEIGHT), (90, HEIGHT)], fill=water)
    for number in range(26):
        y = 160 + number * 12
        x = chance.uniform(230 - number * 5, 380)
        pen.line((x, y, x + chance.uniform(20, 90), y), fill=shade(water, 1.35), width=2)
    if after:
        return
    for _foam in range(60):
        x, y = chance.gauss(300, 80), chance.uniform(220, 460)
        pen.ellipse((x, y, x + chance.uniform(6, 26), y + 8), fill=(172, 168, 140, 180))
    for _rubbish in range(8):
        x, y = chance.gauss(320, 70), chance.uniform(260, 440)
        pen.rectangle((x, y, x + 20, y + 9), fill=chance.choice(BAGS))


def street_lamp(pen: Pen, chance: Random, after: bool) -> None:
    """A path at night; later under a lamp that burns."""
    pen.rectangle((0, 0, WIDTH, HEIGHT), fill=(12, 14, 26))
    pen.polygon(
        [(250, 260), (380, 260), (560, HEIGHT), (80, HEIGHT)],
        fill=(62, 62, 66) if after else (24, 24, 30),
    )
    for x in range(0, WIDTH, 80):
        high = chance.randint(90, 190)
        pen.rectangle((x, 260 - high, x + 70, 262), fill=(20, 22, 34))
        for y in range(270 - high, 240, 26):
            if chance.random() < 0.3:
                pen.rectangle((x + 12, y, x + 26, y + 12), fill=(190, 160, 90))
    x = chance.randint(440, 500)
    if after:
        for size in range(330, 30, -20):
            pen.ellipse(
                (x - 60 - size, 90 - size // 2, x - 60 + size, 90 + size), fill=(255, 226, 150, 12)
            )
    pen.line((x, 470, x, 90, x - 70, 76), fill=(70, 72, 78), width=9, joint="curve")
    pen.ellipse((x - 92, 70, x - 52, 90), fill=(255, 246, 210) if after else (54, 54, 58))


def lift(pen: Pen, chance: Random, after: bool) -> None:
    """Lift doors with a notice; later with a lit figure above them."""
    pen.rectangle((0, 0, WIDTH, HEIGHT), fill=(206, 196, 178))
    pen.rectangle((0, 440, WIDTH, HEIGHT), fill=(150, 142, 132))
    pen.rectangle((150, 70, 490, 450), fill=(120, 122, 126))
    pen.rectangle((170, 90, 318, 450), fill=(186, 190, 194))
    pen.rectangle((322, 90, 470, 450), fill=(178, 182, 186))
    for x in range(176, 470, 9):
        pen.line((x, 90, x, 450), fill=(196, 200, 204, 90), width=2)
    pen.rectangle((270, 26, 370, 62), fill=(20, 20, 22))
    pen.rounded_rectangle(
        (530, 220, 570, 300), 6, fill=(196, 200, 204), outline=(130, 132, 136), width=3
    )
    pen.ellipse((540, 236, 560, 256), fill=(240, 160, 60) if after else (120, 120, 124))
    if after:
        seven_segments(pen, str(chance.randint(1, 9)), 308, 32, 12, (240, 70, 50))
        return
    pen.rectangle((248, 190, 392, 300), fill=(250, 248, 240), outline=(200, 40, 36), width=6)
    pen.rectangle((268, 208, 372, 228), fill=(200, 40, 36))
    for line in range(244, 290, 12):
        pen.line((266, line, 366 - chance.randint(0, 40), line), fill=(70, 70, 76), width=3)


SCENES: dict[str, Callable[[Pen, Random, bool], None]] = {
    one.__name__: one
    for one in (
        bins, stairs, fire_lane, pothole, manhole, puddle, adverts, corridor, wires, leak, radiator,
        stalls, tree, river, street_lamp, lift,
    )
}  # fmt: skip
