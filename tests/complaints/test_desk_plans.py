"""How PostgreSQL reads for the desk: no page walks through the whole table of complaints."""

import pytest
from django.db import connection
from django.test import Client

from complaints.services import assisting
from tests.cast import Cast
from tests.complaints import stages
from tests.complaints.test_plans import crowded, scans
from tests.desk import signed_in

__all__ = ["crowded"]
LIST = "/admin/complaints/complaint/"
pytestmark = pytest.mark.long
PAGES = [
    "/admin/",
    LIST,
    f"{LIST}?waiting=1",
    f"{LIST}?clock=overdue",
    f"{LIST}?stage=handling",
    f"{LIST}?stage=closed",
    f"{LIST}?community={{east}}",
    f"{LIST}?q=1011",
    f"{LIST}?stranded=1",
    f"{LIST}?clock=soon",
    f"{LIST}?clock=long",
    f"{LIST}?clock=overdue&grid={{east}}",
    f"{LIST}?clock=today&person=1",
    f"{LIST}due/?by=community",
    f"{LIST}due/?by=grid",
    f"{LIST}due/?by=person",
    f"{LIST}assists/?show=mine",
    f"{LIST}assists/?show=asked",
    f"{LIST}assists/?show=late",
    f"{LIST}assists/?show=ended",
    f"{LIST}requests/?show=mine",
    f"{LIST}requests/?show=pending",
    f"{LIST}requests/?show=city",
    f"{LIST}pressing/",
    f"{LIST}queue/",
]


def walking_pages(desk: Client, east: int) -> dict[str, list[str]]:
    """The pages of somebody that walk, and with which statements.

    A count that stops at the cap may walk, for it stops early; words of a title are not indexed.
    """
    found = {}
    for page in PAGES:
        address = page.format(east=east)
        if desk.get(address).status_code == 200:
            statements = scans(desk, address)
            found[page] = [sql for sql in statements if not is_capped_count(sql)]
    return {page: statements for page, statements in found.items() if statements}


def is_capped_count(sql: str) -> bool:
    """Whether a statement only counts, and stops at the cap."""
    return "COUNT(*)" in sql or ('SUM("all")' in sql and "LIMIT" in sql)


def test_no_page_of_the_desk_walks_through_all_complaints(crowded: Cast) -> None:
    stages.asked(crowded)
    helped = stages.signed(crowded).pk
    assisting.add_units(helped, [crowded.squad], by=crowded.chen, note="请协助核实。")
    with connection.cursor() as cursor:  # of an empty table the planner expects many rows
        cursor.execute("ANALYZE complaints_caserequest, complaints_assist")

    for user in (crowded.chen, crowded.su, crowded.sun):
        assert walking_pages(signed_in(user), crowded.east.pk) == {}, user
