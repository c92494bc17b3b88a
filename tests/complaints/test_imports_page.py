"""The page of an import: every refusal is read there, and nothing that is none of its business."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from complaints.admin import imports
from complaints.services.imports import run_import
from governance.models import Job
from governance.services import jobs
from tests.cast import Cast
from tests.complaints.desk import LIST, signed_in

pytestmark = pytest.mark.django_db
IMPORT = f"{LIST}import/"
HEADINGS = "工单编号,诉求标题,诉求内容,诉求人,联系电话,派发时间\n"


def imported(office: Cast, rows: str, **options: Any) -> str:
    """The page of an import that has ended."""
    desk = signed_in(office.chen)
    file = SimpleUploadedFile("a.csv", (HEADINGS + rows).encode())
    sent = {"file": file, "source": "hotline", "subdistrict": office.street.pk, **options}
    desk.post(IMPORT, sent)
    job = Job.objects.latest("pk")
    jobs.run_waiting({job.kind: run_import})
    return desk.get(f"{IMPORT}{job.pk}/").content.decode()


def test_no_refused_row_is_hidden_behind_rows_to_look_at(
    office: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "MOST_LINES", 3)
    taken = "".join(f"2603020{n},路灯,路灯不亮{n},,,\n" for n in range(5))

    one = imported(office, taken + "26030299,,,,,\n")
    many = imported(office, "".join(f"260303{n},,,,,\n" for n in range(5)))

    assert "没有诉求主题，也没有诉求内容" in one and "只列出前" not in one
    assert "只列出前 3 行，共 5 行没有导入" in many


def test_a_file_of_headings_says_so_and_has_nothing_to_make_real(office: Cast) -> None:
    empty = imported(office, "", dry_run="on")
    full = imported(office, "26030201,路灯,路灯不亮,,,\n", dry_run="on")

    assert "文件里只有表头" in empty and "正式导入" not in empty
    assert "正式导入" in full and "文件里只有表头" not in full


def test_other_long_work_is_no_line_among_the_imports(office: Cast) -> None:
    jobs.start("demonstration", title="演示街道", organisation=office.street, by=None)
    imported(office, "26030201,路灯,路灯不亮,,,\n")

    said = signed_in(office.chen).get(IMPORT).content.decode()

    assert "导入工单：a.csv" in said and "演示街道" not in said
