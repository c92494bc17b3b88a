"""Jobs: long work that can be left and found again."""

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.files import File
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as kept

from governance.choices import JobState
from governance.errors import HouseError
from governance.models import Job, JobError, Organisation
from governance.services import audit
from governance.services.notices import notify

logger = logging.getLogger(__name__)
LEASE = timedelta(minutes=2)
MOST_ERRORS = 2000


@audit.deed()
def start(
    kind: str,
    *,
    title: str,
    organisation: Organisation,
    by: Any,
    parameters: Mapping[str, Any] | None = None,
    file: "File[Any] | None" = None,
    file_name: str = "",
    is_at_once: bool = False,
) -> Job:
    """Put a long piece of work in line; the worker finds the row, whatever the broker does.

    With `is_at_once` the caller runs it himself; when he dies over it, the worker goes on.
    """
    now = timezone.now()
    running = {"state": JobState.RUNNING, "started_at": now, "leased_until": now + LEASE}
    job = Job(
        kind=kind,
        title=title,
        organisation=organisation,
        by=by,
        parameters=dict(parameters or {}),
        file_name=file_name[:120],
        **(running if is_at_once else {}),
    )
    if file is not None:
        job.file.save("upload", file, save=False)
    job.save()
    audit.record(
        f"start_{kind}", by=by, subject=f"job:{job.pk}", organisation_path=organisation.path
    )
    return job


def run_waiting(kinds: Mapping[str, Callable[[Job], None]]) -> int:
    """Run what waits, and what was left behind by a worker that died; returns how many ran."""
    ran = 0
    while (job := _claim(list(kinds))) is not None:
        run(job, kinds[job.kind])
        ran += 1
    return ran


def run(job: Job, work: Callable[[Job], None], *, is_watched: bool = False) -> None:
    """Run one claimed job to its end; a refusal becomes its failure sentence.

    Who started it is told in the inbox, unless the result `is_watched` by them anyway.
    """
    failure = ""
    try:
        work(job)
    except HouseError as refusal:
        failure = refusal.message
    except Exception:
        logger.exception("job %s failed", job.pk)
        failure = _("处理中出现意外错误，已停止；已完成的部分保留，可重新提交同一文件。")
    finish(job, failure=failure)
    if not is_watched:
        tell_who_started(job)


def tell_who_started(job: Job) -> None:
    """A line in the inbox of whoever started a long work: how it ended."""
    if job.by is None:
        return
    if job.failure:
        title, body = kept("未完成：%(title)s"), job.failure
    else:
        title = kept("已完成：%(title)s")
        body = kept("共 %(done)s 条，未办成 %(errors)s 条。") % {
            "done": job.done_count,
            "errors": job.error_count,
        }
    notify(
        [job.by.person_id],
        title=title % {"title": job.title},
        body=body,
        subject=f"job:{job.pk}",
        key=f"job:{job.pk}",
    )


def has_no_lease(now: datetime) -> Q:
    """Nobody is at it: the lease has ended, or ends later than any lease that could begin now.

    The second is what a clock leaves that was a day ahead and has been set right. One more lease
    is allowed for: `now` is a moment old when the row is locked, and somebody may just have begun.
    """
    return Q(leased_until__lt=now) | Q(leased_until__gt=now + 2 * LEASE)


def _claim(kinds: list[str]) -> Job | None:
    now = timezone.now()
    with transaction.atomic():
        job = (
            Job.objects.select_for_update(skip_locked=True)
            .filter(kind__in=kinds)
            .filter(Q(state=JobState.WAITING) | Q(state=JobState.RUNNING) & has_no_lease(now))
            .order_by("id")
            .first()
        )
        if job is None:
            return None
        job.state, job.leased_until = JobState.RUNNING, now + LEASE
        job.started_at = job.started_at or now
        job.save(update_fields=["state", "leased_until", "started_at"])
        return job


def progress(job: Job, done: int, total: int, errors: int = 0) -> None:
    """Show how far the job is and keep its lease."""
    job.done_count, job.total_count, job.error_count = done, total, errors
    job.leased_until = timezone.now() + LEASE
    job.save(update_fields=["done_count", "total_count", "error_count", "leased_until"])


def note_errors(job: Job, errors: Iterable[JobError]) -> None:
    """Keep why rows were refused, the first 2,000 of them; values must already be masked."""
    kept = JobError.objects.filter(job=job).count()
    JobError.objects.bulk_create(list(errors)[: max(0, MOST_ERRORS - kept)])


def finish(job: Job, *, failure: str = "") -> None:
    """Close the job; its result page stays."""
    job.state = JobState.FAILED if failure else JobState.DONE
    job.failure, job.finished_at, job.leased_until = failure[:300], timezone.now(), None
    job.save(
        update_fields=[
            "state",
            "failure",
            "finished_at",
            "leased_until",
            "result",
            "done_count",
            "total_count",
            "error_count",
        ]
    )
