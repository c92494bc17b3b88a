"""Default rows of oversight: the table of `domain.md` 5.3 line by line, quiet hours, the digest."""

import csv
from collections.abc import Collection
from datetime import time
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from complaints.models import OversightRules, ReminderRule
from complaints.rules import rules_changed
from governance.errors import HouseError
from governance.services import audit
from governance.services.audit import deed

FOLDER = Path(__file__).resolve().parent.parent / "defaults"


def load_oversight() -> dict[str, int]:
    """Add the rows that are missing; never touches one that exists. Says how many of each."""
    return {"reminder_rules": load_reminder_rules(), "oversight_rules": load_oversight_rules()}


def load_reminder_rules() -> int:
    """Who is told of what, and what follows."""
    known = set(ReminderRule.objects.filter(subdistrict=None).values_list("code", flat=True))
    rows = [row for row in default_reminder_rules() if row.code not in known]
    ReminderRule.objects.bulk_create(rows)
    return len(rows)


def new_reminder_rules() -> list[ReminderRule]:
    """Default rules of this version that the house has under no street at all; not saved.

    What an office has rewritten or switched off keeps its code, so it is never among them.
    """
    known = set(ReminderRule.objects.values_list("code", flat=True))
    return [row for row in default_reminder_rules() if row.code not in known]


@deed()
def add_new_reminder_rules(codes: Collection[str], *, by: Any) -> list[ReminderRule]:
    """Add those of the new default rules that were chosen, common to all streets; touch no other row.

    Raises HouseError when none is chosen, or one is not (or no longer) new. Whether `by` may change
    common rows is asked by the door.
    """
    list(ReminderRule.objects.select_for_update().order_by("pk"))
    chosen = [row for row in new_reminder_rules() if row.code in codes]
    if not codes:
        raise HouseError(_("请至少选择一条规则。"))
    if len(chosen) != len(set(codes)):
        raise HouseError(_("有的规则已经有了，或不在默认规则里。请看最新的列表。"))
    ReminderRule.objects.bulk_create(chosen)
    audit.record(
        "add_default_rules",
        by=by,
        subject="reminderrule:",
        detail={"codes": [row.code for row in chosen]},
    )
    rules_changed(of_reminders=True)
    return chosen


def default_reminder_rules() -> list[ReminderRule]:
    """The table of this version as rows that are not saved."""
    return [
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
    ]


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
