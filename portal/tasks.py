"""The clock door of the roof."""

from celery import shared_task

from portal.demonstration import seeding

FOUR_HOURS = 4 * 3600


@shared_task(soft_time_limit=FOUR_HOURS, time_limit=FOUR_HOURS)
def run_demonstration() -> None:
    """Fill the demonstration street: one long job, in small pieces, taken up again where it stood."""
    seeding.run_waiting()
