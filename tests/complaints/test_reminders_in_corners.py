"""Reminders where a case takes an unusual way: found by the simulated days, kept here one by one."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from complaints.models import Complaint, Reminder
from complaints.services import dispatching, reviewing
from complaints.services.requests import asking, deciding, standing
from governance.errors import WrongMove
from governance.models import Notice
from tests.cast import Cast
from tests.complaints import stages
from tests.complaints.test_timing import live

pytestmark = pytest.mark.django_db
SPELL = {"amount": 3, "reason": "season", "evidence": "见区住建局〔2026〕12号文"}


def struck(case: Complaint, code: str) -> int:
    """How often a rule struck for a case."""
    return Reminder.objects.filter(complaint=case, rule_code=code).count()


def test_the_first_contact_is_asked_for_after_a_suspension_too(office: Cast, monday: Any) -> None:
    case = stages.signed(office, code="030402")
    request = asking.ask_suspension(case.pk, by=office.wang, note="等待统一修缮", **SPELL)
    deciding.grant(request.pk, by=office.chen)
    live(monday, days=2)
    assert not struck(case, "contact_passed")
    standing.resume(case.pk, by=office.chen, note="条件已具备")
    live(monday, hours=23)
    assert not struck(case, "contact_passed")
    live(monday, hours=2)
    assert struck(case, "contact_passed") == 1


def test_at_the_street_no_time_box_of_a_community_speaks(office: Cast, monday: Any) -> None:
    case = stages.signed(office, code="030402")
    dispatching.escalate(case.pk, by=office.wang, note="需社区协调")
    dispatching.escalate(case.pk, by=office.su, note="需街道协调")
    live(monday, days=20)
    assert not struck(case, "box_over")
    assert struck(case, "overdue_1") == 1


def test_a_box_that_ended_at_night_is_not_told_of_once_the_case_has_left(
    office: Cast, monday: Any
) -> None:
    monday.move_to(timezone.now() + timedelta(hours=9))
    case = stages.dispatched(office, code="030201")  # 24 hours on the wall
    dispatching.escalate(case.pk, by=office.wang, note="需社区协调")
    box = Complaint.objects.values_list("box_due_at", flat=True).get(pk=case.pk)
    assert box is not None
    live(monday, seconds=(box - timezone.now()).total_seconds() + 60)
    assert not struck(case, "box_over")  # the night is quiet
    dispatching.escalate(case.pk, by=office.su, note="需街道协调")
    live(monday, days=1)
    assert not struck(case, "box_over")


def test_what_would_reach_nobody_reaches_the_desk_of_the_street(office: Cast, monday: Any) -> None:
    case = stages.accepted(office)
    dispatching.dispatch(case.pk, office.squad, by=office.chen)
    live(monday, days=1)  # a squad has no community secretary who hears that it has not signed
    told = Notice.objects.filter(title__startswith="签收超时").values_list("person", flat=True)
    assert set(told) == {office.chen.person_id, office.qian.person_id}


def test_an_approval_before_any_answer_is_refused_with_a_sentence(office: Cast) -> None:
    for early in (stages.signed(office), stages.contacted(office)):
        with pytest.raises(WrongMove, match="当前状态"):
            reviewing.approve(early.pk, by=office.su)
