"""The parts every page is made of: icons, clocks, ladders, badges, bars, rates and small charts.

Pure presentation: the tags receive plain values, read no table and decide nothing.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

from django import template
from django.forms.boundfield import BoundWidget
from django.forms.utils import flatatt
from django.http import HttpRequest
from django.template import Context
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import charts
from governance.clockface import clock_face, clock_moments, moment, span_words
from governance.markup import escape
from governance.saying import said_once

register = template.Library()

STAGE_TONES = {
    "draft": "held",
    "pending_acceptance": "todo",
    "pending_supplement": "held",
    "pending_dispatch": "todo",
    "pending_sign": "todo",
    "handling": "busy",
    "pending_review": "wait",
    "pending_callback": "wait",
    "closed": "ok",
    "archived": "held",
}
LADDER_ICONS = ("house-heart", "building", "grid-3x3-gap-fill", "people-fill", "bank")
LADDER_WORDS = {
    "been": gettext_lazy("已经过"),
    "here": gettext_lazy("目前在此"),
    "ahead": gettext_lazy("未到"),
    "skipped": gettext_lazy("未经过"),
}
TREND_TONES = ("action", "ok", "soon", "brand")


@register.simple_tag
def icon(name: str, label: str = "", classes: str = "") -> SafeString:
    """`{% icon "camera" %}` draws a picture for the eye only; `label="拍照"` names it for the ear.

    The name must stand in `static/icons.txt`. `classes="icon-lg"` (also `icon-xl`) makes it larger.
    """
    return picture(name, str(label), classes)


@lru_cache(maxsize=1024)
def picture(name: str, label: str, classes: str) -> SafeString:
    """A page has dozens of the same few pictures; each is written once for each process."""
    heard = format_html('role="img" aria-label="{}"', label) if label else 'aria-hidden="true"'
    return format_html(
        '<svg class="icon {}" {} focusable="false"><use href="{}#{}"></use></svg>',
        classes,
        SafeString(heard),
        static("vendor/icons.svg"),
        name,
    )


@register.simple_tag
def tick(choice: BoundWidget) -> SafeString:
    """`{% tick choice %}`: the circle or the box of one choice of a field, without its words.

    `{{ choice.tag }}` draws the same through four templates.
    """
    data = choice.data
    return format_html(
        '<input type="{}" name="{}" value="{}"{}>',
        data["type"], data["name"], data["value"], flatatt(data["attrs"]),
    )  # fmt: skip


@register.simple_tag
def cover_squares(squares: Sequence[tuple[int, int]]) -> SafeString:
    """`{% cover_squares squares %}`: a box to tick for each square that lies over a photo."""
    heard = _("第%(row)s行第%(column)s列")
    return format_html_join(
        "",
        '<label class="cover-square"><input type="checkbox" name="square" value="{}-{}" '
        'aria-label="{}" autocomplete="off"></label>',
        ((column, row, heard % {"row": row + 1, "column": column + 1}) for column, row in squares),
    )


# ── the clock ────────────────────────────────────────────────────────────────────────────────


@register.simple_tag
def clock(
    due_at: datetime | None,
    *,
    suspended_at: datetime | None = None,
    finished_at: datetime | None = None,
    now: datetime | None = None,
    is_provisional: bool = False,
    workdays: int | None = None,
    tap: bool = False,
) -> SafeString:
    """`{% clock row.case_due_at suspended_at=row.suspended_at finished_at=row.finished_at %}`.

    A chip: 超期 3小时 · 剩 2小时 · 今日 17:30 · 剩 3工作日 · 已挂起 · 已办结 · 不计时. `workdays` is
    the signed number of working days left (negative: late); without it calendar days are said.
    `is_provisional` adds 暂定. `tap=True` (phone) opens the exact moment under the thumb and must
    not stand inside a link, a heading or a paragraph.
    """
    return SafeString(
        clock_chip(
            due_at or None,
            suspended_at=suspended_at or None,
            finished_at=finished_at or None,
            now=now or None,
            is_provisional=is_provisional,
            workdays=None if workdays == "" else workdays,
            tap=tap,
        )
    )


def clock_chip(
    due_at: datetime | None,
    *,
    suspended_at: datetime | None,
    finished_at: datetime | None,
    now: datetime | None,
    is_provisional: bool = False,
    workdays: int | None = None,
    tap: bool = False,
) -> str:
    """The chip of `clock` as plain text, for the lists that are written row by row."""
    state, words = clock_face(
        due_at, suspended_at=suspended_at, finished_at=finished_at, now=now, workdays=workdays
    )
    if is_provisional and state in ("late", "soon", "ok", "held"):
        words = f"{words} · {_('暂定')}"
    words, exact = escape(words), escape(clock_moments(due_at, suspended_at, finished_at))
    if tap:
        return (
            f'<details class="clock clock-{state}"><summary title="{exact}">{words}</summary>'
            f'<span class="clock-moment">{exact}</span></details>'
        )
    return (
        f'<span class="clock clock-{state}" title="{exact}">{words}'
        f'<span class="visually-hidden">（{exact}）</span></span>'
    )


@register.simple_tag
def clock_state(due_at: datetime | None, **more: Any) -> str:
    """`{% clock_state row.case_due_at … as tone %}`: the state alone, to colour a card's edge."""
    return clock_face(due_at or None, **{key: value or None for key, value in more.items()})[0]


