"""The clock door of the third floor: each task is repeatable, short, and hands on to services."""

from collections.abc import Callable

from celery import shared_task

from complaints.services import (
    bulk,
    counts,
    digests,
    imports,
    keeping,
    recomputing,
    replanning,
    resident_filing,
)
from complaints.services.timing import DUTIES
from governance.models import Job
from governance.services import jobs, todo

# Long works the worker knows, by the kind written in their row.
JOBS: dict[str, Callable[[Job], None]] = {
    imports.KIND: imports.run_import,
    bulk.KIND: bulk.run_bulk,
}


@shared_task
def sweep() -> None:
    """Do everything that is due by now, then say that the clock is alive."""
    todo.sweep(DUTIES)
    todo.beat("sweep")


@shared_task
def run_jobs() -> None:
    """Run the long works that wait, and those a dead worker left behind."""
    jobs.run_waiting(JOBS)


@shared_task
def store_day_figures() -> None:
    """Keep yesterday's figures of every organisation for the trend."""
    counts.store_missing_days()


@shared_task
def fold_counts() -> None:
    """Fold what has changed in the kept counts into days and months."""
    keeping.fold()


@shared_task
def recompute_deadlines() -> None:
    """Count the open clocks again that were counted with an older calendar."""
    recomputing.recompute_open_cases()


@shared_task
def replan_reminders() -> None:
    """Let reminders that have not struck yet follow the rules as they are now."""
    replanning.replan_reminders()


@shared_task
def send_digests() -> None:
    """Write the daily digests whose hour has come."""
    digests.send_due_digests()


@shared_task
def forget_leftovers() -> None:
    """Throw away what residents' pages have left behind: counts, and photos nobody has sent."""
    resident_filing.forget_leftovers()
