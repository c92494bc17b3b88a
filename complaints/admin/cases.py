"""Cases at the desk: the list, the page of one, its print and its photos."""

from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from complaints.admin import calls, deeds, filing, imports, queue, reviews
from complaints.admin.pages import case_url, list_url, page, require_word
from complaints.desk import casepage, listing
from complaints.desk_forms import DEEDS, SHORT
from complaints.models import Complaint
from complaints.services.photos import open_photo
from complaints.services.supervising import note_reading
from governance.admin.base import ScopedAdmin
from governance.choices import Word
from governance.templatetags.house import how_many


def case_list(request: HttpRequest) -> HttpResponse:
    """The list: filters in the address, fifty rows, pages by key."""
    require_word(request.user, Word.SEE, Word.DISCIPLINE)
    if listing.is_whole_phone(request.GET.get("q", "")):
        messages.warning(request, _("请只输入电话后四位；整个号码不会放进网址，也没有用来查找。"))
        kept = request.GET.copy()
        del kept["q"]
        return redirect(list_url(kept.urlencode()))
    filters = listing.Filters.read(request.GET)
    choices = listing.filter_choices(request.user)
    cases = listing.chosen_cases(request.user, filters, choices)
    found = listing.page_of(cases, filters)
    shown = listing.count_of(cases, found, filters)
    return page(
        request,
        "desk/case_list.html",
        title=_("诉求"),
        rows=listing.lines_of(found.rows),
        filters=filters,
        choices=choices,
        chosen=listing.labelled(filters, choices),
        count_text=ngettext("共 %(count)s 件", "共 %(count)s 件", how_many(shown))
        % {"count": shown},
        newer_url=key_address(filters, found.newer),
        older_url=key_address(filters, found.older),
        first_url=filters.address() if filters.key else "",
        order_urls={name: filters.address(order=name) for name in ("due", "new")},
    )


def key_address(filters: listing.Filters, key: str | None) -> str:
    """The address of a neighbouring page."""
    return filters.address(key=key) if key else ""


def case_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One case: clock, ladder, timeline, photos, who called, and the deeds one may do."""
    case = casepage.case_within_reach(request.user, pk)
    note_reading(case, request.user)
    facts = casepage.facts_of(case, request.user)
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
        for name in sorted(offered, key=lambda name: name != main)
    ]
    return page(
        request,
        "desk/case.html",
        title=case.number,
        deeds=forms,
        print_url=case_url(case.pk, "print"),
        reveal_url=case_url(case.pk, "reveal"),
        **facts,
    )


def case_print(request: HttpRequest, pk: int) -> HttpResponse:
    """承办单: the case on the office's own paper; the caller stays masked."""
    case = casepage.case_within_reach(request.user, pk)
    note_reading(case, request.user)
    facts = casepage.facts_of(case, request.user)
    return page(request, "desk/case_print.html", title=case.number, back_url=case_url(pk), **facts)


def case_photo(request: HttpRequest, pk: int, photo: int) -> HttpResponse:
    """A photo, for whoever may see its case."""
    case = casepage.case_within_reach(request.user, pk)
    found = case.photos.filter(pk=photo).first()
    if found is None:
        raise Http404
    small = request.GET.get("small") == "1"
    answer = HttpResponse(open_photo(found, small=small), content_type="image/jpeg")
    answer["Cache-Control"] = "private, max-age=300"
    answer["Content-Disposition"] = "inline"
    return answer


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
            path("", wrap(case_list), name="complaints_complaint_changelist"),
            path("add/", wrap(filing.new_case), name="complaints_complaint_add"),
            path("place/", wrap(filing.guess_place), name="complaints_place"),
            path("queue/", wrap(queue.queue_page), name="complaints_queue"),
            path("callbacks/", wrap(calls.call_desk), name="complaints_callbacks"),
            path("callbacks/<int:pk>/", wrap(calls.call_number), name="complaints_call_number"),
            path("reviews/", wrap(reviews.review_desk), name="complaints_reviews"),
            path("import/", wrap(imports.import_page), name="complaints_import"),
            path("import/<int:pk>/", wrap(imports.job_page), name="complaints_import_job"),
            path(
                "import/<int:pk>/status/", wrap(imports.job_status), name="complaints_import_status"
            ),
            path("<int:pk>/change/", wrap(case_page), name="complaints_complaint_change"),
            path("<int:pk>/print/", wrap(case_print), name="complaints_complaint_print"),
            path("<int:pk>/reveal/", wrap(deeds.reveal), name="complaints_complaint_reveal"),
            path(
                "<int:pk>/photo/<int:photo>/", wrap(case_photo), name="complaints_complaint_photo"
            ),
            *deed_urls,
        ]
