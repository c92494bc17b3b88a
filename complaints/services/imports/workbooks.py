"""Workbooks for the clerk who imports: the rows that were refused with the reason, and an empty form."""

import tempfile
from collections.abc import Sequence
from datetime import date, datetime
from typing import IO, Any, cast

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as kept
from django.utils.translation import override

from complaints.choices import ImportField
from complaints.models import HeaderSynonym
from complaints.services.imports.headings import CONTENTS, KEYS, Headings
from complaints.spreadsheets import LONGEST_CELL, Cell, Table, open_table
from governance.choices import JobState
from governance.errors import HouseError
from governance.models import Job
from governance.services import audit

# The office's own headings are Chinese whatever the reader has chosen.
OFFICE = "zh-hans"
ROW, REASON = kept("原文件行号"), kept("未导入原因")
# A text that starts so is taken for a formula once somebody edits the cell or saves it as CSV.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
AS_TEXT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
TEMPLATE_ROWS = 1000


@audit.deed()
def refused_rows(job: Job, *, by: Any) -> IO[bytes]:
    """The refused rows as they came, under their headings, each with its row and the reason.

    As many rows as the job has kept reasons for. Rows of citizens leave the house with it, so the
    deed stands in the audit. Raises HouseError for a file that cannot be read any more.
    """
    reasons: dict[int, list[str]] = {}
    if job.state not in (JobState.DONE, JobState.FAILED) or not job.file:
        raise HouseError(_("文件还没有导入完，或已不在这里。"))
    for error in job.errors.filter(is_refusal=True).order_by("row", "pk"):
        said = _("%(column)s：%(reason)s") % {"column": error.column, "reason": error.reason}
        reasons.setdefault(error.row, []).append(said if error.column else error.reason)
    if not reasons:
        raise HouseError(_("没有未导入的行。"))
    with job.file.open("rb") as stored:
        headings = Headings(job.parameters.get("mapping"))
        table = open_table(cast("IO[bytes]", stored.file.file), job.file_name, headings.worth)
        book = _refused(table, reasons)
    audit.record(
        "download_refused_rows",
        by=by,
        subject=f"job:{job.pk}",
        organisation_path=job.organisation.path,
        detail={"rows": len(reasons)},
    )
    return book


def _refused(table: Table, reasons: dict[int, list[str]]) -> IO[bytes]:
    # A workbook of ours that comes back brings the columns we added; they are written anew.
    places = [place for place, name in enumerate(table.headings) if name not in (ROW, REASON)]
    stream = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    with xlsxwriter.Workbook(stream, {**AS_TEXT, "constant_memory": True}) as book:
        sheet = Sheet(book, kept("未导入的行"))
        sheet.add([*(table.headings[place] for place in places), ROW, REASON], sheet.bold)
        for row, cells in table.rows():
            if row in reasons:
                own = [cells[place] if place < len(cells) else None for place in places]
                sheet.add([*own, row, "；".join(reasons[row])])
    stream.seek(0)
    return stream


def template() -> IO[bytes]:
    """An empty workbook with the headings this office knows, and a sheet that says what they mean."""
    fields = headings_of_fields()
    stream = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    with override(OFFICE), xlsxwriter.Workbook(stream, AS_TEXT) as book:
        sheet = Sheet(book, kept("工单"))
        sheet.add([heading for _field, heading in fields], sheet.bold)
        # Numbers and telephones lose digits unless their cells hold text.
        sheet.sheet.set_column(0, len(fields) - 1, 18, sheet.text)
        sheet.sheet.freeze_panes(1, 0)
        help_sheet = Sheet(book, kept("填写说明"))
        help_sheet.add([_("列名"), _("含义"), _("要求")], help_sheet.bold)
        for field, heading in fields:
            help_sheet.add([heading, str(ImportField(field).label), demand_of(field)])
        help_sheet.sheet.set_column(0, 1, 18)
        help_sheet.sheet.set_column(2, 2, 60)
    stream.seek(0)
    return stream


def headings_of_fields() -> list[tuple[str, str]]:
    """Each field with a heading that an import of this office knows: its own name where known."""
    with override(OFFICE):
        names = {field: str(label) for field, label in ImportField.choices}
    known: dict[str, list[str]] = {}
    for heading, field in HeaderSynonym.objects.order_by("pk").values_list("heading", "field"):
        known.setdefault(field, []).append(heading)
    return [
        (field, names[field] if names[field] in known[field] else known[field][0])
        for field in names
        if field in known
    ]


def demand_of(field: str) -> str:
    """What must stand in a column, in a sentence."""
    if field in KEYS[:1]:
        return _("必填；同一来源、同一单号只登记一次。")
    if field in CONTENTS:
        return _("诉求主题、诉求内容和事项分类至少填一项。")
    if field in (ImportField.HAPPENED_AT, ImportField.CITY_DUE_AT):
        return _("如 2025-09-11 14:29，或 2025年9月11日 14时29分。")
    return _("可不填。")


class Sheet:
    """A sheet that grows row by row; no text in it ever becomes a formula."""

    def __init__(self, book: Any, name: str) -> None:
        self.sheet = book.add_worksheet(name)
        self.bold = book.add_format({"bold": True})
        self.text = book.add_format({"num_format": "@"})
        self.quoted = book.add_format({"num_format": "@", "quote_prefix": True})
        self.whole = book.add_format({"num_format": "0"})
        self.moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self.count = 0

    def add(self, cells: Sequence[Cell], form: Any = None) -> None:
        """One row more; a cell keeps its kind."""
        for column, cell in enumerate(cells):
            if cell is not None and cell != "":
                self._write(column, cell, form)
        self.count += 1

    def _write(self, column: int, cell: Cell, form: Any) -> None:
        place = (self.count, column)
        if isinstance(cell, bool):
            self.sheet.write_boolean(*place, cell, form)
        elif isinstance(cell, int | float):
            whole = self.whole if float(cell).is_integer() else None
            self.sheet.write_number(*place, cell, form or whole)
        elif isinstance(cell, date) and cell.year >= 1900:
            is_day = not isinstance(cell, datetime)
            self.sheet.write_datetime(*place, cell, self.day if is_day else self.moment)
        else:
            text = str(cell)[:LONGEST_CELL]
            own = self.quoted if text.startswith(FORMULA_SIGNS) else self.text
            self.sheet.write_string(*place, text, form or own)
