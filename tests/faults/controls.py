"""Negative controls: the house with one guard taken out; a check that stays green then is worthless."""

import os
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from governance import points
from governance.models import Todo
from governance.services import todo

CONTROL = "PORTAL_FAULTS_CONTROL"


def take_out_guard() -> None:
    """Change what the environment names, in this process and those it forks."""
    control = os.environ.get(CONTROL)
    if control == "no_lock":
        QuerySet.select_for_update = without_lock  # type: ignore[method-assign]
    if control == "claim_first":
        todo._do = claim_first


def without_lock(rows: "QuerySet[Any]", *_args: Any, **_options: Any) -> "QuerySet[Any]":
    """Read without locking."""
    return rows.all()


def after_claim(subject_id: int, kind: str) -> str:
    """The point after the claim of such work for this subject, and for no other that is due too."""
    return f"after_claim:{kind}:{subject_id}"


def claim_first(row: Any, duty: Any, _now: datetime | None) -> int:
    """Mark a row as done, commit, and only then act."""
    now = timezone.now()
    waiting = Todo.objects.filter(pk=row.pk, done_at__isnull=True, due_at__lte=now)
    if not waiting.update(done_at=now):
        return 0
    points.here(after_claim(row.subject_id, row.kind))
    with todo.deed():
        duty.act(duty.lock(row.subject_id), row)
    return 1
