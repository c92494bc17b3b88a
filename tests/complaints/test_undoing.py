"""A slip is taken back by who made it, for two minutes, and only while nobody acted on it."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from complaints.choices import AssignmentEnd, Stage
from complaints.figures import Period
from complaints.history import ladder, steps_of
from complaints.models import Assignment, Assist, Callback, CaseRules, Complaint, Undo
from complaints.rates import first_hit, moved_on
from complaints.rules import rules_changed
from complaints.services import accepting, assisting, closing, dispatching, handling, intake, steps
from complaints.services.calling import failed_tries
from complaints.services.remembering import snapshot
from complaints.services.undoing import undo
from governance.errors import HouseError, WrongMove
from governance.models import Notice, Todo
from governance.services import appointments
from tests.cast import Cast, account
from tests.complaints import stages
from tests.governance.threads import in_threads


def fresh(case: Complaint) -> Complaint:
    return Complaint.objects.get(pk=case.pk)


def waiting(case: Complaint) -> set[tuple[str, Any]]:
    """What is planned for a case, and when."""
    rows = Todo.objects.filter(subject_id=case.pk, done_at__isnull=True)
    return set(rows.values_list("key", "due_at"))


def brought_back(case: Complaint, *, by: Any) -> dict[str, Any]:
    """Take the last deed back; the columns of the case after it."""
    undo(case.pk, by=by)
    assert steps.first_broken_step(fresh(case)) is None
    return snapshot(fresh(case))


def test_an_acceptance_is_taken_back_with_its_clock(office: Cast) -> None:
    case = stages.filed(office)
    before = snapshot(fresh(case))
    intake.accept(case.pk, by=office.chen)

    assert brought_back(case, by=office.chen) == before
    row = fresh(case)
    assert (row.stage, row.due_at, row.case_due_at) == (Stage.PENDING_ACCEPTANCE, None, None)


def test_a_dispatch_is_taken_back_and_counts_in_no_rate(
    office: Cast, monday: time_machine.Traveller
) -> None:
    case = stages.accepted(office)
    before, due_at = snapshot(fresh(case)), fresh(case).due_at
    dispatching.dispatch(case.pk, office.east_branch, by=office.chen)
    monday.shift(timedelta(seconds=90))

    assert brought_back(case, by=office.chen) == before
    row = fresh(case)
    assert (row.stage, row.due_at, row.holder) == (Stage.PENDING_DISPATCH, due_at, office.street)
    assert [step.verb for step in row.steps.all()][-2:] == ["dispatch", "undo_dispatch"]
    assert waiting(case) == set()
    assert Assignment.objects.get(complaint=case).end_kind == AssignmentEnd.UNDONE
    day = Period(timezone.now() - timedelta(days=1), timezone.now() + timedelta(days=1))
    assert moved_on(Complaint.objects.all(), day).whole == 0
    assert first_hit(Complaint.objects.all(), day).whole == 0
    titles = Notice.objects.filter(person=office.wang.person).values_list("title", flat=True)
    assert any("已撤销" in title for title in titles)


def test_a_dispatch_that_named_helping_units_is_taken_back_whole(
    office: Cast, monday: time_machine.Traveller
) -> None:
    case = stages.accepted(office)
    before = snapshot(fresh(case))
    helpers = [office.squad, office.west_branch]
    accepting.dispatch_with_help(case.pk, office.east_branch, helpers, by=office.chen, note="核实")
    assert fresh(case).assist_count == 2
    with pytest.raises(WrongMove, match="本人"):
        undo(case.pk, by=office.qian)
    monday.shift(timedelta(seconds=20))

    assert brought_back(case, by=office.chen) == before
    assert [step.verb for step in fresh(case).steps.all()][-3:] == [
        "dispatch", "add_assist", "undo_dispatch",
    ]  # fmt: skip
    assert set(Assist.objects.values_list("state", "note")) == {("released", "派单已撤销")}
    told = Notice.objects.filter(title__contains="协办已取消").values_list("person", flat=True)
    assert office.sun.person_id in told


def test_once_a_helping_unit_has_acted_the_dispatch_stands(office: Cast) -> None:
    case = stages.accepted(office)
    accepting.dispatch_with_help(
        case.pk, office.east_branch, [office.squad], by=office.chen, note="核实"
    )
    row = Assist.objects.get()
    assisting.answer(case.pk, by=office.sun, assist=row.pk, note="已到现场核实")
    with pytest.raises(WrongMove, match="新的进展"):
        undo(case.pk, by=office.chen)


def test_the_next_dispatch_starts_a_clock_of_its_own(office: Cast) -> None:
    case = stages.dispatched(office)
    undo(case.pk, by=office.chen)
    again = dispatching.dispatch(case.pk, office.squad, by=office.chen)

    assert (again.main_unit, again.transfer_count) == (office.squad, 0)
    assert len(waiting(case)) > 2


@pytest.mark.parametrize("stage", ["dispatched", "signed"])
def test_a_unit_that_lost_a_case_by_a_slip_has_it_again_with_its_clock(
    office: Cast, monday: time_machine.Traveller, stage: str
) -> None:
    case = getattr(stages, stage)(office)
    before, planned = snapshot(fresh(case)), waiting(case)
    was = fresh(case).stage
    monday.shift(timedelta(hours=1))
    dispatching.dispatch(case.pk, office.squad, by=office.chen)
    monday.shift(timedelta(minutes=1))

    assert brought_back(case, by=office.chen) == before
    assert (fresh(case).stage, fresh(case).holder) == (was, office.east_branch)
    assert waiting(case) == planned
    ends = [(row.end_kind, row.ended_at is None) for row in Assignment.objects.order_by("number")]
    assert ends == [("", True), (AssignmentEnd.UNDONE, False)]


@pytest.mark.parametrize("stage", ["dispatched", "signed"])
def test_a_hand_over_is_taken_back_by_who_no_longer_holds_the_case(
    office: Cast, monday: time_machine.Traveller, stage: str
) -> None:
    case = getattr(stages, stage)(office)
    before, planned = snapshot(fresh(case)), waiting(case)
    dispatching.hand_on(case.pk, by=office.wang, note="不在本网格")
    monday.shift(timedelta(seconds=30))

    assert brought_back(case, by=office.wang) == before
    assert fresh(case).holder == office.east_branch
    assert waiting(case) == planned
    assert Assignment.objects.get(complaint=case).ended_at is None


def test_the_ladder_forgets_where_a_slip_went(office: Cast, client: Any) -> None:
    case = stages.dispatched(office)
    undo(case.pk, by=office.chen)
    client.force_login(office.chen, "portal.signed_in.Accounts")
    page = client.get(f"/admin/complaints/complaint/{case.pk}/change/")

    assert {rung["state"] for rung in page.context["ladder"]} <= {"here", "ahead", "skipped"}
    assert "撤销派单" in page.content.decode()


def test_the_ladder_is_green_only_where_a_case_was_handled(office: Cast) -> None:
    """The street's desk gave it away, and a level that was jumped over has not been asked."""

    def states(case: Complaint) -> dict[int, str]:
        case = fresh(case)
        return {rung.level: rung.state for rung in ladder(case, steps_of(case))}

    case = stages.signed(office)
    assert states(case) == {5: "skipped", 4: "skipped", 3: "here", 2: "ahead", 1: "ahead"}
    dispatching.dispatch(case.pk, office.street, by=office.chen, note="由街道协调")
    assert states(case) == {5: "skipped", 4: "skipped", 3: "been", 2: "skipped", 1: "here"}


