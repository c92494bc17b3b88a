"""Requests are counted in the unit their rule names; forms, sentences and pages say which."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from complaints import amounts, requested
from complaints.choices import LimitUnit
from complaints.first_pages import workbench_counts
from complaints.invariants.checking import check
from complaints.models import CaseRequest, CaseRules, RequestRule
from complaints.rules import rules_changed
from complaints.services.requests import deciding, standing
from governance.errors import HouseError
from governance.services import calendar
from tests.cast import Cast
from tests.complaints import stages
from tests.complaints.test_requests_asking import extension_of, fresh, local, suspension_of

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")


def rule(kind: str, **changes: Any) -> None:
    RequestRule.objects.filter(kind=kind).update(**changes)
    rules_changed()


@pytest.mark.parametrize(
    ("unit", "amount", "case_due", "words"),
    [
        ("wd", 2, "03-11 23:59", "延长 2个工作日"),
        ("cd", 2, "03-11 23:59", "延长 2个自然日"),
        ("kh", 4, "03-10 14:00", "延长 4个工作时"),
        ("wh", 4, "03-10 03:59", "延长 4小时"),
        ("own", 2, "03-11 23:59", "延长 2个工作日"),
    ],
)
def test_an_extension_is_added_in_the_unit_of_its_rule(
    office: Cast, unit: str, amount: int, case_due: str, words: str
) -> None:
    """The case is due on Monday 9 March at 23:59:59."""
    rule("extension", amount_unit=unit)
    case = stages.signed(office)
    assert local(case.case_due_at) == "03-09 23:59"
    request = extension_of(case, office, amount)
    deciding.grant(request.pk, by=office.su)
    case = fresh(case)
    assert local(case.case_due_at) == case_due
    assert case.steps.get(verb="grant_extension").note == words
    (found,) = check(["I6"])
    assert found.holds, found.breaches


@pytest.mark.parametrize(
    ("unit", "amount", "until"),
    [("cd", 3, "03-05 09:00"), ("wd", 3, "03-05 23:59"), ("kh", 3, "03-02 12:00"),
     ("wm", 90, "03-02 10:30")],
)  # fmt: skip
def test_a_spell_ends_as_its_unit_says(
    office: Cast, monday: Any, unit: str, amount: int, until: str
) -> None:
    rule("suspension", amount_unit=unit)
    monday.move_to(datetime(2026, 3, 2, 9, tzinfo=SHANGHAI))
    request = suspension_of(stages.signed(office), office, amount)
    deciding.grant(request.pk, by=office.chen)
    request.refresh_from_db()
    assert local(request.until) == until


def test_a_cap_counts_what_was_granted_in_another_unit_by_the_calendar(
    office: Cast, monday: Any
) -> None:
    """Two workdays are 15 hours at the office; then the office counts in working hours."""
    rule("extension", most_count=None)
    case = stages.signed(office)
    deciding.grant(extension_of(case, office, 2).pk, by=office.su)
    rule("extension", amount_unit="kh", most_amount=20)
    granted = CaseRequest.objects.get()
    taken = amounts.used(granted, LimitUnit.WORK_HOURS, requested.calendar_for(case))
    assert granted.amount_unit == "wd" and taken == 15
    with pytest.raises(HouseError, match=f"不能超过 20 工作时，还可申请 {20 - taken} 工作时"):
        extension_of(fresh(case), office, 21 - taken)
    assert extension_of(fresh(case), office, 20 - taken).amount_unit == "kh"


def test_a_spell_that_ended_early_counts_what_it_took(office: Cast, monday: Any) -> None:
    rule("suspension", amount_unit="kh", most_amount=20)
    case = stages.signed(office)
    request = suspension_of(case, office, 15)
    deciding.grant(request.pk, by=office.chen)
    monday.move_to(timezone.now() + timedelta(minutes=90))
    standing.resume(case.pk, by=office.chen, note="条件已具备")
    request.refresh_from_db()
    spent = amounts.used(request, LimitUnit.WORK_HOURS, requested.calendar_for(case))
    assert spent == 2  # an hour and a half, the second begun
    with pytest.raises(HouseError, match="还可申请 18 工作时"):
        suspension_of(fresh(case), office, 19)


def test_less_may_be_granted_and_the_refusal_names_the_unit(office: Cast) -> None:
    rule("extension", amount_unit="kh")
    request = extension_of(stages.signed(office), office, 3)
    with pytest.raises(HouseError, match="应在 1 到 3 工作时 之间"):
        deciding.grant(request.pk, by=office.su, amount=4)
    with pytest.raises(HouseError, match="时长至少为 1"):
        extension_of(stages.signed(office), office, 0)


def test_pages_and_forms_say_the_unit(office: Cast, client: Client) -> None:
    rule("extension", amount_unit="kh", most_amount=12)
    case = stages.signed(office)
    client.force_login(office.wang)
    phone = client.get(reverse("mobile:ask_extension", args=[case.pk])).content.decode()
    assert "延长多久（工作时）" in phone and "合计最多 12 工作时" in phone
    request = extension_of(case, office, 3)
    shown = client.get(reverse("mobile:complaint", args=[case.pk])).content.decode()
    assert "延期 3 工作时" in " ".join(shown.replace("<b>", " ").replace("</b>", " ").split())
    client.force_login(office.su)
    decide = client.get(reverse("admin:complaints_complaint_decide_request", args=[case.pk]))
    assert "批准多久（工作时）" in decide.content.decode()
    listed = client.get(reverse("admin:complaints_requests")).content.decode()
    assert "3 工作时" in listed
    assert request.get_amount_unit_display() == "工作时"


def test_the_office_edits_the_unit_and_a_wrong_one_is_refused(office: Cast, client: Client) -> None:
    client.force_login(office.chen)
    row = RequestRule.objects.get(kind="extension")
    address = reverse("admin:complaints_requestrule_change", args=[row.pk])
    sent = {"decider": "desk_above", "ask_within": "", "ask_within_unit": "wd", "most_count": "1",
            "most_amount": "12", "amount_unit": "kh", "check_days": "", "is_enabled": "on"}  # fmt: skip
    refused = client.post(address, sent | {"amount_unit": "fortnight"})
    assert refused.status_code == 200 and "fortnight" in refused.content.decode()
    assert client.post(address, sent).status_code == 302
    row.refresh_from_db()
    assert (row.amount_unit, row.most_amount) == ("kh", 12)
    assert (
        "12 工作时"
        in client.get(reverse("admin:complaints_requestrule_changelist")).content.decode()
    )


def test_what_a_page_offers_ends_with_the_streets_day(office: Cast, monday: Any) -> None:
    """A day that ends at closing time ends the return, on the page as in the service."""
    CaseRules.objects.update(cut_off="business_close")
    rules_changed()
    calendar.hours_changed()
    monday.move_to(datetime(2026, 3, 2, 9, tzinfo=SHANGHAI))
    case = stages.signed(office)
    monday.move_to(datetime(2026, 3, 4, 17, 20, tzinfo=SHANGHAI))
    assert requested.may_be_asked(fresh(case), "ask_return")
    monday.move_to(datetime(2026, 3, 4, 17, 40, tzinfo=SHANGHAI))
    assert not requested.may_be_asked(fresh(case), "ask_return")


def test_the_cut_off_reaches_every_count_of_the_first_page(office: Cast, monday: Any) -> None:
    """Late from closing time on; until then due today, and within three workdays before."""
    CaseRules.objects.update(cut_off="business_close")
    rules_changed()
    calendar.hours_changed()
    monday.move_to(datetime(2026, 3, 2, 9, tzinfo=SHANGHAI))
    due_at = stages.signed(office).due_at
    assert due_at is not None and local(due_at).endswith("17:30")

    def counts(at: datetime) -> tuple[int, ...]:
        monday.move_to(at)
        found = workbench_counts(office.chen)
        return tuple(found[band] for band in ("soon", "today", "overdue"))

    assert counts(due_at - timedelta(days=1)) == (1, 0, 0)
    assert counts(due_at - timedelta(minutes=1)) == (1, 1, 0)
    assert counts(due_at + timedelta(minutes=1)) == (0, 0, 1)
