"""The deeds on the phone: each done, refused with nothing lost, and harmless when sent twice."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from complaints.models import Complaint, Contact, Photo, Reply, Step
from complaints.services import dispatching, handling, supervising
from governance.models import AuditEntry, Deed
from tests.cast import Cast
from tests.complaints import stages
from tests.complaints.phones import deed, phone_of, url

pytestmark = pytest.mark.django_db

ANSWER = "楼道灯已更换，感谢您的监督。"
TYPED: dict[str, dict[str, Any]] = {
    "sign": {},
    "contact": {"channel": "visit", "reached": "yes", "note": "上门见到本人"},
    "log": {"note": "已到现场查看"},
    "reply": {"result_kind": "solved", "public_text": ANSWER},
    "escalate": {"note": "需社区协调物业处理"},
    "hand_on": {"note": "不属于本网格"},
}
BEGINS: dict[str, Callable[..., Complaint]] = {
    "sign": stages.dispatched,
    "contact": stages.signed,
    "log": stages.signed,
    "reply": stages.contacted,
    "escalate": stages.signed,
    "hand_on": stages.signed,
}
ENDS = {
    "sign": "handling",
    "contact": "handling",
    "log": "handling",
    "reply": "pending_review",
    "escalate": "pending_sign",
    "hand_on": "pending_dispatch",
}
EVERY_DEED = pytest.mark.parametrize("verb", list(TYPED))


@pytest.fixture
def wang(office: Cast) -> Client:
    return phone_of(office.wang)


def photo(colour: str = "red", *, kind: str = "JPEG") -> SimpleUploadedFile:
    """A photo as it is sent."""
    file = BytesIO()
    Image.new("RGB", (64, 48), colour).save(file, kind)
    return SimpleUploadedFile("photo.jpg", file.getvalue(), content_type="image/jpeg")


def steps(case: Complaint) -> list[str]:
    """The verbs of the history."""
    return list(Step.objects.filter(complaint=case).values_list("verb", flat=True))


@EVERY_DEED
def test_a_deed_is_done_and_leads_back_to_the_case(office: Cast, wang: Client, verb: str) -> None:
    case = BEGINS[verb](office)

    answer = wang.post(url(verb, case), deed(case, **TYPED[verb]), follow=True)

    case.refresh_from_db()
    assert (case.stage, steps(case)[-1]) == (ENDS[verb], verb)
    assert answer.redirect_chain == [(url("complaint", case), 302)]
    assert f'data-draft-done="{verb}-{case.pk}"' in answer.content.decode()


@EVERY_DEED
def test_the_same_deed_sent_twice_is_one_deed(office: Cast, wang: Client, verb: str) -> None:
    case = BEGINS[verb](office)
    sent = deed(case, **TYPED[verb])

    first, second = wang.post(url(verb, case), sent), wang.post(url(verb, case), sent)

    assert (first.status_code, first.url) == (second.status_code, second.url)
    assert steps(case).count(verb) == 1
    assert Deed.objects.filter(key=sent["key"]).count() == 1


@EVERY_DEED
def test_a_key_used_for_something_else_is_refused(office: Cast, wang: Client, verb: str) -> None:
    case = BEGINS[verb](office)
    other = stages.signed(office, text="另一件")
    sent = deed(other, note="先记一笔")
    wang.post(url("log", other), sent)

    answer = wang.post(url(verb, case), deed(case, **TYPED[verb]) | {"key": sent["key"]})

    case.refresh_from_db()
    assert answer.status_code == 422
    assert "请刷新页面后重新提交" in answer.content.decode()
    assert steps(case)[-1] != verb or verb == "contact"


@EVERY_DEED
def test_two_who_move_one_case_one_wins_and_the_other_sees_its_state(
    office: Cast, wang: Client, verb: str
) -> None:
    case = BEGINS[verb](office)
    sent = deed(case, **TYPED[verb])
    dispatching.dispatch(case.pk, office.east_branch, by=office.su, note="重新派单")
    before = steps(case)

    answer = wang.post(url(verb, case), sent)

    assert answer.status_code == 409
    words = answer.content.decode()
    assert "刚刚有了新进展" in words
    assert "待签收" in words
    assert steps(case) == before
    for typed in (TYPED[verb].get("note"), TYPED[verb].get("public_text")):
        assert verb == "sign" or typed is None or typed in words


@EVERY_DEED
def test_a_deed_that_no_longer_fits_is_refused_with_the_present_state(
    office: Cast, wang: Client, verb: str
) -> None:
    case = stages.replied(office)

    answer = wang.post(url(verb, case), deed(case, **TYPED[verb]))

    assert answer.status_code == 409
    assert "待审核" in answer.content.decode()
    assert steps(case)[-1] == "reply"


@pytest.mark.parametrize("verb", ["contact", "log", "reply", "escalate", "hand_on"])
def test_a_form_that_came_too_late_says_so_before_anything_is_typed(
    office: Cast, wang: Client, verb: str
) -> None:
    case = stages.replied(office)

    answer = wang.get(url(verb, case))

    assert answer.status_code == 409
    assert "不能再这样办" in answer.content.decode()


@pytest.mark.parametrize("verb", ["log", "escalate", "hand_on"])
def test_a_deed_without_words_is_refused(office: Cast, wang: Client, verb: str) -> None:
    case = BEGINS[verb](office)

    answer = wang.post(url(verb, case), deed(case, note="  "))

    assert answer.status_code == 422
    assert "请写几句说明" in answer.content.decode()
    assert steps(case)[-1] != verb


def test_handing_on_is_one_tap_from_the_case(office: Cast, wang: Client) -> None:
    case = stages.dispatched(office)
    page = wang.get(url("complaint", case))

    wang.post(
        url("hand_on", case),
        {"key": page.context["key"], "seen": case.step_count, "note": "不属于本网格"},
    )

    case.refresh_from_db()
    assert (case.stage, case.holder, case.main_unit) == ("pending_dispatch", office.east, None)


def test_a_photo_of_a_visit_is_evidence_and_no_photo_of_the_work(office: Cast) -> None:
    case = stages.signed(office)
    body = deed(case, channel="visit", reached="yes", photos=[photo()])

    assert phone_of(office.wang).post(url("contact", case), body).status_code == 302

    assert case.photos.get().group == "contact"
    assert case.contacts.get().channel == "visit"


@pytest.mark.parametrize(("reached", "was_reached"), [("yes", True), ("no", False), ("", False)])
def test_what_came_of_a_call_is_recorded(
    office: Cast, wang: Client, reached: str, was_reached: bool
) -> None:
    case = stages.signed(office)

    wang.post(url("contact", case), deed(case, channel="phone", reached=reached))

    assert Contact.objects.get(complaint=case).is_reached is was_reached


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"public_text": "太短了"}, "公开答复至少写 10 个字"),
        ({"result_kind": ""}, "请选择办理结果"),
        ({"result_kind": "partly"}, "请写明未解决的部分和原因"),
    ],
)
def test_a_thin_answer_is_refused_and_every_word_is_kept(
    office: Cast, wang: Client, typed: dict[str, str], sentence: str
) -> None:
    case = stages.contacted(office)
    sent = deed(case, **TYPED["reply"], internal_text="灯具型号LED-9") | typed

    answer = wang.post(url("reply", case), sent)

    words = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in words
    assert sent["public_text"] in words
    assert "灯具型号LED-9" in words
    assert not Reply.objects.exists()


def test_without_a_contact_the_answer_asks_for_a_reason(office: Cast, wang: Client) -> None:
    case = stages.signed(office)
    sent = deed(case, **TYPED["reply"])

    refused = wang.post(url("reply", case), sent)
    sent |= {"key": str(uuid4()), "no_contact_reason": "来电人未留姓名，三次无人接听"}
    done = wang.post(url("reply", case), sent)

    assert refused.status_code == 422
    assert "答复前请先联系诉求人" in refused.content.decode()
    assert done.status_code == 302
    assert Contact.objects.get().channel == "none"


def test_a_number_in_an_answer_is_named_to_who_wrote_it(office: Cast, wang: Client) -> None:
    warning = "答复里有电话或证件号码"
    case, without = stages.contacted(office), stages.contacted(office)
    sent = deed(case, **TYPED["reply"])
    sent["public_text"] += "有事请打13900001007。"
    said = wang.post(url("reply", case), sent, follow=True).content.decode()
    assert "答复已提交" in said and warning in said
    plain = wang.post(url("reply", without), deed(without, **TYPED["reply"]), follow=True)
    assert warning not in plain.content.decode()


def test_a_refused_answer_keeps_its_photos_and_the_next_one_needs_none(
    office: Cast, wang: Client, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    case = stages.contacted(office, code="010101")
    thin = deed(case, result_kind="solved", public_text="短", photos=[photo()])

    refused = wang.post(url("reply", case), thin)
    done = wang.post(url("reply", case), deed(case, **TYPED["reply"]))

    assert (refused.status_code, done.status_code) == (422, 302)
    assert [one.round for one in case.photos.all()] == [1]


def test_what_needs_a_photo_is_not_answered_without(office: Cast, wang: Client) -> None:
    case = stages.contacted(office, code="010101")

    answer = wang.post(url("reply", case), deed(case, **TYPED["reply"]))

    assert answer.status_code == 422
    assert "须附办理后的照片" in answer.content.decode()


def test_a_file_that_is_no_photo_stops_the_note_and_keeps_its_words(
    office: Cast, wang: Client
) -> None:
    case = stages.signed(office)
    bad = SimpleUploadedFile("photo.jpg", b"<svg onload=alert(1)>", content_type="image/jpeg")

    answer = wang.post(url("log", case), deed(case, note="楼道现场", photos=[bad]))

    assert answer.status_code == 422
    assert "不是可以打开的照片" in answer.content.decode()
    assert "楼道现场" in answer.content.decode()
    assert steps(case)[-1] == "sign"


def test_a_note_with_photos_sent_twice_lays_each_photo_once(
    office: Cast, wang: Client, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    case = stages.signed(office)
    sent = deed(case, note="现场照片")

    for _time in range(2):
        wang.post(url("log", case), sent | {"photos": [photo("red"), photo("blue")]})

    assert case.photos.count() == 2
    assert steps(case).count("log") == 1


def test_the_building_minder_sees_the_case_and_may_do_nothing(office: Cast) -> None:
    case = stages.signed(office)
    he = phone_of(office.he)

    assert he.get(url("complaint", case)).status_code == 200
    for verb, typed in TYPED.items():
        assert he.post(url(verb, case), deed(case, **typed)).status_code == 404
    assert steps(case)[-1] == "sign"


def test_a_page_without_its_key_is_refused_and_redrawn(office: Cast, wang: Client) -> None:
    case = stages.dispatched(office)

    answer = wang.post(url("sign", case), {})

    assert answer.status_code == 422
    assert "请再点一次" in answer.content.decode()
    assert steps(case)[-1] == "dispatch"


def test_the_street_has_nobody_above_to_escalate_to(office: Cast) -> None:
    case = stages.signed(office)
    handling.contact(case.pk, by=office.wang, channel="phone", is_reached=True)
    dispatching.escalate(case.pk, by=office.wang, note="需社区协调物业处理")
    dispatching.escalate(case.pk, by=office.su, note="需街道协调执法力量")
    su = phone_of(office.su)

    assert "escalate" not in su.get(url("complaint", case)).context["offered"]
    answer = su.post(url("escalate", case), deed(case, note="再往上"))
    assert answer.status_code == 409
    assert "已在街道一级" in answer.content.decode()


def test_a_colleague_of_the_unit_is_named_and_nobody_else(office: Cast, wang: Client) -> None:
    case = stages.signed(office)
    page = wang.get(url("assign", case)).content.decode()

    refused = wang.post(url("assign", case), deed(case, person=office.zhao.person_id))
    done = wang.post(url("assign", case), deed(case, person=office.wang.person_id))

    assert "王强" in page
    assert "赵明" not in page
    assert (refused.status_code, done.status_code) == (422, 302)
    assert steps(case)[-1] == "assign"


def test_a_leaders_word_stands_on_the_case_until_it_is_answered(office: Cast, wang: Client) -> None:
    case = stages.signed(office)
    supervising.instruct(case.pk, by=office.lin, text="三日内解决楼道照明")
    address = url("answer_instruction", case)

    before = wang.get(url("complaint", case)).content.decode()
    empty = wang.post(address, deed(case, note=""))
    done = wang.post(address, deed(case, note="灯已换好，居民签字确认"))
    late = wang.post(address, deed(case, note="再报一次"))

    assert ("三日内解决楼道照明" in before, address in before) == (True, True)
    assert (empty.status_code, done.status_code, late.status_code) == (422, 302, 409)
    assert case.instructions.get().answer == "灯已换好，居民签字确认"
    assert address not in wang.get(url("complaint", case)).content.decode()


def refused_answer(wang: Client, case: Complaint, *photos: Any) -> Any:
    """An answer that is too short, with photos; the photos are kept."""
    sent = deed(case, result_kind="solved", public_text="短", photos=[*photos])
    refused = wang.post(url("reply", case), sent)
    assert refused.status_code == 422
    return refused


def test_a_photo_of_a_refused_answer_can_be_removed_and_every_word_stays(
    office: Cast,
    wang: Client,
    monday: Any,
    settings: Any,
    tmp_path: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:
    settings.MEDIA_ROOT = tmp_path
    case = stages.contacted(office)
    monday.shift(timedelta(minutes=5))
    refused = refused_answer(wang, case, photo("red"), photo("blue"))
    red, blue = case.photos.all()
    page = refused.content.decode()
    assert f'name="drop" value="{red.pk}" formnovalidate' in page
    assert page.index('aria-hidden="true"></button>') < page.index('name="drop"'), "Enter sends"

    sent = deed(case, **TYPED["reply"], drop=red.pk)
    with django_capture_on_commit_callbacks(execute=True):
        answer = wang.post(url("reply", case), sent)

    page = answer.content.decode()
    assert answer.status_code == 200 and sent["public_text"] in page
    assert [one.pk for one in case.photos.all()] == [blue.pk] and not Reply.objects.exists()
    assert not [path for path in tmp_path.rglob("*.jpg") if str(red.file.name)[:-4] in str(path)]
    entry = AuditEntry.objects.get(verb="remove_photo")
    assert (entry.by, entry.detail) == (office.wang, {"checksums": [red.checksum]})
    assert wang.post(url("reply", case), sent).status_code == 200, "pressed twice"
    sent = deed(case, **TYPED["reply"])
    assert wang.post(url("reply", case), sent).status_code == 302
    assert case.photos.count() == 1


def test_a_photo_that_a_step_rests_on_or_of_somebody_else_stays(
    office: Cast, wang: Client, monday: Any
) -> None:
    case, other = stages.contacted(office), stages.contacted(office)
    monday.shift(timedelta(minutes=5))
    wang.post(url("log", case), deed(case, note="已到现场查看。", photos=[photo()]))
    [used] = case.photos.all()
    monday.shift(timedelta(minutes=5))
    refused_answer(wang, other, photo("blue"))
    [foreign] = other.photos.all()

    kept = wang.post(url("reply", case), deed(case, **TYPED["reply"], drop=used.pk))
    assert kept.status_code == 422 and "不能删去" in kept.content.decode()
    assert TYPED["reply"]["public_text"] in kept.content.decode()
    assert 'name="drop"' not in wang.get(url("reply", case)).content.decode()
    for wrong in (foreign.pk, 999_999, "x", "9" * 30):
        assert wang.post(url("reply", case), deed(case, drop=wrong)).status_code == 200
    stranger = phone_of(office.zhao)
    assert stranger.post(url("reply", other), deed(other, drop=foreign.pk)).status_code == 404
    assert Photo.objects.count() == 2 and not AuditEntry.objects.filter(verb="remove_photo")


def test_notes_contacts_and_requests_show_what_was_kept_with_a_button_each(
    office: Cast, wang: Client, monday: Any
) -> None:
    case = stages.contacted(office)
    monday.shift(timedelta(minutes=5))
    for name, group in (
        ("log", "handling"),
        ("contact", "contact"),
        ("ask_suspension", "handling"),
    ):
        colour = {"log": "red", "contact": "blue", "ask_suspension": "green"}[name]
        refused = wang.post(url(name, case), deed(case, photos=[photo(colour)]))
        assert refused.status_code == 422, name
        newest = case.photos.order_by("-pk").first()
        assert newest and newest.group == group
        assert f'name="drop" value="{newest.pk}"' in refused.content.decode(), name
