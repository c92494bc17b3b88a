"""The command that lays the demonstration street, and says who may sign in."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.demonstration import doors, seeding
from portal.demonstration.accounts import demonstration_accounts, demonstration_password


class Command(BaseCommand):
    """Lays the street once; run again, it changes nothing and says so."""

    help = "建立演示街道：组织、网格、人员、账号和一批在办诉求；居民与一年的诉求随后在后台生成。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--accounts` only prints; the sizes and the seed are for measuring."""
        parser.add_argument("--accounts", action="store_true", help="只显示演示账号")
        parser.add_argument("--seed", type=int, default=seeding.SEED, help="随机种子")
        parser.add_argument("--cases", type=int, default=seeding.CASES, help="一年的诉求件数")
        parser.add_argument(
            "--buildings", type=int, default=None, help="只让前若干栋楼住人（默认全部）"
        )
        parser.add_argument("--wait", action="store_true", help="在前台生成居民与一年的诉求")

    def handle(self, *args: Any, **options: Any) -> None:
        """Lay the street, or print who may sign in."""
        if not settings.DEMONSTRATION:
            raise CommandError(
                _("演示街道只能在演示环境中建立（PORTAL_DEMONSTRATION=yes），正式环境不可用。")
            )
        if options["accounts"]:
            self.print_accounts()
            return
        sizes = seeding.Sizes(cases=options["cases"], buildings=options["buildings"])
        outcome = seeding.seed(options["seed"], sizes)
        self.stdout.write(outcome.sentence)
        if options["wait"]:
            seeding.run_waiting(in_peace=False)
            self.stdout.write(_("居民与一年的诉求已生成。"))

    def print_accounts(self) -> None:
        """One line for each account: username, role, person, place, and the door it opens."""
        password = demonstration_password()
        accounts = demonstration_accounts()
        if not accounts or not password:
            self.stdout.write(_("还没有演示账号，请先运行 manage.py seed_demo。"))
            return
        self.stdout.write(_("  演示账号（密码都是 %(password)s）") % {"password": password})
        width = max(len(one.username) for one in accounts) + 2
        for one in accounts:
            self.stdout.write(
                f"    {one.username:<{width}}{one.role} · {one.name} · {one.place} → {one.door}"
            )
        board = doors.board_to_try()
        if board is not None:
            address = reverse("resident:report", args=[board.code])
            self.stdout.write(
                _("    居民扫码页（%(place)s）%(address)s")
                % {"place": board.building, "address": address}
            )
