"""Many cases in one go: each by itself, with what went and what did not, once, and by a worker."""

from typing import Any
from uuid import uuid4

import pytest

from complaints.choices import Stage
from complaints.models import Complaint
from complaints.services import bulk, handling
from complaints.services.bulk import AT_ONCE, KIND, MOST, Chosen, run_bulk, start_bulk
from complaints.services.steps import first_broken_step
from governance.choices import JobState
from governance.errors import HouseError
from governance.models import Job, Notice
from governance.services import jobs
from tests.cast import Cast, account
from tests.complaints import stages
from tests.complaints.desk import LIST, signed_in

BULK = f"{LIST}bulk/"


def ticked(*cases: Complaint) -> list[str]:
    """The boxes as the list draws them."""
    rows = {row.pk: row for row in Complaint.objects.filter(pk__in=[case.pk for case in cases])}
    return [f"{case.pk}-{rows[case.pk].step_count}" for case in cases]


def body(verb: str, cases: list[str], **more: Any) -> dict[str, Any]:
    return {"verb": verb, "case": cases, "deed_key": uuid4().hex, **more}


def result(answer: Any, desk: Any) -> Any:
    """The result page of a bulk deed."""
    assert answer.status_code == 302, answer.content.decode()[:600]
    return desk.get(answer["Location"])


def test_chosen_cases_are_shown_once_more_with_their_suggested_units(office: Cast) -> None:
    cases = [stages.accepted(office), stages.filed(office, title="路灯不亮")]
    page = signed_in(office.chen).post(BULK, {"verb": "dispatch", "case": ticked(*cases)})

    assert [row["hint"] for row in page.context["rows"]] == ["建议：东一网格党支部"] * 2
    assert not Job.objects.exists()


def test_each_goes_to_its_own_suggested_unit_and_the_unaccepted_is_accepted(office: Cast) -> None:
    cases = [stages.accepted(office), stages.filed(office, title="路灯不亮")]
    desk = signed_in(office.chen)
    page = result(desk.post(BULK, body("dispatch", ticked(*cases))), desk)

    assert [row["done"] for row in page.context["job"].result["rows"]] == [True, True]
    for case in Complaint.objects.all():
        assert (case.stage, case.main_unit) == (Stage.PENDING_SIGN, office.east_branch)
        assert first_broken_step(case) is None


def test_what_cannot_go_is_told_with_its_reason_and_stops_nobody(office: Cast) -> None:
    good, moved, away = (stages.accepted(office, title=name) for name in ("甲", "乙", "丙"))
    boxes = ticked(good, moved, away)
    stages.intake.void(moved.pk, by=office.qian, note="重复登记")
    desk = signed_in(office.chen)
    page = result(desk.post(BULK, body("dispatch", boxes, unit=office.squad.pk)), desk)
    said = page.content.decode()

    assert (len(page.context["done"]), len(page.context["refused"])) == (2, 1)
    assert page.context["refused"][0]["number"] == moved.number
    assert "刚刚有了新进展" in said and "已派给执法中队" in said
    assert Complaint.objects.get(pk=moved.pk).stage == Stage.VOIDED


def test_the_same_request_twice_is_one_deed(office: Cast) -> None:
    case, desk = stages.accepted(office), signed_in(office.chen)
    sent = body("dispatch", ticked(case))
    first, again = desk.post(BULK, sent), desk.post(BULK, sent)

    assert first["Location"] == again["Location"]
    assert Complaint.objects.get().assignments.count() == 1


def test_a_batch_is_taken_back_as_a_whole_but_for_what_was_signed(office: Cast) -> None:
    cases = [stages.accepted(office, title=name) for name in ("甲", "乙")]
    desk = signed_in(office.chen)
    page = result(
        desk.post(BULK, body("dispatch", ticked(*cases), unit=office.east_branch.pk)), desk
    )
    handling.sign(cases[0].pk, by=office.wang)
    undone = result(desk.post(f"{BULK}{page.context['job'].pk}/undo/"), desk)

    assert [row["said"] for row in undone.context["done"]] == ["已撤销"]
    found = {case.pk: case.stage for case in Complaint.objects.all()}
    assert found == {cases[0].pk: Stage.HANDLING, cases[1].pk: Stage.PENDING_DISPATCH}
    again = desk.post(f"{BULK}{page.context['job'].pk}/undo/", follow=True)
    assert "已有新的进展" in again.content.decode()


def test_a_unit_hands_several_on_for_one_reason(office: Cast) -> None:
    cases = [stages.signed(office, title=name) for name in ("甲", "乙")]
    desk = signed_in(office.wang)
    nothing = desk.post(BULK, body("hand_on", ticked(*cases), note=""))
    page = result(desk.post(BULK, body("hand_on", ticked(*cases), note="不在本网格")), desk)

    assert nothing.status_code == 422
    assert len(page.context["done"]) == 2
    assert {case.holder for case in Complaint.objects.all()} == {office.east}


