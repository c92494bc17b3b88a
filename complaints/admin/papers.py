"""Paper at the desk: 承办单 and 督办单, A4, and the line that remembers who printed them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from complaints import pressing
from complaints.admin.pages import case_url, page
from complaints.desk import casepage
from complaints.desk.listing import clocked_page
from complaints.models import Complaint, SupervisionSlip
from complaints.services.papers import note_print
from complaints.services.supervising import note_reading

CASE_PAPER = gettext_lazy("承办单")


def case_print(request: HttpRequest, pk: int) -> HttpResponse:
    """承办单: the case on the office's own paper; the caller stays masked."""
    case = casepage.case_within_reach(request.user, pk)
    note_reading(case, request.user)
    facts = casepage.facts_of(case, request.user, request.GET.get("show", ""))
    # Paper is read from the beginning; the screen begins with what happened last.
    facts["timeline"] = list(facts["timeline"])[::-1]
    return page(
        request,
        "desk/case_print.html",
        title=case.number,
        back_url=case_url(pk),
        printed_url=case_url(pk, "printed"),
        **facts,
    )


def slip_print(request: HttpRequest, pk: int, slip: int) -> HttpResponse:
    """督办单: number, demand, time, and room for the signatures of both sides."""
    case = casepage.case_within_reach(request.user, pk)
    note_reading(case, request.user)
    found = issued_slip(case, slip)
    clocked_page(case)
    return page(
        request,
        "desk/slip_print.html",
        title=found.number,
        case=case,
        slip=found,
        back_url=case_url(pk),
        printed_url=reverse("admin:complaints_slip_printed", args=[pk, slip]),
        **casepage.caller_of(case, request.user),
    )


def issued_slip(case: Complaint, pk: int) -> SupervisionSlip:
    """The slip of this case; a draft is no paper yet."""
    slip = next((row for row in pressing.slips_of(case) if row.pk == pk), None)
    if slip is None:
        raise Http404
    return slip


@require_POST
def case_printed(request: HttpRequest, pk: int) -> HttpResponse:
    """Remember that the 承办单 was printed, and print it."""
    return printed(request, pk, str(CASE_PAPER), case_url(pk, "print"))


@require_POST
def slip_printed(request: HttpRequest, pk: int, slip: int) -> HttpResponse:
    """Remember that a 督办单 was printed, and print it."""
    case = casepage.case_within_reach(request.user, pk)
    found = issued_slip(case, slip)
    address = reverse("admin:complaints_slip_print", args=[pk, slip])
    return printed(request, pk, f"{found.paper} {found.number}", address)


def printed(request: HttpRequest, pk: int, paper: Any, address: str) -> HttpResponse:
    """One line in the history; then the page again, which opens the printer's window by itself."""
    casepage.case_within_reach(request.user, pk)
    try:
        note_print(pk, by=request.user, paper=paper)
    except PermissionDenied as refusal:
        messages.error(request, str(refusal) or _("您没有这项操作的权限。"))
        return redirect(address)
    return redirect(f"{address}?now=1")
