"""Default rows of the residents' entrance: the notice, the plain words, the budgets."""

import csv
from pathlib import Path
from typing import Any

from complaints.models import Category, PlainKind, PrivacyNotice, ResidentRules

FOLDER = Path(__file__).resolve().parent.parent / "defaults"


def load_entrance() -> dict[str, int]:
    """Add the common rows that are missing; what an office has made its own is never touched.

    The categories must be loaded before: plain words point at their codes.
    """
    return {
        "privacy_notices": _load_notice(),
        "plain_kinds": _load_kinds(),
        "resident_rules": _load_rules(),
    }


def _load_notice() -> int:
    if PrivacyNotice.objects.filter(subdistrict=None).exists():
        return 0
    title, _break, text = (
        (FOLDER / "privacy_notice.txt").read_text(encoding="utf-8").strip().partition("\n")
    )
    PrivacyNotice.objects.create(title=title.strip(), text=text.strip())
    return 1


def _load_kinds() -> int:
    if PlainKind.objects.filter(subdistrict=None).exists():
        return 0
    leaves = dict(Category.objects.filter(subdistrict=None, is_leaf=True).values_list("code", "pk"))
    rows = [
        PlainKind(
            position=int(row["position"]),
            name=row["name"],
            icon=row["icon"],
            category_id=leaves[row["category"]] if row["category"] else None,
        )
        for row in _rows("plain_kinds.csv")
    ]
    return len(PlainKind.objects.bulk_create(rows))


def _load_rules() -> int:
    if ResidentRules.objects.filter(subdistrict=None).exists():
        return 0
    [row] = _rows("resident_rules.csv")
    ResidentRules.objects.create(**{name: int(value) for name, value in row.items()})
    return 1


def _rows(name: str) -> list[dict[str, Any]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
