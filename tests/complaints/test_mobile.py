"""The phone's pages: what they show, to whom, and which deeds they offer."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from complaints.models import Complaint
from complaints.services import handling, reviewing
from governance.models import AuditEntry
from governance.services import notices, todo
from tests.cast import Cast
from tests.complaints import stages
from tests.complaints.phones import deed, phone_of, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def wang(office: Cast) -> Client:
    return phone_of(office.wang)


def make_due(case: Complaint, **later: float) -> None:
    """Let the clock of a case run out then."""
    Complaint.objects.filter(pk=case.pk).update(due_at=timezone.now() + timedelta(**later))


def test_each_figure_of_today_opens_exactly_the_rows_it_counts(office: Cast, wang: Client) -> None:
    make_due(stages.signed(office, text="晚了"), hours=-2)
    make_due(stages.signed(office, text="今天到期"), hours=3)
    make_due(stages.dispatched(office, text="还早"), days=3)
    stages.replied(office, text="已答复，不在手上")

    counts = wang.get(reverse("mobile:today")).context["counts"]

    assert counts == {"late": 1, "today": 1, "work": 2, "sign": 1}
    for show, count in counts.items():
        page = wang.get(reverse("mobile:complaints"), {"show": show})
        assert (len(page.context["cards"]), page.context["count"]) == (count, str(count))


def test_today_puts_the_latest_first_and_says_who_and_where(office: Cast, wang: Client) -> None:
    make_due(stages.signed(office, text="还有时间"), hours=5)
    make_due(stages.signed(office, text="最晚的一件"), hours=-5)

    page = wang.get(reverse("mobile:today"))

    assert [card.title for card in page.context["cards"]] == ["最晚的一件", "还有时间"]
    for words in ("东园社区 · 东园第一网格", "王强", "网格员", "超期 5小时"):
        assert words in page.content.decode()


def test_today_shows_unread_notices_and_an_empty_desk_says_what_next(
    office: Cast, wang: Client
) -> None:
    notices.notify([office.wang.person_id], title="社区通知：明日消防演练", key="drill")

    page = wang.get(reverse("mobile:today")).content.decode()

    assert "社区通知：明日消防演练" in page
    assert "手上没有要办的诉求" in page


def test_a_clock_that_stands_still_is_said_on_today(office: Cast, wang: Client) -> None:
    silent = wang.get(reverse("mobile:today")).content.decode()
    todo.beat("sweep")
    beating = wang.get(reverse("mobile:today")).content.decode()

    assert "提醒和自动流转暂停了" in silent
    assert "提醒和自动流转暂停了" not in beating


@pytest.mark.parametrize("show", ["mine", "late", "today", "work", "sign", "open", "done", "all"])
def test_every_list_opens_and_zhao_sees_nothing_in_it(office: Cast, show: str) -> None:
    stages.signed(office)

    page = phone_of(office.zhao).get(reverse("mobile:complaints"), {"show": show})

    assert (page.status_code, page.context["cards"]) == (200, [])


def test_an_unknown_list_is_not_found(office: Cast, wang: Client) -> None:
    assert wang.get(reverse("mobile:complaints"), {"show": "everything"}).status_code == 404


def test_a_list_turns_its_pages_by_key(office: Cast, wang: Client) -> None:
    for number in range(23):
        make_due(stages.signed(office, text=f"第{number}件"), hours=number + 1)

    first = wang.get(reverse("mobile:complaints"), {"show": "mine"})
    second = wang.get(reverse("mobile:complaints") + first.context["older_url"])

    titles = [card.title for page in (first, second) for card in page.context["cards"]]
    assert titles == [f"第{number}件" for number in range(23)]
    assert second.context["older_url"] == ""


@pytest.mark.parametrize("query", ["楼道灯", "1011", "东园花园3号楼"])
def test_cases_are_found_by_words_tail_and_address(office: Cast, wang: Client, query: str) -> None:
    case = stages.signed(office, text="楼道灯坏了一周")
    stages.signed(office, text="别的事", address="别处", caller_phone="13700002222")

    page = wang.get(reverse("mobile:complaints"), {"q": query})

    assert [card.url for card in page.context["cards"]] == [url("complaint", case)]


def test_a_case_shows_clock_ladder_timeline_and_a_masked_caller(office: Cast, wang: Client) -> None:
    case = stages.signed(office)

    page = wang.get(url("complaint", case)).content.decode()

    for words in ("工作日", "网格<wbr>党支部", "签收", "李*兰", "139****1011", case.number):
        assert words in page
    for secret in ("李秀兰", "13900001011"):
        assert secret not in page


def test_the_worker_sees_until_when_to_sign_and_when_the_case_climbs(
    office: Cast, monday: Any
) -> None:
    case = stages.dispatched(office)
    signing = date_format(timezone.localtime(case.sign_due_at), "H:i")
    climbing = date_format(timezone.localtime(case.box_due_at), "Y-m-d H:i")

    desk = phone_of(office.wang)
    page = desk.get(url("complaint", case)).content.decode()
    assert f"<dt>签收期限</dt><dd>2026-03-02 {signing}</dd>" in page
    assert f"<dt>本级停留</dt><dd>{climbing}</dd>" in page
    assert f"{signing} 前签收" in desk.get(reverse("mobile:today")).content.decode()
    monday.shift(timedelta(hours=6))
    desk = phone_of(office.wang)
    assert "签收已超时" in desk.get(reverse("mobile:today")).content.decode()
    handling.sign(case.pk, by=office.wang)
    page = desk.get(url("complaint", case)).content.decode()
    assert "签收期限" not in page and "本级停留" in page
    assert "签收已超时" not in desk.get(reverse("mobile:today")).content.decode()


@pytest.mark.parametrize(
    ("stage", "shown", "hidden"),
    [
        ("dispatched", {"sign", "hand_on", "escalate"}, {"reply"}),
        ("signed", {"reply", "log", "escalate"}, {"sign"}),
        ("replied", set(), {"sign", "reply", "log", "escalate", "hand_on", "contact"}),
    ],
)
def test_only_deeds_that_are_possible_now_are_offered(
    office: Cast, wang: Client, stage: str, shown: set[str], hidden: set[str]
) -> None:
    case = getattr(stages, stage)(office)

    page = wang.get(url("complaint", case)).content.decode()

    assert {verb for verb in shown if url(verb, case) in page} == shown
    assert {verb for verb in hidden if url(verb, case) in page} == set()


def test_who_may_only_see_is_offered_nothing(office: Cast) -> None:
    case = stages.signed(office)

    page = phone_of(office.lin).get(url("complaint", case))

    assert page.status_code == 200
    assert page.context["offered"].isdisjoint({"sign", "reply", "log", "contact", "hand_on"})


def test_while_the_clock_is_held_only_a_note_is_offered(office: Cast, wang: Client) -> None:
    case = stages.signed(office)
    Complaint.objects.filter(pk=case.pk).update(suspended_at=timezone.now())

    page = wang.get(url("complaint", case))

    assert page.context["offered"] == {"log"}
    assert "已挂起" in page.content.decode()


def test_what_the_reviewer_wrote_is_read_by_the_worker(office: Cast, wang: Client) -> None:
    case = stages.replied(office)
    reviewing.send_back(case.pk, by=office.su, note="请写明更换时间")

    page = wang.get(url("complaint", case)).content.decode()

    assert "请写明更换时间" in page
    assert url("reply", case) in page


def test_the_page_after_a_call_loaded_again_says_why_it_is_empty(
    office: Cast, wang: Client
) -> None:
    case = stages.signed(office)

    again = wang.get(url("call", case))

    assert again.status_code == 405
    assert again["Allow"] == "POST"
    assert "这一页不能直接打开" in again.content.decode()
    assert "13900001011" not in again.content.decode()


def test_calling_shows_the_number_once_and_leaves_a_line_in_the_audit(
    office: Cast, wang: Client
) -> None:
    case = stages.signed(office)

    page = wang.post(url("call", case))

    assert 'href="tel:13900001011"' in page.content.decode()
    line = AuditEntry.objects.get(verb="reveal_caller_phone")
    assert (line.by, line.subject) == (office.wang, f"complaint:{case.pk}")


def test_after_the_answer_the_number_is_closed_again(office: Cast, wang: Client) -> None:
    case = stages.replied(office)

    page = wang.post(url("call", case))

    assert page.status_code == 409
    assert "不再需要联系诉求人" in page.content.decode()
    assert "13900001011" not in page.content.decode()
    assert not AuditEntry.objects.filter(verb="reveal_caller_phone").exists()


def test_a_number_is_not_shown_to_the_unit_the_case_has_left(office: Cast, wang: Client) -> None:
    case = stages.signed(office)
    wang.post(url("escalate", case), deed(case, note="需社区协调物业处理"))

    page = wang.post(url("call", case))

    assert page.status_code == 404


def test_a_caller_who_asked_for_secrecy_is_known_to_the_desk_only(
    office: Cast, wang: Client
) -> None:
    case = stages.signed(office, is_secret_caller=True)

    page = wang.get(url("complaint", case)).content.decode()
    called = wang.post(url("call", case))
    desk = phone_of(office.chen).get(url("complaint", case)).content.decode()

    assert "诉求人要求保密" in page
    assert "139****1011" not in page
    assert url("call", case) not in page
    assert called.status_code == 404
    assert "139****1011" in desk


def test_a_case_without_a_number_says_so(office: Cast, wang: Client) -> None:
    case = stages.signed(office, caller_phone="")

    page = wang.post(url("call", case))

    assert page.status_code == 422
    assert "没有留电话" in page.content.decode()


def test_reading_changes_nothing(office: Cast, wang: Client) -> None:
    case = stages.contacted(office)
    before = Complaint.objects.filter(pk=case.pk).values().get()

    for name in ("complaint", "log", "reply", "escalate", "hand_on", "contact"):
        assert wang.get(url(name, case)).status_code == 200
    for name in ("sign", "call"):
        assert wang.get(url(name, case)).status_code == 405

    assert Complaint.objects.filter(pk=case.pk).values().get() == before


def test_a_stranger_gets_the_same_answer_for_a_foreign_case_as_for_none(office: Cast) -> None:
    case = stages.signed(office)
    zhao = phone_of(office.zhao)

    for name in ("complaint", "log", "reply", "escalate", "hand_on", "contact"):
        foreign, missing = zhao.get(url(name, case)), zhao.get(f"/m/complaints/{case.pk + 999}/")
        assert (foreign.status_code, missing.status_code) == (404, 404)
        assert foreign.content == missing.content
    for name in ("sign", "call", "log", "reply", "escalate", "hand_on", "contact"):
        assert zhao.post(url(name, case), deed(case, note="不属于本网格")).status_code == 404

    case.refresh_from_db()
    assert case.stage == "handling"


def test_nobody_gets_in_without_signing_in(office: Cast) -> None:
    case = stages.signed(office)

    for address in ("/m/", "/m/complaints/", url("complaint", case), "/m/report/", "/m/people/"):
        answer = Client().get(address)
        assert (answer.status_code, answer.url.split("?")[0]) == (302, "/accounts/login/")


NONSENSE = ["²", "9" * 40, "-1", "o:²", "n:²", "o:" + "9" * 40, "o:1:1", "o:nan:1", "o:1e400:1",
            "o:-62135596800:1", "o:253402300799:1", "o:1:²", "%00", "\x00", "'; drop table", "楼"]  # fmt: skip


@pytest.mark.parametrize("text", NONSENSE)
def test_nonsense_in_an_address_is_answered_calmly(office: Cast, wang: Client, text: str) -> None:
    stages.signed(office)

    for name, asked in [("complaints", "page"), ("complaints", "q"), ("notices", "before")]:
        for show in ("mine", "open"):
            answer = wang.get(reverse(f"mobile:{name}"), {asked: text, "show": show})
            assert answer.status_code == 200
    for name, typed in [("notices", "shown"), ("people", "text")]:
        answer = wang.post(reverse(f"mobile:{name}"), {typed: text}, follow=True)
        assert answer.status_code == 200
