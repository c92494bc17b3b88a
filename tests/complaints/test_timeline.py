"""The timeline: every kind of event on both pages, the clock before and after, and its filters."""

from datetime import timedelta
from typing import Any

import pytest

from complaints import history, timeline
from complaints.models import Complaint, Reminder
from complaints.services import dispatching, handling, supervising, undoing
from complaints.services.requests import asking, deciding, standing
from complaints.services.timing import DUTIES
from complaints.workflow import MOVES
from governance.services import calendar, todo
from tests.cast import Cast
from tests.complaints import stages
from tests.desk import signed_in

pytestmark = pytest.mark.django_db


def pages(case: Complaint, office: Cast, show: str = "") -> dict[str, str]:
    """The case as a clerk and as its holder read it."""
    more = f"?show={show}" if show else ""
    return {
        "desk": signed_in(office.chen)
        .get(f"/admin/complaints/complaint/{case.pk}/change/{more}")
        .content.decode(),
        "phone": signed_in(office.wang).get(f"/m/complaints/{case.pk}/{more}").content.decode(),
    }


def lived(office: Cast, monday: Any) -> Complaint:
    """A case with a slip taken back, a request of each clock, reminders and words from above."""
    case = stages.dispatched(office)
    undoing.undo(case.pk, by=office.chen)
    dispatching.dispatch(case.pk, office.east_branch, by=office.chen)
    handling.sign(case.pk, by=office.wang)
    handling.contact(case.pk, by=office.wang, channel="phone", is_reached=True)
    request = asking.ask_extension(
        case.pk, by=office.wang, note="配件下周到货", amount=2, channel="phone", reason="works"
    )
    deciding.grant(request.pk, by=office.su)
    supervising.instruct(case.pk, by=office.lin, text="请抓紧办理")
    request = asking.ask_suspension(
        case.pk, by=office.wang, note="等待入冬前统一修缮", amount=30, reason="season",
        evidence="见区住建局〔2026〕12号文",
    )  # fmt: skip
    deciding.grant(request.pk, by=office.chen)
    monday.shift(timedelta(days=3))
    standing.resume(case.pk, by=office.chen, note="提前恢复")
    due = Complaint.objects.get(pk=case.pk).due_at
    assert due is not None
    monday.move_to(due + timedelta(days=1))
    todo.sweep(DUTIES)
    return Complaint.objects.get(pk=case.pk)


def test_everything_that_happened_stands_on_both_pages(
    office: Cast, monday: Any, statements: Any
) -> None:
    case = lived(office, monday)
    titles = [
        "登记", "受理", "派单", "撤销派单", "签收", "联系诉求人", "申请延期", "同意延期", "领导批示",
        "申请挂起", "同意挂起，时限暂停", "恢复办理，时限继续", "时限提醒",
    ]  # fmt: skip
    labels = set(Reminder.objects.values_list("label", flat=True))
    assert len(labels) > 1
    for door, page in pages(case, office).items():
        assert [one for one in titles if f"<b>{one}</b>" not in page] == [], door
        assert [one for one in labels if one not in page] == [], door
        assert "暂停计时" in page and "已通知" in page, door
        assert "王强" in page and "东一网格党支部 网格员" in page and "苏文静" in page, door
    for user, address in (
        (office.chen, f"/admin/complaints/complaint/{case.pk}/change/"),
        (office.wang, f"/m/complaints/{case.pk}/"),
    ):
        client = signed_in(user)
        client.get(address)
        with statements(most=12):
            client.get(address)


def test_each_step_shows_the_clock_before_and_after(office: Cast, monday: Any) -> None:
    case = lived(office, monday)
    events = timeline.events(case, history.steps_of(case))
    assert [one.at for one in events] == sorted((one.at for one in events), reverse=True)
    steps = {step.verb: step for step in case.steps.order_by("number")}
    clocks = {one.verb: one.clock for one in reversed(events)}
    for verb in ("grant_extension", "resume", "accept"):
        assert clocks[verb] == {"due": steps[verb].due_after, "due_was": steps[verb].due_before}
        assert clocks[verb]["due"] != clocks[verb]["due_was"]
    assert clocks["grant_suspension"]["stopped"] == "暂停计时"
    for verb in ("contact", "instruct", "ask_extension", "sign"):
        assert clocks[verb] == {}, verb
    # A reminder that raised a card is told once, with how many heard of it.
    reminded = [one for one in events if one.verb == "remind"]
    assert len(reminded) == Reminder.objects.count()
    assert all("已通知" in one.text for one in reminded)


def test_the_filters_stand_in_the_address_and_are_printed(office: Cast, monday: Any) -> None:
    case = lived(office, monday)
    inside = {"clock": "同意延期", "people": "派单", "contact": "联系诉求人"}
    outside = {"clock": "联系诉求人", "people": "同意延期", "contact": "同意延期"}
    for show in inside:
        for door, page in pages(case, office, show).items():
            assert f"<b>{inside[show]}</b>" in page, (door, show)
            assert f"<b>{outside[show]}</b>" not in page, (door, show)
        paper = signed_in(office.chen).get(
            f"/admin/complaints/complaint/{case.pk}/print/?show={show}"
        ).content.decode()  # fmt: skip
        assert f"<b>{inside[show]}</b>" in paper and f"<b>{outside[show]}</b>" not in paper
    assert "<b>登记</b>" in pages(case, office, "nonsense")["desk"]


def test_a_holiday_counted_again_and_a_climb_are_told(office: Cast, monday: Any) -> None:
    case = stages.signed(office)
    dispatching.escalate(case.pk, by=office.wang, note="需社区协调物业处理")
    page = signed_in(office.chen).get(f"/admin/complaints/complaint/{case.pk}/change/?show=people")
    said = page.content.decode()
    assert "<b>上报上级</b>" in said and "→ 东园社区" in said
    assert calendar.current_calendar() is not None


def test_every_verb_of_the_table_has_a_name_and_stands_under_all() -> None:
    assert set(MOVES) - set(history.VERBS) == set()
    known = timeline.ABOUT_TIME | timeline.ABOUT_PEOPLE | timeline.ABOUT_CONTACT
    assert known <= set(history.VERBS)
    for verb in MOVES:
        assert timeline.ALL in timeline.facets_of(verb, has_clock=False, has_moved=False)
