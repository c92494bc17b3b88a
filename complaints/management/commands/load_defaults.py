"""The command that fills an empty house with its default rows; harmless when repeated."""

from typing import Any

from django.core.management.base import BaseCommand

from complaints.services import defaults
from governance.services import calendar
from governance.services.defaults import load_office_hours, load_roles


class Command(BaseCommand):
    """Adds roles, office hours, the calendar, categories, limits and headings where missing."""

    help = "补齐默认设置：岗位、办公时间、工作日历、诉求分类、时限、提醒规则和表头。已修改的不会被覆盖。"

    def handle(self, *args: Any, **options: Any) -> None:
        """Load every default row that is missing and say how many were added."""
        added = {
            "roles": load_roles(),
            "office_hours": load_office_hours(),
            "calendar_years": calendar.load_defaults(),
            **defaults.load_defaults(),
        }
        for name, count in added.items():
            self.stdout.write(f"{name}: +{count}")
