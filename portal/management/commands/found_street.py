"""`manage.py found_street`: the first organisation and the first administrator of a real street."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from complaints.services.defaults import load_defaults
from governance.choices import Level
from governance.errors import HouseError
from governance.models import Organisation, Role, User
from governance.services import calendar, defaults, people
from governance.services.appointments import appoint
from governance.services.audit import deed
from governance.services.organisations import found
from portal.accounts import random_password


class Command(BaseCommand):
    """Found a street; everything further is done on the desk by the administrator."""

    help = "建立一个街道和它的第一位系统管理员；此后的组织和人员都在工作台中办理。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The street and the person, by name."""
        parser.add_argument("--name", required=True, help="例如 四宝山街道党工委")
        parser.add_argument("--short-name", required=True, help="例如 四宝山街道")
        parser.add_argument("--short-code", required=True, help="诉求编号的开头，例如 SBS")
        parser.add_argument("--person", required=True, help="系统管理员姓名")
        parser.add_argument("--username", required=True, help="系统管理员账号")

    def handle(self, *_args: Any, **options: Any) -> None:
        """One transaction: either the street stands with its administrator, or nothing changed."""
        password = random_password()
        if User.objects.filter(username=options["username"]).exists():
            raise CommandError("这个账号已经存在，未作改动。")
        if Organisation.objects.filter(
            parent=None, short_code=options["short_code"].upper()
        ).exists():
            raise CommandError("这个编号简码已被另一个街道使用，未作改动。")
        try:
            self.found(options, password)
        except HouseError as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(
            f"已建立 {options['short_name']}。账号 {options['username']}，"
            f"初始密码 {password}（只显示这一次，首次登录须修改）。"
        )

    @deed()
    def found(self, options: dict[str, Any], password: str) -> None:
        """Default rows, the street, the person, the account, the post."""
        defaults.load_roles()
        defaults.load_office_hours()
        calendar.load_defaults()
        load_defaults()
        street = found(
            Organisation(
                level=Level.WORKING_COMMITTEE,
                name=options["name"],
                short_name=options["short_name"],
                short_code=options["short_code"].upper(),
                started_on=timezone.localdate(),
            ),
            by=None,
        )
        person = people.register(options["person"], by=None)
        user = people.open_account(person, options["username"], by=None, password=password)
        user.must_change_password = True
        user.save(update_fields=["must_change_password"])
        role = Role.objects.get(code="system_admin", subdistrict=None)
        appoint(person, role, street, by=None)
