"""Requests at the desk: the lists that wait for a decision, and 首派准确率."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from complaints import requested
from complaints.admin.pages import page, require_word
from complaints.admin.searching import found, kept, words_of
from complaints.choices import RequestKind, RequestState
from complaints.desk.listing import clocked
from complaints.figures import Period
from complaints.models import CaseRequest, Complaint
from complaints.selectors import CAP, capped_count, capped_counts, count_label
from governance.choices import Word
from governance.models.reach import may, roots
from governance.templatetags.house import how_many

PAGE_SIZE = 50
Rows = QuerySet[CaseRequest]
# What a list shows, by the word in its address.
SHOWS: dict[str, tuple[Any, Callable[[Any], Rows]]] = {
    "mine": (gettext_lazy("待我审批"), requested.waiting_for),
    "pending": (gettext_lazy("全部待审批"), lambda user: pending(user)),
    "return": (
        gettext_lazy("退单待审批"),
        lambda user: pending(user).filter(kind=RequestKind.RETURN),
    ),
    "extension": (
        gettext_lazy("延期待审批"),
        lambda user: pending(user).filter(kind=RequestKind.EXTENSION),
    ),
    "suspension": (
        gettext_lazy("挂起待审批"),
        lambda user: pending(user).filter(kind=RequestKind.SUSPENSION),
    ),
    "duty": (
        gettext_lazy("超职责待认定"),
        lambda user: pending(user).filter(kind=RequestKind.OUT_OF_DUTY),
    ),
    "standing": (gettext_lazy("挂起中"), requested.standing_still),
    "city": (gettext_lazy("待来源批复"), requested.outstanding_at_the_city),
    "asked": (gettext_lazy("我方申请"), requested.asked_by_my_unit),
    "decided": (
        gettext_lazy("已审批"),
        lambda user: CaseRequest.objects.visible_to(user).filter(
            state__in=(RequestState.GRANTED, RequestState.REFUSED)
        ),
    ),
}
# What is looked up rather than worked off has no count on its tab.
REGISTERS = ("asked", "decided")
# What waits stands in turn, what runs by its end; the rest by number, the newest first.
ORDERS = {"asked": requested.NEWEST, "decided": requested.NEWEST, "standing": requested.BY_END}
# The spans of 首派准确率, in days up to now.
SPANS = {"30": gettext_lazy("近30天"), "90": gettext_lazy("近90天"), "365": gettext_lazy("近一年")}


def pending(user: Any) -> Rows:
    """Every request within reach that waits for somebody."""
    return CaseRequest.objects.visible_to(user).pending()


def request_list(request: HttpRequest) -> HttpResponse:
    """申请: what waits for a decision, for its end, or for the city; fifty rows, pages by key."""
    require_word(request.user, Word.SEE, Word.DISCIPLINE)
    show = request.GET.get("show", "mine")
    if show not in SHOWS:
        raise Http404
    counts = counts_for(request.user)
    words = words_of(request)
    rows = found(SHOWS[show][1](request.user), words)
    key = request.GET.get("key", "")
    order = ORDERS.get(show, requested.IN_TURN)
    shown, more = requested.page_of(rows, order, key, PAGE_SIZE)
    clocked([row.complaint for row in shown])
    count = count_label(counts[show] if show in counts and not words else capped_count(rows), CAP)
    reads_rates = bool(roots(request.user, Word.DISPATCH) or roots(request.user, Word.INSTRUCT))
    return page(
        request,
        "desk/requests.html",
        title=_("申请"),
        show=show,
        q=words,
        tabs=[
            (
                word,
                label,
                f"{reverse('admin:complaints_requests')}?{urlencode({'show': word})}",
                count_label(counts[word], CAP) if word in counts else "",
            )
            for word, (label, _rows) in SHOWS.items()
        ],
        first_url=reverse("admin:complaints_first_dispatch") if reads_rates else "",
        rows=[line_of(row, request.user) for row in shown],
        count_text=ngettext("共 %(count)s 件", "共 %(count)s 件", how_many(count))
        % {"count": count},
        older_url=kept(words, show=show, key=more) if more else "",
        newer_url=kept(words, show=show) if key else "",
    )


def counts_for(user: Any) -> dict[str, int]:
    """How much each list of what waits or runs holds; one statement for all tabs."""
    return capped_counts(
        {show: rows(user) for show, (_label, rows) in SHOWS.items() if show not in REGISTERS}
    )


def line_of(row: CaseRequest, user: Any) -> dict[str, Any]:
    """What a list shows of a request; confidential matters stay without words."""
    case = row.complaint
    decides = (
        row.state == RequestState.PENDING
        and row.asked_by_id != user.pk
        and may(user, Word.DISPATCH, row.decider_path)
    )
    verb = "decide_request" if decides else "change"
    return {
        "row": row,
        "case": case,
        "title": _("保密件") if case.is_confidential else case.title,
        "url": reverse("admin:complaints_complaint_change", args=[case.pk]),
        "decide_url": reverse(f"admin:complaints_complaint_{verb}", args=[case.pk]),
        "decides": decides,
    }


def first_dispatch(request: HttpRequest) -> HttpResponse:
    """首派准确率 by dispatcher, rule and category, with its counts; printable."""
    require_word(request.user, Word.DISPATCH, Word.INSTRUCT)
    span = request.GET.get("days", "90")
    if span not in SPANS:
        raise Http404
    today = timezone.localdate()
    end = timezone.make_aware(datetime.combine(today + timedelta(days=1), time()))
    period = Period(end - timedelta(days=int(span)), end)
    cases = Complaint.objects.visible_to(request.user)
    tables = [
        (label, requested.first_hits(cases, period, by))
        for by, label in (
            ("dispatcher", _("按派单人")), ("rule", _("按派单依据")), ("category", _("按分类")),
        )
    ]  # fmt: skip
    address = reverse("admin:complaints_first_dispatch")
    return page(
        request,
        "desk/first_dispatch.html",
        title=_("首派准确率"),
        tables=tables,
        span=span,
        since=timezone.localtime(period.start),
        spans=[(days, label, f"{address}?days={days}") for days, label in SPANS.items()],
    )
