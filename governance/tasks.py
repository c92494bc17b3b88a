"""The clock door of the ground floor."""

from celery import shared_task

from governance.services import appointments, todo
from governance.services.carriers import carry
from governance.services.sending import send_due

CHANNELS_AT_ONCE = 8


@shared_task
def end_expired_appointments() -> None:
    """Take back the rights of appointments whose last day has passed."""
    appointments.end_expired()


@shared_task
def send_deliveries() -> None:
    """Hand over what waits in the outbox, then say that the postman is alive."""
    send_due(carry, channels_at_once=CHANNELS_AT_ONCE)
    todo.beat("deliveries")
