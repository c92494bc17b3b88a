"""Tools over the lists: filters under a name, a case beside the list, counts, and 撤销 on the page."""

import html
import re
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
import time_machine
from django.test import Client

from complaints.choices import Stage
from complaints.models import Complaint, SavedFilter, Undo
from complaints.services.saved_filters import MOST_OF_A_PERSON, save_filter
from governance.errors import HouseError
from governance.models import AuditEntry, User
from portal.sessions import QUIET_PATHS, SEEN_AT
from tests.cast import Cast, account
from tests.complaints import stages
from tests.complaints.desk import LIST, page_of, signed_in, typed
from tests.security.answers import face_of

KEEP, REMOVE, COUNTS = f"{LIST}filters/", f"{LIST}filters/remove/", "/admin/counts/"


def tabs(desk: Client, query: str = "") -> dict[str, Any]:
    return {tab.label: tab for tab in desk.get(f"{LIST}{query}").context["tabs"]}


# ── filters under a name ─────────────────────────────────────────────────────────────────────


def test_a_filter_is_kept_under_a_name_and_found_as_a_tab(office: Cast) -> None:
    desk = signed_in(office.chen)
    desk.post(
        KEEP, {"name": "待派的热线", "query": "?source=hotline&stage=pending_dispatch&nonsense=1"}
    )
    tab = tabs(desk, "?stage=pending_dispatch&source=hotline")["待派的热线"]

    assert tab.url == "?stage=pending_dispatch&source=hotline"
    assert tab.is_current and tab.is_own and not tab.is_shared
    assert "待派的热线" not in tabs(signed_in(office.qian))


def test_a_shared_one_is_for_the_office_and_only_the_owner_removes_it(office: Cast) -> None:
    desk, colleague = signed_in(office.chen), signed_in(office.qian)
    desk.post(KEEP, {"name": "本周", "query": "?clock=today", "share": "on"})
    row = SavedFilter.objects.get()

    assert tabs(colleague)["本周"].is_shared and not tabs(colleague)["本周"].is_own
    assert "本周" not in tabs(signed_in(office.su))
    refused = colleague.post(REMOVE, {"filter": row.pk}, follow=True)
    assert "只能删除自己" in refused.content.decode() and SavedFilter.objects.exists()
    desk.post(REMOVE, {"filter": row.pk})
    assert not SavedFilter.objects.exists()


def test_the_same_name_again_replaces_it(office: Cast) -> None:
    for query in ("?stage=open", "?clock=overdue"):
        signed_in(office.chen).post(KEEP, {"name": "常看", "query": query})

    assert list(SavedFilter.objects.values_list("query", flat=True)) == ["?clock=overdue"]


@pytest.mark.parametrize(
    ("sent", "said"),
    [({"name": " ", "query": "?stage=open"}, "起个名字"),
     ({"name": "空", "query": ""}, "先选条件"),
     ({"name": "空", "query": "?stage=nonsense"}, "先选条件"),
     ({"name": "长" * 21, "query": "?stage=open"}, "最多 20 个字"),
     ({"name": "电话", "query": "?q=13900001011"}, "后四位")],
)  # fmt: skip
def test_what_cannot_be_kept_is_told(office: Cast, sent: dict[str, str], said: str) -> None:
    answer = signed_in(office.chen).post(KEEP, sent, follow=True)

    assert said in answer.content.decode()
    assert not SavedFilter.objects.exists()


def test_there_is_room_for_twelve(office: Cast) -> None:
    for number in range(MOST_OF_A_PERSON):
        save_filter(f"第{number}组", "?stage=open", by=office.chen)
    with pytest.raises(HouseError, match="最多保存"):
        save_filter("再来一组", "?stage=open", by=office.chen)
    with pytest.raises(HouseError, match="任职的单位"):
        save_filter("别处", "?stage=open", by=office.qian, organisation=office.east)


# ── a case beside the list ───────────────────────────────────────────────────────────────────


