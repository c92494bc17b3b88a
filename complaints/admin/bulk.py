"""Many cases in one go: choose in a list, look once more, and see what went and what did not."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from complaints.admin.imports import job_within_reach, progress_words
from complaints.admin.pages import case_url, key_of, list_url, note_undo, page, require_word
from complaints.desk.listing import lines_of, number
from complaints.desk.undoing import still_open
from complaints.desk_forms.bulk import BULK, BulkForm
from complaints.models import Complaint
from complaints.services.bulk import KIND, MOST, WORD_OF_VERB, Chosen, run_bulk, start_bulk
from governance.choices import JobState, Word
from governance.errors import HouseError, KeyConflict
from governance.models import Job
from governance.models.reach import roots
from governance.services import deeds, jobs

JOINED = ("subdistrict", "holder", "place", "category", "assignee")
LONGEST_BACK = 400


@require_POST
def bulk_page(request: HttpRequest) -> HttpResponse:
    """What was chosen, once more, with the form of the deed; confirmed, it is carried out."""
    require_word(request.user, Word.SEE)
    form_class = BULK.get(request.POST.get("verb", ""))
    seen = chosen_rows(request)
    if form_class is None or not seen:
        messages.warning(request, _("请先在列表里勾选诉求，再选择批量操作。"))
        return redirect(list_url() + back_of(request))
    cases = cases_of(request.user, list(seen))
    if "deed_key" not in request.POST:
        return form_page(request, form_class(cases=cases, by=request.user), seen)
    form = form_class(request.POST, cases=cases, by=request.user)
    key = key_of(request)
    if not key:
        return form_page(request, form, seen, status=422, sentence=_("页面已过期，请再提交一次。"))
    if not form.is_valid():
        return form_page(request, form, seen, status=422)
    return carried_out(request, form, seen, key)


def carried_out(
    request: HttpRequest, form: BulkForm, seen: dict[int, int | None], key: str
) -> HttpResponse:
    """Start the work under its key; the first request runs a short one before it answers."""
    started: list[Job] = []

    def act() -> dict[str, Any]:
        note = form.cleaned_data.get("note", "")
        job = start_bulk(form.verb, form.chosen(seen), by=request.user, title=form.title, note=note)
        started.append(job)
        return {"job": job.pk}

    try:
        answer = deeds.once(key, by=request.user, body=body_of(request), act=act)
    except (HouseError, KeyConflict) as refusal:
        return form_page(request, form, seen, status=422, sentence=refusal.message)
    except PermissionDenied as refusal:
        return form_page(request, form, seen, status=403, sentence=str(refusal))
    for job in started:
        run_if_short(job)
        note_undo(request, [row["case"] for row in job.result.get("rows", []) if row["done"]])
    return redirect(result_url(answer["job"], back_of(request)))


def run_if_short(job: Job) -> None:
    """A short work is done while the browser waits; a long one is the worker's."""
    if job.state == JobState.RUNNING:
        jobs.run(job, run_bulk, is_watched=True)


def bulk_deeds(user: Any) -> list[dict[str, Any]]:
    """The buttons of the bulk deeds whose word the reader holds anywhere."""
    return [
        {"verb": verb, "label": form.label, "icon": form.icon}
        for verb, form in BULK.items()
        if roots(user, WORD_OF_VERB[verb])
    ]


def chosen_rows(request: HttpRequest) -> dict[int, int | None]:
    """The ticked cases and the step each was at when the list was drawn ("pk" or "pk-step")."""
    found: dict[int, int | None] = {}
    for value in request.POST.getlist("case")[: MOST + 1]:
        pk, _dash, step = value.partition("-")
        if known := number(pk):
            found[known] = number(step)
    return found


def cases_of(user: Any, chosen: list[int]) -> list[Complaint]:
    """The chosen cases within reach, in the order of the list."""
    rows = Complaint.objects.visible_to(user).filter(pk__in=chosen).select_related(*JOINED)
    known = {case.pk: case for case in rows.defer("text").order_by("pk")}
    return lines_of([known[pk] for pk in chosen if pk in known])


def body_of(request: HttpRequest) -> dict[str, Any]:
    """What makes two requests the same request."""
    return {name: request.POST.getlist(name) for name in request.POST
            if name not in ("csrfmiddlewaretoken", "back")}  # fmt: skip


