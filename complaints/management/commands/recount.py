"""`manage.py recount`: the kept counts are thrown away and made again from the cases."""

from typing import Any

from django.core.management.base import BaseCommand

from complaints.services.keeping import recount


class Command(BaseCommand):
    """For a database whose rows were written past its triggers; deeds wait until it is done."""

    help = "按现有诉求重新生成留存计数；数据恢复后自检 I9 不符时使用，期间办理操作会稍候。"

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Count again, and say how much that was."""
        self.stdout.write(f"已重新计数。 Counted again: {recount()}")
