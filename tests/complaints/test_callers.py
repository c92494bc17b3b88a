"""Who may know a caller, and the line that stays when a number was shown."""

import pytest
from django.core.exceptions import PermissionDenied

from complaints.services import callers, dispatching
from governance.errors import HouseError, WrongMove
from governance.models import AuditEntry
from tests.cast import Cast
from tests.complaints import stages

pytestmark = pytest.mark.django_db


def test_the_unit_at_work_may_call_and_each_look_is_written_down(office: Cast) -> None:
    case = stages.signed(office)

    numbers = [callers.reveal_phone(case.pk, by=office.wang) for _look in range(2)]

    assert numbers == ["13900001011"] * 2
    lines = AuditEntry.objects.filter(verb="reveal_caller_phone", by=office.wang)
    assert [line.subject for line in lines] == [f"complaint:{case.pk}"] * 2
    assert "13900001011" not in str([line.detail for line in lines])


@pytest.mark.parametrize("name", ["zhao", "he", "lin", "gu"])
def test_nobody_else_learns_the_number(office: Cast, name: str) -> None:
    case = stages.signed(office)

    with pytest.raises(PermissionDenied):
        callers.reveal_phone(case.pk, by=getattr(office, name))
    assert not AuditEntry.objects.filter(verb="reveal_caller_phone").exists()


def test_the_number_goes_with_the_case(office: Cast) -> None:
    case = stages.signed(office)
    dispatching.escalate(case.pk, by=office.wang, note="需社区协调物业处理")

    with pytest.raises(PermissionDenied):
        callers.reveal_phone(case.pk, by=office.wang)
    assert callers.reveal_phone(case.pk, by=office.su) == "13900001011"


def test_after_the_answer_nobody_needs_the_number(office: Cast) -> None:
    case = stages.replied(office)

    with pytest.raises(WrongMove, match="待审核"):
        callers.reveal_phone(case.pk, by=office.wang)


def test_a_caller_without_a_number_is_said_to_have_none(office: Cast) -> None:
    case = stages.signed(office, caller_phone="")

    with pytest.raises(HouseError, match="没有留电话"):
        callers.reveal_phone(case.pk, by=office.wang)


def test_who_asked_for_secrecy_is_known_to_the_streets_desk_only(office: Cast) -> None:
    case = stages.signed(office, is_secret_caller=True)

    assert callers.may_know_caller(case, office.chen)
    assert not any(callers.may_know_caller(case, one) for one in (office.wang, office.su))
    with pytest.raises(PermissionDenied):
        callers.reveal_phone(case.pk, by=office.wang)
