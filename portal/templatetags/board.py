"""The long lists of the leader's page, written row by row: hundreds of numbers, each a link.

Pure presentation. A template loop needs a quarter of the page's time for the same rows.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from complaints.choices import Satisfaction
from governance.choices import label_of
from governance.markup import escape
from governance.templatetags.house import bar, clock_chip, stage_chip
from portal.board.gridmap import Area, GridMap
from portal.board.ranking import Ranked
from portal.board.shown import Change, Share, Shown

register = template.Library()


def count_link(shown: Shown, classes: str = "") -> str:
    """A count that opens its rows."""
    marked = f' class="{classes}"' if classes else ""
    return f'<a{marked} href="{escape(shown.url)}">{shown.said}</a>'


def counts(share: Share) -> str:
    """n/m, both links."""
    return f'<span class="rate-counts">{count_link(share.part)}/{count_link(share.whole)}</span>'


def percent(share: Share) -> str:
    """The rate in large, with its sign where there is one."""
    return f"<b>{share.rate}{'<small>%</small>' if share.rate.whole else ''}</b>"


@register.simple_tag
def share_counts(share: Share) -> SafeString:
    """`{% share_counts share %}`: n/m, both links."""
    return SafeString(counts(share))


@register.simple_tag
def change_mark(change: Change) -> SafeString:
    """`{% change_mark change %}`: an arrow and the difference; nothing where nothing was before."""
    return SafeString(changed(change))


def changed(change: Change) -> str:
    """The mark of `change_mark` as plain text; the arrow is said in words for the ear."""
    if not change.is_known:
        return ""
    tone = f" ink-{change.tone}" if change.tone else ""
    heard = {"▲": _("上升"), "▼": _("下降")}.get(change.arrow)
    arrow = (
        f'<span aria-hidden="true">{change.arrow}</span>'
        f'<span class="visually-hidden">{heard}</span>'
        if heard
        else ""
    )
    return f'<span class="change{tone}">{arrow}{escape(change.words)}</span>'


@register.simple_tag
def category_rows(rows: Iterable[dict[str, Any]]) -> SafeString:
    """`{% category_rows page.categories %}`: the table behind 高频问题."""
    return SafeString("".join(map(category_row, rows)))


def category_row(row: dict[str, Any]) -> str:
    """One kind of matter: how many came in, their share, how many before, the change."""
    cells = (
        f'<a href="{escape(row["url"])}">{row["value"]}</a>',
        row["share"],
        count_link(row["before"]),
        changed(row["change"]),
    )
    numbers = "".join(f'<td class="number">{cell}</td>' for cell in cells)
    return f'<tr><th scope="row">{escape(row["label"])}</th>{numbers}</tr>'


# ── the cases behind a figure ────────────────────────────────────────────────────────────────


@register.simple_tag
def rows_behind(lines: Iterable[tuple[Any, int | None]]) -> SafeString:
    """`{% rows_behind lines %}`: each case with the working days it has left."""
    now, base = timezone.now(), reverse("board:cases")
    return SafeString("".join(row_behind(*line, now, f"{base}{line[0].pk}/") for line in lines))


def row_behind(row: Any, workdays: int | None, now: datetime, url: str) -> str:
    """One case: number, matter, who answers for it, who has it, where it stands, its clock."""
    outside = f"<small>{escape(row.source_number)}</small>" if row.source_number else ""
    about = [row.category.name if row.category else _("未分类")]
    if row.round > 1:
        about.append(_("第%(round)s轮") % {"round": row.round})
    if row.satisfaction:
        about.append(label_of(Satisfaction, row.satisfaction))
    clock = clock_chip(
        row.chip_due_at, suspended_at=row.suspended_at, finished_at=row.finished_at, now=now,
        is_provisional=row.due_is_provisional, workdays=workdays,
    )  # fmt: skip
    return (
        f'<tr data-row><td class="case-number"><a href="{url}">{escape(row.number)}</a>{outside}</td>'
        f'<td class="case-title"><a href="{url}">{escape(row.title)}</a>'
        f"<small>{escape(' · '.join(about))}</small></td>"
        f"<td>{unit_name(row.main_unit)}</td><td>{unit_name(row.holder)}</td>"
        f"<td>{stage_chip(row.stage, row.get_stage_display())}</td><td>{clock}</td></tr>\n"
    )


def unit_name(unit: Any) -> str:
    """What a unit is called, or a dash."""
    return escape(unit.display_name) if unit else "-"


# ── the ranking ──────────────────────────────────────────────────────────────────────────────


@register.simple_tag
def ranking_rows(lines: Iterable[Ranked]) -> SafeString:
    """`{% ranking_rows page.ranking.lines %}`: place, unit, its rate on time, counts, other rates."""
    few = _("样本不足10件")
    return SafeString("".join(ranking_row(line, few) for line in lines))


def ranking_row(line: Ranked, few: str) -> str:
    """One unit."""
    first, *others = line.rates
    measure = bar(float(first.rate.percent or 0), 100) if first.rate.whole else ""
    cells = [
        f'<td class="number">{line.place or "–"}</td>',
        f'<th scope="row"><a href="{escape(line.url)}">{escape(line.unit.display_name)}</a></th>',
        cell(first, f'<div class="score">{measure}{percent(first)} {counts(first)}</div>', few),
        f'<td class="number">{count_link(line.accepted)}</td>',
        f'<td class="number">{count_link(line.open)}</td>',
        f'<td class="number">{count_link(line.overdue, "ink-late" * bool(line.overdue.value))}</td>',
        *(cell(share, f"{percent(share)} {counts(share)}", few) for share in others),
    ]
    return f"<tr data-row>{''.join(cells)}</tr>"


def cell(share: Share, inside: str, few: str) -> str:
    """A rate, in grey and with a word where too little stands behind it."""
    if share.is_thin:
        return f'<td class="number is-thin" title="{escape(few)}">{inside}</td>'
    return f'<td class="number">{inside}</td>'


# ── the map ──────────────────────────────────────────────────────────────────────────────────


@register.simple_tag
def map_areas(found: GridMap, is_still: bool = False) -> SafeString:
    """`{% map_areas map %}`: every area as a shape that leads to its unit, and the numbers on top."""
    shapes = "".join(map_area(area, is_still) for area in found.areas)
    labels = "".join(
        f'<text x="{area.ground.x:g}" y="{area.ground.y:g}" dy="4">{escape(area.label)}</text>'
        for area in found.areas
        if area.ground is not None and area.label
    )
    return SafeString(f'{shapes}<g class="area-labels" aria-hidden="true">{labels}</g>')


def map_area(area: Area, is_still: bool) -> str:
    """One shape; on a screen that nobody touches it leads nowhere."""
    if area.ground is None:
        return ""
    heard, classes = escape(area.heard), f"area tone-{area.tone}"
    inside = f'<title>{heard}</title><path d="{area.ground.outline}"></path>'
    if is_still or not area.url:
        return f'<g class="{classes}">{inside}</g>'
    return f'<a class="{classes}" href="{escape(area.url)}" aria-label="{heard}">{inside}</a>'


@register.simple_tag
def map_rows(found: GridMap) -> SafeString:
    """`{% map_rows map %}`: the table behind the map."""
    return SafeString("".join(map(map_row, found.areas)))


def map_row(area: Area) -> str:
    """One area with its figure."""
    name = escape(area.name)
    head = f'<a href="{escape(area.url)}">{name}</a>' if area.url else name
    figure = area.figure
    said = (
        count_link(figure)
        if isinstance(figure, Shown)
        else f"{figure.rate}{'%' if figure.rate.whole else ''} {counts(figure)}"
    )
    return f'<tr><th scope="row">{head}</th><td class="number">{said}</td></tr>'
