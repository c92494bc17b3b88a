"""The clock door of the third floor: each task hands on to a service and may be repeated."""

import pytest
from django.core.files.base import ContentFile

from complaints import tasks
from complaints.models import Complaint
from complaints.services import imports
from governance.choices import JobState
from governance.models import Job
from portal.celery import SCHEDULE, app
from tests.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.smoke]
ORDERS = (
    "工单编号,诉求标题,诉求内容,诉求人,联系电话,派发时间\n"
    "26030201,路灯不亮,东园花园3号楼前路灯不亮,李秀兰,13900001011,2026-03-02 08:30\n"
)


def test_an_import_that_waits_is_run_by_the_clock_and_only_once(office: Cast) -> None:
    file = ContentFile(ORDERS.encode(), name="orders.csv")
    job = imports.start_import(file, by=office.chen, subdistrict=office.street)
    for _ in range(2):
        tasks.run_jobs()
    assert Job.objects.get(pk=job.pk).state == JobState.DONE
    assert Complaint.objects.get().source_number == "26030201"


def test_each_task_of_the_schedule_runs_on_an_empty_house_twice(db: None) -> None:
    app.loader.import_default_modules()
    for job in SCHEDULE:
        for _ in range(2):
            app.tasks[job.task]()
