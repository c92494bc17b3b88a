"""Invented spreadsheets of orders in the forms that cities send, and their way into the street."""

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter
from django.core.files.base import ContentFile

from complaints.models import Complaint
from complaints.services.imports import KIND, run_import, start_import
from governance.models import Job
from governance.planner import tell_the_planner
from governance.services import jobs
from tests.cast import Cast

HEADINGS = (
    "办件编号", "诉求主题", "诉求内容", "诉求人", "诉求人电话", "办理单位",
    "事项大类", "事项小类", "派发时间", "承诺完成时间", "办件状态",
)  # fmt: skip
ORDER = {
    "办件编号": "260302083011000017",
    "诉求主题": "楼道杂物无人清理",
    "诉求内容": "东园花园3号楼2单元楼道里堆满纸箱，担心着火。",
    "诉求人": "李某",
    "诉求人电话": "13900001011",
    "办理单位": "东园社区",
    "事项大类": "消防安全",
    "事项小类": "楼道堆物",
    "派发时间": "2026-03-02 08:30:11",
    "承诺完成时间": "2026-03-09 17:30",
    "办件状态": "办理中",
}


def order(number: int = 17, **changes: Any) -> dict[str, Any]:
    """One order; the number makes it another."""
    return ORDER | {"办件编号": f"2603020830110{number:05}"} | changes


def lines(orders: Sequence[dict[str, Any]], headings: Sequence[str] = HEADINGS) -> list[list[Any]]:
    """Headings and rows as a table."""
    return [list(headings), *([one.get(name, "") for name in headings] for one in orders)]


def as_csv(table: Sequence[Sequence[Any]], encoding: str = "utf-8") -> bytes:
    """A CSV of simple cells."""
    return "\r\n".join(",".join(f'"{cell}"' for cell in row) for row in table).encode(encoding)


def as_workbook(*tables: Sequence[Sequence[Any]], dates: str = "yyyy-mm-dd hh:mm:ss") -> bytes:
    """A workbook with one sheet for each table; text stays text, numbers stay numbers."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"strings_to_numbers": False, "in_memory": True}) as book:
        date_form = book.add_format({"num_format": dates})
        for table in tables:
            sheet = book.add_worksheet()
            for place, row in enumerate(table):
                for column, cell in enumerate(row):
                    if hasattr(cell, "year"):
                        sheet.write_datetime(place, column, cell, date_form)
                    else:
                        sheet.write(place, column, cell)
    return stream.getvalue()


def start(cast: Cast, content: bytes, name: str = "orders.csv", **options: Any) -> Job:
    """Chen, the hotline clerk, puts a file in line."""
    settings = {"by": cast.chen, "subdistrict": cast.street} | options
    return start_import(ContentFile(content, name=name), **settings)


def brought_in(cast: Cast, content: bytes, name: str = "orders.csv", **options: Any) -> Job:
    """The same, and the worker has run it."""
    job = start(cast, content, name, **options)
    jobs.run_waiting({KIND: run_import})
    job.refresh_from_db()
    return job


def brought_in_orders(cast: Cast, *orders: dict[str, Any], **options: Any) -> Job:
    """Orders as a UTF-8 file."""
    return brought_in(cast, as_csv(lines(orders)), **options)


def counts(job: Job) -> dict[str, int]:
    """What the job says it did, without zeros."""
    names = ("new", "unchanged", "updated", "updated_cells", "refused", "repeated")
    return {name: job.result[name] for name in names if job.result.get(name)}


def fingerprint(source: str = "hotline") -> list[Any]:
    """All that an import writes for a source, but moments, salts and the hashes built on them."""
    # Within one transaction nobody else tells the planner of PostgreSQL what came in.
    tell_the_planner()
    cases = Complaint.objects.filter(source=source)
    numbers = [int(number[-6:]) for number in cases.values_list("number", flat=True)]
    assert not numbers or max(numbers) - min(numbers) == len(numbers) - 1
    return [
        list(
            cases.order_by("number").values_list(
                "source_number", "title", "text", "category__code", "stage", "hint",
                "place_path", "holder_path", "happened_at", "case_due_at", "due_at", "step_count",
                "caller__name", "caller__phone_digest", "caller__phone_masked",
                "city_order__digest",
            )
        ),
        list(
            cases.order_by("number", "steps__number").values_list(
                "source_number", "steps__number", "steps__verb", "steps__stage_after",
                "steps__note",
            )
        ),
    ]  # fmt: skip
