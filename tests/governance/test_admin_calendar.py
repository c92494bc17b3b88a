"""The calendar and the audit at the desk."""

import json
import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import F

from governance.models import (
    AuditEntry,
    AuditHead,
    CalendarDay,
    CalendarYear,
    User,
)
from tests.cast import Cast
from tests.desk import administrators
from tests.desk import signed_in as desk


@pytest.fixture
def admins(cast: Cast) -> dict[str, User]:
    """The three separated administrators."""
    return administrators(cast)


def test_a_notice_is_imported_and_a_bad_one_refused(cast: Cast, admins: dict[str, User]) -> None:
    url = "/admin/governance/calendaryear/import/"
    notice = {"year": 2031, "papers": ["通知"],
              "days": [{"name": "元旦", "date": "2031-01-01", "isOffDay": True}]}  # fmt: skip
    browser = desk(admins["security"])
    bad = browser.post(url, {"file": SimpleUploadedFile("a.json", b"[]")})
    good = browser.post(url, {"file": SimpleUploadedFile("a.json", json.dumps(notice).encode())})

    assert (bad.status_code, good.status_code) == (422, 302)
    assert "文件请重新选择" in bad.content.decode()
    assert CalendarYear.objects.filter(year=2031).exists()
    assert "在办诉求的时限一分钟内按新安排重新计算" in browser.get(url).content.decode()
    assert desk(cast.su).post(url, {}).status_code == 403


def test_the_example_beside_the_file_field_can_be_imported(admins: dict[str, User]) -> None:
    url = "/admin/governance/calendaryear/import/"
    browser = desk(admins["security"])
    words = browser.get(url).content.decode()
    ((head, line),) = re.findall(r"第一行是 ([\w,]+)；.*例如 ([-\d,. ]+\d)。", words)
    written = SimpleUploadedFile("a.csv", f"{head}\n{line}\n".encode())
    assert browser.post(url, {"file": written}).status_code == 302
    assert CalendarDay.objects.get(day=date(2025, 1, 30)).is_workday is False
    assert CalendarDay.objects.get(day=date(2025, 2, 8)).is_workday is True


def test_one_day_is_set_and_cleared(cast: Cast, admins: dict[str, User]) -> None:
    browser = desk(admins["security"])
    body = {"day": "2026-07-07", "is_workday": "", "name": "停电", "source": "区里通知"}
    done = browser.post("/admin/governance/calendarday/add/", body, follow=True)
    assert "在办诉求的时限一分钟内按新安排重新计算" in done.content.decode()
    assert CalendarDay.objects.get(day=date(2026, 7, 7)).source == "区里通知"

    done = browser.post(
        "/admin/governance/calendarday/2026-07-07/clear/", {"sure": "on"}, follow=True
    )

    assert "已取消。在办诉求的时限一分钟内" in done.content.decode()
    assert not CalendarDay.objects.filter(day=date(2026, 7, 7)).exists()


def test_the_audit_is_read_only_and_proves_its_chain(cast: Cast, admins: dict[str, User]) -> None:
    browser = desk(admins["audit"])
    line = AuditEntry.objects.latest("id")

    assert browser.get(f"/admin/governance/auditentry/{line.pk}/change/").status_code == 200
    changed = browser.post(f"/admin/governance/auditentry/{line.pk}/change/", {"verb": "x"})
    assert changed.status_code == 403
    assert browser.get("/admin/governance/auditentry/check/").status_code == 405
    done = browser.post("/admin/governance/auditentry/check/", follow=True)
    assert "审计链完整" in done.content.decode()
    assert desk(cast.su).post("/admin/governance/auditentry/check/").status_code == 403


def test_a_chain_that_lost_its_end_is_named(cast: Cast, admins: dict[str, User]) -> None:
    AuditHead.objects.update(entry_count=F("entry_count") + 1)

    done = desk(admins["audit"]).post("/admin/governance/auditentry/check/", follow=True)

    assert "有记录被删除" in done.content.decode()
