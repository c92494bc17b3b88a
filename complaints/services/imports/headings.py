"""Headings: which column of somebody else's spreadsheet is which of our fields."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from complaints.models import HeaderSynonym
from complaints.spreadsheets import Cell, text_of

KEYS = ("source_number", "city_number")
CONTENTS = ("title", "text", "category_sub", "category_main")
BRACKETS = re.compile(r"[(\[{【〔<《].*?[)\]}】〕>》]")
DECORATION = re.compile(r"[\s*:·.,。、'\"-]+")


def heading_key(text: str) -> str:
    """By what headings are compared: half width, small letters, without brackets and stars."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return DECORATION.sub("", BRACKETS.sub("", plain))


class Headings:
    """The headings an office knows, its own `overrides` (heading → field) first."""

    def __init__(self, overrides: Mapping[str, str] | None = None) -> None:
        rows = HeaderSynonym.objects.values_list("heading", "field")
        self.fields = {heading_key(heading): field for heading, field in rows}
        self.fields |= {heading_key(key): field for key, field in (overrides or {}).items()}

    def field_of(self, heading: str) -> str:
        """The field a heading names; "" when nobody told us."""
        return self.fields.get(heading_key(heading), "")

    def worth(self, headings: Sequence[str]) -> int:
        """How many fields a row names; 0 without an order number and something about the matter."""
        fields = {self.field_of(heading) for heading in headings} - {""}
        if not fields.intersection(KEYS) or not fields.intersection(CONTENTS):
            return 0
        return len(fields)

    def columns(self, headings: Sequence[str]) -> dict[str, list[int]]:
        """The columns of each field, left to right; the first filled one counts."""
        found: dict[str, list[int]] = {}
        for place, heading in enumerate(headings):
            if field := self.field_of(heading):
                found.setdefault(field, []).append(place)
        return found

    def is_repeated(self, cells: Sequence[Cell], columns: Mapping[str, list[int]]) -> bool:
        """Whether a row is no order but the headings again, as a second line of codes is."""
        return any(
            self.field_of(text_of(cells[place])) in KEYS
            for key in KEYS
            for place in columns.get(key, ())
            if place < len(cells)
        )
