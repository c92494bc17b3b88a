"""The small street with its rules, and cases of both sides, for what programs may read."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import time_machine

from complaints.models import Complaint
from complaints.services import supervising
from tests.cast import Cast
from tests.complaints import stages
from tests.complaints.conftest import MONDAY, statements
from tests.fixtures import cast_with_rules

__all__ = ["statements"]
WORDS = "张三丰反映502室漏水，电话13800138000。"


@dataclass(frozen=True)
class Cases:
    """One case on each side, one about staff."""

    east: Complaint
    west: Complaint
    confidential: Complaint


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Monday morning; it stands until the test moves it."""
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def office(clock: time_machine.Traveller, db: None) -> Cast:
    """The cast with the rules of the house."""
    return cast_with_rules()


@pytest.fixture
def cases(office: Cast) -> Cases:
    """Filed by services, as in life; every word in them is somebody's."""
    west = {"place": office.west_group, "building": office.west_building}
    about = stages.accepted(office, text=WORDS)
    supervising.restrict(about.pk, by=office.chen, people=[office.wang.person])
    return Cases(
        east=stages.signed(office, text=WORDS),
        west=stages.accepted(office, text=WORDS, **west),
        confidential=about,
    )
