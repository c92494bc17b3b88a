"""Celery's clock, which goes on when the machine's clock is set back."""

import time
from typing import Any

from celery.beat import PersistentScheduler

# Less than this is an ordinary correction of the clock.
A_STEP_BACK_SECONDS = 2


class SteadyScheduler(PersistentScheduler):
    """The scheduler of Celery, without its silence after a step back.

    Celery waits until the clock has passed the last run again: an hour back is an hour without a
    sweep (`reliability.md` 2). A last run that lies in the future is therefore taken for one of now.
    """

    latest = float("inf")

    def tick(self, *further: Any, **more: Any) -> Any:
        """One round of Celery's; before it, look whether the clock has gone back."""
        now = time.time()
        if now < self.latest - A_STEP_BACK_SECONDS:
            for entry in self.schedule.values():
                entry.last_run_at = min(entry.last_run_at, entry.default_now())
            self._heap = None
        self.latest = now
        return super().tick(*further, **more)
