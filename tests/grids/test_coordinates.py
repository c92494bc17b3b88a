"""The shift of Chinese maps, against published vectors (`domain.md` 6.4)."""

import csv
from pathlib import Path

import pytest

from grids.coordinates import (
    bd09_of_gcj02,
    gcj02_of,
    gcj02_of_bd09,
    metres_between,
    wgs84_of,
)

VECTORS = Path(__file__).resolve().parents[3] / "shared/data/real/geo/coordinate_vectors.csv"
TRANSFORMS = {
    "wgs84->gcj02": gcj02_of,
    "gcj02->wgs84 (exact)": wgs84_of,
    "gcj02->bd09": bd09_of_gcj02,
    "bd09->gcj02": gcj02_of_bd09,
}
STREET = (118.064, 36.860)


def test_the_point_of_the_domain_reference():
    assert gcj02_of(STREET) == pytest.approx((118.070100, 36.860573), abs=1e-6)
    assert bd09_of_gcj02(gcj02_of(STREET)) == pytest.approx((118.076521, 36.866886), abs=1e-6)
    assert metres_between(STREET, gcj02_of(STREET)) == pytest.approx(547, abs=1)


@pytest.mark.parametrize(
    ("point", "shifted"),
    [
        ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
        ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
        ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
    ],
)
def test_published_points(point, shifted):
    assert metres_between(gcj02_of(point), shifted) < 0.1
    assert metres_between(wgs84_of(shifted), point) < 0.1


@pytest.mark.skipif(not VECTORS.exists(), reason="the folder of reference data is not here")
def test_every_reference_vector_within_a_metre():
    with VECTORS.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["transform"] in TRANSFORMS]
    assert len(rows) > 30
    for row in rows:
        start = float(row["in_lon"]), float(row["in_lat"])
        aim = float(row["out_lon"]), float(row["out_lat"])
        assert metres_between(TRANSFORMS[row["transform"]](start), aim) < 1, row


def test_there_and_back_is_the_same_place():
    for step in range(100):
        point = (100.0 + step * 0.2, 22.0 + step * 0.2)
        assert metres_between(wgs84_of(gcj02_of(point)), point) < 0.01


def test_outside_china_nothing_is_shifted():
    assert gcj02_of((2.35, 48.85)) == (2.35, 48.85)
