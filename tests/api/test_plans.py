"""How PostgreSQL reads a page of twenty thousand cases: along an index, from where the last ended."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection

from complaints import copies
from complaints.models import Complaint
from governance.api.pages import Order
from governance.services import calendar
from tests.bench.many_cases import lay_cases
from tests.cast import Cast
from tests.complaints.test_plans import CASES, NOW

BY_NUMBER, BY_CHANGE = Order(is_descending=True), Order(("changed_at", "pk"))


@pytest.fixture
def crowded(on_postgres: None, clock: time_machine.Traveller, office: Cast) -> Iterator[Cast]:
    """Twenty thousand cases of a year, with their steps."""
    clock.move_to(NOW)
    calendar.load_defaults()
    lay_cases(office.street, CASES, now=NOW, actor=office.chen.pk)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE complaints_complaint, complaints_step")
    yield office


def plan_of(page: Any) -> dict[str, Any]:
    """What PostgreSQL means to do."""
    found: dict[str, Any] = json.loads(page.explain(format="json"))[0]["Plan"]
    return found


def test_pages_run_along_an_index_however_deep(crowded: Cast) -> None:
    cases = copies.publishable(Complaint.objects.visible_to(crowded.chen))
    changing = copies.with_change(cases)
    middle = changing.order_by("pk")[CASES // 2].pk
    first = plan_of(BY_NUMBER.sorted(changing)[:50])
    deep = plan_of(BY_NUMBER.sorted(changing.filter(BY_NUMBER.after([middle])))[:50])

    for plan in (first, deep):
        assert "complaints_complaint_pkey" in str(plan) and "'Sort'" not in str(plan)
    assert deep["Total Cost"] < 2 * first["Total Cost"]
    since = copies.changed_since(cases, NOW - timedelta(hours=2))
    assert "step_by_moment" in str(plan_of(BY_CHANGE.sorted(since)[:50]))
