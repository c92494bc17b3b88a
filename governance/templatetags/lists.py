"""The long lists of phone and desk, written row by row.

Pure presentation. A template loop with its parts needs four times as long for the same rows.
"""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from django import template
from django.template import Context
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from governance.clockface import clock_face, moment
from governance.markup import escape
from governance.templatetags.house import clock_chip, icon, stage_chip

register = template.Library()

LONGEST_TITLE = 46


# ── the phone ────────────────────────────────────────────────────────────────────────────────


@register.simple_tag
def row_cards(cards: Iterable[Any]) -> SafeString:
    """`{% row_cards cards %}`: each card as `row_card` draws it."""
    now = timezone.now()
    return SafeString("".join(drawn(card, now) for card in cards))


@register.simple_tag
def row_card(card: Any) -> SafeString:
    """`{% row_card card %}`: one thing in a list on the phone, opened by the whole card.

    A card says `url`, `title`, `meta`, `icon`, `due_at`, `suspended_at`, `finished_at` and
    `is_provisional`, or in the place of the clock a `chip`.
    """
    return SafeString(drawn(card, timezone.now()))


def drawn(card: Any, now: datetime) -> str:
    """Coloured edge, picture, title, clock, one line about it."""
    moments = {"suspended_at": card.suspended_at, "finished_at": card.finished_at, "now": now}
    if card.chip:
        edge, tone = "plain", "action"
        mark = f'<span class="chip chip-held">{escape(str(card.chip))}</span>'
    else:
        edge = tone = clock_face(card.due_at, **moments)[0]
        mark = clock_chip(card.due_at, **moments, is_provisional=card.is_provisional, tap=True)
    picture = f'<span class="row-picture tone-{tone}">{icon(card.icon)}</span>' if card.icon else ""
    meta = f'<p class="row-meta">{escape(str(card.meta))}</p>' if card.meta else ""
    return (
        f'<article class="row-card edge-{edge}" data-row>{picture}'
        '<div class="row-words"><div class="row-head">'
        f'<h3 class="row-title"><a class="stretched-link" href="{escape(card.url)}">'
        f"{escape(str(card.title))}</a></h3> {mark}</div>{meta}</div></article>\n"
    )


# ── the desk ─────────────────────────────────────────────────────────────────────────────────


@register.simple_tag(takes_context=True)
def case_rows(context: Context, rows: Iterable[Any], short: bool = False) -> SafeString:
    """`{% case_rows rows %}`: lines of a table of cases, as `lines_of` prepared them.

    Clock first, then number, matter, where it is. `short` leaves out kind and day of filing;
    `bulk` and `beside` of the page put a tick before each line and mark the one that is looked at.
    """
    now, has_tick, beside = timezone.now(), context.get("bulk"), context.get("beside")
    look = _("在列表旁预览"), _("预览")
    return SafeString(
        "".join(case_row(row, now, look, has_tick, row.pk == beside, short) for row in rows)
    )


def case_row(
    row: Any, now: datetime, look: tuple[str, str], has_tick: Any, is_beside: bool, short: bool
) -> str:
    """One line."""
    number, url = escape(row.number), escape(row.url)
    clock = clock_chip(
        row.chip_due_at, suspended_at=row.suspended_at, finished_at=row.chip_finished_at, now=now,
        is_provisional=row.due_is_provisional, workdays=getattr(row, "workdays", None),
    )  # fmt: skip
    tick = (
        f'<td class="desk-tick"><input type="checkbox" name="case" value="{row.pk}-{row.step_count}"'
        f' aria-label="{number}"></td>'
        if has_tick
        else ""
    )
    marked = ' class="is-beside" aria-current="true"' if is_beside else ""
    who = f' <span class="muted">{escape(row.assignee.name)}</span>' if row.assignee else ""
    wide = "" if short else " desk-wide-only"
    kind = "" if short else f'<td class="desk-wide-only">{escape(row.kind_words)}</td>'
    filed = "" if short else f'<td class="desk-when desk-wide-only">{moment(row.filed_at)}</td>'
    return (
        f"<tr data-row{marked}>{tick}<td>{clock}</td>"
        f'<th scope="row" class="desk-number"><a href="{url}" data-open>{number}</a></th>'
        f'<td class="desk-number{wide}">{escape(row.source_number or "-")}</td>'
        f'<td class="desk-matter">{preview(row, look)}<a href="{url}" tabindex="-1">'
        f"{escape(shortened(row.title, LONGEST_TITLE))}</a>{chips(row)}</td>{kind}"
        f"<td>{stage_chip(row.stage, row.stage_words)}</td>"
        f'<td class="desk-holder">{escape(row.holder_words)}{who}</td>{filed}</tr>\n'
    )


@register.simple_tag
def menu_links(lines: Iterable[dict[str, Any]]) -> SafeString:
    """`{% menu_links app.models %}`: the lists under one heading of the menu."""
    links = [f'<a href="{escape(one["admin_url"])}">{escape(one["name"])}</a>' for one in lines]
    return SafeString("".join(links))


@register.simple_tag
def select_options(options: Iterable[Any], value: Any, groups: bool = False) -> SafeString:
    """`{% select_options choices.grid filters.grid groups=True %}`: what a filter offers.

    Each option says `value`, `label` and, where they stand in groups, its `group`.
    """
    if not groups:
        return SafeString(select_lines(options, str(value)))
    return SafeString(
        "".join(
            f'<optgroup label="{escape(str(group))}">{select_lines(members, str(value))}</optgroup>'
            for group, members in groupby(options, key=attrgetter("group"))
        )
    )


def select_lines(options: Iterable[Any], value: str) -> str:
    """The options one after the other, the one in force marked."""
    return "".join(
        f'<option value="{escape(one.value)}"{" selected" * (one.value == value)}>'
        f"{escape(str(one.label))}</option>"
        for one in options
    )


def preview(row: Any, look: tuple[str, str]) -> str:
    """The eye that opens the case beside the list, where there is room for it."""
    if not getattr(row, "preview_url", ""):
        return ""
    title, heard = look
    return (
        f'<a class="desk-look" href="{escape(row.preview_url)}"'
        f' data-preview="{escape(row.fragment_url)}" title="{escape(title)}">{icon("eye")}'
        f'<span class="visually-hidden">{escape(heard)} {escape(row.number)}</span></a> '
    )


def chips(row: Any) -> str:
    """What else is said of a case, each in its colour."""
    return "".join(
        f' <span class="chip chip-{tone}">{escape(str(words))}</span>' for tone, words in row.chips
    )


def shortened(text: str, most: int) -> str:
    """The text, cut with an ellipsis when it is longer than `most` signs."""
    return text if len(text) <= most else f"{text[: most - 1]}…"
