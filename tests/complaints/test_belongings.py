"""Sub-cases and merged cases: what hangs on a case, and what its end waits for."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from complaints.figures import Base, Period, measure
from complaints.invariants.checking import check
from complaints.models import Callback, Complaint
from complaints.services import (
    clock,
    closing,
    dispatching,
    handling,
    intake,
    merging,
    reviewing,
    splitting,
    supervising,
)
from complaints.services.splitting import Part
from complaints.services.steps import first_broken_step
from complaints.tasks import sweep
from governance.errors import HouseError, WrongMove
from governance.models import Notice
from tests.cast import Cast
from tests.complaints import stages
from tests.complaints.desk import page_of, signed_in, typed
from tests.complaints.phones import phone_of, url

pytestmark = pytest.mark.django_db
Guard = Callable[[int], AbstractContextManager[None]]
WHY = "涉及执法和网格两方面"


def fresh(case: Complaint) -> Complaint:
    """The case as it is now."""
    return Complaint.objects.get(pk=case.pk)


def split(cast: Cast, case: Complaint | None = None, **more: Any) -> tuple[Complaint, Complaint]:
    """A case in Wang's hands, and its part for the squad."""
    case = case or stages.contacted(cast, **more)
    [part] = splitting.split(case.pk, [Part("查处违规装修", cast.squad)], by=cast.chen, note=WHY)
    return fresh(case), fresh(part)


def finish(cast: Cast, part: Complaint) -> Complaint:
    """The squad does its part, and the street reviews it."""
    handling.sign(part.pk, by=cast.sun)
    handling.reply(
        part.pk, by=cast.sun, result_kind="solved", public_text="已责令停工并恢复原状。",
        no_contact_reason="由主办单位联系",
    )  # fmt: skip
    return reviewing.approve(part.pk, by=cast.chen)


def reply(cast: Cast, case: Complaint) -> Complaint:
    """Wang's answer."""
    return handling.reply(case.pk, by=cast.wang, result_kind="solved", public_text=stages.ANSWER)


def merged(cast: Cast, lead: Complaint | None = None, **more: Any) -> tuple[Complaint, Complaint]:
    """A case in Wang's hands, and a second caller's that follows it."""
    lead = lead or stages.contacted(cast)
    values = {"caller_phone": "13900001012", "caller_name": "徐志强", **more}
    case = stages.accepted(cast, **values)
    merging.merge_into(case.pk, lead, by=cast.chen, note="同一楼上住户")
    return fresh(lead), fresh(case)


def verbs(case: Complaint) -> list[str]:
    """What happened, in order."""
    return list(case.steps.order_by("number").values_list("verb", flat=True))


# ── split ────────────────────────────────────────────────────────────────────────────────────


def test_a_parent_ends_only_after_its_parts(office: Cast, monday: Any) -> None:
    case, part = split(office)
    assert (case.part_count, case.stage, case.main_unit) == (1, "handling", office.east_branch)
    assert (part.part_of, part.main_unit, part.stage) == (case, office.squad, "pending_sign")
    assert (part.caller.phone_digest, part.place) == (case.caller.phone_digest, case.place)
    assert part.repeat_of is None
    assert [finding.code for finding in check() if not finding.holds] == []
    for ending in (
        lambda: reply(office, case),
        lambda: closing.withdraw(case.pk, by=office.chen, note="诉求人撤诉"),
    ):
        with pytest.raises(WrongMove, match=f"1 件子件没有办结：{part.number}"):
            ending()
    part = finish(office, part)
    # The citizen is asked once, on the parent.
    assert (part.stage, Callback.objects.count()) == ("closed", 0)
    sweep()
    sweep()
    assert [s.note for s in case.steps.filter(verb="end_part")] == [f"{part.number}：已办结"]
    assert Notice.objects.filter(title__startswith="子件已全部办结").exists()
    assert reply(office, case).stage == "pending_review"
    with pytest.raises(WrongMove, match=f"主件 {case.number} 已经答复"):
        closing.rework(part.pk, by=office.chen, note="再查一次")
    assert first_broken_step(fresh(case)) is first_broken_step(fresh(part)) is None


