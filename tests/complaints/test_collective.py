"""群体诉求: many callers with one matter, recognised by their number or by a clerk, told upward."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from complaints.models import Complaint, Reminder, ReminderRule, Step
from complaints.rules import rules_changed
from complaints.services import dispatching, intake, merging
from complaints.services.timing import DUTIES
from governance.models import Notice
from governance.services import todo
from tests.cast import Cast
from tests.complaints import stages
from tests.complaints.desk import page_of, signed_in, typed

pytestmark = pytest.mark.django_db
PHONE = "1390000{:04}"


def fresh(case: Complaint) -> Complaint:
    return Complaint.objects.get(pk=case.pk)


def follow(office: Cast, lead: Complaint, *callers: int) -> None:
    """One more case of each of these callers follows the lead."""
    for number in callers:
        case = stages.accepted(office, caller_phone=PHONE.format(number))
        merging.merge_into(case.pk, fresh(lead), by=office.chen)


def swept(monday: Any) -> None:
    monday.shift(timedelta(minutes=1))
    todo.sweep(DUTIES)


def leader_heard(office: Cast, case: Complaint) -> bool:
    told = Notice.objects.filter(person=office.lin.person, subject=f"complaint:{case.pk}")
    return told.exists()


def test_the_fifth_caller_makes_a_matter_collective_and_the_leader_hears_once(
    office: Cast, monday: Any
) -> None:
    lead = stages.signed(office, caller_phone=PHONE.format(1))
    follow(office, lead, 2, 3, 4)
    swept(monday)
    assert not fresh(lead).is_collective and not leader_heard(office, lead)

    follow(office, lead, 5)
    swept(monday)
    follow(office, lead, 6)
    swept(monday)

    assert fresh(lead).is_collective and leader_heard(office, lead)
    assert (fresh(lead).card, fresh(lead).supervision) == ("red", "elevated")
    assert Reminder.objects.filter(complaint=lead, rule_code="collective").count() == 1


def test_one_caller_who_calls_five_times_is_one_caller(office: Cast, monday: Any) -> None:
    lead = stages.signed(office, caller_phone=PHONE.format(1))
    follow(office, lead, 1, 1, 1, 2)

    assert not fresh(lead).is_collective
    follow(office, lead, 3, 4, 5)
    assert fresh(lead).is_collective


def test_the_office_says_how_many_and_may_leave_it_to_the_clerk(office: Cast) -> None:
    for amount, is_one in ((2, True), (0, False)):
        ReminderRule.objects.filter(code="collective").update(amount=amount)
        rules_changed()
        lead = stages.signed(office, caller_phone=PHONE.format(1))
        follow(office, lead, 2)
        assert fresh(lead).is_collective is is_one, amount


def test_what_a_clerk_recognises_before_the_dispatch_is_told_with_it(
    office: Cast, monday: Any
) -> None:
    case, plain = stages.accepted(office), stages.accepted(office)
    intake.correct(case.pk, by=office.chen, is_collective=True)
    swept(monday)
    assert not leader_heard(office, case)

    for one in (case, plain):
        dispatching.dispatch(one.pk, office.east_branch, by=office.chen)
    swept(monday)

    assert leader_heard(office, case) and not leader_heard(office, plain)


def test_a_mark_that_was_taken_back_in_time_tells_nobody(office: Cast, monday: Any) -> None:
    case = stages.signed(office)
    intake.correct(case.pk, by=office.chen, is_collective=True)
    intake.correct(case.pk, by=office.chen, is_collective=False)
    swept(monday)

    assert not fresh(case).is_collective and not leader_heard(office, case)
    notes = Step.objects.filter(complaint=case, verb="correct").order_by("number")
    assert [step.note for step in notes] == ["认定为群体诉求", "不再作为群体诉求"]
    with pytest.raises(PermissionDenied):
        intake.correct(case.pk, by=office.zhao, is_collective=True)


def test_the_desk_marks_it_with_a_tick_and_shows_it(office: Cast) -> None:
    case, desk = fresh(stages.signed(office)), signed_in(office.chen)
    same = {"urgency": case.urgency, "address": case.address, "category": case.category_id,
            "place": case.place_id}  # fmt: skip

    nothing = desk.post(page_of(case, "correct"), typed(case, "correct", office.chen, **same))
    body = typed(case, "correct", office.chen, **same, is_collective="on")
    done = desk.post(page_of(case, "correct"), body)

    assert (nothing.status_code, done.status_code) == (422, 302)
    chip = '<span class="chip chip-soon">群体诉求</span>'
    pages = (page_of(case), "/admin/complaints/complaint/", f"/m/complaints/{case.pk}/")
    assert all(chip in desk.get(page).content.decode() for page in pages)
