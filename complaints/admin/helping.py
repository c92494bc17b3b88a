"""协办与吹哨 at the desk: what our units owe to others, what we have asked for, who is late."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from complaints import helping
from complaints.admin.pages import case_url, page, require_word
from complaints.admin.searching import found, kept, words_of
from complaints.models import Assist
from complaints.selectors import CAP, capped_count, count_label
from governance.choices import Word
from governance.models.reach import roots
from governance.templatetags.house import how_many

PAGE_SIZE = 50
LONGEST_KEY = 18
# What a list shows, by the word in its address.
SHOWS: dict[str, tuple[Any, Callable[[Any], QuerySet[Assist]]]] = {
    "mine": (gettext_lazy("待我方办理"), helping.waiting_for),
    "asked": (gettext_lazy("我方发起"), helping.asked_by_us),
    "late": (gettext_lazy("已超时"), helping.late),
    "ended": (gettext_lazy("已结束"), helping.ended),
}


def assist_list(request: HttpRequest) -> HttpResponse:
    """Fifty rows, pages by key; the filter stays in the address."""
    require_word(request.user, Word.SEE)
    usual = "mine" if roots(request.user, Word.HANDLE) else "asked"
    show = request.GET.get("show", usual)
    if show not in SHOWS:
        raise Http404
    words = words_of(request)
    rows = found(SHOWS[show][1](request.user), words)
    key = request.GET.get("before", "")
    older = rows.select_related(*helping.LISTED).order_by("-pk")
    if key.isdecimal() and len(key) <= LONGEST_KEY:
        older = older.filter(pk__lt=int(key))
    shown = list(older[: PAGE_SIZE + 1])
    more = shown[PAGE_SIZE - 1].pk if len(shown) > PAGE_SIZE else None
    shown = shown[:PAGE_SIZE]
    count = count_label(capped_count(rows), CAP) if more or key else str(len(shown))
    for row in shown:
        row.url = case_url(row.complaint_id)
    address = reverse("admin:complaints_assists")
    return page(
        request,
        "desk/assists.html",
        title=_("协办与吹哨"),
        show=show,
        q=words,
        tabs=[(word, label, f"{address}?show={word}") for word, (label, _rows) in SHOWS.items()],
        rows=shown,
        count_text=ngettext("共 %(count)s 项", "共 %(count)s 项", how_many(count))
        % {"count": count},
        older_url=kept(words, show=show, before=more) if more else "",
        newer_url=kept(words, show=show) if key else "",
    )
