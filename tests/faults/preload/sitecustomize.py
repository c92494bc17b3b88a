"""For processes under libfaketime: sleep by `select`.

With a steady monotonic clock (FAKETIME_DONT_FAKE_MONOTONIC, as a clock that is set in real life)
libfaketime 0.9.10 refuses the call behind `time.sleep` with "Invalid argument" (Python 3.11).
"""

import select
import time


def sleep(seconds: float) -> None:
    """Wait as long on the steady clock."""
    select.select([], [], [], max(0.0, seconds))


time.sleep = sleep
