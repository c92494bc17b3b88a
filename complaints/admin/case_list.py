"""The list of cases at the desk: filters in the address, a case beside it, many chosen at once."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from complaints.admin.bulk import bulk_deeds
from complaints.admin.pages import case_url, list_url, page, require_word, undo_of
from complaints.desk import casepage, listing
from complaints.desk.choosing import filter_choices
from complaints.desk.saved import tabs_over
from complaints.desk_forms import DEEDS
from complaints.services.supervising import note_reading
from governance.choices import Word
from governance.templatetags.house import how_many

MOST_BUTTONS = 4
MOST_RECENT = 5


def case_list(request: HttpRequest) -> HttpResponse:
    """The list: filters in the address, fifty rows, pages by key; `case` stands beside it."""
    require_word(request.user, Word.SEE, Word.DISCIPLINE)
    if listing.is_whole_phone(request.GET.get("q", "")):
        messages.warning(request, _("请只输入电话后四位；整个号码不会放进网址，也没有用来查找。"))
        kept = request.GET.copy()
        del kept["q"]
        return redirect(list_url(kept.urlencode()))
    filters = listing.Filters.read(request.GET)
    choices = filter_choices(request.user)
    calendar, bounds = listing.bounds_of(request.user, filters)
    found, shown = listing.looked_up(request.user, filters, choices, bounds)
    rows = listing.lines_of(found.rows, calendar)
    here = filters.address(key=filters.key)
    for row in rows:
        row.preview_url = f"{here}{'&' if len(here) > 1 else ''}case={row.pk}"
        row.fragment_url = row.url.replace("/change/", "/preview/")
    beside = listing.number(request.GET.get("case", ""))
    return page(
        request,
        "desk/case_list.html",
        title=_("诉求"),
        rows=rows,
        here=here,
        tabs=tabs_over(request.user, filters),
        undo_lines=undo_of(request),
        bulk=bulk_deeds(request.user),
        filters=filters,
        choices=choices,
        chosen=listing.labelled(filters, choices, request.user, rows),
        count_text=ngettext("共 %(count)s 件", "共 %(count)s 件", how_many(shown))
        % {"count": shown},
        newer_url=key_address(filters, found.newer),
        older_url=key_address(filters, found.older),
        first_url=filters.address() if filters.key else "",
        order_urls={name: filters.address(order=name) for name in ("due", "new")},
        beside=beside,
        **(preview_of(request.user, beside) if beside else {}),
    )


def key_address(filters: listing.Filters, key: str | None) -> str:
    """The address of a neighbouring page."""
    return filters.address(key=key) if key else ""


def preview_of(user: Any, pk: int) -> dict[str, Any]:
    """What stands of one case beside the list; the same 404 for a foreign and a missing one."""
    case = casepage.case_within_reach(user, pk)
    note_reading(case, user)
    offered = casepage.deeds_for(case, user, DEEDS)
    main = casepage.main_deed(case, offered)
    buttons = [
        {
            "label": DEEDS[name].label,
            "icon": DEEDS[name].icon,
            "url": case_url(pk, name),
            "is_main": name == main,
        }
        for name in sorted(offered, key=lambda name: name != main)
    ]
    facts = casepage.facts_of(case, user)
    return {
        "deeds": buttons[:MOST_BUTTONS],
        "case_url": case_url(pk),
        "recent": facts["timeline"][:MOST_RECENT],
        **facts,
    }


def case_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as a piece of a page, for the list that stays where it is."""
    return TemplateResponse(request, "desk/_preview.html", preview_of(request.user, pk))
