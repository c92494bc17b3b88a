"""Import at the desk: the upload, the progress that can be left and found again, the result by row."""

from datetime import timedelta
from pathlib import PurePath
from typing import IO, Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from complaints.admin.pages import page, require_word
from complaints.choices import ImportField, Source
from complaints.desk.listing import number
from complaints.services import bulk
from complaints.services.imports import KIND, start_import
from complaints.services.imports.mapping import Column, columns_of, import_again
from complaints.services.imports.workbooks import refused_rows, template
from complaints.spreadsheets import HEADER_ROWS
from governance.choices import JobState, Word
from governance.errors import HouseError
from governance.forms import OfferingForm
from governance.models import Job, Organisation
from governance.models.reach import roots

FIELD_LABELS = dict(ImportField.choices)
# What a clerk who writes the sheet by hand should know, with something to copy.
COLUMNS = {
    ImportField.SOURCE_NUMBER: "2611230001",
    ImportField.TEXT: gettext_lazy("东园花园3号楼前路灯不亮，已有三天。"),
    ImportField.ADDRESS: gettext_lazy("东园花园3号楼2单元"),
    ImportField.CALLER_NAME: gettext_lazy("李女士"),
    ImportField.CALLER_PHONE: "138…",
    ImportField.HAPPENED_AT: "2026-11-23 08:30",
    ImportField.CITY_DUE_AT: "2026-11-30 17:30",
    ImportField.CATEGORY_SUB: gettext_lazy("路灯不亮"),
}
MOST_JOBS = 30
WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_LINES = 500


