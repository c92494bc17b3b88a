"""What the house does by itself when a moment of a case has come."""

from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.utils import timezone

from complaints import tasks
from complaints.choices import Card, Stage
from complaints.models import Assignment, Complaint, Reminder, ReminderRule
from complaints.rules import rules_changed
from complaints.services import clock, closing, intake, reviewing, supervising
from complaints.services.timing import DUTIES
from governance.models import Heartbeat, Notice, Todo, User
from governance.services import todo
from governance.services.calendar import current_calendar
from governance.services.todo import Duty
from tests.cast import Cast, account
from tests.complaints import stages
from tests.governance.threads import in_threads

pytestmark = pytest.mark.django_db


def local(moment: datetime | None) -> str:
    assert moment is not None
    return current_calendar().local(moment).strftime("%m-%d %H:%M")


def live(monday: Any, **span: float) -> None:
    """Let time pass and sweep whenever something falls due, as the clock of the house does."""
    end = timezone.now() + timedelta(**span)
    while row := Todo.objects.filter(done_at=None, due_at__lte=end).order_by("due_at").first():
        monday.move_to(max(row.due_at, timezone.now()))
        tasks.sweep()
    monday.move_to(end)
    tasks.sweep()


def told(user: User, rule: str) -> int:
    """How often `user` was reminded by the rule of this label."""
    return Notice.objects.filter(person=user.person, title__startswith=rule).count()


def fresh(case: Complaint) -> Complaint:
    return Complaint.objects.get(pk=case.pk)


def test_a_week_of_silence_is_told_to_the_right_people_at_the_right_moments(
    office: Cast, monday: Any
) -> None:
    case = stages.dispatched(office)
    live(monday, days=14)
    struck = {row.rule_code: local(row.due_at) for row in Reminder.objects.filter(complaint=case)}
    assert struck == {
        "sign_half": "03-02 11:45",
        "sign_passed": "03-02 14:30",
        "contact_passed": "03-03 09:00",
        "box_over": "03-05 17:30",
        "half": "03-04 17:30",
        "near": "03-06 08:30",
        "overdue_1": "03-09 08:30",
        "overdue_2": "03-10 08:30",
        "overdue_3": "03-11 08:30",
        "overdue_5": "03-13 08:30",
    }
    assert fresh(case).card == Card.RED


def test_half_the_time_is_told_to_the_handler_alone(office: Cast, monday: Any) -> None:
    stages.signed(office)
    ReminderRule.objects.exclude(code="half").update(is_enabled=False)
    rules_changed()
    Todo.objects.filter(kind=clock.CLIMB).delete()
    live(monday, days=3)
    assert told(office.wang, "办理时限过半") == 1
    assert not any(told(user, "办理时限过半") for user in (office.su, office.lin, office.zhao))


def test_near_its_end_the_case_gets_a_yellow_card_and_the_secretary_hears_of_it(
    office: Cast, monday: Any
) -> None:
    case = stages.signed(office)
    Todo.objects.filter(kind=clock.CLIMB).delete()
    live(monday, days=4)
    assert (told(office.wang, "临近到期"), told(office.su, "临近到期")) == (1, 1)
    assert told(office.lin, "临近到期") == 0
    assert fresh(case).card == Card.YELLOW


def test_an_overdue_case_gets_a_red_card_and_leaders_hear_of_it_one_after_the_other(
    office: Cast, monday: Any
) -> None:
    """The leader of the community first, then those of the street, its secretary at the end."""
    linked = account("何包居", "linked", "linked_leader", office.east)
    elsewhere = account("何邻居", "elsewhere", "linked_leader", office.west)
    first = account("林书记", "first", "committee_secretary", office.street)
    case = stages.signed(office)
    live(monday, days=11)
    everybody = (office.chen, linked, office.lin, first, elsewhere)
    heard = {
        day: [told(user, f"超期第{day}个工作日") for user in everybody] for day in (1, 2, 3, 5)
    }
    assert heard == {1: [1, 1, 0, 0, 0], 2: [1, 1, 1, 0, 0], 3: [1, 1, 1, 1, 0], 5: [1, 1, 1, 1, 0]}
    assert not Notice.objects.filter(person=office.zhao.person).exists()
    assert fresh(case).card == Card.RED
    assert "remind" in fresh(case).steps.values_list("verb", flat=True)


def test_who_answers_in_time_is_left_in_peace(office: Cast, monday: Any) -> None:
    case = stages.replied(office)
    live(monday, days=14)
    assert not Reminder.objects.filter(complaint=case).exists()
    assert fresh(case).card == Card.NONE


