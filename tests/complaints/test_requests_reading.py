"""The lists of requests, how first dispatches hit, and the floors of the internal buffer."""

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from complaints import requested
from complaints.choices import DispatchRule
from complaints.figures import Base, Period, Rate, measure
from complaints.models import CaseRequest, CaseRules, Complaint, Reply
from complaints.rates import dissatisfaction, satisfaction, solved
from complaints.rules import rules_changed
from complaints.selectors import capped_counts, count_label
from complaints.services import closing, dispatching, reviewing
from complaints.services.requests import deciding
from tests.cast import Cast, account
from tests.complaints import stages
from tests.complaints.desk import page_of, signed_in, typed
from tests.complaints.phones import deed, phone_of, url
from tests.complaints.test_requests_asking import claim_of, local, return_of

pytestmark = pytest.mark.django_db
REQUESTS = "/admin/complaints/complaint/requests/"
FIRST = "/admin/complaints/complaint/first-dispatch/"


def test_the_lists_show_each_request_to_who_waits_for_it(office: Cast) -> None:
    asked, standing = stages.asked(office), stages.suspended(office)
    city = stages.city_asked(office, source_number="26030200777")
    desk = {name: signed_in(getattr(office, name)) for name in ("su", "chen", "zhao")}

    def shown(who: str, show: str) -> str:
        answer = desk[who].get(REQUESTS, {"show": show})
        assert answer.status_code == 200
        return str(answer.content.decode())

    assert asked.number in shown("su", "mine") and asked.number in shown("su", "extension")
    assert standing.number in shown("chen", "standing")
    assert city.number in shown("chen", "city")
    assert asked.number not in shown("chen", "return")
    for show in ("mine", "extension", "standing", "city", "asked", "decided"):
        page = shown("zhao", show)
        assert not any(case.number in page for case in (asked, standing, city))
    assert desk["su"].get(REQUESTS, {"show": "nonsense"}).status_code == 404
    assert "待审批的申请" in desk["su"].get("/admin/").content.decode()


def counts_on_tabs(page: str, address: str) -> dict[str, str]:
    """The count on each tab that has one, by the word in its address."""
    tab = rf'href="{re.escape(address)}\?show=(\w+)"[^>]*>[^<]+<span class="tabular">([^<]+)</span>'
    return dict(re.findall(tab, page))


def test_each_tab_of_what_waits_says_how_many_rows_it_opens(office: Cast) -> None:
    stages.asked(office), stages.asked(office)
    stages.suspended(office)
    stages.city_asked(office, source_number="26030200777")
    desk = signed_in(office.su)
    counts = counts_on_tabs(desk.get(REQUESTS).content.decode(), REQUESTS)
    assert counts["mine"] == counts["extension"] == "2" and counts["standing"] == "1"
    assert "decided" not in counts and "asked" not in counts, "registers are looked up"
    for show, count in counts.items():
        page = desk.get(REQUESTS, {"show": show}).content.decode()
        assert page.count("data-row") == int(count), show
        assert counts_on_tabs(page, REQUESTS) == counts, "the same on every list"
    searched = desk.get(REQUESTS, {"show": "mine", "q": "没有这样的事"}).content.decode()
    assert counts_on_tabs(searched, REQUESTS) == counts and "共 0 件" in searched
    stranger = signed_in(office.zhao).get(REQUESTS).content.decode()
    assert set(counts_on_tabs(stranger, REQUESTS).values()) == {"0"}


def test_counts_of_several_lists_come_in_one_statement_and_stop_at_the_cap(
    office: Cast, statements: Any
) -> None:
    for _number in range(4):
        stages.filed(office)
    every = Complaint.objects.all()
    lists = {
        "all": every,
        "first": every.filter(pk=every[0].pk),
        "none": every.none(),
        "closed": every.filter(is_open=False),
    }
    with statements(most=1):
        counts = capped_counts(lists, cap=2)
    assert counts == {"all": 3, "first": 1, "none": 0, "closed": 0}
    assert (count_label(counts["all"], 2), count_label(counts["first"], 2)) == ("2+", "1")
    with statements(most=0):
        assert capped_counts({"none": every.none()}) == {"none": 0}


def test_the_lists_of_requests_ask_few_statements_however_long(
    office: Cast, statements: Any
) -> None:
    for _number in range(6):
        stages.asked(office)
    desk, phone = signed_in(office.su), phone_of(office.su)
    desk.get(REQUESTS)
    with statements(most=10):
        assert desk.get(REQUESTS).status_code == 200
    with statements(most=10):
        assert phone.get(reverse("mobile:requests")).status_code == 200


def test_a_requester_finds_no_button_to_decide(office: Cast) -> None:
    case = stages.asked(office)
    CaseRequest.objects.update(asked_by=office.su)
    own = signed_in(office.su).get(page_of(case)).content.decode()
    other = signed_in(office.ma).get(page_of(case)).content.decode()
    assert "审批申请" not in own and "撤回申请" in own
    assert "审批申请" in other


