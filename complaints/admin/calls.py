"""回访 by keyboard: one citizen after another, the number for a written reason, save and next."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from complaints.admin.pages import case_url, page, require_word, undo_of
from complaints.desk import calling
from complaints.desk.casepage import caller_of, may_reveal
from complaints.desk.listing import number
from complaints.desk_forms.closing import RecordCallbackForm
from complaints.models import Complaint
from complaints.services.calling import open_number
from complaints.services.supervising import note_reading
from governance.choices import Word
from governance.errors import HouseError


def call_desk(request: HttpRequest) -> HttpResponse:
    """The call list, and the citizen who is to be rung now."""
    require_word(request.user, Word.CALLBACK)
    return desk(request, number(request.GET.get("case", "")))


@require_POST
def call_number(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the citizen's number on the desk for a written reason; the page is kept nowhere."""
    require_word(request.user, Word.CALLBACK)
    given: dict[str, Any] = {"note": request.POST.get("note", "")}
    status = 200
    if calling.one_to_call(request.user, pk, timezone.now()) is None:
        # Somebody has asked this citizen in the meantime: the list shows who is next.
        return desk(request, None, status=409, sentence=_("这件诉求已不在您的回访名单里。"))
    try:
        given["phone"] = open_number(pk, by=request.user, note=given["note"])
    except HouseError as refusal:
        given["sentence"], status = refusal.message, 422
    except PermissionDenied as refusal:
        given["sentence"], status = str(refusal) or _("您没有这项操作的权限。"), 403
    return desk(request, pk, status=status, **given)


def address(pk: int | None) -> str:
    """The desk with one case chosen."""
    base = reverse("admin:complaints_callbacks")
    return f"{base}?case={pk}" if pk else base


def desk(
    request: HttpRequest, wanted: int | None, *, status: int = 200, **given: Any
) -> HttpResponse:
    """The page: list, citizen, what was done, script, form."""
    now = timezone.now()
    rows = calling.call_list(request.user, now)
    chosen = next((row for row in rows if row.pk == wanted), None)
    if wanted and chosen is None:
        chosen = calling.one_to_call(request.user, wanted, now)
    chosen = chosen or calling.next_to_call(rows)
    place = rows.index(chosen) if chosen in rows else -1
    return page(
        request,
        "desk/calls.html",
        title=_("回访"),
        status=status,
        rows=rows,
        later=calling.later_today(request.user, now),
        case=chosen,
        day=calling.day_so_far(request.user, now),
        undo_lines=undo_of(request),
        is_quiet=calling.is_quiet(now),
        previous_url=address(rows[place - 1].pk) if place > 0 else "",
        next_url=address(rows[place + 1].pk) if -1 < place < len(rows) - 1 else "",
        **(facts_of(request, chosen) if chosen else {}),
        **given,
    )


def facts_of(request: HttpRequest, case: Complaint) -> dict[str, Any]:
    """What the clerk needs in front of the eyes while ringing."""
    note_reading(case, request.user)
    contacts = list(case.contacts.select_related("by__person").order_by("-id"))
    return {
        "form": RecordCallbackForm(case=case, by=request.user),
        "action": case_url(case.pk, "record_callback"),
        "number_url": reverse("admin:complaints_call_number", args=[case.pk]),
        "case_url": case_url(case.pk),
        "script": calling.script_for(case),
        "reply": case.replies.filter(round=case.round).order_by("-id").first(),
        "contacts": contacts[:3],
        "best_time": calling.best_time(case, contacts, timezone.now()),
        "tries": calling.tries_left(case),
        "may_reveal": may_reveal(case, request.user),
        **caller_of(case, request.user),
    }
