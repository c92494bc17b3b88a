"""Remembering: what a step changed, so that its maker may take it back for a short time."""

from datetime import datetime, timedelta
from typing import Any

from complaints.models import Complaint, Undo
from complaints.rules import rules_of
from complaints.services.steps import ALWAYS_WRITTEN


def snapshot(case: Complaint) -> dict[str, Any]:
    """All columns of the case as they are now, those left out that every step writes anew."""
    return {
        field.attname: getattr(case, field.attname)
        for field in Complaint._meta.concrete_fields
        if field.attname not in ALWAYS_WRITTEN
    }


def remember(
    case: Complaint,
    before: dict[str, Any],
    *,
    verb: str,
    by: Any,
    at: datetime,
    by_link: bool = False,
) -> None:
    """Keep what the last step of `case` changed, for as many minutes as the office allows.

    Steps of the house itself (`by` is None) are nobody's slip, unless a resident made them by
    link. One statement.
    """
    minutes = rules_of(case.subdistrict).case.undo_minutes
    if not minutes or (by is None and not by_link):
        return
    changed = {
        name: stored(value) for name, value in before.items() if getattr(case, name) != value
    }
    row = Undo(
        complaint=case,
        step_number=case.step_count,
        verb=verb,
        by=by,
        at=at,
        until=at + timedelta(minutes=minutes),
        before=changed,
    )
    Undo.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["complaint"],
        update_fields=["step_number", "verb", "by", "at", "until", "before"],
    )


def remember_beside(pk: int, *, by: Any, **before: Any) -> None:
    """A further step of the same deed belongs to what `remember` keeps, with the columns it changed.

    `before` are those columns as they were. Nothing when nothing is kept.
    """
    row = Undo.objects.filter(complaint=pk, by=by).select_related("complaint").first()
    if row is None:
        return
    row.before = {**{name: stored(value) for name, value in before.items()}, **row.before}
    row.step_number = row.complaint.step_count
    row.save(update_fields=["before", "step_number"])


def stored(value: Any) -> Any:
    """A value as JSON keeps it; moments to the microsecond."""
    return value.isoformat() if isinstance(value, datetime) else value


def restored(before: dict[str, Any]) -> dict[str, Any]:
    """The columns as they were, out of what `remember` has kept."""
    columns = {field.attname: field for field in Complaint._meta.concrete_fields}
    return {name: columns[name].to_python(value) for name, value in before.items()}
