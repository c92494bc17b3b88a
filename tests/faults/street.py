"""Build the street that is to be shaken: the cast, and limits that pass within a minute.

    python -m tests.faults.street

Run in the environment of the stack; prints the ids its people need, as JSON.
"""

import json
import sys
from typing import Any

import django
from django.core.management import call_command

CATEGORY, QUIET_CATEGORY = "050302", "050401"


def build() -> dict[str, Any]:
    """Everything by the services of the house; the rows are the ones an office edits."""
    from complaints.models import CaseRules, Category, UrgencyLimit  # noqa: PLC0415
    from complaints.rules import rules_changed  # noqa: PLC0415
    from complaints.services.defaults import load_defaults  # noqa: PLC0415
    from governance.services import calendar  # noqa: PLC0415
    from governance.services.defaults import load_office_hours  # noqa: PLC0415
    from tests.cast import PASSWORD, build_cast  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    cast = build_cast()
    load_office_hours()
    calendar.load_defaults()
    load_defaults()
    # No buffer and no floors, so that a city order of some seconds runs through its whole life.
    CaseRules.objects.update(
        buffer_workdays=0, least_work_hours=0, least_share_percent=0, least_box_minutes=0,
        auto_sign_factor=1,
    )  # fmt: skip
    UrgencyLimit.objects.filter(urgency="critical").update(sign_amount=1, sign_unit="wm")
    Category.objects.filter(code=CATEGORY).update(limit_amount=1, limit_unit="wm")
    rules_changed()
    leaves = dict(
        Category.objects.filter(code__in=[CATEGORY, QUIET_CATEGORY]).values_list("code", "pk")
    )
    return {
        "password": PASSWORD,
        "east": cast.east.pk,
        "branch": cast.east_branch.pk,
        "quick": leaves[CATEGORY],
        "slow": leaves[QUIET_CATEGORY],
    }


if __name__ == "__main__":
    django.setup()
    json.dump(build(), sys.stdout)
