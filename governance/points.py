"""Named points of a deed at which the fault tests may kill the process; otherwise nothing.

The points, in their order: before_begin, after_lock, after_save, after_event, before_commit,
after_commit; before_reply is the door's, after_claim belongs to a control of `tests/faults`.
"""

from collections.abc import Callable

# Only `tests/faults` ever sets it; the house itself never does.
strike: Callable[[str], None] | None = None


def here(point: str) -> None:
    """Say that a deed has come to `point`; costs a look at one name."""
    if strike is not None:
        strike(point)
