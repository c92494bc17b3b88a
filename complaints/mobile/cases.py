"""今日, the lists of cases, one case, and its photos."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from complaints import due, helping, selectors, standing_in
from complaints.choices import Stage
from complaints.covering import Table
from complaints.mobile.cards import cards
from complaints.mobile.casepage import draw_case, shown_case
from complaints.models import Complaint, Photo
from complaints.served import picture
from complaints.services import photos, supervising
from governance.choices import Word
from governance.models.reach import roots
from governance.selectors import current_posts
from governance.services import notices, todo
from grids.models import Grid

FIRST_ROWS, ROWS = 8, 20
# What a list shows, by the word in its address: label, cases, whether the due moment orders it.
SHOWS: dict[str, tuple[Any, Callable[[Any], QuerySet[Complaint]], bool]] = {
    "mine": (gettext_lazy("我手上的"), selectors.held_by, True),
    "late": (
        gettext_lazy("已超期"),
        lambda user: selectors.overdue(selectors.held_by(user)),
        True,
    ),
    "today": (
        gettext_lazy("今日到期"),
        lambda user: selectors.due_today(selectors.held_by(user)),
        True,
    ),
    "soon": (
        gettext_lazy("3个工作日内到期"),
        lambda user: due.in_band(selectors.held_by(user), due.SOON, due.bounds_for(user)),
        True,
    ),
    "long": (
        gettext_lazy("长期超期"),
        lambda user: due.in_band(selectors.held_by(user), due.LONG, due.bounds_for(user)),
        True,
    ),
    "work": (
        gettext_lazy("在办"),
        lambda user: selectors.held_by(user).filter(stage=Stage.HANDLING),
        True,
    ),
    "sign": (
        gettext_lazy("待签收"),
        lambda user: selectors.held_by(user).filter(stage=Stage.PENDING_SIGN),
        True,
    ),
    "open": (
        gettext_lazy("全部在办"),
        lambda user: Complaint.objects.visible_to(user).open(),
        False,
    ),
    "done": (
        gettext_lazy("已办"),
        lambda user: Complaint.objects.visible_to(user).filter(is_open=False),
        False,
    ),
    "all": (gettext_lazy("全部"), lambda user: Complaint.objects.visible_to(user), False),
}
# The words of the address for what falls due, or fell; 今日 has used two of them from the start.
BANDS = {"late": due.LATE, "long": due.LONG, "today": due.TODAY, "soon": due.SOON}
TABS = ("mine", "open", "done")
OWN = ("mine", "late", "today", "soon", "long", "work", "sign")


@login_required
@require_GET
def today(request: HttpRequest) -> HttpResponse:
    """今日: what to do first, and how much there is."""
    posts = current_posts(request.user)
    unread = list(notices.inbox(request.user).filter(read_at__isnull=True)[:100])
    own = [post.organisation_id for post in posts[:1]]
    grids = Grid.objects.visible_to(request.user).filter(organisation__in=own, ended_on=None)
    context = {
        "posts": posts,
        "grid": grids.first(),
        "person": posts[0].person if posts else request.user.person,
        "counts": selectors.desk_counts(request.user),
        "cards": cards(selectors.first_held(request.user, size=FIRST_ROWS).rows),
        "standing_in": standing_in.desks(request.user),
        "unread": unread,
        "silent_since": todo.silent_since("sweep"),
        "tab": "today",
    }
    return render(request, "mobile/today.html", context)


@login_required
@require_GET
def complaints(request: HttpRequest) -> HttpResponse:
    """诉求: a list whose filters stand in the address, page by page."""
    query = request.GET.get("q", "").strip()[:60]
    usual = "mine" if roots(request.user, Word.HANDLE) else "open"
    show = request.GET.get("show", "all" if query else usual)
    if show not in SHOWS:
        raise Http404
    label, rows, is_by_due = SHOWS[show]
    desk = request.GET.get("at", "")
    if desk and not standing_in.is_own_desk(request.user, desk):
        raise Http404
    key = request.GET.get("page", "")
    own = counts_of(request.user, show) if show in OWN and not (desk or query) else {}
    if show == "mine" and own and not key:
        page, count = (
            selectors.first_held(request.user, size=ROWS),
            min(own["all"], selectors.CAP + 1),
        )
    else:
        cases = standing_in.waiting_at(request.user, desk) if desk else rows(request.user)
        found = selectors.search(cases, query)
        page_of = selectors.page_by_due if is_by_due else selectors.page_by_number
        page = page_of(found, key=key, size=ROWS)
        is_counted = own and show in BANDS
        count = own[BANDS[show]] if is_counted else selectors.capped_count(found)
    filters = {"show": show, **({"q": query} if query else {}), **({"at": desk} if desk else {})}
    context = {
        "show": show,
        "label": label,
        "query": query,
        "tabs": [(name, SHOWS[name][0], is_chosen(name, show)) for name in TABS],
        "is_narrowed": show in OWN and show != "mine",
        "bands": bands_of(own, show) if own else [],
        "cards": cards(page.rows),
        "count": selectors.count_label(count),
        "older_url": f"?{urlencode({**filters, 'page': page.older})}" if page.older else "",
        "newer_url": f"?{urlencode({**filters, 'page': page.newer})}" if page.newer else "",
        "tab": "complaints",
    }
    return render(request, "mobile/complaints.html", context)


def counts_of(user: Any, show: str) -> dict[str, int]:
    """What of my own falls due when, and "all" of it; the whole list spares the calendar."""
    if show != "mine":
        return due.counts_held(user)
    desk = selectors.desk_counts(user)
    return {due.LATE: desk["late"], due.TODAY: desk["today"], "all": desk["work"] + desk["sign"]}


def bands_of(counts: dict[str, int], show: str) -> list[tuple[str, Any, int | None, str, bool]]:
    """For each band the word in the address, label, count, tone, and whether it is shown now.

    What has not been counted is offered without a number where there may be something in it.
    """
    uncounted = {due.SOON: counts["all"], due.LONG: counts[due.LATE]}
    return [
        (word, due.LABELS[band], counts.get(band), due.TONES[band], word == show)
        for word, band in BANDS.items()
        if counts.get(band, uncounted.get(band)) or word == show
    ]


def is_chosen(name: str, show: str) -> bool:
    """Whether a tab holds what is shown; the four figures of 今日 are parts of 我手上的."""
    return name == show or (name == "mine" and show in OWN)


@login_required
@require_GET
def complaint(request: HttpRequest, pk: int) -> HttpResponse:
    """One case; reading a confidential one leaves a line in the audit."""
    case = shown_case(request.user, pk)
    supervising.note_reading(case, request.user)
    return draw_case(request, case)


@login_required
@require_GET
def photo(request: HttpRequest, pk: int) -> HttpResponse:
    """A photo of a case within reach; `?small` gives its small copy."""
    case = get_object_or_404(helping.readable_by(request.user), photos=pk)
    found = case.photos.get(pk=pk)
    try:
        return picture(photos.open_photo(found, small="small" in request.GET))
    except FileNotFoundError as missing:
        raise Http404 from missing


@login_required
@require_http_methods(["GET", "POST"])
def cover_photo(request: HttpRequest, pk: int) -> HttpResponse:
    """遮盖, for a thumb: squares of a photo are ticked or brushed over, and painted over for good."""
    found = get_object_or_404(Photo, pk=pk)
    case = shown_case(request.user, found.complaint_id)
    try:
        table = Table(request, case, found)
    except PermissionDenied as refusal:
        raise Http404 from refusal
    if request.method == "POST":
        table.carry_out()
        if table.is_done:
            messages.success(request, _("已遮住。请再看一眼，还有没遮到的可以接着点。"))
            return redirect(request.path)
    context = table.context() | {"photo_url": reverse("mobile:photo", args=[pk])}
    return render(
        request, "mobile/cover.html", context | {"tab": "complaints"}, status=table.status
    )


@login_required
@require_GET
def kept_photo(request: HttpRequest, tray: UUID, name: str) -> HttpResponse:
    """A photo that lies in one's own tray while a report is being written."""
    content = photos.open_kept(tray, name, by=request.user)
    if content is None:
        raise Http404
    return picture(content)