def test_a_case_stands_beside_the_list_by_a_plain_link(office: Cast, statements: Any) -> None:
    first, second = stages.signed(office), stages.accepted(office, title="路灯不亮")
    desk = signed_in(office.chen)
    link = desk.get(f"{LIST}?stage=open").context["rows"][0].preview_url
    with statements(most=19):
        page = desk.get(LIST + link)
    said = page.content.decode()

    assert link == f"?stage=open&case={second.pk}"
    assert page.context["case"] == second and len(page.context["rows"]) == 2
    assert 'class="is-beside"' in said and page_of(second, "dispatch") in said
    piece = desk.get(f"{LIST}{first.pk}/preview/").content.decode()
    assert first.number in piece and "<html" not in piece and "13900001011" not in piece


def test_beside_the_list_a_foreign_case_looks_missing(office: Cast) -> None:
    case, desk = stages.signed(office), signed_in(office.zhao)
    foreign, missing = (desk.get(f"{LIST}{pk}/preview/") for pk in (case.pk, 99999))
    beside = [desk.get(f"{LIST}?case={pk}") for pk in (case.pk, 99999)]

    assert foreign.status_code == missing.status_code == 404
    assert face_of(foreign, (case.pk,)) == face_of(missing, (99999,))
    assert [answer.status_code for answer in beside] == [404, 404]
    assert case.number not in beside[0].content.decode()


def test_reading_a_confidential_case_beside_the_list_is_noted_too(office: Cast) -> None:
    case = stages.dispatched(office)
    Complaint.objects.filter(pk=case.pk).update(is_confidential=True)
    signed_in(office.chen).get(f"{LIST}{case.pk}/preview/")

    reading = {"verb": "see_complaint", "subject": f"complaint:{case.pk}", "by": office.chen}
    assert AuditEntry.objects.filter(**reading).exists()


# ── 撤销 on the page ─────────────────────────────────────────────────────────────────────────


def test_after_a_dispatch_the_slip_may_be_taken_back_with_one_button(
    office: Cast, monday: time_machine.Traveller
) -> None:
    case, desk = stages.accepted(office), signed_in(office.chen)
    desk.post(page_of(case, "dispatch"), typed(case, "dispatch", office.chen, unit=office.squad.pk))
    for page in (LIST, f"{LIST}queue/", page_of(case)):
        assert page_of(case, "undo") in desk.get(page).content.decode()
    assert page_of(case, "undo") not in signed_in(office.qian).get(page_of(case)).content.decode()
    answer = desk.post(page_of(case, "undo"), follow=True)

    assert "已撤销" in answer.content.decode()
    assert Complaint.objects.get().stage == Stage.PENDING_DISPATCH
    assert not Undo.objects.exists()
    assert "只有刚才办理" in desk.post(page_of(case, "undo"), follow=True).content.decode()
    monday.shift(timedelta(minutes=3))
    assert page_of(case, "undo") not in desk.get(LIST).content.decode()


def test_the_button_goes_after_two_minutes_and_the_address_says_why(
    office: Cast, monday: time_machine.Traveller
) -> None:
    case, desk = stages.accepted(office), signed_in(office.chen)
    desk.post(page_of(case, "dispatch"), typed(case, "dispatch", office.chen, unit=office.squad.pk))
    monday.shift(timedelta(minutes=2))

    assert page_of(case, "undo") not in desk.get(page_of(case)).content.decode()
    assert "已超过可以撤销的时间" in desk.post(page_of(case, "undo"), follow=True).content.decode()
    assert Complaint.objects.get().stage == Stage.PENDING_SIGN


def test_a_stranger_takes_nothing_back(office: Cast) -> None:
    case = stages.dispatched(office)

    assert signed_in(office.zhao).post(page_of(case, "undo")).status_code == 404
    assert "本人" in signed_in(office.su).post(page_of(case, "undo"), follow=True).content.decode()
    assert signed_in(office.chen).get(page_of(case, "undo")).status_code == 405
    assert Complaint.objects.get().stage == Stage.PENDING_SIGN


# ── counts in the title ──────────────────────────────────────────────────────────────────────


