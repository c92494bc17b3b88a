"""Steps: one place changes a stage, and its history cannot be rewritten unseen."""

import threading

import pytest
from django.db import DatabaseError, connection, connections, transaction

from complaints.models import Complaint, Step
from complaints.services import handling, intake
from complaints.services.steps import first_broken_step
from governance.errors import WrongMove
from tests.cast import Cast
from tests.complaints.stages import filed, replied, signed


def test_steps_are_numbered_without_a_gap_and_chained(office: Cast) -> None:
    case = replied(office)
    numbers = list(case.steps.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, case.step_count + 1))
    assert first_broken_step(Complaint.objects.get(pk=case.pk)) is None


@pytest.mark.parametrize("column", ["verb", "stage_after", "at", "step_hash"])
def test_the_database_refuses_to_rewrite_or_delete_a_step(office: Cast, column: str) -> None:
    case = replied(office)
    value = case.filed_at if column == "at" else "sign"
    with pytest.raises(DatabaseError), transaction.atomic():
        Step.objects.filter(complaint=case, number=1).update(**{column: value})
    with pytest.raises(DatabaseError), transaction.atomic():
        Step.objects.filter(complaint=case, number=1).delete()


def test_a_rewritten_note_is_found_and_a_blanked_one_is_lawful(office: Cast) -> None:
    case = Complaint.objects.get(pk=replied(office).pk)
    Step.objects.filter(complaint=case, verb="reply").update(note="", note_salt="")
    assert first_broken_step(case) is None
    Step.objects.filter(complaint=case, verb="contact").update(note="什么也没做")
    assert first_broken_step(case) == Step.objects.get(complaint=case, verb="contact").number


def test_a_refused_step_leaves_no_trace(office: Cast) -> None:
    case = signed(office)
    with pytest.raises(WrongMove):
        intake.accept(case.pk, by=office.chen)
    assert Complaint.objects.get(pk=case.pk).step_count == case.steps.count()


@pytest.mark.django_db(transaction=True)
def test_of_many_who_accept_at_once_exactly_one_wins(on_postgres: None, office: Cast) -> None:
    case = filed(office)
    outcomes: list[str] = []
    gate = threading.Barrier(8)

    def act() -> None:
        gate.wait()
        try:
            intake.accept(case.pk, by=office.chen, seen=1)
            outcomes.append("won")
        except WrongMove:
            outcomes.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=act) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["refused"] * 7 + ["won"]


def test_statements_of_the_frequent_deeds_stay_few(office: Cast, statements) -> None:
    filed(office)  # the process has read calendar and rules before
    with statements(most=22):
        case = filed(office)
    with statements(most=12):
        intake.accept(case.pk, by=office.chen)
    assert connection.vendor in ("sqlite", "postgresql")


def test_a_step_of_a_worker_costs_few_statements(office: Cast, statements) -> None:
    case = signed(office)
    with statements(most=18):
        handling.contact(case.pk, by=office.wang, channel="phone", is_reached=True)
    with statements(most=18):
        handling.reply(
            case.pk, by=office.wang, result_kind="solved",
            public_text="已联系双方当面调解，约定每晚十点后不再拖动家具。",
        )  # fmt: skip