class ImportForm(OfferingForm):
    """A spreadsheet of orders, where it comes from, and whether it is only tried."""

    file = forms.FileField(
        label=gettext_lazy("工单表格"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        help_text=gettext_lazy("Excel 工作簿（.xlsx）或 CSV（UTF-8、GB18030）；表头可在前五行。"),
    )
    source = forms.ChoiceField(label=gettext_lazy("来源"), choices=Source, initial=Source.HOTLINE)
    subdistrict = forms.ModelChoiceField(
        queryset=None, label=gettext_lazy("街道"), empty_label=None
    )
    dry_run = forms.BooleanField(
        label=gettext_lazy("先试导入：只出报告，不写入"), required=False, initial=True
    )

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        streets = Organisation.objects.visible_to(by, Word.DISPATCH).filter(parent=None)
        self.fields["subdistrict"].queryset = streets
        self.fields["subdistrict"].initial = streets.first()
        if streets.count() == 1:
            self.fields["subdistrict"].widget = forms.HiddenInput()


def import_page(request: HttpRequest) -> HttpResponse:
    """Upload a file, and see what was imported before."""
    require_word(request.user, Word.DISPATCH)
    form = ImportForm(request.POST or None, request.FILES or None, by=request.user)
    status = 200
    if request.method == "POST":
        if job := started(form, request.user):
            messages.success(request, _("已开始，可以离开本页，稍后回来看结果。"))
            return redirect("admin:complaints_import_job", pk=job.pk)
        status = 422
    jobs = own_jobs(request.user).filter(kind=KIND).select_related("by__person")[:MOST_JOBS]
    return page(
        request,
        "desk/import.html",
        title=_("导入工单"),
        status=status,
        form=form,
        jobs=jobs,
        columns=[(field.label, example) for field, example in COLUMNS.items()],
    )


def started(form: ImportForm, user: Any) -> Job | None:
    """Start the job, or say on the form why not."""
    if not form.is_valid():
        return None
    given = form.cleaned_data
    try:
        return start_import(
            given["file"],
            by=user,
            subdistrict=given["subdistrict"],
            source=given["source"],
            dry_run=given["dry_run"],
        )
    except HouseError as refusal:
        form.add_error("file", refusal.message)
        return None


def own_jobs(user: Any) -> Any:
    """Long work of the streets for which the reader dispatches."""
    return Job.objects.visible_to(user, Word.DISPATCH).exclude(kind=bulk.KIND)


def job_within_reach(user: Any, pk: int) -> Job:
    """The job, or the same 404 for a foreign and a missing one."""
    job = own_jobs(user).select_related("by__person").filter(pk=pk).first()
    if job is None:
        raise Http404
    return job


def job_page(request: HttpRequest, pk: int) -> HttpResponse:
    """How far an import is; at the end what was done, what was refused and why, by row."""
    job = job_within_reach(request.user, pk)
    is_over = job.state in (JobState.DONE, JobState.FAILED)
    refusals, notes = (job.errors.filter(is_refusal=which)[:MOST_LINES] for which in (True, False))
    return page(
        request,
        "desk/job.html",
        title=job.title,
        job=job,
        progress=state_of(job),
        is_over=is_over,
        is_import=job.kind == KIND,
        can_map=can_map(job),
        refused_url=reverse("admin:complaints_import_refused", args=[job.pk])
        if refusals and can_map(job)
        else "",
        tried=tried_columns(job),
        refusals=list(refusals) if is_over else [],
        notes=list(notes) if is_over else [],
        columns=[(heading, FIELD_LABELS.get(name, name)) for heading, name in
                 job.result.get("columns", {}).items()],
    )  # fmt: skip


def refused_workbook(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    """The refused rows as a workbook, to be mended and imported by themselves."""
    job = job_within_reach(request.user, pk)
    if job.kind != KIND:
        raise Http404
    try:
        book = refused_rows(job, by=request.user)
    except HouseError as refusal:
        messages.error(request, refusal.message)
        return redirect("admin:complaints_import_job", pk=pk)
    return workbook(book, _("未导入的行 %(name)s") % {"name": PurePath(job.file_name).stem})


def template_workbook(request: HttpRequest) -> FileResponse:
    """An empty workbook with the headings that an import knows."""
    require_word(request.user, Word.DISPATCH)
    return workbook(template(), _("工单导入模板"))


def workbook(book: IO[bytes], name: str) -> FileResponse:
    """A workbook as a file; no page of the desk is kept by a cache, and neither is this."""
    return FileResponse(
        book, as_attachment=True, filename=f"{name}.xlsx", content_type=WORKBOOK_TYPE
    )


def can_map(job: Job) -> bool:
    """Whether the file of this import is still here to be imported anew."""
    return job.kind == KIND and bool(job.file) and job.state in (JobState.DONE, JobState.FAILED)


def tried_columns(job: Job) -> dict[str, Any]:
    """The columns a successful trial used, so that one button imports for real; else empty.

    A trial that found nothing to bring in has nothing to make real.
    """
    if not can_map(job) or job.state != JobState.DONE or not job.result.get("dry_run"):
        return {}
    if not job.result.get("new") and not job.result.get("updated"):
        return {}
    try:
        row, columns = columns_of(job)
    except HouseError:
        return {}
    return {"row": row, "columns": columns}


def job_status(request: HttpRequest, pk: int) -> JsonResponse:
    """The same as JSON, for the progress bar."""
    return JsonResponse(state_of(job_within_reach(request.user, pk)))


def state_of(job: Job) -> dict[str, Any]:
    """The words, numbers and addresses of the progress bar of an import."""
    return progress_words(job) | {
        "status_url": reverse("admin:complaints_import_status", args=[job.pk]),
        "result_url": reverse("admin:complaints_import_job", args=[job.pk]),
    }


def progress_words(job: Job) -> dict[str, Any]:
    """The words and numbers of any progress bar."""
    return {
        "title": job.title,
        "done": job.done_count,
        "total": job.total_count,
        "state": job.state,
        "state_text": str(job.get_state_display()),
        "remaining_text": remaining_text(job),
    }


def remaining_text(job: Job) -> str:
    """How long it will still take, from how long it has taken."""
    if job.state != JobState.RUNNING or not job.started_at or not job.done_count:
        return ""
    spent = timezone.now() - job.started_at
    left = spent * max(job.total_count - job.done_count, 0) / job.done_count
    if left < timedelta(minutes=1):
        count = max(1, int(left.total_seconds()))
        words = ngettext("大约还需 %(count)s 秒", "大约还需 %(count)s 秒", count)
    else:
        count = int(left.total_seconds() // 60) + 1
        words = ngettext("大约还需 %(count)s 分钟", "大约还需 %(count)s 分钟", count)
    return words % {"count": count}


class MappingForm(forms.Form):
    """Which column is which field: one drop-down for each heading."""

    dry_run = forms.BooleanField(
        label=gettext_lazy("先试导入：只出报告，不写入"), required=False, initial=True
    )
    is_remembered = forms.BooleanField(
        label=gettext_lazy("记住这些表头，以后自动识别"), required=False, initial=True
    )

    def __init__(self, *args: Any, columns: list[Column], by: Any, **kwargs: Any) -> None:
        self.columns = columns
        super().__init__(*args, **kwargs)
        choices = [("", _("不导入")), *ImportField.choices]
        for column in columns:
            self.fields[f"column_{column.place}"] = forms.ChoiceField(
                label=column.heading, choices=choices, required=False, initial=column.field
            )
        if not roots(by, Word.CONFIGURE):
            del self.fields["is_remembered"]

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Each column with its drop-down."""
        return [
            {"column": column, "field": self[f"column_{column.place}"]} for column in self.columns
        ]

    @property
    def mapping(self) -> dict[str, str]:
        """Heading → field as it was chosen."""
        return {
            column.heading: self.cleaned_data[f"column_{column.place}"] for column in self.columns
        }


def headings_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell what the columns of a file mean, and import it anew; the file need not be sent again."""
    job = job_within_reach(request.user, pk)
    if job.kind != KIND or not job.file:
        raise Http404
    row = number(request.POST.get("row", "") or request.GET.get("row", ""))
    try:
        header_row, columns = columns_of(job, row)
    except HouseError as refusal:
        messages.error(request, refusal.message)
        return redirect("admin:complaints_import_job", pk=pk)
    form = MappingForm(request.POST or None, columns=columns, by=request.user)
    sentence = ""
    if request.method == "POST" and form.is_valid():
        try:
            again = import_again(
                job,
                form.mapping,
                by=request.user,
                dry_run=form.cleaned_data["dry_run"],
                is_remembered=form.cleaned_data.get("is_remembered", False),
            )
        except HouseError as refusal:
            sentence = refusal.message
        else:
            messages.success(request, _("已按您选的列重新开始，可以离开本页，稍后回来看结果。"))
            return redirect("admin:complaints_import_job", pk=again.pk)
    return page(
        request,
        "desk/headings.html",
        title=_("选择各列的含义"),
        status=422 if sentence or form.errors else 200,
        job=job,
        form=form,
        sentence=sentence,
        header_row=header_row,
        header_rows=range(1, HEADER_ROWS + 1),
    )
