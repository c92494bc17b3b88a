"""Supervising: words from above, and cases about staff."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from complaints.choices import Stage
from complaints.models import Complaint
from complaints.services import dispatching, handling, supervising
from governance.errors import HouseError, WrongMove
from governance.models import Notice, Role
from governance.services.appointments import appoint
from tests.cast import Cast
from tests.complaints.stages import accepted, dispatched, filed, signed


def test_urging_tells_the_handler_and_stands_in_the_history(office: Cast) -> None:
    case = signed(office)
    supervising.urge(case.pk, by=office.chen, note="领导关注")
    assert Notice.objects.filter(person=office.wang.person, title__contains="催办").exists()
    assert case.steps.filter(verb="urge").exists()


def test_a_leaders_word_has_a_due_time_and_an_answer(office: Cast) -> None:
    case = signed(office)
    due_at = timezone.now() + timedelta(days=1)
    word = supervising.instruct(case.pk, by=office.lin, text="请今日到现场", due_at=due_at)
    supervising.answer_instruction(word, by=office.wang, note="已到现场，明日完工")
    word.refresh_from_db()
    assert (word.answered_by, word.due_at) == (office.wang, due_at)
    assert Notice.objects.filter(person=office.lin.person, title__contains="落实").exists()


def test_only_a_leader_instructs_and_never_into_the_past(office: Cast) -> None:
    case = signed(office)
    with pytest.raises(PermissionDenied):
        supervising.instruct(case.pk, by=office.chen, text="请办理")
    with pytest.raises(HouseError, match="将来"):
        supervising.instruct(case.pk, by=office.lin, text="请办理", due_at=timezone.now())
    with pytest.raises(WrongMove, match="说明"):
        supervising.instruct(case.pk, by=office.lin, text=" ")


def test_the_person_complained_about_no_longer_sees_or_moves_the_case(office: Cast) -> None:
    case = signed(office)
    seen_before = supervising.restrict(case.pk, by=office.chen, people=[office.wang.person])
    assert seen_before == ["王强"]
    assert not Complaint.objects.visible_to(office.wang).filter(pk=case.pk).exists()
    with pytest.raises(PermissionDenied):
        handling.log(case.pk, by=office.wang, note="我来处理")
    after = Complaint.objects.visible_to(office.chen).get(pk=case.pk)
    assert (after.holder, after.main_unit) == (office.street, None)


def test_another_post_above_opens_no_back_door(office: Cast) -> None:
    secretary = Role.objects.get(code="assistant_grid_leader", subdistrict=None)
    appoint(office.wang.person, secretary, office.east, by=None)
    case = signed(office)
    supervising.restrict(case.pk, by=office.chen, people=[office.wang.person])
    dispatching.dispatch(case.pk, office.east, by=office.chen)
    assert Complaint.objects.visible_to(office.su).filter(pk=case.pk).exists()
    assert not Complaint.objects.visible_to(office.wang).filter(pk=case.pk).exists()


def test_an_accused_unit_cannot_be_given_the_case(office: Cast) -> None:
    case = accepted(office)
    supervising.restrict(case.pk, by=office.chen, organisations=[office.east])
    Complaint.objects.filter(pk=case.pk).update(stage=Stage.PENDING_DISPATCH)
    with pytest.raises(HouseError, match="被反映"):
        dispatching.dispatch(case.pk, office.east_branch, by=office.chen)
    dispatching.dispatch(case.pk, office.squad, by=office.chen)


def test_a_confidential_case_is_hidden_from_those_who_merely_cover_the_place(office: Cast) -> None:
    case = filed(office, code="080202")
    assert case.is_confidential
    assert not Complaint.objects.visible_to(office.su).filter(pk=case.pk).exists()
    assert Complaint.objects.visible_to(office.chen).filter(pk=case.pk).exists()


def test_a_case_about_the_streets_own_people_is_for_the_discipline_reader_only(
    office: Cast,
) -> None:
    reader = Role.objects.get(code="discipline_reader", subdistrict=None)
    appoint(office.qian.person, reader, office.street, by=None)
    case = accepted(office)
    supervising.restrict(case.pk, by=office.chen, people=[office.lin.person])
    assert not Complaint.objects.visible_to(office.chen).filter(pk=case.pk).exists()
    assert not Complaint.objects.visible_to(office.lin).filter(pk=case.pk).exists()
    assert Complaint.objects.visible_to(office.qian).filter(pk=case.pk).exists()


def test_restricting_needs_somebody_to_be_named(office: Cast) -> None:
    case = dispatched(office)
    with pytest.raises(HouseError, match="被反映"):
        supervising.restrict(case.pk, by=office.chen)
    with pytest.raises(PermissionDenied):
        supervising.restrict(case.pk, by=office.su, people=[office.wang.person])
