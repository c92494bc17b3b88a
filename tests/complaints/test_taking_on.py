"""A worker's own report: filed, joined to another, or taken on in one deed."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from complaints.models import Complaint
from complaints.services import taking_on
from complaints.services.filing import Draft
from complaints.services.steps import first_broken_step
from governance.errors import HouseError
from governance.models import Deed
from tests.cast import Cast
from tests.complaints import stages

pytestmark = pytest.mark.django_db


def draft(office: Cast, **more: Any) -> Draft:
    """What Wang meets in his own building."""
    values: dict[str, Any] = {"place": office.east_group, "building": office.east_building}
    return Draft(source="patrol", text="消防通道停了三辆车。", **(values | more))


def test_a_report_waits_for_the_streets_acceptance(office: Cast) -> None:
    case = taking_on.report(draft(office), subdistrict=office.street, by=office.wang)

    assert (case.stage, case.place, case.holder) == (
        "pending_acceptance", office.east_group, office.street,
    )  # fmt: skip


def test_a_foreign_place_becomes_a_hint(office: Cast) -> None:
    found = draft(office, place=office.west_group)

    case = taking_on.report(found, subdistrict=office.street, by=office.wang)

    assert case.place is None
    assert office.west_group.display_name in case.hint


def test_taking_on_runs_through_the_same_stages_as_any_case(office: Cast) -> None:
    case = taking_on.take_on(draft(office), subdistrict=office.street, by=office.wang)

    assert list(case.steps.values_list("verb", "by")) == [
        ("file", office.wang.pk), ("accept", None), ("dispatch", None), ("sign", office.wang.pk),
    ]  # fmt: skip
    assert (case.main_unit, case.assignee) == (office.east_branch, office.wang.person)
    assert case.due_at is not None
    assert first_broken_step(case) is None


@pytest.mark.parametrize("place", ["west_group", "street", None])
def test_what_lies_outside_the_own_unit_is_not_taken_on(office: Cast, place: str | None) -> None:
    found = draft(office, place=getattr(office, place) if place else None)

    with pytest.raises(HouseError, match="不在您的网格"):
        taking_on.take_on(found, subdistrict=office.street, by=office.wang)
    assert not Complaint.objects.exists()


def test_who_has_no_right_to_handle_takes_nothing_on(office: Cast) -> None:
    with pytest.raises(HouseError, match="不能由您承办"):
        taking_on.take_on(draft(office), subdistrict=office.street, by=office.he)
    with pytest.raises(PermissionDenied):
        taking_on.report(draft(office), subdistrict=office.street, by=office.gu)
    assert not Deed.objects.exists()


def test_a_joined_report_ends_in_the_other_case(office: Cast) -> None:
    other = stages.signed(office)

    joined = taking_on.join(draft(office), other, subdistrict=office.street, by=office.wang)

    mine = Complaint.objects.get(merged_into=other)
    assert joined == other
    assert (mine.stage, mine.is_open) == ("merged", False)


def test_a_report_cannot_join_a_closed_or_confidential_case(office: Cast) -> None:
    replied = stages.signed(office)
    Complaint.objects.filter(pk=replied.pk).update(is_confidential=True)
    replied.refresh_from_db()

    with pytest.raises(HouseError, match="保密件不能与普通件并单"):
        taking_on.join(draft(office), replied, subdistrict=office.street, by=office.wang)
    assert Complaint.objects.count() == 1
