"""The Celery application and the schedule: one list, a line for each job."""

import os
from datetime import timedelta
from typing import NamedTuple

from celery import Celery
from celery.schedules import crontab, schedule
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

from django.conf import settings

from portal.broker import let_go


class PeriodicJob(NamedTuple):
    """A task that the clock starts, how often, and why."""

    task: str
    every: schedule | timedelta
    purpose: str

    @property
    def expires_seconds(self) -> int:
        """A run that waited this long is thrown away, so that an outage ends without a flood."""
        return int(self.every.total_seconds()) if isinstance(self.every, timedelta) else 3600


# The schedule. Every job is a sweep ("everything due by now"): a missed run is made good by the
# next, and a run too many finds nothing to do.
SCHEDULE: list[PeriodicJob] = [
    PeriodicJob(
        "complaints.tasks.sweep",
        timedelta(seconds=15),
        "提醒、自动签收、逐级上报、自动结案与归档：凡到时的都办",
    ),
    PeriodicJob("complaints.tasks.run_jobs", timedelta(seconds=10), "执行排队中的导入等长时间作业"),
    PeriodicJob(
        "governance.tasks.send_deliveries",
        timedelta(seconds=10),
        "把到时的提醒经外发渠道送出，未送出的按间隔重试",
    ),
    PeriodicJob(
        "complaints.tasks.store_day_figures",
        crontab(hour="0", minute="20"),
        "留存各级组织前一日的办理数字，供趋势图使用",
    ),
    PeriodicJob(
        "complaints.tasks.fold_counts",
        timedelta(minutes=5),
        "把已办结诉求的计数变化并入各日、各月的留存计数，看板因此不随诉求增多变慢",
    ),
    PeriodicJob(
        "complaints.tasks.recompute_deadlines",
        timedelta(seconds=60),
        "放假安排调整后，重新计算在办诉求的时限",
    ),
    PeriodicJob(
        "complaints.tasks.replan_reminders",
        timedelta(seconds=60),
        "提醒规则修改后，重新排定尚未发出的提醒",
    ),
    PeriodicJob(
        "complaints.tasks.send_digests",
        timedelta(seconds=60),
        "到了办公室设定的时间，给每人写一条每日提要",
    ),
    PeriodicJob(
        "complaints.tasks.forget_leftovers",
        crontab(hour="0", minute="40"),
        "清除居民入口前几日的次数记录和没有提交的照片",
    ),
    PeriodicJob(
        "governance.tasks.end_expired_appointments",
        crontab(hour="0", minute="5"),
        "收回任期已满人员的权限",
    ),
]
if settings.DEMONSTRATION:
    SCHEDULE.append(
        PeriodicJob(
            "portal.tasks.run_demonstration",
            timedelta(seconds=10),
            "演示街道：生成居民与一年的虚构诉求",
        )
    )


def beat_schedule(jobs: list[PeriodicJob]) -> dict[str, dict[str, object]]:
    """The list in the form that Celery's beat reads."""
    return {
        job.task: {
            "task": job.task,
            "schedule": job.every,
            "options": {"expires": job.expires_seconds},
        }
        for job in jobs
    }


def transport_options(broker: str) -> dict[str, object]:
    """What the broker must be told; queue files lie in the data folder when there is no Redis."""
    if broker.startswith("filesystem"):
        folders = {
            name: settings.DATA_DIR / "broker" / name for name in ("queue", "control", "done")
        }
        for folder in folders.values():
            folder.mkdir(parents=True, exist_ok=True)
        return {
            "data_folder_in": str(folders["queue"]),
            "data_folder_out": str(folders["queue"]),
            "processed_folder": str(folders["done"]),
            "control_folder": str(folders["control"]),
            "store_processed": False,
        }
    return {
        "visibility_timeout": 600,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_connect_timeout": 0.5,
    }


let_go()
# Resolved when somebody connects; with Redis it is never read.
TRANSPORT_ALIASES["filesystem"] = "portal.spool:Transport"
app = Celery("portal")
app.conf.update(
    broker_url=settings.BROKER_URL,
    broker_transport_options=transport_options(settings.BROKER_URL),
    broker_connection_timeout=0.5,
    broker_connection_retry_on_startup=True,
    result_backend=None,
    task_ignore_result=True,
    # A killed worker's task comes back; every task is repeatable (reliability.md 2).
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    task_soft_time_limit=480,
    task_time_limit=540,
    # One short try: the row waits for the next sweep, a request never waits for the broker.
    task_publish_retry=False,
    accept_content=["json"],
    task_serializer="json",
    result_accept_content=["json"],
    result_serializer="json",
    timezone=settings.TIME_ZONE,
    enable_utc=True,
    worker_hijack_root_logger=False,
    worker_send_task_events=False,
    beat_schedule=beat_schedule(SCHEDULE),
    beat_scheduler="portal.steady_beat:SteadyScheduler",
    beat_schedule_filename=str(settings.DATA_DIR / "beat"),
)
app.autodiscover_tasks()