def test_the_counts_are_what_waits_for_the_reader(office: Cast, statements: Any) -> None:
    stages.accepted(office)
    stages.signed(office, title="路灯不亮")
    desk = signed_in(office.chen)
    with statements(most=6):
        counts = desk.get(COUNTS).json()

    assert counts == {"waiting": "1", "queue": "1"}
    assert signed_in(office.wang).get(COUNTS).json() == {"waiting": "1", "queue": "0"}
    assert signed_in(office.zhao).get(COUNTS).json() == {"waiting": "0", "queue": "0"}
    assert signed_in(office.gu).get(COUNTS).status_code == 403
    assert 'data-count-of="queue"' in desk.get(f"{LIST}queue/").content.decode()


def test_asking_for_counts_keeps_no_forgotten_desk_awake(
    office: Cast, monday: time_machine.Traveller
) -> None:
    desk = signed_in(office.chen)
    desk.get(LIST)
    seen = desk.session[SEEN_AT]
    for _minute in range(14):
        monday.shift(timedelta(minutes=1))
        assert desk.get(COUNTS).status_code == 200
    assert desk.session[SEEN_AT] == seen
    monday.shift(timedelta(minutes=2))

    assert desk.get(COUNTS).status_code == 302
    assert COUNTS in QUIET_PATHS


def test_the_keys_are_told_on_every_page(office: Cast) -> None:
    user: User = account("安宁", "security", "security_admin", office.street)
    for address in ("/admin/", "/admin/complaints/category/"):
        said = signed_in(user).get(address).content.decode()
        assert "data-keys-help" in said and "键盘快捷键" in said


def test_a_refused_upload_says_that_the_file_must_be_chosen_again(office: Cast) -> None:
    page = signed_in(office.chen).post(f"{LIST}import/", {"source": "hotline"}).content.decode()

    assert "其他内容都还在，文件请重新选择。" in page
    assert "您填写的内容都还在。" not in page


WORKING_LISTS = ("requests", "pressing", "assists", "outside", "publications")


@pytest.mark.parametrize("name", WORKING_LISTS)
@pytest.mark.parametrize(
    "words", ["不存在的词句", "'\"%_\\", "\x00", "九" * 500, "HP-2026-999999", "9999"]
)
def test_a_working_list_that_is_searched_for_nonsense_is_empty(
    office: Cast, name: str, words: str
) -> None:
    page = signed_in(office.chen).get(f"{LIST}{name}/", {"q": words})

    assert page.status_code == 200 and 'type="search"' in page.content.decode()


def test_working_lists_are_searched_by_number_words_and_their_own_column(office: Cast) -> None:
    first = stages.asked(office, title="路灯不亮", source="hotline", source_number="2603020001")
    other = stages.asked(office, title="楼道堆物")
    desk, address = signed_in(office.chen), f"{LIST}requests/"

    def shown(**asked: str) -> set[str]:
        text = desk.get(address, {"show": "pending", **asked}).content.decode()
        return {case.number for case in (first, other) if case.number in text}

    assert shown() == {first.number, other.number}
    for words in ("路灯", first.number, first.number.lower(), first.number[-4:], "2603020001"):
        assert shown(q=words) == {first.number}, words
    Complaint.objects.filter(pk=first.pk).update(is_confidential=True)
    assert shown(q="路灯") == set() and shown(q=first.number) == {first.number}


def test_the_words_stay_when_a_searched_list_is_turned(office: Cast, monkeypatch: Any) -> None:
    for _number in range(3):
        stages.asked(office, title="路灯不亮")
    monkeypatch.setattr("complaints.admin.requesting.PAGE_SIZE", 2)

    page = signed_in(office.chen).get(f"{LIST}requests/", {"show": "pending", "q": "路灯"})
    older = html.unescape(re.search(r'rel="next" href="([^"]+)"', page.content.decode())[1])

    assert parse_qs(older.lstrip("?"))["q"] == ["路灯"]
    assert len(signed_in(office.chen).get(f"{LIST}requests/{older}").context["rows"]) == 1
