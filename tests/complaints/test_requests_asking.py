"""What a unit may ask for, until when, how often, and who may not decide."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from complaints import tasks, timeline
from complaints.choices import AssignmentEnd, Card, RequestState, Stage
from complaints.history import steps_of
from complaints.models import (
    Assignment,
    CaseRequest,
    Complaint,
    Contact,
    IssuedCard,
    RequestReason,
    RequestRule,
)
from complaints.rules import rules_changed
from complaints.services import cards, dispatching, handling, intake, supervising
from complaints.services.requests import asking, deciding, standing
from governance.errors import HouseError, WrongMove
from governance.models import Notice
from governance.services.calendar import current_calendar
from tests.cast import Cast
from tests.complaints import stages

pytestmark = pytest.mark.django_db
EVIDENCE = "见区住建局〔2026〕12号文"


def fresh(case: Complaint) -> Complaint:
    return Complaint.objects.get(pk=case.pk)


def local(moment: datetime | None) -> str:
    assert moment is not None
    return current_calendar().local(moment).strftime("%m-%d %H:%M")


def clock_of(case: Complaint) -> tuple[Any, ...]:
    """Every moment of a case."""
    case = fresh(case)
    return (case.case_due_at, case.assignment_due_at, case.due_at, case.suspended_at,
            case.original_due_at, case.box_due_at)  # fmt: skip


def return_of(case: Complaint, cast: Cast, by: Any = None) -> CaseRequest:
    return asking.ask_return(
        case.pk, by=by or cast.wang, note="楼栋属于西园", reason="not_our_ground"
    )


def extension_of(case: Complaint, cast: Cast, amount: int = 3, by: Any = None) -> CaseRequest:
    return asking.ask_extension(
        case.pk, by=by or cast.wang, note="厂家配件下周到货", amount=amount, channel="phone",
        reason="works",
    )  # fmt: skip


def suspension_of(case: Complaint, cast: Cast, amount: int = 30, by: Any = None) -> CaseRequest:
    return asking.ask_suspension(
        case.pk, by=by or cast.wang, note="等待入冬前统一修缮", amount=amount, reason="season",
        evidence=EVIDENCE,
    )  # fmt: skip


def claim_of(case: Complaint, cast: Cast) -> CaseRequest:
    return asking.claim_out_of_duty(
        case.pk, by=cast.wang, note="属国家电网产权", reason="outside_law", evidence=EVIDENCE
    )


ASKED = {"return": return_of, "extension": extension_of, "suspension": suspension_of,
         "out_of_duty": claim_of}  # fmt: skip


@pytest.mark.parametrize("kind", ASKED)
def test_a_pending_request_stops_no_clock_and_is_shown_to_who_decides(
    office: Cast, kind: str
) -> None:
    case = stages.signed(office)
    before = clock_of(case)
    request = ASKED[kind](case, office)
    assert clock_of(case) == before
    assert fresh(case).stage == Stage.HANDLING
    assert (request.state, request.unit) == (RequestState.PENDING, office.east_branch)
    decider = office.su if kind in ("return", "extension") else office.chen
    assert request in CaseRequest.objects.visible_to(decider, "dispatch")
    assert not CaseRequest.objects.visible_to(office.zhao).exists()
    assert Notice.objects.filter(person=decider.person, title__contains="待审批").exists()
    step = fresh(case).steps.last()
    assert step.by == office.wang and step.appointment.organisation == office.east_branch


@pytest.mark.parametrize("kind", ASKED)
def test_comments_edits_and_reassignments_change_neither_clock_nor_request(
    office: Cast, kind: str
) -> None:
    case = stages.signed(office)
    request = ASKED[kind](case, office)
    before = clock_of(case)
    handling.log(case.pk, by=office.wang, note="已到现场查看")
    handling.contact(case.pk, by=office.wang, channel="phone", is_reached=True)
    handling.assign(case.pk, office.wang.person, by=office.wang)
    intake.correct(case.pk, by=office.chen, category=stages.category("040401"), urgency="urgent")
    supervising.urge(case.pk, by=office.chen)
    supervising.instruct(case.pk, by=office.lin, text="请尽快办理")
    assert clock_of(case) == before
    request.refresh_from_db()
    assert request.state == RequestState.PENDING


@pytest.mark.parametrize("kind", ASKED)
def test_who_asks_never_decides_nor_does_anybody_beneath_the_decider(
    office: Cast, kind: str
) -> None:
    case = dispatching.dispatch(stages.accepted(office).pk, office.east, by=office.chen)
    handling.sign(case.pk, by=office.su)
    request = ASKED[kind](case, office, by=office.su) if kind != "out_of_duty" else (
        asking.claim_out_of_duty(case.pk, by=office.su, note="理由", reason="outside_law",
                                 evidence=EVIDENCE)
    )  # fmt: skip
    for person in (office.su, office.ma, office.wang, office.zhao, office.lin):
        with pytest.raises(PermissionDenied):
            deciding.grant(request.pk, by=person)
        with pytest.raises(PermissionDenied):
            deciding.refuse(request.pk, by=person, note="不同意")
    deciding.refuse(request.pk, by=office.chen, note="请先协调物业")
    request.refresh_from_db()
    assert (request.state, request.decided_by) == (RequestState.REFUSED, office.chen)


def test_a_clerk_who_asks_for_the_unit_cannot_grant_it(office: Cast) -> None:
    case = stages.signed(office)
    request = extension_of(case, office)
    CaseRequest.objects.filter(pk=request.pk).update(asked_by=office.su)
    with pytest.raises(PermissionDenied, match="自己的申请"):
        deciding.grant(request.pk, by=office.su)
    deciding.grant(request.pk, by=office.ma)


@pytest.mark.parametrize("kind", ASKED)
def test_asking_twice_and_deciding_twice_is_answered_plainly(office: Cast, kind: str) -> None:
    case = stages.signed(office)
    request = ASKED[kind](case, office)
    with pytest.raises(WrongMove, match="不要重复申请"):
        ASKED[kind](case, office)
    deciding.refuse(request.pk, by=office.chen, note="理由不充分")
    with pytest.raises(WrongMove, match="已有结果"):
        deciding.grant(request.pk, by=office.qian)


def test_a_request_is_taken_back_by_the_unit_that_asked_and_by_nobody_else(office: Cast) -> None:
    case = stages.signed(office)
    request = extension_of(case, office)
    with pytest.raises(PermissionDenied):
        asking.take_back_request(case.pk, by=office.zhao, request=request.pk)
    asking.take_back_request(case.pk, by=office.wang, request=request.pk)
    request.refresh_from_db()
    assert request.state == RequestState.TAKEN_BACK
    with pytest.raises(WrongMove):
        asking.take_back_request(case.pk, by=office.wang, request=request.pk)
    extension_of(case, office)


def test_an_answer_ends_what_was_asked_for_the_work_but_not_the_claim(office: Cast) -> None:
    case = stages.contacted(office)
    waiting = [return_of(case, office), extension_of(case, office), suspension_of(case, office)]
    claim = claim_of(case, office)
    handling.reply(case.pk, by=office.wang, result_kind="solved", public_text=stages.ANSWER)
    for request in waiting:
        request.refresh_from_db()
        assert request.state == RequestState.LAPSED
        with pytest.raises(WrongMove):
            deciding.grant(request.pk, by=office.chen)
    deciding.grant(claim.pk, by=office.chen)
    assert fresh(case).leaves_rates


# ── 退单 ─────────────────────────────────────────────────────────────────────────────────────


def test_a_granted_return_ends_the_dispatch_and_the_case_waits_at_the_desk_above(
    office: Cast,
) -> None:
    case = stages.signed(office)
    due = case.case_due_at
    deciding.grant(return_of(case, office).pk, by=office.su, note="确属西园")
    case = fresh(case)
    assert (case.stage, case.holder, case.main_unit) == (Stage.PENDING_DISPATCH, office.east, None)
    assert case.case_due_at == case.due_at == due
    row = Assignment.objects.get(complaint=case)
    assert row.end_kind == AssignmentEnd.RETURNED
    assert "退单" in case.hint


def test_a_return_may_be_asked_for_within_two_workdays_of_the_dispatch(
    office: Cast, monday: Any
) -> None:
    early, late = stages.signed(office), stages.signed(office)
    monday.move_to(datetime(2026, 3, 4, 23, 59, tzinfo=ZoneInfo("Asia/Shanghai")))
    return_of(early, office)
    monday.shift(timedelta(minutes=2))
    with pytest.raises(HouseError, match="2 工作日"):
        return_of(late, office)
    RequestRule.objects.filter(kind="return").update(ask_within=3)
    rules_changed()
    return_of(late, office)


def test_the_second_return_is_decided_by_the_level_above(office: Cast) -> None:
    case = stages.signed(office)
    deciding.refuse(return_of(case, office).pk, by=office.su, note="地址在本网格内")
    second = return_of(case, office)
    assert second.decider == office.street
    with pytest.raises(PermissionDenied):
        deciding.grant(second.pk, by=office.su)
    deciding.grant(second.pk, by=office.chen)
    assert fresh(case).holder == office.street


def test_where_the_street_decided_the_first_return_another_clerk_decides_the_second(
    office: Cast,
) -> None:
    case = dispatching.dispatch(stages.accepted(office).pk, office.squad, by=office.chen)
    first = return_of(case, office, by=office.sun)
    deciding.refuse(first.pk, by=office.chen, note="属执法中队职责")
    second = return_of(case, office, by=office.sun)
    with pytest.raises(PermissionDenied, match="另一位同事"):
        deciding.grant(second.pk, by=office.chen)
    deciding.grant(second.pk, by=office.qian)


def test_two_clerks_are_enough_however_often_a_case_comes_back(office: Cast) -> None:
    """Each further return is decided by another person than the one before it; nobody is stuck."""
    case = dispatching.dispatch(stages.accepted(office).pk, office.squad, by=office.chen)
    for refuser, other in ((office.chen, office.qian), (office.qian, office.chen)):
        deciding.refuse(return_of(case, office, by=office.sun).pk, by=refuser, note="属中队职责")
        third = return_of(case, office, by=office.sun)
        with pytest.raises(PermissionDenied, match="另一位同事"):
            deciding.refuse(third.pk, by=refuser, note="属中队职责")
        asking.take_back_request(case.pk, by=office.sun, request=third.pk)
        assert other != refuser
    deciding.grant(return_of(case, office, by=office.sun).pk, by=office.chen)
    assert fresh(case).holder == office.street


def test_a_case_does_not_go_back_to_who_returned_it_but_by_the_level_above(office: Cast) -> None:
    case = stages.signed(office)
    deciding.grant(return_of(case, office).pk, by=office.su)
    with pytest.raises(HouseError, match="不能再派回"):
        dispatching.dispatch(case.pk, office.east_branch, by=office.su, note="仍属东一网格")
    with pytest.raises(HouseError, match="写明理由"):
        dispatching.dispatch(case.pk, office.east_branch, by=office.chen)
    dispatching.dispatch(case.pk, office.east_branch, by=office.chen, note="现场核实属东一网格")
    assert fresh(case).holder == office.east_branch


def test_a_redispatch_makes_the_waiting_return_of_the_former_unit_lapse(office: Cast) -> None:
    case = stages.signed(office)
    request = return_of(case, office)
    dispatching.dispatch(case.pk, office.west_branch, by=office.chen)
    request.refresh_from_db()
    assert request.state == RequestState.LAPSED


def test_who_asked_hears_that_a_redispatch_ended_it_and_the_timeline_says_so(office: Cast) -> None:
    case = stages.signed(office)
    extension_of(case, office)
    claim_of(case, office)
    dispatching.dispatch(case.pk, office.west_branch, by=office.chen)
    heard = Notice.objects.filter(title__startswith="已改派，原申请不再审批")
    assert [row.person_id for row in heard] == [office.wang.person_id]
    case = fresh(case)
    lines = [line for line in timeline.events(case, steps_of(case)) if line.verb == "lapse"]
    assert [line.text for line in lines] == ["延期：原派单已结束，不再审批"]
    # The claim is about the matter itself: it waits on, and no line says otherwise.
    other = stages.signed(office)
    dispatching.dispatch(other.pk, office.west_branch, by=office.chen)
    assert heard.count() == 1


def test_an_extension_takes_down_the_yellow_card_in_the_ledger_too(
    office: Cast, monday: Any
) -> None:
    case = stages.signed(office)
    monday.move_to(datetime(2026, 3, 6, 9, tzinfo=ZoneInfo("Asia/Shanghai")))
    tasks.sweep()
    assert fresh(case).card == Card.YELLOW
    by_hand = cards.issue(case.pk, by=office.chen, card=Card.RED, note="群众多次反映")
    deciding.grant(extension_of(case, office, by=office.su).pk, by=office.chen)
    assert (fresh(case).card, list(IssuedCard.objects.standing())) == (Card.RED, [by_hand])
    assert IssuedCard.objects.get(card=Card.YELLOW).withdrawn_note == "已批准延期"
    cards.withdraw(case.pk, by=office.chen, card=by_hand.pk, note="已核实到位")
    assert fresh(case).card == Card.NONE


# ── 延期 ─────────────────────────────────────────────────────────────────────────────────────


def test_an_extension_counts_from_the_old_due_moments_and_keeps_the_first_promise(
    office: Cast, monday: Any
) -> None:
    case = stages.signed(office)
    assert (local(case.case_due_at), local(case.assignment_due_at)) == (
        "03-09 23:59",
        "03-06 23:59",
    )
    monday.shift(timedelta(days=2))
    deciding.grant(extension_of(case, office, 3).pk, by=office.su)
    case = fresh(case)
    assert (local(case.case_due_at), local(case.assignment_due_at)) == (
        "03-12 23:59",
        "03-11 23:59",
    )
    assert local(case.original_due_at) == "03-09 23:59"
    assert Assignment.objects.get(complaint=case).due_at == case.assignment_due_at == case.due_at
    told = Contact.objects.get(complaint=case)
    assert (told.channel, told.is_reached, "告知延期" in told.note) == ("phone", True, True)
    step = case.steps.get(verb="grant_extension")
    assert (local(step.due_before), local(step.due_after)) == ("03-06 23:59", "03-11 23:59")
    assert step.by == office.su and step.appointment.role.code == "community_secretary"


def test_an_extension_comes_before_the_due_moment_once_and_of_ten_workdays_at_most(
    office: Cast, monday: Any
) -> None:
    case = stages.signed(office)
    for amount, said in ((11, "还可申请 10"), (0, "至少为 1")):
        with pytest.raises(HouseError, match=said):
            extension_of(case, office, amount)
    deciding.grant(extension_of(case, office, 2).pk, by=office.su, amount=1)
    assert local(fresh(case).assignment_due_at) == "03-09 23:59"
    with pytest.raises(HouseError, match="1 次上限"):
        extension_of(case, office, 1)
    late = stages.signed(office)
    monday.move_to(late.assignment_due_at)
    with pytest.raises(HouseError, match="已过办理期限"):
        extension_of(late, office, 1)


def test_the_citizen_must_have_been_told_of_an_extension(office: Cast) -> None:
    case = stages.signed(office)
    values: dict[str, Any] = {"by": office.wang, "note": "理由", "amount": 2, "reason": "works"}
    with pytest.raises(HouseError, match="无法告知"):
        asking.ask_extension(case.pk, **values, channel="none")
    with pytest.raises(HouseError, match="方式"):
        asking.ask_extension(case.pk, **values, channel="pigeon")
    with pytest.raises(HouseError, match="申请理由"):
        asking.ask_extension(case.pk, **values | {"reason": "season"}, channel="phone")
    with pytest.raises(WrongMove, match="说明"):
        asking.ask_extension(case.pk, **values | {"note": " "}, channel="phone")
    assert not Contact.objects.exists() and not CaseRequest.objects.exists()


def test_an_extension_nobody_decided_is_refused_by_itself_and_cannot_be_granted_after(
    office: Cast, monday: Any
) -> None:
    case = stages.signed(office)
    request = extension_of(case, office)
    monday.move_to(case.assignment_due_at + timedelta(seconds=30))
    with pytest.raises(WrongMove, match="自动驳回"):
        deciding.grant(request.pk, by=office.su)
    tasks.sweep()
    tasks.sweep()
    request.refresh_from_db()
    assert (request.state, request.decided_by) == (RequestState.REFUSED, None)
    assert fresh(case).steps.filter(verb="refuse_request").count() == 1
    assert fresh(case).assignment_due_at == case.assignment_due_at


def test_a_suspension_waits_for_its_decision_beyond_an_extended_due_moment(
    office: Cast, monday: Any
) -> None:
    case = stages.signed(office)
    waiting, extension = suspension_of(case, office), extension_of(case, office, 2)
    deciding.grant(extension.pk, by=office.su)
    monday.move_to(case.assignment_due_at + timedelta(seconds=30))
    tasks.sweep()
    waiting.refresh_from_db()
    assert waiting.state == RequestState.PENDING
    monday.move_to(fresh(case).assignment_due_at + timedelta(seconds=30))
    tasks.sweep()
    waiting.refresh_from_db()
    assert waiting.state == RequestState.REFUSED


# ── what an office edits ─────────────────────────────────────────────────────────────────────


def test_the_office_decides_what_may_be_asked_for(office: Cast) -> None:
    case = stages.signed(office)
    RequestRule.objects.filter(kind="suspension").update(most_amount=20, decider="desk_above")
    RequestRule.objects.filter(kind="extension").update(is_enabled=False)
    RequestReason.objects.filter(code="season").update(is_enabled=False)
    rules_changed()
    with pytest.raises(HouseError, match="没有启用"):
        extension_of(case, office)
    with pytest.raises(HouseError, match="申请理由"):
        suspension_of(case, office, 20)
    RequestReason.objects.filter(code="season").update(is_enabled=True)
    rules_changed()
    with pytest.raises(HouseError, match="不能超过 20 自然日"):
        suspension_of(case, office, 21)
    assert suspension_of(case, office, 20).decider == office.east


def test_steps_of_a_request_stay_within_their_budget(office: Cast, statements: Any) -> None:
    case = stages.signed(office)
    with statements(most=18):
        request = extension_of(case, office)
    with statements(most=18):
        deciding.grant(request.pk, by=office.su)
    with statements(most=18):
        request = suspension_of(case, office)
    with statements(most=18):
        deciding.grant(request.pk, by=office.chen)
    with statements(most=18):
        standing.resume(case.pk, by=office.chen, note="条件已具备")
    with statements(most=18):
        request = return_of(case, office)
    with statements(most=18):
        deciding.grant(request.pk, by=office.su)
    assert timezone.now() < fresh(case).case_due_at
