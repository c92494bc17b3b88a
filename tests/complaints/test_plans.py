"""How PostgreSQL reads: no page walks through the whole table of complaints."""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.db.models import Q
from django.test import Client
from django.test.utils import CaptureQueriesContext

from complaints.models import Complaint
from complaints.models.complaints import RECKONED, UNSETTLED
from complaints.services.counts import store_missing_days
from complaints.services.defaults import load_defaults
from complaints.tasks import fold_counts
from governance.services import calendar
from tests.bench.many_cases import lay_cases
from tests.cast import Cast

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
QUARTER = datetime(2026, 10, 1, tzinfo=ZoneInfo("Asia/Shanghai"))
CASES = 20_000
pytestmark = pytest.mark.long


@pytest.fixture
def crowded(on_postgres: None, cast: Cast) -> Iterator[Cast]:
    """Twenty thousand cases of a year."""
    with time_machine.travel(NOW, tick=False):
        calendar.load_defaults()
        load_defaults()
        lay_cases(cast.street, CASES, now=NOW, actor=cast.chen.pk)
        yield cast


def scans(client: Client, address: str) -> list[str]:
    """The statements of a page whose plan walks through all complaints."""
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return [sql for sql in map(asked, seen.captured_queries) if is_walking(sql)]


def asked(query: dict[str, Any]) -> str:
    return str(query["sql"])


def is_walking(sql: str) -> bool:
    if not sql.startswith("SELECT") or '"complaints_complaint"' not in sql:
        return False
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}")
        plan = cursor.fetchone()[0]
    text = plan if isinstance(plan, str) else json.dumps(plan)
    return bool(re.search(r'"Seq Scan",[^{}]*"Relation Name": "complaints_complaint"', text))


LEADER = [
    "/board/",
    "/board/?period=today",
    "/board/?period=week",
    "/board/?period=quarter",
    "/board/?unit={east}",
    "/board/cases/?figure=open",
    "/board/cases/?figure=overdue",
    "/board/cases/?figure=accepted",
    "/board/cases/?figure=on_time",
    "/board/cases/?figure=elevated",
    "/board/cases/?figure=satisfied&unit={east}",
    "/board/cases/?figure=open&key=o:12000",
]


def test_no_page_walks_through_all_complaints(crowded: Cast, client: Client) -> None:
    east = crowded.east.pk
    pages = [(crowded.lin, address.format(east=east)) for address in LEADER]
    pages += [(crowded.wang, "/m/"), (crowded.wang, "/m/complaints/")]
    walking = {}
    for user, address in pages:
        client.force_login(user)
        walking[address] = scans(client, address)
    with CaptureQueriesContext(connection) as seen:
        store_missing_days()
    walking["at night"] = [sql for sql in map(asked, seen.captured_queries) if is_walking(sql)]
    assert {place: found for place, found in walking.items() if found} == {}
    assert is_walking("""SELECT * FROM "complaints_complaint" WHERE "text" = 'x'"""), "the control"


def walked(sql: str) -> int:
    """How many rows of complaints one statement has in its hands."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}")
        plan = cursor.fetchone()[0]
    (whole,) = json.loads(plan) if isinstance(plan, str) else plan
    return sum(
        int((node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"])
        for node in nodes(whole["Plan"])
        if node.get("Relation Name") == "complaints_complaint"
    )


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for beneath in plan.get("Plans", []):
        yield from nodes(beneath)


def counting(client: Client, address: str, most: int) -> str:
    """The statement that counts the figures of a page, which asks no more than so many."""
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    assert len(seen.captured_queries) <= most
    (found,) = [sql for sql in map(asked, seen.captured_queries) if "n_at_level_3" in sql]
    return found


def test_the_leaders_quarter_is_read_from_what_is_kept_and_not_walked_through(
    crowded: Cast, client: Client
) -> None:
    """What is open and what is of today is all that is looked at, folded or not."""
    today = NOW.replace(hour=0)
    anew = Complaint.objects.alias(reckoned_at=RECKONED).filter(
        UNSETTLED | Q(accepted_at__gte=today) | Q(reckoned_at__gte=today, reckoned_at__lt=NOW)
    )
    most = anew.count()
    assert 0 < most < CASES // 25
    client.force_login(crowded.lin)
    page = "/board/?period=quarter"
    client.get(page)
    assert walked(counting(client, page, 13)) <= most
    told = client.get(page).context["page"].counts["accepted"].value
    fold_counts()
    assert walked(counting(client, page, 13)) <= most
    assert client.get(page).context["page"].counts["accepted"].value == told > CASES // 10
    # The control: whose post lies deeper is counted for anew, through all cases of the grid.
    client.force_login(crowded.wang)
    client.get(page)
    mine = Complaint.objects.filter(main_unit=crowded.east_branch, accepted_at__gte=QUARTER)
    assert walked(counting(client, page, 20)) >= mine.count() > most
