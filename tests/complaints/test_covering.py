"""遮盖: what is painted over is gone for every reader, and only who has the case may paint."""

from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image, ImageDraw

from complaints.models import Photo
from complaints.photos import covered, read_picture, squares_of
from complaints.services import photos, resident_links, reviewing, supervising
from complaints.services.covering import may_cover
from governance.models import AuditEntry
from tests.cast import Cast
from tests.complaints import stages
from tests.complaints.phones import phone_of
from tests.desk import signed_in

pytestmark = pytest.mark.django_db
FACE = (2, 3)


def ticked(squares: Any) -> dict[str, Any]:
    """What the form of the page sends."""
    return {"square": squares, "key": str(uuid4())}


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    """A folder of its own for what is stored."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def scene() -> SimpleUploadedFile:
    """640 by 480, white, with a chequered "face" in one square of the net."""
    image = Image.new("RGB", (640, 480), "white")
    drawing = ImageDraw.Draw(image)
    left, top = FACE[0] * 40, FACE[1] * 40
    for x in range(left, left + 40, 4):
        drawing.rectangle((x, top, x + 1, top + 39), fill="black")
    content = BytesIO()
    image.save(content, "JPEG", quality=95)
    return SimpleUploadedFile("a.jpg", content.getvalue(), "image/jpeg")


def at_work(office: Cast) -> tuple[Any, Photo]:
    """A case in Wang's hands, with a photo of the work."""
    case = stages.contacted(office)
    [photo] = photos.add_photos(case.pk, [scene()], by=office.wang)
    return case, photo


def contrast(content: bytes, square: tuple[int, int] = FACE) -> int:
    """How far the darkest and the lightest point inside a square lie apart."""
    image = Image.open(BytesIO(content)).convert("L")
    columns, rows = squares_of(*image.size)
    wide, high = image.width // columns, image.height // rows
    x, y = square[0] * wide, square[1] * high
    # The rim may be touched by what lies beside: JPEG writes blocks of its own size.
    low, top = image.crop((x + 8, y + 8, x + wide - 8, y + high - 8)).getextrema()
    return int(top) - int(low)


def test_a_square_becomes_one_colour_in_both_sizes_and_the_rest_stays() -> None:
    before = read_picture(scene())
    after = covered(before.content, {FACE})

    assert contrast(before.content) > 150 and contrast(before.content, (9, 9)) < 20
    assert contrast(after.content) < 20
    assert (after.width, after.height) == (640, 480)
    small = Image.open(BytesIO(after.small)).convert("L").crop((44, 64, 56, 76)).getextrema()
    assert small[1] - small[0] < 30


@pytest.mark.parametrize(("size", "net"), [((640, 480), (16, 12)), ((480, 640), (12, 16))])
def test_the_net_follows_the_shape_of_the_picture(size: tuple[int, int], net: Any) -> None:
    assert squares_of(*size) == net


@pytest.mark.parametrize("corner", [(0, 0), (15, 11)])
def test_the_corners_of_a_tiny_picture_can_be_covered_too(corner: tuple[int, int]) -> None:
    file = BytesIO()
    Image.new("RGB", (9, 7), "red").save(file, "JPEG")

    assert covered(file.getvalue(), {corner}).width == 9


