"""The page on which squares of a photo are ticked; the same at the desk and on the phone."""

import re
from typing import Any
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext as _

from complaints.forms import KeyedForm
from complaints.models import Complaint, Photo
from complaints.photos import squares_of
from complaints.services.covering import cover, may_cover
from governance.errors import HouseError
from governance.services.deeds import once

UNFIT = 422
SQUARE = re.compile(r"(\d{1,2})-(\d{1,2})")
MOST_SQUARES = 400


class Table:
    """One photo, its squares, and what was ticked; `status` and `sentence` say how it went."""

    def __init__(self, request: HttpRequest, case: Complaint, photo: Photo) -> None:
        if not may_cover(case, request.user):
            raise PermissionDenied
        self.request, self.case, self.photo = request, case, photo
        self.status, self.sentence, self.is_done = 200, "", False

    def carry_out(self) -> None:
        """Paint over what was ticked, once for the form's key; a refusal says why."""
        form, squares = KeyedForm(self.request.POST), self.ticked()
        if not form.is_valid():
            self.status, self.sentence = UNFIT, _("页面已过期，请再提交一次。")
            return
        try:
            once(
                str(form.cleaned_data["key"]),
                by=self.request.user,
                body={"photo": self.photo.pk, "squares": squares},
                act=lambda: {"checksum": cover(self.photo, squares, by=self.request.user).checksum},
            )
            self.is_done = True
        except HouseError as refusal:
            self.status, self.sentence = UNFIT, refusal.message
        except FileNotFoundError:
            self.status, self.sentence = UNFIT, _("照片文件找不到了，请联系系统管理员。")

    def ticked(self) -> list[tuple[int, int]]:
        """The squares of the form; what is none counts as one beside the picture."""
        found = []
        for value in self.request.POST.getlist("square")[:MOST_SQUARES]:
            parts = SQUARE.fullmatch(value)
            found.append((int(parts[1]), int(parts[2])) if parts else (-1, -1))
        return found

    def context(self) -> dict[str, Any]:
        """What the template draws."""
        columns, rows = squares_of(self.photo.width, self.photo.height)
        return {
            "case": self.case,
            "photo": self.photo,
            "is_wide": columns > rows,
            "squares": [(column, row) for row in range(rows) for column in range(columns)],
            "sentence": self.sentence,
            "key": uuid4(),
        }
