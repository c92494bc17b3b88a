"""督促台账 at the desk: slips that wait, cards that stand, drafts to be signed, cards by unit."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from complaints import pressing
from complaints.admin.pages import case_url, page, require_word
from complaints.admin.searching import found, kept, words_of
from complaints.models import IssuedCard, SupervisionSlip
from complaints.selectors import CAP, capped_count, capped_counts, count_label
from complaints.services.slips import VERBS
from governance.choices import Word
from governance.models.reach import may
from governance.templatetags.house import how_many

PAGE_SIZE = 50
LONGEST_KEY = 18
SLIPS, CARDS, UNITS = "slips", "cards", "units"
# What a list shows, by the word in its address: label, what its rows are, the rows.
SHOWS: dict[str, tuple[Any, str, Callable[[Any], Any]]] = {
    "waiting": (
        gettext_lazy("督办待反馈"), SLIPS,
        lambda user: SupervisionSlip.objects.visible_to(user).unanswered(),
    ),
    "late": (
        gettext_lazy("逾期未反馈"), SLIPS,
        lambda user: SupervisionSlip.objects.visible_to(user).late(),
    ),
    "drafts": (gettext_lazy("待签发"), SLIPS, pressing.drafts_of),
    "all": (
        gettext_lazy("全部督办单"), SLIPS,
        lambda user: SupervisionSlip.objects.visible_to(user).issued(),
    ),
    "red": (
        gettext_lazy("红牌"), CARDS,
        lambda user: IssuedCard.objects.visible_to(user).standing().filter(card="red"),
    ),
    "yellow": (
        gettext_lazy("黄牌"), CARDS,
        lambda user: IssuedCard.objects.visible_to(user).standing().filter(card="yellow"),
    ),
    "withdrawn": (
        gettext_lazy("已撤牌"), CARDS,
        lambda user: IssuedCard.objects.visible_to(user).exclude(withdrawn_at=None),
    ),
}  # fmt: skip
# What is looked up rather than worked off has no count on its tab.
REGISTERS = ("all", "withdrawn")
# Where one comes in, most pressing first.
OPENING = ("waiting", "drafts", "red", "yellow")
# The spans of 按单位, in days up to now.
SPANS = {"30": gettext_lazy("近30天"), "90": gettext_lazy("近90天"), "365": gettext_lazy("近一年")}
JOINED = ("complaint", "unit", "issued_by__person")


def pressing_page(request: HttpRequest) -> HttpResponse:
    """督促台账: fifty rows of one list, pages by key; or the cards of the units in a table."""
    require_word(request.user, Word.SEE, Word.DISCIPLINE)
    show = request.GET.get("show", "")
    if show and show not in (*SHOWS, UNITS):
        raise Http404
    counts = counts_for(request.user)
    show = show or first_with_rows(counts)
    if show == UNITS:
        return units_page(request, counts)
    _label, kind, rows_of = SHOWS[show]
    words, key = words_of(request), request.GET.get("before", "")
    rows = found(rows_of(request.user), words)
    older = rows.select_related(*JOINED).order_by("-pk")
    if key.isdecimal() and len(key) <= LONGEST_KEY:
        older = older.filter(pk__lt=int(key))
    shown = list(older[: PAGE_SIZE + 1])
    more = shown[PAGE_SIZE - 1].pk if len(shown) > PAGE_SIZE else None
    count = count_label(counts[show] if show in counts and not words else capped_count(rows), CAP)
    return page(
        request,
        "desk/pressing.html",
        title=_("督促台账"),
        show=show,
        q=words,
        kind=kind,
        tabs=tabs(counts),
        lines=[line_of(row, request.user) for row in shown[:PAGE_SIZE]],
        count_text=ngettext("共 %(count)s 件", "共 %(count)s 件", how_many(count))
        % {"count": count},
        older_url=kept(words, show=show, before=more) if more else "",
        newer_url=kept(words, show=show) if key else "",
    )


def counts_for(user: Any) -> dict[str, int]:
    """How much each list of what waits or stands holds; one statement for all tabs."""
    return capped_counts(
        {show: rows(user) for show, (_label, _kind, rows) in SHOWS.items() if show not in REGISTERS}
    )


def first_with_rows(counts: Mapping[str, int]) -> str:
    """The list one opens at: what waits, else cards that stand; the first when all are empty."""
    return next((show for show in OPENING if counts[show]), OPENING[0])


def units_page(request: HttpRequest, counts: Mapping[str, int]) -> HttpResponse:
    """黄红牌按单位: what each unit has got in a span; withdrawn ones counted apart."""
    span = request.GET.get("days", "30")
    if span not in SPANS:
        raise Http404
    address = reverse("admin:complaints_pressing")
    since = timezone.now() - timedelta(days=int(span))
    return page(
        request,
        "desk/pressing.html",
        title=_("督促台账"),
        show=UNITS,
        kind=UNITS,
        tabs=tabs(counts),
        span=span,
        spans=[
            (days, label, f"{address}?{urlencode({'show': UNITS, 'days': days})}")
            for days, label in SPANS.items()
        ],
        lines=pressing.cards_by_unit(request.user, since),
    )


def tabs(counts: Mapping[str, int]) -> list[tuple[str, Any, str, str]]:
    """The lists, each with its count where it has one, and the table of units."""
    address = reverse("admin:complaints_pressing")
    shown = [(word, label) for word, (label, _kind, _rows) in SHOWS.items()]
    return [
        (
            word,
            label,
            f"{address}?{urlencode({'show': word})}",
            count_label(counts[word], CAP) if word in counts else "",
        )
        for word, label in (*shown, (UNITS, _("黄红牌按单位")))
    ]


def line_of(row: Any, user: Any) -> dict[str, Any]:
    """What a list shows of a slip or a card; confidential matters stay without words."""
    case = row.complaint
    is_draft = isinstance(row, SupervisionSlip) and row.issued_at is None
    may_sign = is_draft and may(user, Word.DISPATCH, case.holder_path)
    return {
        "row": row,
        "case": case,
        "title": _("保密件") if case.is_confidential else case.title,
        "url": case_url(case.pk),
        "sign_url": case_url(case.pk, VERBS[row.level]) if may_sign else "",
        "paper_url": reverse("admin:complaints_slip_print", args=[case.pk, row.pk])
        if isinstance(row, SupervisionSlip) and not is_draft
        else "",
    }
