"""受理与办结 over time: stored day by day at night, today as it stands."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from complaints.figures import Period
from complaints.models import DayFigure
from governance.prepared import prepared_counts
from portal.board.periods import CUSTOM, Choice, day_in, day_of
from portal.board.scope import Scope, cases_of

TREND_DAYS = 30
# Beyond this many days a point is a month.
MOST_POINTS = 100
Pair = tuple[int | None, int | None]


@dataclass(frozen=True)
class Point:
    """One point: its days, what is written below it, and the page of just these days."""

    first: date
    last: date
    label: str
    url: str


def trend(scope: Scope) -> dict[str, Any]:
    """Lines for a chart, and for its table the address of each day; two statements."""
    points = list(points_of(scope))
    today = day_in(scope.now)
    first, last = points[0].first, points[-1].last
    stored: dict[date, Pair] = {
        day: (accepted, finished)
        for day, accepted, finished in DayFigure.objects.visible_to(scope.user)
        .filter(organisation=scope.unit, day__gte=first, day__lt=min(today, last + timedelta(1)))
        .values_list("day", "accepted_count", "finished_count")
    }
    if first <= today <= last:
        stored[today] = live_counts(scope)
    pairs = [summed(point, stored, today) for point in points]
    return {
        "labels": [point.label for point in points],
        "urls": [point.url for point in points],
        "title": title(scope, points),
        "lines": [
            {"name": _("受理"), "values": [accepted for accepted, _finished in pairs]},
            {"name": _("办结"), "values": [finished for _accepted, finished in pairs]},
        ],
    }


def title(scope: Scope, points: list[Point]) -> str:
    """Over which time, and whether by day or by month."""
    if points[0].first == points[0].last:
        if scope.choice.name in ("today", "week", "month"):
            return _("近30天")
        return _("按日")
    return _("按月")


def points_of(scope: Scope) -> Iterator[Point]:
    """The last thirty days, or the days or months of a longer period."""
    first, last = scope.choice.days
    if scope.choice.name in ("today", "week", "month"):
        first = last - timedelta(days=TREND_DAYS - 1)
    by_month = (last - first).days >= MOST_POINTS or scope.choice.name == "year"
    while first <= last:
        end = min(month_end(first), last) if by_month else first
        label = f"{first:%Y-%m}" if by_month else f"{first:%m-%d}"
        chosen = Choice(CUSTOM, scope.period, f"{first}", f"{end}")
        yield Point(first, end, label, scope.with_choice(chosen).address())
        first = end + timedelta(days=1)


def month_end(day: date) -> date:
    """The last day of its month."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def summed(point: Point, stored: dict[date, Pair], today: date) -> Pair:
    """What the days of a point hold together; a gap when one of them was never stored."""
    days = [point.first + timedelta(n) for n in range((point.last - point.first).days + 1)]
    found = [stored.get(day, (None, None)) for day in days if day <= today]
    if not found or any(accepted is None for accepted, _finished in found):
        return None, None
    return sum(a or 0 for a, _f in found), sum(f or 0 for _a, f in found)


def live_counts(scope: Scope) -> Pair:
    """What was accepted and what was answered today so far."""
    day = day_of(scope.now)
    found = _live_counts(scope.is_street, start=day.start, end=day.end, **scope.seen)
    return found["accepted"], found["finished"]


@prepared_counts
def _live_counts(is_street: bool, *, start: Any, end: Any, **seen: Any) -> Any:
    day = Period(start, end)
    accepted, finished = day.of("accepted_at"), day.of("first_finished_at")
    rows = cases_of(is_street, **seen).filter(accepted | finished)
    return rows, {"accepted": accepted, "finished": finished}
