"""One street of processes for all runs of the fault tests."""

import json
import os
from collections.abc import Iterator
from typing import Any

import pytest

from tests.faults.stack import Stack
from tests.servers import ServerMissing


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """PostgreSQL, Redis, web, worker and beat; whatever was started is ended here."""
    street = Stack()
    try:
        try:
            street.start()
        except ServerMissing as missing:
            if "PORTAL_VERIFY" in os.environ:
                raise
            pytest.skip(f"NO FAULT TEST RAN: {missing}")
        yield street
    finally:
        street.stop(os.getpid())


@pytest.fixture(scope="session")
def ids(stack: Stack) -> dict[str, Any]:
    """The street is built and its house is open; the ids its people need."""
    built = stack.python("-m", "tests.faults.street", seconds=300)
    assert built.returncode == 0, built.stderr[-2000:]
    stack.start_house()
    return dict(json.loads(built.stdout))
