"""Mapping: somebody tells which unknown column is which of our fields, and the house remembers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any, cast

from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.utils.translation import gettext as _

from complaints.choices import ImportField
from complaints.models import HeaderSynonym
from complaints.services.imports.headings import CONTENTS, KEYS, Headings, heading_key
from complaints.services.imports.running import start_import
from complaints.spreadsheets import HEADER_ROWS, first_rows
from governance.choices import Word
from governance.errors import HouseError
from governance.models import Job
from governance.models.reach import roots
from governance.services import audit

SAMPLES = 3


@dataclass(frozen=True)
class Column:
    """One column of a spreadsheet: its heading, some of its cells, what we take it for."""

    place: int
    heading: str
    samples: list[str]
    field: str


def columns_of(job: Job, row: int | None = None) -> tuple[int, list[Column]]:
    """The row of headings (from 1) and the columns of a job's file; `row` chooses another one.

    Raises HouseError for a file that cannot be read.
    """
    headings = Headings(job.parameters.get("mapping"))
    with job.file.open("rb") as stored:
        sheets = first_rows(
            cast("IO[bytes]", stored.file.file), job.file_name, HEADER_ROWS + SAMPLES
        )
    rows = max(sheets, key=lambda sheet: heading_points(sheet, headings), default=[])
    if not rows:
        raise HouseError(_("文件里没有内容。"))
    place = row - 1 if row and row <= min(len(rows), HEADER_ROWS) else likely_row(rows, headings)
    below = rows[place + 1 : place + 1 + SAMPLES]
    return place + 1, [
        Column(
            place=number,
            heading=heading,
            samples=[
                cells[number][:40] for cells in below if number < len(cells) and cells[number]
            ],
            field=headings.field_of(heading),
        )
        for number, heading in enumerate(rows[place])
        if heading
    ]


def heading_points(rows: Sequence[Sequence[str]], headings: Headings) -> tuple[int, int]:
    """How much a sheet looks like orders: known headings first, then filled cells."""
    known = max((known_count(row, headings) for row in rows[:HEADER_ROWS]), default=0)
    return known, sum(1 for row in rows for cell in row if cell)


def known_count(row: Sequence[str], headings: Headings) -> int:
    """How many cells of a row are headings we know."""
    return sum(1 for cell in row if cell and headings.field_of(cell))


def likely_row(rows: Sequence[Sequence[str]], headings: Headings) -> int:
    """The row that reads like headings: known ones, else the one with most cells without digits."""

    def points(place: int) -> tuple[int, int, int]:
        words = [cell for cell in rows[place] if cell]
        plain = sum(1 for cell in words if not any(sign.isdigit() for sign in cell))
        return known_count(words, headings), plain, -place

    return max(range(min(len(rows), HEADER_ROWS)), key=points)


def refuse_thin_mapping(mapping: Mapping[str, str]) -> None:
    """Raise HouseError when a mapping cannot make a case out of a row."""
    fields = set(mapping.values())
    if unknown := fields - {"", *ImportField.values}:
        raise HouseError(_("没有这样的字段：%(names)s。") % {"names": "、".join(sorted(unknown))})
    if not fields.intersection(KEYS):
        raise HouseError(_("请指出哪一列是工单编号，没有编号无法识别重复。"))
    if not fields.intersection(CONTENTS):
        raise HouseError(_("请指出哪一列是诉求内容（或主题）。"))


def import_again(
    job: Job, mapping: Mapping[str, str], *, by: Any, dry_run: bool, is_remembered: bool
) -> Job:
    """Import the file of an earlier job anew with a mapping (heading → field, "" for none).

    With `is_remembered` the headings become synonyms that every later import knows; that needs
    the word to configure. Raises what `start_import` raises, and HouseError for a thin mapping.
    """
    refuse_thin_mapping(mapping)
    with audit.deed():
        if is_remembered:
            remember_headings(mapping, by=by)
        with job.file.open("rb") as stored:
            return start_import(
                File(stored.file, name=job.file_name),
                by=by,
                subdistrict=job.organisation,
                source=job.parameters["source"],
                dry_run=dry_run,
                mapping=mapping,
            )


def remember_headings(mapping: Mapping[str, str], *, by: Any) -> None:
    """Keep chosen headings as rows of 表头同义词; what is known already stays one row."""
    if not roots(by, Word.CONFIGURE):
        raise PermissionDenied(_("您没有修改表头同义词的权限。"))
    known = {heading_key(row.heading): row for row in HeaderSynonym.objects.all()}
    for heading, field in mapping.items():
        row = known.get(heading_key(heading))
        if not field or (row is not None and row.field == field):
            continue
        verb = "add" if row is None else "change"
        row = row or HeaderSynonym(heading=heading[:40])
        row.field = field
        row.save()
        audit.record(
            f"{verb}_headersynonym",
            by=by,
            subject=f"headersynonym:{row.pk}",
            detail={"heading": row.heading, "field": field},
        )
