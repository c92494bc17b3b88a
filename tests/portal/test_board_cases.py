"""The rows behind a figure, one case, and a leader's word on it."""

import html
import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone

from complaints import rates
from complaints.models import Complaint, Instruction
from complaints.services import filing, handling, supervising
from complaints.services.filing import Draft
from governance.models import AuditEntry, Notice
from portal.board.formulas import FORMULAS, computed
from portal.board.scope import scope_of
from tests.cast import Cast
from tests.complaints import stages

pytestmark = pytest.mark.django_db


@pytest.fixture
def lin(client: Client, office: Cast) -> Client:
    client.force_login(office.lin)
    return client


def sent(client: Client, case: Complaint, **more: Any) -> Any:
    """A filled form as the page sends it."""
    values = {
        "key": str(uuid4()),
        "seen": Complaint.objects.get(pk=case.pk).step_count,
        "text": "请本周内办结并答复群众",
        "until": "three",
    }
    return client.post(f"/board/cases/{case.pk}/instruct/", values | more)


def test_a_long_list_is_turned_page_by_page_without_a_gap(lin: Client, office: Cast) -> None:
    drafts = [Draft(source="phone", text=f"路灯不亮 {n}", accepted=True) for n in range(120)]
    filing.file_many(drafts, subdistrict=office.street, by=office.chen)
    seen, address = [], "/board/cases/?figure=open"
    while address:
        answer = lin.get(address)
        seen += [row.pk for row in answer.context["page"].rows]
        older = answer.context["older_url"]
        address = f"/board/cases/{older}" if older else ""
    assert len(seen) == len(set(seen)) == 120
    assert answer.context["count_words"] == "120"
    assert answer.context["newer_url"]


def test_the_list_says_which_figure_unit_and_city_number(lin: Client, office: Cast) -> None:
    stages.dispatched(office, source="hotline", source_number="3703-77")
    text = lin.get("/board/cases/?figure=to_sign").content.decode()
    assert "待签收" in text and "和平街道" in text and "3703-77" in text


def test_a_list_needs_few_statements_whatever_its_length(
    lin: Client,
    office: Cast,
    django_assert_max_num_queries: Any,
) -> None:
    for _ in range(8):
        stages.dispatched(office)
    lin.get("/board/cases/")
    with django_assert_max_num_queries(10):
        assert len(lin.get("/board/cases/").context["page"].rows) == 8


def test_a_leader_reads_the_case_and_its_way(lin: Client, office: Cast) -> None:
    case = stages.replied(office)
    text = lin.get(f"/board/cases/{case.pk}/").content.decode()
    assert case.title in text and "王强" in text and stages.ANSWER in text
    assert "13900001011" not in text and "139****" not in text


def test_reading_a_confidential_case_leaves_a_line_in_the_audit(lin: Client, office: Cast) -> None:
    case = stages.dispatched(office)
    supervising.restrict(case.pk, by=office.chen, people=[office.su.person])
    assert lin.get(f"/board/cases/{case.pk}/").status_code == 200
    line = AuditEntry.objects.get(verb="see_complaint")
    assert (line.by, line.subject) == (office.lin, f"complaint:{case.pk}")


def test_a_word_of_the_leader_reaches_the_holder_with_its_own_due_time(
    lin: Client,
    office: Cast,
) -> None:
    case = stages.signed(office)
    assert sent(lin, case).url == f"/board/cases/{case.pk}/"
    word = Instruction.objects.get(complaint=case)
    assert word.by == office.lin
    assert timezone.localtime(word.due_at).strftime("%m-%d %H:%M:%S") == "03-05 23:59:59"
    assert Complaint.objects.get(pk=case.pk).due_at == case.due_at
    assert Notice.objects.filter(person=office.wang.person, title__startswith="领导批示").exists()