def test_several_are_given_to_the_colleague_who_is_there(office: Cast) -> None:
    cases = [stages.signed(office, title=name) for name in ("甲", "乙")]
    colleague = account("周敏", "zhou", "grid_worker", office.east_branch)
    desk = signed_in(office.wang)
    answer = desk.post(BULK, body("assign", ticked(*cases), person=colleague.person_id))

    assert len(result(answer, desk).context["done"]) == 2
    assert {case.assignee for case in Complaint.objects.all()} == {colleague.person}


def test_many_are_left_to_the_worker_and_told_in_the_inbox(office: Cast) -> None:
    case = stages.accepted(office)
    chosen = [Chosen(case.pk, None, office.east_branch.pk)] * (AT_ONCE + 1)
    job = start_bulk("dispatch", chosen, by=office.chen, title="批量派单：16 件")
    desk = signed_in(office.chen)
    waiting = desk.get(f"{BULK}{job.pk}/")
    assert (job.state, jobs.run_waiting({KIND: run_bulk})) == (JobState.WAITING, 1)

    assert "排队中" in waiting.content.decode()
    assert desk.get(f"{BULK}{job.pk}/status/").json()["done"] == AT_ONCE + 1
    notice = Notice.objects.get(person=office.chen.person, subject=f"job:{job.pk}")
    assert notice.title == "已完成：批量派单：16 件"
    assert desk.get(f"{LIST}job/{job.pk}/")["Location"] == f"{BULK}{job.pk}/"
    assert f"{LIST}job/{job.pk}/" in desk.get("/admin/").content.decode()


def test_a_worker_that_dies_in_the_middle_does_no_case_twice(office: Cast) -> None:
    cases = [stages.accepted(office, title=name) for name in ("甲", "乙", "丙")]
    chosen = [Chosen(case.pk, None, office.east_branch.pk) for case in cases]
    job = start_bulk("dispatch", chosen, by=office.chen, title="批量派单")
    bulk.take_one(job, chosen[0], 3)
    run_bulk(Job.objects.get(pk=job.pk))

    job = Job.objects.get(pk=job.pk)
    assert (job.done_count, len(job.result["rows"])) == (3, 3)
    assert [case.assignments.count() for case in Complaint.objects.all()] == [1, 1, 1]


# ── refusals ─────────────────────────────────────────────────────────────────────────────────


def test_a_stranger_moves_nothing_and_sees_nothing(office: Cast) -> None:
    case, desk = stages.signed(office), signed_in(office.zhao)
    page = desk.post(BULK, {"verb": "hand_on", "case": ticked(case)})
    sent = desk.post(BULK, body("hand_on", ticked(case), note="不在本网格"))

    assert page.context["rows"] == [] and case.number not in page.content.decode()
    assert sent.status_code == 422
    assert Complaint.objects.get().holder == office.east_branch


def test_the_result_is_for_who_did_it(office: Cast) -> None:
    case, desk = stages.accepted(office), signed_in(office.chen)
    where = desk.post(BULK, body("dispatch", ticked(case)))["Location"].partition("?")[0]

    assert desk.get(where).status_code == 200
    for user in (office.qian, office.zhao):
        other = signed_in(user)
        assert [other.get(where).status_code, other.get(f"{where}status/").status_code,
                other.post(f"{where}undo/").status_code] == [404, 404, 404]  # fmt: skip


@pytest.mark.parametrize(
    "sent",
    [{}, {"verb": "close", "case": ["1-1"]}, {"verb": "dispatch"}, {"verb": "dispatch", "case": ["x"]},
     {"verb": "dispatch", "case": ["9" * 30]}],
)  # fmt: skip
def test_nonsense_leads_back_to_the_list_with_a_word(office: Cast, sent: dict[str, Any]) -> None:
    answer = signed_in(office.chen).post(BULK, sent, follow=True)

    assert answer.status_code == 200
    assert "请先在列表里勾选诉求" in answer.content.decode()


def test_a_unit_out_of_reach_and_a_person_of_another_unit_are_refused(office: Cast) -> None:
    case = stages.signed(office)
    for user, verb, field, value in (
        (office.chen, "dispatch", "unit", office.party_household.pk),
        (office.wang, "assign", "person", office.zhao.person_id),
    ):
        answer = signed_in(user).post(BULK, body(verb, ticked(case), **{field: value}))
        assert answer.status_code == 422
    assert Complaint.objects.get().stage == Stage.HANDLING


def test_more_than_one_can_look_through_is_refused(office: Cast) -> None:
    with pytest.raises(HouseError, match="最多"):
        start_bulk("dispatch", [Chosen(1, None)] * (MOST + 1), by=office.chen, title="")
