"""A task for the tests of the queue: it says that it began, rests, and says that it ended."""

import os
import time
from pathlib import Path

from celery import shared_task


@shared_task
def rest(diary: str, seconds: float) -> None:
    """Write `began <process>` and, after a rest, `ended <process>` into the diary."""
    with Path(diary).open("a") as lines:
        lines.write(f"began {os.getpid()}\n")
    time.sleep(seconds)
    with Path(diary).open("a") as lines:
        lines.write(f"ended {os.getpid()}\n")
