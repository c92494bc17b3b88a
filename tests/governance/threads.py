"""Several at once: threads, each with a database connection of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection


def in_threads(act: Callable[[int], Any], count: int) -> list[Any]:
    """Run `act(0)` … `act(count - 1)` at once and give their answers; the first error is raised."""

    def alone(number: int) -> Any:
        try:
            return act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(alone, range(count)))
