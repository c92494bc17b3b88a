"""Coordinates: from the shifted frames of Chinese maps to WGS-84, and back (`domain.md` 6.4)."""

from math import atan2, cos, hypot, pi, radians, sin, sqrt

Point = tuple[float, float]
"""Longitude and latitude, in degrees."""

SEMI_MAJOR_AXIS = 6378245.0
ECCENTRICITY_SQUARED = 0.00669342162296594323
BAIDU = pi * 3000.0 / 180.0


def gcj02_of(point: Point) -> Point:
    """WGS-84 → GCJ-02, the frame of Amap, Tencent and WeChat; outside China nothing is shifted."""
    lng, lat = point
    if not (72.004 <= lng <= 137.8347 and 0.8293 <= lat <= 55.8271):
        return point
    east, north = lng - 105.0, lat - 35.0
    wave = (20.0 * sin(6.0 * east * pi) + 20.0 * sin(2.0 * east * pi)) * 2.0 / 3.0
    move_north = -100.0 + 2.0 * east + 3.0 * north + 0.2 * north**2 + 0.1 * east * north
    move_north += 0.2 * sqrt(abs(east)) + wave
    move_north += (20.0 * sin(north * pi) + 40.0 * sin(north / 3.0 * pi)) * 2.0 / 3.0
    move_north += (160.0 * sin(north / 12.0 * pi) + 320.0 * sin(north * pi / 30.0)) * 2.0 / 3.0
    move_east = 300.0 + east + 2.0 * north + 0.1 * east**2 + 0.1 * east * north
    move_east += 0.1 * sqrt(abs(east)) + wave
    move_east += (20.0 * sin(east * pi) + 40.0 * sin(east / 3.0 * pi)) * 2.0 / 3.0
    move_east += (150.0 * sin(east / 12.0 * pi) + 300.0 * sin(east / 30.0 * pi)) * 2.0 / 3.0
    flat = 1.0 - ECCENTRICITY_SQUARED * sin(radians(lat)) ** 2
    meridian = SEMI_MAJOR_AXIS * (1.0 - ECCENTRICITY_SQUARED) / (flat * sqrt(flat)) * pi
    parallel = SEMI_MAJOR_AXIS / sqrt(flat) * cos(radians(lat)) * pi
    return lng + move_east * 180.0 / parallel, lat + move_north * 180.0 / meridian


def wgs84_of(point: Point) -> Point:
    """GCJ-02 → WGS-84, by approaching the point whose shift leads here (well below a metre)."""
    lng, lat = point
    for _round in range(4):
        shifted = gcj02_of((lng, lat))
        lng, lat = lng + point[0] - shifted[0], lat + point[1] - shifted[1]
    return lng, lat


def gcj02_of_bd09(point: Point) -> Point:
    """BD-09, the frame of Baidu → GCJ-02."""
    lng, lat = point[0] - 0.0065, point[1] - 0.006
    far = hypot(lng, lat) - 0.00002 * sin(lat * BAIDU)
    angle = atan2(lat, lng) - 0.000003 * cos(lng * BAIDU)
    return far * cos(angle), far * sin(angle)


def bd09_of_gcj02(point: Point) -> Point:
    """GCJ-02 → BD-09."""
    lng, lat = point
    far = hypot(lng, lat) + 0.00002 * sin(lat * BAIDU)
    angle = atan2(lat, lng) + 0.000003 * cos(lng * BAIDU)
    return far * cos(angle) + 0.0065, far * sin(angle) + 0.006


def metres_between(one: Point, other: Point) -> float:
    """The distance in metres on a sphere's tangent plane; exact enough within a street."""
    east = radians(other[0] - one[0]) * cos(radians((one[1] + other[1]) / 2))
    return hypot(east, radians(other[1] - one[1])) * 6371000.0
