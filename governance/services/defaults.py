"""Default rows of the ground floor: roles, office hours, calendar; loaded once, then edited."""

import csv
from datetime import time
from pathlib import Path

from django.db import transaction

from governance.models import OfficeHours, Role

FOLDER = Path(__file__).resolve().parent.parent / "defaults"


@transaction.atomic
def load_roles() -> int:
    """Add the default roles of `domain.md` 9 that are missing; rows an office edited stay."""
    known = set(Role.objects.filter(subdistrict=None).values_list("code", flat=True))
    with (FOLDER / "roles.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["code"] not in known]
    Role.objects.bulk_create(
        Role(
            code=row["code"],
            label=row["label"],
            levels=[int(level) for level in row["levels"].split()],
            words=row["words"].split(),
            door=row["door"],
            is_sole=row["is_sole"] == "1",
            is_technical=row["is_technical"] == "1",
            excludes=row["excludes"].split(),
            position=len(known) + number,
        )
        for number, row in enumerate(rows)
    )
    return len(rows)


def load_office_hours() -> int:
    """Add the default office hours (08:30-12:00 and 13:30-17:30, `domain.md` 8.1) if none exist."""
    if OfficeHours.objects.filter(subdistrict=None).exists():
        return 0
    OfficeHours.objects.create(
        morning_from=time(8, 30),
        morning_to=time(12),
        afternoon_from=time(13, 30),
        afternoon_to=time(17, 30),
    )
    return 1
