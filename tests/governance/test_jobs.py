"""Jobs: long work that can be left, found again, and taken over from a worker that died."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.utils import timezone

from governance.choices import JobState
from governance.errors import HouseError
from governance.models import AuditEntry, Job, JobError, Organisation
from governance.services import jobs
from tests.cast import Cast, party
from tests.governance.threads import in_threads

pytestmark = [pytest.mark.django_db, pytest.mark.smoke]
KIND = "tests.count"


def started(cast: Cast, **more: Any) -> Job:
    return jobs.start(KIND, title="导入测试", organisation=cast.street, by=cast.chen, **more)


def work(done: list[int]) -> dict[str, Callable[[Job], None]]:
    return {KIND: lambda job: done.append(job.pk)}


def test_a_job_waits_in_line_and_runs_once(cast: Cast) -> None:
    first, second = started(cast), started(cast)
    done: list[int] = []
    assert jobs.run_waiting(work(done)) == 2
    assert done == [first.pk, second.pk]
    assert jobs.run_waiting(work(done)) == 0
    first.refresh_from_db()
    assert (first.state, first.leased_until) == (JobState.DONE, None)
    assert first.started_at and first.finished_at


def test_starting_leaves_a_line_in_the_audit_and_keeps_the_file(cast: Cast) -> None:
    job = started(cast, file=ContentFile("编号,内容\n".encode()), file_name="工单.csv")
    assert AuditEntry.objects.get(verb=f"start_{KIND}").subject == f"job:{job.pk}"
    with Job.objects.get(pk=job.pk).file.open() as file:
        assert file.read().decode() == "编号,内容\n"
    assert "工单" not in job.file.name


def test_unknown_kinds_are_left_alone(cast: Cast) -> None:
    started(cast)
    assert jobs.run_waiting({}) == 0
    assert Job.objects.get().state == JobState.WAITING


def test_a_refusal_becomes_the_sentence_of_the_failure(cast: Cast) -> None:
    started(cast)

    def refuse(_job: Job) -> None:
        raise HouseError("文件里没有“诉求内容”一列。")

    jobs.run_waiting({KIND: refuse})
    job = Job.objects.get()
    assert (job.state, job.failure) == (JobState.FAILED, "文件里没有“诉求内容”一列。")


def test_an_accident_says_so_without_its_inner_words(cast: Cast) -> None:
    started(cast)

    def stumble(_job: Job) -> None:
        raise KeyError("secret column 13900001011")

    jobs.run_waiting({KIND: stumble})
    job = Job.objects.get()
    assert job.state == JobState.FAILED
    assert "意外" in job.failure and "139" not in job.failure


def test_progress_is_seen_from_outside_and_keeps_the_lease(cast: Cast) -> None:
    started(cast)
    seen: list[tuple[int, int, int]] = []

    def count(job: Job) -> None:
        jobs.progress(job, 3, 10, errors=1)
        row = Job.objects.get(pk=job.pk)
        seen.append((row.done_count, row.total_count, row.error_count))
        assert row.leased_until > timezone.now()

    jobs.run_waiting({KIND: count})
    assert seen == [(3, 10, 1)]


def test_a_job_left_behind_is_taken_over_when_its_lease_is_over(cast: Cast) -> None:
    started(cast)

    def die(_job: Job) -> None:
        raise SystemExit

    with pytest.raises(SystemExit):
        jobs.run_waiting({KIND: die})
    done: list[int] = []
    assert jobs.run_waiting(work(done)) == 0
    with time_machine.travel(timezone.now() + jobs.LEASE + timedelta(seconds=1)):
        assert jobs.run_waiting(work(done)) == 1
    assert len(done) == 1


def test_a_lease_from_a_clock_that_was_ahead_holds_nobody_up(cast: Cast) -> None:
    started(cast)

    def die(_job: Job) -> None:
        raise SystemExit

    with time_machine.travel(timezone.now() + timedelta(days=1)), pytest.raises(SystemExit):
        jobs.run_waiting({KIND: die})
    done: list[int] = []
    assert jobs.run_waiting(work(done)) == 1


def test_only_the_first_two_thousand_errors_are_kept(cast: Cast) -> None:
    job = started(cast)
    for _ in range(3):
        jobs.note_errors(job, [JobError(job=job, row=n, reason="缺内容") for n in range(900)])
    assert JobError.objects.count() == jobs.MOST_ERRORS


@pytest.mark.django_db(transaction=True)
def test_two_workers_share_the_line_and_no_job_runs_twice(
    on_postgres: None, transactional_db: None
) -> None:
    street = party(None, 1, "和平街道党工委")
    Job.objects.bulk_create(
        Job(kind=KIND, title=str(n), organisation=Organisation.objects.get(pk=street.pk))
        for n in range(20)
    )
    start, done = Barrier(3), list[int]()

    def run(_number: int) -> int:
        start.wait()
        return jobs.run_waiting(work(done))

    assert sum(in_threads(run, 3)) == 20
    assert len(done) == len(set(done)) == 20
