"""Help beside the main unit: asked for, given, late, done without; and departments on a whistle."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from complaints import helping
from complaints.models import Assist, AssistRule, Complaint, WhistleCall
from complaints.rules import rules_changed
from complaints.services import assisting, closing, dispatching, handling, supervising, whistling
from complaints.services.steps import first_broken_step
from complaints.tasks import sweep
from governance.errors import HouseError, WrongMove
from governance.models import Notice
from tests.cast import Cast
from tests.complaints import stages
from tests.complaints.desk import page_of, signed_in, typed
from tests.complaints.phones import deed, phone_of, url

pytestmark = pytest.mark.django_db
Guard = Callable[[int], AbstractContextManager[None]]
TASK = "请派人到场核实楼上住户情况。"
DONE = "已到场核实，当事人承诺整改。"


def helped(cast: Cast, by: Any = None, **more: Any) -> tuple[Complaint, Assist]:
    """A case in Wang's hands with which the squad is asked to help."""
    case = stages.contacted(cast)
    [row] = assisting.add_units(case.pk, [cast.squad], by=by or cast.chen, note=TASK, **more)
    return Complaint.objects.get(pk=case.pk), row


def whistled(cast: Cast, **more: Any) -> tuple[Complaint, Assist]:
    """A case in Wang's hands to which Su has called the squad."""
    case = stages.contacted(cast)
    values = {"kind": "emergency", "note": "现场有纠纷，请执法到场。", **more}
    call = whistling.whistle(case.pk, [cast.squad], by=cast.su, **values)
    return Complaint.objects.get(pk=case.pk), call.assists.get()


def answered(cast: Cast, case: Complaint, **more: Any) -> Complaint:
    """Wang's answer to the citizen."""
    return handling.reply(
        case.pk, by=cast.wang, result_kind="solved", public_text=stages.ANSWER, **more
    )


def told(user: Any) -> list[str]:
    """The titles in somebody's inbox, newest first."""
    rows = Notice.objects.filter(person=user.person).order_by("-pk")
    return list(rows.values_list("title", flat=True))


# ── asked and answered ───────────────────────────────────────────────────────────────────────


def test_a_unit_helps_in_its_own_time_and_the_main_unit_answers_with_it(
    office: Cast, monday: Any, statements: Guard
) -> None:
    before = stages.contacted(office)
    with statements(18):
        [row] = assisting.add_units(before.pk, [office.squad], by=office.chen, note=TASK)
    case = Complaint.objects.get(pk=before.pk)
    assert (case.assist_count, case.main_unit, case.due_at) == (
        1,
        office.east_branch,
        before.due_at,
    )
    # Three workdays by the office's rule, but never after the main unit's own promise.
    assert row.due_at <= case.assignment_due_at
    assert told(office.sun)[0].startswith("请协助办理")
    assert helping.readable_by(office.sun).filter(pk=case.pk).exists()
    assert list(helping.waiting_for(office.sun)) == [row]
    assert list(helping.asked_by_us(office.chen)) == [row]

    with pytest.raises(HouseError, match=r"执法中队.*不等协办"):
        answered(office, case)
    with statements(18):
        assisting.answer(case.pk, by=office.sun, assist=row.pk, note=DONE)
    assert told(office.wang)[0].startswith("协办单位已答复")
    with pytest.raises(WrongMove, match="已有结果：已答复"):
        assisting.answer(case.pk, by=office.sun, assist=row.pk, note=DONE)

    assert answered(office, case).stage == "pending_review"
    row.refresh_from_db()
    step = case.steps.get(verb="answer_assist")
    assert (row.state, row.answer, row.ended_by, row.is_late) == (
        "answered", DONE, office.sun, False,
    )  # fmt: skip
    assert step.appointment.organisation == office.squad
    assert first_broken_step(Complaint.objects.get(pk=case.pk)) is None


def test_the_main_unit_may_answer_without_help_if_it_says_why(office: Cast) -> None:
    case, row = helped(office)
    answered(office, case, without_assists="中队当日无人，已由网格现场处置。")
    row.refresh_from_db()
    assert (row.state, row.note) == ("unanswered", "中队当日无人，已由网格现场处置。")
    verbs = list(case.steps.order_by("-number").values_list("verb", flat=True)[:2])
    assert verbs == ["reply", "end_assists"]
    assert Complaint.objects.get(pk=case.pk).assist_count == 0