@register.filter
def at(value: datetime | date | None) -> str:
    """`{{ step.at|at }}` → 2026-11-20 17:30."""
    return moment(value)


# ── where a case is, and where it has been ───────────────────────────────────────────────────


@register.simple_tag
def ladder(levels: Sequence[dict[str, Any]]) -> SafeString:
    """`{% ladder levels %}`: the five levels from 党员户 up to 街道党工委.

    Each level is a dict: `label`, `state` (been, here, ahead, skipped), and if known `name` (who
    serves there), `at` (since when) and `icon`.
    """
    rungs = "".join(rung(level, place) for place, level in enumerate(levels or ()))
    return SafeString(f'<ol class="ladder" aria-label="{escape(_("办理层级"))}">{rungs}</ol>')


def rung(level: dict[str, Any], place: int) -> str:
    """One level: where it stands is said by colour and, for the ear, in words."""
    label, state = str(level["label"]), level.get("state") or "ahead"
    head, tail = (label[:2], label[2:]) if len(label) == len("街道党工委") else (label, "")
    name, at = level.get("name", ""), level.get("at")
    opening, closing, said = heard_of(state)
    here = ' aria-current="step"' if state == "here" else ""
    lines = [
        f'<span class="rung-dot">{icon(level.get("icon") or ladder_icon(place))}</span>',
        f'<span class="rung-label">{escape(head)}{f"<wbr>{escape(tail)}" if tail else ""}</span>',
        f'<span class="visually-hidden">{opening}{said}{closing}</span>',
    ]
    if state == "skipped" and not name:
        lines.append(f'<span class="rung-name" aria-hidden="true">{said}</span>')
    if name:
        lines.append(f'<span class="rung-name">{escape(str(name))}</span>')
    if at:
        lines.append(f'<span class="rung-at">{moment(at)}</span>')
    return f'<li class="rung rung-{state}"{here}>{" ".join(lines)}</li>'


@said_once
def heard_of(state: str) -> tuple[str, str, str]:
    """The brackets around the state of a rung, and the state; an unknown one is a KeyError."""
    return escape(_("（")), escape(_("）")), escape(str(LADDER_WORDS[state]))


def ladder_icon(place: int) -> str:
    """The picture of a level."""
    return LADDER_ICONS[min(place, len(LADDER_ICONS) - 1)]


@register.simple_tag
def stage_badge(stage: str, label: str) -> SafeString:
    """`{% stage_badge row.stage row.get_stage_display %}`: where a thing stands, in one chip."""
    return SafeString(stage_chip(stage, label))


