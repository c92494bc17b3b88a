"""The daily digest at the desk."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from complaints import digest_page
from complaints.admin.pages import list_url, page


def desk_page(request: HttpRequest, pk: int) -> HttpResponse:
    """每日提要: the numbers of that morning beside those of now, each opening its rows."""
    row = digest_page.own_digest(request.user, pk)
    urls = {
        "waiting": list_url("waiting=1"),
        "today": list_url("waiting=1&clock=today"),
        "late": list_url("waiting=1&clock=overdue"),
        "requests": reverse("admin:complaints_requests"),
    }
    return page(
        request,
        "desk/digest.html",
        title=_("每日提要"),
        digest=row,
        lines=digest_page.lines(request.user, row, urls),
    )
