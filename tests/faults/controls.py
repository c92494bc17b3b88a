"""Negative controls: the house with one guard taken out; a check that stays green then is worthless."""

import os
from datetime import datetime
from typing import Any

from django.apps import AppConfig
from django.db.models import QuerySet

CONTROL = "PORTAL_FAULTS_CONTROL"


class FaultsConfig(AppConfig):
    """Takes out the guard that the environment names, in the processes of the control only."""

    name = "tests.faults"
    label = "faults"

    def ready(self) -> None:
        """All models are there: change what the control wants changed."""
        control = os.environ.get(CONTROL)
        if control == "no_lock":
            QuerySet.select_for_update = without_lock  # type: ignore[method-assign]
        if control == "claim_first":
            claim_first()


def without_lock(rows: "QuerySet[Any]", *_args: Any, **_options: Any) -> "QuerySet[Any]":
    """Read without locking."""
    return rows.all()


def claim_first() -> None:
    """Let the sweep mark a row as done, commit, and only then act."""
    from governance import points  # noqa: PLC0415  # models are ready only now
    from governance.models import Todo  # noqa: PLC0415
    from governance.services import todo  # noqa: PLC0415

    def do(row: Any, duty: Any, now: datetime) -> int:
        waiting = Todo.objects.filter(pk=row.pk, done_at__isnull=True, due_at__lte=now)
        if not waiting.update(done_at=now):
            return 0
        points.here("after_claim")
        with todo.deed():
            duty.act(duty.lock(row.subject_id), row)
        return 1

    todo._do = do
