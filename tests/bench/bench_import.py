"""Measure the import of hotline orders on a PostgreSQL of its own.

    python -m tests.bench.bench_import [--rows 10000] [--sqlite]

Prints seconds, statements and the peak memory of the importing process; asserts nothing.
"""

import argparse
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.servers import start_once

SINCE = date(2024, 1, 1)
HEADINGS = [
    "序号",
    "办件编号",
    "办件来源",
    "市级编号",
    "诉求主题",
    "诉求内容",
    "办理单位",
    "办理科室",
    "诉求人",
    "诉求人电话",
    "处理结果",
    "事项大类",
    "事项小类",
    "派发时间",
    "承诺完成时间",
    "办件状态",
    "派单员",
    "预警状态",
]
MATTERS = (
    ("环境卫生", "暴露垃圾", "楼下垃圾桶满了好几天没人清理，天热有味道，希望尽快处理。"),
    ("设施设备", "电梯停运", "电梯停了两天，家里有老人上下楼不方便，物业一直说在等配件。"),
    ("", "", "楼上装修噪音太吵，周末也不停，孩子没法写作业，请帮忙协调。"),
    ("停车与交通", "僵尸车", "有一辆车停在公共车位一年没动过，轮胎都瘪了，占着地方。"),
    ("供热", "", "家里暖气不热，量过室温只有十五度，已经打过供热公司电话。"),
)


def arguments() -> argparse.Namespace:
    """What the caller asks for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--sqlite", action="store_true")
    parser.add_argument("--job", type=int, help="only run this job; used by the measurement itself")
    return parser.parse_args()


def orders(count: int, days: int = 7) -> list[list[Any]]:
    """Invented orders, the same each time, due after `days`; one in ten names no place."""
    chance = random.Random(20250911)
    rows = []
    for number in range(count):
        main, sub, text = chance.choice(MATTERS)
        sent = datetime(2026, 3, 2, 8) + timedelta(minutes=3 * number)
        place = f"花园{chance.randrange(108)}号院小区{chance.randrange(1, 15)}号楼2单元"
        where = place if chance.random() < 0.9 else "某小区"
        rows.append(
            [
                number + 1, f"{sent:%y%m%d%H%M%S}{number:06}", "12345热线", "", sub or text[:12],
                f"{where}，{text}", "大街街道", "", "李某", f"139{number:08}", "", main, sub,
                f"{sent:%Y/%m/%d %H:%M}", f"{sent + timedelta(days=days):%Y-%m-%d %H:%M:%S}",
                "办理中", "", "正常",
            ]
        )  # fmt: skip
    return rows


def write_workbook(path: Path, rows: list[list[Any]]) -> None:
    """A workbook as cities send it, with a merged title above the headings."""
    xlsxwriter = __import__("xlsxwriter")
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("工单")
        sheet.write_row(0, 0, ["热线工单导出"])
        sheet.write_row(1, 0, HEADINGS)
        for place, row in enumerate(rows, start=2):
            sheet.write_row(place, 0, row)


def prepare() -> None:
    """Django, once the address of the database is known."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    __import__("django").setup()


def main() -> None:
    """Build the street, lay the file down, and let a fresh process import it twice."""
    wanted = arguments()
    if wanted.job:
        run_job(wanted.job)
        return
    folder = tempfile.mkdtemp(prefix="bench-import-")
    os.environ["PORTAL_DATA"] = folder
    if not wanted.sqlite:
        start_once()
    prepare()
    bench = __import__("tests.bench.import_street", fromlist=["import_street"])
    path = Path(folder) / "orders.xlsx"
    clerk, street = bench.build(SINCE)
    for label, days in (
        ("first import", 7),
        ("the same file again", 7),
        ("every deadline prolonged by the city", 14),
    ):
        write_workbook(path, orders(wanted.rows, days))
        job = bench.start(path, clerk, street)
        print(label)
        subprocess.run(
            [sys.executable, "-m", "tests.bench.bench_import", "--job", str(job)], check=True
        )


def run_job(pk: int) -> None:
    """Run one job as a worker would."""
    prepare()
    bench = __import__("tests.bench.import_street", fromlist=["import_street"])
    before = peak_megabytes()
    wall, cpu = time.perf_counter(), time.process_time()
    result, statements = bench.run(pk)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(
        f"  {wall:.1f} s ({cpu:.1f} s of them our own work), {statements} statements, "
        f"{before} → {peak_megabytes()} MB, {result}"
    )


def peak_megabytes() -> int:
    """The most memory this process has held; Linux keeps it by program, `getrusage` by process."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(row for row in status.read_text().splitlines() if row.startswith("VmHWM"))
        return int(line.split()[1]) // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024**2


if __name__ == "__main__":
    main()
