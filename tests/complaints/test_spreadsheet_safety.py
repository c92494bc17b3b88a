"""Hostile and broken files: each refused at once, with a sentence that names the limit."""

import io
import time
import zipfile
from collections.abc import Callable

import pytest
from django.core.files.base import ContentFile

from complaints.services.imports import start_import
from complaints.spreadsheet_safety import (
    MOST_BYTES,
    MOST_CELLS,
    MOST_RATIO,
    MOST_UNPACKED_BYTES,
    refuse_a_trap,
)
from complaints.spreadsheets import open_table
from governance.errors import HouseError
from governance.models import Job
from tests.cast import Cast
from tests.complaints.orders import as_csv, as_workbook, lines, order

SHEET = (
    '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    "<sheetData>{}</sheetData></worksheet>"
)


def repacked(
    change: Callable[[str, bytes], bytes | None], more: dict[str, bytes] | None = None
) -> bytes:
    """A good workbook with parts changed, left out (None) or added."""
    stream = io.BytesIO()
    good = zipfile.ZipFile(io.BytesIO(as_workbook(lines([order()]))))
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as bad:
        for name in good.namelist():
            content = change(name, good.read(name))
            if content is not None:
                bad.writestr(name, content)
        for name, content in (more or {}).items():
            bad.writestr(name, content)
    return stream.getvalue()


def with_sheet(rows: str) -> bytes:
    """A workbook whose only sheet has these rows of XML."""
    xml = SHEET.format(rows).encode()
    return repacked(lambda name, old: xml if name.endswith("sheet1.xml") else old)


def same(name: str, content: bytes) -> bytes:
    """No change."""
    return content


def lying_about_its_size() -> bytes:
    """The directory claims a few bytes for a sheet that unpacks to many."""
    rows = '<row><c t="inlineStr"><is><t>' + "x" * 5_000_000 + "</t></is></c></row>"
    content = bytearray(with_sheet(rows))
    true_size = len(SHEET.format(rows))
    return bytes(content.replace(true_size.to_bytes(4, "little"), (500).to_bytes(4, "little")))


