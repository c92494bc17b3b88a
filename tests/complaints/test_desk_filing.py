"""Filing by hand at the desk: the place is found, doubles are shown, nothing typed is lost."""

from typing import Any
from uuid import UUID, uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from complaints.choices import PhotoGroup, Stage
from complaints.models import Category, Complaint
from complaints.services import photos
from tests.cast import Cast
from tests.complaints import stages
from tests.complaints.desk import LIST, signed_in
from tests.complaints.test_photos import picture

ADD = f"{LIST}add/"


def sheet(office: Cast, **values: Any) -> dict[str, Any]:
    """What a clerk takes down."""
    return {
        "deed_key": uuid4().hex,
        "source": "phone",
        "subdistrict": office.street.pk,
        "text": "3号楼2单元门口的路灯不亮，晚上老人出门不安全。",
        "address": "东园花园3号楼2单元",
        "category": stages.category("010101").pk,
        "caller_name": "李秀兰",
        "caller_phone": "13900001011",
        "accepted": "on",
        **values,
    }


def test_a_clerk_files_and_accepts_in_one_go(office: Cast) -> None:
    answer = signed_in(office.chen).post(ADD, sheet(office))

    case = Complaint.objects.get()
    assert answer["Location"] == f"{LIST}{case.pk}/change/"
    assert (case.stage, case.place) == (Stage.PENDING_DISPATCH, office.east_group)
    assert (case.building, case.filed_by) == (office.east_building, office.chen)
    assert case.caller.phone_masked == "139****1011"


def test_the_same_sheet_sent_twice_is_one_case(office: Cast) -> None:
    body, desk = sheet(office), signed_in(office.chen)

    first, again = desk.post(ADD, body), desk.post(ADD, body)

    assert first["Location"] == again["Location"]
    assert Complaint.objects.count() == 1


def test_a_likely_double_is_shown_before_it_is_filed(office: Cast) -> None:
    earlier = stages.signed(office)
    body, desk = sheet(office), signed_in(office.chen)
    answer = desk.post(ADD, body)

    said = answer.content.decode()
    assert answer.status_code == 422
    assert earlier.number in said
    assert "晚上老人出门不安全" in said
    assert desk.post(ADD, body | {"is_not_a_double": "on"}).status_code == 302


def test_the_kinds_carry_the_words_by_which_they_are_found(office: Cast) -> None:
    leaf = Category.objects.filter(is_leaf=True).exclude(keywords="").first()
    assert f'data-keywords="{leaf.keywords}"' in signed_in(office.chen).get(ADD).content.decode()


def test_a_sheet_without_words_keeps_the_rest(office: Cast) -> None:
    answer = signed_in(office.chen).post(ADD, sheet(office, text="", caller_name="王大爷"))

    assert answer.status_code == 422
    assert "王大爷" in answer.content.decode()
    assert not Complaint.objects.exists()
    assert "请填写诉求内容。" in answer.content.decode()


def test_a_wrong_phone_number_is_named(office: Cast) -> None:
    answer = signed_in(office.chen).post(ADD, sheet(office, caller_phone="12345"))

    assert answer.status_code == 422
    assert "caller_phone" in answer.context["form"].errors


def test_a_city_order_needs_its_number_and_comes_once(office: Cast) -> None:
    desk = signed_in(office.chen)
    assert desk.post(ADD, sheet(office, source="hotline")).status_code == 422
    order = sheet(office, source="hotline", source_number="2603020001")
    assert desk.post(ADD, order).status_code == 302

    again = desk.post(ADD, order | {"deed_key": uuid4().hex, "is_not_a_double": "on"})

    assert again.status_code == 422
    assert "已登记为" in again.content.decode()
    assert Complaint.objects.count() == 1


def test_a_secretary_files_for_the_own_community_and_does_not_accept(office: Cast) -> None:
    body = sheet(office)
    del body["subdistrict"]
    answer = signed_in(office.su).post(ADD, body)

    assert answer.status_code == 302
    assert Complaint.objects.get().stage == Stage.PENDING_ACCEPTANCE


def test_a_place_of_the_other_side_is_no_choice(office: Cast) -> None:
    body = sheet(office, place=office.west_branch.pk)
    answer = signed_in(office.su).post(ADD, body)

    assert answer.status_code == 422
    assert not Complaint.objects.exists()


def test_an_address_of_the_other_side_is_refused_in_words(office: Cast) -> None:
    answer = signed_in(office.su).post(ADD, sheet(office, address="西园小区1号楼1单元"))

    assert answer.status_code == 403
    assert "西园小区" in answer.content.decode()
    assert not Complaint.objects.exists()


def test_an_address_is_understood_while_one_types(office: Cast) -> None:
    earlier = stages.signed(office)
    desk = signed_in(office.chen)
    found = desk.post(f"{LIST}place/", {"address": "东园花园3号楼2单元"}).json()

    assert "东园花园3号楼党小组" in found["words"]
    assert [one["number"] for one in found["doubles"]] == [earlier.number]
    assert desk.get(f"{LIST}place/").status_code == 405
    assert (
        signed_in(office.zhao).post(f"{LIST}place/", {"address": "东园花园3号楼"}).json()["doubles"]
        == []
    )


def photo(colour: str = "red") -> SimpleUploadedFile:
    """A picture as a clerk's computer sends it."""
    return SimpleUploadedFile("现场.jpg", picture((60, 40), colour=colour), "image/jpeg")


def test_photos_come_with_the_case(office: Cast) -> None:
    body = sheet(office, tray=str(uuid4()), pictures=[photo("red"), photo("blue")])
    signed_in(office.chen).post(ADD, body)

    case = Complaint.objects.get()
    assert [one.group for one in case.photos.all()] == [PhotoGroup.REPORT] * 2
    assert photos.kept(UUID(body["tray"]), by=office.chen) == []


def test_photos_are_kept_when_something_else_is_wrong(office: Cast) -> None:
    desk, tray = signed_in(office.chen), str(uuid4())
    refused = desk.post(ADD, sheet(office, text="", tray=tray, pictures=[photo()]))
    address = refused.context["kept"][0]

    assert refused.status_code == 422
    assert address in refused.content.decode()
    assert desk.get(address).status_code == 200
    assert signed_in(office.qian).get(address).status_code == 404
    assert desk.post(ADD, sheet(office, tray=tray)).status_code == 302
    assert Complaint.objects.get().photos.count() == 1


def test_a_file_that_is_no_photo_is_told_and_nothing_typed_is_lost(office: Cast) -> None:
    broken = SimpleUploadedFile("现场.jpg", b"\xff\xd8\xffMZ", "image/jpeg")
    answer = signed_in(office.chen).post(
        ADD, sheet(office, tray=str(uuid4()), pictures=[broken], text="楼道灯不亮，请修理。")
    )

    assert answer.status_code == 422
    assert "楼道灯不亮，请修理。" in answer.content.decode()
    assert "照片" in answer.context["sentence"] and not Complaint.objects.exists()
    assert b"desk-tray" not in answer.content


def test_kept_photos_stand_beside_the_sentence_about_a_double(office: Cast) -> None:
    stages.signed(office)
    body = sheet(office, tray=str(uuid4()), pictures=[photo()])
    answer = signed_in(office.chen).post(ADD, body)
    tray = answer.content.decode().split('class="desk-tray"')[1].split("</p>")[0]

    assert answer.context["sentence"] and answer.status_code == 422
    assert tray.count("<img") == 1 and answer.context["kept"][0] in tray
