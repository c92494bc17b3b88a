"""到期情况: how much falls due or is late in each community and grid, and with each person."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from complaints import due
from complaints.admin.pages import list_url, page, require_word
from complaints.desk.listing import number
from complaints.selectors import count_label
from governance.choices import Word

MOST_LINES = 100


def due_page(request: HttpRequest) -> HttpResponse:
    """Four counts in each line; every number opens the very cases it counts."""
    require_word(request.user, Word.SEE, Word.DISCIPLINE)
    by = request.GET.get("by", "community")
    if by not in due.GROUPS:
        raise Http404
    first = number(request.GET.get("after", "")) or 0
    found = due.table(request.user, by)
    address = reverse("admin:complaints_due")
    rest = len(found) > first + MOST_LINES
    return page(
        request,
        "desk/due.html",
        title=_("到期情况"),
        by=by,
        tabs=[
            (name, label, f"{address}?by={name}") for name, (label, _depth) in due.GROUPS.items()
        ],
        bands=due.LABELS.values(),
        rows=[drawn(line, by) for line in found[first : first + MOST_LINES]],
        older_url=f"?{urlencode({'by': by, 'after': first + MOST_LINES})}" if rest else "",
        newer_url=f"?{urlencode({'by': by})}" if first else "",
    )


def drawn(line: due.Line, by: str) -> dict[str, Any]:
    """A line with the address behind each number that a filter can ask for."""
    cells = [
        {
            "label": label,
            "count": count_label(line.counts[band]),
            "tone": due.TONES[band] if line.counts[band] else "",
            "url": list_url(urlencode({"clock": band, by: line.value}))
            if line.value and line.counts[band]
            else "",
        }
        for band, label in due.LABELS.items()
    ]
    return {"name": line.name, "cells": cells}
