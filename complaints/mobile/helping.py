"""Help on the phone: what our units owe to others, answered, declined, responded to, reported at."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from complaints import helping
from complaints.mobile.answers import case_deed
from complaints.mobile.request_forms import AddAssistForm, AssistForm, AssistNoteForm
from complaints.models import Complaint
from complaints.selectors import capped_count, count_label
from complaints.services import assisting, whistling
from governance.errors import HouseError

Typed = dict[str, Any]
PAGE_SIZE = 20
LONGEST_KEY = 18
SHOWS = {
    "mine": (gettext_lazy("待我方办理"), helping.waiting_for),
    "asked": (gettext_lazy("我方发起"), helping.asked_by_us),
    "ended": (gettext_lazy("已结束"), helping.ended),
}


@case_deed(
    "answer_assist", AssistNoteForm, said=gettext_lazy("已答复，由主办单位统一答复诉求人。"),
    template="mobile/assist.html",
)  # fmt: skip
def answer_assist(request: HttpRequest, case: Complaint, data: Typed) -> None:
    """协办答复: what our unit has done."""
    assisting.answer(case.pk, **of_form(request, data))


@case_deed(
    "decline_assist", AssistNoteForm, said=gettext_lazy("已说明，发起单位会收到通知。"),
    template="mobile/assist.html",
)  # fmt: skip
def decline_assist(request: HttpRequest, case: Complaint, data: Typed) -> None:
    """说明不承担: why our unit does not help."""
    assisting.decline(case.pk, **of_form(request, data))


@case_deed("respond", AssistForm, said=gettext_lazy("已响应，请按时到场报到。"))
def respond(request: HttpRequest, case: Complaint, data: Typed) -> None:
    """响应: our unit comes."""
    whistling.respond(case.pk, **of_form(request, data))


@case_deed(
    "arrive", AssistForm, said=gettext_lazy("已报到。"), template="mobile/assist.html"
)  # fmt: skip
def arrive(request: HttpRequest, case: Complaint, data: Typed) -> None:
    """报到: our unit is there."""
    whistling.arrive(case.pk, **of_form(request, data))


@case_deed(
    "add_assist", AddAssistForm, said=gettext_lazy("已加派协办，对方会收到通知。"),
    template="mobile/add_assist.html",
)  # fmt: skip
def add_assist(request: HttpRequest, case: Complaint, data: Typed) -> None:
    """加派协办: a unit of the own community helps."""
    units = {unit.pk: unit for unit in helping.units_to_ask(case, request.user)}
    chosen = [units[pk] for pk in data["units"] if pk in units]
    if len(chosen) < len(data["units"]):
        raise HouseError(_("所选单位现在不能协办，请重新选择。"))
    assisting.add_units(case.pk, chosen, by=request.user, note=data["note"], seen=data["seen"])


def of_form(request: HttpRequest, data: Typed) -> dict[str, Any]:
    """What every deed of a helping unit is told."""
    return {
        "by": request.user, "assist": data["assist"], "note": data["note"], "seen": data["seen"],
    }  # fmt: skip


@login_required
@require_GET
def assists(request: HttpRequest) -> HttpResponse:
    """协办与吹哨: what waits for our units, what we have asked for."""
    show = request.GET.get("show", "mine")
    if show not in SHOWS:
        raise Http404
    rows = SHOWS[show][1](request.user)
    key = request.GET.get("before", "")
    found = rows.select_related(*helping.LISTED).order_by("-pk")
    if key.isdecimal() and len(key) <= LONGEST_KEY:
        found = found.filter(pk__lt=int(key))
    shown = list(found[: PAGE_SIZE + 1])
    more = len(shown) > PAGE_SIZE
    context = {
        "tabs": [(name, label, name == show) for name, (label, _rows) in SHOWS.items()],
        "rows": shown[:PAGE_SIZE],
        "count": count_label(capped_count(rows)),
        "older_url": f"?show={show}&before={shown[PAGE_SIZE - 1].pk}" if more else "",
        "tab": "complaints",
    }
    return render(request, "mobile/assists.html", context)
