"""The figures of the office: the worked example of `domain.md` 8.3, and the edges of each rate."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db.models import F
from django.utils import timezone

from complaints import rates
from complaints.choices import Stage
from complaints.figures import (
    BASE_OF_FIGURE,
    Base,
    Period,
    Rate,
    Tally,
    due_cases,
    measure,
    measure_by,
    rows,
)
from complaints.models import Assignment, Callback, Complaint
from complaints.services import closing, dispatching, handling, intake, merging, reviewing
from governance.services.calendar import current_calendar
from tests.cast import Cast
from tests.complaints import stages

ZONE = ZoneInfo("Asia/Shanghai")
MARCH = Period(datetime(2026, 3, 1, tzinfo=ZONE), datetime(2026, 4, 1, tzinfo=ZONE))
CUT_OFF = datetime(2026, 4, 3, 12, tzinfo=ZONE)
pytestmark = [pytest.mark.django_db, pytest.mark.smoke]


def at(day: int, hour: int = 10) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=ZONE)


def answered(cast: Cast, monday: Any, day: int, **more: Any) -> Complaint:
    """Dispatched on Monday the 2nd, answered and approved on `day`."""
    monday.move_to(at(2, 9))
    case = stages.dispatched(cast, **more)
    monday.move_to(at(day))
    handling.sign(case.pk, by=cast.wang)
    handling.contact(case.pk, by=cast.wang, channel="phone", is_reached=True)
    handling.reply(case.pk, by=cast.wang, result_kind="solved", public_text=stages.ANSWER)
    return reviewing.approve(case.pk, by=cast.su)


def called(case: Complaint, cast: Cast, solved: str, satisfaction: str) -> None:
    closing.record_callback(
        case.pk, by=cast.qian, outcome="reached", solved=solved, satisfaction=satisfaction
    )


@pytest.fixture
def example(office: Cast, monday: Any) -> Cast:
    """Twenty cases of March, as the worked example tells them."""
    cast = office
    on_time = [answered(cast, monday, 5) for _ in range(9)]
    on_time.append(answered(cast, monday, 3, code="100101", text="感谢网格员"))
    extended = answered(cast, monday, 11)
    late = [answered(cast, monday, 12) for _ in range(2)]
    new_due = at(13)
    Complaint.objects.filter(pk=extended.pk).update(case_due_at=new_due)
    for case in on_time[:7]:
        called(case, cast, "yes", "satisfied")
    called(on_time[7], cast, "yes", "basically")
    called(on_time[8], cast, "partly", "basically")
    called(late[0], cast, "no", "dissatisfied")
    monday.move_to(at(2, 9))
    stages.dispatched(cast)
    intake.void(stages.accepted(cast).pk, by=cast.chen, note="重复登记")
    target = stages.accepted(cast, caller_phone="13900001012")
    merging.merge_into(stages.accepted(cast).pk, target, by=cast.chen)
    closing.withdraw(stages.dispatched(cast).pk, by=cast.chen, note="自行解决")
    closing.withdraw(stages.signed(cast).pk, by=cast.chen, note="自行解决")
    held = stages.signed(cast)
    Complaint.objects.filter(pk=held.pk).update(suspended_at=at(4))
    next_month = datetime(2026, 4, 10, 17, tzinfo=ZONE)
    Complaint.objects.filter(pk=target.pk).update(case_due_at=next_month)
    monday.move_to(CUT_OFF)
    return cast


@pytest.fixture
def march(example: Cast) -> Tally:
    return rates.due_tally(Complaint.objects.all(), MARCH, CUT_OFF)


def test_the_worked_example_gives_its_published_rates(march: Tally) -> None:
    accepted = measure(Complaint.objects.all(), Base.ACCEPTED, MARCH, CUT_OFF)
    assert (accepted["accepted"], accepted["merged"], accepted["valid"]) == (20, 1, 17)
    assert (march["due"], march["finished"]) == (14, 13)
    assert str(rates.completion(march)) == "92.86"
    assert str(rates.on_time(march)) == "78.57"
    assert str(rates.on_original_time(march)) == "71.43"
    assert str(rates.satisfaction(march)) == "90.00"
    assert str(rates.solved(march)) == "85.00"
    assert rates.satisfaction(march) == Rate(9, 10)
    assert rates.solved(march) == Rate(Decimal("8.5"), 10)
    assert rates.callback(Complaint.objects.all(), MARCH, CUT_OFF) == Rate(10, 12)
    assert (march["on_time"], march["on_original_time"]) == (11, 10)


def test_every_figure_opens_its_rows_and_groups_add_up_to_the_whole(march: Tally) -> None:
    everything = Complaint.objects.all()
    for figure, base in BASE_OF_FIGURE.items():
        counted = measure(everything, base, MARCH, CUT_OFF, figure)[figure]
        assert rows(everything, figure, MARCH, CUT_OFF).count() == counted, figure
    from_groups = Tally()
    for _key, tally in measure_by(everything, Base.DUE, MARCH, CUT_OFF, {"unit": F("main_unit")}):
        from_groups += tally
    assert from_groups == march


def test_a_case_counts_in_one_month_and_with_its_first_answer(march: Tally) -> None:
    everything = Complaint.objects.all()
    reworked = everything.get(round=2)
    assert reworked.finished_at is None and reworked.case_due_at > reworked.original_due_at
    assert due_cases(everything.filter(pk=reworked.pk), MARCH).count() == 1
    assert not rows(everything, "on_time", MARCH, CUT_OFF).filter(round=2).exists()
    assert rates.rework(march) == Rate(1, 13)
    assert rates.first_time(march) == Rate(8, 13)
    april = Period(MARCH.end, datetime(2026, 5, 1, tzinfo=ZONE))
    in_march = set(due_cases(everything, MARCH).values_list("pk", flat=True))
    in_april = set(due_cases(everything, april).values_list("pk", flat=True))
    assert len(in_april) == 1 and not in_march & in_april


def test_what_was_answered_early_counts_when_it_was_answered(office: Cast, monday: Any) -> None:
    answered(office, monday, 3)
    third = Period(at(3, 0), at(4, 0))
    ninth = Period(at(9, 0), at(10, 0))
    assert due_cases(Complaint.objects.all(), third).count() == 1
    assert due_cases(Complaint.objects.all(), ninth).count() == 0


def test_solving_level_and_matters_that_stay_in_the_community(office: Cast, monday: Any) -> None:
    answered(office, monday, 3)
    monday.move_to(at(2, 9))
    case = stages.dispatched(office)
    dispatching.dispatch(case.pk, office.squad, by=office.chen, note="执法事项")
    monday.move_to(at(4))
    handling.sign(case.pk, by=office.sun)
    handling.contact(case.pk, by=office.sun, channel="visit", is_reached=True)
    handling.reply(case.pk, by=office.sun, result_kind="solved", public_text=stages.ANSWER)
    reviewing.approve(case.pk, by=office.chen)
    due = rates.due_tally(Complaint.objects.all(), MARCH, CUT_OFF)
    assert (due["at_level_3"], due["at_level_1"]) == (1, 1)
    assert rates.within_community(due) == Rate(1, 2)


def test_nothing_to_count_is_a_dash_and_never_a_hundred() -> None:
    empty = Tally()
    assert str(rates.completion(empty)) == "-"
    assert rates.completion(empty).percent is None
    assert str(Rate(0, 5)) == "0.00"


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        (911, 972, "93.72"),
        (737, 972, "75.82"),
        (1, 8, "12.50"),
        (1, 1600, "0.06"),
        (5, 5, "100.00"),
    ],
)
def test_two_decimals_are_rounded_half_up(part: int, whole: int, said: str) -> None:
    assert str(Rate(part, whole)) == said


def test_signing_contact_and_first_hits_are_read_from_the_dispatches(
    office: Cast, monday: Any
) -> None:
    everything = Complaint.objects.all()
    prompt, slow, lost = (stages.dispatched(office) for _ in range(3))
    handling.sign(prompt.pk, by=office.wang)
    handling.contact(prompt.pk, by=office.wang, channel="phone", is_reached=True)
    dispatching.hand_on(lost.pk, by=office.wang, note="不属于本网格")
    monday.shift(timedelta(days=3))
    handling.sign(slow.pk, by=office.wang)
    now = timezone.now()
    assert rates.sign_on_time(everything, MARCH, now) == Rate(1, 2)
    assert rates.first_contact(everything, MARCH, now) == Rate(1, 2)
    assert rates.moved_on(everything, MARCH) == Rate(1, 3)
    assert rates.first_hit(everything, MARCH) == Rate(2, 3)


def test_a_response_needs_the_record_and_the_citizens_word(office: Cast, monday: Any) -> None:
    def asked(case: Complaint, word: bool | None) -> None:
        closing.record_callback(
            case.pk, by=office.qian, outcome="reached", solved="yes", satisfaction="satisfied",
            was_contacted_in_time=word,
        )  # fmt: skip

    for word in (True, True, False, None):
        asked(answered(office, monday, 3), word)
    # The citizen says so, but the unit called days after its limit, or has called nobody at all.
    late, silent = (answered(office, monday, 4) for _ in range(2))
    asked(late, True)
    asked(silent, True)
    Assignment.objects.update(contacted_at=F("dispatched_at"))
    Assignment.objects.filter(complaint=late).update(contacted_at=at(20))
    Assignment.objects.filter(complaint=silent).update(contacted_at=None)
    everything = Complaint.objects.all()

    assert rates.response(everything, MARCH, CUT_OFF) == Rate(2, 5)
    Callback.objects.filter(complaint=late).update(outcome="undone")
    assert rates.response(everything, MARCH, CUT_OFF) == Rate(2, 4)
    assert str(rates.response(everything.none(), MARCH, CUT_OFF)) == "-"


def test_a_sign_that_the_house_made_is_late(office: Cast) -> None:
    handling.sign(stages.dispatched(office).pk, by=None)
    assert rates.sign_on_time(Complaint.objects.all(), MARCH, timezone.now()) == Rate(0, 1)


def test_repeats_are_counted_over_what_was_accepted(office: Cast) -> None:
    stages.accepted(office), stages.accepted(office)
    accepted = measure(Complaint.objects.all(), Base.ACCEPTED, MARCH, CUT_OFF)
    assert rates.repeats(accepted) == Rate(1, 2)


def test_the_average_is_in_workdays_with_the_median_beside_it(office: Cast, monday: Any) -> None:
    for day in (3, 3, 6, 9):
        answered(office, monday, day)
    found = rates.duration(Complaint.objects.all(), MARCH, CUT_OFF, current_calendar())
    # 1 + 1 + 4 + 5 workdays: the weekend of the 7th does not count.
    assert (found.average, found.median, found.count) == (Decimal("2.75"), Decimal("2.5"), 4)


def test_overdue_cases_are_listed_by_age_in_workdays(office: Cast, monday: Any) -> None:
    everything, calendar = Complaint.objects.all(), current_calendar()
    case = stages.dispatched(office)
    day_after_due = case.due_at + timedelta(days=1)
    monday.move_to(day_after_due)
    assert rates.overdue_ages(everything, timezone.now(), calendar) == [1, 0, 0]
    monday.move_to(day_after_due + timedelta(days=7))
    assert rates.overdue_ages(everything, timezone.now(), calendar) == [0, 1, 0]
    monday.move_to(day_after_due + timedelta(days=21))
    assert rates.overdue_ages(everything, timezone.now(), calendar) == [0, 0, 1]


def test_a_case_that_stands_still_is_neither_late_nor_due(office: Cast, monday: Any) -> None:
    case = stages.signed(office)
    monday.move_to(case.due_at + timedelta(hours=1))
    before = measure(Complaint.objects.all(), Base.OPEN, MARCH, timezone.now())
    Complaint.objects.filter(pk=case.pk).update(suspended_at=timezone.now())
    after = measure(Complaint.objects.all(), Base.OPEN, MARCH, timezone.now())
    assert (before["overdue"], after["overdue"]) == (1, 0)
    assert (after["open"], after["suspended"]) == (1, 1)
    assert Complaint.objects.get(pk=case.pk).stage == Stage.HANDLING
