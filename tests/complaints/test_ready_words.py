"""答复范例: which templates fit a case, that gaps are filled, and that an office writes its own."""

from typing import Any

import pytest

from complaints.models import Category, ReplyTemplate
from complaints.ready_words import MOST_OFFERED, templates_for
from complaints.services import handling
from complaints.services.defaults import load_defaults
from governance.errors import HouseError
from tests.cast import Cast, account
from tests.complaints import stages
from tests.complaints.phones import phone_of
from tests.desk import signed_in

pytestmark = pytest.mark.django_db


def labels(case: Any) -> list[str]:
    return [row.label for row in templates_for(case)]


def written(label: str, **more: Any) -> ReplyTemplate:
    """A template of the common ones, or of a street."""
    return ReplyTemplate.objects.create(label=label, text=f"{label}，＿＿。", **more)


def kind(code: str) -> Category:
    return Category.objects.get(code=code, subdistrict=None)


def test_the_nearest_kind_of_matter_comes_first_and_other_kinds_not_at_all(office: Cast) -> None:
    case = stages.contacted(office)
    ReplyTemplate.objects.all().delete()
    leaf = case.category
    written("通用")
    written("大类", category=kind(leaf.code[:2]))
    written("本类", category=leaf)
    written("停用", category=leaf, is_enabled=False)
    other = Category.objects.exclude(code__startswith=leaf.code[:2]).filter(is_leaf=True)[0]
    written("别类", category=other)

    assert labels(case) == ["本类", "大类", "通用"]


def test_a_streets_own_rows_stand_in_place_of_the_common_ones_of_that_kind(office: Cast) -> None:
    case = stages.contacted(office)
    ReplyTemplate.objects.all().delete()
    for number in range(MOST_OFFERED + 2):
        written(f"通用{number}", position=number)
    assert labels(case) == [f"通用{number}" for number in range(MOST_OFFERED)]

    written("街道的", subdistrict=office.street)

    assert labels(case) == ["街道的"]


def test_the_default_rows_have_gaps_and_fit_every_matter(office: Cast) -> None:
    rows = list(ReplyTemplate.objects.all())

    assert len(rows) >= 15 and all("＿＿" in row.text for row in rows)
    assert labels(stages.contacted(office))
    assert load_defaults()["reply_templates"] == 0


def test_an_answer_with_a_gap_is_refused_at_both_doors_with_every_word_kept(office: Cast) -> None:
    case = stages.contacted(office)
    words = "您好，您反映的垃圾已于＿＿清运干净，请放心。"
    with pytest.raises(HouseError, match="没填的空"):
        handling.reply(case.pk, by=office.wang, result_kind="explained", public_text=words)

    case.refresh_from_db()
    given = {"key": "6f1d3c62-7a4e-4d7e-9a55-0f3b8f0a9c11", "seen": case.step_count,
             "result_kind": "explained", "public_text": words}  # fmt: skip
    phone = phone_of(office.wang).post(f"/m/complaints/{case.pk}/reply/", given)
    desk = signed_in(office.su).post(
        f"/admin/complaints/complaint/{case.pk}/reply/",
        given | {"deed_key": "b" * 32, "is_true": "yes"},
    )

    for answer in (phone, desk):
        said = answer.content.decode()
        assert answer.status_code == 422 and "没填的空" in said and words in said
    case.refresh_from_db()
    assert case.stage == "handling"


def test_both_doors_offer_them_and_a_tap_without_scripts_opens_the_page_with_the_words(
    office: Cast,
) -> None:
    case = stages.contacted(office)
    row = templates_for(case)[0]
    pages = (
        phone_of(office.wang).get(f"/m/complaints/{case.pk}/reply/"),
        signed_in(office.su).get(f"/admin/complaints/complaint/{case.pk}/reply/"),
    )
    given = {"public_text": row.text}
    opened = (
        phone_of(office.wang).get(f"/m/complaints/{case.pk}/reply/", given),
        signed_in(office.su).get(f"/admin/complaints/complaint/{case.pk}/reply/", given),
    )

    for page in pages:
        assert f'data-insert="{row.text}"' in page.content.decode()
    for page in opened:
        assert f"{row.text}</textarea>" in page.content.decode()


@pytest.mark.parametrize("given", ["\x00", "长" * 5000, "<script>alert(1)</script>"])
def test_nonsense_in_the_address_breaks_no_page(office: Cast, given: str) -> None:
    case = stages.contacted(office)

    page = signed_in(office.su).get(
        f"/admin/complaints/complaint/{case.pk}/reply/", {"public_text": given}
    )
    assert page.status_code == 200 and "<script>alert" not in page.content.decode()


def test_the_office_writes_its_own_and_bad_input_is_said(office: Cast) -> None:
    security = signed_in(account("安全", "security", "security_admin", office.street))
    address = "/admin/complaints/replytemplate/add/"
    good = {"label": "电梯", "text": "您好，电梯已于＿＿修好。", "position": 1, "is_enabled": "on",
            "subdistrict": office.street.pk, "category": "", "result_kind": "solved"}  # fmt: skip

    for wrong in (
        {"text": ""},
        {"label": "长" * 21},
        {"result_kind": "x"},
        {"category": "9999999"},
    ):
        answer = security.post(address, good | wrong)
        assert answer.status_code == 200 and "errorlist" in answer.content.decode(), wrong
    assert security.post(address, good).status_code == 302
    row = ReplyTemplate.objects.get(label="电梯")
    assert row.subdistrict == office.street
    assert signed_in(office.su).post(address, good | {"label": "别人"}).status_code == 403


def test_the_page_asks_one_statement_for_them(office: Cast, statements: Any) -> None:
    case = stages.contacted(office)
    assert case.category.code

    with statements(most=1):
        templates_for(case)
