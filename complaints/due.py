"""What is due today, within three workdays, overdue and long overdue: by community, grid and person."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.models import CaseRules, Complaint
from complaints.rules import rules_of
from complaints.selectors import CAP, desk_of, on_the_desk
from governance.calendar import Calendar
from governance.choices import Level, Word
from governance.models import Organisation
from governance.models.reach import SEGMENT, id_of, roots
from governance.prepared import prepared_counts
from governance.services.calendar import current_calendar

TODAY, SOON, LATE, LONG = "today", "soon", "overdue", "long"
SOON_WORKDAYS = 3
LABELS = {
    TODAY: gettext_lazy("今日到期"),
    SOON: gettext_lazy("3个工作日内到期"),
    LATE: gettext_lazy("已超期"),
    LONG: gettext_lazy("长期超期"),
}
TONES = {TODAY: "soon", SOON: "soon", LATE: "late", LONG: "late"}
# By what a table of counts is divided: label, and the depth of the place it is cut to.
GROUPS: dict[str, tuple[Any, int]] = {
    "community": (gettext_lazy("按社区"), Level.GRAND_COMMITTEE * SEGMENT),
    "grid": (gettext_lazy("按网格"), Level.GRID_BRANCH * SEGMENT),
    "person": (gettext_lazy("按承办人"), 0),
}


@dataclass(frozen=True)
class Bounds:
    """The moments between the bands, for one reader and one moment."""

    now: datetime
    midnight: datetime
    soon_until: datetime
    long_before: datetime | None = None

    def conditions(self) -> dict[str, Q]:
        """Each band as a condition; a suspended case is in none."""
        running = Q(suspended_at=None)
        found = {
            TODAY: running & Q(due_at__gte=self.now, due_at__lt=self.midnight),
            SOON: running & Q(due_at__gte=self.now, due_at__lte=self.soon_until),
            LATE: running & Q(due_at__lt=self.now),
        }
        if self.long_before is not None:
            found[LONG] = running & Q(due_at__lt=self.long_before)
        return found


def bounds_at(now: datetime, calendar: Calendar, threshold: int | None = None) -> Bounds:
    """The bands at a moment; without a threshold nothing is called long overdue."""
    today = calendar.local(now).replace(hour=0, minute=0, second=0, microsecond=0)
    last = today
    for _day in range(SOON_WORKDAYS):
        last = _next_workday(last, calendar)
    return Bounds(
        now=now,
        midnight=calendar.utc(today + timedelta(days=1)),
        soon_until=calendar.utc(datetime.combine(last.date(), datetime.max.time())),
        long_before=calendar.utc(long_before(today, threshold, calendar)) if threshold else None,
    )


def bounds_for(user: Any, now: datetime | None = None, calendar: Calendar | None = None) -> Bounds:
    """The bands as the street of the reader counts them (`CaseRules.long_overdue_workdays`)."""
    paths = roots(user, Word.SEE) or roots(user, Word.HANDLE)
    rules = rules_of(id_of(paths[0][:SEGMENT])).case if paths else CaseRules()
    calendar = calendar or current_calendar()
    return bounds_at(now or timezone.now(), calendar, rules.long_overdue_workdays)


def long_before(today: datetime, threshold: int, calendar: Calendar) -> datetime:
    """The first midnight at which a due moment is not yet `threshold` workdays past."""
    day = today
    while threshold > 0:
        threshold -= calendar.is_workday(day.date())
        day -= timedelta(days=1)
    return day + timedelta(days=1)


def _next_workday(day: datetime, calendar: Calendar) -> datetime:
    day += timedelta(days=1)
    while not calendar.is_workday(day.date()):
        day += timedelta(days=1)
    return day


def bounds_of_band(band: str, user: Any, calendar: Calendar) -> Bounds:
    """The bounds a list of one band needs: the rules of the street are read for the last one only."""
    if band == LONG:
        return bounds_for(user, calendar=calendar)
    return bounds_at(timezone.now(), calendar)


def in_band(cases: QuerySet[Complaint], band: str, bounds: Bounds) -> QuerySet[Complaint]:
    """Open cases of one band; the very rows that the counts count."""
    return cases.filter(bounds.conditions()[band], is_open=True)


def counts_held(user: Any) -> dict[str, int]:
    """The four counts of what lies on the user's own desk, and of "all" of it; one statement."""
    return dict(_counts_held(4 * CAP, **vars(bounds_for(user)), **desk_of(user)))


@prepared_counts
def _counts_held(
    most: int, *, now: Any, midnight: Any, soon_until: Any, long_before: Any, **desk: Any
) -> Any:
    # Ordered by due moment, so that beyond the cap the urgent ones are still counted.
    held = on_the_desk(**desk).order_by("due_at", "pk")[:most]
    return held, {**Bounds(now, midnight, soon_until, long_before).conditions(), "all": None}


@dataclass
class Line:
    """One community, grid or person with its four counts; `value` is what a filter asks for."""

    name: str
    value: str = ""
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(LABELS, 0))

    def add(self, row: dict[str, Any]) -> None:
        """Take in the counts of one group of rows."""
        for band in LABELS:
            self.counts[band] += row[band]


def table(user: Any, by: str, now: datetime | None = None) -> list[Line]:
    """The counts of what is due soon or late, the hardest pressed first; two statements.

    Places that lie above the asked level, and cases nobody is named for, stand in a line without
    a filter of their own.
    """
    bounds = bounds_for(user, now)
    cases = Complaint.objects.visible_to(user).open()
    pressing = cases.filter(suspended_at=None, due_at__lte=max(bounds.soon_until, bounds.midnight))
    keys = ("assignee_id", "assignee__name") if by == "person" else ("place_path",)
    counts = {band: Count("pk", filter=found) for band, found in bounds.conditions().items()}
    rows = list(pressing.order_by().values(*keys).annotate(**counts))
    lines = by_person(rows) if by == "person" else by_place(rows, GROUPS[by][1])
    found = [line for line in lines if any(line.counts.values())]
    return sorted(found, key=lambda line: [-line.counts[one] for one in (LONG, LATE, TODAY, SOON)])


def by_person(rows: Iterable[dict[str, Any]]) -> list[Line]:
    """A line for each person who is named on a case."""
    lines: dict[int | None, Line] = {}
    for row in rows:
        who = row["assignee_id"]
        name = row["assignee__name"] or _("未指定承办人")
        lines.setdefault(who, Line(name, str(who or ""))).add(row)
    return list(lines.values())


def by_place(rows: list[dict[str, Any]], depth: int) -> list[Line]:
    """A line for each place of the asked depth."""
    paths = {row["place_path"][:depth] for row in rows if len(row["place_path"]) >= depth}
    units = Organisation.objects.filter(path__in=paths).select_related("parent")
    lines = {
        unit.path: Line(
            f"{unit.parent.display_name} · {unit.display_name}"
            if unit.parent and depth > Level.GRAND_COMMITTEE * SEGMENT
            else unit.display_name,
            str(unit.pk),
        )
        for unit in units
    }
    other = Line(_("地点待定或不在其中"))
    for row in rows:
        lines.get(row["place_path"][:depth], other).add(row)
    return [*lines.values(), other]
