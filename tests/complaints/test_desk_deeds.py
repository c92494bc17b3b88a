"""Every deed of the desk: it happens once, and it is refused with everything kept."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from complaints import entrances
from complaints.choices import Stage
from complaints.desk.casepage import verbs_of
from complaints.desk_forms import DEEDS
from complaints.desk_forms.assisting import FORMS as ASSIST_FORMS
from complaints.models import Accused, Complaint, Contact, Instruction, IssuedCard, Reply, Step
from complaints.services import (
    cards,
    closing,
    dispatching,
    intake,
    reviewing,
    slips,
    supervising,
)
from governance.forms import PLAIN_REQUIRED
from governance.models import AuditEntry, Deed
from tests.cast import Cast
from tests.complaints import stages
from tests.complaints.desk import page_of, signed_in, typed

WORDS = "已电话核实，情况属实，按规定办理。"
HOTLINE = {"source": "hotline", "source_number": "26030200001"}


def sent_back_home(office: Cast, **more: Any) -> Complaint:
    """Handed on by the branch, waiting for another unit."""
    return dispatching.hand_on(
        stages.signed(office, **more).pk, by=office.wang, note="不属于本网格"
    )


def supplement_wanted(office: Cast) -> Complaint:
    return intake.ask_supplement(stages.filed(office).pk, by=office.chen, note="请补充楼号")


def rejected(office: Cast) -> Complaint:
    return intake.reject(stages.filed(office).pk, by=office.chen, note="已依法办结")


def closed(office: Cast, **more: Any) -> Complaint:
    case = stages.approved(office, **more)
    return closing.record_callback(
        case.pk, by=office.qian, outcome="reached", solved="yes", satisfaction="satisfied"
    )


def street_reply(office: Cast) -> Complaint:
    """A city order, answered, waiting for the street's review."""
    return stages.replied(office, **HOTLINE)


def closed_city_order(office: Cast) -> Complaint:
    case = reviewing.approve(street_reply(office).pk, by=office.chen)
    return closing.record_callback(
        case.pk, by=office.qian, outcome="reached", solved="yes", satisfaction="satisfied"
    )


def pressed(office: Cast) -> Complaint:
    """A slip waits for an answer, and a yellow card stands."""
    case = stages.signed(office)
    due_at = timezone.now() + timedelta(days=1)
    slips.supervise(case.pk, by=office.chen, demand=WORDS, due_at=due_at)
    cards.issue(case.pk, by=office.chen, card="yellow", note=WORDS)
    return case


def instructed(office: Cast) -> Complaint:
    case = stages.signed(office)
    supervising.instruct(case.pk, by=office.lin, text="请三日内办结")
    case.refresh_from_db()
    return case


