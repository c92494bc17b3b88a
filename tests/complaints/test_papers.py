"""What is printed of a case is remembered, disturbs nobody, and a slip has a number of its own."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from complaints.models import Complaint, Step, SupervisionSlip
from complaints.services import handling, papers, slips
from complaints.services.steps import first_broken_step
from governance.errors import HouseError, WrongMove
from governance.models import Notice
from tests.cast import Cast
from tests.complaints.desk import page_of, typed
from tests.complaints.stages import accepted, filed, signed
from tests.desk import signed_in

DEMAND = "请立即到场核实，按期书面反馈。"


def tomorrow() -> Any:
    """A time that can be kept."""
    return timezone.now() + timedelta(days=1)


def test_printing_is_a_line_in_the_history_and_nobodys_page_goes_stale(office: Cast) -> None:
    case = signed(office)
    seen = case.step_count
    papers.note_print(case.pk, by=office.chen, paper="承办单")
    last = Step.objects.filter(complaint=case).latest("number")
    assert (last.verb, last.note, last.by) == ("print", "承办单", office.chen)
    assert handling.log(case.pk, by=office.wang, note="已到现场查看", seen=seen).pk
    assert first_broken_step(Complaint.objects.get(pk=case.pk)) is None
    with pytest.raises(WrongMove, match="新进展"):
        handling.log(case.pk, by=office.wang, note="再次查看", seen=seen)


def test_whoever_sees_a_case_may_print_it_and_nobody_else(office: Cast) -> None:
    case = signed(office)
    papers.note_print(case.pk, by=office.lin, paper="承办单")
    with pytest.raises(PermissionDenied):
        papers.note_print(case.pk, by=office.zhao, paper="承办单")
    page = signed_in(office.chen).get(page_of(case, "print")).content.decode()
    assert "承办意见" in page
    assert "13900001011" not in page
    answer = signed_in(office.chen).post(page_of(case, "printed"))
    assert answer["Location"].endswith("/print/?now=1")
    assert "data-print-now" in signed_in(office.chen).get(answer["Location"]).content.decode()
    assert signed_in(office.zhao).post(page_of(case, "printed")).status_code == 404


def test_a_slip_has_the_next_number_and_tells_the_unit(office: Cast) -> None:
    case = signed(office)
    due = case.case_due_at
    first = slips.supervise(case.pk, by=office.chen, demand=DEMAND, due_at=tomorrow())
    second = slips.supervise(case.pk, by=office.chen, demand=DEMAND, due_at=tomorrow())
    assert [first.number, second.number] == ["HP督〔2026〕1号", "HP督〔2026〕2号"]
    case.refresh_from_db()
    assert (case.supervision, case.case_due_at) == ("supervised", due)
    told = Notice.objects.filter(title__contains="督办单").values_list("person", flat=True)
    assert {office.wang.person_id, office.su.person_id} <= set(told)


def test_a_slip_needs_a_unit_a_demand_a_time_and_the_right(office: Cast) -> None:
    case = signed(office)
    for given, said in (
        ({"demand": "快办"}, "至少六个字"),
        ({"due_at": timezone.now()}, "已过"),
    ):
        with pytest.raises(HouseError, match=said):
            slips.supervise(
                case.pk, by=office.chen, **{"demand": DEMAND, "due_at": tomorrow(), **given}
            )
    with pytest.raises(HouseError, match="派单以后"):
        slips.supervise(accepted(office).pk, by=office.chen, demand=DEMAND, due_at=tomorrow())
    with pytest.raises(PermissionDenied):
        slips.supervise(case.pk, by=office.wang, demand=DEMAND, due_at=tomorrow())
    assert not SupervisionSlip.objects.exists()
    assert filed(office).supervision == "none"


def test_the_slip_is_paper_with_number_time_and_signatures(office: Cast) -> None:
    case = signed(office)
    clerk = signed_in(office.chen)
    values = {"demand": DEMAND, "due_at": "2026-03-04T17:00"}
    refused = clerk.post(
        page_of(case, "supervise"),
        typed(case, "supervise", office.chen, **values | {"due_at": "x"}),
    )
    assert refused.status_code == 422
    assert DEMAND in refused.content.decode()
    done = clerk.post(
        page_of(case, "supervise"), typed(case, "supervise", office.chen, **values), follow=True
    )
    slip = SupervisionSlip.objects.get()
    assert slip.number in done.content.decode()
    paper = f"{page_of(case, 'slips')}{slip.pk}/"
    text = clerk.get(paper).content.decode()
    for words in (slip.number, "2026-03-04 17:00", "签收人", "签发盖章", "东一网格党支部", DEMAND):
        assert words in text
    assert clerk.post(f"{paper}printed/").status_code == 302
    assert Step.objects.filter(complaint=case).latest("number").note == f"督办单 {slip.number}"
    assert signed_in(office.zhao).get(paper).status_code == 404
    other = signed(office)
    assert clerk.get(f"{page_of(other, 'slips')}{slip.pk}/").status_code == 404