def test_help_is_declined_with_a_reason_or_taken_back_by_who_asked(office: Cast) -> None:
    case, row = helped(office)
    with pytest.raises(WrongMove, match="理由"):
        assisting.decline(case.pk, by=office.sun, assist=row.pk, note=" ")
    assisting.decline(case.pk, by=office.sun, assist=row.pk, note="不属于本单位职责")
    [again] = assisting.add_units(case.pk, [office.squad], by=office.chen, note=TASK)
    assisting.release(case.pk, by=office.wang, assist=again.pk, note="已自行解决")
    assert list(Assist.objects.values_list("state", flat=True)) == ["declined", "released"]
    assert told(office.sun)[0].startswith("协办已取消")
    assert Complaint.objects.get(pk=case.pk).assist_count == 0


@pytest.mark.parametrize(
    ("unit", "more", "sentence"),
    [
        ("east_branch", {}, "正在主办"),
        ("party_household", {}, "不能派给居民党员户"),
        ("hotline_office", {}, "没有可以办理的人员"),
        ("squad", {"due_at": -1}, "已经过去"),
        ("squad", {"due_at": 60}, "不能晚于"),
        ("", {}, "请选择"),
    ],
)
def test_what_cannot_help_is_refused_in_words(
    office: Cast, unit: str, more: dict[str, Any], sentence: str
) -> None:
    case = stages.contacted(office)
    units = [getattr(office, unit)] if unit else []
    days = more.get("due_at")
    due_at = timezone.now() + timedelta(days=days) if days else None
    with pytest.raises(HouseError, match=sentence):
        assisting.add_units(case.pk, units, by=office.chen, note=TASK, due_at=due_at)
    assert not Assist.objects.exists()


def test_who_may_ask_whom(office: Cast) -> None:
    case, _row = helped(office)
    with pytest.raises(WrongMove, match="已在协办"):
        assisting.add_units(case.pk, [office.squad], by=office.chen, note=TASK)
    # Who has the case asks within the community; a department comes by a whistle.
    assisting.add_units(case.pk, [office.east], by=office.wang, note=TASK)
    other = stages.signed(office)
    for unit in (office.squad, office.west_branch):
        with pytest.raises(HouseError, match="吹哨"):
            assisting.add_units(other.pk, [unit], by=office.wang, note=TASK)
    for stranger in (office.zhao, office.lin, office.sun):
        with pytest.raises(PermissionDenied):
            assisting.add_units(other.pk, [office.east], by=stranger, note=TASK)
    with pytest.raises(WrongMove):
        assisting.add_units(stages.accepted(office).pk, [office.squad], by=office.chen, note=TASK)
    secret = stages.signed(office)
    supervising.restrict(secret.pk, by=office.chen, people=[office.zhao.person])
    dispatching.dispatch(secret.pk, office.east_branch, by=office.chen)
    with pytest.raises(HouseError, match="保密件"):
        assisting.add_units(secret.pk, [office.squad], by=office.chen, note=TASK)


def test_only_the_asked_unit_answers_and_strangers_see_nothing(office: Cast) -> None:
    case, row = helped(office)
    for other in (office.wang, office.zhao, office.chen):
        with pytest.raises(PermissionDenied):
            assisting.answer(case.pk, by=other, assist=row.pk, note=DONE)
    assert not helping.readable_by(office.zhao).filter(pk=case.pk).exists()
    assert not Assist.objects.visible_to(office.zhao).exists()
    # A matter that becomes one about staff is shut before those who helped.
    supervising.restrict(case.pk, by=office.chen, people=[office.wang.person])
    assert not helping.readable_by(office.sun).filter(pk=case.pk).exists()
    assert not Assist.objects.visible_to(office.sun).exists()
    row.refresh_from_db()
    assert row.state == "released"


def test_late_help_is_seen_and_moves_no_clock(office: Cast, monday: Any) -> None:
    due = timezone.now() + timedelta(hours=2)
    case, row = helped(office, due_at=due)
    monday.move_to(due + timedelta(minutes=1))
    sweep()
    sweep()
    after = Complaint.objects.get(pk=case.pk)
    assert (after.due_at, after.card, after.holder) == (case.due_at, "none", office.east_branch)
    late = list(after.steps.filter(verb="assist_late"))
    assert [(step.note, step.by) for step in late] == [("执法中队：未按时答复", None)]
    assert row.is_late
    assert list(helping.late(office.chen)) == [row]
    half = [title for title in told(office.sun) if title.startswith("协办时限过半")]
    missed = [title for title in told(office.sun) if title.startswith("协办超时")]
    assert (len(half), len(missed)) == (1, 1)
    assert any(title.startswith("协办单位超时") for title in told(office.wang))


def test_help_ends_with_the_case(office: Cast) -> None:
    case, row = helped(office)
    # Another unit takes over with the help that was asked for; a withdrawal ends it.
    dispatching.dispatch(case.pk, office.west_branch, by=office.chen)
    assert Complaint.objects.get(pk=case.pk).assist_count == 1
    closing.withdraw(case.pk, by=office.chen, note="诉求人来电撤诉")
    row.refresh_from_db()
    assert (row.state, Complaint.objects.get(pk=case.pk).assist_count) == ("released", 0)


