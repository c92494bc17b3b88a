"""What the reader may still take back: shown beside the lists for a short time."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from complaints.history import VERBS
from complaints.models import Undo

MOST_SHOWN = 3


def still_open(user: Any, cases: Iterable[int] | None = None) -> list[Undo]:
    """The reader's own steps that may be taken back now, the newest first; one statement."""
    rows = Undo.objects.filter(
        by=user, until__gt=timezone.now(), complaint__step_count=F("step_number")
    )
    if cases is not None:
        rows = rows.filter(complaint__in=list(cases))
    return list(rows.select_related("complaint__holder").order_by("-at", "-pk"))


def undo_lines(user: Any, case: int | None = None) -> list[dict[str, Any]]:
    """The same as lines of a page: what was done, and where to take it back."""
    now = timezone.now()
    found = still_open(user, [case] if case else None)[:MOST_SHOWN]
    return [
        {
            "number": row.complaint.number,
            "words": VERBS.get(row.verb, row.verb),
            "holder": row.complaint.holder.display_name
            if row.verb == "dispatch" and row.complaint.holder
            else "",
            "seconds": max(1, int((row.until - now).total_seconds())),
            "url": reverse("admin:complaints_complaint_undo", args=[row.complaint_id]),
        }
        for row in found
    ]
