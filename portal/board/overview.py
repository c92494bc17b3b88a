"""The leader's page: one call reads all its figures; each carries the address of its rows."""

from collections import Counter
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _

from complaints import rates
from complaints.figures import Tally
from governance.calendar import Calendar
from governance.choices import Level
from portal.board import counting
from portal.board.attention import Attention, attention
from portal.board.counting import Kind, Past
from portal.board.gridmap import GridMap, grid_map
from portal.board.ranking import Ranking, ranking
from portal.board.scope import Scope
from portal.board.shown import (
    TENTH,
    UNKNOWN,
    Change,
    Share,
    Shown,
    change,
    change_of_count,
    change_of_rate,
    counts_of,
    share,
    shares_of,
)
from portal.board.trend import trend

MOST_CATEGORIES = 10
# A satisfaction asked of fewer than this share of the due cases looks weak (`domain.md` 8.3).
LEAST_SAMPLE = 30
COUNTS = (
    *counting.OPEN_SHOWN,
    *counting.ACCEPTED_SHOWN,
    "not_on_time",
)
COMPARED = ("completion", "on_time", "satisfaction", "within_community")
RATES_SHOWN = (*COMPARED, "sample", "within_grid")


@dataclass(frozen=True)
class Compared:
    """A figure of the period before, and what became of it."""

    change: Change
    accepted: Shown | None = None
    share: Share | None = None


@dataclass(frozen=True)
class Overview:
    """Everything on the leader's page."""

    counts: dict[str, Shown]
    shares: dict[str, Share]
    compared: dict[str, Compared]
    sample_is_weak: bool
    duration: rates.Duration
    duration_change: Change
    levels: list[dict[str, Any]]
    levelled: Shown
    categories: list[dict[str, Any]]
    ranking: Ranking
    map: GridMap
    trend: dict[str, Any]
    attention: Attention


def overview(scope: Scope, calendar: Calendar) -> Overview:
    """Read the page; at most twenty statements, whatever the number of cases."""
    by_unit, kinds = counting.tallies_and_kinds(scope)
    whole = Tally.of(by_unit.values())
    past = counting.past(scope, calendar)
    counts = counts_of(scope, whole, COUNTS)
    sample = rates.sample(whole).percent
    duration = counting.duration(scope, calendar)
    return Overview(
        counts=counts,
        shares=shares_of(scope, whole, RATES_SHOWN),
        compared=compared(scope, whole, past),
        sample_is_weak=sample is not None and sample < LEAST_SAMPLE,
        duration=duration,
        duration_change=change_of_duration(duration, past.duration),
        levels=level_rows(scope, whole),
        levelled=Shown(whole["levelled"], scope.rows("levelled")),
        categories=category_rows(scope, kinds, past),
        ranking=ranking(scope, counting.gathered(by_unit, scope.child_length)),
        map=grid_map(scope, by_unit),
        trend=trend(scope),
        attention=attention(scope, counts, calendar),
    )


def compared(scope: Scope, whole: Tally, past: Past) -> dict[str, Compared]:
    """The figures of the period before that stand beside those of this one."""
    earlier = scope.before()
    before = past.tally["accepted"]
    found = {
        "accepted": Compared(
            change_of_count(whole["accepted"], before),
            accepted=Shown(before, earlier.rows("accepted")),
        )
    }
    for name in COMPARED:
        now, then = share(scope, whole, name), share(earlier, past.tally, name)
        found[name] = Compared(change_of_rate(now.rate, then.rate, True), share=then)
    return found


def change_of_duration(now: rates.Duration, before: rates.Duration) -> Change:
    """In workdays; shorter is better."""
    if now.average is None or before.average is None:
        return UNKNOWN
    difference = now.average - before.average
    return change(difference, _("%(days)s天") % {"days": abs(difference)}, False)


def level_rows(scope: Scope, tally: Tally) -> list[dict[str, Any]]:
    """在哪一级解决, the lowest level first."""
    return [
        {
            "label": Level(level).label,
            "value": tally[f"at_level_{level}"],
            "url": scope.rows(f"at_level_{level}"),
        }
        for level in sorted(Level, reverse=True)
    ]


def category_rows(scope: Scope, by_category: Counter[Kind], past: Past) -> list[dict[str, Any]]:
    """高频问题: the kinds of matter that came in most, their share and what became of them."""
    earlier, whole = scope.before(), by_category.total()
    return [
        {
            "label": name or _("未分类"),
            "value": count,
            "url": scope.rows("accepted", category=pk or 0),
            "share": f"{(Decimal(count) * 100 / whole).quantize(TENTH, ROUND_HALF_UP)}%",
            "before": Shown(past.by_category[pk, name], earlier.rows("accepted", category=pk or 0)),
            "change": change_of_count(count, past.by_category[pk, name]),
        }
        for (pk, name), count in by_category.most_common(MOST_CATEGORIES)
        if count
    ]
