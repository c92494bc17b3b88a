"""Spreadsheets: rows of cells out of .xlsx and .csv, and what a cell means as text or moment."""

import codecs
import csv
import io
import itertools
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import IO, Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from complaints.spreadsheet_safety import refuse_a_trap, refuse_too_many
from governance.errors import HouseError

SHANGHAI = ZoneInfo("Asia/Shanghai")
HEADER_ROWS = 5
LONGEST_CELL = 32_767
SEPARATORS = ",\t;|"
NOTHING = {"", "-", "--", "—", "——", "/", "\\", "无", "null", "none", "nan", "n/a", "#n/a"}
CONTROLS = {code: None for code in range(32) if code not in (9, 10, 13)} | {127: None}
AS_FORMULA = re.compile(r'="(.*)"')
# An Excel number holds fifteen digits; longer ones have lost their end.
EXACT_BELOW = 10**15
ROUNDED = re.compile(r"\d(?:\.\d+)?E\+?\d+", re.IGNORECASE)
SERIAL_EPOCH = datetime(1899, 12, 30)
SERIALS = (36526, 73051)  # 2000-01-01 and 2100-01-01
MOMENT = re.compile(
    r"(?P<year>\d{4})[-/.年](?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?号?"
    r"(?:[\sT,]*(?P<half>上午|下午|晚上|凌晨|中午|AM|PM)?"
    r"\s*(?P<hour>\d{1,2})[:时点](?P<minute>\d{1,2})?分?(?::?(?P<second>\d{1,2})(?:\.\d+)?秒?)?"
    r"\s*(?P<half_after>AM|PM)?(?:Z|\+0?8:?00)?)?"
)
COMPACT = re.compile(
    r"(?P<year>20\d\d)(?P<month>\d\d)(?P<day>\d\d)"
    r"(?:\s?(?P<hour>\d\d):?(?P<minute>\d\d)(?::?(?P<second>\d\d))?)?"
)
Cell = Any


class UnreadableCell(ValueError):
    """A cell that does not say what its column should say."""


@dataclass
class Table:
    """One sheet: `rows` yields (row number as in the file, cells), headings excluded."""

    name: str
    header_row: int
    headings: list[str]
    row_count: int
    rows: Callable[[], Iterator[tuple[int, Sequence[Cell]]]]
    form: str


def open_table(file: IO[bytes], name: str, worth: Callable[[Sequence[str]], int]) -> Table:
    """Find the sheet and row that `worth` likes best as headings, among rows 1–5 of each sheet.

    `worth` says how many of our fields a row of headings names. Raises HouseError for a file that
    may not be opened, cannot be read, or has no row worth anything.
    """
    refuse_a_trap(file, name)
    sheets = _workbook(file) if name.lower().endswith(".xlsx") else [_csv(file)]
    best: tuple[int, Table] | None = None
    for sheet in sheets:
        for place, row in enumerate(itertools.islice(sheet.rows(), HEADER_ROWS)):
            headings = [text_of(cell) for cell in row]
            points = worth(headings)
            if points and (best is None or points > best[0]):
                best = (points, _table(sheet, place, headings))
    if best is None:
        raise HouseError(
            _(
                "没有找到表头：前 %(rows)s 行里没有认得的列名。请保留“工单编号、诉求内容、派发时间”等列名。"
            )
            % {"rows": HEADER_ROWS}
        )
    return best[1]


def first_rows(file: IO[bytes], name: str, count: int) -> list[list[list[str]]]:
    """The first rows of every sheet as text, for somebody who tells what the columns mean.

    Raises HouseError for a file that may not be opened or cannot be read.
    """
    refuse_a_trap(file, name)
    sheets = _workbook(file) if name.lower().endswith(".xlsx") else [_csv(file)]
    return [
        [[text_of(cell) for cell in row] for row in itertools.islice(sheet.rows(), count)]
        for sheet in sheets
    ]


@dataclass
class _Sheet:
    """A sheet before its headings are known."""

    name: str
    row_count: int
    rows: Callable[[], Iterator[Sequence[Cell]]]
    form: str


def _table(sheet: _Sheet, place: int, headings: list[str]) -> Table:
    def rows() -> Iterator[tuple[int, Sequence[Cell]]]:
        numbered = enumerate(sheet.rows(), start=1)
        return (row for row in numbered if row[0] > place + 1 and any(map(has_words, row[1])))

    return Table(sheet.name, place + 1, headings, sheet.row_count - place - 1, rows, sheet.form)


def _workbook(file: IO[bytes]) -> Iterator[_Sheet]:
    """The sheets one after the other; calamine lays a whole sheet out, so only one is kept."""
    try:
        book = CalamineWorkbook.from_filelike(file)
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            # Empty rows above the first cell are left out by the reader, but counted by people.
            above = sheet.start[0] if sheet.start else 0

            def rows(sheet: Any = sheet, above: int = above) -> Iterator[Sequence[Cell]]:
                yield from ([] for _row in range(above))
                yield from sheet.iter_rows()

            yield _Sheet(name, above + sheet.height, rows, "xlsx")
    except (CalamineError, OSError, ValueError) as error:
        raise HouseError(_("文件已损坏，无法读取，没有导入任何内容。请重新导出。")) from error