def test_a_rule_that_the_office_switched_off_strikes_no_more(office: Cast, monday: Any) -> None:
    stages.dispatched(office)
    ReminderRule.objects.filter(code="sign_half").update(is_enabled=False)
    rules_changed()
    live(monday, hours=4)
    assert not Reminder.objects.exists()


def test_nothing_is_said_at_night_but_for_a_critical_matter(office: Cast, monday: Any) -> None:
    monday.move_to(timezone.now() + timedelta(hours=11))
    calm, critical = stages.dispatched(office), stages.dispatched(office, urgency="critical")
    live(monday, hours=5)
    assert not Reminder.objects.filter(complaint=calm).exists()
    assert Reminder.objects.filter(complaint=critical).exists()


def test_a_confidential_case_is_not_described_and_told_to_its_holder_alone(
    office: Cast, monday: Any
) -> None:
    case = stages.dispatched(office)
    Complaint.objects.filter(pk=case.pk).update(is_confidential=True)
    live(monday, hours=6)
    notices = Notice.objects.filter(subject=f"complaint:{case.pk}", title__startswith="签收")
    assert {notice.person for notice in notices} == {office.wang.person}
    assert {notice.body for notice in notices} == {""}


def test_sweeping_again_and_planning_again_reminds_nobody_twice(office: Cast, monday: Any) -> None:
    stages.dispatched(office)
    live(monday, hours=6)
    before = Notice.objects.count()
    Todo.objects.filter(kind=clock.REMIND).update(done_at=None)
    for _ in range(3):
        tasks.sweep()
    assert Notice.objects.count() == before
    assert Reminder.objects.count() == 2


def dying(kind: str) -> dict[str, Duty]:
    """The duties, with a process that dies after acting and before marking."""

    def act(subject: Any, row: Todo) -> None:
        DUTIES[kind].act(subject, row)
        raise SystemExit

    return {**DUTIES, kind: Duty(DUTIES[kind].lock, act)}


def test_a_crash_in_the_middle_of_a_reminder_loses_nothing_and_doubles_nothing(
    office: Cast, monday: Any
) -> None:
    stages.dispatched(office)
    monday.shift(timedelta(hours=3))
    with pytest.raises(SystemExit):
        todo.sweep(dying(clock.REMIND))
    assert not Reminder.objects.exists() and told(office.wang, "签收时限过半") == 0
    tasks.sweep()
    tasks.sweep()
    assert Reminder.objects.count() == 1 and told(office.wang, "签收时限过半") == 1


def test_control_marking_before_acting_loses_the_reminder(office: Cast, monday: Any) -> None:
    stages.dispatched(office)
    monday.shift(timedelta(hours=3))
    row = Todo.objects.filter(kind=clock.REMIND, done_at=None).earliest("due_at")
    Todo.objects.filter(pk=row.pk).update(done_at=timezone.now())
    # … and here the process dies.
    tasks.sweep()
    assert not Reminder.objects.exists()


def test_a_silent_unit_is_signed_for_after_twice_its_limit_and_counts_as_late(
    office: Cast, monday: Any
) -> None:
    case = stages.dispatched(office)
    live(monday, hours=24)
    assert fresh(case).stage == Stage.PENDING_SIGN
    live(monday, hours=1)
    row = Assignment.objects.get(complaint=case)
    assert fresh(case).stage == Stage.HANDLING
    assert (row.is_auto_signed, local(row.signed_at)) == (True, "03-03 09:30")
    assert row.signed_at > row.sign_due_at


def test_who_signs_in_time_is_not_signed_for(office: Cast, monday: Any) -> None:
    case = stages.signed(office)
    live(monday, hours=30)
    assert not Assignment.objects.get(complaint=case).is_auto_signed
    assert [s.verb for s in case.steps.all()].count("sign") == 1


def test_a_time_box_that_runs_out_lifts_the_case_to_the_community_and_no_higher(
    office: Cast, monday: Any
) -> None:
    case = stages.signed(office)
    live(monday, days=3)
    climbed = fresh(case)
    assert (climbed.holder, climbed.main_unit) == (office.east, office.east_branch)
    assert climbed.steps.filter(verb="escalate").get().by is None
    live(monday, days=10)
    assert fresh(case).holder == office.east
    attention = Notice.objects.filter(title__startswith="社区停留时限已到")
    assert {notice.person for notice in attention} == {office.chen.person, office.qian.person}


