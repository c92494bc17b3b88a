"""Default rows of oversight: the table of `domain.md` 5.3 line by line, quiet hours, the digest."""

import csv
from datetime import time
from pathlib import Path

from complaints.models import OversightRules, ReminderRule

FOLDER = Path(__file__).resolve().parent.parent / "defaults"


def load_oversight() -> dict[str, int]:
    """Add the rows that are missing; never touches one that exists. Says how many of each."""
    return {"reminder_rules": load_reminder_rules(), "oversight_rules": load_oversight_rules()}


def load_reminder_rules() -> int:
    """Who is told of what, and what follows."""
    known = set(ReminderRule.objects.filter(subdistrict=None).values_list("code", flat=True))
    rows = [
        ReminderRule(
            code=row["code"],
            label=row["label"],
            trigger=row["trigger"],
            amount=int(row["amount"]),
            unit=row["unit"],
            left_percent=int(row["left_percent"]),
            audience=row["audience"].split(),
            channels=row["channels"].split(),
            hush=row["hush"],
            card=row["card"],
            supervision=row["supervision"],
            drafts_slip=row["drafts_slip"] == "1",
            measure=row["measure"],
            is_enabled=row["is_enabled"] == "1",
        )
        for row in rows_of("reminder_rules.csv")
        if row["code"] not in known
    ]
    ReminderRule.objects.bulk_create(rows)
    return len(rows)


def load_oversight_rules() -> int:
    """Quiet hours, the time for answering slips, the daily digest."""
    if OversightRules.objects.filter(subdistrict=None).exists():
        return 0
    (row,) = rows_of("oversight_rules.csv")
    OversightRules.objects.create(
        quiet_from=time.fromisoformat(row["quiet_from"]),
        quiet_to=time.fromisoformat(row["quiet_to"]),
        slip_workdays=int(row["slip_workdays"]),
        digest_at=time.fromisoformat(row["digest_at"]),
        digest_on_rest_days=row["digest_on_rest_days"] == "1",
        digest_roles=row["digest_roles"].split(),
        digest_channels=row["digest_channels"].split(),
    )
    return 1


def rows_of(name: str) -> list[dict[str, str]]:
    """The rows of a file of defaults."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