# deed: how the case comes to its stage, who does it, what is typed, the stage afterwards.
SUCCESS: dict[str, tuple[Any, str, dict[str, Any], str]] = {
    "accept": (stages.filed, "chen", {}, Stage.PENDING_DISPATCH),
    "ask_supplement": (stages.filed, "chen", {"note": "请补充楼号"}, Stage.PENDING_SUPPLEMENT),
    "supplement": (supplement_wanted, "chen", {"note": "是3号楼"}, Stage.PENDING_ACCEPTANCE),
    "reject": (stages.filed, "chen", {"note": WORDS, "reason_code": "emergency"}, Stage.REJECTED),
    "void": (stages.filed, "chen", {"note": "误登记"}, Stage.VOIDED),
    "return_to_source": (
        lambda office: stages.filed(office, **HOTLINE), "chen",
        {"note": "不在本街道", "reason_code": "not_ours"}, Stage.RETURNED_TO_SOURCE,
    ),
    "dispatch": (stages.accepted, "chen", {"unit": "east_branch"}, Stage.PENDING_SIGN),
    "sign": (stages.dispatched, "su", {}, Stage.HANDLING),
    "contact": (stages.signed, "su", {"channel": "phone", "is_reached": "yes"}, Stage.HANDLING),
    "log": (stages.signed, "su", {"note": "已到现场"}, Stage.HANDLING),
    "reply": (
        stages.contacted, "ma",
        {"result_kind": "solved", "is_true": "yes", "public_text": stages.ANSWER},
        Stage.PENDING_REVIEW,
    ),
    "escalate": (stages.signed, "su", {"note": "需街道协调"}, Stage.PENDING_SIGN),
    "hand_on": (stages.signed, "su", {"note": "不属于本网格"}, Stage.PENDING_DISPATCH),
    "assign": (stages.signed, "su", {"person": "wang"}, Stage.HANDLING),
    "approve": (stages.replied, "su", {}, Stage.PENDING_CALLBACK),
    "send_back": (stages.replied, "su", {"note": "请写明结果"}, Stage.HANDLING),
    "record_callback": (
        stages.approved, "qian",
        {"outcome": "reached", "solved": "yes", "satisfaction": "satisfied"}, Stage.CLOSED,
    ),
    "rework": (closed, "chen", {"note": "又出现了"}, Stage.PENDING_SIGN),
    "record_source_result": (
        closed_city_order, "chen", {"solved": "yes", "satisfaction": "very_satisfied"},
        Stage.CLOSED,
    ),
    "withdraw": (stages.signed, "chen", {"note": "诉求人来电撤诉"}, Stage.WITHDRAWN),
    "restore": (rejected, "chen", {"note": "有新的事实"}, Stage.PENDING_ACCEPTANCE),
    "correct": (stages.accepted, "chen", {"urgency": "urgent", "address": "东园花园3号楼2单元"},
                Stage.PENDING_DISPATCH),
    "urge": (stages.signed, "chen", {"note": "请今天到场"}, Stage.HANDLING),
    "supervise": (
        stages.signed, "chen", {"demand": WORDS, "due_at": "2026-03-05 17:00"}, Stage.HANDLING,
    ),
    "elevate": (
        stages.signed, "lin", {"demand": WORDS, "due_at": "2026-03-05 17:00"}, Stage.HANDLING,
    ),
    "answer_slip": (pressed, "su", {"note": "已会同物业处理"}, Stage.HANDLING),
    "withdraw_slip": (pressed, "chen", {"note": "签发时选错了工单"}, Stage.HANDLING),
    "issue_card": (stages.signed, "chen", {"card": "red", "note": WORDS}, Stage.HANDLING),
    "withdraw_card": (pressed, "chen", {"note": "已核实，予以撤下"}, Stage.HANDLING),
    "answer_instruction": (instructed, "su", {"note": "已会同物业处理"}, Stage.HANDLING),
    "restrict": (stages.signed, "chen", {"names": "王强"}, Stage.HANDLING),
    "ask_return": (stages.signed, "ma", {"reason": "not_our_ground", "note": WORDS}, Stage.HANDLING),
    "ask_extension": (
        stages.signed, "ma",
        {"reason": "works", "note": WORDS, "amount": 3, "channel": "phone"}, Stage.HANDLING,
    ),
    "ask_suspension": (
        stages.signed, "su",
        {"reason": "season", "note": WORDS, "amount": 30, "evidence": WORDS}, Stage.HANDLING,
    ),
    "claim_out_of_duty": (
        stages.signed, "su", {"reason": "outside_law", "note": WORDS, "evidence": WORDS},
        Stage.HANDLING,
    ),
    "take_back_request": (stages.asked, "su", {"request": "the one"}, Stage.HANDLING),
    "decide_request": (
        stages.asked, "su", {"request": "the one", "decision": "grant", "amount": 1},
        Stage.HANDLING,
    ),
    "resume": (stages.suspended, "chen", {"note": WORDS}, Stage.HANDLING),
    "recheck": (stages.suspended, "chen", {"note": WORDS}, Stage.HANDLING),
    "record_city_answer": (
        stages.city_asked, "chen",
        {"request": "the one", "answer": "yes", "number": "市延7", "answered_on": "2026-03-02"},
        Stage.HANDLING,
    ),
}  # fmt: skip

# What the deed refuses when the needed words are missing; the rest needs no words.
NEEDS_WORDS = sorted(
    {"ask_supplement", "supplement", "reject", "void", "return_to_source", "log", "reply",
     "escalate", "hand_on", "send_back", "record_callback", "rework", "record_source_result",
     "withdraw", "restore", "answer_instruction", "restrict", "dispatch", "contact", "ask_return",
     "ask_extension", "ask_suspension", "claim_out_of_duty", "recheck", "record_city_answer",
     "decide_request", "supervise", "elevate", "answer_slip", "withdraw_slip", "issue_card",
     "withdraw_card"}
)  # fmt: skip


