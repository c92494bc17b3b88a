"""Reviewing and closing: another person reads it, a third one asks the citizen."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from complaints.choices import AssignmentEnd, Stage, Supervision
from complaints.models import Assignment, Callback, Complaint, Reply
from complaints.services import closing, dispatching, handling, reviewing
from complaints.services.timing import DUTIES
from governance.errors import HouseError, WrongMove
from governance.models import User
from governance.services import todo
from tests.cast import Cast
from tests.complaints.stages import ANSWER, approved, contacted, filed, replied, signed


def happy(cast: Cast, case: Complaint, *, by: User | None = None) -> Complaint:
    return closing.record_callback(
        case.pk, by=by or cast.chen, outcome="reached", solved="yes", satisfaction="satisfied"
    )


def test_a_reviewed_answer_is_finished_as_of_the_reply(office: Cast, monday) -> None:
    case = replied(office)
    answered_at = timezone.now()
    monday.shift(timedelta(days=1))
    after = reviewing.approve(case.pk, by=office.su)
    assert (after.stage, after.finished_at, after.due_at) == (
        Stage.PENDING_CALLBACK, answered_at, None,
    )  # fmt: skip
    assert Assignment.objects.get(complaint=case).end_kind == AssignmentEnd.FINISHED


def test_nobody_reviews_the_own_answer(office: Cast) -> None:
    case = signed(office)
    dispatching.escalate(case.pk, by=office.wang, note="需要协调物业")
    handling.sign(case.pk, by=office.su)
    handling.contact(case.pk, by=office.su, channel="visit", is_reached=True)
    handling.reply(case.pk, by=office.su, result_kind="solved", public_text=ANSWER)
    with pytest.raises(PermissionDenied):
        reviewing.approve(case.pk, by=office.su)
    assert reviewing.approve(case.pk, by=office.chen).stage == Stage.PENDING_CALLBACK


def test_a_city_order_is_reviewed_by_the_street(office: Cast) -> None:
    case = replied(office, source="hotline", source_number="88")
    with pytest.raises(PermissionDenied, match="街道"):
        reviewing.approve(case.pk, by=office.su)
    reviewing.approve(case.pk, by=office.chen)


def test_what_is_sent_back_keeps_its_clock(office: Cast, monday) -> None:
    case = replied(office)
    promised = case.assignment_due_at
    monday.shift(timedelta(days=1))
    back = reviewing.send_back(case.pk, by=office.su, note="请补充完成时间")
    assert (back.stage, back.due_at) == (Stage.HANDLING, promised)
    assert Reply.objects.get(complaint=case).is_approved is False
    assert Assignment.objects.get(complaint=case).replied_at is None


def test_a_satisfied_citizen_closes_the_case(office: Cast) -> None:
    done = happy(office, approved(office))
    assert (done.stage, done.is_open, done.satisfaction) == (Stage.CLOSED, False, "satisfied")
    assert done.closed_at == timezone.now()


def test_who_answered_or_reviewed_does_not_ask(office: Cast) -> None:
    case = replied(office, source="hotline", source_number="89")
    reviewing.approve(case.pk, by=office.chen)
    with pytest.raises(PermissionDenied, match="未参与"):
        happy(office, case, by=office.chen)
    assert not Callback.objects.exists()
    case.refresh_from_db()
    closing.record_callback(
        case.pk, by=office.qian, outcome="reached", solved="yes", satisfaction="satisfied"
    )


def test_a_half_answer_is_refused(office: Cast) -> None:
    case = approved(office)
    with pytest.raises(HouseError, match="满意度"):
        closing.record_callback(case.pk, by=office.chen, outcome="reached", solved="yes")
    assert Complaint.objects.get(pk=case.pk).stage == Stage.PENDING_CALLBACK


@pytest.mark.parametrize(("solved", "satisfaction"), [("no", "satisfied"), ("yes", "dissatisfied")])
def test_a_dissatisfied_resident_starts_a_second_round_one_level_up(
    office: Cast, solved: str, satisfaction: str
) -> None:
    case = approved(office)
    again = closing.record_callback(
        case.pk, by=office.chen, outcome="reached", solved=solved, satisfaction=satisfaction,
        note="灯又坏了",
    )  # fmt: skip
    assert (again.stage, again.round, again.main_unit) == (Stage.PENDING_SIGN, 2, office.east)
    assert again.finished_at is None
    assert again.first_finished_at is not None
    second = Assignment.objects.get(complaint=case, ended_at=None)
    assert (second.round, second.unit) == (2, office.east)


def test_the_second_round_has_half_the_limit_in_its_own_unit(office: Cast) -> None:
    case = approved(office)
    again = closing.record_callback(
        case.pk, by=office.chen, outcome="reached", solved="no", satisfaction="dissatisfied"
    )
    # Half of five workdays, rounded up, from Monday the 2nd: Thursday the 5th.
    assert timezone.localtime(again.case_due_at).date().isoformat() == "2026-03-05"
    assert (again.limit_amount, again.limit_unit) == (5, "wd")


def answered_again(cast: Cast, case: Complaint) -> None:
    """The community answers the second round; the street reviews it."""
    handling.sign(case.pk, by=cast.su)
    handling.contact(case.pk, by=cast.su, channel="visit", is_reached=True)
    handling.reply(case.pk, by=cast.su, result_kind="solved", public_text=ANSWER)
    reviewing.approve(case.pk, by=cast.chen)


def test_after_the_second_round_the_clerk_decides(office: Cast) -> None:
    case = approved(office)
    bad = {"outcome": "reached", "solved": "no", "satisfaction": "dissatisfied"}
    closing.record_callback(case.pk, by=office.chen, **bad)
    answered_again(office, case)
    with pytest.raises(HouseError, match="再次重办"):
        closing.record_callback(case.pk, by=office.qian, **bad)
    third = closing.record_callback(case.pk, by=office.qian, again=True, **bad)
    assert (third.round, third.supervision) == (3, Supervision.ELEVATED)


def test_an_honest_close_keeps_the_bad_answer(office: Cast) -> None:
    case = approved(office)
    bad = {"outcome": "reached", "solved": "no", "satisfaction": "dissatisfied"}
    closing.record_callback(case.pk, by=office.chen, **bad)
    answered_again(office, case)
    closed = closing.record_callback(case.pk, by=office.qian, again=False, **bad)
    assert (closed.stage, closed.satisfaction) == (Stage.CLOSED, "dissatisfied")


def test_three_unreached_calls_on_two_days_close_the_case_as_unreached(
    office: Cast, monday
) -> None:
    case = approved(office)
    for _ in range(3):
        closing.record_callback(case.pk, by=office.chen, outcome="unreached")
    todo.sweep(DUTIES)
    assert Complaint.objects.get(pk=case.pk).stage == Stage.PENDING_CALLBACK
    monday.shift(timedelta(days=1))
    closing.record_callback(case.pk, by=office.chen, outcome="unreached")
    todo.sweep(DUTIES)
    closed = Complaint.objects.get(pk=case.pk)
    assert (closed.stage, closed.is_unreached, closed.satisfaction) == (Stage.CLOSED, True, "")


def test_praise_is_closed_without_asking(office: Cast) -> None:
    case = contacted(office, code="100301")
    handling.reply(case.pk, by=office.wang, result_kind="explained", public_text=ANSWER)
    assert reviewing.approve(case.pk, by=office.su).stage == Stage.CLOSED


def test_an_anonymous_matter_is_closed_without_asking(office: Cast) -> None:
    case = replied(office, caller_name="", caller_phone="")
    assert reviewing.approve(case.pk, by=office.su).stage == Stage.CLOSED


def test_a_closed_case_is_reworked_within_thirty_days_only(office: Cast, monday) -> None:
    first, second = happy(office, approved(office)), happy(office, approved(office))
    monday.shift(timedelta(days=29))
    assert closing.rework(first.pk, by=office.chen, note="群众来电反映复发").round == 2
    monday.shift(timedelta(days=2))
    with pytest.raises(HouseError, match="30"):
        closing.rework(second.pk, by=office.chen, note="群众来电反映复发")


def test_the_citys_callback_is_recorded_for_city_orders_only(office: Cast) -> None:
    own = approved(office)
    with pytest.raises(HouseError, match="热线"):
        closing.record_source_result(own.pk, by=office.chen, solved="yes", satisfaction="satisfied")
    city = replied(office, source="hotline", source_number="90")
    reviewing.approve(city.pk, by=office.chen)
    done = closing.record_source_result(
        city.pk, by=office.chen, solved="yes", satisfaction="very_satisfied"
    )
    assert (done.stage, done.satisfaction) == (Stage.CLOSED, "very_satisfied")


def test_a_citizen_may_take_the_matter_back(office: Cast) -> None:
    case = signed(office)
    gone = closing.withdraw(case.pk, by=office.chen, note="来电撤诉，问题已自行解决")
    assert (gone.stage, gone.is_open) == (Stage.WITHDRAWN, False)
    with pytest.raises(WrongMove):
        handling.log(case.pk, by=office.wang, note="继续办理")


def test_a_filed_case_cannot_be_closed_by_any_short_cut(office: Cast) -> None:
    case = filed(office)
    with pytest.raises(WrongMove):
        closing.record_callback(
            case.pk, by=office.chen, outcome="reached", solved="yes", satisfaction="satisfied"
        )
