"""Import of real registers that lie beside the project; they never enter it.

Where the folder is missing, these tests say so; invented files cover the same forms elsewhere.
"""

import csv
import gzip
from pathlib import Path

import pytest

from complaints.choices import Stage
from complaints.models import Complaint
from governance.calendar import SHANGHAI
from governance.choices import JobState
from governance.models import Job
from tests.cast import Cast
from tests.complaints.orders import brought_in, counts, fingerprint

REAL = Path(__file__).resolve().parents[3] / "shared/data/real"
PINGSHAN = REAL / "grid-events-pingshan"
REPLIES = REAL / "complaints-teddycup2020/replies.csv.gz"
pytestmark = [
    pytest.mark.long,
    pytest.mark.django_db,
    pytest.mark.skipif(
        not REAL.exists(),
        reason=f"THE REAL REGISTERS ARE NOT AT {REAL}: only invented files were imported",
    ),
]


def brought_in_register(cast: Cast, name: str, **options: str) -> Job:
    return brought_in(cast, (PINGSHAN / name).read_bytes(), name, **options)


def test_a_register_comes_in_once_from_its_gbk_file_and_from_its_workbook(office: Cast) -> None:
    job = brought_in_register(office, "original_simple.gbk.csv")
    assert (job.state, counts(job), job.result["form"]) == (
        JobState.DONE,
        {"new": 10_000},
        "gb18030",
    )
    before = fingerprint()
    workbook = brought_in_register(office, "original_catalogue_and_10000_rows.xlsx")
    assert workbook.result["sheet"] != "资源描述信息"
    for again in (workbook, brought_in_register(office, "original_simple.gbk.csv")):
        assert counts(again) == {"unchanged": 10_000}
    assert fingerprint() == before
    assert_numbers_and_moments_are_those_of_the_register()


def assert_numbers_and_moments_are_those_of_the_register() -> None:
    with (PINGSHAN / "events.csv").open(encoding="utf-8", newline="") as file:
        wanted = {(row["rec_id"], row["create_time"]) for row in csv.DictReader(file)}
    found = {
        (number, f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}")
        for number, at in Complaint.objects.values_list("source_number", "happened_at")
    }
    assert found == wanted


def test_letters_of_a_petition_board_come_in_with_title_and_text(office: Cast) -> None:
    with gzip.open(REPLIES, "rb") as packed:
        content = packed.read()
    job = brought_in(office, content, "replies.csv", source="web")
    assert counts(job) == {"new": 2_816}
    assert any("不作为本系统的答复" in sentence for sentence in job.result["sentences"])
    rows = list(csv.DictReader(content.decode("utf-8-sig").splitlines(keepends=True)))
    texts = dict(Complaint.objects.values_list("source_number", "title"))
    assert texts == {row["msg_id"]: row["title"].strip()[:120] for row in rows}
    assert set(Complaint.objects.values_list("stage", flat=True)) == {Stage.PENDING_ACCEPTANCE}