def filled(
    office: Cast, case: Complaint, verb: str, by: Any, values: dict[str, Any]
) -> dict[str, Any]:
    """The form as sent, names of the cast turned into their numbers."""
    if verb == "dispatch" and values:
        values = {**values, "unit": office.east_branch.pk}
    if verb == "assign":
        values = {"person": office.wang.person_id}
    if values.get("request"):
        values = {**values, "request": case.requests.get().pk}
    if verb in ("answer_slip", "withdraw_slip") and values:
        values = {**values, "slip": case.slips.get().pk}
    if verb == "withdraw_card" and values:
        values = {**values, "card": IssuedCard.objects.get(complaint=case).pk}
    if verb == "answer_instruction" and values:
        values = {**values, "instruction": Instruction.objects.get(complaint=case).pk}
    return typed(case, verb, by, **values)


def test_every_deed_of_the_desk_is_tried_here() -> None:
    # Help, sub-cases and merging: test_assisting.py, test_belongings.py.
    elsewhere = {"merge", "unmerge", "instruct", *(form.verb for form in ASSIST_FORMS)}
    assert set(DEEDS) == {*SUCCESS, *elsewhere}


@pytest.mark.parametrize("verb", SUCCESS)
def test_a_deed_happens_once_however_often_it_is_sent(office: Cast, verb: str) -> None:
    build, who, values, stage = SUCCESS[verb]
    case = Complaint.objects.get(pk=build(office).pk)
    by = getattr(office, who)
    body = filled(office, case, verb, by, values)
    desk = signed_in(by)

    first = desk.post(page_of(case, verb), body)
    again = desk.post(page_of(case, verb), body)

    assert (first.status_code, again.status_code) == (302, 302)
    after = Complaint.objects.get(pk=case.pk)
    assert after.stage == stage
    wanted = verbs_of(verb)
    assert (
        Step.objects.filter(complaint=case, verb__in=wanted, number__gt=case.step_count).count()
        == 1
    )


@pytest.mark.parametrize("verb", NEEDS_WORDS)
def test_a_deed_without_its_words_is_refused_and_changes_nothing(office: Cast, verb: str) -> None:
    build, who, _values, _stage = SUCCESS[verb]
    case = Complaint.objects.get(pk=build(office).pk)
    by = getattr(office, who)

    answer = signed_in(by).post(page_of(case, verb), typed(case, verb, by))

    assert answer.status_code == 422
    after = Complaint.objects.get(pk=case.pk)
    assert (after.stage, after.step_count) == (case.stage, case.step_count)


def test_every_deed_says_what_is_missing(office: Cast) -> None:
    case = Complaint.objects.get(pk=stages.signed(office).pk)
    forms = [DEEDS[verb](case=case, by=office.chen) for verb in DEEDS]
    asked = [field.field for form in forms for field in form.visible_fields()]
    wanted = [field for field in asked if field.required]

    assert len(wanted) > 40
    assert [f.label for f in wanted if f.error_messages["required"] is PLAIN_REQUIRED] == []


@pytest.mark.parametrize("verb", SUCCESS)
def test_a_deed_on_a_foreign_case_looks_like_a_missing_one(office: Cast, verb: str) -> None:
    case = Complaint.objects.get(pk=SUCCESS[verb][0](office).pk)
    desk = signed_in(office.zhao)

    foreign = desk.post(page_of(case, verb), {"seen": case.step_count, "deed_key": "k" * 32})
    missing = desk.post(f"/admin/complaints/complaint/999999/{verb}/", {"deed_key": "k" * 32})

    assert foreign.status_code == missing.status_code == 404
    assert foreign.content == missing.content
    assert Complaint.objects.get(pk=case.pk).step_count == case.step_count


def test_merging_takes_the_number_of_the_other_case(office: Cast) -> None:
    target, case = stages.signed(office), stages.accepted(office)
    body = typed(case, "merge", office.chen, number=target.number)

    assert signed_in(office.chen).post(page_of(case, "merge"), body).status_code == 302
    assert Complaint.objects.get(pk=case.pk).merged_into == target


def test_merging_into_a_case_that_nobody_knows_is_refused(office: Cast) -> None:
    case = stages.accepted(office)
    body = typed(case, "merge", office.chen, number="HP-2026-999999")
    answer = signed_in(office.chen).post(page_of(case, "merge"), body)

    assert answer.status_code == 422
    assert "HP-2026-999999" in answer.content.decode()