def test_what_was_covered_is_gone_for_everybody_and_the_audit_says_who_did_it(
    office: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    case, photo = at_work(office)
    former = Path(photo.file.path)
    page = f"/admin/complaints/complaint/{case.pk}/photo/{photo.pk}/cover/"

    with django_capture_on_commit_callbacks(execute=True):
        answer = signed_in(office.su).post(page, ticked(["2-3", "2-3"]))

    assert (answer.status_code, answer["Location"]) == (302, page)
    for address in (f"/m/photos/{photo.pk}/", page.replace("cover/", "")):
        reader = phone_of(office.wang) if address.startswith("/m/") else signed_in(office.chen)
        assert contrast(reader.get(address).content) < 20
    assert not former.exists() and not Path(photos.small_name(str(former))).exists()
    line = AuditEntry.objects.get(verb="cover_photo")
    assert line.by == office.su and line.detail["squares"] == 1
    photo.refresh_from_db()
    assert line.detail["checksums"][1] == photo.checksum != line.detail["checksums"][0]


def test_the_resident_is_shown_the_covered_picture(office: Cast) -> None:
    case, photo = at_work(office)
    photos_and_words = {"result_kind": "solved", "public_text": stages.ANSWER, "shows_photos": True}
    stages.handling.reply(case.pk, by=office.wang, **photos_and_words)
    reviewing.approve(case.pk, by=office.su)
    secret = resident_links.renew(case.pk, by=office.chen)
    address = f"/q/{secret}/photos/{photo.pk}/"
    assert contrast(Client().get(address).content) > 150

    phone_of(office.wang).post(f"/m/photos/{photo.pk}/cover/", ticked("2-3"))

    assert contrast(Client().get(address).content) < 20


@pytest.mark.parametrize("given", [[], ["16-0"], ["0-12"], ["a"], ["1-1", "-1-2"], ["99-99"]])
@pytest.mark.parametrize("door", ["desk", "phone"])
def test_nothing_ticked_or_beside_the_picture_is_said_and_changes_nothing(
    office: Cast, door: str, given: list[str]
) -> None:
    case, photo = at_work(office)
    if door == "desk":
        page = f"/admin/complaints/complaint/{case.pk}/photo/{photo.pk}/cover/"
        answer = signed_in(office.su).post(page, ticked(given))
    else:
        answer = phone_of(office.wang).post(f"/m/photos/{photo.pk}/cover/", ticked(given))

    assert answer.status_code == 422
    assert "请先点选" in answer.content.decode() or "不在照片上" in answer.content.decode()
    assert Photo.objects.get(pk=photo.pk).file.name == photo.file.name


def test_who_only_reads_is_refused_and_the_stranger_finds_nothing(office: Cast) -> None:
    case, photo = at_work(office)
    page = f"/admin/complaints/complaint/{case.pk}/photo/{photo.pk}/cover/"

    assert signed_in(office.lin).post(page, ticked("2-3")).status_code == 403
    for other in (photo.pk, photo.pk + 99):
        assert phone_of(office.zhao).get(f"/m/photos/{other}/cover/").status_code == 404
    assert signed_in(office.su).get(page.replace(f"/{photo.pk}/", "/999999/")).status_code == 404
    assert contrast(phone_of(office.wang).get(f"/m/photos/{photo.pk}/").content) > 150


def test_whom_a_case_is_about_covers_nothing(office: Cast) -> None:
    case, _photo = at_work(office)
    assert may_cover(case, office.wang)

    supervising.restrict(case.pk, by=office.chen, people=[office.wang.person])
    case.refresh_from_db()

    assert not may_cover(case, office.wang) and may_cover(case, office.chen)


def test_the_pages_of_a_case_lead_to_it_only_for_who_may(office: Cast) -> None:
    case, photo = at_work(office)
    desk = f"/admin/complaints/complaint/{case.pk}/change/"

    assert f"/photo/{photo.pk}/cover/" in signed_in(office.su).get(desk).content.decode()
    assert "/cover/" not in signed_in(office.lin).get(f"/board/cases/{case.pk}/").content.decode()
    for page in (f"/m/complaints/{case.pk}/", f"/m/complaints/{case.pk}/reply/"):
        assert f"/m/photos/{photo.pk}/cover/" in phone_of(office.wang).get(page).content.decode()
    assert "/cover/" not in phone_of(office.he).get(f"/m/complaints/{case.pk}/").content.decode()


def test_a_photo_whose_file_is_gone_is_said(office: Cast) -> None:
    case, photo = at_work(office)
    Path(photo.file.path).unlink()
    page = f"/admin/complaints/complaint/{case.pk}/photo/{photo.pk}/"

    assert signed_in(office.su).get(page).status_code == 404
    answer = signed_in(office.su).post(f"{page}cover/", ticked("2-3"))
    assert answer.status_code == 422 and "找不到" in answer.content.decode()


def test_a_repeat_whose_reply_was_lost_covers_once(office: Cast) -> None:
    _case, photo = at_work(office)
    page, sent = f"/m/photos/{photo.pk}/cover/", ticked("2-3")

    for _try in range(2):
        assert phone_of(office.wang).post(page, sent).status_code == 302
    answer = phone_of(office.wang).post(page, {"square": "2-3"})

    assert AuditEntry.objects.filter(verb="cover_photo").count() == 1
    assert answer.status_code == 422 and "页面已过期，请再提交一次。" in answer.content.decode()
