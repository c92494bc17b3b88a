"""Of two people who decide at once, or decide and answer at once, exactly one wins."""

from collections.abc import Callable
from threading import Barrier
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from complaints.choices import RequestState, Stage
from complaints.models import CaseRequest, Complaint
from complaints.services import handling
from complaints.services.requests import asking, deciding
from governance.errors import HouseError, WrongMove
from tests.cast import Cast
from tests.complaints import stages
from tests.complaints.test_requests_asking import return_of, suspension_of
from tests.governance.threads import in_threads

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("on_postgres")]
PAIRS = 8


def race(*acts: Callable[[], Any]) -> list[str]:
    """All at the same moment; "won" or the sentence that told the loser."""
    start = Barrier(len(acts))

    def run(number: int) -> str:
        start.wait()
        try:
            acts[number]()
        except (HouseError, PermissionDenied) as refusal:
            return str(refusal)
        return "won"

    return in_threads(run, len(acts))


def whole(case: Complaint) -> Complaint:
    """The case, whose history has no gap."""
    case = Complaint.objects.get(pk=case.pk)
    numbers = list(case.steps.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, case.step_count + 1))
    return case


def test_two_who_decide_at_once_decide_once(office: Cast) -> None:
    for _pair in range(PAIRS):
        case = stages.signed(office)
        request = suspension_of(case, office)
        results = race(
            lambda pk=request.pk: deciding.grant(pk, by=office.chen),
            lambda pk=request.pk: deciding.refuse(pk, by=office.qian, note="理由不充分"),
        )
        assert sorted(result == "won" for result in results) == [False, True]
        request.refresh_from_db()
        assert whole(case).is_suspended == (request.state == RequestState.GRANTED)


def test_a_return_granted_and_an_answer_given_at_once_do_not_both_happen(office: Cast) -> None:
    for _pair in range(PAIRS):
        case = stages.contacted(office)
        request = return_of(case, office)
        results = race(
            lambda pk=request.pk: deciding.grant(pk, by=office.su),
            lambda pk=case.pk: handling.reply(
                pk, by=office.wang, result_kind="solved", public_text=stages.ANSWER
            ),
        )
        assert sorted(result == "won" for result in results)[-1] is True
        request.refresh_from_db()
        stage = whole(case).stage
        assert (stage, request.state) in {
            (Stage.PENDING_DISPATCH, RequestState.GRANTED),
            (Stage.PENDING_REVIEW, RequestState.LAPSED),
        }
        assert results.count("won") == 1


def test_the_same_request_sent_twice_at_once_is_one_request(office: Cast) -> None:
    for _pair in range(PAIRS):
        case = stages.signed(office)
        ask = [lambda pk=case.pk: asking.ask_return(
            pk, by=office.wang, note="不属本网格", reason="not_our_ground"
        )] * 2  # fmt: skip
        assert race(*ask).count("won") == 1
        assert CaseRequest.objects.filter(complaint=case).count() == 1
        whole(case)


def test_control_without_the_lock_both_would_win(
    office: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pairs above prove nothing unless they collide when nobody locks."""

    def unlocked(pk: int, *, seen: int | None = None) -> Complaint:
        case = Complaint.objects.select_related("subdistrict", "holder", "caller").get(pk=pk)
        meet.wait(timeout=5)
        return case

    meet = Barrier(2)
    monkeypatch.setattr(deciding, "lock_complaint", unlocked)
    request = suspension_of(stages.signed(office), office)

    def decide(number: int) -> str:
        try:
            if number:
                deciding.refuse(request.pk, by=office.qian, note="理由不充分")
            else:
                deciding.grant(request.pk, by=office.chen)
        except WrongMove:
            return "told"
        except Exception as collision:
            return type(collision).__name__
        return "won"

    results = in_threads(decide, 2)
    assert "told" not in results
