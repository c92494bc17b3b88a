"""Handling: signed, contacted, answered."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from complaints.choices import ResultKind, Stage
from complaints.models import Assignment, Complaint, Contact, Photo, Reply
from complaints.services import dispatching, handling
from governance.errors import HouseError
from tests.cast import Cast
from tests.complaints.stages import ANSWER, contacted, dispatched, replied, signed


def test_signing_starts_the_work_and_buys_no_time(office: Cast, monday) -> None:
    case = dispatched(office)
    monday.shift(timedelta(hours=2))
    after = handling.sign(case.pk, by=office.wang)
    row = Assignment.objects.get(complaint=case)
    assert (after.stage, row.signed_by, row.is_auto_signed) == (Stage.HANDLING, office.wang, False)
    assert after.due_at == case.due_at


@pytest.mark.parametrize("who", ["zhao", "he", "lin", "chen"])
def test_nobody_signs_for_another_desk(office: Cast, who: str) -> None:
    case = dispatched(office)
    with pytest.raises(PermissionDenied):
        handling.sign(case.pk, by=getattr(office, who))
    assert Complaint.objects.get(pk=case.pk).stage == Stage.PENDING_SIGN


def test_the_first_contact_is_kept_on_the_dispatch(office: Cast) -> None:
    case = signed(office)
    handling.contact(case.pk, by=office.wang, channel="phone", is_reached=False, note="无人接听")
    assert Assignment.objects.get(complaint=case).contacted_at is None
    handling.contact(case.pk, by=office.wang, channel="phone", is_reached=True)
    assert Assignment.objects.get(complaint=case).contacted_at is not None


def test_three_failed_attempts_count_as_contacted(office: Cast) -> None:
    case = signed(office)
    for _ in range(3):
        handling.contact(case.pk, by=office.wang, channel="phone", is_reached=False)
    assert Assignment.objects.get(complaint=case).contacted_at is not None


def test_an_answer_goes_to_review_and_names_the_level_that_solved_it(office: Cast) -> None:
    case = replied(office)
    assert (case.stage, case.solved_level) == (Stage.PENDING_REVIEW, 3)
    assert case.due_at == case.case_due_at
    assert Reply.objects.get(complaint=case).public_text == ANSWER


def test_an_answer_without_any_contact_is_refused_or_says_why_there_is_none(office: Cast) -> None:
    case = signed(office)
    with pytest.raises(HouseError, match="联系诉求人"):
        handling.reply(case.pk, by=office.wang, result_kind="solved", public_text=ANSWER)
    assert not Reply.objects.exists()
    handling.reply(
        case.pk, by=office.wang, result_kind="solved", public_text=ANSWER,
        no_contact_reason="匿名诉求，没有联系方式",
    )  # fmt: skip
    assert Contact.objects.get(complaint=case).channel == "none"


def test_a_short_answer_is_refused(office: Cast) -> None:
    case = contacted(office)
    with pytest.raises(HouseError, match="10"):
        handling.reply(case.pk, by=office.wang, result_kind="solved", public_text="已办")
    assert Complaint.objects.get(pk=case.pk).stage == Stage.HANDLING


def test_a_partial_solution_says_what_is_left(office: Cast) -> None:
    case = contacted(office)
    with pytest.raises(HouseError, match="未解决"):
        handling.reply(case.pk, by=office.wang, result_kind="partly", public_text=ANSWER)
    handling.reply(
        case.pk, by=office.wang, result_kind="partly", public_text=ANSWER,
        unsolved_reason="待维修资金到位",
    )  # fmt: skip


def test_a_matter_of_cleanliness_is_answered_with_a_photo(office: Cast) -> None:
    case = contacted(office, code="010102")
    with pytest.raises(HouseError, match="照片"):
        handling.reply(case.pk, by=office.wang, result_kind="solved", public_text=ANSWER)
    Photo.objects.create(
        complaint=case, group="handling", file="photos/a.jpg", checksum="0" * 64, width=8, height=8
    )
    handling.reply(case.pk, by=office.wang, result_kind="solved", public_text=ANSWER)


def test_an_unknown_result_is_refused(office: Cast) -> None:
    case = contacted(office)
    with pytest.raises(HouseError, match="结果"):
        handling.reply(case.pk, by=office.wang, result_kind="great", public_text=ANSWER)
    assert "great" not in ResultKind.values


def test_a_named_person_must_serve_the_holding_unit(office: Cast) -> None:
    case = signed(office)
    with pytest.raises(HouseError, match="当前办理单位"):
        handling.assign(case.pk, office.zhao.person, by=office.wang)
    assert handling.assign(case.pk, office.wang.person, by=office.wang).due_at == case.due_at


def test_the_community_answers_what_climbed_to_it(office: Cast) -> None:
    case = signed(office)
    dispatching.escalate(case.pk, by=office.wang, note="需要协调物业")
    handling.sign(case.pk, by=office.su)
    handling.contact(case.pk, by=office.su, channel="visit", is_reached=True)
    done = handling.reply(case.pk, by=office.su, result_kind="solved", public_text=ANSWER)
    assert done.solved_level == 2


def test_a_comment_moves_no_clock(office: Cast, monday) -> None:
    case = signed(office)
    before = (case.due_at, case.case_due_at)
    monday.shift(timedelta(days=1))
    after = handling.log(case.pk, by=office.wang, note="已联系物业，明日上门")
    assert (after.due_at, after.case_due_at) == before
    assert timezone.now() > case.dispatched_at
