"""Rows: one line of a spreadsheet read as an order of the city, or refused with the reason."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from complaints.choices import Urgency
from complaints.spreadsheets import (
    LONGEST_CELL,
    Cell,
    UnreadableCell,
    moment_of,
    number_text,
    text_of,
)
from governance import privacy
from governance.calendar import SHANGHAI

PURPOSE = "city order"
LONGEST_NUMBER = 40
LONGEST_PHONE = 40
# Kept as the source wrote them, because the case has no column for them.
KEPT = (
    "source_name", "city_number", "unit", "section", "category_type", "category_main",
    "category_sub", "nature", "urgency", "region", "district", "community", "status", "reply",
)  # fmt: skip
# Kept as digests only: the case or its caller holds the words.
SEALED = ("title", "text", "address", "caller_name", "caller_phone", "secret")
MOMENTS = ("happened_at", "city_due_at")
URGENCIES = {
    "特急": Urgency.CRITICAL,
    "特提": Urgency.CRITICAL,
    "紧急": Urgency.URGENT,
    "加急": Urgency.URGENT,
    "一般": Urgency.ORDINARY,
    "普通": Urgency.ORDINARY,
    "复杂": Urgency.COMPLEX,
}
YES = {"是", "保密", "true", "1", "y", "yes"}
SEVERAL = re.compile(r"[、,，;；/|\s]+")


class RowRefused(Exception):
    """A row that cannot become a case; says which column, and why, without the value."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.reason = column, reason


@dataclass(slots=True)
class Order:
    """One order as the city's spreadsheet tells it."""

    row: int
    number: str
    words: dict[str, str]
    happened_at: datetime | None = None
    city_due_at: datetime | None = None
    digest: str = ""
    cells: dict[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str:
        """The text of a field, "" when the row has none."""
        return self.words.get(name, "")

    @property
    def urgency(self) -> str:
        """Our word for the city's urgency; "" leaves it to the category."""
        return URGENCIES.get(self.get("urgency"), "")

    @property
    def is_secret_caller(self) -> bool:
        """Whether the caller asked not to be named."""
        return self.get("secret").lower() in YES

    @property
    def phone(self) -> str:
        """The caller's number; the first one when the cell holds several."""
        whole = self.get("caller_phone")
        parts = [part for part in SEVERAL.split(whole) if len(part) >= 7]
        return parts[0][:LONGEST_PHONE] if parts else "".join(whole.split())[:LONGEST_PHONE]

    @property
    def street(self) -> str:
        """The street the source names, in whichever column it does."""
        named = (self.get("region"), self.get("district"))
        return next((name for name in named if name.endswith(("街道", "镇", "街道办事处"))), "")

    @property
    def where(self) -> str:
        """What the row says about the place, in one line."""
        return " ".join(filter(None, (self.get("community"), self.get("address"))))

    @property
    def matter(self) -> str:
        """The city's own words for the kind of matter."""
        parts = [self.get(name) for name in ("category_type", "category_main", "category_sub")]
        return " / ".join(dict.fromkeys(filter(None, parts)))

    @property
    def title(self) -> str:
        """The city's title, else the most exact of its categories, else the first line."""
        return (
            self.get("title")
            or self.get("category_sub")
            or self.get("category_main")
            or self.get("text").splitlines()[0]
        )

    @property
    def text(self) -> str:
        """What the citizen said; for registers that keep no text, what the row tells instead."""
        if self.get("text"):
            return self.get("text")
        if self.get("title"):
            return self.get("title")
        lines = [_("来源登记的事项：%(matter)s") % {"matter": self.matter}]
        place = " ".join(filter(None, (self.get("region"), self.where)))
        if place:
            lines.append(_("地点：%(place)s") % {"place": place})
        if self.get("nature"):
            lines.append(_("性质：%(nature)s") % {"nature": self.get("nature")})
        return "\n".join(lines)


def read_order(
    row: int,
    cells: Sequence[Cell],
    columns: Mapping[str, list[int]],
    headings: Sequence[str],
) -> Order:
    """Read one row; raises RowRefused with the column's heading and a reason.

    The digest covers every field we read, so that an unchanged row is known at a glance.
    """
    words = {}
    for name, places in columns.items():
        if name not in (*MOMENTS, "source_number"):
            words[name] = _first_text(cells, places, headings)
    order = Order(row, _number(cells, columns, headings), words)
    order.happened_at = _moment("happened_at", cells, columns, headings)
    order.city_due_at = _moment("city_due_at", cells, columns, headings)
    if not any(words.get(name) for name in ("title", "text", "category_sub", "category_main")):
        raise RowRefused("", _("没有诉求主题，也没有诉求内容。"))
    order.cells = {name: words[name] for name in KEPT if words.get(name)}
    order.cells |= {
        name: privacy.digest(words[name], PURPOSE)[:16] for name in SEALED if words.get(name)
    }
    order.cells |= {
        name: moment.isoformat() for name in MOMENTS if (moment := getattr(order, name)) is not None
    }
    order.digest = privacy.digest(
        json.dumps(order.cells, ensure_ascii=False, sort_keys=True), PURPOSE
    )
    return order


def _first_text(cells: Sequence[Cell], places: Sequence[int], headings: Sequence[str]) -> str:
    for place in places:
        text = text_of(cells[place]) if place < len(cells) else ""
        if len(text) > LONGEST_CELL:
            raise RowRefused(
                headings[place],
                _("内容超过 %(most)s 个字，请拆分或缩短。") % {"most": LONGEST_CELL},
            )
        if text:
            return text
    return ""


def _number(
    cells: Sequence[Cell], columns: Mapping[str, list[int]], headings: Sequence[str]
) -> str:
    for name in ("source_number", "city_number"):
        for place in columns.get(name, ()):
            try:
                number = number_text(cells[place]) if place < len(cells) else ""
            except UnreadableCell:
                raise RowRefused(
                    headings[place],
                    _("单号在表格里被存成了数字，末几位已经丢失。请把该列设为文本后重新导出。"),
                ) from None
            if len(number) > LONGEST_NUMBER:
                raise RowRefused(
                    headings[place],
                    _("单号超过 %(most)s 个字符，请检查是否错列。") % {"most": LONGEST_NUMBER},
                )
            if number:
                return number
    raise RowRefused("", _("没有工单编号，无法判断是否重复，未导入。"))


def _moment(
    name: str, cells: Sequence[Cell], columns: Mapping[str, list[int]], headings: Sequence[str]
) -> datetime | None:
    for place in columns.get(name, ()):
        try:
            moment = (
                moment_of(cells[place], last=name == "city_due_at") if place < len(cells) else None
            )
        except UnreadableCell:
            raise RowRefused(
                headings[place],
                _("时间读不懂。请写成 2025-09-11 14:29 或 2025年9月11日 14时29分。"),
            ) from None
        if moment is not None:
            return moment.astimezone(SHANGHAI)
    return None
