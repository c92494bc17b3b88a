"""Build the street that is to be shaken: the cast, and limits that pass within a minute.

Runs as a program of the nursery; prints the ids its people need, as JSON.
"""

import gc
import json
import sys
from typing import Any

from django.core.management import call_command

from complaints.models import CaseRules, Category, UrgencyLimit
from complaints.rules import rules_changed
from complaints.services.defaults import load_defaults
from governance.services import calendar
from governance.services.defaults import load_office_hours
from tests.cast import PASSWORD, build_cast

CATEGORY, QUIET_CATEGORY = "050302", "050401"


def build() -> dict[str, Any]:
    """Everything by the services of the house; the rows are the ones an office edits."""
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


def main() -> None:
    """Build it, and say the ids in one line; the migrations' models are no work for the collector."""
    gc.disable()
    json.dump(build(), sys.stdout)
