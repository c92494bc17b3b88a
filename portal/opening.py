"""Opens the house for the day: tables up to date and, on the first start, the example street."""

import os

import django
from django.apps import apps
from django.core.management import call_command, get_commands

SEED_COMMAND = "seed_demo"


def open_house() -> None:
    """Migrate, and sow the demonstration street where no organisation exists yet."""
    call_command("migrate", interactive=False, verbosity=0)
    is_empty = not apps.get_model("governance", "Organisation")._default_manager.exists()
    if is_empty and SEED_COMMAND in get_commands():
        call_command(SEED_COMMAND)
    call_command("selfcheck", calendar_only=True)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    open_house()
