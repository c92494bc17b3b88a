"""待审核 by keyboard: one answer after another, approved or sent back with a ready reason."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from complaints.admin.pages import case_url, page, require_word
from complaints.desk import reviewing
from complaints.desk.casepage import caller_of, case_within_reach
from complaints.desk.listing import clocked, clocked_page, number
from complaints.desk_forms.closing import ApproveForm, SendBackForm
from complaints.selectors import CAP, capped_count, count_label
from complaints.services.covering import may_cover
from complaints.services.supervising import note_reading
from governance.choices import Word


def review_desk(request: HttpRequest) -> HttpResponse:
    """The queue, and the chosen answer beside its request."""
    require_word(request.user, Word.REVIEW)
    waiting = reviewing.queue(request.user)
    rows = list(waiting[: reviewing.ROWS])
    wanted = number(request.GET.get("case", ""))
    chosen = next((row for row in rows if row.pk == wanted), None)
    if wanted and chosen is None:
        chosen = waiting.filter(pk=wanted).first()
    chosen = chosen or (rows[0] if rows else None)
    place = rows.index(chosen) if chosen in rows else -1
    address = reverse("admin:complaints_reviews")
    context = {}
    if chosen is not None:
        case = case_within_reach(request.user, chosen.pk)
        clocked_page(case)
        note_reading(case, request.user)
        context = {
            "case": case,
            "case_url": case_url(case.pk),
            "approve": ApproveForm(case=case, by=request.user),
            "approve_url": case_url(case.pk, "approve"),
            "send_back": SendBackForm(case=case, by=request.user),
            "send_back_url": case_url(case.pk, "send_back"),
            "may_cover": may_cover(case, request.user),
            **reviewing.evidence_of(case),
            **caller_of(case, request.user),
        }
    return page(
        request,
        "desk/reviews.html",
        title=_("审核"),
        rows=clocked(rows),
        count=count_label(capped_count(waiting), CAP) if len(rows) == reviewing.ROWS else len(rows),
        previous_url=f"{address}?case={rows[place - 1].pk}" if place > 0 else "",
        next_url=f"{address}?case={rows[place + 1].pk}" if -1 < place < len(rows) - 1 else "",
        **context,
    )