# ── on a whistle ─────────────────────────────────────────────────────────────────────────────


def test_departments_respond_arrive_and_answer_on_a_whistle(
    office: Cast, monday: Any, statements: Guard
) -> None:
    case, row = whistled(office, place="东园花园南门")
    now = timezone.now()
    assert (row.respond_due_at - now, row.arrive_due_at - now) == (
        timedelta(minutes=30), timedelta(hours=1),
    )  # fmt: skip
    call = WhistleCall.objects.get()
    assert (call.unit, call.place, call.called_by) == (office.east, "东园花园南门", office.su)
    assert told(office.sun)[0].startswith("吹哨")

    monday.shift(timedelta(minutes=10))
    with statements(18):
        whistling.respond(case.pk, by=office.sun, assist=row.pk)
    with pytest.raises(WrongMove, match="已经响应"):
        whistling.respond(case.pk, by=office.sun, assist=row.pk)
    monday.shift(timedelta(minutes=30))
    with statements(18):
        whistling.arrive(case.pk, by=office.sun, assist=row.pk, note="两人到场，负责询问")
    with pytest.raises(WrongMove, match="已经报到"):
        whistling.arrive(case.pk, by=office.sun, assist=row.pk)
    with pytest.raises(WrongMove, match="已经报到，请答复"):
        assisting.decline(case.pk, by=office.sun, assist=row.pk, note="不归我们管")
    assisting.answer(case.pk, by=office.sun, assist=row.pk, note=DONE)
    row.refresh_from_db()
    assert (row.responded_at - now, row.arrived_at - now) == (
        timedelta(minutes=10), timedelta(minutes=40),
    )  # fmt: skip
    assert not row.is_late
    after = Complaint.objects.get(pk=case.pk)
    assert (after.case_due_at, after.due_at, after.assist_count) == (
        case.case_due_at, case.due_at, 0,
    )  # fmt: skip
    verbs = list(after.steps.order_by("number").values_list("verb", flat=True))
    assert verbs[-4:] == ["whistle", "respond", "arrive", "answer_assist"]


def test_an_overdue_response_and_arrival_are_reminded_once_each(office: Cast, monday: Any) -> None:
    case, row = whistled(office)
    monday.shift(timedelta(hours=2))
    sweep()
    sweep()
    notes = list(case.steps.filter(verb="assist_late").values_list("note", flat=True))
    assert sorted(notes) == ["执法中队：未按时到场", "执法中队：未按时响应"]
    whistling.arrive(case.pk, by=office.sun, assist=row.pk)
    row.refresh_from_db()
    assert row.responded_at == row.arrived_at
    assert row.is_late


@pytest.mark.parametrize(
    ("who", "unit", "more", "error", "sentence"),
    [
        ("su", "east", {}, HouseError, "本单位"),
        ("su", "east_branch", {}, HouseError, "职能部门"),
        ("su", "squad", {"kind": "assist"}, HouseError, "哨别"),
        ("su", "squad", {"arrive_at": -1}, HouseError, "已经过去"),
        ("su", "squad", {"note": ""}, WrongMove, "理由"),
        ("wang", "squad", {}, PermissionDenied, "社区或街道"),
        ("zhao", "squad", {}, PermissionDenied, "社区或街道"),
    ],
)
def test_a_wrong_whistle_is_refused(
    office: Cast, who: str, unit: str, more: dict[str, Any], error: Any, sentence: str
) -> None:
    case = stages.contacted(office)
    values = {"kind": "priority", "note": "请到场", **more}
    if "arrive_at" in values:
        values["arrive_at"] = timezone.now() - timedelta(hours=1)
    with pytest.raises(error, match=sentence):
        whistling.whistle(case.pk, [getattr(office, unit)], by=getattr(office, who), **values)
    assert not WhistleCall.objects.exists()


def test_the_office_sets_the_limits(office: Cast) -> None:
    AssistRule.objects.filter(kind="priority").update(respond_amount=3, respond_unit="wh")
    AssistRule.objects.filter(kind="enforcement").update(is_enabled=False)
    rules_changed()
    case = stages.contacted(office)
    call = whistling.whistle(
        case.pk, [office.squad], by=office.chen, kind="priority", note="请到场"
    )
    row = call.assists.get()
    assert row.respond_due_at - call.called_at == timedelta(hours=3)
    with pytest.raises(HouseError, match="没有启用"):
        whistling.whistle(case.pk, [office.squad], by=office.chen, kind="enforcement", note="到场")
    [plain] = assisting.add_units(case.pk, [office.west_branch], by=office.chen, note=TASK)
    with pytest.raises(WrongMove, match="不需要响应"):
        whistling.respond(case.pk, by=office.zhao, assist=plain.pk)


