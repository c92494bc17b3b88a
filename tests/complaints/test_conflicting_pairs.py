"""Two people decide about one case in the same moment: exactly one of the two deeds happens."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from threading import Barrier, Event, Timer
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from complaints.models import Complaint
from complaints.services import dispatching, handling, intake, reviewing, undoing
from complaints.services.requests import asking, deciding
from complaints.services.steps import first_broken_step, lock_complaint
from governance.errors import HouseError
from tests.cast import Cast
from tests.complaints import stages
from tests.complaints.test_requests_asking import return_of, suspension_of
from tests.governance.threads import in_threads

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("on_postgres")]
IN_VERIFY, FULL = 11, 1_000

Act = Callable[[], Any]
# A case, and two deeds of which the office wants one.
Pair = tuple[Complaint, Act, Act]


def answer(case: Complaint, office: Cast) -> Act:
    return lambda: handling.reply(
        case.pk, by=office.wang, result_kind="solved", public_text=stages.ANSWER,
        seen=case.step_count,
    )  # fmt: skip


def accepted_or_sent_back(office: Cast) -> Pair:
    case = stages.filed(office)
    return (
        case,
        lambda: intake.accept(case.pk, by=office.chen),
        lambda: intake.reject(
            case.pk, by=office.qian, note="不属于受理范围", reason_code="no_request"
        ),
    )


def accepted_twice(office: Cast) -> Pair:
    case = stages.filed(office)
    return (
        case,
        lambda: intake.accept(case.pk, by=office.chen),
        lambda: intake.accept(case.pk, by=office.qian),
    )


def granted_or_refused(office: Cast) -> Pair:
    case = stages.signed(office)
    pk = suspension_of(case, office).pk
    return (
        case,
        lambda: deciding.grant(pk, by=office.chen),
        lambda: deciding.refuse(pk, by=office.qian, note="理由不充分"),
    )


def extended_or_refused(office: Cast) -> Pair:
    case = stages.asked(office)
    pk = case.requests.get().pk
    return (
        case,
        lambda: deciding.grant(pk, by=office.chen),
        lambda: deciding.refuse(pk, by=office.su, note="请按期办结"),
    )


def returned_or_answered(office: Cast) -> Pair:
    case = stages.contacted(office)
    pk = return_of(case, office).pk
    case.refresh_from_db()
    return case, lambda: deciding.grant(pk, by=office.su), answer(case, office)


def answered_or_escalated(office: Cast) -> Pair:
    case = stages.contacted(office)
    case.refresh_from_db()
    return (
        case,
        answer(case, office),
        lambda: dispatching.escalate(
            case.pk, by=office.wang, note="需社区协调", seen=case.step_count
        ),
    )


def handed_on_or_signed(office: Cast) -> Pair:
    case = stages.dispatched(office)
    seen = case.step_count
    return (
        case,
        lambda: dispatching.hand_on(case.pk, by=office.wang, note="属西园", seen=seen),
        lambda: handling.sign(case.pk, by=office.wang, seen=seen),
    )


def undone_or_signed(office: Cast) -> Pair:
    case = stages.dispatched(office)
    return (
        case,
        lambda: undoing.undo(case.pk, by=office.chen),
        lambda: handling.sign(case.pk, by=office.wang),
    )


def extended_or_answered(office: Cast) -> Pair:
    case = stages.contacted(office)
    asking.ask_extension(
        case.pk, by=office.wang, note="厂家配件下周到货", amount=2, channel="phone", reason="works"
    )
    case.refresh_from_db()
    pk, seen = case.requests.get().pk, case.step_count
    return case, lambda: deciding.grant(pk, by=office.chen, seen=seen), answer(case, office)


def approved_or_sent_back(office: Cast) -> Pair:
    case = stages.replied(office)
    return (
        case,
        lambda: reviewing.approve(case.pk, by=office.su),
        lambda: reviewing.send_back(case.pk, by=office.lin, note="请补充整改后的情况"),
    )


def dispatched_to_two(office: Cast) -> Pair:
    case = stages.accepted(office)
    seen = case.step_count
    return (
        case,
        lambda: dispatching.dispatch(case.pk, office.east_branch, by=office.chen, seen=seen),
        lambda: dispatching.dispatch(case.pk, office.squad, by=office.qian, seen=seen),
    )


PAIRS = (
    accepted_or_sent_back, accepted_twice, granted_or_refused, extended_or_refused,
    returned_or_answered, answered_or_escalated, handed_on_or_signed, undone_or_signed,
    extended_or_answered, approved_or_sent_back, dispatched_to_two,
)  # fmt: skip


def race(acts: tuple[Act, Act]) -> list[str]:
    """Both at the same moment, each on its own connection; "won", or what the loser was told."""
    start = Barrier(2)

    def run(number: int) -> str:
        start.wait(timeout=10)
        try:
            acts[number]()
        except (HouseError, PermissionDenied) as refusal:
            return str(refusal) or "refused"
        return "won"

    return in_threads(run, 2)


def run_pairs(office: Cast, count: int) -> Iterator[tuple[str, list[str]]]:
    """Lay and race so many pairs, each kind in turn; the history of each case stays whole."""
    for make in islice(cycle(PAIRS), count):
        case, one, other = make(office)
        steps = Complaint.objects.values_list("step_count", flat=True).get(pk=case.pk)
        results = race((one, other))
        after = Complaint.objects.get(pk=case.pk)
        assert after.step_count == steps + 1, (make.__name__, results)
        assert first_broken_step(after) is None
        yield make.__name__, results


def check_pairs(office: Cast, count: int) -> Counter[str]:
    """Exactly one of each pair wins, and the other is told why in a sentence."""
    firsts: Counter[str] = Counter()
    for name, results in run_pairs(office, count):
        assert results.count("won") == 1, (name, results)
        assert all(result for result in results)
        firsts[name] += results[0] == "won"
    return firsts


def test_whoever_waited_for_a_case_sees_it_as_it_is_now(office: Cast) -> None:
    """What is joined to a row or asked beside it must not be of the moment before the wait."""
    case = stages.signed(office)
    has_it, may_go = Event(), Event()

    def run(number: int) -> list[Any]:
        if number == 0:
            with transaction.atomic():
                suspension_of(case, office)
                dispatching.escalate(case.pk, by=None, note="本级停留时限已到")
                has_it.set()
                may_go.wait(timeout=10)
            return []
        has_it.wait(timeout=10)
        with transaction.atomic():
            Timer(0.3, may_go.set).start()
            found = lock_complaint(case.pk)
            return [found.holder, found.holder_id, found.has_pending_request]

    _none, seen = in_threads(run, 2)

    assert seen == [office.east, office.east.pk, True]


def test_of_each_kind_of_conflicting_pair_exactly_one_wins(office: Cast) -> None:
    check_pairs(office, IN_VERIFY)


@pytest.mark.full
@pytest.mark.timeout(1_800)
def test_of_a_thousand_conflicting_pairs_exactly_one_wins_each(office: Cast) -> None:
    began = time.monotonic()
    firsts = check_pairs(office, FULL)
    print(f"{FULL} pairs, {time.monotonic() - began:.0f} s, won by the first: {dict(firsts)}")
    assert any(0 < won < FULL // len(PAIRS) for won in firsts.values()), "nobody ever raced"
