"""The search of the desk's working lists: by number, the source's number, or words of the matter."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import HttpRequest

LONGEST = 60
FEWEST_DIGITS = 4


def words_of(request: HttpRequest) -> str:
    """What was typed; no NUL, which PostgreSQL refuses even in a text that is looked for."""
    return request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST]


def found(rows: QuerySet[Any], text: str, *, case: str = "complaint__", more: str = "") -> Any:
    """The rows whose case is meant by the words; `more` is a column of the row that is read too.

    The rows are within reach already; a telephone number finds nothing here.
    """
    if not text:
        return rows
    number, source = f"{case}number", f"{case}source_number"
    if text.isdigit() and len(text) >= FEWEST_DIGITS:
        return rows.filter(Q(**{f"{number}__endswith": text}) | Q(**{source: text}))
    if "-" in text and text[-1].isdigit():
        return rows.filter(Q(**{number: text.upper()}) | Q(**{source: text}))
    meant = Q(**{f"{case}title__contains": text}) | Q(**{f"{case}address__contains": text})
    # What the list calls 保密件 is not found by words that the list does not show.
    meant &= Q(**{f"{case}is_confidential": False})
    return rows.filter(meant | Q(**{f"{more}__contains": text}) if more else meant)


def kept(text: str, **other: Any) -> str:
    """The query of an address of the same list: what else it says, and the words if there are any."""
    return f"?{urlencode({**other, 'q': text} if text else other)}"
