"""代理: what waits at the desk of somebody who is away."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from complaints import standing_in
from complaints.admin.pages import page
from complaints.desk.listing import lines_of, page_by_due_then_rest


def desk_page(request: HttpRequest) -> HttpResponse:
    """The rows that the workbench counts for one deputyship; nobody else's desk is known here."""
    path = request.GET.get("at", "")
    desk = next((one for one in standing_in.desks(request.user) if one.path == path), None)
    if desk is None:
        raise Http404
    found = page_by_due_then_rest(
        standing_in.waiting_at(request.user, path), key=request.GET.get("key", "")[:60]
    )
    return page(
        request,
        "desk/standing_in.html",
        title=_("代 %(name)s") % {"name": desk.name},
        desk=desk,
        rows=lines_of(found.rows),
        newer_url="",
        older_url=f"?at={path}&key={found.older}" if found.older else "",
    )
