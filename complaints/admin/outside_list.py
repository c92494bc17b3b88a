"""外单位征询 across cases: who was asked, until when the answer is due, how long the link still opens."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from complaints import outsiders
from complaints.admin.pages import case_url, page, require_word
from complaints.admin.searching import found, kept, words_of
from complaints.models import OutsideQuestion
from complaints.selectors import CAP, capped_count, count_label
from governance.choices import Word
from governance.templatetags.house import how_many

PAGE_SIZE = 50


def outside_list(request: HttpRequest) -> HttpResponse:
    """Fifty rows, the nearest end first; the filter and the key of the page stay in the address."""
    require_word(request.user, Word.SEE)
    show = request.GET.get("show", outsiders.WAITING)
    if show not in outsiders.LISTS:
        raise Http404
    words = words_of(request)
    rows = found(outsiders.listed(request.user, show), words, more="to_name")
    key = request.GET.get("after", "")
    shown, more = outsiders.page_of(rows, show, key, PAGE_SIZE)
    count = count_label(capped_count(rows), CAP) if more or key else str(len(shown))
    address = reverse("admin:complaints_outside_list")
    return page(
        request,
        "desk/outside_list.html",
        title=_("外单位征询"),
        show=show,
        q=words,
        tabs=[(word, label, f"{address}?show={word}") for word, label in outsiders.LISTS.items()],
        lines=[line_of(row, request.user) for row in shown],
        count_text=ngettext("共 %(count)s 项", "共 %(count)s 项", how_many(count))
        % {"count": count},
        older_url=kept(words, show=show, after=more) if more else "",
        newer_url=kept(words, show=show) if key else "",
    )


def line_of(row: OutsideQuestion, user: Any) -> dict[str, Any]:
    """What the list shows of a question, and where another link is made for it."""
    case = row.complaint
    is_waiting = row.answered_at is None and row.ended_at is None
    return {
        "row": row,
        "case": case,
        "title": _("保密件") if case.is_confidential else case.title,
        "url": case_url(case.pk),
        "is_waiting": is_waiting,
        "has_expired": is_waiting and row.expires_at <= timezone.now(),
        "renew_url": reverse("admin:complaints_outside", args=[case.pk])
        if is_waiting and case.is_open and outsiders.may_write_outside(case, user)
        else "",
    }
