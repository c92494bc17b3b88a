"""通知 at the desk: the whole inbox, read and unread, fifty at a time."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.admin.pages import page
from complaints.admin.searching import kept
from complaints.desk.listing import number
from complaints.desk.workbench import addressed
from governance.services import notices

PAGE_SIZE = 50
SHOWS: dict[str, Any] = {"unread": gettext_lazy("未读"), "all": gettext_lazy("全部")}


def inbox_page(request: HttpRequest) -> HttpResponse:
    """One's own notices, the newest first; POST marks those on the page, or one of them, as read."""
    if request.method == "POST":
        ids = [number(text) for text in request.POST.getlist("shown")[:PAGE_SIZE]]
        notices.mark_read(request.user, ids=[one for one in ids if one])
        messages.success(request, _("已标为已读。"))
        return redirect(request.get_full_path())
    show = request.GET.get("show", "unread")
    if show not in SHOWS:
        raise Http404
    before = number(request.GET.get("before", ""))
    rows = notices.inbox(request.user)
    if show == "unread":
        rows = rows.filter(read_at__isnull=True)
    rows = notices.older_than(rows, request.user, before)
    found = list(rows[: PAGE_SIZE + 1])
    shown = addressed(found[:PAGE_SIZE])
    return page(
        request,
        "desk/inbox.html",
        title=_("通知"),
        show=show,
        tabs=[
            (name, label, f"{reverse('admin:complaints_inbox')}?show={name}")
            for name, label in SHOWS.items()
        ],
        rows=shown,
        has_unread=any(row.read_at is None for row in shown),
        older_url=kept("", show=show, before=shown[-1].pk) if len(found) > PAGE_SIZE else "",
        newer_url=kept("", show=show) if before else "",
    )
