"""Fixtures of the small street of `tests/cast.py`."""

import pytest

from tests.cast import Cast, build_cast


@pytest.fixture
def cast(db: None) -> Cast:
    """和平街道 with everybody in it."""
    return build_cast()
