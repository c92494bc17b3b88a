"""`manage.py gather_messages`: bring the English catalogue up to date with code and templates."""

from typing import Any

from django.core.management.base import BaseCommand

from portal.messages import update


class Command(BaseCommand):
    """Gather marked sentences; translations that exist stay."""

    help = "把代码和模板中的文字收进英文译文目录。"

    def handle(self, *_args: Any, **_options: Any) -> None:
        catalogue = update()
        open_count = sum(1 for message in catalogue if message.id and not message.string)
        self.stdout.write(f"共 {len(catalogue)} 条，其中 {open_count} 条尚无英文。")
