"""Cases at the desk: the page of one, its print, its photos, and where every page lies."""

from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _

from complaints.admin import (
    bulk,
    calls,
    case_list,
    deeds,
    digests,
    due,
    filing,
    helping,
    imports,
    inbox,
    outside,
    outside_list,
    papers,
    pressing,
    publishing,
    queue,
    requesting,
    reviews,
    saved,
    standing_in,
    undoing,
)
from complaints.admin.pages import case_url, page, undo_of
from complaints.covering import Table
from complaints.desk import casepage
from complaints.desk_forms import DEEDS, SHORT
from complaints.models import Complaint
from complaints.published import CLOSED
from complaints.served import picture
from complaints.services.covering import may_cover
from complaints.services.photos import open_photo
from complaints.services.supervising import note_reading
from complaints.timeline import SHOWS
from governance.admin.base import ScopedAdmin
from governance.choices import Word
from governance.models.reach import may

# What ends a case without an answer stands apart from the main deed.
LAST = ("withdraw", "void")


def case_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One case: clock, ladder, timeline, photos, who called, and the deeds one may do."""
    case = casepage.case_within_reach(request.user, pk)
    note_reading(case, request.user)
    show = request.GET.get("show", "")
    facts = casepage.facts_of(case, request.user, show)
    offered = casepage.deeds_for(case, request.user, DEEDS)
    if not any(one.answered_at is None for one in facts["instructions"]):
        offered = [deed for deed in offered if deed != "answer_instruction"]
    main = casepage.main_deed(case, offered)
    forms = [
        {
            "form": DEEDS[name](case=case, by=request.user) if name in SHORT else None,
            "label": DEEDS[name].label,
            "icon": DEEDS[name].icon,
            "url": case_url(case.pk, name),
            "is_main": name == main,
        }
        for name in sorted(offered, key=lambda name: (name != main, name in LAST))
    ]
    return page(
        request,
        "desk/case.html",
        title=case.number,
        deeds=forms,
        undo_lines=undo_of(request, case.pk),
        print_url=case_url(case.pk, "print"),
        show=show if show in SHOWS else "",
        may_publish=case.stage in CLOSED
        and not case.is_confidential
        and may(request.user, Word.DISPATCH, case.main_unit_path),
        reveal_url=case_url(case.pk, "reveal"),
        may_cover=bool(facts["photos"]) and may_cover(case, request.user),
        **facts,
    )


def case_photo(request: HttpRequest, pk: int, photo: int) -> HttpResponse:
    """A photo, for whoever may see its case."""
    case = casepage.case_within_reach(request.user, pk)
    found = case.photos.filter(pk=photo).first()
    if found is None:
        raise Http404
    try:
        return picture(open_photo(found, small=request.GET.get("small") == "1"))
    except FileNotFoundError as missing:
        raise Http404 from missing


def cover_photo(request: HttpRequest, pk: int, photo: int) -> HttpResponse:
    """遮盖: squares of a photo are ticked and painted over; the page shows it again afterwards."""
    case = casepage.case_within_reach(request.user, pk)
    found = case.photos.filter(pk=photo).first()
    if found is None:
        raise Http404
    table = Table(request, case, found)
    if request.method == "POST":
        table.carry_out()
        if table.is_done:
            messages.success(request, _("已遮住。请再看一眼，还有没遮到的可以接着点。"))
            return redirect(request.path)
    photo_url = reverse("admin:complaints_complaint_photo", args=[pk, photo])
    return page(
        request,
        "desk/cover.html",
        title=_("遮盖照片"),
        status=table.status,
        photo_url=photo_url,
        back_url=case_url(pk),
        **table.context(),
    )


@admin.register(Complaint)
class ComplaintAdmin(ScopedAdmin):
    """The door of the admin site to cases; every page behind it is our own."""

    view_words = (Word.SEE,)
    change_words = (Word.DISPATCH,)
    may_change = False
    search_fields = ("number",)

    def get_urls(self) -> list[Any]:
        """Our pages at the places where Django would have its own."""
        wrap = self.admin_site.admin_view
        deed_urls = [
            path(
                f"<int:pk>/{verb}/",
                wrap(partial(deeds.case_deed, verb=verb)),
                name=f"complaints_complaint_{verb}",
            )
            for verb in DEEDS
        ]
        return [
            path("", wrap(case_list.case_list), name="complaints_complaint_changelist"),
            path("add/", wrap(filing.new_case), name="complaints_complaint_add"),
            path("place/", wrap(filing.guess_place), name="complaints_place"),
            path("queue/", wrap(queue.queue_page), name="complaints_queue"),
            path("bulk/", wrap(bulk.bulk_page), name="complaints_bulk"),
            path("bulk/<int:pk>/", wrap(bulk.bulk_result), name="complaints_bulk_job"),
            path("bulk/<int:pk>/status/", wrap(bulk.bulk_status), name="complaints_bulk_status"),
            path("bulk/<int:pk>/undo/", wrap(bulk.bulk_undo), name="complaints_bulk_undo"),
            path("filters/", wrap(saved.keep_filter), name="complaints_filter_keep"),
            path("filters/remove/", wrap(saved.drop_filter), name="complaints_filter_remove"),
            path("job/<int:pk>/", wrap(bulk.job_of), name="complaints_job"),
            path("callbacks/", wrap(calls.call_desk), name="complaints_callbacks"),
            path("callbacks/<int:pk>/", wrap(calls.call_number), name="complaints_call_number"),
            path("reviews/", wrap(reviews.review_desk), name="complaints_reviews"),
            path("notices/", wrap(inbox.inbox_page), name="complaints_inbox"),
            path("due/", wrap(due.due_page), name="complaints_due"),
            path("assists/", wrap(helping.assist_list), name="complaints_assists"),
            path("outside/", wrap(outside_list.outside_list), name="complaints_outside_list"),
            path("requests/", wrap(requesting.request_list), name="complaints_requests"),
            path(
                "first-dispatch/", wrap(requesting.first_dispatch), name="complaints_first_dispatch"
            ),
            path("pressing/", wrap(pressing.pressing_page), name="complaints_pressing"),
            path("digests/<int:pk>/", wrap(digests.desk_page), name="complaints_digest"),
            *publishing.urls(wrap),
            path("standing-in/", wrap(standing_in.desk_page), name="complaints_standing_in"),
            path("import/", wrap(imports.import_page), name="complaints_import"),
            path(
                "import/template/",
                wrap(imports.template_workbook),
                name="complaints_import_template",
            ),
            path(
                "import/<int:pk>/refused/",
                wrap(imports.refused_workbook),
                name="complaints_import_refused",
            ),
            path("import/<int:pk>/", wrap(imports.job_page), name="complaints_import_job"),
            path(
                "import/<int:pk>/headings/",
                wrap(imports.headings_page),
                name="complaints_import_headings",
            ),
            path(
                "import/<int:pk>/status/", wrap(imports.job_status), name="complaints_import_status"
            ),
            path("<int:pk>/change/", wrap(case_page), name="complaints_complaint_change"),
            path("<int:pk>/undo/", wrap(undoing.undo_step), name="complaints_complaint_undo"),
            path(
                "<int:pk>/preview/",
                wrap(case_list.case_preview),
                name="complaints_complaint_preview",
            ),
            path("<int:pk>/print/", wrap(papers.case_print), name="complaints_complaint_print"),
            path(
                "<int:pk>/printed/", wrap(papers.case_printed), name="complaints_complaint_printed"
            ),
            path(
                "<int:pk>/slips/<int:slip>/", wrap(papers.slip_print), name="complaints_slip_print"
            ),
            path(
                "<int:pk>/slips/<int:slip>/printed/",
                wrap(papers.slip_printed),
                name="complaints_slip_printed",
            ),
            path("<int:pk>/outside/", wrap(outside.outside_page), name="complaints_outside"),
            path("<int:pk>/reveal/", wrap(deeds.reveal), name="complaints_complaint_reveal"),
            path(
                "<int:pk>/photo/<int:photo>/", wrap(case_photo), name="complaints_complaint_photo"
            ),
            path(
                "<int:pk>/photo/<int:photo>/cover/",
                wrap(cover_photo),
                name="complaints_photo_cover",
            ),
            *deed_urls,
        ]
