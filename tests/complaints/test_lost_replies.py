"""A reply that was lost: the same request again gets its first answer, though the case has left."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from complaints.models import Complaint, Step
from complaints.services import dispatching, handling, intake
from governance.models import AuditEntry, Notice
from tests.cast import Cast
from tests.complaints import stages
from tests.complaints.desk import page_of, signed_in, typed
from tests.complaints.phones import phone_of, url

pytestmark = pytest.mark.django_db


def astray(office: Cast) -> Complaint:
    """A matter of the western side that was sent to the eastern branch, and signed there."""
    west: dict[str, Any] = {"place": office.west_group, "building": office.west_building}
    case = intake.accept(stages.filed(office, address="西园小区1号楼", **west).pk, by=office.chen)
    dispatching.dispatch(case.pk, office.east_branch, by=office.chen)
    return handling.sign(case.pk, by=office.wang)


def send_twice(browser: Client, address: str, data: dict[str, Any]) -> tuple[Any, Any]:
    """Send a deed by which the case leaves, and send it again; what it left stays as it was."""

    def left() -> tuple[int, int, int]:
        return Step.objects.count(), AuditEntry.objects.count(), Notice.objects.count()

    first = browser.post(address, data)
    there = left()
    assert browser.get(address).status_code == 404
    again = browser.post(address, data)
    assert left() == there
    return first, again


def test_a_hand_on_from_the_phone_is_confirmed_again_after_the_case_has_left(office: Cast) -> None:
    case = astray(office)
    wang, sun = phone_of(office.wang), phone_of(office.sun)
    data = {"key": str(uuid4()), "seen": case.step_count, "note": "属西园，不属于本网格"}
    first, again = send_twice(wang, url("hand_on", case), data)
    assert (first.status_code, first["Location"]) == (302, "/m/")
    assert (again.status_code, again["Location"]) == (302, "/m/")
    assert "已转出" in wang.get("/m/").content.decode()
    # Only who did it, only with the very words, only under the very key.
    for browser, change in (
        (wang, {"note": "别的理由"}), (wang, {"key": str(uuid4())}), (wang, {"key": "x"}), (sun, {}),
    ):  # fmt: skip
        assert browser.post(url("hand_on", case), data | change).status_code == 404


def test_a_hand_on_at_the_desk_is_confirmed_again_after_the_case_has_left(office: Cast) -> None:
    case = astray(office)
    desk, other = signed_in(office.wang), signed_in(office.sun)
    data = typed(case, "hand_on", office.wang, note="属西园，不属于本网格")
    address = page_of(case, "hand_on")
    first, again = send_twice(desk, address, data)
    assert (first.status_code, again.status_code) == (302, 302)
    assert first["Location"] == again["Location"]
    for browser, change in (
        (desk, {"note": "别的理由"}), (desk, {"deed_key": str(uuid4())}), (desk, {"deed_key": ""}),
        (other, {}),
    ):  # fmt: skip
        assert browser.post(address, data | change).status_code == 404
