"""What cells, headings and files may look like, and how each is read."""

from datetime import date, datetime, time
from typing import Any

import pytest

from complaints.models import Complaint
from complaints.services.imports.headings import Headings, heading_key
from complaints.spreadsheets import UnreadableCell, moment_of, number_text, text_of
from governance.calendar import SHANGHAI
from tests.cast import Cast
from tests.complaints.orders import (
    HEADINGS,
    as_csv,
    as_workbook,
    brought_in,
    brought_in_orders,
    counts,
    lines,
    order,
)

NUMBER = "260302083011000017"
AFTERNOON = datetime(2025, 9, 11, 14, 29, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    "cell",
    [
        45911.6034722222,
        "45911.6034722222",
        datetime(2025, 9, 11, 14, 29),
        "2025/9/11 14:29",
        "2025-09-11 14:29:00",
        "2025-09-11T14:29:00",
        "2025-09-11 14:29:00.000",
        "2025-09-11T14:29:00+08:00",
        "2025.09.11 14:29",
        "2025年9月11日 14时29分",
        "2025年09月11日14时29分00秒",
        "2025年9月11日 14:29",
        "２０２５／９／１１　１４：２９",
        "2025/9/11 下午 2:29",
        "2025/9/11 2:29 PM",
        "20250911142900",
        "20250911 14:29",
        " 2025-9-11  14:29 ",
    ],
)
def test_one_moment_in_every_form(cell: Any) -> None:
    assert moment_of(cell) == AFTERNOON


@pytest.mark.parametrize(
    "cell",
    [45911, 45911.0, "45911", date(2025, 9, 11), datetime(2025, 9, 11), "2025-9-11", "2025年9月11日",
     "20250911"],
)  # fmt: skip
def test_a_day_alone_begins_at_midnight_and_as_a_deadline_lasts_to_its_end(cell: Any) -> None:
    day = date(2025, 9, 11)
    assert moment_of(cell) == datetime.combine(day, time(), SHANGHAI)
    assert moment_of(cell, last=True) == datetime.combine(day, time(23, 59, 59), SHANGHAI)


@pytest.mark.parametrize("cell", ["", None, "-", "——", "无", "  ", "null"])
def test_signs_for_nothing_are_nothing(cell: Any) -> None:
    assert moment_of(cell) is None
    assert text_of(cell) == ""


@pytest.mark.parametrize(
    "cell",
    ["下周五", "2025-13-01", "2025-02-30", "25/9/11", "1900-01-01", 12, 0.5, 99999999, True,
     "2025-09-11 25:00", "2025-09-11 14:29 前", float("nan"), float("inf"), "1e400"],
)  # fmt: skip
def test_what_is_no_moment_is_refused_and_never_guessed(cell: Any) -> None:
    with pytest.raises(UnreadableCell):
        moment_of(cell)


@pytest.mark.parametrize(
    "cell", [NUMBER, f"'{NUMBER}", f'="{NUMBER}"', f"{NUMBER}\t", f" {NUMBER} ", "２６０３０２０８３０１１００００１７"]
)  # fmt: skip
def test_an_order_number_keeps_every_digit(cell: Any) -> None:
    assert number_text(cell) == NUMBER


@pytest.mark.parametrize("cell", [2.60302083011e17, int(NUMBER), "2.60302E+17", 12.5, True])
def test_an_order_number_that_the_spreadsheet_has_rounded_is_refused(cell: Any) -> None:
    with pytest.raises(UnreadableCell):
        number_text(cell)


def test_small_numbers_stored_as_numbers_are_exact() -> None:
    assert (number_text(20260017.0), number_text(17), number_text("SBS-17")) == (
        "20260017", "17", "SBS-17",
    )  # fmt: skip


def test_text_that_looks_like_a_formula_stays_text() -> None:
    for text in ("=1+1", "+86", "@SUM(A1)", "=cmd|'/c calc'!A1"):
        assert text_of(text) == text


def test_control_signs_are_dropped() -> None:
    assert text_of("楼道\x00杂\x07物\n第二行") == "楼道杂物\n第二行"


@pytest.mark.parametrize(
    "heading", ["办件编号", " 办件 编号 ", "*办件编号", "办件编号（必填）", "办件编号:", "【必填】办件编号", "办件\n编号"]
)  # fmt: skip
def test_headings_are_compared_without_decoration(heading: str) -> None:
    assert heading_key(heading) == heading_key("办件编号")


