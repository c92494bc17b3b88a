"""The rule rows of one street as one value, read again only when somebody edited them."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from complaints.choices import Supervision, Trigger
from complaints.models import (
    AssistRule,
    CaseRules,
    LevelBox,
    OversightRules,
    ReminderRule,
    RequestReason,
    RequestRule,
    ResidentRules,
    UrgencyLimit,
)
from governance.models import Counter, Organisation
from governance.prepared import planned
from governance.services import numbers

VERSION = "rules"
# Counted apart: planned reminders are planned anew when one of their own rules has changed.
REMINDERS = "reminder_rules"


@dataclass(frozen=True)
class Rules:
    """What the office has set: limits by urgency, boxes, reminders, requests, and the rest."""

    urgencies: Mapping[str, UrgencyLimit]
    boxes: Mapping[int, LevelBox]
    reminders: Sequence[ReminderRule]
    case: CaseRules
    requests: Mapping[str, RequestRule]
    reasons: Sequence[RequestReason]
    resident: ResidentRules
    oversight: OversightRules
    assists: Mapping[str, AssistRule]
    reminder_version: int = 0

    def elevates(self, trigger: str, count: int) -> bool:
        """Whether so many rounds or transfers make a problem order at once (`domain.md` 5.3)."""
        return any(
            row.supervision == Supervision.ELEVATED and count >= row.amount
            for row in self.planned_reminders(trigger)
        )

    @property
    def many_callers(self) -> int:
        """From how many callers on one matter is a collective one; 0: a clerk says so."""
        counts = (row.amount for row in self.planned_reminders(Trigger.COLLECTIVE))
        return min(filter(None, counts), default=0)

    def planned_reminders(self, *triggers: str) -> list[ReminderRule]:
        """The reminders in force that wait for one of these triggers."""
        return [row for row in self.reminders if row.is_enabled and row.trigger in triggers]


_remembered: dict[int, tuple[int, Rules]] = {}


def rules_of(subdistrict: Organisation | int) -> Rules:
    """The rules of one street: its own rows win over the common ones. One small statement."""
    street = subdistrict if isinstance(subdistrict, int) else subdistrict.pk
    versions = dict(_versions(names=[VERSION, REMINDERS]))
    version, kept = versions.get(VERSION), _remembered.get(street)
    if kept and version and kept[0] == version:
        return kept[1]
    rules = _read(street, versions.get(REMINDERS, 0))
    if version:
        _remembered[street] = (version, rules)
    return rules


@planned
def _versions(*, names: Any) -> QuerySet[Any, Any]:
    rows = Counter.objects.filter(name__in=names).order_by()
    return rows.values_list("name", "next_number")


def rules_changed(*, of_reminders: bool = False) -> None:
    """Say that a rule row was edited; every process reads the rows again.

    With `of_reminders` what was planned and has not struck yet is planned anew within a minute.

    The count begins anywhere, so that a database filled anew is not taken for the one that a
    process still remembers.
    """
    Counter.objects.get_or_create(name=VERSION, defaults={"next_number": secrets.randbelow(2**40)})
    numbers.take(VERSION)
    if of_reminders:
        numbers.take(REMINDERS)


def reminder_version() -> int:
    """How often the reminder rules were edited; nothing was planned by a later version."""
    rows = Counter.objects.filter(name=REMINDERS).values_list("next_number", flat=True)
    return rows.first() or 0


def has_reminder_rule(code: str, subdistrict: Organisation | None) -> bool:
    """Whether a street (or None: all of them in common) has a reminder rule of this code."""
    return ReminderRule.objects.filter(code=code, subdistrict=subdistrict).exists()


def _read(street: int, reminder_version: int) -> Rules:
    return Rules(
        urgencies={row.urgency: row for row in _own_last(UrgencyLimit, street)},
        boxes={row.level: row for row in _own_last(LevelBox, street)},
        reminders=tuple({row.code: row for row in _own_last(ReminderRule, street)}.values()),
        case=next(iter(reversed(_own_last(CaseRules, street))), CaseRules()),
        requests={row.kind: row for row in _own_last(RequestRule, street)},
        reasons=tuple({row.code: row for row in _own_last(RequestReason, street)}.values()),
        resident=next(iter(reversed(_own_last(ResidentRules, street))), ResidentRules()),
        oversight=next(iter(reversed(_own_last(OversightRules, street))), OversightRules()),
        reminder_version=reminder_version,
        assists={row.kind: row for row in _own_last(AssistRule, street)},
    )


def _own_last(model: Any, street: int) -> list[Any]:
    rows = model.objects.filter(Q(subdistrict=None) | Q(subdistrict_id=street))
    return sorted(rows, key=lambda row: (row.subdistrict_id is not None, row.pk))