# ── refusals ─────────────────────────────────────────────────────────────────────────────────


def test_only_who_made_the_slip_takes_it_back(office: Cast) -> None:
    case = stages.dispatched(office)
    for user in (office.qian, office.wang, office.zhao):
        with pytest.raises(WrongMove, match="本人"):
            undo(case.pk, by=user)
    assert fresh(case).stage == Stage.PENDING_SIGN


def test_after_two_minutes_it_stays(office: Cast, monday: time_machine.Traveller) -> None:
    case = stages.dispatched(office)
    monday.shift(timedelta(minutes=2))

    with pytest.raises(WrongMove, match="超过"):
        undo(case.pk, by=office.chen)


def test_the_office_sets_how_long_and_none_at_all(office: Cast) -> None:
    CaseRules.objects.update(undo_minutes=0)
    rules_changed()
    case = stages.dispatched(office)

    assert not Undo.objects.exists()
    with pytest.raises(WrongMove):
        undo(case.pk, by=office.chen)


def test_once_the_unit_has_signed_it_stays(office: Cast) -> None:
    case = stages.signed(office)
    with pytest.raises(WrongMove, match="新的进展"):
        undo(case.pk, by=office.chen)
    assert fresh(case).stage == Stage.HANDLING


def test_it_is_taken_back_once(office: Cast) -> None:
    case = stages.dispatched(office)
    undo(case.pk, by=office.chen)
    with pytest.raises(WrongMove):
        undo(case.pk, by=office.chen)


