"""Replanning: when the office edits its reminders, what has not struck yet follows the new rows."""

from complaints.calendars import current_calendar
from complaints.choices import Stage
from complaints.models import Assignment
from complaints.rules import reminder_version, rules_of
from complaints.services import clock
from complaints.services.steps import lock_complaint
from governance.services.audit import deed

AT_WORK = (Stage.PENDING_SIGN, Stage.HANDLING)
MOST_AT_ONCE = 500


def replan_reminders(most: int = MOST_AT_ONCE) -> int:
    """Plan the reminders of dispatches anew that were planned by older rules; says how many.

    Each in a transaction of its own under the lock of its case, so that a sweep or a deed beside
    it is never disturbed; a crash leaves the rest for the next run. Repeating it does nothing.
    """
    version = reminder_version()
    stale = Assignment.objects.filter(
        ended_at=None,
        planned_with__lt=version,
        complaint__stage__in=AT_WORK,
        complaint__suspended_at=None,
    )
    pairs = list(stale.order_by("pk").values_list("pk", "complaint_id")[:most])
    return sum(replan(assignment, case, version) for assignment, case in pairs)


@deed()
def replan(assignment_id: int, case_id: int, version: int) -> bool:
    """Plan the reminders of one dispatch anew; says whether it still had to be done."""
    case = lock_complaint(case_id)
    row = Assignment.objects.filter(
        pk=assignment_id, ended_at=None, planned_with__lt=version
    ).first()
    if row is None or case.stage not in AT_WORK or case.is_suspended:
        return False
    calendar = current_calendar(case.subdistrict)
    clock.replan_by_rules(case, row, rules_of(case.subdistrict), calendar)
    Assignment.objects.filter(pk=row.pk).update(planned_with=version)
    return True
