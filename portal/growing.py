"""How far the demonstration street has come, while it is still being made in the background."""

from django.conf import settings

from governance.choices import JobState
from governance.models import Job

NOT_DONE = (JobState.WAITING, JobState.RUNNING)


def growing() -> int | None:
    """In percent; None when it is whole.

    Asked in demonstration mode only, so that no real street pays a statement for it.
    """
    if not settings.DEMONSTRATION:
        return None
    job = Job.objects.filter(kind="demonstration", state__in=NOT_DONE).first()
    return None if job is None else 100 * job.done_count // max(job.total_count, 1)
