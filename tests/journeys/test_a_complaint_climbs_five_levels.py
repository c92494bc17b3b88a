"""A whole story: one city order from the hotline to an honest close."""

from datetime import timedelta

from complaints.choices import Stage
from complaints.history import ladder, steps_of
from complaints.models import Complaint
from complaints.services import closing, dispatching, filing, handling, reviewing
from complaints.services.filing import Draft
from complaints.services.steps import first_broken_step
from complaints.services.timing import DUTIES
from governance.models import Notice
from governance.services import todo
from tests.cast import Cast
from tests.complaints.stages import ANSWER, category


def city_order(cast: Cast) -> Complaint:
    """An order as the import files it."""
    draft = Draft(
        source="hotline",
        source_number="370300202603020001",
        text="东园花园3号楼楼上每晚拖动家具，多次沟通无果。",
        category=category("050401"),
        place=cast.east_group,
        caller_name="李秀兰",
        caller_phone="13900001011",
        accepted=True,
    )
    [case] = filing.file_many([draft], subdistrict=cast.street, by=cast.chen)
    return case


def test_a_small_matter_climbs_because_nobody_signs_and_ends_with_a_satisfied_caller(
    office: Cast, monday
) -> None:
    case = city_order(office)
    dispatching.dispatch(case.pk, office.east_group, by=office.chen)
    # The building group has nobody with a handling post: its time box lets the case climb.
    monday.shift(timedelta(days=2))
    todo.sweep(DUTIES)
    now = Complaint.objects.get(pk=case.pk)
    assert (now.holder, now.main_unit) == (office.east_branch, office.east_group)

    handling.sign(case.pk, by=office.wang)
    handling.contact(case.pk, by=office.wang, channel="visit", is_reached=True)
    dispatching.escalate(case.pk, by=office.wang, note="双方情绪激动，需要社区调解")
    handling.sign(case.pk, by=office.su)
    handling.reply(case.pk, by=office.su, result_kind="solved", public_text=ANSWER)
    reviewing.approve(case.pk, by=office.chen)
    closed = closing.record_callback(
        case.pk, by=office.qian, outcome="reached", solved="yes", satisfaction="satisfied"
    )

    assert (closed.stage, closed.solved_level) == (Stage.CLOSED, 2)
    steps = steps_of(closed)
    # Nobody signed, so a yellow card and the house's own late signature come before the climb.
    assert [step.verb for step in reversed(steps)] == [
        "file", "dispatch", "remind", "sign", "escalate",
        "sign", "contact", "escalate", "sign", "reply", "approve", "close",
    ]  # fmt: skip
    states = {rung.level: rung.state for rung in ladder(closed, steps)}
    assert states == {5: "skipped", 4: "been", 3: "been", 2: "here", 1: "ahead"}
    assert first_broken_step(Complaint.objects.get(pk=case.pk)) is None


def test_what_the_community_lets_lie_is_told_to_the_street_and_does_not_climb(
    office: Cast, monday
) -> None:
    case = city_order(office)
    dispatching.dispatch(case.pk, office.east, by=office.chen)
    box = Complaint.objects.get(pk=case.pk).box_due_at
    monday.move_to(box + timedelta(seconds=1))
    todo.sweep(DUTIES)
    now = Complaint.objects.get(pk=case.pk)
    assert now.holder == office.east
    assert Notice.objects.filter(person=office.chen.person, title__contains="街道关注").count() == 1


def test_each_reminder_is_told_once_however_often_the_house_sweeps(office: Cast, monday) -> None:
    case = city_order(office)
    dispatching.dispatch(case.pk, office.east_branch, by=office.chen)
    for _ in range(12):
        monday.shift(timedelta(days=1))
        todo.sweep(DUTIES)
        todo.sweep(DUTIES)
    rows = case.reminders.values_list("assignment_number", "rule_code")
    assert len(rows) == len(set(rows)) >= 4
    red = Complaint.objects.get(pk=case.pk)
    assert red.card == "red"
    told = Notice.objects.filter(person=office.lin.person, key__startswith="remind:")
    assert told.count() == told.values("key").distinct().count() > 0
