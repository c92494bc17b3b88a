"""What a spreadsheet must be before it is opened: of a known kind, small enough, and no trap."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePath
from typing import IO

from django.utils.translation import gettext as _

from governance.errors import HouseError

MEGABYTE = 1024 * 1024
MOST_BYTES = 20 * MEGABYTE
MOST_UNPACKED_BYTES = 200 * MEGABYTE
MOST_RATIO = 200
RATIO_COUNTS_FROM = MEGABYTE
MOST_ENTRIES = 1000
MOST_SHEETS = 20
MOST_ROWS = 200_000
MOST_COLUMNS = 200
MOST_CELLS = 4_000_000
ENDINGS = (".xlsx", ".csv")
WORKBOOK_KIND = b"spreadsheetml.sheet.main+xml"
MACRO_SIGNS = ("vbaproject", "macrosheets/", "activex/")
LOCAL_HEADER = 30
CHUNK = 256 * 1024
# Quoted values may hold a ">", behind which a far-off reference could hide.
PLACED = re.compile(rb"""<(?:\w+:)?(row|c)(?=[\s/>])((?:[^<>"']|"[^"<]*"|'[^'<]*')*)>""")
REFERENCE = re.compile(rb"""(?:^|\s)r\s*=\s*["']([A-Za-z]{0,9})(\d{1,12})["']""")


def refuse_a_trap(file: IO[bytes], name: str) -> None:
    """Raise HouseError, naming the limit, unless the file may be opened (`reliability.md` T31–T33).

    Nothing of the file is kept in memory; a workbook is unpacked once, counting, because the sizes
    written in its directory may lie.
    """
    ending = PurePath(name).suffix.lower()
    if ending not in ENDINGS:
        raise HouseError(
            _("只能导入 .xlsx 或 .csv 文件。请用表格软件打开后另存为其中一种，再重新选择。")
        )
    size = file.seek(0, 2)
    file.seek(0)
    start = file.read(8)
    file.seek(0)
    if not size:
        raise HouseError(_("文件是空的，没有导入任何内容。请检查后重新选择。"))
    if size > MOST_BYTES:
        raise HouseError(
            _("文件有 %(size)s MB，超过 %(most)s MB 的上限。请按时间分成几个文件导入。")
            % {"size": -(-size // MEGABYTE), "most": MOST_BYTES // MEGABYTE}
        )
    if ending == ".csv":
        if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"{\\rtf", b"\x1f\x8b")):
            raise HouseError(_("这个文件的内容不是 CSV 文本，可能改过扩展名。请重新导出。"))
        return
    if not start.startswith(b"PK\x03\x04"):
        raise HouseError(
            _(
                "这不是有效的 .xlsx 文件：可能设了打开密码，或是旧版 .xls 改了扩展名。请另存为 .xlsx。"
            )
        )
    _refuse_a_bad_workbook(file)
    file.seek(0)


def _refuse_a_bad_workbook(file: IO[bytes]) -> None:
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            _refuse_bad_entries(entries)
            content = archive.read("[Content_Types].xml")
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, zlib.error):
        raise _broken() from None
    if b"macroEnabled" in content or b"vbaProject" in content:
        raise _macros()
    if WORKBOOK_KIND not in content:
        raise HouseError(_("这个文件不是 Excel 工作簿。请用表格软件另存为 .xlsx。"))
    unpacked, extent = 0, Extent()
    for entry in entries:
        size = _refuse_bad_content(file, entry, MOST_UNPACKED_BYTES - unpacked, extent)
        unpacked += size
    extent.close()


def _refuse_bad_entries(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_ENTRIES:
        raise HouseError(
            _("工作簿里有 %(count)s 个部件，超过 %(most)s 个的上限，可能不是正常的表格。")
            % {"count": len(entries), "most": MOST_ENTRIES}
        )
    names = [entry.filename.lower().replace("\\", "/") for entry in entries]
    if any(sign in name for name in names for sign in MACRO_SIGNS):
        raise _macros()
    if any(entry.flag_bits & 1 for entry in entries):
        raise HouseError(_("工作簿有打开密码，无法读取。请去掉密码后重新导入。"))
    if any(
        entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries
    ):
        raise _broken()
    sheets = sum("worksheets/sheet" in name for name in names)
    if sheets > MOST_SHEETS:
        raise HouseError(
            _("工作簿有 %(count)s 张工作表，超过 %(most)s 张的上限。请只保留工单那一张。")
            % {"count": sheets, "most": MOST_SHEETS}
        )
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED_BYTES:
        raise _too_big_inside()


def _refuse_bad_content(
    file: IO[bytes], entry: zipfile.ZipInfo, most: int, extent: "Extent"
) -> int:
    """Unpack one part while counting; returns its true size."""
    size, is_xml = 0, entry.filename.lower().endswith((".xml", ".rels"))
    extent.close()
    tail = b""
    for chunk in _unpacked(file, entry):
        size += len(chunk)
        if size > most or (
            size > RATIO_COUNTS_FROM and size > MOST_RATIO * max(entry.compress_size, 1)
        ):
            raise _too_big_inside()
        if not is_xml:
            continue
        text = tail + chunk
        if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
            raise HouseError(
                _("工作簿里有不允许的文档定义（DTD），已拒绝。请用表格软件另存后再导入。")
            )
        end = max(text.rfind(b"<"), 0)
        if b"\0" in chunk or len(text) - end > CHUNK * 2:
            raise _broken()
        extent.read(text[:end])
        tail = text[end:]
    extent.read(tail)
    if size != entry.file_size:
        raise _broken()
    return size


def _unpacked(file: IO[bytes], entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part's bytes as they really unpack; `zipfile` would stop at the size that is claimed."""
    file.seek(entry.header_offset)
    header = file.read(LOCAL_HEADER)
    if header[:4] != b"PK\x03\x04":
        raise _broken()
    file.seek(int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), 1)
    inflate = zlib.decompressobj(-15) if entry.compress_type == zipfile.ZIP_DEFLATED else None
    left = entry.compress_size
    while left > 0 and (packed := file.read(min(left, CHUNK))):
        left -= len(packed)
        if inflate is None:
            yield packed
            continue
        try:
            while packed:
                yield inflate.decompress(packed, CHUNK)
                packed = inflate.unconsumed_tail
        except zlib.error:
            raise _broken() from None


class Extent:
    """How many rows and columns the sheets claim; a reader lays them out as a full rectangle."""

    def __init__(self) -> None:
        self.cells = 0
        self._start()

    def _start(self) -> None:
        self.row = self.column = self.most_row = self.most_column = 0

    def read(self, xml: bytes) -> None:
        """Follow the rows and cells of a stretch of a sheet, as a reader would."""
        for tag, attributes in PLACED.findall(xml):
            place = REFERENCE.search(attributes)
            if tag == b"row":
                self.row = int(place[2]) if place else self.row + 1
                self.column = 0
            elif place:
                self.column, self.row = _column(place[1]), int(place[2])
            else:
                self.column += 1
            if self.row > self.most_row:
                self.most_row = self.row
            if self.column > self.most_column:
                self.most_column = self.column

    def close(self) -> None:
        """Refuse a sheet that is too large, then forget it."""
        if self.most_column:
            refuse_too_many(self.most_row, self.most_column)
            self.cells += self.most_row * self.most_column
            if self.cells > MOST_CELLS:
                raise HouseError(
                    _("工作簿共有 %(count)s 个单元格，超过 %(most)s 个的上限。请分成几个文件导入。")
                    % {"count": self.cells, "most": MOST_CELLS}
                )
        self._start()


def refuse_too_many(rows: int, columns: int) -> None:
    """Raise HouseError when a sheet has more rows or columns than we take at once."""
    if rows > MOST_ROWS:
        raise HouseError(
            _("表格有 %(count)s 行，超过 %(most)s 行的上限。请删去空行，或分成几个文件导入。")
            % {"count": rows, "most": MOST_ROWS}
        )
    if columns > MOST_COLUMNS:
        raise HouseError(
            _("表格有 %(count)s 列，超过 %(most)s 列的上限。请删去多余的列后再导入。")
            % {"count": columns, "most": MOST_COLUMNS}
        )


def _column(letters: bytes) -> int:
    """A → 1, Z → 26, AA → 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _broken() -> HouseError:
    return HouseError(_("文件已损坏，无法读取，没有导入任何内容。请重新导出。"))


def _macros() -> HouseError:
    return HouseError(_("工作簿里有宏，已拒绝。请另存为不含宏的 .xlsx 后再导入。"))


def _too_big_inside() -> HouseError:
    return HouseError(
        _("工作簿解压后超过 %(most)s MB，或压缩比异常，已拒绝。请分成几个文件导入。")
        % {"most": MOST_UNPACKED_BYTES // MEGABYTE}
    )
