"""待派单 by keyboard: one case after another, the suggested unit at a keystroke."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from complaints.admin.bulk import bulk_deeds
from complaints.admin.pages import case_url, page, require_word, undo_of
from complaints.desk.casepage import caller_of
from complaints.desk.listing import clocked, number
from complaints.desk.suggesting import QUEUE_ROWS, queue, queue_rows
from complaints.desk_forms.dispatching import DispatchForm
from complaints.selectors import CAP, capped_count, count_label
from complaints.services.supervising import note_reading
from governance.choices import Word


def queue_page(request: HttpRequest) -> HttpResponse:
    """The queue, what presses first, and the dispatch of the chosen case."""
    require_word(request.user, Word.DISPATCH)
    wanted = number(request.GET.get("case", ""))
    found, is_further_down = queue_rows(request.user, wanted)
    rows = found[:QUEUE_ROWS]
    chosen = next((row for row in rows if row.pk == wanted), rows[0] if rows else None)
    place = rows.index(chosen) if chosen else 0
    if chosen is not None:
        note_reading(chosen, request.user)
    address = reverse("admin:complaints_queue")
    return page(
        request,
        "desk/queue.html",
        title=_("待派单"),
        rows=clocked(rows),
        case=chosen,
        form=DispatchForm(case=chosen, by=request.user) if chosen else None,
        action=case_url(chosen.pk, "dispatch") if chosen else "",
        case_url=case_url(chosen.pk) if chosen else "",
        **(caller_of(chosen, request.user) if chosen else {}),
        count=(
            count_label(capped_count(queue(request.user)), CAP)
            if is_further_down or len(found) > QUEUE_ROWS
            else len(found)
        ),
        previous_url=f"{address}?case={rows[place - 1].pk}" if place else "",
        undo_lines=undo_of(request),
        bulk=bulk_deeds(request.user)[:1],
        next_url=f"{address}?case={found[place + 1].pk}" if place + 1 < len(found) else "",
        first_url=address if is_further_down else "",
    )
