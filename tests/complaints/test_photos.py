"""Photos: known by content, made small, stripped, and served only within reach."""

import os
import struct
import zlib
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from complaints.photos import MOST_BYTES, read_picture
from complaints.services import photos
from governance.errors import HouseError, WrongMove
from governance.models import AuditEntry
from tests.cast import Cast
from tests.complaints import stages
from tests.complaints.phones import phone_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    """A folder of its own for what is stored."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def picture(
    size: tuple[int, int] = (64, 48), kind: str = "JPEG", mode: str = "RGB", **more: Any
) -> bytes:
    """The bytes of a picture."""
    file = BytesIO()
    Image.new(mode, size, more.pop("colour", 0)).save(file, kind, **more)
    return file.getvalue()


def upload(content: bytes, name: str = "photo.jpg") -> SimpleUploadedFile:
    """A file as a browser sends it, whatever it calls it."""
    return SimpleUploadedFile(name, content, content_type="image/jpeg")


def from_a_camera(taken: str = "2026:02:27 16:40:00") -> bytes:
    """A photo that says where and when it was taken, by whose camera."""
    image = Image.new("RGB", (3000, 2000), "green")
    exif = image.getexif()
    exif[0x010F], exif[0x0112] = "Camera of Wang", 6
    exif.get_ifd(0x8769)[36867] = taken
    exif.get_ifd(0x8825)[1], exif.get_ifd(0x8825)[2] = "N", (36.0, 51.0, 36.0)
    file = BytesIO()
    image.save(file, "JPEG", exif=exif, comment=b"flat 502", icc_profile=b"profile")
    return file.getvalue()


def png_of_claimed_size(width: int, height: int) -> bytes:
    """A file of a hundred bytes that claims to unpack to a picture of any size."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    blocks = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 64)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in blocks
    )


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_jpeg_png_and_webp_become_small_jpegs(kind: str) -> None:
    read = read_picture(BytesIO(picture((2400, 1200), kind)))

    assert (read.width, read.height) == (1600, 800)
    assert Image.open(BytesIO(read.content)).format == "JPEG"
    assert max(Image.open(BytesIO(read.small)).size) == 320


def test_position_camera_comment_and_profile_are_gone_but_the_moment_is_kept() -> None:
    read = read_picture(BytesIO(from_a_camera(f"{timezone.localtime():%Y:%m:%d 08:15:00}")))

    stored = Image.open(BytesIO(read.content))
    assert dict(stored.getexif()) == {}
    assert {"comment", "icc_profile", "exif"}.isdisjoint(stored.info)
    for trace in (b"Camera of Wang", b"flat 502", b"Exif", b"profile"):
        assert trace not in read.content
    assert (read.width, read.height) == (1067, 1600)  # turned upright, as the camera asked
    assert timezone.localtime(read.taken_at).strftime("%H:%M") == "08:15"


@pytest.mark.parametrize("taken", ["2999:01:01 00:00:00", "1970:01:01 00:00:00", "no moment"])
def test_an_unbelievable_moment_is_not_kept(taken: str) -> None:
    assert read_picture(BytesIO(from_a_camera(taken))).taken_at is None


def test_what_was_transparent_becomes_white() -> None:
    read = read_picture(BytesIO(picture(kind="PNG", mode="RGBA", colour=(0, 0, 0, 0))))

    assert Image.open(BytesIO(read.content)).getpixel((5, 5)) == (255, 255, 255)


def test_what_hangs_on_behind_a_picture_does_not_survive() -> None:
    script = b"<script>alert(document.cookie)</script>PK\x03\x04"

    read = read_picture(BytesIO(picture() + script))

    assert script not in read.content


