"""The day's figures: stored once for each organisation, repeatable, and true for what they say."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from complaints import tasks
from complaints.models import Complaint, DayFigure
from complaints.services import closing, handling, intake, reviewing
from complaints.services.counts import store_day, store_missing_days
from governance.models import Organisation
from tests.cast import Cast
from tests.complaints import stages

pytestmark = [pytest.mark.django_db, pytest.mark.smoke]
MONDAY = date(2026, 3, 2)


def figure(unit: Organisation, day: date, name: str) -> int:
    return int(getattr(DayFigure.objects.get(organisation=unit, day=day), f"{name}_count"))


def test_every_street_community_branch_and_department_gets_a_row(office: Cast) -> None:
    assert store_day(MONDAY) == DayFigure.objects.count()
    kept = {row.organisation for row in DayFigure.objects.select_related("organisation")}
    assert kept == {
        office.street, office.east, office.west, office.east_branch, office.west_branch,
        office.squad, office.hotline_office,
    }  # fmt: skip


def test_a_case_counts_for_its_unit_and_all_above_it(office: Cast, monday: Any) -> None:
    stages.dispatched(office)
    stages.accepted(office)
    monday.shift(timedelta(days=1))
    store_day(MONDAY)
    for unit, count in [(office.street, 2), (office.east, 1), (office.east_branch, 1)]:
        assert figure(unit, MONDAY, "accepted") == figure(unit, MONDAY, "open") == count
    assert figure(office.west, MONDAY, "open") == figure(office.squad, MONDAY, "open") == 0


def test_answers_and_closes_are_counted_on_their_day(office: Cast, monday: Any) -> None:
    case = stages.signed(office)
    monday.shift(timedelta(days=1))
    handling.contact(case.pk, by=office.wang, channel="phone", is_reached=True)
    handling.reply(case.pk, by=office.wang, result_kind="solved", public_text=stages.ANSWER)
    reviewing.approve(case.pk, by=office.su)
    monday.shift(timedelta(days=1))
    closing.record_callback(
        case.pk, by=office.qian, outcome="reached", solved="yes", satisfaction="satisfied"
    )
    monday.shift(timedelta(days=1))
    days = [MONDAY + timedelta(days=n) for n in range(3)]
    for day in days:
        store_day(day)
    assert [figure(office.east, day, "finished") for day in days] == [0, 1, 0]
    assert [figure(office.east, day, "closed") for day in days] == [0, 0, 1]
    assert [figure(office.east, day, "open") for day in days] == [1, 1, 0]
    assert [figure(office.east, day, "due") for day in days] == [0, 1, 0]
    assert [figure(office.east, day, "on_time") for day in days] == [0, 1, 0]


def test_a_case_is_late_from_the_end_of_the_day_it_was_due(office: Cast, monday: Any) -> None:
    stages.signed(office)
    monday.shift(timedelta(days=10))
    days = [date(2026, 3, 5), date(2026, 3, 6), date(2026, 3, 9)]
    for day in days:
        store_day(day)
    assert [figure(office.east, day, "overdue") for day in days] == [0, 1, 1]
    assert [figure(office.east, day, "due") for day in days] == [0, 0, 1]
    assert figure(office.east, date(2026, 3, 9), "on_time") == 0


def test_what_was_filed_by_mistake_is_no_close(office: Cast, monday: Any) -> None:
    intake.void(stages.accepted(office).pk, by=office.chen, note="重复登记")
    monday.shift(timedelta(days=1))
    store_day(MONDAY)
    assert figure(office.street, MONDAY, "closed") == figure(office.street, MONDAY, "open") == 0


def test_storing_a_day_again_replaces_it(office: Cast, monday: Any) -> None:
    stages.dispatched(office)
    monday.shift(timedelta(days=1))
    first = store_day(MONDAY)
    Complaint.objects.update(accepted_at=timezone.now())
    assert store_day(MONDAY) == first == DayFigure.objects.count()
    assert figure(office.east, MONDAY, "accepted") == 0


def test_the_task_stores_yesterday_and_makes_good_what_a_sleeping_house_missed(
    office: Cast, monday: Any
) -> None:
    monday.shift(timedelta(days=1))
    tasks.store_day_figures()
    assert set(DayFigure.objects.values_list("day", flat=True)) == {MONDAY}
    monday.shift(timedelta(days=3))
    tasks.store_day_figures()
    tasks.store_day_figures()
    days = sorted(set(DayFigure.objects.values_list("day", flat=True)))
    assert days == [MONDAY + timedelta(days=n) for n in range(4)]
    monday.shift(timedelta(days=400))
    assert store_missing_days() == 31


def test_a_day_needs_as_many_statements_for_one_case_as_for_many(office: Cast) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as seen:
            store_day(MONDAY)
        return len(seen.captured_queries)

    stages.accepted(office)
    few = statements()
    for _ in range(5):
        stages.accepted(office)
    assert statements() == few <= 8


def test_an_ended_organisation_gets_no_more_days(office: Cast) -> None:
    Organisation.objects.filter(pk=office.west_branch.pk).update(ended_on=MONDAY)
    store_day(MONDAY)
    assert not DayFigure.objects.filter(organisation=office.west_branch).exists()


def test_the_stranger_sees_nothing(office: Cast) -> None:
    store_day(MONDAY)
    seen = {row.organisation for row in DayFigure.objects.visible_to(office.zhao)}
    assert seen == {office.west_branch}
