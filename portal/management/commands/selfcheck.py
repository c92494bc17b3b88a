"""`manage.py selfcheck`: whether what the house promises holds of the data it has."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from complaints.invariants.checking import INVARIANTS, check
from complaints.invariants.finding import Finding
from governance.services.calendar import missing_next_year

IMPORT = "admin:governance_calendaryear_import"


class Command(BaseCommand):
    """Reads only; one line for each invariant; ends with an error when one is broken."""

    help = "核对九项不变量（I1–I9）：只读，可在运行中的系统上执行；有不符时退出码非零。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which invariants, and for whom the answer is."""
        codes = [invariant.code for invariant in INVARIANTS]
        parser.add_argument("invariants", nargs="*", metavar="I1 … I9", help="只核对这几项")
        parser.add_argument("--json", action="store_true", dest="as_json", help="每项输出一行 JSON")
        parser.add_argument(
            "--calendar-only",
            action="store_true",
            help="只看放假安排是否齐全（11 月 15 日起须有下一年）",
        )
        parser.set_defaults(codes=codes)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print each finding as soon as it is known."""
        if options["calendar_only"]:
            self.warn_of_missing_year()
            return
        wanted = [code.upper() for code in options["invariants"]]
        if unknown := set(wanted) - set(options["codes"]):
            raise CommandError(f"没有这一项：{'、'.join(sorted(unknown))}。 Unknown invariant.")
        broken = []
        for finding in check(wanted):
            self.stdout.write(
                json.dumps({**asdict(finding), "holds": finding.holds}, ensure_ascii=False)
                if options["as_json"]
                else "\n".join(lines_of(finding))
            )
            self.stdout.flush()
            broken += [] if finding.holds else [finding.code]
        if broken:
            raise CommandError(f"不符：{'、'.join(broken)}。 Broken.")

    def warn_of_missing_year(self) -> None:
        """One line when the official days off of a year should be here by now and are not."""
        if year := missing_next_year():
            self.stdout.write(
                f"{year} 年的放假安排还没有导入，跨年时限为暂定。"
                f" The calendar of {year} is not loaded: {reverse(IMPORT)}"
            )


def lines_of(finding: Finding) -> list[str]:
    """The line of one invariant, and beneath it what was found."""
    mark = "✓" if finding.holds else "✗"
    count = f"{finding.looked_at_count} 项 looked at，{finding.seconds:.1f} s"
    head = f"{finding.code} {mark} {finding.chinese} {finding.english}（{count}）"
    if not finding.holds:
        head += f" 不符 broken: {finding.breach_count}"
    shown = [f"     · {where}" for where in finding.breaches]
    if more := finding.breach_count - len(shown):
        shown.append(f"     · …另有 and {more} more")
    return [head, *shown, *(f"     （{note}）" for note in finding.notes)]