def test_a_box_of_a_dispatch_that_ended_lifts_nothing(office: Cast, monday: Any) -> None:
    case = stages.replied(office)
    Todo.objects.filter(kind=clock.CLIMB).update(done_at=None)
    live(monday, days=5)
    assert fresh(case).holder == office.east_branch


def test_a_question_nobody_answers_for_five_workdays_ends_in_a_rejection(
    office: Cast, monday: Any
) -> None:
    silent, answered = stages.filed(office), stages.filed(office)
    for case in (silent, answered):
        intake.ask_supplement(case.pk, by=office.chen, note="请说明具体单元")
    live(monday, days=6)
    intake.supplement(answered.pk, by=office.chen, note="2单元")
    assert fresh(silent).stage == Stage.PENDING_SUPPLEMENT
    live(monday, days=2)
    assert fresh(silent).stage == Stage.REJECTED
    assert fresh(answered).stage == Stage.PENDING_ACCEPTANCE


def test_three_calls_on_two_days_without_an_answer_close_the_case(
    office: Cast, monday: Any
) -> None:
    case = stages.approved(office)

    def ring() -> None:
        closing.record_callback(case.pk, by=office.qian, outcome="unreached")

    ring(), ring()
    tasks.sweep()
    assert fresh(case).stage == Stage.PENDING_CALLBACK
    live(monday, days=1)
    assert told(office.qian, "请再次回访") == 1
    ring()
    tasks.sweep()
    closed = fresh(case)
    assert (closed.stage, closed.is_unreached, closed.satisfaction) == (Stage.CLOSED, True, "")


def test_a_closed_case_is_archived_after_thirty_days_unless_it_was_reopened(
    office: Cast, monday: Any
) -> None:
    cases = [stages.approved(office) for _ in range(2)]
    for case in cases:
        closing.record_callback(
            case.pk, by=office.qian, outcome="reached", solved="yes", satisfaction="satisfied"
        )
    live(monday, days=29)
    closing.rework(cases[1].pk, by=office.chen, note="群众再次来电")
    assert fresh(cases[0]).stage == Stage.CLOSED
    live(monday, days=2)
    assert fresh(cases[0]).stage == Stage.ARCHIVED
    assert fresh(cases[1]).stage != Stage.ARCHIVED


def test_a_reply_sent_back_starts_the_reminders_anew(office: Cast, monday: Any) -> None:
    case = stages.replied(office)
    monday.shift(timedelta(hours=1))
    reviewing.send_back(case.pk, by=office.su, note="请补充处理结果")
    live(monday, days=8)
    assert told(office.wang, "超期第1个工作日") == 1


def test_a_case_that_stands_still_is_not_reminded(office: Cast, monday: Any) -> None:
    case = stages.signed(office)
    Complaint.objects.filter(pk=case.pk).update(suspended_at=timezone.now())
    live(monday, days=14)
    assert not Reminder.objects.exists()
    assert fresh(case).holder == office.east_branch


def test_each_sweep_beats(office: Cast) -> None:
    tasks.sweep()
    assert Heartbeat.objects.get(name="sweep").beaten_at == timezone.now()
    assert todo.silent_since("sweep") is None


def test_a_word_of_the_leader_moves_no_moment_of_the_case(office: Cast, monday: Any) -> None:
    case = stages.signed(office)
    before = set(Todo.objects.filter(done_at=None).values_list("key", "due_at"))
    supervising.instruct(case.pk, by=office.lin, text="请尽快办理")
    assert set(Todo.objects.filter(done_at=None).values_list("key", "due_at")) == before


@pytest.mark.django_db(transaction=True)
def test_four_sweeps_at_once_remind_and_sign_once(
    on_postgres: None, office: Cast, monday: Any
) -> None:
    cases = [stages.dispatched(office) for _ in range(6)]
    monday.shift(timedelta(days=2))
    start = Barrier(4)

    def sweep(_number: int) -> int:
        start.wait()
        return todo.sweep(DUTIES)

    in_threads(sweep, 4)
    todo.sweep(DUTIES)
    assert Assignment.objects.filter(is_auto_signed=True).count() == len(cases)
    for case in cases:
        verbs = [step.verb for step in case.steps.all()]
        assert verbs.count("sign") == 1
        assert [step.number for step in case.steps.all()] == list(range(1, len(verbs) + 1))
    due = Reminder.objects.filter(due_at__lte=timezone.now())
    assert due.count() == due.values("complaint", "rule_code").distinct().count() > 0
