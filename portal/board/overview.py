"""The leader's page: one call reads all its figures; each carries the address of its rows."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, F, Q
from django.db.models.expressions import Combinable
from django.db.models.functions import Substr
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints import rates
from complaints.figures import Base, Rate, Tally, measure_by
from complaints.models import Complaint, DayFigure, Instruction
from governance.calendar import Calendar
from governance.choices import Level
from governance.models import Organisation
from portal.board.casepage import workdays_left
from portal.board.periods import day_of
from portal.board.scope import Scope

TREND_DAYS = 30
MOST_CATEGORIES = 10
MOST_WATCHED = 4
# A satisfaction asked of fewer than this share of the due cases looks weak (`domain.md` 8.3).
LEAST_SAMPLE = 30
OPEN_SHOWN = (
    "open",
    "overdue",
    "due_today",
    "to_dispatch",
    "second_round",
    "elevated",
    "instructed",
)
ACCEPTED_SHOWN = ("accepted", "from_hotline", "repeated")
DUE_SHOWN = (
    "due", "finished", "on_time", "not_on_time", "asked", "satisfied", "levelled",
    "within_community", *(f"at_level_{level}" for level in Level),
)  # fmt: skip
Kind = tuple[int | None, str | None]
KIND: dict[str, Combinable] = {"kind": F("category_id"), "name": F("category__name")}


@dataclass(frozen=True)
class Shown:
    """A count and the address of the rows it counts."""

    value: int
    url: str

    @property
    def said(self) -> str:
        """With a comma at the thousands, as the office's own tables have it."""
        return f"{self.value:,}"


@dataclass(frozen=True)
class Share:
    """A rate with its two counts, each with the address of its rows."""

    rate: Rate
    part: Shown
    whole: Shown


@dataclass(frozen=True)
class Ranked:
    """One unit in the ranking."""

    unit: Organisation
    url: str
    accepted: Shown
    open: Shown
    overdue: Shown
    completion: Share
    on_time: Share
    satisfaction: Share
    within_community: Share


@dataclass(frozen=True)
class Overview:
    """Everything on the leader's page."""

    counts: dict[str, Shown]
    shares: dict[str, Share]
    sample_is_weak: bool
    duration: rates.Duration
    levels: list[dict[str, Any]]
    levelled: Shown
    categories: list[dict[str, Any]]
    ranking: list[Ranked]
    trend: dict[str, Any]
    late: list[tuple[Complaint, int | None]]
    watched: list[Complaint]
    instructions: list[Instruction]


def overview(scope: Scope, calendar: Calendar) -> Overview:
    """Read the page; ten statements, whatever the number of cases."""
    by_unit, by_category = tallies(scope)
    whole = sum(by_unit.values(), Tally())
    shares = shares_of(scope, whole)
    sample = rates.sample(whole).percent
    late = late_longest(scope)
    return Overview(
        counts=counts_of(scope, whole, (*OPEN_SHOWN, *ACCEPTED_SHOWN, "not_on_time", "at_level_1")),
        shares=shares,
        sample_is_weak=sample is not None and sample < LEAST_SAMPLE,
        duration=rates.duration(scope.cases, scope.period, scope.now, calendar),
        levels=level_rows(scope, whole),
        levelled=Shown(whole["levelled"], scope.rows("levelled")),
        categories=category_rows(scope, by_category),
        ranking=ranking(scope, by_unit),
        trend=trend(scope),
        late=[(row, workdays_left(row.due_at, calendar)) for row in late],
        watched=watched(scope, late),
        instructions=unanswered(scope),
    )


def tallies(scope: Scope) -> tuple[dict[str, Tally], Counter[Kind]]:
    """All figures for each unit directly beneath ("" is nobody yet), and what came in by category."""
    by_unit: defaultdict[str, Tally] = defaultdict(Tally)
    by_category: Counter[Kind] = Counter()
    unit: dict[str, Combinable] = {"unit": Substr("main_unit_path", 1, scope.child_length)}
    plans: list[tuple[Base, dict[str, Combinable], tuple[str, ...]]] = [
        (Base.OPEN, unit, OPEN_SHOWN),
        (Base.ACCEPTED, unit | KIND, ACCEPTED_SHOWN),
        (Base.DUE, unit, DUE_SHOWN),
    ]
    for base, groups, names in plans:
        for key, tally in measure_by(scope.cases, base, scope.period, scope.now, groups, *names):
            by_unit[key[0]].take_in(tally)
            if base is Base.ACCEPTED:
                by_category[key[1:]] += tally["accepted"]
    return by_unit, by_category


def counts_of(scope: Scope, tally: Tally, names: tuple[str, ...]) -> dict[str, Shown]:
    """Counts with their addresses."""
    return {name: Shown(tally[name], scope.rows(name)) for name in names}


def share(scope: Scope, tally: Tally, part: str, whole: str) -> Share:
    """A rate with the addresses of both its counts."""
    return Share(
        tally.rate(part, whole),
        Shown(tally[part], scope.rows(part)),
        Shown(tally[whole], scope.rows(whole)),
    )


