"""When a day ends is the street's rule; open clocks follow an edit, each by a step of the house."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from complaints import tasks
from complaints.desk.workbench import calendar_gap
from complaints.models import CaseRules, Category, Complaint, LevelBox
from complaints.rules import rules_changed
from complaints.services.recomputing import differs
from complaints.services.requests import deciding
from governance.models import CalendarYear
from governance.services import calendar
from tests.cast import Cast
from tests.complaints import stages

SHANGHAI = ZoneInfo("Asia/Shanghai")
pytestmark = pytest.mark.django_db


def local(moment: datetime | None) -> str:
    assert moment is not None
    return calendar.current_calendar().local(moment).strftime("%m-%d %H:%M:%S")


def end_days_at(cut_off: str) -> None:
    """As the desk does when the rule is saved."""
    CaseRules.objects.update(cut_off=cut_off)
    rules_changed()
    calendar.hours_changed()


def test_limits_in_days_end_when_the_streets_rules_say(office: Cast) -> None:
    before = stages.signed(office)
    end_days_at("business_close")
    after = stages.signed(office)

    assert local(before.case_due_at).endswith("23:59:59")
    assert local(after.case_due_at).endswith("17:30:00")
    assert local(after.case_due_at)[:5] == local(before.case_due_at)[:5]


def test_open_clocks_follow_the_edit_by_one_step_each_and_only_once(office: Cast) -> None:
    case = stages.signed(office)
    end_days_at("business_close")
    tasks.recompute_deadlines()
    tasks.recompute_deadlines()

    moved = Complaint.objects.get(pk=case.pk)
    assert local(moved.case_due_at).endswith("17:30:00")
    steps = moved.steps.filter(verb="recompute")
    assert [differs(step.due_before, step.due_after) for step in steps] == [True]


def test_a_doubt_that_an_extension_brought_stays_until_the_year_is_loaded(
    office: Cast, monday: Any
) -> None:
    """A limit within the year, extended into one whose days off nobody has announced."""
    monday.move_to(datetime(2026, 12, 14, 1, 0, tzinfo=SHANGHAI))
    case = stages.asked(office)
    assert not Complaint.objects.get(pk=case.pk).due_is_provisional
    request = case.requests.get()
    request.amount = 8
    request.save(update_fields=["amount"])
    deciding.grant(request.pk, by=office.chen)
    assert Complaint.objects.get(pk=case.pk).due_is_provisional
    CalendarYear.objects.filter(year=2026).update(version=99)
    tasks.recompute_deadlines()
    assert Complaint.objects.get(pk=case.pk).due_is_provisional

    plan = calendar.YearPlan(2027, {date(2027, 1, 1): calendar.NamedDay(False, "元旦")}, "notice")
    calendar.import_year(plan)
    tasks.recompute_deadlines()
    assert not Complaint.objects.get(pk=case.pk).due_is_provisional


def test_the_desk_offers_the_import_to_who_may_and_says_it_to_all(
    office: Cast, monday: Any
) -> None:
    monday.move_to(datetime(2026, 11, 16, 1, 0, tzinfo=SHANGHAI))
    assert "2027 年的放假安排还没有导入" in calendar_gap(office.chen)["text"]
    assert calendar_gap(office.chen)["url"] == reverse("admin:governance_calendaryear_import")
    assert calendar_gap(office.su)["url"] == ""  # a secretary reads it and may not import


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (LevelBox(level=3, amount=4, unit=""), "unit"),
        (LevelBox(level=3, amount=None, unit="kh"), "amount"),
        (LevelBox(level=3, amount=0, unit="kh"), "amount"),
        (Category(code="1", name="路灯", first_action_amount=2), "first_action_unit"),
    ],
)
def test_half_a_limit_is_refused_beside_its_field(row: Any, fault: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        row.clean()
    assert list(refusal.value.message_dict) == [fault]
