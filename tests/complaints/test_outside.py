"""Questions to outsiders: asked with a preview, answered once by a link, and nothing else moves."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client

from complaints.models import Complaint, OutsideQuestion, Photo, ResidentRules, Step
from complaints.rules import rules_changed
from complaints.services import outside, photos, supervising
from complaints.services.requests import asking, deciding
from complaints.services.timing import DUTIES
from governance.errors import HouseError
from governance.models import Notice, Todo
from governance.services import todo
from tests.cast import Cast
from tests.complaints import stages
from tests.complaints.residents import HIDDEN, picture
from tests.desk import signed_in

pytestmark = pytest.mark.django_db
LINK = re.compile(r"/o/[A-Za-z0-9_-]{22}/")
QUESTION = "请核实2单元楼道灯不亮的情况，并告知修复时间。"
WORDS = "今天下午已更换灯头，照明恢复。"


def page(case: Complaint, door: str = "desk") -> str:
    """Where a case's questions are asked."""
    kept = f"/admin/complaints/complaint/{case.pk}/outside/"
    return kept if door == "desk" else f"/m/complaints/{case.pk}/outside/"


def filled(client: Client, address: str, **more: Any) -> dict[str, Any]:
    """What a sender sends: the hidden fields of the page, and what was typed."""
    hidden = dict(HIDDEN.findall(client.get(address).content.decode()))
    return {
        "key": hidden["key"], "action": "send", "to_kind": "property", "to_name": "东园物业公司",
        "question": QUESTION, "workdays": 2, "shows_text": "on", "text": "楼道灯不亮。",
        "place": "near", "shows_category": "on", **more,
    }  # fmt: skip


def asked(office: Cast, **more: Any) -> tuple[Complaint, str]:
    """A case in Wang's hands with a question, and the address of its link."""
    case = stages.signed(office, **more)
    answer = signed_in(office.chen).post(page(case), filled(signed_in(office.chen), page(case)))
    assert answer.status_code == 200, re.findall(
        "field-error.*?<.p>|<b>.*?<.b>", answer.content.decode()
    )
    return case, LINK.findall(answer.content.decode())[0]


def sent(link: str, client: Client | None = None, **more: Any) -> HttpResponse:
    """An outsider's answer from a phone."""
    client = client or Client()
    hidden = dict(HIDDEN.findall(client.get(link).content.decode()))
    hidden.pop("csrfmiddlewaretoken", None)
    return client.post(link, {**hidden, "words": WORDS, **more})


def office_sets(**values: int) -> None:
    """Budgets as the office has set them."""
    ResidentRules.objects.update(**values)
    rules_changed()


def test_a_link_shows_what_the_sender_chose_and_takes_one_answer(
    office: Cast, monday: Any, statements: Any
) -> None:
    case, link = asked(office, text="李秀兰说楼道灯不亮，请打13900001011。")
    before = Complaint.objects.get(pk=case.pk)
    with statements(most=6):
        shown = Client().get(link)
    said = shown.content.decode()
    assert all(
        one in said for one in (QUESTION, "东园物业公司", "楼道灯不亮。", "东园花园", case.number)
    )
    hidden = ("李秀兰", "13900001011", "139****", "3号楼2单元", "王强", "陈晓燕", "签收")
    assert not [one for one in hidden if one in said]
    assert len(shown.content) < 30_000 and shown["Referrer-Policy"] == "no-referrer"

    done = sent(link, answered_by="刘工", photos=[picture(), picture("red")])
    assert done.status_code == 302 and done["Location"] == link
    row = OutsideQuestion.objects.get()
    assert (row.answer, row.answered_by, row.photos.count()) == (WORDS, "刘工", 2)
    assert not any(photo.file.read().count(b"Exif") for photo in row.photos.all())
    step = Step.objects.filter(complaint=case).latest("number")
    assert (step.verb, step.by, step.note) == (
        "answer_outside",
        None,
        f"东园物业公司 刘工：{WORDS}",
    )
    after = Complaint.objects.get(pk=case.pk)
    clocks = ("stage", "due_at", "case_due_at", "assignment_due_at", "holder_id", "assignee_id")
    assert [getattr(after, one) for one in clocks] == [getattr(before, one) for one in clocks]
    told = Notice.objects.filter(title__startswith="外单位已答复").values_list("person", flat=True)
    assert set(told) == {office.chen.person_id, office.wang.person_id}

    again = Client().get(link)
    repeat = Client().post(link, {"key": "6f1d3c62-7a4e-4d7e-9a55-0f3b8f0a9c11", "words": "改口"})
    for answer, status in ((again, 200), (repeat, 409)):
        words = answer.content.decode()
        assert answer.status_code == status and "已经答复" in words
        assert not [one for one in (case.number, QUESTION, WORDS, "东园物业") if one in words]
    assert OutsideQuestion.objects.get().answer == WORDS and Photo.objects.count() == 2
    for user, address in ((office.chen, page(case)), (office.wang, f"/m/complaints/{case.pk}/")):
        assert WORDS in signed_in(user).get(address).content.decode()