def test_a_request_decided_meanwhile_is_told_with_the_present_state(office: Cast) -> None:
    case = stages.asked(office)
    body = typed(case, "decide_request", office.su, request=case.requests.get().pk,
                 decision="grant", note="同意，请抓紧")  # fmt: skip
    deciding.refuse(case.requests.get().pk, by=office.chen, note="请按期办结")
    answer = signed_in(office.su).post(page_of(case, "decide_request"), body)
    assert answer.status_code == 409
    assert "同意，请抓紧" in answer.content.decode()


def test_a_worker_asks_on_the_phone_and_keeps_what_was_typed_when_refused(office: Cast) -> None:
    case, wang = stages.signed(office), phone_of(office.wang)
    form = wang.get(url("ask_suspension", case)).content.decode()
    assert "等待季节或天气条件" in form and "合计最多 90 自然日" in form
    sent = deed(case, reason="season", note="等入冬前统一修缮", amount=91, evidence="区住建局通知")
    refused = wang.post(url("ask_suspension", case), sent)
    assert refused.status_code == 422
    assert "不能超过 90 自然日" in refused.content.decode()
    assert "等入冬前统一修缮" in refused.content.decode()
    sent = deed(case, reason="season", note="等入冬前统一修缮", amount=60, evidence="区住建局通知")
    assert [wang.post(url("ask_suspension", case), sent).status_code for _ in range(2)] == [302] * 2
    assert CaseRequest.objects.get().amount == 60
    page = wang.get(url("complaint", case)).content.decode()
    assert "待审批" in page and "撤回申请" in page and "时限照常计算" in page
    assert wang.get(url("ask_suspension", case)).status_code == 409


def test_a_secretary_decides_on_the_phone_with_a_reason_for_a_no(office: Cast) -> None:
    case, su = stages.asked(office), phone_of(office.su)
    request = case.requests.get().pk
    assert "厂家配件下周到货" in su.get(url("decide_request", case)).content.decode()
    bare = su.post(url("decide_request", case), deed(case, request=request, decision="refuse"))
    assert bare.status_code == 422 and "写明理由" in bare.content.decode()
    done = su.post(
        url("decide_request", case), deed(case, request=request, decision="grant", amount=1)
    )
    assert done.status_code == 302
    assert local(Complaint.objects.get(pk=case.pk).assignment_due_at) == "03-09 23:59"
    assert phone_of(office.zhao).get(url("decide_request", case)).status_code == 404
    assert phone_of(office.wang).get(url("decide_request", case)).status_code == 404


def test_the_clock_before_and_after_stands_in_the_timeline(office: Cast) -> None:
    case = stages.asked(office)
    deciding.grant(case.requests.get().pk, by=office.su)
    page = signed_in(office.chen).get(page_of(case)).content.decode()
    assert "03-06 23:59" in page and "03-10 23:59" in page
    assert "东园社区 社区党委书记（网格站长）" in page.replace("大党委", "")


# ── 首派准确率 ────────────────────────────────────────────────────────────────────────────────


def test_first_dispatches_are_judged_by_dispatcher_rule_and_category(office: Cast) -> None:
    right = stages.accepted(office)
    dispatching.dispatch(right.pk, office.east_branch, by=office.chen, rule=DispatchRule.PLACE)
    for by in (office.chen, office.qian):
        wrong = stages.accepted(office, code="040401")
        dispatching.dispatch(wrong.pk, office.squad, by=by, rule=DispatchRule.BY_HAND)
        deciding.grant(return_of(wrong, office, by=office.sun).pk, by=office.chen)
    now = timezone.now()
    period = Period(now - timedelta(days=1), now + timedelta(days=1))

    def table(by: str) -> dict[str, str]:
        rows = requested.first_hits(Complaint.objects.all(), period, by)
        return {name: f"{rate.part}/{rate.whole}" for name, rate in rows}

    assert table("dispatcher") == {"陈晓燕": "1/2", "钱敏": "0/1"}
    assert table("rule") == {"地址所属网格或社区": "1/1", "人工选择": "0/2"}
    assert sorted(table("category").values()) == ["0/2", "1/1"]
    page = signed_in(office.lin).get(FIRST).content.decode()
    assert "50.00 %" in page and "陈晓燕" in page
    assert signed_in(office.sun).get(FIRST).status_code == 403
    assert signed_in(office.lin).get(FIRST, {"days": "7"}).status_code == 404


