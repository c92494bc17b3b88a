"""查进度: what the secret link shows and lets do, and what a link that is none says: nothing."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from complaints.choices import Stage
from complaints.models import (
    Callback,
    Complaint,
    PlaceCode,
    Reply,
    ResidentLink,
    ResidentRules,
)
from complaints.resident import progress
from complaints.rules import rules_changed
from complaints.services import (
    accepting,
    closing,
    dispatching,
    handling,
    intake,
    merging,
    photos,
    reviewing,
)
from complaints.services.place_codes import new_code
from complaints.services.requests import asking, deciding, standing
from complaints.services.steps import first_broken_step
from governance.models import Notice
from governance.selectors import nearest_handler
from grids.models import Building
from tests.cast import Cast
from tests.complaints.residents import (
    PHONE,
    WORDS,
    filed,
    hidden_of,
    page_url,
    picture,
    wall,
)
from tests.complaints.stages import ANSWER

pytestmark = pytest.mark.django_db


def done(case: Complaint, cast: Cast) -> Complaint:
    """Dispatched, signed, answered with a photo, and reviewed."""
    accepting.accept_and_dispatch(case.pk, cast.east_branch, by=cast.chen)
    return answered(handling.sign(case.pk, by=cast.wang), cast, cast.wang, cast.su)


def answered(case: Complaint, cast: Cast, handler: Any, reviewer: Any) -> Complaint:
    """Contacted, photographed, replied, reviewed."""
    handling.contact(case.pk, by=handler, channel="visit", is_reached=True)
    photos.add_photos(case.pk, [picture()], by=handler)
    handling.reply(case.pk, by=handler, result_kind="solved", public_text=ANSWER)
    return reviewing.approve(case.pk, by=reviewer)


def act(address: str, verb: str, **more: Any) -> HttpResponse:
    """A deed at the page of a case, under a key of its own."""
    return Client().post(f"{address}{verb}/", {"key": str(uuid4()), **more})


def text_of(address: str) -> str:
    """What the page says."""
    return Client().get(address).content.decode()


# ── what it shows ──────────────────────────────────────────────────────────────────────────────


def test_the_four_steps_follow_the_life_of_a_case(office: Cast, monday: Any) -> None:
    case, address = filed(monday, office, phone=PHONE)

    def states() -> list[str]:
        case.refresh_from_db()
        return [step.state for step in progress.four_steps(case)]

    assert states() == ["here", "ahead", "ahead", "ahead"]
    assert "您的诉求已收到" in text_of(address)
    intake.accept(case.pk, by=office.chen)
    assert states() == ["done", "here", "ahead", "ahead"]
    assert "承诺 <b>3月2日</b> 前答复您" in text_of(address)
    done_case = Complaint.objects.get(pk=case.pk)
    from_dispatch(done_case, office)
    assert states() == ["done", "done", "done", "done"]
    page = text_of(address)
    assert ANSWER in page and "您满意吗？" in page
    assert "承诺" not in page


def from_dispatch(case: Complaint, cast: Cast) -> Complaint:
    """As `done`, for a case that was accepted before."""

    dispatching.dispatch(case.pk, cast.east_branch, by=cast.chen)
    return answered(handling.sign(case.pk, by=cast.wang), cast, cast.wang, cast.su)


def test_every_stage_has_a_heading() -> None:
    for stage in Stage.values:
        assert progress.heading(Complaint(stage=stage))


def test_the_page_tells_nothing_of_the_office(office: Cast, monday: Any) -> None:
    case, address = filed(monday, office, phone=PHONE)
    done(case, office)
    handled = text_of(address)

    for inside in (PHONE, "139****", "王强", "苏文静", "陈晓燕", "5555", office.east_branch.path):
        assert inside not in handled
    for name in ("联系诉求人", "审核"):
        assert name not in handled


def test_only_an_approved_answer_is_shown(office: Cast, monday: Any) -> None:
    case, address = filed(monday, office, phone=PHONE)
    accepting.accept_and_dispatch(case.pk, office.east_branch, by=office.chen)
    handling.sign(case.pk, by=office.wang)
    handling.contact(case.pk, by=office.wang, channel="visit", is_reached=True)
    photos.add_photos(case.pk, [picture()], by=office.wang)
    handling.reply(case.pk, by=office.wang, result_kind="solved", public_text=ANSWER)
    assert ANSWER not in text_of(address)


def test_a_merged_case_tells_of_the_one_it_went_into(office: Cast, monday: Any) -> None:
    first, _other = filed(monday, office, phone=PHONE)
    second, address = filed(monday, office, text="楼门口的垃圾没有人管。")
    merging.merge_into(second.pk, first, by=office.chen)
    done(first, office)

    page = text_of(address)
    assert "两件一起办" in page and ANSWER in page
    assert WORDS not in page  # the other resident's words
    assert "您满意吗？" not in page


def test_a_rejected_case_names_the_published_ground_and_not_the_note(
    office: Cast, monday: Any
) -> None:
    case, address = filed(monday, office)
    intake.reject(case.pk, by=office.chen, note="内部：此人多次来访", reason_code="legal_channel")
    page = text_of(address)
    assert "须经诉讼" in page
    assert "此人多次来访" not in page


# ── supplement, withdraw ───────────────────────────────────────────────────────────────────────


def test_a_question_of_the_office_is_answered_with_words_and_photos(
    office: Cast, monday: Any
) -> None:
    case, address = filed(monday, office)
    intake.ask_supplement(case.pk, by=office.chen, note="请说明是几单元门口。")
    assert "请说明是几单元门口。" in text_of(address)
    assert "请在 5 个工作日内补充" in text_of(address)
    assert "张照片已收到" not in text_of(address)

    assert act(address, "supplement", note="2单元门口。", photos=[picture()]).status_code == 302
    case.refresh_from_db()
    assert case.stage == Stage.PENDING_ACCEPTANCE
    assert case.steps.latest("number").note == "2单元门口。"
    assert case.photos.count() == 1
    assert "您的 1 张照片已收到" in text_of(address)
    assert Notice.objects.filter(person=office.chen.person, title__contains="已补充").exists()
    assert first_broken_step(case) is None


def test_nobody_adds_what_was_not_asked_for(office: Cast, monday: Any) -> None:
    _case, address = filed(monday, office)
    refused = act(address, "supplement", note="再说一句。")
    assert refused.status_code == 409


def test_the_resident_takes_the_matter_back_after_being_asked_once_more(
    office: Cast, monday: Any
) -> None:
    case, address = filed(monday, office)
    accepting.accept_and_dispatch(case.pk, office.east_branch, by=office.chen)
    asked = Client().get(f"{address}withdraw/")
    assert "要撤回这件诉求吗？" in asked.content.decode()
    assert Complaint.objects.get(pk=case.pk).is_open

    assert act(address, "withdraw", note="物业已经清走了。").status_code == 302
    case.refresh_from_db()
    assert (case.stage, case.is_open) == (Stage.WITHDRAWN, False)
    told = Notice.objects.filter(title__contains="居民已撤回").values_list("person", flat=True)
    assert {office.wang.person_id, office.chen.person_id} <= set(told)
    assert "您已撤回这件诉求" in text_of(address)
    assert act(address, "withdraw").status_code == 409
    assert Client().get(f"{address}withdraw/").status_code == 409


# ── satisfaction ───────────────────────────────────────────────────────────────────────────────


def test_one_tap_closes_and_is_recorded_as_one_of_five(office: Cast, monday: Any) -> None:
    case, address = filed(monday, office, phone=PHONE)
    done(case, office)

    assert act(address, "rate", satisfaction="satisfied", note="很快。").status_code == 302
    case.refresh_from_db()
    assert (case.stage, case.satisfaction, case.solved) == (Stage.CLOSED, "satisfied", "yes")
    said = Callback.objects.get(complaint=case)
    assert (said.outcome, said.by, said.note) == ("link", None, "很快。")
    page = text_of(address)
    assert "已经记录，谢谢您" in page and "您满意吗？" not in page
    assert act(address, "rate", satisfaction="dissatisfied").status_code == 409


def test_the_first_disappointment_goes_one_level_up(office: Cast, monday: Any) -> None:
    case, address = filed(monday, office, phone=PHONE)
    unit = done(case, office).main_unit
    act(address, "rate", satisfaction="dissatisfied", note="没清干净。")

    case.refresh_from_db()
    assert unit is not None
    assert (case.round, case.stage) == (2, Stage.PENDING_SIGN)
    assert case.main_unit == nearest_handler(unit.path, above=True) == office.east
    assert "正在重新办理" in text_of(address)
    assert Notice.objects.filter(person=office.chen.person, title__contains="不满意").exists()


def test_the_second_disappointment_is_the_clerks_decision(office: Cast, monday: Any) -> None:
    case, address = filed(monday, office, phone=PHONE)
    done(case, office)
    act(address, "rate", satisfaction="dissatisfied")
    handling.sign(case.pk, by=office.su)
    answered(case, office, office.su, office.chen)
    assert act(address, "rate", satisfaction="dissatisfied", note="还是没好。").status_code == 302

    case.refresh_from_db()
    assert (case.round, case.stage) == (2, Stage.PENDING_CALLBACK)
    assert case.satisfaction == "dissatisfied"
    assert Notice.objects.filter(person=office.qian.person, title__contains="请决定").exists()
    closing.record_callback(
        case.pk, by=office.qian, outcome="reached", solved="no", satisfaction="dissatisfied",
        again=True,
    )  # fmt: skip
    case.refresh_from_db()
    assert case.round == 3


def test_who_left_no_phone_still_has_a_say_after_the_house_closed(
    office: Cast, monday: Any
) -> None:
    case, address = filed(monday, office)
    assert done(case, office).stage == Stage.CLOSED
    assert "您满意吗？" in text_of(address)
    act(address, "rate", satisfaction="basically")
    case.refresh_from_db()
    assert (case.stage, case.satisfaction, case.solved) == (Stage.CLOSED, "basically", "")


def test_a_case_closed_without_asking_is_reopened_by_a_disappointed_resident(
    office: Cast, monday: Any
) -> None:
    case, address = filed(monday, office)
    done(case, office)
    act(address, "rate", satisfaction="dissatisfied")
    case.refresh_from_db()
    assert (case.round, case.stage) == (2, Stage.PENDING_SIGN)
    assert first_broken_step(case) is None


def test_long_after_the_close_nothing_is_rated(office: Cast, monday: Any) -> None:
    case, address = filed(monday, office)
    done(case, office)
    monday.shift(timedelta(days=31))
    assert "您满意吗？" not in text_of(address)
    assert act(address, "rate", satisfaction="satisfied").status_code == 409


def test_what_a_clerk_has_asked_on_the_phone_is_not_asked_again(office: Cast, monday: Any) -> None:
    case, address = filed(monday, office, phone=PHONE)
    done(case, office)
    closing.record_callback(
        case.pk, by=office.qian, outcome="reached", solved="yes", satisfaction="very_satisfied"
    )
    assert "您满意吗？" not in text_of(address)
    assert act(address, "rate", satisfaction="dissatisfied").status_code == 409


def test_bad_input_to_the_deeds_is_said_in_chinese_and_changes_nothing(
    office: Cast, monday: Any
) -> None:
    case, address = filed(monday, office, phone=PHONE)
    done(case, office)
    count = Complaint.objects.get(pk=case.pk).step_count
    bad = [
        ("rate", {}, 422),
        ("rate", {"satisfaction": "very_satisfied"}, 422),
        ("rate", {"satisfaction": "开心"}, 422),
        ("rate", {"satisfaction": "satisfied", "note": "长" * 301}, 422),
        ("rate", {"satisfaction": "satisfied", "key": "no-key"}, 422),
        ("rate", {"satisfaction": "satisfied", "note": "a\x00b"}, 422),
        ("supplement", {"note": "补充"}, 409),
        ("supplement", {"note": ""}, 422),
        ("withdraw", {"note": "长" * 201}, 422),
        ("withdraw", {}, 409),
    ]
    for verb, body, status in bad:
        answer = act(address, verb, **body)
        assert answer.status_code == status, (verb, body)
    assert Client().get(f"{address}rate/").status_code == 405
    assert Complaint.objects.get(pk=case.pk).step_count == count


def test_the_same_tap_twice_is_one_answer(office: Cast, monday: Any) -> None:
    case, address = filed(monday, office, phone=PHONE)
    done(case, office)
    body = {**hidden_of(Client().get(address)), "satisfaction": "satisfied"}
    assert [Client().post(f"{address}rate/", body).status_code for _ in range(2)] == [302, 302]
    assert Callback.objects.filter(complaint=case).count() == 1


def test_one_link_acts_as_often_a_day_as_the_office_allows(office: Cast, monday: Any) -> None:
    ResidentRules.objects.update(link_day=1)
    rules_changed()
    case, address = filed(monday, office)
    intake.ask_supplement(case.pk, by=office.chen, note="几单元？")
    act(address, "supplement", note="2单元")
    refused = act(address, "withdraw")
    assert refused.status_code == 422
    assert "今天操作的次数比较多" in refused.content.decode()


# ── what says nothing ──────────────────────────────────────────────────────────────────────────


def faces(addresses: list[str]) -> set[tuple[int, bytes, str]]:
    """Status, body and headers of each address, without what differs by nature."""
    found = set()
    for address in addresses:
        answer = Client().get(address)
        headers = {name: value for name, value in answer.items() if name not in ("Expires", "Date")}
        found.add((answer.status_code, answer.content, repr(sorted(headers.items()))))
    return found


def test_a_wrong_an_expired_and_a_withdrawn_link_say_the_same_nothing(
    office: Cast, monday: Any
) -> None:
    _one, expired = filed(monday, office)
    two, ended = filed(monday, office, text="第二件事情，路灯不亮。")
    _three, good = filed(monday, office, text="第三件事情，井盖坏了。")
    ResidentLink.objects.filter(complaint=_one).update(expires_at=timezone.now())
    ResidentLink.objects.filter(complaint=two).update(ended_at=timezone.now())
    wrong = ["/q/AAAAAAAAAAAAAAAAAAAAAA/", "/q/x/", "/q/%00/", f"/q/{'长' * 22}/"]
    addresses = [expired, ended, *wrong]

    assert len(faces(addresses)) == 1
    assert next(iter(faces(addresses)))[0] == 404
    assert {act(one, "withdraw").status_code for one in addresses} == {404}
    assert Client().get(good).status_code == 200


def test_a_torn_off_an_unknown_and_a_demolished_code_say_the_same_nothing(
    office: Cast, monday: Any
) -> None:
    old = wall(office)
    new = wall(office)
    gone = new_code(office.west_building, by=office.chen)
    Building.objects.filter(pk=office.west_building.pk).update(ended_on=timezone.localdate())
    addresses = [page_url(old), page_url(gone), "/r/2222222222/", "/r/x/", "/q/x/", "/r/%00/"]

    assert len(faces(addresses)) == 1
    assert {Client().post(one, {}).status_code for one in addresses[:4]} == {404}
    assert Client().get(page_url(new)).status_code == 200
    assert PlaceCode.objects.get(pk=old.pk).ended_by == office.su


def test_the_pages_are_kept_nowhere_and_lead_nowhere(office: Cast, monday: Any) -> None:
    case, address = filed(monday, office, phone=PHONE)
    done(case, office)
    for one in (address, f"{address}withdraw/", page_url(wall(office)), "/q/x/"):
        answer = Client().get(one)
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "no-store" in answer["Cache-Control"]
        assert "noindex" in answer["X-Robots-Tag"]
        assert "Content-Security-Policy" in answer
        assert "sessionid" not in answer.cookies


def test_a_form_from_elsewhere_is_refused(office: Cast, monday: Any) -> None:
    case, address = filed(monday, office, phone=PHONE)
    done(case, office)
    strict = Client(enforce_csrf_checks=True)
    body = {"key": str(uuid4()), "satisfaction": "dissatisfied"}
    assert strict.post(f"{address}rate/", body).status_code == 403
    assert Complaint.objects.get(pk=case.pk).stage == Stage.PENDING_CALLBACK


def test_type_is_large_until_the_resident_chooses(office: Cast, monday: Any) -> None:
    client = Client()
    address = page_url(wall(office))
    assert 'data-size="large"' in client.get(address).content.decode()
    client.get(f"{address}?size=huge")
    assert 'data-size="huge"' in client.get(address).content.decode()
    assert 'data-size="large"' in Client().get(f"{address}?size=<b>").content.decode()


def test_the_page_of_a_case_costs_few_statements(
    office: Cast, monday: Any, statements: Any
) -> None:
    case, address = filed(monday, office, phone=PHONE)
    done(case, office)
    client = Client()
    client.get(address)
    with statements(most=7):
        client.get(address)


def test_a_suspended_matter_can_be_taken_back_too(office: Cast, monday: Any) -> None:
    case, address = filed(monday, office, phone=PHONE)
    accepting.accept_and_dispatch(case.pk, office.east_branch, by=office.chen)
    handling.sign(case.pk, by=office.wang)
    request = asking.ask_suspension(
        case.pk, by=office.wang, note="等待入冬前统一修缮", amount=30, reason="season",
        evidence="见区住建局〔2026〕12号文",
    )  # fmt: skip
    deciding.grant(request.pk, by=office.chen)
    assert "因故暂缓办理" in text_of(address) and "撤回诉求" in text_of(address)

    assert act(address, "withdraw", note="已经自己修好了").status_code == 302
    case.refresh_from_db()
    assert (case.stage, case.is_suspended) == (Stage.WITHDRAWN, False)
    assert [step.verb for step in case.steps.all()][-2:] == ["resume", "withdraw"]
    request.refresh_from_db()
    assert request.ended_at is not None and first_broken_step(case) is None


@pytest.mark.parametrize(
    ("face", "stage"), [("satisfied", Stage.CLOSED), ("dissatisfied", Stage.PENDING_SIGN)]
)
def test_a_face_tapped_by_mistake_is_taken_back_for_a_moment(
    office: Cast, monday: Any, face: str, stage: str
) -> None:
    case, address = filed(monday, office, phone=PHONE)
    done(case, office)
    assert act(address, "rate/undo").status_code == 409
    act(address, "rate", satisfaction=face)
    case.refresh_from_db()
    assert case.stage == stage and "点错了，重新评价" in text_of(address)

    assert act(address, "rate/undo").status_code == 302
    case.refresh_from_db()
    assert (case.stage, case.round, case.satisfaction) == (Stage.PENDING_CALLBACK, 1, "")
    page = text_of(address)
    assert "您满意吗？" in page and "转上一级重新办理" not in page.split("经过")[1]
    assert "点错了" not in page and first_broken_step(case) is None

    act(address, "rate", satisfaction="basically")
    monday.shift(timedelta(minutes=3))
    assert "点错了" not in text_of(address)
    assert act(address, "rate/undo").status_code == 409
    case.refresh_from_db()
    assert (case.stage, case.satisfaction) == (Stage.CLOSED, "basically")


def test_photos_of_the_work_are_shown_when_the_handler_has_cleared_them(
    office: Cast, monday: Any, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    case, address = filed(monday, office, phone=PHONE)
    accepting.accept_and_dispatch(case.pk, office.east_branch, by=office.chen)
    handling.sign(case.pk, by=office.wang)
    handling.contact(case.pk, by=office.wang, channel="visit", is_reached=True)
    (photo,) = photos.add_photos(case.pk, [picture()], by=office.wang)
    shown = f"{address}photos/{photo.pk}/"
    handling.reply(
        case.pk, by=office.wang, result_kind="solved", public_text=ANSWER, shows_photos=True
    )
    assert Client().get(shown).status_code == 404 and shown not in text_of(address)

    reviewing.approve(case.pk, by=office.su)
    assert f'src="{shown}?small"' in text_of(address)
    answer = Client().get(shown)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert "no-store" in answer["Cache-Control"] and answer["Referrer-Policy"] == "no-referrer"
    assert Client().get(f"{address}photos/{photo.pk + 1}/").status_code == 404
    Reply.objects.update(shows_photos=False)
    assert Client().get(shown).status_code == 404 and shown not in text_of(address)


def test_the_page_says_why_a_promise_moved_and_promises_nothing_while_the_clock_stands(
    office: Cast, monday: Any
) -> None:
    case, address = filed(monday, office, phone=PHONE)
    accepting.accept_and_dispatch(case.pk, office.east_branch, by=office.chen)
    handling.sign(case.pk, by=office.wang)
    request = asking.ask_suspension(
        case.pk, by=office.wang, note="等待入冬前统一修缮", amount=30, reason="season",
        evidence="见区住建局〔2026〕12号文",
    )  # fmt: skip
    deciding.grant(request.pk, by=office.chen)
    assert "承诺" not in text_of(address)
    monday.shift(timedelta(days=7))
    standing.resume(case.pk, by=office.chen)
    assert "原定 3月2日，其间曾暂缓办理" in text_of(address)
    request = asking.ask_extension(
        case.pk, by=office.wang, note="配件下周到货", amount=2, channel="phone", reason="works"
    )
    deciding.grant(request.pk, by=office.su)
    page = text_of(address)
    assert "原定 3月2日，已批准延期" in page and "可能调整" not in page
    Complaint.objects.filter(pk=case.pk).update(due_is_provisional=True)
    assert "这个日期公布后可能调整" in text_of(address)
