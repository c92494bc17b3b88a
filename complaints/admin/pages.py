"""What every page of the desk shares: the frame around it, and who may open it at all."""

import re
import time
from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from complaints.desk.undoing import still_open, undo_lines
from governance.models.reach import roots

UNDO_UNTIL = "undo_until"
A_KEY = re.compile(r"[A-Za-z0-9-]{8,64}")


def page(
    request: HttpRequest, template: str, *, title: str = "", status: int = 200, **context: Any
) -> HttpResponse:
    """A page inside the desk's frame."""
    request.current_app = admin.site.name
    whole = {**admin.site.each_context(request), "title": title, "subtitle": None, **context}
    return TemplateResponse(request, template, whole, status=status)


def key_of(request: HttpRequest) -> str:
    """The deed key of a posted form, or "" when it is none that the house has given."""
    key = request.POST.get("deed_key", "")
    return key if A_KEY.fullmatch(key) else ""


def require_word(user: Any, *words: str) -> None:
    """Refuse whoever holds none of the words anywhere."""
    if not any(roots(user, word) for word in words):
        raise PermissionDenied


def note_undo(request: HttpRequest, cases: Iterable[int]) -> None:
    """Remember until when the reader may take back what was just done to `cases`."""
    ends = [row.until.timestamp() for row in still_open(request.user, cases)]
    if ends:
        request.session[UNDO_UNTIL] = max(*ends, request.session.get(UNDO_UNTIL, 0.0))


def undo_of(request: HttpRequest, case: int | None = None) -> list[dict[str, Any]]:
    """What may be taken back now; no statement for whoever has done nothing of the kind."""
    if request.session.get(UNDO_UNTIL, 0.0) <= time.time():
        return []
    return undo_lines(request.user, case)


def case_url(pk: int, name: str = "change") -> str:
    """The address of a case's page, or of one of its deeds."""
    return reverse(f"admin:complaints_complaint_{name}", args=[pk])


def list_url(query: str = "") -> str:
    """The address of the list of cases."""
    base = reverse("admin:complaints_complaint_changelist")
    return f"{base}?{query}" if query else base