def _csv(file: IO[bytes]) -> _Sheet:
    encoding = _encoding(file)
    file.seek(0)
    sample = file.read(65536).decode(encoding, errors="ignore")
    first = max(sample.splitlines()[:HEADER_ROWS], key=_separator_count, default="")
    separator = max(SEPARATORS, key=first.count)

    def rows() -> Iterator[Sequence[Cell]]:
        file.seek(0)
        text = io.TextIOWrapper(file, encoding=encoding, newline="")
        try:
            yield from csv.reader(text, delimiter=separator)
        except csv.Error:
            raise HouseError(
                _("CSV 里有一格超过 13 万字，或引号没有配对，读不下去。请检查后重新导出。")
            ) from None
        finally:
            if not file.closed:
                text.detach()

    count, widest = 0, 0
    for row in rows():
        count, widest = count + 1, max(widest, len(row))
        refuse_too_many(count, widest)
    return _Sheet("", count, rows, encoding)


def _separator_count(line: str) -> int:
    return max(line.count(sign) for sign in SEPARATORS)


def _encoding(file: IO[bytes]) -> str:
    """UTF-8, UTF-16 with its mark, or GB18030; offices send all three."""
    start = file.read(4)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates = ["utf-16"]
    elif b"\0" in start:
        candidates = []
    else:
        candidates = ["utf-8-sig", "gb18030"]
    for encoding in candidates:
        decoder = codecs.getincrementaldecoder(encoding)()
        file.seek(0)
        try:
            for chunk in iter(lambda: file.read(262_144), b""):
                if "\0" in decoder.decode(chunk):
                    break
            else:
                decoder.decode(b"", final=True)
                return encoding
        except UnicodeDecodeError:
            continue
    raise HouseError(
        _("读不懂文件的文字编码，没有导入任何内容。请另存为“CSV UTF-8”或 .xlsx 后重新导入。")
    )


def has_words(cell: Cell) -> bool:
    """Whether a cell holds anything but blanks."""
    return bool(cell.strip()) if isinstance(cell, str) else cell is not None and cell != ""


def text_of(cell: Cell) -> str:
    """The cell as text: whole numbers without a point, no control signs, signs for nothing empty.

    Text that looks like a formula stays text; a quote or ="…" that only protects digits goes.
    """
    if isinstance(cell, str):
        text = cell.translate(CONTROLS).strip().lstrip("\ufeff")
        if found := AS_FORMULA.fullmatch(text):
            text = found[1]
        if text.startswith("'") and text[1:].isdigit():
            text = text[1:]
        return "" if text.lower() in NOTHING else text
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < EXACT_BELOW:
        return str(int(cell))
    return str(cell)


def number_text(cell: Cell) -> str:
    """An order number, digit for digit; UnreadableCell when the spreadsheet has rounded it."""
    if isinstance(cell, bool):
        raise UnreadableCell
    if isinstance(cell, int | float) and not (abs(cell) < EXACT_BELOW and float(cell).is_integer()):
        raise UnreadableCell
    text = "".join(unicodedata.normalize("NFKC", text_of(cell)).split())
    if ROUNDED.fullmatch(text):
        raise UnreadableCell
    return text


def moment_of(cell: Cell, *, last: bool = False) -> datetime | None:
    """The moment a cell names, on the office's clock; None for an empty one.

    Takes date cells, Excel serials, `2025/9/11 14:29`, `2025年9月11日 14时29分`, `20250911142900`.
    A day alone is its first moment, or its last second with `last`, as deadlines are.
    Raises UnreadableCell for anything else and for years outside 2000–2099.
    """
    if isinstance(cell, datetime):
        return _placed(cell, is_day=False, last=last)
    if isinstance(cell, date):
        return _placed(datetime.combine(cell, time()), is_day=True, last=last)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _serial(float(cell), last)
    text = " ".join(unicodedata.normalize("NFKC", text_of(cell)).upper().split())
    if not text:
        return None
    if found := MOMENT.fullmatch(text) or COMPACT.fullmatch(text):
        return _spelt(found.groupdict(), last)
    try:
        return _serial(float(text), last)
    except ValueError:
        raise UnreadableCell from None


def _serial(number: float, last: bool) -> datetime:
    if not SERIALS[0] <= number < SERIALS[1]:
        raise UnreadableCell
    moment = SERIAL_EPOCH + timedelta(seconds=round(number * 86400))
    return _placed(moment, is_day=number.is_integer(), last=last)


def _spelt(parts: dict[str, str | None], last: bool) -> datetime:
    hour = int(parts["hour"] or 0)
    half = parts.get("half") or parts.get("half_after")
    if half in ("下午", "晚上", "PM", "中午") and hour < (11 if half == "中午" else 12):
        hour += 12
    elif half in ("上午", "凌晨", "AM") and hour == 12:
        hour = 0
    try:
        moment = datetime(
            int(parts["year"] or 0),
            int(parts["month"] or 0),
            int(parts["day"] or 0),
            hour,
            int(parts["minute"] or 0),
            int(parts["second"] or 0),
        )
    except ValueError:
        raise UnreadableCell from None
    return _placed(moment, is_day=parts["hour"] is None, last=last)


def _placed(moment: datetime, *, is_day: bool, last: bool) -> datetime:
    """On the office's clock. A date cell at midnight is a day too, when a deadline is asked for."""
    if not 2000 <= moment.year < 2100:
        raise UnreadableCell
    if last and (is_day or moment.time() == time()):
        moment = datetime.combine(moment.date(), time(23, 59, 59))
    return moment.replace(tzinfo=moment.tzinfo or SHANGHAI)
