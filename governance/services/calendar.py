"""The working calendar: loading the official notices, and the calendar as it stands now."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from chinese_calendar import constants as library
from django.db.models import F, Q, QuerySet, Subquery, Sum, Value
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.calendar import ALL_YEAR, Calendar, MonthDay, Season
from governance.errors import HouseError
from governance.models import CalendarDay, CalendarYear, OfficeHours, Organisation, User
from governance.prepared import prepared
from governance.services.audit import deed, record

DEFAULTS = Path(__file__).resolve().parent.parent / "defaults" / "calendar_exceptions.csv"
DEFAULTS_SOURCE = "governance/defaults/calendar_exceptions.csv"
LIBRARY_SOURCE = "chinesecalendar"
WARN_FROM = (11, 15)


@dataclass(frozen=True, slots=True)
class NamedDay:
    """What a notice says about one day."""

    is_workday: bool
    name: str = ""


@dataclass(frozen=True)
class YearPlan:
    """The official notice for one year; it may also move the last days of the year before."""

    year: int
    days: Mapping[date, NamedDay]
    source: str

    def __post_init__(self) -> None:
        if not self.days:
            raise HouseError(_("{year} 年的放假安排还没有内容，不能导入。").format(year=self.year))
        first, last = date(self.year - 1, 12, 1), date(self.year, 12, 31)
        if strange := [day for day in self.days if not first <= day <= last]:
            raise HouseError(
                _("{day} 不属于 {year} 年的放假安排，请检查文件。").format(
                    day=min(strange), year=self.year
                )
            )


def parse_exceptions_csv(text: str, source: str = DEFAULTS_SOURCE) -> list[YearPlan]:
    """Read lines of year, weekday holidays, weekend workdays, with spans like `01-28..01-31`.

    Raises HouseError, naming the line, when a date cannot be read.
    """
    plans = []
    for number, row in enumerate(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))), start=2):
        try:
            year = int(row["year"])
            rest = {day: NamedDay(False) for day in _spans(year, row["weekday_holidays"])}
            work = {day: NamedDay(True) for day in _spans(year, row["weekend_workdays"])}
        except (AttributeError, KeyError, TypeError, ValueError):
            raise HouseError(
                _("第 {number} 行的日期读不懂，请按 01-28..01-31 的写法填写。").format(
                    number=number
                )
            ) from None
        plans.append(YearPlan(year, rest | work, source))
    return plans


def parse_holiday_json(text: str) -> YearPlan:
    """Read one year of the public holiday feed (`name`, `date`, `isOffDay` for each day).

    A year's file holds the days of that year's notice, which may lie in the December before:
    load all years in turn, and a later notice wins. Raises HouseError for any other content and
    for a year that is not yet announced.
    """
    try:
        content = json.loads(text)
        year = int(content["year"])
        days = {
            date.fromisoformat(row["date"]): NamedDay(not row["isOffDay"], str(row["name"]))
            for row in content["days"]
        }
        source = " ".join(content.get("papers", [])) or "holiday-cn"
    except (KeyError, TypeError, ValueError):
        raise HouseError(_("这不是放假安排文件，请选择含年份和日期的文件。")) from None
    return YearPlan(year, days, source[:200])


def from_library(year: int) -> YearPlan:
    """The year as the installed holiday library knows it; HouseError when it does not."""
    rest = {day: NamedDay(False, _chinese(name)) for day, name in library.holidays.items()}
    work = {day: NamedDay(True, _chinese(name)) for day, name in library.workdays.items()}
    days = {day: said for day, said in (rest | work).items() if day.year == year}
    return YearPlan(year, days, LIBRARY_SOURCE)


def merge(plans: Iterable[YearPlan]) -> dict[date, bool]:
    """The exceptions of several notices together; the later year wins."""
    ordered = sorted(plans, key=lambda plan: plan.year)
    return {day: said.is_workday for plan in ordered for day, said in plan.days.items()}


@deed()
def import_year(plan: YearPlan, *, by: User | None = None) -> int:
    """Make the plan's notice the truth for its year and say how many days changed.

    Repeating it changes nothing and keeps the version. Days an office has set by hand stay,
    unless the notice names them. A year that was already loaded gets a new version, so that
    deadlines can be computed again (domain.md 8.1). `by` is None when the house itself loads.
    """
    year, is_new = CalendarYear.objects.select_for_update().get_or_create(
        year=plan.year, defaults={"source": plan.source}
    )
    stale = CalendarDay.objects.filter(day__year=plan.year, source=year.source)
    before = dict(CalendarDay.objects.values_list("day", "is_workday"))
    gone = set(stale.exclude(day__in=list(plan.days)).values_list("day", flat=True))
    CalendarDay.objects.filter(day__in=gone).delete()
    CalendarDay.objects.bulk_create(
        [
            CalendarDay(day=day, is_workday=said.is_workday, name=said.name, source=plan.source)
            for day, said in plan.days.items()
        ],
        update_conflicts=True,
        unique_fields=["day"],
        update_fields=["is_workday", "name", "source"],
    )
    after = {day: said.is_workday for day, said in plan.days.items()}
    changed = {
        day
        for day in gone | plan.days.keys()
        if before.get(day, day.weekday() < 5) != after.get(day, day.weekday() < 5)
    }
    _new_version({day.year for day in changed} - ({plan.year} if is_new else set()))
    CalendarYear.objects.filter(year=plan.year).update(source=plan.source)
    detail = {"source": plan.source, "changed_count": len(changed)}
    record("import_calendar", by=by, subject=f"calendar:{plan.year}", detail=detail)
    return len(changed)


def load_defaults() -> int:
    """Load the years shipped with the portal that are not loaded yet; say how many."""
    plans = parse_exceptions_csv(DEFAULTS.read_text(encoding="utf-8"))
    loaded = set(CalendarYear.objects.values_list("year", flat=True))
    missing = [plan for plan in plans if plan.year not in loaded]
    for plan in missing:
        import_year(plan)
    return len(missing)


@deed()
def set_day(day: date, *, is_workday: bool, by: User, name: str = "", note: str) -> CalendarDay:
    """Let an office decide about one day; `note` names its source. The year gets a new version."""
    row, _created = CalendarDay.objects.update_or_create(
        day=day, defaults={"is_workday": is_workday, "name": name, "source": note}
    )
    _new_version({day.year})
    detail = {"is_workday": is_workday}
    record("set_calendar_day", by=by, subject=f"calendar:{day}", detail=detail)
    return row


@deed()
def clear_day(day: date, *, by: User) -> None:
    """Let the day follow Monday to Friday again; the year gets a new version."""
    CalendarDay.objects.filter(day=day).delete()
    _new_version({day.year})
    record("clear_calendar_day", by=by, subject=f"calendar:{day}")


@deed()
def hours_changed() -> None:
    """Say that the office opens or a day ends at other hours; the years get a new version.

    Open clocks are then counted again with them, each by an audited step, as after a holiday.
    """
    today = timezone.localdate()
    coming = CalendarYear.objects.filter(year__gte=today.year)
    _new_version(set(coming.values_list("year", flat=True)))


_current: dict[int | None, tuple[object, Calendar]] = {}


def current_calendar(subdistrict: Organisation | None = None) -> Calendar:
    """The calendar as it stands, with the office hours of the subdistrict, else the common ones.

    One small query; the days are read again only when a version or an opening hour changed.
    Ask once per request or per batch and hand the calendar on.
    """
    place = subdistrict.pk if subdistrict else None
    state = _state(place)
    remembered = _current.get(place)
    if remembered and remembered[0] == state:
        return remembered[1]
    versions = dict(CalendarYear.objects.order_by("year").values_list("year", "version"))
    hours = _seasons(place) or (_seasons(None) if place else ()) or (ALL_YEAR,)
    calendar = Calendar(
        exceptions=dict(CalendarDay.objects.values_list("day", "is_workday")),
        years=frozenset(versions),
        version=sum(versions.values()),
        hours=hours,
    )
    _current[place] = (state, calendar)
    return calendar


def missing_next_year(today: date | None = None) -> int | None:
    """The year whose notice should be loaded by now and is not, else None.

    This year is always missed, the next from 15 November on (domain.md 8.1).
    """
    today = today or timezone.localdate()
    wanted = [today.year]
    if (today.month, today.day) >= WARN_FROM:
        wanted.append(today.year + 1)
    loaded = set(CalendarYear.objects.filter(year__in=wanted).values_list("year", flat=True))
    return next((year for year in wanted if year not in loaded), None)


def _spans(year: int, text: str) -> Iterator[date]:
    for span in text.split():
        first, _dots, last = span.partition("..")
        day = date(year, *_month_day(first))
        end = date(year, *_month_day(last or first))
        if end < day:
            raise ValueError(span)
        while day <= end:
            yield day
            day += timedelta(days=1)


def _month_day(text: str) -> MonthDay:
    month, _dash, day = text.partition("-")
    return int(month), int(day)


def _chinese(name: str) -> str:
    return next((day.chinese for day in library.Holiday if day.value == name), "")


def _new_version(years: set[int]) -> None:
    for row in CalendarYear.objects.select_for_update().filter(year__in=years):
        row.version += 1
        row.loaded_at = timezone.now()
        row.save(update_fields=["version", "loaded_at"])


def _state(place: int | None) -> list[Any]:
    """What changes whenever the hours or a year of the calendar change."""
    # Without any hours no row would carry the mark of the years.
    return _hours_with_mark(place=place) or list(_marks().values_list("mark"))


def _marks() -> QuerySet[Any, Any]:
    years = CalendarYear.objects.order_by().values(all=Value(1))
    return years.annotate(mark=Sum(F("year") * 1000 + F("version"))).values("mark")


@prepared
def _hours_with_mark(*, place: Any) -> QuerySet[Any, Any]:
    rows = OfficeHours.objects.filter(Q(subdistrict=None) | Q(subdistrict=place)).order_by("pk")
    hours = rows.values_list(*(field.attname for field in OfficeHours._meta.concrete_fields))
    return hours.annotate(mark=Subquery(_marks()))


def _seasons(subdistrict: int | None) -> tuple[Season, ...]:
    rows = OfficeHours.objects.filter(subdistrict=subdistrict).order_by("season_from", "pk")
    return tuple(
        Season(
            ((row.morning_from, row.morning_to), (row.afternoon_from, row.afternoon_to)),
            _month_day(row.season_from),
            _month_day(row.season_to),
        )
        for row in rows
    )
