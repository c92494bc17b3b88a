"""Filing: how a matter becomes a case."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from complaints.choices import Stage
from complaints.models import Complaint
from complaints.services import filing, intake, merging
from complaints.services.filing import Draft
from complaints.services.steps import first_broken_step
from governance.errors import HouseError, WrongMove
from governance.models import Notice
from governance.services.calendar import current_calendar
from tests.cast import Cast
from tests.complaints.stages import accepted, filed


def test_a_clerk_files_a_matter_and_it_waits_for_acceptance(office: Cast) -> None:
    case = filed(office)
    assert case.number == "HP-2026-000001"
    assert case.stage == Stage.PENDING_ACCEPTANCE
    assert case.holder == office.street
    assert case.place_path == office.east_group.path
    assert case.case_due_at is None
    assert first_broken_step(Complaint.objects.get(pk=case.pk)) is None


def test_numbers_follow_each_other_without_a_gap(office: Cast) -> None:
    assert [filed(office).number for _ in range(3)] == [
        "HP-2026-000001", "HP-2026-000002", "HP-2026-000003",
    ]  # fmt: skip


def test_the_callers_phone_is_stored_sealed_with_an_open_tail(office: Cast) -> None:
    caller = filed(office).caller
    assert "13900001011" not in caller.phone_sealed
    assert (caller.phone_masked, caller.phone_tail) == ("139****1011", "1011")


def test_the_clerks_inbox_says_that_something_came_in(office: Cast) -> None:
    case = filed(office)
    assert Notice.objects.filter(person=office.qian.person, subject=f"complaint:{case.pk}").exists()
    assert not Notice.objects.filter(person=office.zhao.person).exists()


def test_a_matter_without_text_is_refused_and_nothing_is_saved(office: Cast) -> None:
    with pytest.raises(HouseError, match="诉求内容"):
        filed(office, text="  ")
    assert Complaint.objects.count() == 0


def test_an_order_number_is_filed_once(office: Cast) -> None:
    case = filed(office, source="hotline", source_number="3703-001")
    with pytest.raises(HouseError, match=case.number):
        filed(office, source="hotline", source_number="3703-001")
    filed(office, source="platform", source_number="3703-001")


def test_a_grid_worker_files_within_the_own_grid_only(office: Cast) -> None:
    draft = Draft(source="patrol", text="楼道堆放杂物", place=office.east_group)
    case = filing.file_complaint(draft, subdistrict=office.street, by=office.wang)
    assert case.filed_by == office.wang
    with pytest.raises(PermissionDenied):
        filing.file_complaint(draft, subdistrict=office.street, by=office.zhao)


def test_acceptance_starts_the_promise_to_the_citizen(office: Cast) -> None:
    case = accepted(office)
    calendar = current_calendar()
    assert case.stage == Stage.PENDING_DISPATCH
    assert (case.limit_amount, case.limit_unit) == (5, "wd")
    assert calendar.local(case.case_due_at).isoformat() == "2026-03-09T23:59:59"
    assert case.original_due_at == case.case_due_at == case.due_at


def test_a_stranger_cannot_accept(office: Cast) -> None:
    case = filed(office)
    with pytest.raises(PermissionDenied):
        intake.accept(case.pk, by=office.zhao)
    assert Complaint.objects.get(pk=case.pk).step_count == 1


def test_a_city_order_keeps_the_citys_own_deadline(office: Cast) -> None:
    wanted = timezone.now() + timedelta(days=2)
    draft = Draft(
        source="hotline", source_number="3703-002", text="楼顶漏水", city_due_at=wanted,
        accepted=True, place=office.east_group,
    )  # fmt: skip
    [case] = filing.file_many([draft], subdistrict=office.street, by=office.chen)
    assert case.stage == Stage.PENDING_DISPATCH
    assert case.case_due_at == wanted
    assert case.is_city_deadline
    assert first_broken_step(Complaint.objects.get(pk=case.pk)) is None


def test_a_city_order_without_a_deadline_gets_five_workdays_from_the_citys_dispatch(
    office: Cast,
) -> None:
    friday = timezone.now() - timedelta(days=3)
    draft = Draft(
        source="hotline", source_number="3", text="求助", happened_at=friday, accepted=True
    )
    [case] = filing.file_many([draft], subdistrict=office.street, by=office.chen)
    # 27 February 2026 is a Friday; Saturday the 28th is a make-up workday.
    assert current_calendar().local(case.case_due_at).date().isoformat() == "2026-03-05"


def test_a_due_time_in_a_year_without_a_calendar_is_provisional(office: Cast, monday) -> None:
    monday.move_to(timezone.now().replace(month=12, day=30))
    assert accepted(office).due_is_provisional


def test_silence_after_a_question_and_an_answer_to_it(office: Cast) -> None:
    case = filed(office)
    intake.ask_supplement(case.pk, by=office.chen, note="请说明具体单元")
    assert Complaint.objects.get(pk=case.pk).stage == Stage.PENDING_SUPPLEMENT
    intake.supplement(case.pk, by=office.chen, note="2单元")
    assert Complaint.objects.get(pk=case.pk).stage == Stage.PENDING_ACCEPTANCE


def test_a_rejection_needs_a_ground_and_can_be_taken_back_for_thirty_days(
    office: Cast, monday
) -> None:
    case = filed(office)
    with pytest.raises(WrongMove, match="说明"):
        intake.reject(case.pk, by=office.chen, note="")
    intake.reject(case.pk, by=office.chen, note="已进入诉讼程序", reason_code="litigation")
    intake.restore(case.pk, by=office.chen, note="当事人已撤诉")
    intake.reject(case.pk, by=office.chen, note="仍在诉讼")
    monday.shift(timedelta(days=31))
    with pytest.raises(HouseError, match="30"):
        intake.restore(case.pk, by=office.chen, note="再次恢复")


def test_merging_keeps_the_own_caller_and_refuses_nonsense(office: Cast) -> None:
    first, second = accepted(office), filed(office, caller_phone="13900001012")
    with pytest.raises(HouseError, match="另一件"):
        merging.merge_into(second.pk, second, by=office.chen)
    merging.merge_into(second.pk, first, by=office.chen)
    merged = Complaint.objects.get(pk=second.pk)
    assert (merged.stage, merged.merged_into, merged.is_open) == (Stage.MERGED, first, False)
    assert merged.caller.phone_tail == "1012"


def test_only_city_orders_go_back_and_only_within_two_workdays(office: Cast, monday) -> None:
    own = filed(office)
    with pytest.raises(HouseError, match="热线"):
        intake.return_to_source(own.pk, by=office.chen, note="不属于本街道")
    city = filed(office, source="hotline", source_number="9")
    late = filed(office, source="hotline", source_number="10")
    intake.return_to_source(city.pk, by=office.chen, note="不属于本街道")
    assert Complaint.objects.get(pk=city.pk).stage == Stage.RETURNED_TO_SOURCE
    monday.shift(timedelta(days=3))
    with pytest.raises(HouseError, match="时限"):
        intake.return_to_source(late.pk, by=office.chen, note="不属于本街道")


def test_a_correction_never_moves_the_clock(office: Cast) -> None:
    case = accepted(office)
    corrected = intake.correct(case.pk, by=office.chen, urgency="critical", address="3号楼1单元")
    assert corrected.case_due_at == case.case_due_at
    assert corrected.urgency == "critical"


def test_the_same_caller_and_matter_within_thirty_days_is_marked_as_a_repeat(office: Cast) -> None:
    first = filed(office)
    assert filed(office, caller_phone="139 0000 1011").repeat_of_id == first.pk
    assert filed(office, caller_phone="13900001012").repeat_of_id is None


def test_of_two_people_who_move_one_case_the_second_sees_the_present_state(office: Cast) -> None:
    case = filed(office)
    intake.accept(case.pk, by=office.chen, seen=1)
    with pytest.raises(WrongMove, match="待派单"):
        intake.reject(case.pk, by=office.qian, note="不受理", seen=1)
