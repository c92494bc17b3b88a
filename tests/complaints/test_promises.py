"""When the city draws a deadline nearer than the unit's promise, the promise comes with it."""

from datetime import datetime, timedelta

import pytest
import time_machine

from complaints.models import Assignment, Complaint, Step
from complaints.services import dispatching, handling
from complaints.services.clock import CLIMB, REMIND
from complaints.services.requests import city, deciding, standing
from complaints.services.steps import first_broken_step
from governance.calendar import SHANGHAI
from governance.models import Notice, Todo
from tests.cast import Cast
from tests.complaints.orders import brought_in_orders, order
from tests.complaints.test_requests_asking import suspension_of

LONG = "2026-03-16 17:30"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def dispatched_order(office: Cast) -> Complaint:
    """An order of the city with two weeks, dispatched to the eastern branch."""
    brought_in_orders(office, order(承诺完成时间=LONG))
    case = Complaint.objects.get()
    return dispatching.dispatch(case.pk, office.east_branch, by=office.chen)


def test_the_promise_comes_nearer_with_its_reminders_and_its_box(
    office: Cast, monday: time_machine.Traveller
) -> None:
    case = dispatched_order(office)
    promised, box = case.assignment_due_at, case.box_due_at
    assert promised is not None and box is not None
    shorter = promised - timedelta(days=1)
    brought_in_orders(office, order(承诺完成时间=f"{shorter.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"))

    case = Complaint.objects.get()
    current = Assignment.objects.get(complaint=case, ended_at=None)
    assert case.assignment_due_at == current.due_at == case.due_at
    assert monday is not None and current.due_at < promised
    assert case.case_due_at is not None and current.due_at <= case.case_due_at
    assert case.box_due_at is not None and case.box_due_at <= box
    waiting = Todo.objects.filter(subject_id=case.pk, done_at__isnull=True)
    assert waiting.get(kind=CLIMB).due_at == case.box_due_at
    overdue = waiting.filter(kind=REMIND).order_by("due_at").values_list("due_at", flat=True)
    assert current.due_at + timedelta(seconds=1) in overdue
    step = Step.objects.filter(complaint=case).order_by("-number").first()
    assert step is not None and (step.due_before, step.due_after) == (promised, current.due_at)
    assert first_broken_step(case) is None
    assert Notice.objects.filter(person=office.wang.person, title__contains="提前").exists()


def test_a_deadline_that_still_lies_behind_the_promise_leaves_it(office: Cast) -> None:
    case = dispatched_order(office)
    promised = case.assignment_due_at
    assert promised is not None
    later = promised + timedelta(days=1)
    brought_in_orders(office, order(承诺完成时间=f"{later.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"))

    assert Complaint.objects.get().assignment_due_at == promised


def test_a_deadline_in_the_past_makes_the_unit_late_at_once_and_not_before(
    office: Cast, monday: time_machine.Traveller
) -> None:
    dispatched_order(office)
    monday.shift(timedelta(hours=26))
    brought_in_orders(office, order(承诺完成时间="2026-03-02 17:30"))

    case = Complaint.objects.get()
    assert case.case_due_at == at("2026-03-02 17:30")
    assert case.due_at == at("2026-03-03 11:00")


def test_an_answered_case_is_not_touched(office: Cast) -> None:
    case = handling.sign(dispatched_order(office).pk, by=office.wang)
    promised = case.assignment_due_at
    handling.contact(case.pk, by=office.wang, channel="phone", is_reached=True)
    handling.reply(
        case.pk, by=office.wang, result_kind="explained", public_text="已办妥，请您放心使用。"
    )
    brought_in_orders(office, order(承诺完成时间="2026-03-03 17:30"))

    assert Complaint.objects.get().assignment_due_at == promised


@pytest.mark.parametrize("places", [1, 2])
def test_several_orders_of_one_file_come_nearer_each_for_itself(office: Cast, places: int) -> None:
    brought_in_orders(office, *[order(number, 承诺完成时间=LONG) for number in range(places)])
    for case in Complaint.objects.all():
        dispatching.dispatch(case.pk, office.east_branch, by=office.chen)
    before = dict(Complaint.objects.values_list("pk", "assignment_due_at"))
    brought_in_orders(
        office, *[order(number, 承诺完成时间="2026-03-03 17:30") for number in range(places)]
    )

    for pk, due_at in Complaint.objects.values_list("pk", "assignment_due_at"):
        assert due_at < before[pk]


def test_a_deadline_the_city_sets_while_the_clock_stands_still_holds_as_it_was_given(
    office: Cast, monday: time_machine.Traveller
) -> None:
    case = handling.sign(dispatched_order(office).pk, by=office.wang)
    spell = suspension_of(case, office, 10)
    deciding.grant(spell.pk, by=office.chen)
    city.record_city_answer(
        case.pk, by=office.chen, request=spell.pk, is_approved=True, number="市挂9",
        answered_on=at("2026-03-02 09:00").date(),
    )  # fmt: skip
    brought_in_orders(office, order(承诺完成时间="2026-03-18 12:00"))
    monday.move_to(at("2026-03-09 09:00"))
    standing.resume(case.pk, by=office.chen)

    case = Complaint.objects.get()
    assert case.case_due_at == at("2026-03-18 12:00")
    assert case.assignment_due_at == case.due_at and case.due_at is not None
    assert case.due_at <= case.case_due_at
