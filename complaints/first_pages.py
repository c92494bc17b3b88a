"""The first rows and the numbers of the workbench, asked by prepared statements.

A workbench is opened all day long and always asks the same; deeper pages and filters do not.
"""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from complaints.due import Bounds, bounds_at
from complaints.models import Complaint
from complaints.models.complaints import reach_of
from complaints.selectors import desks_of, in_a_list, queue_where, waiting_where
from complaints.stranded import desks_served, stranded_where
from governance.calendar import Calendar
from governance.prepared import prepared, prepared_counts
from governance.services.calendar import current_calendar


def first_waiting(user: Any, count: int) -> list[Complaint]:
    """The first `count` cases with a clock that wait for `user`, due first; without their units."""
    return list(_waiting(count, True, **desks_of(user), **reach_of(user)))


def first_unclocked(user: Any, count: int) -> list[Complaint]:
    """The first `count` that wait for `user` and for which no clock runs, oldest first."""
    return list(_waiting(count, False, **desks_of(user), **reach_of(user)))


@prepared
def _waiting(
    count: int,
    has_clock: bool,
    *,
    handle: Any,
    review: Any,
    callback: Any,
    dispatch: Any,
    streets: Any,
    **reach: Any,
) -> QuerySet[Complaint]:
    desks = {"handle": handle, "review": review, "callback": callback, "dispatch": dispatch}
    cases = Complaint.objects.reached(**reach).open().filter(waiting_where(streets, **desks))
    rows = in_a_list(cases.filter(due_at__isnull=not has_clock))
    return rows.order_by(*(("due_at", "pk") if has_clock else ("pk",)))[:count]


def first_stranded(user: Any, count: int) -> list[Complaint]:
    """The first `count` cases that nobody can act on, without their units; two statements."""
    return list(_stranded(count, **desks_served(), **reach_of(user)))


@prepared
def _stranded(
    count: int, *, acting: Any, review: Any, callback: Any, **reach: Any
) -> QuerySet[Complaint]:
    nobody = stranded_where(acting, review=review, callback=callback)
    cases = Complaint.objects.reached(**reach).open().filter(nobody)
    return in_a_list(cases).order_by("due_at", "pk")[:count]


def workbench_counts(user: Any, calendar: Calendar | None = None) -> dict[str, int]:
    """What waits for `user`, the queue to dispatch, and each band of what falls due; one statement."""
    bounds = vars(bounds_at(timezone.now(), calendar or current_calendar()))
    return dict(_workbench_counts(**bounds, **desks_of(user), **reach_of(user)))


@prepared_counts
def _workbench_counts(
    *,
    now: Any,
    midnight: Any,
    soon_until: Any,
    long_before: Any,
    handle: Any,
    review: Any,
    callback: Any,
    dispatch: Any,
    streets: Any,
    **reach: Any,
) -> Any:
    desks = {"handle": handle, "review": review, "callback": callback, "dispatch": dispatch}
    return Complaint.objects.reached(**reach).open().order_by(), {
        "waiting": waiting_where(streets, **desks),
        "queue": queue_where(dispatch, streets) if dispatch else Q(pk__in=()),
        **Bounds(now, midnight, soon_until, long_before).conditions(),
    }
