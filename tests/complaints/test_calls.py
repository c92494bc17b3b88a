"""The callback desk: who is next, what to say, what follows from each call."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from complaints.admin.phrases import CallScriptForm
from complaints.desk import calling
from complaints.models import Callback, CallPlan, CallScript, CaseRules, Complaint
from complaints.rules import rules_changed
from complaints.services import closing, reviewing
from complaints.services.calling import open_number
from complaints.services.timing import DUTIES
from governance.errors import HouseError, WrongMove
from governance.models import AuditEntry, Notice, RightsOfOneRequest
from governance.services import todo
from tests.cast import Cast
from tests.complaints.desk import LIST, page_of, typed
from tests.complaints.stages import approved, category, replied
from tests.desk import signed_in

DESK = f"{LIST}callbacks/"
GOOD = {"outcome": "reached", "solved": "yes", "satisfaction": "satisfied"}


def names(user: Any) -> list[int]:
    """The call list of somebody, as it stands now."""
    return [row.pk for row in calling.call_list(user, timezone.now())]


def test_the_list_begins_with_whom_it_was_promised_then_who_waited_longest(
    office: Cast, monday: Any
) -> None:
    first, second, third = approved(office), approved(office), approved(office)
    at = timezone.now() + timedelta(hours=2)
    closing.record_callback(third.pk, by=office.chen, outcome="later", call_at=at)
    assert names(office.qian) == [first.pk, second.pk]
    assert [row.pk for row in calling.later_today(office.qian, timezone.now())] == [third.pk]
    monday.shift(timedelta(hours=2, minutes=1))
    assert names(office.qian) == [third.pk, first.pk, second.pk]
    todo.sweep(DUTIES)
    assert Notice.objects.filter(person=office.qian.person, title__contains="请再次回访").exists()


def test_who_worked_on_a_case_is_not_offered_it_and_may_not_call(office: Cast) -> None:
    city = replied(office, source="hotline", source_number="88")
    reviewing.approve(city.pk, by=office.chen)
    assert names(office.chen) == []
    assert names(office.qian) == [city.pk]
    with pytest.raises(PermissionDenied, match="未参与"):
        closing.record_callback(city.pk, by=office.chen, **GOOD)
    assert names(office.zhao) == []
    assert names(office.su) == []


def test_a_postponed_call_is_no_failed_try_and_a_wrong_number_is_one(
    office: Cast, monday: Any
) -> None:
    case = approved(office)
    later = timezone.now() + timedelta(hours=1)
    closing.record_callback(case.pk, by=office.qian, outcome="later", call_at=later)
    closing.record_callback(case.pk, by=office.qian, outcome="wrong")
    assert Notice.objects.filter(person=office.wang.person, title__contains="号码有误").exists()
    closing.record_callback(case.pk, by=office.qian, outcome="unreached")
    todo.sweep(DUTIES)
    assert Complaint.objects.get(pk=case.pk).stage == "pending_callback"  # three, but on one day
    monday.shift(timedelta(days=1))
    closing.record_callback(case.pk, by=office.qian, outcome="unreached")
    todo.sweep(DUTIES)
    after = Complaint.objects.get(pk=case.pk)
    assert (after.stage, after.is_unreached) == ("closed", True)


@pytest.mark.parametrize(
    ("hours", "said"), [(None, "请填写约定"), (-1, "已经过去"), (24 * 15, "太远")]
)
def test_a_moment_that_cannot_be_kept_is_refused(
    office: Cast, hours: int | None, said: str
) -> None:
    case = approved(office)
    at = None if hours is None else timezone.now() + timedelta(hours=hours)
    with pytest.raises(HouseError, match=said):
        closing.record_callback(case.pk, by=office.qian, outcome="later", call_at=at)
    assert not Callback.objects.exists()


def test_two_clerks_do_not_ring_one_citizen(office: Cast, monday: Any) -> None:
    case = approved(office)
    assert open_number(case.pk, by=office.qian, note="回访了解情况") == "13900001011"
    assert AuditEntry.objects.filter(verb="reveal_caller", by=office.qian).count() == 1
    with pytest.raises(WrongMove, match="钱敏正在拨打"):
        open_number(case.pk, by=office.chen, note="回访了解情况")
    [row] = calling.call_list(office.chen, timezone.now())
    assert row.on_the_phone == "钱敏"
    assert calling.next_to_call([row]) is None
    monday.shift(timedelta(minutes=11))
    assert open_number(case.pk, by=office.chen, note="回访了解情况")
    closing.record_callback(case.pk, by=office.chen, **GOOD)
    assert not CallPlan.objects.exists()


def test_the_script_is_the_nearest_one_with_its_places_filled(office: Cast) -> None:
    case = approved(office)
    assert calling.script_for(case).startswith("“您好，这里是和平街道。您反映的邻里矛盾")
    CallScript.objects.create(
        subdistrict=office.street, category=category("050401"), text="【街道】问【标题】"
    )
    assert calling.script_for(case) == f"和平街道问{case.title}"
    CallScript.objects.filter(category__isnull=False).delete()
    assert "工作人员是否及时联系过您" in calling.script_for(case)
    form = CallScriptForm({"text": "您好【姓名】", "is_enabled": "on"})
    assert not form.is_valid()
    assert "【姓名】" in form.errors["text"][0]


def test_the_sample_leaves_out_only_what_nobody_could_mind(office: Cast) -> None:
    CaseRules.objects.update(callback_share=30)
    rules_changed()
    done = [approved(office) for _number in range(12)]
    left_out = [case for case in done if case.stage == "closed"]
    assert 0 < len(left_out) < 12
    assert left_out[0].steps.latest("number").note == "未抽中回访，系统结案"
    urged = replied(office)
    Complaint.objects.filter(pk=urged.pk).update(supervision="supervised")
    assert reviewing.approve(urged.pk, by=office.su).stage == "pending_callback"


def test_the_page_saves_and_goes_on_with_the_next(office: Cast, statements: Any) -> None:
    first, second = approved(office), approved(office)
    clerk = signed_in(office.qian)
    clerk.get(DESK)
    with statements(16):
        page = clerk.get(DESK).content.decode()
    assert "0 / 2" in page
    assert "13900001011" not in page
    number = clerk.post(f"{DESK}{first.pk}/", {"note": "回访：了解办理情况"}).content.decode()
    assert "13900001011" in number
    values = typed(first, "record_callback", office.qian, next="callbacks", **GOOD)
    answer = clerk.post(page_of(first, "record_callback"), values)
    assert answer["Location"] == f"{DESK}?case={second.pk}"
    assert "1 / 2" in clerk.get(answer["Location"]).content.decode()
    values = typed(second, "record_callback", office.qian, next="callbacks", **GOOD)
    assert clerk.post(page_of(second, "record_callback"), values)["Location"] == DESK
    assert "都打完了" in clerk.get(DESK).content.decode()


def test_half_an_answer_keeps_every_typed_word(office: Cast) -> None:
    case = approved(office)
    clerk = signed_in(office.qian)
    for given, said in (
        ({"outcome": "reached", "solved": "yes"}, "满意度"),
        ({"outcome": "later"}, "请填写约定再打的时间"),
        ({"outcome": "later", "call_at": "昨天"}, "有效的日期"),
        ({}, "请选择回访结果"),
    ):
        values = typed(case, "record_callback", office.qian, note="居民在外地", **given)
        refused = clerk.post(page_of(case, "record_callback"), values)
        assert refused.status_code == 422
        assert said in refused.content.decode()
        assert "居民在外地" in refused.content.decode()
    assert clerk.post(f"{DESK}{case.pk}/", {"note": "看"}).status_code == 422
    assert not Callback.objects.exists()


def test_strangers_have_no_callback_desk(office: Cast) -> None:
    case = approved(office)
    for stranger in (office.zhao, office.su, office.wang, office.lin):
        assert signed_in(stranger).get(DESK).status_code == 403
        answer = signed_in(stranger).post(f"{DESK}{case.pk}/", {"note": "回访了解情况"})
        assert answer.status_code == 403
    with RightsOfOneRequest():
        assert calling.day_so_far(office.zhao, timezone.now()).whole == 0


def test_a_wrong_word_is_taken_back_from_the_list_of_calls(office: Cast) -> None:
    case = approved(office)
    clerk = signed_in(office.qian)
    values = typed(
        case, "record_callback", office.qian, outcome="reached", solved="yes",
        satisfaction="satisfied", next="callbacks",
    )  # fmt: skip
    done = clerk.post(page_of(case, "record_callback"), values, follow=True).content.decode()
    assert page_of(case, "undo") in done and "撤销" in done

    clerk.post(page_of(case, "undo"))
    case.refresh_from_db()
    assert case.stage == "pending_callback"
    assert page_of(case, "undo") not in clerk.get(f"{LIST}callbacks/").content.decode()