def test_wrong_expired_withdrawn_and_foreign_links_look_alike(office: Cast, monday: Any) -> None:
    case, link = asked(office)
    secret = link.split("/")[2]
    assert secret not in repr(list(OutsideQuestion.objects.values()))
    row = OutsideQuestion.objects.get()
    # The same secret opens nothing of another purpose.
    faces = {
        Client().get(one).content for one in ("/o/" + "A" * 22 + "/", "/o/x/", f"/q/{secret}/")
    }
    desk = signed_in(office.chen)
    shown = desk.post(page(case), {"action": "renew", "question": row.pk}).content.decode()
    [fresh] = set(LINK.findall(shown))
    faces.add(Client().get(link).content)
    assert Client().get(fresh).status_code == 200

    monday.shift(timedelta(days=40))
    faces.add(Client().get(fresh).content)
    desk = signed_in(office.chen)
    shown = desk.post(page(case), {"action": "renew", "question": row.pk}).content.decode()
    [third] = set(LINK.findall(shown))
    assert Client().get(third).status_code == 200
    assert "已撤回" in desk.post(page(case), {"action": "end", "question": row.pk}).content.decode()
    faces.add(Client().get(third).content)
    late = Client().post(third, {"key": "6f1d3c62-7a4e-4d7e-9a55-0f3b8f0a9c11", "words": WORDS})
    faces.add(late.content)
    assert len({re.sub(rb'value="[^"]*"', b"", face) for face in faces}) == 1
    assert late.status_code == 404
    for action, status in (("renew", 409), ("end", 409), ("burn", 422)):
        answer = desk.post(page(case), {"action": action, "question": row.pk})
        assert answer.status_code == status
    assert desk.post(page(case), {"action": "end", "question": "9999"}).status_code == 422

    other, address = asked(office)
    supervising.restrict(other.pk, by=office.chen, people=[office.wang.person])
    assert Client().get(address).status_code == 404


BAD_FIELDS = [
    ("to_name", "", "请写明对方单位的名称"),
    ("to_name", "长" * 61, "60"),
    ("to_kind", "mayor", "mayor"),
    ("question", "", "请写明需要对方答复的事项"),
    ("question", "请联系李秀兰", "姓名“李秀兰”"),
    ("question", "请回电13912345678", "电话号码"),
    ("workdays", "0", "1"),
    ("workdays", "三天", "整数"),
    ("text", "身份证370302196001011234", "证件号码"),
    ("place", "elsewhere", "elsewhere"),
    ("key", "no-key", ""),
    ("action", "burn", "请选择预览或发出征询"),
]


def test_a_bad_field_is_named_and_every_word_stays(office: Cast) -> None:
    case, desk = stages.signed(office), signed_in(office.chen)
    body = filled(desk, page(case))
    for field, value, sentence in BAD_FIELDS:
        answer = desk.post(page(case), {**body, field: value})
        said = answer.content.decode()
        assert answer.status_code == 422 and sentence in said, field
        assert "楼道灯不亮" in said or field == "text", field
    assert not OutsideQuestion.objects.exists()


def test_the_holder_asks_from_the_phone_and_one_form_is_one_question(
    office: Cast, monday: Any
) -> None:
    case, phone = stages.signed(office, is_secret_caller=True), signed_in(office.wang)
    address = page(case, "phone")
    assert "东园花园3号楼2单元" not in phone.get(address).content.decode()  # asked for secrecy
    body = filled(phone, address, action="preview", question="请到302室看看")
    assert "请到302室看看" in phone.post(address, body).content.decode()
    assert phone.post(address, {**body, "action": "send"}).status_code == 422
    body |= {"action": "send", "question": QUESTION.replace("2单元", "")}
    links = {LINK.findall(phone.post(address, body).content.decode())[0] for _twice in range(2)}
    assert len(links) == 1 and OutsideQuestion.objects.count() == 1
    assert phone.post(address, {**body, "to_name": "别的公司"}).status_code == 422
    assert Step.objects.filter(complaint=case, verb="ask_outside", by=office.wang).exists()

    for _more in range(outside.MOST_WAITING - 1):
        phone.post(address, filled(phone, address, question=body["question"]))
    assert "请先等待或撤回" in phone.post(
        address, filled(phone, address, question=body["question"])
    ).content.decode()  # fmt: skip
    office_sets(outside_day=OutsideQuestion.objects.count())
    second = page(stages.signed(office), "phone")
    refused = phone.post(second, filled(phone, second))
    assert refused.status_code == 422 and "请明天再发" in refused.content.decode()


