"""The daily digest: once for each person and day, what waits, and nothing when nothing waits."""

from datetime import date, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from complaints import tasks
from complaints.models import Complaint, DailyDigest, DigestRun, OversightRules
from complaints.rules import rules_changed
from complaints.selectors import waiting_for
from complaints.services import digests
from complaints.services.requests import asking
from governance.models import Appointment, Notice, Person, Role, User
from governance.services.leaves import take_leave
from tests.cast import SINCE, Cast
from tests.complaints import stages
from tests.complaints.phones import phone_of
from tests.desk import signed_in
from tests.governance.threads import in_threads

pytestmark = pytest.mark.django_db
TUESDAY = "digest:2026-03-03"


def until(monday: Any, **span: float) -> None:
    """So much later than Monday at nine."""
    monday.shift(timedelta(**span))


def told() -> dict[int, str]:
    """Who was told what on Tuesday."""
    return dict(Notice.objects.filter(key=TUESDAY).values_list("person_id", "title"))


def test_each_desk_hears_of_what_waits_there_and_the_page_says_the_same(
    office: Cast, monday: Any
) -> None:
    case = stages.signed(office)
    stages.signed(office, code="080202", text="反映网格员态度差。")
    stages.filed(office)
    asking.ask_return(case.pk, by=office.wang, note="不在本网格", reason="not_our_ground")
    until(monday, hours=22, minutes=59)
    tasks.send_digests()
    assert told() == {}
    until(monday, minutes=2)
    for _ in range(3):
        tasks.send_digests()
    lines = told()
    assert lines == {
        office.wang.person_id: "每日提要：待办1件",
        office.su.person_id: "每日提要：待办1件，待审批申请1件",
        office.ma.person_id: "每日提要：待办1件，待审批申请1件",
        office.chen.person_id: "每日提要：待办1件，待审批申请1件",
        office.qian.person_id: "每日提要：待办1件，待审批申请1件",
    }
    for user in (office.wang, office.su, office.chen):
        row = DailyDigest.objects.get(person=user.person_id)
        open_to_all = waiting_for(user).filter(is_confidential=False)
        assert row.waiting_count == open_to_all.count()


def test_who_wants_it_hears_and_who_does_not_is_left_in_peace(office: Cast, monday: Any) -> None:
    stages.signed(office)
    for user, wish in ((office.wang, "no"), (office.he, "yes"), (office.su, "office")):
        assert phone_of(user).post(reverse("mobile:digest_wish"), {"wish": wish}).status_code == 302
    phone_of(office.su).post(reverse("mobile:digest_wish"), {"wish": "sometimes"})
    take_leave(
        office.su.person, office.ma.person, by=office.su, started_on=date(2026, 3, 2),
        last_on=date(2026, 3, 5),
    )  # fmt: skip
    until(monday, hours=24)
    tasks.send_digests()
    assert set(told()) == {office.ma.person_id}
    assert User.objects.get(pk=office.su.pk).wants_digest is None


def test_the_office_sets_hour_days_and_posts(office: Cast, monday: Any) -> None:
    stages.signed(office)
    rules = OversightRules.objects.filter(subdistrict=None)
    until(monday, days=5)  # Saturday, nine o'clock
    tasks.send_digests()
    assert not Notice.objects.filter(key__startswith="digest").exists()
    rules.update(digest_on_rest_days=True, digest_at="10:00", digest_roles=["grid_worker"])
    rules_changed()
    tasks.send_digests()
    assert not DigestRun.objects.exists()
    until(monday, hours=13)  # ten at night: too late for today
    tasks.send_digests()
    assert not DigestRun.objects.exists()
    until(monday, hours=17)  # Sunday, three in the afternoon: the house was down till now
    tasks.send_digests()
    assert set(Notice.objects.filter(key="digest:2026-03-08").values_list("person", flat=True)) == {
        office.wang.person_id
    }


def test_who_has_nothing_to_do_is_sent_nothing(office: Cast, monday: Any) -> None:
    until(monday, hours=24)
    tasks.send_digests()
    assert (DailyDigest.objects.count(), told()) == (0, {})
    assert DigestRun.objects.get().told_count == 0


def test_the_digest_opens_on_phone_and_desk_and_only_for_its_reader(
    office: Cast, monday: Any
) -> None:
    case = stages.signed(office)
    until(monday, hours=24)
    tasks.send_digests()
    row = DailyDigest.objects.get(person=office.su.person_id)
    desk, phone = signed_in(office.su), phone_of(office.su)
    address = f"/admin/complaints/complaint/digests/{row.pk}/"
    assert address in desk.get("/admin/").content.decode()
    assert f"/m/digests/{row.pk}/" in phone.get(reverse("mobile:notices")).content.decode()
    Complaint.objects.filter(pk=case.pk).update(due_at=timezone.now() - timedelta(hours=1))
    for browser, page, rows in (
        (desk, address, "?waiting=1&amp;clock=overdue"), (phone, f"/m/digests/{row.pk}/", "show=late"),
    ):  # fmt: skip
        text = browser.get(page).content.decode()
        assert rows in text and "早上是 0 件" in text
    for stranger in (office.wang, office.zhao):
        assert signed_in(stranger).get(address).status_code == 404
        assert phone_of(stranger).get(f"/m/digests/{row.pk}/").status_code == 404


def crowd(office: Cast, count: int) -> None:
    """So many more grid workers of the eastern branch, without asking a service for each."""
    people = Person.objects.bulk_create(Person(name=f"网格员{n}") for n in range(count))
    User.objects.bulk_create(
        User(username=f"crowd{n}", person=person, password="!") for n, person in enumerate(people)
    )
    role = Role.objects.get(code="grid_worker", subdistrict=None)
    Appointment.objects.bulk_create(
        Appointment(person=person, organisation=office.east_branch, role=role, started_on=SINCE)
        for person in people
    )


def test_three_hundred_people_and_more_cases_cost_no_more_statements(
    office: Cast, monday: Any, statements: Any
) -> None:
    stages.signed(office)
    crowd(office, 300)
    until(monday, hours=24)
    on = date(2026, 3, 3)
    with statements(most=14):
        assert digests.write_digests(office.street, on) == 303
    for _ in range(3):
        stages.signed(office)
    with statements(most=14):
        assert digests.write_digests(office.street, on + timedelta(days=1)) > 300


@pytest.mark.django_db(transaction=True)
def test_four_clocks_at_once_tell_everybody_once_and_the_key_is_what_does_it(
    on_postgres: None, office: Cast, monday: Any
) -> None:
    stages.signed(office)
    until(monday, hours=24)
    start = Barrier(4)

    def send(_number: int) -> int:
        start.wait()
        return digests.send_due_digests()

    in_threads(send, 4)
    assert Notice.objects.filter(key=TUESDAY).count() == len(told()) == 3
    DigestRun.objects.all().delete()
    digests.send_due_digests()
    assert Notice.objects.filter(key=TUESDAY).count() == 3
    # Control: without the run and without the key everybody is told again.
    DigestRun.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE governance_notice DROP CONSTRAINT notice_told_once")
        try:
            digests.send_due_digests()
            assert Notice.objects.filter(key=TUESDAY).count() == 6
        finally:
            Notice.objects.filter(key=TUESDAY).delete()
            cursor.execute(
                "ALTER TABLE governance_notice ADD CONSTRAINT notice_told_once"
                " UNIQUE (person_id, key)"
            )