# ── the pages ────────────────────────────────────────────────────────────────────────────────


def test_the_desk_asks_and_the_department_answers_there(office: Cast, statements: Guard) -> None:
    case = stages.contacted(office)
    body = typed(case, "whistle", office.su, kind="emergency", units=office.squad.pk, note="到场")
    su, sun = signed_in(office.su), signed_in(office.sun)
    assert su.post(page_of(case, "whistle"), {**body, "units": ""}).status_code == 422
    assert su.post(page_of(case, "whistle"), body).status_code == 302
    row = Assist.objects.get()
    sun.get(page_of(case))
    for desk in (su, sun):
        desk.get(page_of(case))
        with statements(12):
            assert "执法中队" in desk.get(page_of(case)).content.decode()
    with statements(10):
        page = sun.get("/admin/complaints/complaint/assists/").content.decode()
    assert case.title[:20] in page
    assert "待我方协办" in sun.get("/admin/").content.decode()
    for verb, note in (("respond", ""), ("arrive", "两人到场"), ("answer_assist", DONE)):
        sent = typed(case, verb, office.sun, assist=row.pk, note=note)
        assert sun.post(page_of(case, verb), sent).status_code == 302
        assert sun.post(page_of(case, verb), sent).status_code == 302
    row.refresh_from_db()
    assert row.state == "answered"
    late = {"seen": 1, "deed_key": "k" * 32, "assist": row.pk, "note": DONE}
    assert sun.post(page_of(case, "answer_assist"), late).status_code == 409
    # The squad reads, and may do nothing else.
    assert sun.get(page_of(case, "reply")).status_code == 403
    zhao = signed_in(office.zhao)
    foreign = zhao.post(page_of(case, "respond"), late)
    missing = zhao.post("/admin/complaints/complaint/999999/respond/", late)
    assert (foreign.status_code, foreign.content) == (404, missing.content)


def test_a_dispatch_names_who_helps(office: Cast) -> None:
    case = stages.filed(office)
    chen = signed_in(office.chen)
    sent = typed(
        case, "dispatch", office.chen, unit=office.east_branch.pk,
        helpers=[office.squad.pk, office.east_branch.pk], note=TASK,
    )  # fmt: skip
    # The main unit cannot help itself; then nothing at all has happened.
    assert chen.post(page_of(case, "dispatch"), sent).status_code == 422
    assert Complaint.objects.get(pk=case.pk).stage == "pending_acceptance"
    sent |= {"helpers": [office.squad.pk], "deed_key": "k" * 32}
    assert chen.post(page_of(case, "dispatch"), sent).status_code == 302
    after = Complaint.objects.get(pk=case.pk)
    assert (after.stage, after.main_unit, after.assist_count) == (
        "pending_sign", office.east_branch, 1,
    )  # fmt: skip
    assert Assist.objects.get().unit == office.squad


def test_the_phone_helps_too(office: Cast, statements: Guard) -> None:
    case = stages.contacted(office)
    wang, su = phone_of(office.wang), phone_of(office.su)
    sent = deed(case, units=[office.east.pk], note=TASK)
    assert wang.get(url("add_assist", case)).status_code == 200
    assert wang.post(url("add_assist", case), {**sent, "units": []}).status_code == 422
    assert wang.post(url("add_assist", case), sent).status_code == 302
    row = Assist.objects.get()
    assert wang.post(url("add_assist", case), {**sent, "key": KEY}).status_code == 422
    page = su.get(url("complaint", case)).content.decode()
    assert "说明不承担" in page
    with statements(12):
        su.get(url("complaint", case))
    assert TASK in su.get(url("answer_assist", case)).content.decode()
    assert (
        su.post(url("answer_assist", case), deed(case, assist=row.pk, note="")).status_code == 422
    )
    answer = su.post(url("answer_assist", case), deed(case, assist=row.pk, note=DONE))
    assert answer.status_code == 302
    assert "协办答复" in wang.get(url("complaint", case)).content.decode()
    zhao = phone_of(office.zhao)
    for name in ("complaint", "answer_assist", "add_assist"):
        assert zhao.get(url(name, case)).status_code == 404
    assert zhao.post(url("respond", case), deed(case, assist=row.pk)).status_code == 404
    for phone in (su, wang):
        with statements(10):
            assert phone.get("/m/assists/?show=ended").status_code == 200


KEY = "6f1d3c62-7a4e-4d7e-9a55-0f3b8f0a9c11"