def test_whoever_neither_holds_nor_dispatches_asks_nobody(office: Cast) -> None:
    case = stages.signed(office)
    body = filled(signed_in(office.chen), page(case))
    for user, desk, phone in (
        (office.zhao, 404, 404), (office.lin, 403, 404), (office.he, 403, 404),
        (office.sun, 404, 404),
    ):  # fmt: skip
        client = signed_in(user)
        assert client.post(page(case), body).status_code == desk, user
        assert client.post(page(case, "phone"), body).status_code == phone, user
    closed = stages.replied(office)
    supervising.restrict(case.pk, by=office.chen, people=[office.zhao.person])
    assert signed_in(office.chen).get(page(case)).status_code == 403
    assert signed_in(office.chen).get(page(closed)).status_code == 200
    assert not OutsideQuestion.objects.exists()


def test_a_refused_answer_keeps_words_and_photos_and_budgets_hold(
    office: Cast, monday: Any
) -> None:
    _case, link = asked(office)
    phone = Client()
    refused = sent(link, phone, words="", answered_by="刘工", photos=[picture()])
    said = refused.content.decode()
    assert refused.status_code == 422 and "请写几句答复" in said and "刘工" in said
    assert "已保留 1 张照片" in said
    for bad in ({"words": "长" * 2001}, {"answered_by": "长" * 31}, {"key": "x"}, {"tray": "x"}):
        assert sent(link, phone, **bad).status_code == 422, bad
    wrong = sent(link, photos=[type(picture())("a.jpg", b"no picture", "image/jpeg")])
    assert wrong.status_code == 422 and WORDS in wrong.content.decode()
    assert sent(link, photos=[picture() for _one in range(10)]).status_code == 422

    office_sets(link_day=0)
    hidden = dict(HIDDEN.findall(said))
    hidden.pop("csrfmiddlewaretoken", None)
    assert phone.post(link, {**hidden, "words": WORDS}).status_code == 422
    office_sets(link_day=20)
    assert phone.post(link, {**hidden, "words": WORDS}).status_code == 302
    assert OutsideQuestion.objects.get().photos.count() == 1  # the one that was kept
    # The same form once more, on a slow network, is the same answer; other words are not.
    assert phone.post(link, {**hidden, "words": WORDS}).status_code == 302
    assert phone.post(link, {**hidden, "words": "改口：并未清走。"}).status_code == 409


def test_a_late_outsider_is_told_of_once_and_the_clock_of_the_case_runs_on(
    office: Cast, monday: Any
) -> None:
    case, link = asked(office)
    row = OutsideQuestion.objects.get()
    due = Complaint.objects.get(pk=case.pk).due_at
    monday.move_to(row.due_at - timedelta(minutes=1))
    todo.sweep(DUTIES)
    assert not Step.objects.filter(verb="outside_late").exists()
    monday.shift(timedelta(minutes=2))
    todo.sweep(DUTIES)
    todo.sweep(DUTIES)
    assert Step.objects.filter(verb="outside_late").count() == 1
    told = Notice.objects.filter(title__startswith="外单位逾期未答复")
    assert office.chen.person_id in told.values_list("person", flat=True)
    assert Complaint.objects.get(pk=case.pk).due_at == due
    assert sent(link).status_code == 302  # late is better than never
    Todo.objects.filter(kind="complaints.outside_late").update(done_at=None)
    todo.sweep(DUTIES)
    assert Step.objects.filter(verb="outside_late").count() == 1


def test_an_ask_disturbs_nobody_who_has_the_case_on_screen(office: Cast) -> None:
    case = stages.contacted(office)
    seen = Complaint.objects.get(pk=case.pk).step_count
    signed_in(office.chen).post(page(case), filled(signed_in(office.chen), page(case)))
    supervising.urge(case.pk, by=office.chen, seen=seen)  # does not raise
    other, link = asked(office)
    request = asking.ask_suspension(
        other.pk, by=office.wang, note="等待入冬前统一修缮", amount=30, reason="season",
        evidence="见区住建局〔2026〕12号文",
    )  # fmt: skip
    deciding.grant(request.pk, by=office.chen)
    assert sent(link).status_code == 302  # an answer comes in while the clock stands still
    assert Complaint.objects.get(pk=other.pk).is_suspended
    assert "不能发出新的征询" in signed_in(office.chen).get(page(other)).content.decode()


