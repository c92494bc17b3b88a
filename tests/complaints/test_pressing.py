"""Pressure on a case: slips that want an answer and grow without one, cards with reasons."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from complaints import pressing, tasks
from complaints.models import Complaint, IssuedCard, Reminder, ReminderRule, SupervisionSlip
from complaints.services import cards, clock, slips, supervising
from complaints.services.steps import first_broken_step
from governance.errors import HouseError, WrongMove
from governance.models import Notice, Todo, User
from tests.cast import Cast
from tests.complaints import stages
from tests.complaints.desk import LIST, page_of, typed
from tests.complaints.phones import deed, phone_of, url
from tests.complaints.test_requests_reading import counts_on_tabs
from tests.complaints.test_timing import live
from tests.desk import signed_in

pytestmark = pytest.mark.django_db
DEMAND = "请立即到场核实，按期书面反馈。"
PRESSING = f"{LIST}pressing/"


def told(user: User, title: str) -> int:
    """How many lines of this title stand in an inbox."""
    return Notice.objects.filter(person=user.person_id, title__startswith=title).count()


def fresh(case: Complaint) -> Complaint:
    """The case as it is now."""
    return Complaint.objects.get(pk=case.pk)


def in_hours(hours: int) -> Any:
    """A time that can be kept."""
    return timezone.now() + timedelta(hours=hours)


def without_reminders() -> None:
    """Only what this test is about happens by itself."""
    ReminderRule.objects.exclude(trigger="slip").update(is_enabled=False)
    Todo.objects.filter(kind__in=(clock.CLIMB, clock.REMIND)).delete()


# Slips ---------------------------------------------------------------------------------------


def test_an_urging_that_nobody_answers_grows_level_by_level_and_ends_with_the_leader(
    office: Cast, monday: Any
) -> None:
    case = stages.signed(office)
    without_reminders()
    first = slips.supervise(
        case.pk, by=office.chen, demand=DEMAND, due_at=in_hours(3), level="urged"
    )
    assert (first.number, fresh(case).supervision) == ("HP催〔2026〕1号", "urged")
    live(monday, hours=5)
    second = SupervisionSlip.objects.get(level="supervised")
    assert (second.number, second.raised_from, second.issued_by) == (
        "HP督〔2026〕1号", first, None,
    )  # fmt: skip
    assert "逾期未反馈" in second.demand and fresh(case).supervision == "supervised"
    assert told(office.su, "督办升级") == 1
    live(monday, days=5)
    third = SupervisionSlip.objects.get(level="elevated")
    assert (third.number, third.raised_from) == ("HP提督〔2026〕1号", second)
    assert told(office.lin, "提级督办单") == 1
    live(monday, days=5)
    assert SupervisionSlip.objects.count() == 3
    assert Reminder.objects.filter(rule_code="slip_late").count() == 3
    assert fresh(case).card == "red"
    assert first_broken_step(fresh(case)) is None


def test_a_slip_that_is_answered_presses_no_more_and_its_writer_hears(
    office: Cast, monday: Any
) -> None:
    case = stages.signed(office)
    without_reminders()
    slip = slips.supervise(case.pk, by=office.chen, demand=DEMAND, due_at=in_hours(3))
    with pytest.raises(PermissionDenied):
        slips.answer(case.pk, by=office.zhao, slip=slip.pk, note="已办")
    with pytest.raises(WrongMove, match="说明"):
        slips.answer(case.pk, by=office.wang, slip=slip.pk, note=" ")
    phone = phone_of(office.wang)
    assert slip.number in phone.get(url("complaint", case)).content.decode()
    thin = phone.post(url("answer_slip", case), deed(case, instruction=slip.pk, note=""))
    assert thin.status_code == 422 and not fresh(case).slips.get().answer
    body = deed(case, instruction=slip.pk, note="已到场劝导，双方和解。")
    for _ in range(2):
        assert phone.post(url("answer_slip", case), body).status_code == 302
    slip.refresh_from_db()
    assert (slip.answered_by, slip.answer) == (office.wang, "已到场劝导，双方和解。")
    assert told(office.chen, "督办已反馈") == 1
    with pytest.raises(WrongMove, match="已经反馈"):
        slips.answer(case.pk, by=office.wang, slip=slip.pk, note="再报一次")
    live(monday, days=5)
    assert SupervisionSlip.objects.count() == 1
    paper = signed_in(office.chen).get(f"{page_of(case, 'slips')}{slip.pk}/").content.decode()
    assert "已到场劝导" in paper


def test_a_slip_waits_while_the_clock_stands_still_or_the_answer_is_reviewed(
    office: Cast, monday: Any
) -> None:
    cases = [stages.suspended(office), stages.replied(office)]
    without_reminders()
    for case in cases:
        slips.supervise(case.pk, by=office.chen, demand=DEMAND, due_at=in_hours(3))
    live(monday, days=3)
    assert SupervisionSlip.objects.filter(raised_at=None).count() == 2
    assert Todo.objects.filter(kind=clock.SLIP_DUE, done_at=None).count() == 2


def test_an_overdue_case_has_its_slip_ready_for_a_signature(office: Cast, monday: Any) -> None:
    case = stages.signed(office)
    Todo.objects.filter(kind=clock.CLIMB).delete()
    live(monday, days=8)
    draft = SupervisionSlip.objects.get()
    assert (draft.issued_at, draft.number, told(office.chen, "督办单已拟好")) == (None, "", 1)
    desk = signed_in(office.chen)
    assert page_of(case, "supervise") in desk.get(f"{PRESSING}?show=drafts").content.decode()
    assert desk.get(f"{page_of(case, 'slips')}{draft.pk}/").status_code == 404
    form = desk.get(page_of(case, "supervise")).content.decode()
    assert draft.demand in form
    values = {"demand": draft.demand, "due_at": "2026-03-11T17:00"}
    desk.post(page_of(case, "supervise"), typed(case, "supervise", office.chen, **values))
    slip = SupervisionSlip.objects.get()
    assert (slip.pk, slip.issued_by, slip.number) == (draft.pk, office.chen, "HP督〔2026〕1号")
    tasks.sweep()
    assert SupervisionSlip.objects.count() == 1


def test_each_tab_says_how_many_slips_or_cards_it_opens(office: Cast, statements: Any) -> None:
    case = stages.signed(office)
    slips.supervise(case.pk, by=office.su, demand=DEMAND, due_at=in_hours(4))
    desk = signed_in(office.su)
    opened = desk.get(PRESSING)
    counts = counts_on_tabs(opened.content.decode(), PRESSING)
    assert counts == {"waiting": "1", "late": "0", "drafts": "0", "red": "0", "yellow": "0"}
    assert opened.context["show"] == "waiting" and case.number in opened.content.decode()
    for show, count in counts.items():
        page = desk.get(PRESSING, {"show": show}).content.decode()
        assert page.count("data-row") == int(count), show
    assert (
        counts_on_tabs(desk.get(PRESSING, {"show": "units"}).content.decode(), PRESSING) == counts
    )
    stranger = signed_in(office.zhao).get(PRESSING).content.decode()
    assert set(counts_on_tabs(stranger, PRESSING).values()) == {"0"}
    assert desk.get(PRESSING, {"show": "nonsense"}).status_code == 404
    with statements(most=7):
        desk.get(PRESSING)


def test_who_presses_how_hard_and_what_the_forms_refuse(office: Cast) -> None:
    case = stages.signed(office)
    elevated = {"demand": DEMAND, "due_at": in_hours(9), "level": "elevated"}
    for user in (office.chen, office.wang, office.zhao):
        with pytest.raises(PermissionDenied):
            slips.supervise(case.pk, by=user, **elevated)
    with pytest.raises(HouseError, match="级别"):
        slips.supervise(case.pk, by=office.lin, **elevated | {"level": "none"})
    slips.supervise(case.pk, by=office.lin, **elevated)
    assert fresh(case).supervision == "elevated"
    supervising.urge(case.pk, by=office.chen)
    assert fresh(case).supervision == "elevated"
    desk = signed_in(office.chen)
    for verb, wrong, said in (
        ("urge", {"note": "请尽快核实办理", "due_at": "2020-01-01T09:00"}, "反馈期限已过"),
        ("urge", {"note": "快办", "due_at": "2026-12-01T09:00"}, "至少六个字"),
        ("supervise", {"demand": DEMAND, "due_at": "x"}, DEMAND),
        ("issue_card", {"card": "green", "note": "承办不力"}, "承办不力"),
        ("issue_card", {"card": "red", "note": "急"}, "至少四个字"),
    ):
        answer = desk.post(page_of(case, verb), typed(case, verb, office.chen, **wrong))
        assert (answer.status_code, said in answer.content.decode()) == (422, True), verb
    assert (SupervisionSlip.objects.count(), IssuedCard.objects.count()) == (1, 0)


def test_a_slip_written_by_mistake_is_taken_back_with_a_reason(office: Cast, monday: Any) -> None:
    """The history says so, nobody need answer, nothing grows, and the case is pressed as before."""
    without_reminders()
    case = stages.signed(office)
    slip = slips.supervise(case.pk, by=office.chen, demand="请核实并书面反馈", due_at=in_hours(30))
    harder = slips.supervise(
        case.pk, by=office.lin, level="elevated", demand="请街道领导关注督促", due_at=in_hours(30)
    )
    for by, row in ((office.wang, slip), (office.su, slip), (office.chen, harder)):
        with pytest.raises(PermissionDenied, match="撤回"):
            slips.withdraw(case.pk, by=by, slip=row.pk, note="签发时选错了工单")
    for note, said in (("", "写明"), ("错了", "至少四个字")):
        with pytest.raises(HouseError, match=said):
            slips.withdraw(case.pk, by=office.lin, slip=harder.pk, note=note)
    due_at = fresh(case).due_at
    slips.withdraw(case.pk, by=office.lin, slip=harder.pk, note="签发时选错了工单")
    assert (fresh(case).supervision, fresh(case).due_at) == ("supervised", due_at)
    desk = signed_in(office.chen)
    body = typed(case, "withdraw_slip", office.chen, slip=slip.pk, note="同一事项已口头反馈")
    assert desk.post(page_of(case, "withdraw_slip"), body).status_code == 302
    with pytest.raises(WrongMove, match="不能再撤回"):
        slips.withdraw(case.pk, by=office.chen, slip=slip.pk, note="同一事项已口头反馈")
    with pytest.raises(WrongMove, match="已经反馈"):
        slips.answer(case.pk, by=office.su, slip=slip.pk, note="已会同物业处理")

    assert fresh(case).supervision == "none" and first_broken_step(fresh(case)) is None
    assert [step.verb for step in case.steps.order_by("number")][-2:] == ["withdraw_slip"] * 2
    assert told(office.wang, "督办单已撤回") == 2
    live(monday, days=3)
    assert SupervisionSlip.objects.filter(complaint=case).count() == 2, "nothing has grown"
    assert not SupervisionSlip.objects.late().filter(complaint=case).exists()
    page = signed_in(office.chen).get(page_of(case)).content.decode()
    assert "已撤回" in page and "同一事项已口头反馈" in page and slip.number in page


# Cards ---------------------------------------------------------------------------------------


def test_a_card_by_hand_says_who_why_and_for_which_unit_and_is_taken_back_with_a_reason(
    office: Cast,
) -> None:
    case = stages.signed(office)
    for user in (office.wang, office.zhao, office.lin):
        with pytest.raises(PermissionDenied):
            cards.issue(case.pk, by=user, card="red", note="承办不力")
    row = cards.issue(case.pk, by=office.su, card="red", note="多次催办无进展")
    assert (row.unit, row.issued_by, fresh(case).card) == (office.east_branch, office.su, "red")
    assert told(office.wang, "红牌") == 1
    with pytest.raises(WrongMove, match="已经挂了"):
        cards.issue(case.pk, by=office.chen, card="red", note="多次催办无进展")
    yellow = cards.issue(case.pk, by=office.chen, card="yellow", note="临近到期")
    assert fresh(case).card == "red"
    with pytest.raises(HouseError, match="至少四个字"):
        cards.withdraw(case.pk, by=office.su, card=row.pk, note="错")
    with pytest.raises(PermissionDenied, match="由街道撤下"):
        cards.withdraw(case.pk, by=office.su, card=yellow.pk, note="已经办结了")
    cards.withdraw(case.pk, by=office.su, card=row.pk, note="挂错单位，已核实")
    assert fresh(case).card == "yellow"
    with pytest.raises(WrongMove, match="已经撤下"):
        cards.withdraw(case.pk, by=office.su, card=row.pk, note="挂错单位，已核实")
    body = typed(case, "withdraw_card", office.chen, card=yellow.pk, note="已按期办结")
    assert signed_in(office.chen).post(page_of(case, "withdraw_card"), body).status_code == 302
    assert (fresh(case).card, IssuedCard.objects.standing().count()) == ("none", 0)
    verbs = [step.verb for step in case.steps.order_by("number")][-4:]
    assert verbs == ["issue_card", "issue_card", "withdraw_card", "withdraw_card"]
    page = signed_in(office.wang).get(page_of(case)).content.decode()
    assert "多次催办无进展" in page and "挂错单位，已核实" in page


def test_what_a_rule_gave_its_community_cannot_take_back(office: Cast, monday: Any) -> None:
    case = stages.signed(office)
    Todo.objects.filter(kind=clock.CLIMB).delete()
    live(monday, days=8)
    red = IssuedCard.objects.get(card="red")
    with pytest.raises(PermissionDenied):
        cards.withdraw(case.pk, by=office.su, card=red.pk, note="请予以撤下")
    cards.withdraw(case.pk, by=office.chen, card=red.pk, note="不可抗力，已核实")
    assert fresh(case).card == "yellow"
    rows = pressing.cards_by_unit(office.lin, timezone.now() - timedelta(days=30))
    assert [(row["unit_id"], row["red"], row["yellow"], row["withdrawn"]) for row in rows] == [
        (office.east_branch.pk, 0, 1, 1)
    ]
    assert pressing.cards_by_unit(office.zhao, timezone.now() - timedelta(days=30)) == []


def test_the_ledger_opens_where_something_stands(office: Cast) -> None:
    case = stages.signed(office)
    clerk, stranger = signed_in(office.chen), signed_in(office.zhao)
    assert "没有记录" in clerk.get(PRESSING).content.decode()
    cards.issue(case.pk, by=office.chen, card="red", note="多次催办无进展")
    assert "多次催办无进展" in clerk.get(PRESSING).content.decode()
    assert "没有记录" in stranger.get(PRESSING).content.decode()
    slips.supervise(case.pk, by=office.chen, demand=DEMAND, due_at=in_hours(9))
    assert "HP督〔2026〕1号" in clerk.get(PRESSING).content.decode()


def test_the_ledger_shows_each_list_to_whom_it_concerns(office: Cast, statements: Any) -> None:
    case = stages.signed(office)
    slips.supervise(case.pk, by=office.chen, demand=DEMAND, due_at=in_hours(9))
    cards.issue(case.pk, by=office.chen, card="red", note="多次催办无进展")
    clerk, stranger = signed_in(office.chen), signed_in(office.zhao)
    for show, expected in (
        ("waiting", "HP督〔2026〕1号"), ("all", "HP督〔2026〕1号"), ("red", "多次催办无进展"),
        ("units", "东一网格党支部"), ("late", "没有记录"), ("drafts", "没有记录"),
        ("yellow", "没有记录"), ("withdrawn", "没有记录"),
    ):  # fmt: skip
        address = f"{PRESSING}?show={show}"
        with statements(most=8):
            assert expected in clerk.get(address).content.decode(), show
        assert case.number not in stranger.get(address).content.decode()
    assert clerk.get(f"{PRESSING}?show=secret").status_code == 404
    assert clerk.get(f"{PRESSING}?show=units&days=7").status_code == 404
    assert clerk.get(f"{PRESSING}?show=all&before=x").status_code == 200