def shares_of(scope: Scope, tally: Tally) -> dict[str, Share]:
    """The rates of the page (`complaints/rates.py` says what each means)."""
    return {
        "completion": share(scope, tally, "finished", "due"),
        "on_time": share(scope, tally, "on_time", "due"),
        "satisfaction": share(scope, tally, "satisfied", "asked"),
        "sample": share(scope, tally, "asked", "due"),
        "within_community": share(scope, tally, "within_community", "levelled"),
    }


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


def category_rows(scope: Scope, by_category: Counter[Kind]) -> list[dict[str, Any]]:
    """高频问题: the kinds of matter that came in most."""
    return [
        {
            "label": name or _("未分类"),
            "value": count,
            "url": scope.rows("accepted", category=pk or 0),
        }
        for (pk, name), count in by_category.most_common(MOST_CATEGORIES)
        if count
    ]


def ranking(scope: Scope, by_unit: dict[str, Tally]) -> list[Ranked]:
    """Units directly beneath: best on time first, then satisfaction; without due cases last."""
    lines = []
    for unit in scope.children:
        tally = by_unit.get(unit.path, Tally())
        if unit.ended_on is not None and not any(tally.values()):
            continue
        lines.append((rank_of(tally), ranked(scope.at(unit), unit, tally)))
    return [line for _rank, line in sorted(lines, key=lambda pair: (pair[0], pair[1].unit.path))]


def rank_of(tally: Tally) -> tuple[Any, ...]:
    """Smaller is better."""
    on_time, content = rates.on_time(tally).percent, rates.satisfaction(tally).percent
    if on_time is None:
        return (1, 0, 0, -tally["accepted"])
    return (0, -on_time, -(content or 0), -tally["due"])


def ranked(scope: Scope, unit: Organisation, tally: Tally) -> Ranked:
    """One line; `scope` already looks at the unit."""
    counts = counts_of(scope, tally, ("accepted", "open", "overdue"))
    shares = shares_of(scope, tally)
    return Ranked(
        unit=unit,
        url=scope.address(),
        accepted=counts["accepted"],
        open=counts["open"],
        overdue=counts["overdue"],
        completion=shares["completion"],
        on_time=shares["on_time"],
        satisfaction=shares["satisfaction"],
        within_community=shares["within_community"],
    )


def trend(scope: Scope) -> dict[str, Any]:
    """受理与办结 of thirty days: stored day by day at night, today as it stands."""
    today = timezone.localdate(scope.now)
    days = [today - timedelta(days=back) for back in range(TREND_DAYS - 1, -1, -1)]
    stored = {
        day: (accepted, finished)
        for day, accepted, finished in DayFigure.objects.visible_to(scope.user)
        .filter(organisation=scope.unit, day__gte=days[0], day__lt=today)
        .values_list("day", "accepted_count", "finished_count")
    }
    stored[today] = live_counts(scope)
    return {
        "labels": [f"{day:%m-%d}" for day in days],
        "lines": [
            {"name": _("受理"), "values": [stored.get(day, (None, None))[0] for day in days]},
            {"name": _("办结"), "values": [stored.get(day, (None, None))[1] for day in days]},
        ],
    }


def live_counts(scope: Scope) -> tuple[int, int]:
    """What was accepted and what was answered today so far."""
    day = day_of(scope.now)
    accepted, finished = day.of("accepted_at"), day.of("first_finished_at")
    found = scope.cases.filter(accepted | finished).aggregate(
        accepted=Count("pk", filter=accepted), finished=Count("pk", filter=finished)
    )
    return found["accepted"], found["finished"]


# ── 需要您关注 ───────────────────────────────────────────────────────────────────────────────


def late_longest(scope: Scope) -> list[Complaint]:
    """Open cases that have been late for longest."""
    late = scope.cases.filter(is_open=True, due_at__lt=scope.now, suspended_at=None)
    return list(shown_rows(late).order_by("due_at", "pk")[:MOST_WATCHED])


def watched(scope: Scope, besides: list[Complaint]) -> list[Complaint]:
    """Open cases in a second round or under elevated supervision, `besides` those shown already."""
    difficult = Q(round__gte=2) | Q(supervision="elevated")
    rows = shown_rows(scope.cases.filter(difficult, is_open=True)).order_by("due_at", "pk")
    shown = {row.pk for row in besides}
    found = rows[: MOST_WATCHED + len(shown)]
    return [row for row in found if row.pk not in shown][:MOST_WATCHED]


def unanswered(scope: Scope) -> list[Instruction]:
    """Leaders' words on open cases that nobody has answered yet, the one due first on top."""
    rows = Instruction.objects.filter(
        answered_at=None, complaint__in=scope.cases.filter(is_open=True).values("pk")
    )
    return list(
        rows.select_related("complaint__main_unit").order_by(
            F("due_at").asc(nulls_last=True), "pk"
        )[:MOST_WATCHED]
    )


def shown_rows(rows: Any) -> Any:
    """With what a line of the list says."""
    return rows.select_related("main_unit", "holder").defer("text")