CELL = '<c r="{}"><v>1</v></c>'
# name → file name, how its bytes are made, words of the refusal
TRAPS: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "old .xls": ("orders.xls", lambda: b"\xd0\xcf\x11\xe0" + b"x" * 600, ".xlsx 或 .csv"),
    "macro name": ("orders.xlsm", lambda: as_workbook(lines([order()])), ".xlsx 或 .csv"),
    "macro inside": ("a.xlsx", lambda: repacked(same, {"xl/vbaProject.bin": b"x"}), "宏"),
    "macro type": (
        "a.xlsx",
        lambda: repacked(lambda n, c: c.replace(b"sheet.main+xml", b"sheet.macroEnabled.main+xml")),
        "宏",
    ),
    "xls renamed": ("a.xlsx", lambda: b"\xd0\xcf\x11\xe0" + b"x" * 600, "密码"),
    "text renamed": ("a.xlsx", lambda: as_csv(lines([order()])), ".xlsx"),
    "zip renamed": (
        "a.xlsx",
        lambda: repacked(lambda n, c: None if n == "[Content_Types].xml" else c),
        "损坏",
    ),
    "document renamed": (
        "a.xlsx",
        lambda: repacked(
            lambda n, c: c.replace(b"spreadsheetml.sheet", b"wordprocessingml.document")
        ),
        "不是 Excel",
    ),
    "workbook as csv": ("a.csv", lambda: as_workbook(lines([order()])), "不是 CSV"),
    "gzip as csv": ("a.csv", lambda: b"\x1f\x8b" + b"x" * 99, "不是 CSV"),
    "empty": ("a.csv", lambda: b"", "空的"),
    "too large": ("a.csv", lambda: b"a" * (MOST_BYTES + 1), "20 MB"),
    "cut off": ("a.xlsx", lambda: as_workbook(lines([order()]))[:-300], "损坏"),
    "bomb by ratio": (
        "a.xlsx",
        lambda: repacked(same, {"xl/media/x.bin": b"\0" * 60_000_000}),
        "解压",
    ),
    "bomb in a sheet": ("a.xlsx", lambda: with_sheet("<row></row>" * 5_000_000), "解压"),
    "endless tag": ("a.xlsx", lambda: with_sheet("<row " + "a='1' " * 200_000 + "/>"), "损坏"),
    "bomb that lies": ("a.xlsx", lambda: lying_about_its_size(), "损坏"),
    "far cell": (
        "a.xlsx",
        lambda: with_sheet("<row>" + CELL.format("XFD1048576") + "</row>"),
        "行",
    ),
    "far column": ("a.xlsx", lambda: with_sheet("<row>" + CELL.format("XFD1") + "</row>"), "列"),
    "far row": ("a.xlsx", lambda: with_sheet('<row r="999999"><c><v>1</v></c></row>'), "200000 行"),
    "hidden behind a quote": (
        "a.xlsx",
        lambda: with_sheet("<row><c s=\">\" r='XFD1048576'><v>1</v></c></row>"),
        "行",
    ),
    "large rectangle": (
        "a.xlsx",
        lambda: with_sheet('<row r="150000">' + CELL.format("CV150000") + "</row>"),
        str(MOST_CELLS),
    ),
    "entities": (
        "a.xlsx",
        lambda: repacked(
            lambda n, c: (
                c.replace(b"<sst", b'<!DOCTYPE a [<!ENTITY b "c">]><sst') if "shared" in n else c
            )
        ),
        "DTD",
    ),
    "utf-16 part": (
        "a.xlsx",
        lambda: repacked(
            lambda n, c: c.decode().encode("utf-16") if n.endswith("sheet1.xml") else c
        ),
        "损坏",
    ),
    "many parts": (
        "a.xlsx",
        lambda: repacked(same, {f"x/{n}": b"" for n in range(1000)}),
        "1000 个",
    ),
    "many sheets": (
        "a.xlsx",
        lambda: repacked(same, {f"xl/worksheets/sheet{n}.xml": b"" for n in range(2, 40)}),
        "20 张",
    ),
    "nul bytes": ("a.csv", lambda: b"a\0b,c\n1,2\n", "编码"),
    "no text at all": ("a.csv", lambda: b"\xff\xfe\xfa\x80\x81" * 99, "编码"),
    "endless cell": ("a.csv", lambda: b'a,b\n"' + b"x" * 200_000 + b'",1\n', "13 万字"),
    "too many rows": ("a.csv", lambda: b"a,b\n" * 200_001, "200000 行"),
    "too many columns": ("a.csv", lambda: b"a," * 300 + b"\n", "200 列"),
}


@pytest.mark.parametrize("trap", TRAPS)
def test_a_trap_is_refused_quickly_in_words_that_name_the_limit(trap: str) -> None:
    name, make, words = TRAPS[trap]
    content = make()
    started = time.process_time()
    with pytest.raises(HouseError, match=words):
        open_table(io.BytesIO(content), name, len)
    assert time.process_time() - started < 5


def test_the_good_workbook_that_the_traps_are_made_of_opens() -> None:
    table = open_table(io.BytesIO(repacked(same)), "a.XLSX", len)
    assert (table.header_row, table.row_count) == (1, 1)


def test_the_limits_hold_together() -> None:
    assert MOST_BYTES * MOST_RATIO > MOST_UNPACKED_BYTES


def test_a_workbook_without_cell_references_is_counted_as_a_reader_counts() -> None:
    cells = "<c><v>1</v></c>" * 3
    refuse_a_trap(io.BytesIO(with_sheet(f"<row>{cells}</row>" * 500)), "a.xlsx")
    with pytest.raises(HouseError, match="列"):
        refuse_a_trap(io.BytesIO(with_sheet("<row>" + "<c/>" * 201 + "</row>")), "a.xlsx")


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["../../etc/orders.csv", "C:\\Users\\a\\orders.csv", "orders.csv"])
def test_the_name_of_a_file_is_a_label_and_never_a_path(office: Cast, name: str) -> None:
    file = ContentFile(as_csv(lines([order()])))
    file.name = name
    job = start_import(file, by=office.chen, subdistrict=office.street)
    assert job.file_name == "orders.csv"
    assert job.file.name.startswith("jobs/upload") and ".." not in job.file.name


@pytest.mark.django_db
def test_a_bad_file_starts_no_job(office: Cast) -> None:
    with pytest.raises(HouseError):
        start_import(ContentFile(b"x", name="a.exe"), by=office.chen, subdistrict=office.street)
    assert not Job.objects.exists()
