"""Dispatching: to a desk, up the levels, and on to the right one."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from complaints.choices import AssignmentEnd, Stage, Supervision
from complaints.models import Assignment, Complaint
from complaints.services import clock, dispatching
from governance.errors import HouseError, WrongMove
from governance.models import Notice, Todo
from governance.services.calendar import current_calendar
from tests.cast import Cast
from tests.complaints.stages import accepted, dispatched, signed


def test_a_dispatch_gives_the_unit_its_own_promises(office: Cast) -> None:
    case = dispatched(office)
    row = Assignment.objects.get(complaint=case)
    local = current_calendar().local
    assert (case.stage, case.main_unit, case.holder) == (
        Stage.PENDING_SIGN, office.east_branch, office.east_branch,
    )  # fmt: skip
    assert case.assignee == office.wang.person
    assert local(row.sign_due_at).isoformat() == "2026-03-02T14:30:00"
    # Five workdays give Monday the 9th; a workday of buffer leaves Friday the 6th.
    assert local(row.due_at).isoformat() == "2026-03-06T23:59:59"
    assert case.due_at == row.due_at


def test_a_dispatch_tells_the_worker_and_nobody_on_the_other_side(office: Cast) -> None:
    case = dispatched(office)
    told = Notice.objects.filter(subject=f"complaint:{case.pk}", title__contains="待签收")
    assert [notice.person for notice in told] == [office.wang.person]


def test_reminders_auto_sign_and_the_time_box_are_planned(office: Cast) -> None:
    case = dispatched(office)
    kinds = set(
        Todo.objects.filter(subject_id=case.pk, done_at=None).values_list("kind", flat=True)
    )
    assert {clock.REMIND, clock.AUTO_SIGN, clock.CLIMB} <= kinds


def test_an_assistant_dispatches_inside_the_own_community_only(office: Cast) -> None:
    case = signed(office)
    dispatching.hand_on(case.pk, by=office.wang, note="不是本网格的楼")
    with pytest.raises(PermissionDenied):
        dispatching.dispatch(case.pk, office.west_branch, by=office.ma)
    moved = dispatching.dispatch(case.pk, office.east_group, by=office.ma)
    assert moved.holder == office.east_group


def test_a_party_household_never_gets_a_case(office: Cast) -> None:
    case = accepted(office)
    with pytest.raises(HouseError, match="党员户"):
        dispatching.dispatch(case.pk, office.party_household, by=office.chen)


def test_a_redispatch_restarts_the_units_clock_and_not_the_citizens(office: Cast, monday) -> None:
    case = dispatched(office)
    promised = case.case_due_at
    monday.shift(timedelta(days=1))
    again = dispatching.dispatch(case.pk, office.squad, by=office.chen)
    first, second = Assignment.objects.filter(complaint=case).order_by("number")
    assert (first.end_kind, second.number, second.ended_at) == (
        AssignmentEnd.REDISPATCHED, 2, None,
    )  # fmt: skip
    assert again.case_due_at == promised
    assert second.dispatched_at > first.dispatched_at
    assert again.transfer_count == 1


def test_the_third_transfer_makes_a_problem_order(office: Cast) -> None:
    case = dispatched(office)
    for unit in (office.squad, office.east_branch):
        assert dispatching.dispatch(case.pk, unit, by=office.chen).supervision == Supervision.NONE
    assert (
        dispatching.dispatch(case.pk, office.squad, by=office.chen).supervision
        == Supervision.ELEVATED
    )


def test_escalating_moves_the_holder_and_leaves_the_unit_accountable(office: Cast) -> None:
    case = signed(office)
    up = dispatching.escalate(case.pk, by=office.wang, note="需要协调物业")
    assert (up.holder, up.main_unit, up.stage) == (
        office.east, office.east_branch, Stage.PENDING_SIGN,
    )  # fmt: skip
    assert up.assignment_due_at == case.assignment_due_at


def test_a_case_climbs_to_the_street_and_no_further(office: Cast) -> None:
    case = signed(office)
    dispatching.escalate(case.pk, by=office.wang, note="需要协调物业")
    top = dispatching.escalate(case.pk, by=office.su, note="需要街道执法")
    assert top.holder == office.street
    with pytest.raises(WrongMove, match="街道"):
        dispatching.escalate(case.pk, by=None, note="再上报")


def test_escalating_needs_a_reason_and_the_right_desk(office: Cast) -> None:
    case = signed(office)
    with pytest.raises(WrongMove, match="说明"):
        dispatching.escalate(case.pk, by=office.wang, note=" ")
    with pytest.raises(PermissionDenied):
        dispatching.escalate(case.pk, by=office.zhao, note="想上报")


def test_what_is_not_of_this_grid_goes_back_to_the_communitys_desk(office: Cast) -> None:
    case = signed(office)
    passed = dispatching.hand_on(case.pk, by=office.wang, note="属于第二网格")
    assert (passed.stage, passed.holder, passed.main_unit) == (
        Stage.PENDING_DISPATCH, office.east, None,
    )  # fmt: skip
    assert Assignment.objects.get(complaint=case).end_kind == AssignmentEnd.HANDED_ON
    assert "第二网格" in passed.hint
    assert Notice.objects.filter(person=office.ma.person, title__contains="转出").exists()


def test_a_department_hands_on_to_the_street(office: Cast) -> None:
    case = accepted(office)
    dispatching.dispatch(case.pk, office.squad, by=office.chen)
    assert dispatching.hand_on(case.pk, by=office.sun, note="非本队职责").holder == office.street


def test_a_dispatch_of_a_closed_case_is_not_now(office: Cast) -> None:
    case = accepted(office)
    Complaint.objects.filter(pk=case.pk).update(stage=Stage.CLOSED)
    with pytest.raises(WrongMove):
        dispatching.dispatch(case.pk, office.squad, by=office.chen)
    assert not Assignment.objects.exists()