def test_the_desk_remembers_by_which_rule_it_found_the_unit(office: Cast) -> None:
    found, chosen = stages.accepted(office), stages.accepted(office)
    desk = signed_in(office.chen)
    for case, field in (
        (found, {"suggested": office.east_branch.pk}),
        (chosen, {"unit": office.west_branch.pk}),
    ):
        body = typed(case, "dispatch", office.chen, **field)
        assert desk.post(page_of(case, "dispatch"), body).status_code == 302
    rules = [case.assignments.get().rule for case in (found, chosen)]
    assert rules == [DispatchRule.PLACE, DispatchRule.BY_HAND]


# ── 超职责 in the figures ─────────────────────────────────────────────────────────────────────


def test_a_case_ruled_out_of_duty_counts_but_not_in_what_citizens_say(office: Cast) -> None:
    cases = []
    for claimed in (False, True):
        case = stages.contacted(office)
        if claimed:
            deciding.grant(claim_of(case, office).pk, by=office.chen)
        closing_answer(office, case, "yes" if not claimed else "no")
        cases.append(case)
    now = timezone.now()
    period = Period(now - timedelta(days=30), now + timedelta(days=30))
    due = measure(Complaint.objects.all(), Base.DUE, period, now + timedelta(seconds=1))
    assert (due["due"], due["finished"], due["excluded"]) == (2, 2, 1)
    assert (str(satisfaction(due)), str(solved(due))) == ("100.00", "100.00")
    assert (satisfaction(due, raw=True), solved(due, raw=True)) == (Rate(1, 2), Rate(1, 2))
    assert dissatisfaction(due) == Rate(0, 1) and dissatisfaction(due, raw=True) == Rate(1, 2)


def test_the_board_shows_both_values_and_who_left_out_which_case_on_what_ground(
    office: Cast, monday: Any
) -> None:
    case = stages.contacted(office)
    deciding.grant(claim_of(case, office).pk, by=office.chen, note="见住建局文件")
    closing_answer(office, case, "no")
    monday.shift(timedelta(hours=1))
    lin = signed_in(office.lin)
    page = lin.get("/board/formulas/?period=year").content.decode()
    row = page[page.index('id="satisfaction"') : page.index('id="dissatisfaction"')]

    assert "0/0" in row and "0/1" in row
    for said in (case.number, "陈晓燕", "见住建局文件", f"/board/cases/{case.pk}/"):
        assert said in page
    address = re.search(r'href="(/board/cases/[^"]*figure=excluded[^"]*)"', page)
    assert address is not None
    assert case.number in lin.get(html.unescape(address[1])).content.decode()
    assert "没有剔除" in lin.get("/board/formulas/?period=last_month").content.decode()
    west = signed_in(account("魏东", "wei", "community_secretary", office.west))
    assert case.number not in west.get("/board/formulas/?period=year").content.decode()


def closing_answer(cast: Cast, case: Complaint, said: str) -> None:
    """Answered, reviewed, and closed with what the citizen says."""
    Reply.objects.create(
        complaint=case, round=1, result_kind="explained", public_text="x" * 10, by=cast.wang
    )
    Complaint.objects.filter(pk=case.pk).update(stage="pending_review", is_open=True)
    reviewing.approve(case.pk, by=cast.su)
    Complaint.objects.filter(pk=case.pk).update(round=2)
    closing.record_callback(
        case.pk, by=cast.qian, outcome="reached", solved=said,
        satisfaction="satisfied" if said == "yes" else "dissatisfied", again=False,
    )  # fmt: skip


# ── floors of the internal buffer ────────────────────────────────────────────────────────────


def limited(office: Cast, monday: Any, amount: int, unit: str, hour: int = 9) -> Complaint:
    """Dispatched on Monday at an hour, under a limit of its own."""
    leaf = stages.category("050401")
    leaf.limit_amount, leaf.limit_unit = amount, unit
    leaf.save()
    monday.move_to(timezone.now().replace(hour=hour - 8))
    return stages.dispatched(office)


def test_a_unit_keeps_half_of_a_one_workday_limit(office: Cast, monday: Any) -> None:
    case = limited(office, monday, 1, "wd", hour=16)
    assert local(case.case_due_at) == "03-03 23:59"
    assert local(case.assignment_due_at) == "03-03 13:45"
    assert local(case.box_due_at) == "03-03 11:00"


def test_a_level_keeps_half_of_a_short_rest_instead_of_forty_minutes(
    office: Cast, monday: Any
) -> None:
    case = limited(office, monday, 4, "kh")
    assert local(case.assignment_due_at) == "03-02 11:00"
    assert local(case.box_due_at) == "03-02 10:00"


def test_the_office_sets_the_floors_itself(office: Cast, monday: Any) -> None:
    CaseRules.objects.update(least_share_percent=0, least_box_minutes=0)
    rules_changed()
    assert local(limited(office, monday, 1, "wd", hour=16).assignment_due_at) == "03-03 09:00"
    assert local(limited(office, monday, 4, "kh").box_due_at) == "03-02 09:40"
