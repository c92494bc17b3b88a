"""While somebody is away the deputy receives the work, and it comes back afterwards."""

from datetime import date, timedelta
from typing import Any

from complaints import history, standing_in, timeline
from complaints.models import Complaint, Step
from complaints.services import handling, reviewing, supervising
from complaints.services.timing import DUTIES
from governance.models import Notice, RightsOfOneRequest
from governance.services import todo
from governance.services.leaves import end_leave, take_leave
from tests.cast import Cast
from tests.complaints.stages import dispatched, replied, signed
from tests.desk import signed_in

WEEK = {"started_on": date(2026, 3, 2), "last_on": date(2026, 3, 6)}


def away(cast: Cast, **days: date) -> Any:
    """Wang is away for this week, He (who minds the building) stands in; it begins at once."""
    leave = take_leave(cast.wang.person, cast.he.person, by=cast.wang, **WEEK | days)
    todo.sweep(DUTIES)
    return leave


def test_open_cases_go_to_the_deputy_and_come_back(office: Cast, monday: Any) -> None:
    case = signed(office)
    waiting = replied(office)
    away(office, last_on=date(2026, 3, 2))
    case.refresh_from_db()
    assert case.assignee == office.he.person
    assert Complaint.objects.get(pk=waiting.pk).assignee == office.wang.person  # no longer at work
    assert "由何美玲代理" in Step.objects.filter(complaint=case).latest("number").note
    assert Notice.objects.filter(person=office.he.person, title__contains="1 件在办").exists()
    steps = case.step_count
    todo.sweep(DUTIES)
    case.refresh_from_db()
    assert case.step_count == steps
    monday.move_to("2026-03-03T00:10:00+08:00")
    todo.sweep(DUTIES)
    case.refresh_from_db()
    assert case.assignee == office.wang.person


def test_new_work_and_reminders_reach_the_deputy_alone(office: Cast) -> None:
    away(office)
    Notice.objects.all().delete()
    case = dispatched(office)
    assert case.assignee == office.he.person
    handling.sign(case.pk, by=office.he)
    Complaint.objects.filter(pk=case.pk).update(assignee=office.wang.person)
    supervising.urge(case.pk, by=office.chen)
    told = set(
        Notice.objects.filter(subject=f"complaint:{case.pk}").values_list("person", flat=True)
    )
    assert office.he.person_id in told
    assert office.wang.person_id not in told


def test_the_history_says_in_whose_place_somebody_acted(office: Cast) -> None:
    away(office)
    case = dispatched(office)
    handling.sign(case.pk, by=office.he)
    line = timeline.events(case, history.steps_of(Complaint.objects.get(pk=case.pk)))[0]
    assert line.who == "何美玲"
    assert "代 王强" in line.post


def test_the_deputy_sees_whose_desk_it_is_at_the_desk_and_on_the_phone(office: Cast) -> None:
    dispatched(office)
    away(office)
    phone = signed_in(office.he).get("/m/").content.decode()
    assert "代 王强" in phone
    path = office.east_branch.path
    assert "拖动家具" in signed_in(office.he).get(f"/m/complaints/?at={path}").content.decode()
    desk = signed_in(office.he).get("/admin/").content.decode()
    assert "代 王强" in desk
    rows = signed_in(office.he).get(f"/admin/complaints/complaint/standing-in/?at={path}")
    assert "拖动家具" in rows.content.decode()
    with RightsOfOneRequest():
        [one] = standing_in.desks(office.he)
        assert one.count == 1


def test_who_stands_in_for_nobody_finds_no_desk(office: Cast) -> None:
    away(office)
    path = office.east_branch.path
    for user in (office.zhao, office.su, office.chen):
        address = f"/admin/complaints/complaint/standing-in/?at={path}"
        assert signed_in(user).get(address).status_code == 404
        assert signed_in(user).get(f"/m/complaints/?at={path}").status_code == 404
        assert "代 王强" not in signed_in(user).get("/admin/").content.decode()


def test_the_deputy_reviews_no_answer_of_the_own_hand(office: Cast) -> None:
    take_leave(office.su.person, office.ma.person, by=office.su, **WEEK)
    case = replied(office)
    assert reviewing.approve(case.pk, by=office.ma).stage == "pending_callback"


def test_coming_back_earlier_brings_the_cases_back(office: Cast, monday: Any) -> None:
    case = signed(office)
    leave = away(office)
    monday.shift(timedelta(days=1))
    end_leave(leave, by=office.wang)
    todo.sweep(DUTIES)
    case.refresh_from_db()
    assert case.assignee == office.wang.person
