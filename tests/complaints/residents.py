"""A resident before a wall: a code, a page, and what a thumb would send from it."""

import re
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from PIL import Image

from complaints.models import Complaint, PlaceCode, PlainKind
from complaints.services.place_codes import new_code
from tests.cast import Cast

WORDS = "单元门口垃圾堆了三天没人清，味道很大。"
PHONE = "13900005555"
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')


def wall(cast: Cast) -> PlaceCode:
    """The code that hangs on the eastern building."""
    return new_code(cast.east_building, by=cast.su)


def page_url(code: PlaceCode) -> str:
    """The address in the QR picture."""
    return reverse("resident:report", args=[code.code])


def hidden_of(answer: HttpResponse) -> dict[str, str]:
    """The hidden fields of the first form of a page."""
    found = dict(HIDDEN.findall(answer.content.decode()))
    found.pop("csrfmiddlewaretoken", None)
    return found


def typed(clock: Any, code: PlaceCode, client: Client | None = None, **more: Any) -> dict[str, Any]:
    """What a resident sends who has read and written for a quarter of a minute."""
    page = (client or Client()).get(page_url(code))
    clock.shift(15)
    kind = PlainKind.objects.get(name="垃圾卫生", subdistrict=None)
    return {**hidden_of(page), "text": WORDS, "kind": kind.pk, "agree": "on", **more}


def report(clock: Any, code: PlaceCode, **more: Any) -> HttpResponse:
    """One report from a browser of its own."""
    return Client().post(page_url(code), typed(clock, code, **more))


def filed(clock: Any, cast: Cast, **more: Any) -> tuple[Complaint, str]:
    """A case that came in by the wall, and the address of its secret page."""
    answer = report(clock, wall(cast), **more)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return Complaint.objects.latest("id"), answer["Location"]


def picture(colour: str = "steelblue") -> SimpleUploadedFile:
    """A photo as a phone sends it, with a position in its head."""
    content, exif = BytesIO(), Image.Exif()
    exif[0x010F] = "A Phone"
    exif.get_ifd(0x8825)[1] = "N"
    Image.new("RGB", (900, 700), colour).save(content, "JPEG", exif=exif)
    return SimpleUploadedFile("IMG_0001.jpg", content.getvalue(), "image/jpeg")