def test_parts_keep_the_deadline_of_the_city_and_never_pass_their_parents(
    office: Cast, monday: Any
) -> None:
    due = timezone.now() + timedelta(days=2)
    order = stages.filed(office, source="hotline", source_number="C-1", city_due_at=due)
    intake.accept(order.pk, by=office.chen, city_due_at=due)
    long = stages.category("010103")
    [part] = splitting.split(order.pk, [Part("清运", office.squad, long)], by=office.chen, note=WHY)
    part = fresh(part)
    assert (part.case_due_at, part.is_city_deadline, part.source_number) == (due, True, "")
    assert [finding.code for finding in check() if not finding.holds] == []
    # What the city says of the order later holds for its parts.
    nearer, promised = due - timedelta(hours=30), part.assignment_due_at
    Complaint.objects.filter(pk=order.pk).update(case_due_at=nearer, due_at=nearer)
    clock.plan_parts(fresh(order))
    sweep()
    part = fresh(part)
    assert (part.case_due_at, verbs(part)[-1]) == (nearer, "recompute")
    assert part.assignment_due_at <= min(nearer, promised)
    with pytest.raises(HouseError, match="请在主件上进行"):
        intake.return_to_source(back_at_the_desk(part, office).pk, by=office.chen, note="不归我们")
    own, child = split(office)
    assert child.case_due_at <= own.case_due_at


def back_at_the_desk(part: Complaint, cast: Cast) -> Complaint:
    """The squad has given its part to the dispatch desk again."""
    return dispatching.hand_on(part.pk, by=cast.sun, note="不属于本单位")


def test_what_cannot_be_split_is_refused(office: Cast) -> None:
    case, part = split(office)
    good = [Part("查处", office.squad)]
    refused: list[tuple[Any, Any, Any, Any, str]] = [
        (case, [], office.chen, HouseError, "至少"),
        (case, [Part(" ", office.squad)], office.chen, HouseError, "写明"),
        (case, good * 8, office.chen, HouseError, "最多"),
        (case, [Part("看看", office.party_household)], office.chen, HouseError, "党员户"),
        (case, good, office.su, PermissionDenied, "权限"),
        (case, good, office.wang, PermissionDenied, "权限"),
        (part, good, office.chen, HouseError, "请在主件上进行"),
        (stages.approved(office), good, office.chen, WrongMove, "不能进行"),
        (stages.filed(office), good, office.chen, WrongMove, "不能进行"),
    ]
    before = Complaint.objects.count()
    for target, parts, by, error, sentence in refused:
        with pytest.raises(error, match=sentence):
            splitting.split(target.pk, parts, by=by, note=WHY)
    [own] = splitting.split(case.pk, [Part("调解", office.east)], by=office.su, note=WHY)
    assert (fresh(own).main_unit, fresh(case).part_count) == (office.east, 2)
    with pytest.raises(WrongMove, match="理由"):
        splitting.split(case.pk, good, by=office.chen, note="")
    assert Complaint.objects.count() == before + 1


def test_a_part_is_as_secret_as_its_parent(office: Cast) -> None:
    case, part = split(office)
    supervising.restrict(case.pk, by=office.chen, people=[office.sun.person])
    assert fresh(part).is_confidential
    assert not Complaint.objects.visible_to(office.sun).filter(pk=part.pk).exists()
    assert fresh(part).holder == office.street


# ── merge ────────────────────────────────────────────────────────────────────────────────────


