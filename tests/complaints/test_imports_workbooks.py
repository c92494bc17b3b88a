"""What a clerk takes away from an import: the refused rows with their reasons, and an empty form."""

import io
import zipfile
from datetime import datetime
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from complaints.choices import ImportField
from complaints.models import HeaderSynonym
from complaints.services.imports.headings import Headings
from complaints.services.imports.workbooks import REASON, ROW
from governance.models import AuditEntry, Job
from tests.cast import Cast
from tests.complaints.desk import LIST, signed_in
from tests.complaints.orders import (
    HEADINGS,
    as_csv,
    as_workbook,
    brought_in,
    counts,
    lines,
    order,
    start,
)

pytestmark = pytest.mark.django_db
IMPORT = f"{LIST}import/"
TRAP = "=cmd|'/C calc'!A0"


def downloaded(client: Any, address: str) -> bytes:
    """The file behind an address."""
    answer = client.get(address)
    assert answer.status_code == 200 and "no-store" in answer["Cache-Control"]
    return b"".join(answer.streaming_content)


def rows_of(content: bytes, sheet: int = 0) -> list[list[Any]]:
    """The cells of a sheet."""
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(sheet).to_python()


def refused(office: Cast, job: Job) -> bytes:
    """The workbook of the refused rows, as the clerk gets it."""
    return downloaded(signed_in(office.chen), f"{IMPORT}{job.pk}/refused/")


def test_refused_rows_come_back_as_they_were_with_row_and_reason(office: Cast) -> None:
    bad = order(18, 派发时间="昨天上午")
    job = brought_in(office, as_csv(lines([order(17), bad, order(19)])))
    assert counts(job) == {"new": 2, "refused": 1}

    heads, row = rows_of(refused(office, job))

    assert heads == [*HEADINGS, ROW, REASON]
    assert row[:-2] == [bad.get(name, "") for name in HEADINGS]
    assert row[-2] == 3 and row[-1].startswith("派发时间：时间读不懂")
    page = signed_in(office.chen).get(f"{IMPORT}{job.pk}/").content.decode()
    assert f"{IMPORT}{job.pk}/refused/" in page
    entry = AuditEntry.objects.get(verb="download_refused_rows")
    assert (entry.by, entry.subject, entry.detail) == (office.chen, f"job:{job.pk}", {"rows": 1})


def test_a_mended_workbook_is_imported_by_itself_and_refused_again_adds_no_columns(
    office: Cast,
) -> None:
    job = brought_in(office, as_csv(lines([order(17), order(18, 派发时间="昨天")])))
    sheet = rows_of(refused(office, job))

    still = brought_in(office, as_workbook(sheet), name="again.xlsx")
    assert counts(still) == {"refused": 1}
    again = rows_of(refused(office, still))
    assert again[0] == sheet[0] and again[1][-2] == 2

    again[1][again[0].index("派发时间")] = "2026-03-02 08:30"
    mended = brought_in(office, as_workbook(again), name="mended.xlsx")
    assert counts(mended) == {"new": 1}


def test_no_text_becomes_a_formula(office: Cast) -> None:
    bad = order(18, 诉求主题=TRAP, 诉求人="@SUM(1)", 派发时间="昨天", 诉求人电话="+8613900001011")
    job = brought_in(office, as_csv(lines([bad])))

    content = refused(office, job)

    row = dict(zip(*rows_of(content), strict=True))
    assert row["诉求主题"] == TRAP
    assert (row["诉求人"], row["诉求人电话"]) == ("@SUM(1)", "+8613900001011")
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        styles = book.read("xl/styles.xml").decode()
    assert "<f>" not in sheet and "<hyperlink" not in sheet
    assert 'quotePrefix="1"' in styles, "stays text when somebody edits the cell"


def test_cells_of_a_workbook_keep_their_kind(office: Cast) -> None:
    moment = datetime(2026, 3, 2, 8, 30)
    bad = order(18, 派发时间=moment, 承诺完成时间="某天", 办件状态=12345678901)
    job = brought_in(office, as_workbook(lines([bad])), name="orders.xlsx")

    row = dict(zip(*rows_of(refused(office, job)), strict=True))

    assert (row["派发时间"], row["办件状态"], row["承诺完成时间"]) == (moment, 12345678901, "某天")


def test_nobody_else_gets_the_rows_and_nothing_comes_where_nothing_was_refused(
    office: Cast,
) -> None:
    clean = brought_in(office, as_csv(lines([order(17)])))
    bad = brought_in(office, as_csv(lines([order(18, 派发时间="昨天")])))
    waiting = start(office, as_csv(lines([order(19)])))

    for stranger in (office.su, office.wang, office.zhao):
        assert signed_in(stranger).get(f"{IMPORT}{bad.pk}/refused/").status_code in (403, 404)
    clerk = signed_in(office.chen)
    assert clerk.get(f"{IMPORT}999999/refused/").status_code == 404
    for job, words in ((clean, "没有未导入的行"), (waiting, "还没有导入完")):
        answer = clerk.get(f"{IMPORT}{job.pk}/refused/", follow=True)
        assert words in answer.content.decode()
    assert "下载这些行" not in clerk.get(f"{IMPORT}{clean.pk}/").content.decode()
    assert not AuditEntry.objects.filter(verb="download_refused_rows").exists()


def test_the_template_has_headings_that_an_import_knows_in_either_language(office: Cast) -> None:
    clerk = signed_in(office.chen)
    heads = rows_of(downloaded(clerk, f"{IMPORT}template/"))[0]
    headings = Headings()
    assert [headings.field_of(name) for name in heads] == list(ImportField.values)
    assert {"工单编号", "诉求内容", "派发时间"} <= set(heads)
    english = signed_in(office.chen)
    english.cookies["django_language"] = "en"
    assert rows_of(downloaded(english, f"{IMPORT}template/"))[0] == heads
    assert signed_in(office.zhao).get(f"{IMPORT}template/").status_code == 403
    assert f"{IMPORT}template/" in clerk.get(IMPORT).content.decode()


def test_a_filled_template_is_imported_and_an_empty_one_only_says_so(office: Cast) -> None:
    content = downloaded(signed_in(office.chen), f"{IMPORT}template/")
    heads = rows_of(content)[0]
    filled = [{"工单编号": "26030299", "诉求内容": "路灯不亮"}.get(name, "") for name in heads]

    job = brought_in(office, as_workbook([heads, filled]), name="t.xlsx")
    empty = brought_in(office, content, name="empty.xlsx")

    assert counts(job) == {"new": 1} and counts(empty) == {}
    assert "文件里只有表头" in " ".join(empty.result["sentences"])


def test_the_template_uses_the_headings_the_office_has_kept(office: Cast) -> None:
    HeaderSynonym.objects.filter(field="text").exclude(heading="工单内容").delete()
    HeaderSynonym.objects.filter(field="reply").delete()

    heads = rows_of(downloaded(signed_in(office.chen), f"{IMPORT}template/"))[0]

    assert "工单内容" in heads and "诉求内容" not in heads and "处理结果" not in heads


def test_an_upload_that_is_gone_is_told_in_words(office: Cast) -> None:
    job = brought_in(office, as_csv(lines([order(18, 派发时间="昨天")])))
    Job.objects.filter(pk=job.pk).update(file="")
    answer = signed_in(office.chen).get(f"{IMPORT}{job.pk}/refused/", follow=True)
    assert "已不在这里" in answer.content.decode()
