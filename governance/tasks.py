"""The clock door of the ground floor."""

from celery import shared_task

from governance.services import appointments


@shared_task
def end_expired_appointments() -> None:
    """Take back the rights of appointments whose last day has passed."""
    appointments.end_expired()
