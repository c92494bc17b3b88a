"""征询外单位 on the phone: the holder asks, and hands the link over where they stand."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from complaints.asking_outside import Desk
from complaints.mobile.casepage import shown_case, workdays_left


@login_required
@require_http_methods(["GET", "POST"])
def ask_outside(request: HttpRequest, pk: int) -> HttpResponse:
    """The same page as at the desk, for a thumb."""
    case = shown_case(request.user, pk)
    desk = Desk(request, case)
    try:
        context = desk.carry_out()
    except PermissionDenied as refusal:
        raise Http404 from refusal
    if request.method == "POST":
        context["case"] = case = shown_case(request.user, pk)
    more = {"workdays": workdays_left(case), "tab": "complaints"}
    return render(request, "mobile/outside.html", context | more, status=desk.status)
