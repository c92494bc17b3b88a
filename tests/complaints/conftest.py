"""The small street with its rules loaded, on a Monday morning."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tests.fixtures import cast_with_rules

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def monday() -> Iterator[time_machine.Traveller]:
    """Monday, 2 March 2026, nine o'clock; the clock stands until the test moves it."""
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def office(monday: time_machine.Traveller, db: None) -> Cast:
    """The cast, and the rules and calendars every street begins with."""
    return cast_with_rules()


@contextmanager
def at_most(most: int) -> Iterator[None]:
    """Fail when more statements run than `most`; savepoints and BEGIN are not counted."""
    with CaptureQueriesContext(connection) as captured:
        yield
    ran = [
        query["sql"]
        for query in captured.captured_queries
        if not query["sql"].startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT"))
    ]
    assert len(ran) <= most, f"{len(ran)} statements:\n" + "\n".join(sql[:200] for sql in ran)


@pytest.fixture
def statements() -> Callable[[int], AbstractContextManager[None]]:
    """A guard on the number of statements: `with statements(most=18): …`."""
    return at_most
