"""Results are published without persons, by two people, and come off the page at a word."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from complaints import published
from complaints.models import Accused, Complaint, Publication
from complaints.services import closing, publishing
from governance.errors import HouseError, WrongMove
from tests.cast import Cast
from tests.complaints.stages import approved, replied
from tests.desk import signed_in

TEXT = "物业已清运杂物，增加每日巡查，居民表示满意。"
LIST = "/admin/complaints/complaint/publications/"


def solved(cast: Cast, **more: Any) -> Complaint:
    """Closed after the citizen said yes; the place is a compound."""
    case = approved(cast, **more)
    Complaint.objects.filter(pk=case.pk).update(compound=cast.east_compound)
    done = {"outcome": "reached", "solved": "yes", "satisfaction": "satisfied"}
    return closing.record_callback(case.pk, by=cast.qian, **done)


def written(cast: Cast, case: Complaint | None = None, **more: Any) -> Publication:
    """A text by Chen that waits for a second person."""
    given = {"title": "夜间噪声已调解", "place": "东园花园", "what_was_done": TEXT, **more}
    return publishing.prepare((case or solved(cast)).pk, by=cast.chen, **given)


def public(cast: Cast, query: str = "") -> str:
    """What somebody without an account reads."""
    return Client().get(f"/results/{cast.street.pk}/{query}").content.decode()


def test_a_second_person_releases_it_and_anybody_reads_it(office: Cast) -> None:
    text = written(office)
    assert TEXT not in public(office)
    with pytest.raises(PermissionDenied, match="自己写的"):
        publishing.release(text.pk, by=office.chen)
    for stranger in (office.zhao, office.wang, office.ma, office.lin):
        with pytest.raises(PermissionDenied):
            publishing.release(text.pk, by=stranger)
    publishing.release(text.pk, by=office.qian)
    page = public(office)
    assert TEXT in page
    assert "东园花园" in page
    for word in ("李秀兰", "13900001011", "3号楼", "502", "王强", "陈晓燕", text.complaint.number):
        assert word not in page
    with pytest.raises(WrongMove, match="已公开"):
        publishing.release(text.pk, by=office.qian)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("请致电13900001011联系，已处理。", "电话号码“13900001011”"),
        ("已为李秀兰家疏通下水道，恢复正常。", "姓名“李秀兰”"),
        ("王强到场调解，双方已经和好如初。", "姓名“王强”"),
        ("3号楼2单元502室漏水已经修好了。", "楼栋门牌“3号楼2单元502室”"),
        ("鲁C12345已经驶离消防通道并教育车主。", "车牌号“鲁C12345”"),
        ("当事人370303199001011234已签字确认。", "证件号码"),
    ],
)
def test_what_points_to_a_person_is_refused_and_named(office: Cast, words: str, said: str) -> None:
    case = solved(office)
    with pytest.raises(HouseError, match="可能指向个人") as refusal:
        written(office, case, what_was_done=words)
    assert said in refusal.value.message
    assert not Publication.objects.exists()


def test_a_thin_text_and_a_finer_place_are_refused(office: Cast) -> None:
    case = solved(office)
    for given, said in (
        ({"title": "好"}, "标题至少"),
        ({"what_was_done": "办了。"}, "办理结果至少"),
        ({"place": "东园花园3号楼"}, "不能更细"),
    ):
        with pytest.raises(HouseError, match=said):
            written(office, case, **given)


def test_confidential_secret_and_open_cases_are_never_published(office: Cast) -> None:
    with pytest.raises(HouseError, match="办结以后"):
        written(office, replied(office))
    with pytest.raises(HouseError, match="要求保密"):
        written(office, solved(office, is_secret_caller=True))
    case = solved(office)
    Accused.objects.create(complaint=case, person=office.wang.person)
    with pytest.raises(HouseError, match="保密件"):
        written(office, case)


def test_what_turns_confidential_or_reopens_is_off_the_page_by_itself(office: Cast) -> None:
    text = written(office)
    publishing.release(text.pk, by=office.qian)
    case = text.complaint
    closing.rework(case.pk, by=office.chen, note="居民来电，噪声反弹")
    assert TEXT not in public(office)
    Complaint.objects.filter(pk=case.pk).update(stage="closed")
    assert TEXT in public(office)
    Complaint.objects.filter(pk=case.pk).update(is_confidential=True)
    assert TEXT not in public(office)


def test_a_withdrawn_text_is_gone_and_the_case_may_be_written_anew(office: Cast) -> None:
    text = written(office)
    with pytest.raises(WrongMove, match="待核对"):
        written(office, text.complaint)
    publishing.release(text.pk, by=office.qian)
    with pytest.raises(HouseError, match="撤回原因"):
        publishing.withdraw_text(text.pk, by=office.chen, note=" ")
    publishing.withdraw_text(text.pk, by=office.chen, note="居民要求")
    assert TEXT not in public(office)
    assert written(office, text.complaint).pk


def test_the_public_page_asks_for_no_account_and_may_be_kept_by_a_cache(
    office: Cast, statements: Any
) -> None:
    for number in range(3):
        text = written(office, title=f"第{number}件已解决")
        released = {"stage": "released", "released_at": text.prepared_at}
        Publication.objects.filter(pk=text.pk).update(**released)
    browser = Client()
    with statements(4):
        answer = browser.get(f"/results/{office.street.pk}/?community={office.east.pk}")
    assert "public" in answer["Cache-Control"]
    assert not answer.cookies
    page = answer.content.decode()
    assert "第2件" in page
    newest, key = published.page_of(published.released(office.street), None, size=2)
    older, end = published.page_of(published.released(office.street), key, size=2)
    assert [row.title for row in (*newest, *older)] == [f"第{n}件已解决" for n in (2, 1, 0)]
    assert end is None
    assert "还没有公开" in public(office, f"?community={office.west.pk}")
    assert browser.get("/results/").status_code == 302
    for nothing in ("/results/999999/", f"/results/{office.street.pk}/?community=999"):
        assert browser.get(nothing).status_code == 404


def test_the_desk_proposes_refuses_with_every_word_kept_and_releases(office: Cast) -> None:
    case = solved(office)
    clerk, checker = signed_in(office.chen), signed_in(office.qian)
    assert case.number in clerk.get(LIST).content.decode()
    address = f"{LIST}write/{case.pk}/"
    proposed = clerk.get(address).content.decode()
    assert "物业已于今日上午清运完毕" in proposed
    assert "13900001011" not in proposed
    typed = {"title": "夜间噪声已调解", "place": "东园花园"}
    refused = clerk.post(address, typed | {"what_was_done": "李秀兰家（502室）已经安静。"})
    assert refused.status_code == 422
    assert '<mark title="姓名">李秀兰</mark>' in refused.content.decode()
    finer = clerk.post(address, typed | {"place": "3号楼", "what_was_done": TEXT})
    assert "不能更细" in finer.content.decode()
    assert clerk.post(address, typed | {"what_was_done": TEXT}).status_code == 302
    text = Publication.objects.get()
    page = f"{LIST}{text.pk}/"
    assert clerk.post(f"{page}release/").status_code == 403
    assert checker.post(f"{page}return/", {"note": ""}).status_code == 422
    assert checker.post(f"{page}return/", {"note": "标题再具体些"}).status_code == 302
    assert "标题再具体些" in clerk.get(page).content.decode()
    again = typed | {"title": "夜间拖动家具噪声已调解", "what_was_done": TEXT}
    assert clerk.post(f"{page}revise/", again).status_code == 302
    assert checker.post(f"{page}release/").status_code == 302
    assert "夜间拖动家具" in public(office)
    assert checker.post(f"{page}release/").status_code == 409
    for stranger in (office.zhao, office.wang, office.lin):
        assert signed_in(stranger).get(page).status_code == 404
        assert signed_in(stranger).get(LIST).status_code == 403


def test_the_public_page_speaks_the_language_its_link_asks_for(office: Cast) -> None:
    browser, address = Client(), f"/results/{office.street.pk}/"
    assert 'href="?language=en"' in browser.get(address).content.decode()
    asked = browser.get(f"{address}?community={office.east.pk}&language=en")

    assert asked["Location"] == f"{address}?community={office.east.pk}"
    assert "no-store" in asked["Cache-Control"]
    assert '<html lang="en"' in browser.get(address).content.decode()
    assert browser.get(f"{address}?language=xx").cookies.get("django_language") is None