@pytest.mark.django_db
def test_every_heading_of_the_two_published_exports_is_known(office: Cast) -> None:
    known = Headings()
    first = "办件编号 办件来源 市级编号 诉求主题 诉求内容 办理单位 办理科室 诉求人 诉求人电话 处理结果 事项大类 事项小类 派发时间 承诺完成时间 办件状态"
    second = "流水号 紧急程度 事件来源 诉求人 诉求人电话 诉求标题 诉求内容 所属区域"
    for heading in (first + " " + second).split():
        assert known.field_of(heading), heading
    for heading in ("序号", "派单员", "预警状态"):
        assert not known.field_of(heading)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "content",
    [
        as_csv(lines([order()]), "utf-8"),
        as_csv(lines([order()]), "utf-8-sig"),
        as_csv(lines([order()]), "gb18030"),
        as_csv(lines([order()]), "utf-16"),
        as_csv(lines([order()])).replace(b'","', b'"\t"'),
        as_csv(lines([order()])).replace(b'","', b'";"'),
    ],
    ids=["utf-8", "utf-8 with mark", "gb18030", "utf-16", "tabs", "semicolons"],
)
def test_a_csv_is_read_in_every_usual_form(office: Cast, content: bytes) -> None:
    assert counts(brought_in(office, content)) == {"new": 1}
    assert Complaint.objects.get().title == "楼道杂物无人清理"


@pytest.mark.django_db
def test_rare_signs_of_gb18030_survive(office: Cast) -> None:
    content = as_csv(lines([order(诉求人="㘵𠀀某")]), "gb18030")
    brought_in(office, content)
    assert Complaint.objects.get().caller.name == "㘵𠀀某"


@pytest.mark.django_db
@pytest.mark.parametrize("above", range(5))
def test_headings_may_stand_on_rows_one_to_five_under_a_title(office: Cast, above: int) -> None:
    title = [["四月份热线工单导出表"], ["导出单位：热线办"], [], ["2026-03-02"]][:above]
    table = [*title, *lines([order()])]
    job = brought_in(office, as_workbook(table), "orders.xlsx")
    assert (counts(job), job.result["header_row"]) == ({"new": 1}, above + 1)


@pytest.mark.django_db
def test_headings_on_row_six_are_too_late(office: Cast) -> None:
    job = brought_in(office, as_csv([["x"]] * 5 + lines([order()])))
    assert "没有找到表头" in job.failure
    assert not Complaint.objects.exists()


@pytest.mark.django_db
def test_the_sheet_with_the_headings_is_chosen_and_a_second_line_of_codes_skipped(
    office: Cast,
) -> None:
    catalogue = [["资源名称", "工单登记"], ["摘要", "数据说明"]]
    data = [
        ["主键", "小类名称", "统计时间"],
        ["REC_ID", "SUB_TYPE_NAME", "CREATE_TIME"],
        ["7", "路灯不亮", "2026-03-01 10:00:00"],
    ]
    job = brought_in(office, as_workbook(catalogue, data), "register.xlsx")
    assert (counts(job), job.result["sheet"]) == ({"new": 1}, "Sheet2")
    assert Complaint.objects.get().category.code == "020104"


@pytest.mark.django_db
def test_date_cells_and_serials_of_a_workbook_are_moments(office: Cast) -> None:
    changed = order(派发时间=datetime(2026, 3, 2, 8, 30), 承诺完成时间=46090.75)
    brought_in(office, as_workbook(lines([changed])), "orders.xlsx")
    case = Complaint.objects.get()
    assert case.happened_at == datetime(2026, 3, 2, 8, 30, tzinfo=SHANGHAI)
    assert case.case_due_at == datetime(2026, 3, 9, 18, 0, tzinfo=SHANGHAI)


@pytest.mark.django_db
def test_a_workbook_that_stored_the_number_as_a_number_is_told_so(office: Cast) -> None:
    table = lines([order(办件编号=260302083011000017), order(办件编号=20260017)])
    job = brought_in(office, as_workbook(table), "orders.xlsx")
    assert counts(job) == {"new": 1, "refused": 1}
    error = job.errors.get(is_refusal=True)
    assert (error.row, error.column) == (2, "办件编号")
    assert "设为文本" in error.reason
    assert Complaint.objects.get().source_number == "20260017"


@pytest.mark.django_db
def test_columns_may_stand_in_any_order_and_blank_rows_do_not_count(office: Cast) -> None:
    table = lines([order(1), {}, order(2)], tuple(reversed(HEADINGS)))
    assert counts(brought_in(office, as_csv(table))) == {"new": 2}


@pytest.mark.django_db
def test_a_cell_with_several_lines_and_quotes_is_one_cell(office: Cast) -> None:
    text = '第一行\n第二行，他说""不管""'
    brought_in_orders(office, order(诉求内容=text))
    assert Complaint.objects.get().text == '第一行\n第二行，他说"不管"'


@pytest.mark.django_db
def test_short_rows_lack_their_last_cells(office: Cast) -> None:
    content = "办件编号,诉求内容,承诺完成时间\nA1,路灯不亮\n".encode()
    assert counts(brought_in(office, content)) == {"new": 1}
