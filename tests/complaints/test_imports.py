"""Import of hotline orders: once, twice, changed by the city, changed by us, interrupted."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from complaints.choices import Stage
from complaints.models import Complaint, Step
from complaints.services import dispatching, intake
from complaints.services.imports import KIND, run_import
from complaints.services.steps import first_broken_step
from governance import privacy
from governance.calendar import SHANGHAI
from governance.choices import JobState
from governance.models import AuditEntry, Job, JobError
from governance.services import jobs
from governance.services.appointments import end
from tests.cast import Cast
from tests.complaints.orders import (
    as_csv,
    brought_in,
    brought_in_orders,
    counts,
    fingerprint,
    lines,
    order,
    start,
)
from tests.complaints.stages import filed

pytestmark = [pytest.mark.django_db, pytest.mark.smoke]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def only_case() -> Complaint:
    return Complaint.objects.get()


def test_a_city_order_comes_in_accepted_with_place_category_and_the_city_s_deadline(
    office: Cast,
) -> None:
    job = brought_in_orders(office, order(17))

    case = only_case()
    assert (job.state, counts(job)) == (JobState.DONE, {"new": 1})
    assert case.stage == Stage.PENDING_DISPATCH
    assert (case.source, case.source_number) == ("hotline", "260302083011000017")
    assert case.place == office.east_group and case.building == office.east_building
    assert case.category.code == "050102"
    assert case.accepted_at == at("2026-03-02 08:30:11")
    assert case.case_due_at == at("2026-03-09 17:30") and case.is_city_deadline
    assert case.hint == "来源建议派给：东园社区"


def test_an_order_without_a_deadline_gets_the_limit_of_its_category_from_the_city_s_dispatch(
    office: Cast,
) -> None:
    brought_in_orders(office, order(承诺完成时间=""))
    case = only_case()
    assert case.case_due_at == at("2026-03-03 23:59:59")
    assert not case.is_city_deadline


def test_the_caller_s_phone_is_sealed_and_masked(office: Cast) -> None:
    brought_in_orders(office, order(诉求人电话="139 0000 1011"))
    caller = only_case().caller
    assert (caller.name, caller.phone_masked) == ("李某", "139****1011")
    assert privacy.unseal(caller.phone_sealed, "caller.phone") == "13900001011"
    assert "13900001011" not in str(only_case().city_order.cells)


def test_the_same_file_twice_changes_nothing(office: Cast) -> None:
    first = brought_in_orders(office, order(1), order(2))
    before = fingerprint()
    again = brought_in_orders(office, order(1), order(2))
    assert (counts(first), counts(again)) == ({"new": 2}, {"unchanged": 2})
    assert fingerprint() == before


def test_the_same_number_of_another_source_is_another_case(office: Cast) -> None:
    brought_in_orders(office, order())
    brought_in_orders(office, order(), source="platform")
    assert Complaint.objects.count() == 2


def test_our_own_handling_survives_a_second_import(office: Cast) -> None:
    brought_in_orders(office, order())
    case = only_case()
    intake.correct(case.pk, by=office.chen, urgency="urgent", place=office.west_branch)
    dispatching.dispatch(case.pk, office.west_branch, by=office.chen)
    before = fingerprint()

    job = brought_in_orders(office, order())

    assert counts(job) == {"unchanged": 1}
    assert fingerprint() == before


def test_a_deadline_prolonged_by_the_city_moves_the_case_and_not_the_unit(office: Cast) -> None:
    brought_in_orders(office, order())
    case = dispatching.dispatch(only_case().pk, office.east_branch, by=office.chen)
    promised = case.assignment_due_at

    job = brought_in_orders(office, order(承诺完成时间="2026-03-20 17:30"))

    case = only_case()
    assert counts(job) == {"updated": 1, "updated_cells": 1}
    assert (case.case_due_at, case.original_due_at) == (
        at("2026-03-20 17:30"),
        at("2026-03-09 17:30"),
    )
    assert (case.stage, case.assignment_due_at) == (Stage.PENDING_SIGN, promised)
    assert case.due_at == promised
    step = Step.objects.filter(complaint=case).last()
    assert (step.verb, step.by) == ("city_update", office.chen)
    assert step.note == "来源更新：承诺完成时间 2026-03-09 17:30 → 2026-03-20 17:30"
    assert first_broken_step(case) is None
    note = JobError.objects.get(job=job)
    assert not note.is_refusal and case.number in note.reason


def test_an_old_file_after_our_own_change_of_the_deadline_changes_nothing(office: Cast) -> None:
    brought_in_orders(office, order())
    Complaint.objects.update(case_due_at=at("2026-03-30 17:30"))
    brought_in_orders(office, order())
    assert only_case().case_due_at == at("2026-03-30 17:30")


def test_changed_words_of_the_city_are_carried_over_and_told(office: Cast) -> None:
    brought_in_orders(office, order())
    intake.correct(only_case().pk, by=office.chen, place=office.west_branch)

    job = brought_in_orders(
        office, order(诉求内容="补充：杂物已堆到三楼。", 诉求人电话="13900001012")
    )

    case = only_case()
    assert counts(job) == {"updated": 1, "updated_cells": 2}
    assert case.text == "补充：杂物已堆到三楼。"
    assert case.place == office.west_branch
    assert case.caller.phone_tail == "1012"
    assert case.steps.last().note == "来源更新：诉求人电话；诉求内容"
    assert first_broken_step(case) is None


def test_a_new_state_in_the_city_s_system_is_kept_without_a_line_in_the_history(
    office: Cast,
) -> None:
    brought_in_orders(office, order())
    brought_in_orders(office, order(办件状态="已办结"))
    case = only_case()
    assert case.step_count == 1
    assert case.city_order.cells["status"] == "已办结"


def test_a_column_that_is_left_out_says_nothing(office: Cast) -> None:
    brought_in_orders(office, order())
    before = fingerprint()
    short = as_csv(lines([order()], ["办件编号", "诉求主题", "诉求内容"]))
    assert counts(brought_in(office, short)) == {"unchanged": 1}
    assert fingerprint() == before


def test_an_ended_case_keeps_its_history(office: Cast) -> None:
    brought_in_orders(office, order())
    intake.void(only_case().pk, by=office.chen, note="重复登记")
    brought_in_orders(office, order(诉求内容="另一段文字"))
    case = only_case()
    assert (case.stage, case.step_count, case.text) == (Stage.VOIDED, 2, order()["诉求内容"])


def test_a_case_filed_by_hand_under_the_number_is_found_again(office: Cast) -> None:
    filed(office, source="hotline", source_number=order()["办件编号"])
    text = only_case().text
    assert counts(brought_in_orders(office, order())) == {"unchanged": 1}
    assert only_case().text == text
    brought_in_orders(office, order(诉求内容="市里补充的文字"))
    assert only_case().text == "市里补充的文字"


def test_unknown_place_and_category_wait_with_a_hint(office: Cast) -> None:
    vague = order(
        诉求主题="垃圾桶满了", 诉求内容="垃圾没人清。", 事项大类="", 事项小类="", 办理单位=""
    )
    job = brought_in_orders(office, vague)
    case = only_case()
    assert (job.result["place_unknown"], job.result["category_unknown"]) == (1, 1)
    assert (case.stage, case.place, case.category) == (Stage.PENDING_DISPATCH, None, None)
    assert case.hint == "分类待定，可能是：暴露垃圾/分类投放设施；地点不明，请补充小区和楼号"
    assert "在“待派单”中等候" in " ".join(job.result["sentences"])


def test_an_order_about_staff_is_not_shown_to_the_place_it_names(office: Cast) -> None:
    about = order(
        诉求主题="反映社区干部不作为", 诉求内容="东园社区干部态度差。", 事项大类="", 事项小类=""
    )
    brought_in_orders(office, about)
    case = only_case()
    assert case.place is None
    assert case.hint.startswith("疑似反映工作人员作风")
    assert not Complaint.objects.visible_to(office.su).exists()
    assert Complaint.objects.visible_to(office.chen).exists()


def test_an_order_of_another_street_says_so(office: Cast) -> None:
    table = lines([order(所属街道="幸福街道")], ["办件编号", "诉求内容", "所属街道"])
    brought_in(office, as_csv(table))
    assert "来源标注属幸福街道，可退回来源" in only_case().hint


def test_a_register_without_text_tells_what_it_has(office: Cast) -> None:
    headings = ["主键", "所属街道", "所属社区", "大类名称", "小类名称", "统计时间"]
    row = ["7", "和平街道", "西园社区", "市容秩序", "乱堆乱放", "2026-03-01"]
    brought_in(office, as_csv([headings, row]))
    case = only_case()
    assert (case.title, case.category.code, case.place) == ("乱堆乱放", "010202", office.west)
    assert case.text == "来源登记的事项：市容秩序 / 乱堆乱放\n地点：和平街道 西园社区"


def test_orders_of_a_source_that_is_not_the_city_wait_for_acceptance(office: Cast) -> None:
    job = brought_in_orders(office, order(事项小类=""), source="web")
    assert only_case().stage == Stage.PENDING_ACCEPTANCE
    assert "待受理" in " ".join(job.result["sentences"])


def test_rows_that_cannot_be_read_are_refused_with_line_column_and_reason(office: Cast) -> None:
    job = brought_in_orders(
        office,
        order(1),
        order(办件编号=""),
        order(3, 承诺完成时间="下周五"),
        order(4, 诉求主题="", 诉求内容="", 事项大类="", 事项小类=""),
        order(办件编号="2.60302E+17"),
        order(1, 诉求内容="同一单号，另一段话。"),
    )
    assert counts(job) == {"new": 1, "refused": 5}
    told = JobError.objects.filter(job=job).values_list("row", "column", "reason")
    assert [(row, column) for row, column, _reason in told] == [
        (3, ""),
        (4, "承诺完成时间"),
        (5, ""),
        (6, "办件编号"),
        (7, "办件编号"),
    ]
    assert "第 2 行" in told[4][2]
    assert not any("下周五" in reason for _row, _column, reason in told)
    assert job.error_count == 5


def test_the_same_line_twice_in_a_file_counts_once(office: Cast) -> None:
    job = brought_in_orders(office, order(1), order(1))
    assert counts(job) == {"new": 1, "repeated": 1}


def test_a_file_with_two_readings_of_one_number_changes_nothing_the_second_time(
    office: Cast,
) -> None:
    both = (order(1), order(1, 诉求内容="另一段话。"))
    brought_in_orders(office, *both)
    before = fingerprint()
    assert counts(brought_in_orders(office, *both)) == {"unchanged": 1, "refused": 1}
    assert fingerprint() == before


def test_a_dry_run_reports_and_writes_nothing(office: Cast) -> None:
    brought_in_orders(office, order(1))
    before = fingerprint()
    job = brought_in_orders(
        office, order(1, 诉求内容="改"), order(2), order(办件编号=""), dry_run=True
    )
    assert counts(job) == {"new": 1, "updated": 1, "updated_cells": 1, "refused": 1}
    assert fingerprint() == before
    assert "没有写入任何数据" in job.result["sentences"][0]
    assert job.title.startswith("试导入")


def test_a_heading_nobody_knows_is_named_by_the_clerk(office: Cast) -> None:
    table = lines([{"神秘单号": "A1", "诉求内容": "路灯不亮"}], ["神秘单号", "诉求内容"])
    refused = brought_in(office, as_csv(table))
    assert (refused.state, "表头" in refused.failure) == (JobState.FAILED, True)
    job = brought_in(office, as_csv(table), mapping={"神秘单号": "source_number"})
    assert counts(job) == {"new": 1}
    assert only_case().source_number == "A1"


def test_only_who_dispatches_for_the_street_may_import(office: Cast) -> None:
    for stranger in (office.zhao, office.su, office.lin):
        with pytest.raises(PermissionDenied):
            start(office, as_csv(lines([order()])), by=stranger)
    assert not Job.objects.exists()


def test_a_right_that_ended_while_the_job_waited_stops_it(office: Cast) -> None:
    job = start(office, as_csv(lines([order()])))
    post = office.chen.person.appointments.get()
    end(post, by=None, ended_on=timezone.localdate() - timedelta(days=0))
    jobs.run_waiting({KIND: run_import})
    job.refresh_from_db()
    assert (job.state, "已无派单权限" in job.failure) == (JobState.FAILED, True)
    assert not Complaint.objects.exists()


class Killed(BaseException):
    """Stands for the end of the process: nothing in the house catches it."""


def dies_at(table: str, nth: int) -> Any:
    """Let the database connection fail at the n-th insert into a table."""
    seen = 0

    def watch(execute: Any, sql: str, *rest: Any) -> Any:
        nonlocal seen
        if sql.startswith(f'INSERT INTO "{table}"'):
            seen += 1
            if seen == nth:
                raise Killed
        return execute(sql, *rest)

    return connection.execute_wrapper(watch)


@pytest.mark.parametrize("table", ["complaints_complaint", "complaints_cityorder"])
def test_an_import_killed_in_the_middle_goes_on_without_doubling(
    office: Cast, monkeypatch: pytest.MonkeyPatch, table: str
) -> None:
    monkeypatch.setattr("complaints.services.imports.running.BATCH", 3)
    content = as_csv(lines([*(order(number) for number in range(8)), order(办件编号="")]))
    job = start(office, content)
    with dies_at(table, 2), pytest.raises(Killed):
        jobs.run_waiting({KIND: run_import})
    assert Complaint.objects.count() == 3
    Job.objects.update(leased_until=timezone.now() - timedelta(minutes=1))

    jobs.run_waiting({KIND: run_import})

    job.refresh_from_db()
    assert counts(job) == {"new": 8, "refused": 1}
    assert (job.state, job.done_count, job.total_count) == (JobState.DONE, 9, 9)
    assert JobError.objects.filter(job=job, is_refusal=True).count() == 1
    brought_in(office, content, source="platform")
    assert fingerprint("hotline") == fingerprint("platform") != [[], []]


@pytest.mark.django_db(transaction=True)
def test_a_number_filed_by_hand_in_the_same_moment_is_not_doubled(
    on_postgres: None, office: Cast
) -> None:
    with another_desk_files_before_numbers_are_taken(office):
        job = brought_in_orders(office, order(1), order(2))
    assert counts(job) == {"new": 1, "unchanged": 1}
    assert Complaint.objects.count() == 2


@contextmanager
def another_desk_files_before_numbers_are_taken(cast: Cast) -> Iterator[None]:
    """Somebody else commits the first order between the look and the write of the import."""
    desk = ThreadPoolExecutor(1)
    done: list[Future[None]] = []

    def file_by_hand() -> None:
        filed(cast, source="hotline", source_number=order(1)["办件编号"])
        connection.close()

    def watch(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith('UPDATE "governance_counter"') and not done:
            done.append(desk.submit(file_by_hand))
            done[0].result(timeout=20)
        return execute(sql, *rest)

    with desk, connection.execute_wrapper(watch):
        yield


def test_every_batch_leaves_one_line_in_the_audit(office: Cast) -> None:
    brought_in_orders(office, order(1), order(2))
    entry = AuditEntry.objects.get(verb=KIND)
    assert (entry.by, entry.detail) == (office.chen, {"new": 2, "updated": 0})


def test_a_hundred_rows_take_as_many_statements_as_ten(on_postgres: None, office: Cast) -> None:
    statements(office, [order(99999)])  # the first import of a street opens its counters
    few = statements(office, [order(number) for number in range(10)])
    many = statements(office, [order(number) for number in range(100, 200)])
    assert many == few


def statements(office: Cast, orders: list[dict[str, Any]]) -> int:
    job = start(office, as_csv(lines(orders)))
    count = 0

    def watch(execute: Any, *rest: Any) -> Any:
        nonlocal count
        count += 1
        return execute(*rest)

    with connection.execute_wrapper(watch):
        run_import(job)
    return count