def test_open_questions_stand_in_one_list_with_their_end_and_a_way_to_ask_again(
    office: Cast, monday: Any, statements: Any
) -> None:
    first, _link = asked(office)
    monday.shift(timedelta(hours=1))
    second, link = asked(office)
    desk = signed_in(office.chen)
    address = "/admin/complaints/complaint/outside/"
    assert f'href="{address}"' in desk.get("/admin/").content.decode()

    def cases(show: str, client: Client = desk) -> list[int]:
        return [line["case"].pk for line in client.get(f"{address}?show={show}").context["lines"]]

    assert cases("waiting") == [first.pk, second.pk] and cases("late") == cases("answered") == []
    assert cases("waiting", signed_in(office.sun)) == [], "a squad sees none of them"
    with statements(most=12):
        shown = desk.get(address).content.decode()
    assert "东园物业公司" in shown and "失效" in shown and "换新链接再催" in shown
    assert sent(link).status_code == 302
    assert (cases("waiting"), cases("answered")) == ([first.pk], [second.pk])

    row = OutsideQuestion.objects.get(complaint=first)
    monday.move_to(row.expires_at + timedelta(minutes=1))
    desk = signed_in(office.chen)
    assert cases("expired", desk) == cases("late", desk) == [first.pk]
    assert "已失效" in desk.get(address).content.decode()
    again = desk.post(page(first), {"action": "renew", "question": row.pk})
    assert LINK.search(again.content.decode()) and cases("expired", desk) == []
    assert desk.get(f"{address}?show=nothing").status_code == 404
    assert desk.get(f"{address}?after=x:y").status_code == 200


def test_the_list_of_questions_turns_its_pages_by_key(
    office: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("complaints.admin.outside_list.PAGE_SIZE", 1)
    first, second = asked(office)[0], asked(office)[0]
    desk = signed_in(office.chen)
    page_one = desk.get("/admin/complaints/complaint/outside/").context
    page_two = desk.get(f"/admin/complaints/complaint/outside/{page_one['older_url']}").context
    assert [page_one["lines"][0]["case"].pk, page_two["lines"][0]["case"].pk] == [
        first.pk, second.pk,
    ]  # fmt: skip
    assert page_two["older_url"] == ""


def with_photos(office: Cast) -> tuple[Complaint, list[Photo]]:
    """A case with a photo of the matter, one of the work, and a paper that never leaves the house."""
    case = stages.signed(office)
    groups = {"report": "steelblue", "handling": "olive", "certificate": "crimson"}
    for group, colour in groups.items():
        photos.add_photos(case.pk, [picture(colour)], by=office.wang, group=group)
    return case, list(Photo.objects.filter(complaint=case).order_by("pk"))


def test_outsiders_see_the_photos_the_sender_has_ticked_and_no_others(office: Cast) -> None:
    case, (report, work, paper) = with_photos(office)
    desk = signed_in(office.chen)
    blank = desk.get(page(case)).content.decode()
    assert (
        blank.count('name="pictures"') == 2
        and "checked" not in blank.split('name="pictures"')[1][:60]
    )
    preview = desk.post(page(case), filled(desk, page(case), action="preview", pictures=[work.pk]))
    assert [one.pk for one in preview.context["shown"]["photos"]] == [work.pk]
    answer = desk.post(page(case), filled(desk, page(case), pictures=[work.pk]))
    link = LINK.findall(answer.content.decode())[0]

    outsider = Client()
    assert outsider.get(link).content.decode().count(f"{link}photos/{work.pk}/") == 2
    seen = outsider.get(f"{link}photos/{work.pk}/?small")
    assert (seen.status_code, seen["Content-Type"]) == (200, "image/jpeg")
    for other in (report.pk, paper.pk, 999999):
        assert outsider.get(f"{link}photos/{other}/").status_code == 404
    assert sent(link).status_code == 302
    assert outsider.get(f"{link}photos/{work.pk}/").status_code == 404, "answered: nothing any more"


def test_a_photo_that_must_not_leave_is_refused_and_none_is_the_default(office: Cast) -> None:
    case, (_report, _work, paper) = with_photos(office)
    desk = signed_in(office.chen)
    refused = desk.post(page(case), filled(desk, page(case), pictures=[paper.pk]))
    assert refused.status_code == 422 and "请重新选择" in refused.content.decode()
    with pytest.raises(HouseError, match="请重新选择"):
        outside.ask(
            case.pk,
            outside.Asked("property", "东园物业公司", QUESTION, 2, photos=(paper.pk,)),
            by=office.chen, key=uuid4(),
        )  # fmt: skip
    desk.post(page(case), filled(desk, page(case)))
    assert OutsideQuestion.objects.get().shown_photos.count() == 0
