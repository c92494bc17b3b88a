"""A case with requests, played at random: whatever people do, the clock keeps its promises."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from complaints import tasks
from complaints.choices import RequestKind, RequestState, Stage
from complaints.models import Assignment, CaseRequest, Complaint
from complaints.rules import rules_of
from complaints.services import dispatching, handling, recomputing
from complaints.services.requests import deciding, standing
from complaints.services.steps import first_broken_step
from complaints.workflow import AT_WORK
from governance.errors import HouseError
from governance.services.calendar import current_calendar
from tests.cast import Cast
from tests.complaints import stages
from tests.complaints.test_requests_asking import (
    claim_of,
    clock_of,
    extension_of,
    fresh,
    return_of,
    suspension_of,
)

pytestmark = pytest.mark.django_db
# What may move a due moment; all else must leave the clock alone.
MOVERS = ("grant", "resume", "dispatch", "sweep", "wait")
ASKS = {
    "return": return_of, "extension": extension_of, "suspension": suspension_of,
    "claim": claim_of,
}  # fmt: skip


class Play:
    """One case and the people around it."""

    def __init__(self, cast: Cast, clock: Any) -> None:
        self.cast, self.clock = cast, clock
        self.case = stages.signed(cast)

    def pending(self) -> int:
        """The oldest request that waits, or one that does not exist."""
        rows = CaseRequest.objects.filter(complaint=self.case, state=RequestState.PENDING)
        return rows.order_by("pk").values_list("pk", flat=True).first() or 0

    def deeds(self) -> dict[str, Callable[[], Any]]:
        """What somebody may try, whether it is allowed now or not."""
        pk, cast = self.case.pk, self.cast
        return {
            **{f"ask_{name}": lambda ask=ask: ask(self.case, cast) for name, ask in ASKS.items()},
            "grant": lambda: deciding.grant(self.pending(), by=cast.chen),
            "refuse": lambda: deciding.refuse(self.pending(), by=cast.qian, note="理由不充分"),
            "log": lambda: handling.log(pk, by=cast.wang, note="已到现场"),
            "assign": lambda: handling.assign(pk, cast.wang.person, by=cast.wang),
            "resume": lambda: standing.resume(pk, by=cast.chen, note="条件具备"),
            "dispatch": lambda: dispatching.dispatch(
                pk, cast.west_branch, by=cast.chen, note="改派"
            ),
            "sign": lambda: handling.sign(pk, by=cast.zhao),
            "sweep": tasks.sweep,
            "wait": lambda: self.clock.shift(timedelta(hours=11)),
        }

    def take(self, name: str) -> None:
        """Try one deed; a refusal changes nothing, and only movers move a due moment."""
        before, steps = clock_of(self.case), fresh(self.case).step_count
        try:
            with transaction.atomic():
                self.deeds()[name]()
        except (HouseError, PermissionDenied):
            assert fresh(self.case).step_count == steps
            assert clock_of(self.case) == before
        if name not in MOVERS:
            assert clock_of(self.case) == before

    def check(self) -> None:
        """What is true of every case at every moment."""
        case = fresh(self.case)
        assert first_broken_step(case) is None
        rows = list(CaseRequest.objects.filter(complaint=case))
        for kind in RequestKind.values:
            waiting = [r for r in rows if r.kind == kind and r.state == RequestState.PENDING]
            assert len(waiting) <= 1
        granted = [r for r in rows if r.state == RequestState.GRANTED]
        extended = [r for r in granted if r.kind == RequestKind.EXTENSION]
        assert len(extended) <= 1 and sum(r.amount or 0 for r in extended) <= 10
        standing_still = [
            r for r in granted if r.kind == RequestKind.SUSPENSION and r.ended_at is None
        ]
        assert case.is_suspended == (len(standing_still) == 1)
        assert all(r.asked_by_id != r.decided_by_id for r in granted)
        current = Assignment.objects.filter(complaint=case, ended_at=None).first()
        assert (current is not None) == (case.stage in AT_WORK)
        if current is not None:
            assert case.assignment_due_at == current.due_at == case.due_at
        if case.stage == Stage.PENDING_DISPATCH:
            assert case.due_at == case.case_due_at
        self.equals_the_reference(case)

    def equals_the_reference(self, case: Complaint) -> None:
        """Counting the whole history again from its rows gives the clock the case shows."""
        if case.is_suspended:
            return
        calendar = current_calendar(case.subdistrict)
        again = recomputing.new_moments(case, rules_of(case.subdistrict), calendar)
        for name, moment in again.items():
            assert not recomputing.differs(getattr(case, name), moment), name


NAMES = [
    *[f"ask_{name}" for name in ASKS], "grant", "grant", "refuse", "log", "assign", "resume",
    "dispatch", "sign", "sweep", "wait",
]  # fmt: skip


def play(cast: Cast, clock: Any, names: list[str]) -> None:
    """One random story, undone at its end."""
    begin = timezone.now()
    with transaction.atomic():
        story = Play(cast, clock)
        for name in names:
            story.take(name)
            story.check()
        transaction.set_rollback(True)
    clock.move_to(begin)


STORIES = {
    "deadline": None,
    "derandomize": True,
    "database": None,
    # A story that fails is told as it is: making it shorter takes minutes.
    "phases": [Phase.generate],
    "suppress_health_check": list(HealthCheck),
}


def test_random_stories_of_a_case_with_requests_keep_every_promise(
    office: Cast, monday: Any
) -> None:
    @settings(max_examples=10, **STORIES)
    @given(st.lists(st.sampled_from(NAMES), min_size=4, max_size=14))
    def tell(names: list[str]) -> None:
        play(office, monday, names)

    tell()


@pytest.mark.full
@pytest.mark.timeout(1_800)
def test_many_random_stories_keep_every_promise(office: Cast, monday: Any) -> None:
    @settings(max_examples=1500, **{**STORIES, "derandomize": False})
    @given(st.lists(st.sampled_from(NAMES), min_size=5, max_size=40))
    def tell(names: list[str]) -> None:
        play(office, monday, names)

    tell()
