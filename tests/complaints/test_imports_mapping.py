"""Headings that nobody knows: a clerk tells what they mean, once, and the house remembers."""

from typing import Any

import pytest

from complaints.choices import ImportField
from complaints.models import Complaint, HeaderSynonym
from complaints.services.imports import KIND, run_import
from complaints.services.imports.mapping import columns_of, import_again
from governance.choices import JobState
from governance.errors import HouseError
from governance.models import AuditEntry, Job, Notice
from governance.services import jobs
from tests.cast import Cast
from tests.complaints.desk import LIST, signed_in
from tests.complaints.orders import ORDER, as_csv, as_workbook, brought_in, counts

STRANGE = {"流水": "办件编号", "来件说的啥": "诉求内容", "啥时候来的": "派发时间", "备忘": ""}
TABLE = [
    ["四宝山街道来件表", "", "", ""],
    list(STRANGE),
    ["26112301", ORDER["诉求内容"], "2026-03-02 08:30", "王某经手"],
    ["26112302", "路灯不亮，晚上看不见。", "2026-03-02 08:40", ""],
]
FIELDS = {"column_0": "source_number", "column_1": "text", "column_2": "happened_at"}


def page_of(job: Job) -> str:
    return f"{LIST}import/{job.pk}/headings/"


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_page_shows_the_likely_headings_with_samples(office: Cast, form: str) -> None:
    content = as_csv(TABLE) if form == "csv" else as_workbook(TABLE)
    job = brought_in(office, content, name=f"来件.{form}")
    row, columns = columns_of(job)

    assert job.state == JobState.FAILED and "没有找到表头" in job.failure
    assert (row, [column.heading for column in columns]) == (2, list(STRANGE))
    assert columns[0].samples == ["26112301", "26112302"]
    desk = signed_in(office.chen)
    assert page_of(job) in desk.get(f"{LIST}import/{job.pk}/").content.decode()
    assert "来件说的啥" in desk.get(page_of(job)).content.decode()
    assert "四宝山街道来件表" in desk.get(f"{page_of(job)}?row=1").content.decode()


def test_the_chosen_columns_are_imported_without_sending_the_file_again(office: Cast) -> None:
    job, desk = brought_in(office, as_csv(TABLE)), signed_in(office.chen)
    answer = desk.post(page_of(job), {**FIELDS, "row": "2", "is_remembered": "on"})
    jobs.run_waiting({KIND: run_import})
    again = Job.objects.get(pk=int(answer["Location"].split("/")[-2]))

    assert (again.state, counts(again)) == (JobState.DONE, {"new": 2})
    assert sorted(Complaint.objects.values_list("source_number", flat=True)) == [
        "26112301",
        "26112302",
    ]
    known = dict(HeaderSynonym.objects.filter(heading__in=STRANGE).values_list("heading", "field"))
    assert known == {"流水": "source_number", "来件说的啥": "text", "啥时候来的": "happened_at"}
    assert AuditEntry.objects.filter(verb="add_headersynonym", by=office.chen).count() == 3


def test_the_next_file_of_this_kind_is_known(office: Cast) -> None:
    first = brought_in(office, as_csv(TABLE))
    import_again(first, dict(zip(STRANGE, ("source_number", "text", "happened_at", ""), strict=True)),
                 by=office.chen, dry_run=True, is_remembered=True)  # fmt: skip
    jobs.run_waiting({KIND: run_import})

    assert counts(brought_in(office, as_csv(TABLE))) == {"new": 2}


def test_one_button_makes_a_trial_real(office: Cast) -> None:
    trial = brought_in(office, as_csv([["工单编号", "来电时间", "问题描述", "经手"],
                                       ["26112301", "2026-03-02 08:30", "路灯不亮。", "王某"]]), dry_run=True)  # fmt: skip
    desk = signed_in(office.chen)
    page = desk.get(f"{LIST}import/{trial.pk}/")
    shown = page.content.decode()
    fields = {f"column_{one.place}": one.field for one in page.context["tried"]["columns"]}

    assert "正式导入" in shown and "去派单" not in shown and not Complaint.objects.exists()
    assert all(f'name="{name}" value="{field}"' in shown for name, field in fields.items())
    answer = desk.post(page_of(trial), {**fields, "row": page.context["tried"]["row"]})
    jobs.run_waiting({KIND: run_import})
    case = Complaint.objects.get()
    assert (case.source_number, case.happened_at is not None) == ("26112301", True)
    assert "正式导入" not in desk.get(answer["Location"]).content.decode()


def test_without_remembering_it_counts_for_this_file_alone(office: Cast) -> None:
    job = brought_in(office, as_csv(TABLE))
    signed_in(office.chen).post(page_of(job), {**FIELDS, "row": "2", "dry_run": "on"})
    jobs.run_waiting({KIND: run_import})

    assert not HeaderSynonym.objects.filter(heading__in=STRANGE).exists()
    assert Job.objects.latest("pk").result["new"] == 2 and not Complaint.objects.exists()


def test_who_started_is_told_how_it_ended(office: Cast) -> None:
    failed = brought_in(office, as_csv(TABLE))
    done = brought_in(office, as_csv([list(ORDER), list(ORDER.values())]))
    titles = {notice.subject: notice for notice in Notice.objects.filter(person=office.chen.person)}

    assert titles[f"job:{failed.pk}"].title.startswith("未完成：")
    assert "没有找到表头" in titles[f"job:{failed.pk}"].body
    assert titles[f"job:{done.pk}"].title.startswith("已完成：")
    assert not Notice.objects.exclude(person=office.chen.person).filter(subject__startswith="job:")
    page = signed_in(office.chen).get("/admin/")
    assert f"{LIST}job/{done.pk}/" in page.content.decode()
    assert (
        signed_in(office.chen)
        .get(f"{LIST}job/{done.pk}/")["Location"]
        .endswith(f"import/{done.pk}/")
    )


# ── refusals ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("fields", "said"),
    [({}, "哪一列是工单编号"), ({"column_0": "source_number"}, "哪一列是诉求内容"),
     ({"column_1": "text"}, "哪一列是工单编号"), ({"column_0": "secret_code"}, "有效")],
)  # fmt: skip
def test_a_mapping_that_makes_no_case_is_refused_and_kept(
    office: Cast, fields: dict[str, str], said: str
) -> None:
    job = brought_in(office, as_csv(TABLE))
    answer = signed_in(office.chen).post(page_of(job), {"row": "2", **fields})

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert Job.objects.count() == 1 and not HeaderSynonym.objects.filter(heading__in=STRANGE)


def test_strangers_and_readers_have_no_such_page(office: Cast) -> None:
    job = brought_in(office, as_csv(TABLE))
    for user in (office.zhao, office.wang, office.lin):
        assert signed_in(user).get(page_of(job)).status_code == 404
        assert signed_in(user).post(page_of(job), FIELDS).status_code == 404


def test_an_unknown_field_never_becomes_a_row(office: Cast) -> None:
    job = brought_in(office, as_csv(TABLE))
    wrong: dict[str, Any] = {"流水": "source_number", "来件说的啥": "password"}
    with pytest.raises(HouseError, match="没有这样的字段"):
        import_again(job, wrong, by=office.chen, dry_run=False, is_remembered=True)
    assert set(HeaderSynonym.objects.values_list("field", flat=True)) <= set(ImportField.values)