def test_a_leader_instructs_and_others_may_not(office: Cast) -> None:
    case = stages.signed(office)
    body = typed(case, "instruct", office.lin, text="请两日内解决")

    assert signed_in(office.su).post(page_of(case, "instruct"), body).status_code == 403
    body = typed(case, "instruct", office.lin, text="请两日内解决")
    assert signed_in(office.lin).post(page_of(case, "instruct"), body).status_code == 302
    assert Instruction.objects.get(complaint=case).by == office.lin


def test_who_comes_second_sees_the_present_state_and_keeps_the_words(office: Cast) -> None:
    case = stages.signed(office)
    body = typed(case, "log", office.su, note="我也去看了现场")
    dispatching.hand_on(case.pk, by=office.wang, note="不属于本网格")

    answer = signed_in(office.su).post(page_of(case, "log"), body)

    assert answer.status_code == 409
    said = answer.content.decode()
    assert "我也去看了现场" in said
    assert "待派单" in said


def test_the_same_key_with_other_words_is_a_conflict(office: Cast) -> None:
    case = stages.signed(office)
    desk = signed_in(office.su)
    body = typed(case, "log", office.su, note="第一次")
    desk.post(page_of(case, "log"), body)

    answer = desk.post(page_of(case, "log"), {**body, "note": "第二次"})

    assert answer.status_code == 422
    assert "第二次" in answer.content.decode()
    assert Step.objects.filter(complaint=case, verb="log").count() == 1


def test_a_refused_deed_leaves_its_key_free(office: Cast) -> None:
    case = stages.signed(office)
    body = typed(case, "reply", office.su, result_kind="solved", is_true="yes",
                 public_text=stages.ANSWER)  # fmt: skip
    answer = signed_in(office.su).post(page_of(case, "reply"), body)

    assert answer.status_code == 422
    assert "先联系" in answer.content.decode()
    assert stages.ANSWER in answer.content.decode()
    assert not Deed.objects.filter(key=body["deed_key"]).exists()
    assert not Reply.objects.filter(complaint=case).exists()


def test_nobody_reviews_the_own_answer(office: Cast) -> None:
    case = stages.replied(office)
    Reply.objects.filter(complaint=case).update(by=office.su)
    answer = signed_in(office.su).post(page_of(case, "approve"), typed(case, "approve", office.su))

    assert answer.status_code == 403
    assert Complaint.objects.get(pk=case.pk).stage == Stage.PENDING_REVIEW


def test_a_unit_outside_the_dispatchers_reach_is_no_choice(office: Cast) -> None:
    case = sent_back_home(office)
    before = case.step_count
    body = typed(case, "dispatch", office.su, unit=office.west_branch.pk)

    assert signed_in(office.su).post(page_of(case, "dispatch"), body).status_code == 422
    assert Complaint.objects.get(pk=case.pk).step_count == before


def test_accepting_and_dispatching_is_one_deed_from_the_queue(office: Cast) -> None:
    case, following = stages.filed(office), stages.filed(office)
    body = typed(case, "dispatch", office.chen, suggested=office.east_branch.pk, next="queue")
    answer = signed_in(office.chen).post(page_of(case, "dispatch"), body)

    after = Complaint.objects.get(pk=case.pk)
    assert (after.stage, after.main_unit) == (Stage.PENDING_SIGN, office.east_branch)
    assert answer["Location"] == f"/admin/complaints/complaint/queue/?case={following.pk}"


def test_those_complained_about_see_the_case_no_longer(office: Cast) -> None:
    case = stages.signed(office)
    assert signed_in(office.wang).get(page_of(case)).status_code == 200
    body = typed(case, "restrict", office.chen, names="王强")
    signed_in(office.chen).post(page_of(case, "restrict"), body)

    assert Accused.objects.get(complaint=case).person == office.wang.person
    assert signed_in(office.wang).get(page_of(case)).status_code == 404


def test_a_number_is_shown_for_a_reason_and_remembered(office: Cast) -> None:
    case = stages.signed(office)
    desk = signed_in(office.chen)

    refused = desk.post(page_of(case, "reveal"), {"note": "看"})
    shown = desk.post(page_of(case, "reveal"), {"note": "回访诉求人"})

    assert refused.status_code == 422
    assert "13900001011" not in refused.content.decode()
    assert "13900001011" in shown.content.decode()
    assert AuditEntry.objects.filter(verb="reveal_caller", by=office.chen).count() == 1


def test_the_leader_has_no_business_with_the_callers_number(office: Cast) -> None:
    case = stages.signed(office)
    answer = signed_in(office.lin).post(page_of(case, "reveal"), {"note": "想知道是谁"})

    assert answer.status_code == 403
    assert "13900001011" not in answer.content.decode()


