"""One street of processes for all runs of the fault tests."""

import json
import os
from collections.abc import Iterator
from typing import Any

import pytest

from tests.faults.nursery import STREET
from tests.faults.stack import Stack
from tests.servers import ServerMissing


@pytest.fixture(scope="session")
def stack(request: pytest.FixtureRequest) -> Iterator[Stack]:
    """PostgreSQL, Redis, web, worker and beat; whatever was started is ended here."""
    street = Stack(durable=request.config.getoption("--full"))
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
    stack.take_over_what_is_laid()
    said = stack.run(STREET)
    assert said.startswith("{"), said[-2000:]
    stack.start_house()
    return dict(json.loads(said))