def test_a_right_that_ended_meanwhile_takes_nothing_back(office: Cast) -> None:
    case = stages.dispatched(office)
    appointments.leave(
        office.chen.person, by=account("史磊", "system", "system_admin", office.street)
    )
    with pytest.raises(PermissionDenied):
        undo(case.pk, by=type(office.chen).objects.get(pk=office.chen.pk))
    assert fresh(case).stage == Stage.PENDING_SIGN


def test_a_deed_of_the_house_is_nobodys_slip(office: Cast) -> None:
    case = stages.filed(office)
    intake.accept(case.pk, by=None)
    dispatching.dispatch(case.pk, office.east_branch, by=None)

    assert not Undo.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_signing_and_taking_back_at_once_one_wins(on_postgres: None, office: Cast) -> None:
    cases = [stages.dispatched(office, title=f"路灯不亮{number}") for number in range(4)]

    def act(number: int) -> str:
        case, is_undo = cases[number // 2], number % 2
        try:
            undo(case.pk, by=office.chen) if is_undo else handling.sign(case.pk, by=office.wang)
        except (HouseError, PermissionDenied):
            return ""
        return "undo" if is_undo else "sign"

    done = in_threads(act, 8)

    for place, case in enumerate(cases):
        pair = [one for one in done[2 * place : 2 * place + 2] if one]
        assert len(pair) == 1
        last = fresh(case).steps.order_by("-number").first()
        assert last is not None
        assert last.verb == {"undo": "undo_dispatch", "sign": "sign"}[pair[0]]
        assert steps.first_broken_step(fresh(case)) is None
        current = Assignment.objects.filter(complaint=case, ended_at=None).count()
        assert current == (pair[0] == "sign")


def said(case: Complaint, *, by: Any, content: bool) -> Complaint:
    """What a citizen says on the phone."""
    words = ("yes", "satisfied") if content else ("no", "dissatisfied")
    return closing.record_callback(
        case.pk, by=by, outcome="reached", solved=words[0], satisfaction=words[1]
    )


@pytest.mark.parametrize("content", [True, False])
def test_a_callback_written_down_wrongly_is_taken_back(office: Cast, content: bool) -> None:
    case = stages.approved(office)
    before, planned = snapshot(fresh(case)), waiting(case)
    ended = list(Assignment.objects.filter(complaint=case).values_list("end_kind", "ended_at"))
    said(case, by=office.chen, content=content)
    assert fresh(case).stage == (Stage.CLOSED if content else Stage.PENDING_SIGN)

    assert brought_back(case, by=office.chen) == before
    row = fresh(case)
    assert (row.stage, row.is_open, waiting(case)) == (Stage.PENDING_CALLBACK, True, planned)
    call = Callback.objects.get(complaint=case)
    assert (call.outcome, call.solved, call.satisfaction) == ("undone", "", "")
    assert "满意" in row.steps.get(number=row.step_count).note
    rows = Assignment.objects.filter(complaint=case).exclude(end_kind=AssignmentEnd.UNDONE)
    assert list(rows.values_list("end_kind", "ended_at")) == ended
    assert said(case, by=office.chen, content=True).stage == Stage.CLOSED


def test_a_failed_call_is_taken_back_and_is_no_try(office: Cast) -> None:
    case = stages.approved(office)
    closing.record_callback(case.pk, by=office.chen, outcome="unreached")
    undo(case.pk, by=office.chen)

    assert waiting(case) == set() and failed_tries(fresh(case)) == []
    with pytest.raises(WrongMove):
        undo(case.pk, by=office.chen)
    with pytest.raises(HouseError, match="请选择回访结果"):
        closing.record_callback(case.pk, by=office.chen, outcome="undone")
