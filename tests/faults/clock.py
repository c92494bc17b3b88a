"""The queue and the clock of the house, with a sweep every second."""

from datetime import timedelta

from portal.celery import SCHEDULE, app, beat_schedule

EVERY = timedelta(seconds=1)

app.conf.beat_schedule = beat_schedule(
    [job._replace(every=EVERY) for job in SCHEDULE if job.task == "complaints.tasks.sweep"]
)