def test_each_caller_gets_an_answer_and_a_call_of_their_own(office: Cast, monday: Any) -> None:
    lead, case = merged(office, source="hotline", source_number="12345-7")
    assert (case.stage, case.merged_into, case.source_number) == ("merged", lead, "12345-7")
    assert (lead.merged_count, verbs(lead)[-1], verbs(case)[-1]) == (1, "take_in", "merge")
    reply(office, lead)
    reviewing.approve(lead.pk, by=office.su)
    case = fresh(case)
    answer = case.replies.get()
    assert (case.stage, answer.public_text, answer.is_approved) == (
        "pending_callback", stages.ANSWER, True,
    )  # fmt: skip
    for one, phone in ((fresh(lead), "1011"), (case, "1012")):
        assert one.caller.phone_tail == phone
        closing.record_callback(
            one.pk, by=office.qian, outcome="reached", solved="yes", satisfaction="satisfied"
        )
    assert (fresh(lead).stage, fresh(case).stage) == ("closed", "merged")
    assert [c.complaint_id for c in Callback.objects.order_by("pk")] == [lead.pk, case.pk]
    assert verbs(case)[-2:] == ["ask_merged", "close_merged"]
    assert [finding.code for finding in check() if not finding.holds] == []
    assert first_broken_step(fresh(lead)) is first_broken_step(fresh(case)) is None


def test_the_lead_counts_once_and_callers_are_told_beside(office: Cast, monday: Any) -> None:
    lead, _case = merged(office)
    split(office, lead)
    reply_after_parts(office, lead)
    now = timezone.now()
    period = Period(now - timedelta(days=30), now + timedelta(days=30))
    cases = Complaint.objects.all()
    # Open now: the lead, whose follower waits for a call of its own.
    assert measure(cases, Base.OPEN, period, now)["open"] == 1
    accepted = measure(cases, Base.ACCEPTED, period, now)
    assert (accepted["accepted"], accepted["valid"], accepted["merged"]) == (2, 1, 1)
    # Due: the lead and its sub-case, each with a unit of its own; no follower.
    assert measure(cases, Base.DUE, period, now)["due"] == 2


def reply_after_parts(cast: Cast, case: Complaint) -> None:
    """The parts are done, the lead is answered and reviewed."""
    for part in Complaint.objects.filter(part_of=case):
        finish(cast, part)
    reply(cast, case)
    reviewing.approve(case.pk, by=cast.su)


def test_who_is_not_content_goes_to_the_street_and_a_new_round_calls_again(
    office: Cast, monday: Any
) -> None:
    lead, case = merged(office)
    _again, other = merged(office, lead)
    reply_after_parts(office, lead)
    closing.record_callback(
        case.pk, by=office.qian, outcome="reached", solved="no", satisfaction="dissatisfied"
    )
    assert (fresh(case).stage, fresh(case).round, fresh(lead).stage) == (
        "merged", 1, "pending_callback",
    )  # fmt: skip
    assert Notice.objects.filter(title__contains="不满意，请决定主件").exists()
    closing.record_callback(
        lead.pk, by=office.qian, outcome="reached", solved="no", satisfaction="dissatisfied"
    )
    assert (fresh(lead).round, fresh(other).stage) == (2, "merged")
    assert verbs(other)[-1] == "wait_merged"


def test_an_unmerged_case_goes_on_with_its_own_clock(office: Cast, monday: Any) -> None:
    lead, case = merged(office, stages.contacted(office))
    due = case.case_due_at
    monday.shift(timedelta(hours=3))
    with pytest.raises(PermissionDenied):
        merging.unmerge(case.pk, by=office.wang, note="不是一回事")
    merging.unmerge(case.pk, by=office.chen, note="不是一回事")
    case, lead = fresh(case), fresh(lead)
    assert (case.stage, case.case_due_at, case.due_at, case.merged_into) == (
        "pending_dispatch", due, due, None,
    )  # fmt: skip
    assert (lead.merged_count, verbs(lead)[-1]) == (0, "let_go")
    with pytest.raises(WrongMove, match="没有并单"):
        merging.unmerge(case.pk, by=office.chen, note="再来一次")
    # Not accepted yet: it waits for that again. After the answer it is too late.
    filed = stages.filed(office, caller_phone="13900001012")
    merging.merge_into(filed.pk, lead, by=office.chen)
    merging.unmerge(filed.pk, by=office.chen, note="不是一回事")
    assert fresh(filed).stage == "pending_acceptance"
    merging.merge_into(case.pk, lead, by=office.chen)
    reply_after_parts(office, lead)
    with pytest.raises(WrongMove):
        merging.unmerge(case.pk, by=office.chen, note="太晚了")