def test_opening_a_form_that_is_not_open_says_not_now(office: Cast) -> None:
    case = stages.filed(office)
    desk = signed_in(office.chen)

    assert desk.get(page_of(case, "restore")).status_code == 409
    assert desk.get(page_of(case, "accept")).status_code == 200
    assert signed_in(office.lin).get(page_of(case, "accept")).status_code == 403


def test_contact_is_written_down(office: Cast) -> None:
    case = stages.signed(office)
    body = typed(case, "contact", office.su, channel="visit", is_reached="no", note="无人在家")
    signed_in(office.su).post(page_of(case, "contact"), body)

    row = Contact.objects.get(complaint=case)
    assert (row.channel, row.is_reached, row.at.date()) == ("visit", False, timezone.now().date())


def picture(colour: str = "#7d8f86") -> SimpleUploadedFile:
    """A photo as a camera names it."""
    file = BytesIO()
    Image.new("RGB", (800, 600), colour).save(file, "JPEG")
    return SimpleUploadedFile("IMG_0001.jpg", file.getvalue(), "image/jpeg")


def test_a_department_answers_with_photos_that_only_reach_opens(office: Cast) -> None:
    case = stages.accepted(office)
    dispatching.dispatch(case.pk, office.squad, by=office.chen)
    desk = signed_in(office.sun)
    desk.post(page_of(case, "sign"), typed(case, "sign", office.sun))
    body = typed(case, "contact", office.sun, channel="phone", is_reached="yes")
    desk.post(page_of(case, "contact"), body)
    body = typed(case, "reply", office.sun, result_kind="solved", is_true="yes",
                 public_text=stages.ANSWER, pictures=[picture()])  # fmt: skip
    assert desk.post(page_of(case, "reply"), body).status_code == 302

    photo = Complaint.objects.get(pk=case.pk).photos.get()
    url = page_of(case, f"photo/{photo.pk}")
    assert desk.get(url)["Content-Type"] == "image/jpeg"
    assert desk.get(f"{url}?small=1").status_code == 200
    assert signed_in(office.zhao).get(url).status_code == 404


def test_an_answer_has_its_attachments_in_three_groups_and_the_citizen_sees_the_work_alone(
    office: Cast,
) -> None:
    case = stages.contacted(office)
    groups = {"pictures": "#7d8f86", "evidence": "#335577", "certificates": "#aa8844"}
    body = typed(case, "reply", office.su, result_kind="solved", is_true="yes",
                 public_text=stages.ANSWER, shows_photos="on",
                 **{name: [picture(colour)] for name, colour in groups.items()})  # fmt: skip
    assert signed_in(office.su).post(page_of(case, "reply"), body).status_code == 302

    photos = Complaint.objects.get(pk=case.pk).photos
    assert set(photos.values_list("group", flat=True)) == {"handling", "contact", "certificate"}
    shown = entrances.shown_photos(case, Reply.objects.get(complaint=case))
    assert [photo.group for photo in shown] == ["handling"]


def test_a_file_that_is_no_photo_is_named_and_the_answer_kept(office: Cast) -> None:
    case = stages.contacted(office)
    body = typed(case, "reply", office.su, result_kind="solved", is_true="yes",
                 public_text=stages.ANSWER,
                 pictures=[SimpleUploadedFile("a.jpg", b"not a photo")])  # fmt: skip
    answer = signed_in(office.su).post(page_of(case, "reply"), body)

    assert answer.status_code == 422
    assert "不是可以打开的照片" in answer.content.decode()
    assert stages.ANSWER in answer.content.decode()


@pytest.mark.parametrize("key", ["", "short", "k" * 65, "ein\x00schlüssel", "<script>alert(1)"])
def test_a_request_without_a_key_of_the_house_is_never_carried_out(office: Cast, key: str) -> None:
    case = stages.signed(office)
    body = typed(case, "log", office.su, note="已到现场") | {"deed_key": key}
    answer = signed_in(office.su).post(page_of(case, "log"), body)

    assert answer.status_code == 422
    assert "已到现场" in answer.content.decode()
    assert not Step.objects.filter(complaint=case, verb="log").exists()
    fresh = answer.context["form"]["deed_key"].value()
    assert (
        signed_in(office.su).post(page_of(case, "log"), body | {"deed_key": fresh}).status_code
        == 302
    )