def stage_chip(stage: str, label: str) -> str:
    """The badge of `stage_badge` as plain text."""
    tone, stage = STAGE_TONES.get(stage, "held"), escape(str(stage))
    return f'<span class="stage stage-{tone}" data-stage="{stage}">{escape(str(label))}</span>'


@register.inclusion_tag("parts/_timeline.html")
def timeline(steps: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """`{% timeline steps %}`: what happened, newest first.

    Each step is a dict: `title`, and if known `text` (a few words beside it), `note` (what was
    written), `who`, `at` (a moment), `tone` (ok, soon, late, held), `photos` (dicts `url`, `label`).
    """
    return {"steps": steps}


# ── figures ──────────────────────────────────────────────────────────────────────────────────


@register.filter
def percent(part: int | None, whole: int | None) -> str:
    """`{{ n|percent:m }}` → "98.72", two decimals, half up; "-" when there is nothing to count."""
    if not whole or part is None or part == "":
        return "-"
    return str((Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.01"), ROUND_HALF_UP))


@register.simple_tag
def rate(part: int | None, whole: int | None) -> SafeString:
    """`{% rate 987 1000 %}` → 98.70 % with 987/1000 beside it; "-" with 0/0 when m is 0."""
    value = percent(part, whole)
    unit = "" if value == "-" else SafeString('<small class="rate-unit">%</small>')
    return format_html(
        '<span class="rate"><b class="rate-value">{}{}</b> <span class="rate-counts">{}/{}</span></span>',
        value,
        unit,
        part or 0,
        whole or 0,
    )


@register.simple_tag
def bar(value: float | None, largest: float | None, tone: str = "action", label: str = "") -> str:
    """`{% bar row.score 100 %}`: a filled bar; tones action, brand, ok, soon, late, held."""
    return format_html(
        '<svg class="bar bar-{}" width="100%" height="8" role="img" aria-label="{}">'
        '<rect class="bar-track" width="100%" height="8" rx="4"></rect>'
        '<rect class="bar-fill" width="{}%" height="8" rx="4"></rect></svg>',
        tone,
        label or f"{value or 0}/{largest or 0}",
        charts.share(value, largest),
    )


@register.simple_tag
def spark(points: Sequence[float | None], label: str = "", tone: str = "action") -> SafeString:
    """`{% spark row.last_days label="近30天" %}`: a line the size of a word."""
    drawn = format_html_join(
        "", '<polyline points="{}"></polyline>', ((run,) for run in charts.spark_points(points))
    )
    said = label or " ".join("-" if point is None else str(point) for point in points)
    return format_html(
        '<svg class="spark line-{}" viewBox="0 0 96 24" width="96" height="24" role="img" '
        'aria-label="{}">{}</svg>',
        tone,
        said,
        drawn,
    )


@register.inclusion_tag("parts/_trend.html")
def trend(series: dict[str, Any], title: str = "", width: int = charts.WIDTH) -> dict[str, Any]:
    """`{% trend series title="受理与办结" %}`: lines over an axis, the figures in a table behind.

    `series` is `{"labels": ["11-01", …], "lines": [{"name": "受理", "values": [3, None, …]}, …]}`;
    None is a gap. A line may carry `tone` (action, ok, soon, brand); `urls` are the pages of the
    labels, `width` a broader drawing (the height stays 210).
    """
    labels = [str(label) for label in series.get("labels", ())]
    lines = [
        (line["name"], line.get("tone") or TREND_TONES[place % len(TREND_TONES)], line["values"])
        for place, line in enumerate(series.get("lines", ()))
    ]
    urls = series.get("urls") or [""] * len(labels)
    table = SafeString(
        "".join(
            trend_row(label, urls[i], [values[i] for *_rest, values in lines])
            for i, label in enumerate(labels)
        )
    )
    return {"chart": charts.line_chart(labels, lines, width), "title": title, "table": table}


def trend_row(label: str, url: str, values: Sequence[int | None]) -> str:
    """One line of the table behind a chart; a gap is a dash."""
    said = f'<a href="{escape(url)}">{escape(label)}</a>' if url else escape(label)
    cells = "".join(f"<td>{'-' if value is None else value}</td>" for value in values)
    return f'<tr><th scope="row">{said}</th>{cells}</tr>'


@register.inclusion_tag("parts/_level_bars.html")
def level_bars(
    rows: Sequence[dict[str, Any]],
    total: int | None = None,
    tone: str = "action",
    has_links: bool = True,
) -> dict[str, Any]:
    """`{% level_bars rows total=all_count tone="ladder" %}`: named bars beneath each other.

    Each row is a dict: `label`, `value`, and if known `url` (the rows it counts). With `total` the
    share is said too: 43.00 % 31/72. Tones: action, brand, and ladder (paler to darker, five levels).
    A screen nobody touches takes them without links.
    """
    largest = max((row["value"] or 0 for row in rows or ()), default=0)
    bars = [
        level_bar(place, row, charts.share(row["value"], largest), total, has_links)
        for place, row in enumerate(rows or (), 1)
    ]
    return {"tone": tone, "bars": SafeString("".join(bars))}


def level_bar(
    place: int, row: dict[str, Any], share: float, total: int | None, has_link: bool
) -> str:
    """One named bar with its count, and with a total the share of it."""
    label, value, url = escape(str(row["label"])), row["value"], row.get("url", "")
    said = f'<a href="{escape(url)}">{label}</a>' if url and has_link else label
    counts = f"<span>{value}</span>"
    if total is not None:
        rate = percent(value, total)
        counts = f'<span class="rate-counts">{value}/{total}</span>'
        counts = counts if rate == "-" else f"{rate}<small>%</small> {counts}"
    return (
        f'<li class="level-bar level-bar-{place}"><span class="level-bar-label">{said}</span>\n'
        '<svg class="bar" width="100%" height="14" aria-hidden="true" focusable="false">'
        f'<rect class="bar-fill" width="{share}%" height="14" rx="3"></rect></svg>\n'
        f'<span class="level-bar-value">{counts}</span></li>\n'
    )


@register.simple_tag(takes_context=True)
def current(context: Context, url: str, but: str = "") -> SafeString:
    """`<a href="{{ url }}"{% current url %}>`: marks the link of the page one is on, or is below.

    `but` names a more particular address that has a link of its own.
    """
    request = context.get("request")
    if not url or request is None or (but and is_within(request, but)):
        return SafeString("")
    return SafeString(' aria-current="page"' if is_within(request, url) else "")


def is_within(request: HttpRequest, url: str) -> bool:
    """Whether the page asked for is `url` or below it, with the same filters where it has some."""
    path, _sign, query = url.partition("?")
    wanted = parse_qsl(query)
    return request.path.startswith(path) and all(request.GET.get(k) == v for k, v in wanted)


@register.filter
def capped(number: int | None, most: int = 1000) -> str:
    """`{{ open_count|capped }}`: a count that was stopped at `most` says so: 1000+."""
    if number is None or number == "":
        return "-"
    return f"{most}+" if number >= most else f"{number}"


@register.filter
def span(amount: int, unit: str) -> str:
    """`{{ case.limit_amount|span:case.limit_unit }}` → 3 工作日, 1 workday."""
    return span_words(amount, unit)


@register.filter
def in_my_language(kept: str) -> str:
    """`{{ notice.title|in_my_language }}`: what the house itself wrote into the record, translated.

    The record is kept in the language of the office (`gettext_noop as kept`); a sentence that
    people wrote stays as it is.
    """
    if not kept:
        return ""
    said = _(kept)
    head, colon, tail = kept.partition("：")
    if said != kept or not colon or not head or _(head) == head:
        return said
    return f"{_(head)}{_('：')}{tail}"


@register.filter
def how_many(label: int | str | None) -> int:
    """`{% blocktranslate count number=words|how_many %}`: the number that a counted label means."""
    digits = str(label or 0).rstrip("+")
    return int(digits) if digits.isdecimal() else 0