def test_the_answer_to_a_word_stands_on_the_page_and_in_the_leaders_inbox(
    lin: Client,
    office: Cast,
) -> None:
    case = stages.signed(office)
    sent(lin, case)
    assert "尚未落实" in lin.get(f"/board/cases/{case.pk}/").content.decode()
    word = Instruction.objects.get(complaint=case)
    supervising.answer_instruction(word, by=office.wang, note="已更换灯泡并巡查全楼")
    text = lin.get(f"/board/cases/{case.pk}/").content.decode()
    assert "已更换灯泡并巡查全楼" in text and "尚未落实" not in text
    assert Notice.objects.filter(person=office.lin.person, title__startswith="批示已落实").exists()


def test_the_same_form_sent_twice_is_one_word(lin: Client, office: Cast) -> None:
    case = stages.signed(office)
    key, seen = str(uuid4()), case.step_count
    for _ in range(2):
        assert sent(lin, case, key=key, seen=seen).status_code == 302
    assert Instruction.objects.count() == 1
    assert sent(lin, case, key=key, seen=seen, text="另一句话").status_code == 422
    assert Instruction.objects.count() == 1


def test_a_case_that_moved_on_is_shown_anew_and_the_words_stay(lin: Client, office: Cast) -> None:
    case = stages.signed(office)
    seen = case.step_count
    handling.log(case.pk, by=office.wang, note="已到现场查看")
    answer = sent(lin, case, seen=seen)
    assert answer.status_code == 409
    assert "请本周内办结并答复群众" in answer.content.decode()
    assert "已到现场查看" in answer.content.decode()
    assert not Instruction.objects.exists()
    form = answer.context["form"]
    again = sent(lin, case, key=form["key"].value(), seen=form["seen"].value())
    assert again.status_code == 302


def test_an_empty_word_and_a_past_due_time_are_refused_in_words(
    lin: Client,
    office: Cast,
    monday: Any,
) -> None:
    case = stages.signed(office)
    empty = sent(lin, case, text=" ")
    assert empty.status_code == 422 and "请写下批示内容" in empty.content.decode()
    monday.shift(timedelta(hours=10))
    evening = Client()
    evening.force_login(office.lin)
    late = sent(evening, case, until="today")
    assert late.status_code == 422 and "落实期限已过" in late.content.decode()
    assert not Instruction.objects.exists()


def test_who_has_no_word_reads_but_gives_none(client: Client, office: Cast) -> None:
    case = stages.signed(office)
    client.force_login(office.su)
    assert "送出批示" not in client.get(f"/board/cases/{case.pk}/").content.decode()
    assert sent(client, case).status_code == 403
    client.force_login(office.zhao)
    assert sent(client, case).status_code == 404
    assert not Instruction.objects.exists()


def test_one_case_needs_few_statements(
    lin: Client,
    office: Cast,
    django_assert_max_num_queries: Any,
) -> None:
    case = stages.replied(office)
    lin.get("/board/cases/")
    with django_assert_max_num_queries(12):
        lin.get(f"/board/cases/{case.pk}/")


def test_every_rate_is_explained_with_its_two_counts(office: Cast, client: Client) -> None:
    stages.approved(office)
    client.force_login(office.lin)
    page = client.get("/board/?period=year").content.decode()
    for anchor in ("completion", "on_time", "satisfaction", "within_community"):
        address = re.search(rf'href="(/board/formulas/[^"#]*)#{anchor}"', page)
        assert address is not None and "period=year" in address[1]
    shown = client.get(html.unescape(address[1])).content.decode()

    for formula in FORMULAS:
        assert f'id="{formula.anchor}"' in shown and str(formula.name) in shown
    assert client.get("/board/formulas/?unit=999999").status_code in (403, 404)


def test_the_explained_rates_are_those_of_the_overview(office: Cast, monday: Any) -> None:
    stages.approved(office)
    monday.shift(timedelta(hours=1))
    request = RequestFactory().get("/board/formulas/", {"period": "year"})
    request.user = office.lin
    scope = scope_of(request)
    lines = {line.formula.anchor: line.rate for line in computed(scope).lines}
    due = rates.due_tally(scope.cases, scope.period, scope.now)

    assert lines["completion"] == rates.completion(due) and lines["completion"].whole == 1
    assert lines["on_time"] == rates.on_time(due)
    assert lines["first_hit"] == rates.first_hit(scope.cases, scope.period)
