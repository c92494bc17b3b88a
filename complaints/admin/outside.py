"""征询外单位 at the desk: write to a property company or a department that has no account here."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from complaints.admin.pages import case_url, page
from complaints.asking_outside import Desk
from complaints.desk.casepage import case_within_reach
from complaints.desk.listing import clocked_page
from complaints.services.supervising import note_reading


def outside_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The questions of a case; a new one with its preview; a fresh link, shown once."""
    case = case_within_reach(request.user, pk)
    note_reading(case, request.user)
    desk = Desk(request, case)
    context = desk.carry_out()
    if request.method == "POST":
        context["case"] = case = case_within_reach(request.user, pk)
    clocked_page(case)
    return page(
        request,
        "desk/outside.html",
        title=_("征询外单位"),
        status=desk.status,
        back_url=case_url(pk),
        **context,
    )