def back_of(request: HttpRequest) -> str:
    """The filters of the list one came from, or ""; nothing but a query is taken."""
    text = request.POST.get("back", "") or request.GET.get("back", "")
    return text if text.startswith("?") and len(text) <= LONGEST_BACK else ""


def form_page(
    request: HttpRequest,
    form: BulkForm,
    seen: dict[int, int | None],
    *,
    status: int = 200,
    sentence: str = "",
) -> HttpResponse:
    """The chosen cases and the form."""
    return page(
        request,
        "desk/bulk.html",
        title=form.label,
        status=status,
        form=form,
        sentence=sentence,
        rows=[{"case": case, "value": value_of(case, seen), "hint": form.hint_of(case)}
              for case in form.cases],
        missing=len(seen) - len(form.cases),
        back=back_of(request),
        back_url=list_url() + back_of(request),
    )  # fmt: skip


def value_of(case: Complaint, seen: dict[int, int | None]) -> str:
    """What stands for a chosen case in the form."""
    step = seen.get(case.pk)
    return f"{case.pk}-{step}" if step is not None else str(case.pk)


def result_url(pk: int, back: str = "") -> str:
    """The address of the result of a bulk deed."""
    address = reverse("admin:complaints_bulk_job", args=[pk])
    return f"{address}?{urlencode({'back': back})}" if back else address


def bulk_of(user: Any, pk: int) -> Job:
    """One's own bulk deed, or the same 404 for a foreign and a missing one."""
    job = Job.objects.visible_to(user).filter(by=user, kind=KIND, pk=pk).first()
    if job is None:
        raise Http404
    return job


def bulk_result(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a bulk deed is; at the end which cases went and which not, with the reason."""
    job = bulk_of(request.user, pk)
    rows = job.result.get("rows", [])
    for row in rows:
        row["url"] = case_url(row["case"]) if row.get("case") else ""
    open_ones = still_open(request.user, [row["case"] for row in rows if row["done"]])
    return page(
        request,
        "desk/bulk_result.html",
        title=job.title,
        job=job,
        progress=state_of(job),
        is_over=job.state in (JobState.DONE, JobState.FAILED),
        refused=[row for row in rows if not row["done"]],
        done=[row for row in rows if row["done"]],
        undo_until=max((one.until for one in open_ones), default=None),
        undo_count=len(open_ones),
        undo_seconds=seconds_left(open_ones),
        back=back_of(request),
        back_url=list_url() + back_of(request),
    )


def seconds_left(rows: list[Any]) -> int:
    """For how long the last of them may still be taken back."""
    ends = [row.until for row in rows]
    return max(0, int((max(ends) - timezone.now()).total_seconds())) if ends else 0


def bulk_status(request: HttpRequest, pk: int) -> JsonResponse:
    """The same as JSON, for the progress bar."""
    return JsonResponse(state_of(bulk_of(request.user, pk)))


def state_of(job: Job) -> dict[str, Any]:
    """The words and numbers of the progress bar."""
    return progress_words(job) | {
        "status_url": reverse("admin:complaints_bulk_status", args=[job.pk]),
        "result_url": result_url(job.pk),
    }


@require_POST
def bulk_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what a bulk deed of a moment ago did, as far as nobody acted since."""
    job = bulk_of(request.user, pk)
    done = [row["case"] for row in job.result.get("rows", []) if row["done"]]
    chosen = [Chosen(row.complaint_id, None) for row in still_open(request.user, done)]
    if not chosen:
        messages.warning(request, _("已超过可以撤销的时间，或各件都已有新的进展。"))
        return redirect(result_url(job.pk))
    title = _("撤销：%(title)s") % {"title": job.title}
    undoing = start_bulk("undo", chosen, by=request.user, title=title)
    run_if_short(undoing)
    return redirect(result_url(undoing.pk, back_of(request)))


def job_of(request: HttpRequest, pk: int) -> HttpResponse:
    """From a line in the inbox to the long work it speaks of, wherever its page is."""
    own = Job.objects.visible_to(request.user).filter(by=request.user, pk=pk).first()
    if own is not None and own.kind == KIND:
        return redirect("admin:complaints_bulk_job", pk=pk)
    return redirect("admin:complaints_import_job", pk=job_within_reach(request.user, pk).pk)