HOSTILE = {
    "empty": b"",
    "words": "这不是照片".encode(),
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "html": b"<html><script>alert(1)</script></html>",
    "gif called jpg": picture(kind="GIF", mode="P"),
    "bmp called jpg": picture(kind="BMP"),
    "tiff called jpg": picture(kind="TIFF"),
    "icon": picture(kind="ICO"),
    "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) run",
    "half a jpeg": picture((800, 600), colour="red")[:600],
    "half a png": picture((800, 600), "PNG")[:80],
    "jpeg head only": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00",
    "gif head, jpeg tail": b"GIF89a/*" + picture(),
    "zip": b"PK\x03\x04" + b"\0" * 200,
    "pixel bomb": png_of_claimed_size(30_000, 30_000),
    "31 million pixels": png_of_claimed_size(6_000, 5_200),
    "a claimed size without pixels": png_of_claimed_size(2_000, 2_000),
    "too heavy": picture() + b"\0" * MOST_BYTES,
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_files_are_refused_in_one_sentence(content: bytes) -> None:
    with pytest.raises(HouseError, match="照片"):
        read_picture(BytesIO(content))


def test_a_photo_gets_a_name_nobody_can_guess_and_a_checksum(office: Cast, media: Path) -> None:
    case = stages.signed(office)

    [photo] = photos.add_photos(case.pk, [upload(picture(), "../../3号楼.jpg")], by=office.wang)

    stored = Path(photo.file.path)
    assert stored.is_relative_to(media)
    assert len(stored.stem) == 32
    assert stored.stat().st_mode & 0o777 == 0o600
    assert photo.checksum in AuditEntry.objects.get(verb="add_photos").detail["checksums"]


def test_the_same_picture_twice_is_one_photo(office: Cast) -> None:
    case = stages.signed(office)

    for _time in range(2):
        photos.add_photos(case.pk, [upload(picture())], by=office.wang)

    assert case.photos.count() == 1


def test_only_who_has_the_case_at_work_adds_photos(office: Cast) -> None:
    at_work, answered = stages.signed(office), stages.replied(office)

    with pytest.raises(PermissionDenied):
        photos.add_photos(at_work.pk, [upload(picture())], by=office.he)
    with pytest.raises(WrongMove):
        photos.add_photos(answered.pk, [upload(picture())], by=office.wang)
    with pytest.raises(HouseError, match="一次最多"):
        photos.add_photos(at_work.pk, [upload(picture())] * 10, by=office.wang)
    assert not at_work.photos.exists()


def test_a_photo_is_served_within_reach_and_to_nobody_else(office: Cast) -> None:
    case = stages.signed(office)
    [photo] = photos.add_photos(case.pk, [upload(picture((900, 600)))], by=office.wang)
    address = reverse("mobile:photo", args=[photo.pk])

    own = phone_of(office.wang).get(address)
    small = phone_of(office.wang).get(address + "?small")
    foreign = phone_of(office.zhao).get(address)
    missing = phone_of(office.zhao).get(reverse("mobile:photo", args=[photo.pk + 99]))

    assert (own.status_code, own["Content-Type"]) == (200, "image/jpeg")
    assert Image.open(BytesIO(small.content)).size == (320, 213)
    assert (foreign.status_code, foreign.content) == (404, missing.content)


def test_a_served_photo_is_kept_nowhere_and_taken_for_nothing_else(office: Cast) -> None:
    case = stages.signed(office)
    [photo] = photos.add_photos(case.pk, [upload(picture())], by=office.wang)

    answer = phone_of(office.wang).get(reverse("mobile:photo", args=[photo.pk]))

    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_a_photo_whose_file_is_gone_is_not_found(office: Cast) -> None:
    case = stages.signed(office)
    [photo] = photos.add_photos(case.pk, [upload(picture())], by=office.wang)
    Path(photo.file.path).unlink()

    assert phone_of(office.wang).get(reverse("mobile:photo", args=[photo.pk])).status_code == 404


def test_a_tray_belongs_to_one_person(office: Cast) -> None:
    tray = uuid4()
    [name] = photos.keep(tray, [upload(picture())], by=office.wang)
    address = reverse("mobile:kept_photo", args=[tray, name])

    assert phone_of(office.wang).get(address).status_code == 200
    assert phone_of(office.zhao).get(address).status_code == 404
    assert photos.kept(tray, by=office.zhao) == []


@pytest.mark.parametrize("name", ["..", "x.jpg", "00-.jpg", "..%2F..%2Fsecrets.env"])
def test_a_tray_opens_nothing_but_its_photos(office: Cast, name: str) -> None:
    address = f"/m/report/{uuid4()}/{name}/"

    assert phone_of(office.wang).get(address).status_code == 404


def test_a_tray_is_forgotten_after_a_day(office: Cast, monday: Any) -> None:
    old, new = uuid4(), uuid4()
    photos.keep(old, [upload(picture())], by=office.wang)
    age(photos.tray_folder(old, office.wang), hours=25)

    photos.keep(new, [upload(picture())], by=office.wang)

    assert photos.kept(old, by=office.wang) == []
    assert len(photos.kept(new, by=office.wang)) == 1


def age(folder: Path, *, hours: int) -> None:
    """Let a folder look untouched for hours."""
    then = datetime.now() - timedelta(hours=hours)
    os.utime(folder, (then.timestamp(), then.timestamp()))
