"""A suspension stops the clock by exactly what was left, and nothing else does."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from complaints import tasks
from complaints.choices import CityAnswer, RequestState, Stage
from complaints.models import Assignment, CaseRequest, Complaint, Reminder, RequestRule
from complaints.rules import rules_changed
from complaints.services import clock, dispatching, handling, intake, recomputing
from complaints.services.requests import asking, city, deciding, standing
from governance.errors import HouseError, WrongMove
from governance.models import Notice, Todo, User
from governance.services import calendar
from tests.cast import Cast
from tests.complaints import stages
from tests.complaints.test_requests_asking import (
    EVIDENCE,
    clock_of,
    extension_of,
    fresh,
    local,
    return_of,
    suspension_of,
)
from tests.complaints.test_timing import live, told

pytestmark = pytest.mark.django_db


def beijing(month: int, day: int, hour: int = 9, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo("Asia/Shanghai"))


def suspended(cast: Cast, case: Complaint, days: int = 30) -> CaseRequest:
    request = suspension_of(case, cast, days)
    deciding.grant(request.pk, by=cast.chen, note="同意")
    request.refresh_from_db()
    return request


def signed_city_order(cast: Cast) -> Complaint:
    order = stages.filed(cast, source="hotline", source_number="2603020001",
                         happened_at=timezone.now())  # fmt: skip
    case = intake.accept(order.pk, by=cast.chen, city_due_at=beijing(3, 11, 18))
    dispatching.dispatch(case.pk, cast.east_branch, by=cast.chen)
    return handling.sign(case.pk, by=cast.wang)


def test_two_workdays_that_were_left_are_left_again(office: Cast, monday: Any) -> None:
    """The vector of `domain.md` 8.2: due 5 March, suspended on the 3rd, resumed on the 20th."""
    monday.move_to(beijing(2, 27))
    case = stages.signed(office)
    assert local(case.case_due_at) == "03-05 23:59"
    monday.move_to(beijing(3, 3))
    request = suspended(office, case)
    assert fresh(case).is_suspended and fresh(case).stage == Stage.HANDLING
    assert (request.case_left, request.assignment_left) == (2, 1)
    monday.move_to(beijing(3, 20))
    standing.resume(case.pk, by=office.qian, note="材料已到")
    case = fresh(case)
    assert (local(case.case_due_at), local(case.assignment_due_at)) == (
        "03-24 23:59",
        "03-23 23:59",
    )
    assert not case.is_suspended and case.due_at == case.assignment_due_at
    assert Assignment.objects.get(complaint=case).due_at == case.assignment_due_at
    step = case.steps.get(verb="resume")
    assert (local(step.due_before), local(step.due_after)) == ("03-04 23:59", "03-23 23:59")


@pytest.mark.parametrize(
    ("amount", "unit", "due"),
    [(10, "kh", "03-23 11:30"), (30, "wh", "03-21 15:00"), (600, "wm", "03-20 19:00"),
     (3, "cd", "03-24 23:59")],
)  # fmt: skip
def test_hours_and_days_keep_what_was_left_in_their_own_unit(
    office: Cast, monday: Any, amount: int, unit: str, due: str
) -> None:
    leaf = stages.category("050401")
    leaf.limit_amount, leaf.limit_unit = amount, unit
    leaf.save()
    monday.move_to(beijing(3, 19))
    case = stages.signed(office)
    monday.shift(timedelta(hours=1))
    before = fresh(case)
    suspended(office, case)
    monday.shift(timedelta(days=1))
    standing.resume(case.pk, by=office.chen)
    after = fresh(case)
    assert local(after.case_due_at) == due
    if unit in ("wh", "wm"):
        assert after.case_due_at - before.case_due_at == timedelta(days=1)
        assert after.assignment_due_at - before.assignment_due_at == timedelta(days=1)


def test_a_late_case_cannot_stand_still(office: Cast, monday: Any) -> None:
    case = stages.signed(office)
    request = suspension_of(case, office)
    monday.move_to(case.assignment_due_at)
    with pytest.raises(WrongMove, match="已过办理期限"):
        deciding.grant(request.pk, by=office.chen)
    assert not fresh(case).is_suspended
    other = stages.signed(office)
    monday.move_to(other.case_due_at + timedelta(days=1))
    with pytest.raises(HouseError, match="不能再挂起"):
        suspension_of(other, office)


def test_ninety_days_are_the_most_and_every_spell_counts(office: Cast, monday: Any) -> None:
    case = stages.signed(office)
    for days, said in ((91, "不能超过 90 自然日"), (0, "至少为 1")):
        with pytest.raises(HouseError, match=said):
            suspension_of(case, office, days)
    suspended(office, case, 80)
    monday.shift(timedelta(days=30, hours=1))
    standing.resume(case.pk, by=office.chen)
    with pytest.raises(HouseError, match="还可申请 59 自然日"):
        suspension_of(case, office, 60)
    suspended(office, case, 59)


def test_a_suspension_needs_a_ground_from_the_list_and_something_that_proves_it(
    office: Cast,
) -> None:
    case = stages.signed(office)
    values: dict[str, Any] = {"by": office.wang, "note": "说明", "amount": 10}
    with pytest.raises(HouseError, match="依据"):
        asking.ask_suspension(case.pk, **values, reason="season")
    with pytest.raises(HouseError, match="从列表"):
        asking.ask_suspension(case.pk, **values, reason="too_tired", evidence=EVIDENCE)
    with pytest.raises(PermissionDenied):
        suspension_of(case, office, by=office.zhao)
    assert not CaseRequest.objects.exists()


def test_while_it_stands_still_only_notes_are_taken(office: Cast) -> None:
    case = stages.contacted(office)
    request = suspended(office, case)
    refused = [
        lambda: handling.reply(
            case.pk, by=office.wang, result_kind="solved", public_text=stages.ANSWER
        ),
        lambda: dispatching.escalate(case.pk, by=office.wang, note="上报"),
        lambda: dispatching.dispatch(case.pk, office.squad, by=office.chen),
        lambda: extension_of(case, office),
        lambda: return_of(case, office),
    ]
    for attempt in refused:
        with pytest.raises((WrongMove, HouseError), match="挂起"):
            attempt()
    handling.log(case.pk, by=office.wang, note="已联系施工方")
    standing.recheck(case.pk, by=office.chen, note="仍在等待施工季")
    request.refresh_from_db()
    assert request.checked_at == timezone.now()
    with pytest.raises(PermissionDenied):
        standing.resume(case.pk, by=office.wang)


def test_what_waits_for_more_time_is_refused_at_the_end_that_holds_after_a_suspension(
    office: Cast, monday: Any
) -> None:
    """The old end passes while the clock stands still: the request neither ends nor is forgotten."""
    case = stages.signed(office)
    waiting = extension_of(case, office)
    suspended(office, case, 30)
    live(monday, days=20)
    waiting.refresh_from_db()
    assert fresh(case).is_suspended and waiting.state == RequestState.PENDING
    standing.resume(case.pk, by=office.chen)
    due = fresh(case).due_at
    assert due is not None
    monday.move_to(due - timedelta(seconds=1))
    tasks.sweep()
    waiting.refresh_from_db()
    assert waiting.state == RequestState.PENDING
    monday.move_to(due + timedelta(seconds=1))
    tasks.sweep()
    waiting.refresh_from_db()
    assert (waiting.state, waiting.decided_by) == (RequestState.REFUSED, None)


def test_what_waits_for_more_time_is_refused_earlier_when_the_end_comes_nearer(
    office: Cast, monday: Any
) -> None:
    monday.move_to(beijing(3, 4))
    case = stages.signed(office)
    waiting, before = extension_of(case, office), fresh(case).due_at
    calendar.set_day(date(2026, 3, 7), is_workday=True, by=office.chen, note="调休上班")
    tasks.recompute_deadlines()
    due = fresh(case).due_at
    assert due is not None and before is not None and due < before
    monday.move_to(due + timedelta(seconds=1))
    tasks.sweep()
    waiting.refresh_from_db()
    assert waiting.state == RequestState.REFUSED


def test_it_ends_by_itself_and_is_checked_every_month(office: Cast, monday: Any) -> None:
    case = stages.signed(office)
    request = suspended(office, case, 70)
    live(monday, days=69)
    assert fresh(case).is_suspended
    assert told(office.chen, "挂起须复核") == 2
    assert told(office.wang, "挂起须复核") == 2
    live(monday, days=2)
    case = fresh(case)
    assert not case.is_suspended and case.steps.get(verb="resume").by is None
    request.refresh_from_db()
    assert request.ended_at == request.until
    assert local(case.case_due_at) == "05-18 23:59"
    assert told(office.wang, "挂起结束") == 1
    with pytest.raises(WrongMove, match="没有挂起"):
        standing.resume(case.pk, by=office.chen)


def test_reminders_wait_and_then_keep_their_places(office: Cast, monday: Any) -> None:
    case = stages.signed(office)
    Todo.objects.filter(kind=clock.CLIMB).delete()
    monday.move_to(beijing(3, 3))
    request = suspended(office, case, 10)
    live(monday, days=9)
    assert not Reminder.objects.exists()
    live(monday, days=14)
    struck = {row.rule_code: local(row.due_at) for row in Reminder.objects.filter(complaint=case)}
    # Due on Wednesday the 18th for the unit: half, a workday before, the first day late.
    assert local(fresh(case).assignment_due_at) == "03-18 23:59"
    assert struck["half"].startswith("03-1") and struck["half"] > local(request.until)
    assert (struck["near"], struck["overdue_1"]) == ("03-18 08:30", "03-19 08:30")
    assert (told(office.su, "办理时限过半"), told(office.su, "临近到期")) == (1, 1)


def test_what_was_told_before_is_not_told_again_after_an_extension(
    office: Cast, monday: Any
) -> None:
    case = stages.signed(office)
    Todo.objects.filter(kind=clock.CLIMB).delete()
    live(monday, days=3, hours=8)
    assert told(office.wang, "办理时限过半") == 1
    deciding.grant(extension_of(case, office, 5).pk, by=office.su)
    live(monday, days=14)
    assert told(office.wang, "办理时限过半") == 1
    assert (told(office.wang, "临近到期"), told(office.wang, "超期第1个工作日")) == (1, 1)
    near = Reminder.objects.get(complaint=case, rule_code="near")
    assert local(near.due_at) == "03-13 08:30"


# ── orders of the city ───────────────────────────────────────────────────────────────────────


def test_the_streets_extension_moves_only_the_units_clock_until_the_city_approves(
    office: Cast, monday: Any
) -> None:
    case = signed_city_order(office)
    assert local(case.assignment_due_at) == "03-09 23:59"
    request = extension_of(case, office, 3)
    deciding.grant(request.pk, by=office.su)
    case = fresh(case)
    assert (local(case.case_due_at), local(case.assignment_due_at)) == (
        "03-11 18:00",
        "03-11 18:00",
    )
    request.refresh_from_db()
    assert request.city_answer == CityAnswer.WAITING
    answer: dict[str, Any] = {"request": request.pk, "is_approved": True, "number": "市延0312"}
    with pytest.raises(PermissionDenied):
        city.record_city_answer(case.pk, by=office.su, **answer, answered_on=date(2026, 3, 2))
    with pytest.raises(HouseError, match="日期"):
        city.record_city_answer(case.pk, by=office.chen, **answer, answered_on=date(2026, 3, 3))
    with pytest.raises(HouseError, match="文号"):
        city.record_city_answer(
            case.pk, by=office.chen, **answer | {"number": " "}, answered_on=date(2026, 3, 2)
        )
    city.record_city_answer(case.pk, by=office.chen, **answer, answered_on=date(2026, 3, 2))
    case = fresh(case)
    assert (local(case.case_due_at), local(case.assignment_due_at)) == (
        "03-16 23:59",
        "03-13 23:59",
    )
    assert "市延0312" in case.steps.get(verb="record_city_answer").note
    with pytest.raises(WrongMove):
        city.record_city_answer(case.pk, by=office.chen, **answer, answered_on=date(2026, 3, 2))


def test_without_the_citys_consent_an_order_stands_still_no_longer_than_to_its_eve(
    office: Cast, monday: Any
) -> None:
    case = signed_city_order(office)
    request = suspended(office, case, 30)
    assert local(request.until) == "03-10 18:00"
    live(monday, days=9)
    assert not fresh(case).is_suspended
    assert local(fresh(case).case_due_at) == "03-11 18:00"


def test_with_the_citys_consent_it_stands_as_long_as_asked_and_the_deadline_follows(
    office: Cast, monday: Any
) -> None:
    case = signed_city_order(office)
    request = suspended(office, case, 20)
    city.record_city_answer(
        case.pk, by=office.chen, request=request.pk, is_approved=True, number="市挂7",
        answered_on=date(2026, 3, 2),
    )  # fmt: skip
    live(monday, days=15)
    assert fresh(case).is_suspended
    live(monday, days=6)
    # Seven workdays were left on 2 March.
    assert local(fresh(case).case_due_at) == "03-31 23:59"


def test_more_time_from_the_city_is_not_lost_to_a_clock_that_stands_still(
    office: Cast, monday: Any
) -> None:
    case = signed_city_order(office)
    extension = extension_of(case, office, 5)
    deciding.grant(extension.pk, by=office.su)
    spell = suspended(office, case, 20)
    for request in (extension, spell):
        city.record_city_answer(
            case.pk, by=office.chen, request=request.pk, is_approved=True, number="市批9",
            answered_on=date(2026, 3, 2),
        )  # fmt: skip
    assert local(fresh(case).case_due_at) == "03-18 23:59"
    monday.move_to(beijing(3, 9))
    standing.resume(case.pk, by=office.chen)
    # Twelve workdays were left on 2 March, five of them by the city's answer.
    assert local(fresh(case).case_due_at) == "03-25 23:59"
    assert local(fresh(case).assignment_due_at) == "03-24 23:59"


def test_a_refusal_of_the_city_sets_the_case_going_at_once(office: Cast, monday: Any) -> None:
    case = signed_city_order(office)
    request = suspended(office, case, 20)
    monday.shift(timedelta(days=1))
    city.record_city_answer(
        case.pk, by=office.chen, request=request.pk, is_approved=False, number="市挂8",
        answered_on=date(2026, 3, 3),
    )  # fmt: skip
    assert not fresh(case).is_suspended


def test_an_order_the_city_does_not_take_back_comes_back_with_its_deadline(office: Cast) -> None:
    order = stages.filed(office, source="hotline", source_number="2603020009")
    case = intake.accept(order.pk, by=office.chen, city_due_at=beijing(3, 11, 18))
    intake.return_to_source(case.pk, by=office.chen, note="不属本街道", reason_code="not_ours")
    request = CaseRequest.objects.get(complaint=case)
    assert request.city_answer == CityAnswer.WAITING
    city.record_city_answer(
        case.pk, by=office.qian, request=request.pk, is_approved=False, number="市退1",
        answered_on=date(2026, 3, 2), note="确属贵街道",
    )  # fmt: skip
    assert fresh(case).stage == Stage.PENDING_ACCEPTANCE
    intake.accept(case.pk, by=office.chen)
    assert local(fresh(case).case_due_at) == "03-11 18:00"


# ── a holiday is edited under open cases ─────────────────────────────────────────────────────


def test_a_new_holiday_counts_open_clocks_again_as_a_step_of_the_house(
    office: Cast, monday: Any, admin_of_calendar: User
) -> None:
    running, city_order = stages.signed(office), signed_city_order(office)
    extended = stages.signed(office)
    deciding.grant(extension_of(extended, office, 2).pk, by=office.su)
    standing_still = stages.signed(office)
    suspended(office, standing_still)
    before = clock_of(standing_still)
    calendar.set_day(date(2026, 3, 5), is_workday=False, by=admin_of_calendar, note="临时放假")
    tasks.recompute_deadlines()
    assert local(fresh(running).case_due_at) == "03-10 23:59"
    assert local(fresh(running).assignment_due_at) == "03-09 23:59"
    assert local(fresh(extended).case_due_at) == "03-12 23:59"
    assert local(fresh(extended).original_due_at) == "03-10 23:59"
    assert local(fresh(city_order).case_due_at) == "03-11 18:00"
    assert clock_of(standing_still) == before
    step = fresh(running).steps.get(verb="recompute")
    assert step.by is None and local(step.due_before) == "03-06 23:59"
    tasks.recompute_deadlines()
    assert fresh(running).steps.filter(verb="recompute").count() == 1
    near = Todo.objects.get(key=f"complaints.remind:{running.pk}:1:near")
    assert local(near.due_at) == "03-09 08:30"


def test_counting_again_without_a_change_moves_nothing(office: Cast) -> None:
    case = stages.signed(office)
    deciding.grant(extension_of(case, office, 2).pk, by=office.su)
    before = clock_of(case)
    Complaint.objects.filter(pk=case.pk).update(calendar_version=0)
    assert recomputing.recompute(case.pk) is False
    assert clock_of(case) == before


@pytest.fixture
def admin_of_calendar(office: Cast) -> User:
    return office.chen


# ── 超职责 ────────────────────────────────────────────────────────────────────────────────────


def test_the_office_says_whether_a_ruling_leaves_the_rates(office: Cast) -> None:
    RequestRule.objects.filter(kind="out_of_duty").update(leaves_rates=False)
    rules_changed()
    case = stages.signed(office)
    request = asking.claim_out_of_duty(
        case.pk, by=office.wang, note="属国网", reason="outside_law", evidence=EVIDENCE
    )
    deciding.grant(request.pk, by=office.chen)
    assert not fresh(case).leaves_rates
    with pytest.raises(WrongMove, match="已经认定"):
        asking.claim_out_of_duty(
            case.pk, by=office.wang, note="属国网", reason="outside_law", evidence=EVIDENCE
        )
    request.refresh_from_db()
    assert request.state == RequestState.GRANTED
    assert Notice.objects.filter(person=office.wang.person, title__contains="已同意").exists()
