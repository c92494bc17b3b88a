"""The page of one case as a leader reads it."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from complaints import history, timeline
from complaints.models import Complaint
from complaints.selectors import may_take
from complaints.services.clock import case_limit
from governance.calendar import Calendar
from governance.services.calendar import current_calendar
from governance.worktime import workdays_between


def case_facts(case: Complaint, user: Any) -> dict[str, Any]:
    """Ladder, timeline, answers, callbacks and instructions of a case; six statements at most."""
    steps = history.steps_of(case)
    offered = may_take(case, user)
    verbs = {step.verb for step in steps}
    replies = case.replies.select_related("by__person").order_by("-id")
    instructions = case.instructions.select_related("by__person", "answered_by__person")
    return {
        "case": case,
        "ladder": [vars(rung) for rung in history.ladder(case, steps)],
        "timeline": timeline.drawn(timeline.events(case, steps)),
        # What the history does not tell of is not asked for.
        "replies": list(replies) if "reply" in verbs else [],
        "instructions": list(instructions) if "instruct" in verbs else [],
        "limit": case_limit(case) if case.limit_amount else None,
        "workdays": workdays_left(case.due_at, current_calendar()),
        "may_elevate": "elevate" in offered and case.main_unit is not None,
        "may_instruct": "instruct" in offered and not case.is_suspended,
    }


def workdays_left(due_at: datetime | None, calendar: Calendar) -> int | None:
    """How many working days are left, negative when late; None while no clock runs."""
    if due_at is None:
        return None
    return workdays_between(timezone.localdate(), timezone.localdate(due_at), calendar)