def test_what_cannot_be_merged_is_refused(office: Cast) -> None:
    lead, follower = merged(office)
    parent, part = split(office)
    secret = stages.accepted(office)
    supervising.restrict(secret.pk, by=office.chen, people=[office.zhao.person])
    closed = closing.withdraw(stages.signed(office).pk, by=office.chen, note="撤诉")
    other = stages.accepted(office)
    refused: list[tuple[Complaint, Complaint, Any, str]] = [
        (other, other, HouseError, "自己"),
        (other, closed, HouseError, "正在办理"),
        (other, follower, HouseError, "正在办理"),
        (other, stages.approved(office), HouseError, "待回访"),
        (other, part, HouseError, "子件"),
        (secret, lead, HouseError, "保密件"),
        (other, fresh(secret), HouseError, "保密件"),
        (lead, other, HouseError, "反过来"),
        (parent, other, HouseError, "子件"),
        (part, other, HouseError, "主件"),
        (follower, other, WrongMove, "已经并单"),
        (closed, other, WrongMove, "不能进行"),
    ]
    for case, target, error, sentence in refused:
        with pytest.raises(error, match=sentence):
            merging.merge_into(case.pk, fresh(target), by=office.chen)
    for stranger in (office.zhao, office.wang, office.su):
        with pytest.raises(PermissionDenied):
            merging.merge_into(other.pk, lead, by=stranger)
    # Others wait for the lead: it does not end without an answer.
    with pytest.raises(WrongMove, match="其他诉求人"):
        closing.withdraw(lead.pk, by=office.chen, note="诉求人撤诉")


# ── the pages ────────────────────────────────────────────────────────────────────────────────


def test_the_pages_show_what_hangs_on_a_case(office: Cast, statements: Guard) -> None:
    case = stages.contacted(office)
    body = typed(
        case, "split", office.chen, note=WHY, text_1="查处违规装修", unit_1=office.squad.pk,
        text_2="上门调解", unit_2=office.east.pk,
    )  # fmt: skip
    chen, wang, sun = signed_in(office.chen), phone_of(office.wang), signed_in(office.sun)
    half = {**body, "unit_2": ""}
    answer = chen.post(page_of(case, "split"), half)
    assert (answer.status_code, "上门调解" in answer.content.decode()) == (422, True)
    for _twice in range(2):
        assert chen.post(page_of(case, "split"), body).status_code == 302
    assert Complaint.objects.filter(part_of=case).count() == 2
    _lead, follower = merged(office, fresh(case))
    part = Complaint.objects.filter(part_of=case).order_by("pk")[0]
    for desk, address in ((chen, page_of(case)), (wang, url("complaint", case))):
        desk.get(address)
        with statements(12):
            page = desk.get(address).content.decode()
        assert part.number in page
        assert follower.number in page
    shown = sun.get(page_of(part)).content.decode()
    assert case.number in shown
    assert case.text in shown
    refused = wang.get(url("reply", case)).content.decode()
    sent = typed(case, "reply", office.su, result_kind="solved", is_true="yes",
                 public_text=stages.ANSWER)  # fmt: skip
    su = signed_in(office.su)
    answer = su.post(page_of(case, "reply"), sent)
    assert (answer.status_code, part.number in answer.content.decode()) == (409, True)
    assert refused
    sent = typed(follower, "unmerge", office.chen, note="不是一回事")
    assert chen.post(page_of(follower, "unmerge"), sent).status_code == 302
    assert fresh(follower).stage == "pending_dispatch"
    zhao = signed_in(office.zhao)
    for one in (case, part):
        assert zhao.get(page_of(one)).status_code == 404
