"""The working calendar: reading the official notices, keeping them, and the calendar of today."""

import csv
import json
from datetime import date, time, timedelta
from pathlib import Path

import pytest

from governance.calendar import Calendar, CutOff, Season
from governance.errors import HouseError
from governance.models import AuditEntry, CalendarDay, CalendarYear, OfficeHours, Person, User
from governance.services.calendar import (
    DEFAULTS,
    NamedDay,
    YearPlan,
    clear_day,
    current_calendar,
    from_library,
    import_year,
    load_defaults,
    merge,
    missing_next_year,
    parse_exceptions_csv,
    parse_holiday_json,
    set_day,
)

HEADER = "year,weekday_holidays,weekend_workdays\n"
PUBLISHED = Path(__file__).resolve().parents[3] / "shared/data/real/holidays"


@pytest.fixture
def secretary(db: None) -> User:
    return User.objects.create(username="su", person=Person.objects.create(name="苏"))


def notice(year: int, *days: tuple[str, bool], papers: tuple[str, ...] = ()) -> str:
    rows = [{"name": "元旦", "date": day, "isOffDay": is_off} for day, is_off in days]
    return json.dumps({"year": year, "papers": papers, "days": rows})


def test_spans_of_days_are_read():
    (plan,) = parse_exceptions_csv(HEADER + '2025,"01-01 01-28..01-31","01-26"\n')
    assert {day for day, said in plan.days.items() if not said.is_workday} == {
        date(2025, 1, 1), *(date(2025, 1, day) for day in (28, 29, 30, 31))
    }  # fmt: skip
    assert plan.days[date(2025, 1, 26)].is_workday


@pytest.mark.parametrize(
    "row",
    ['2025,"02-30",""', '2025,"02-05..02-01",""', "2025", '二〇二五,"01-01",""', '2025,"1.1",""'],
)
def test_a_line_that_cannot_be_read_is_named(row):
    with pytest.raises(HouseError, match="第 2 行"):
        parse_exceptions_csv(HEADER + row + "\n")


def test_the_feed_of_notices_is_read():
    plan = parse_holiday_json(notice(2019, ("2018-12-29", False), ("2018-12-31", True)))
    assert plan.year == 2019
    assert plan.days == {
        date(2018, 12, 29): NamedDay(True, "元旦"),
        date(2018, 12, 31): NamedDay(False, "元旦"),
    }


def test_a_year_alone_misses_the_days_of_the_next_notice():
    own = parse_holiday_json(notice(2018, ("2018-01-01", True)))
    following = parse_holiday_json(notice(2019, ("2018-12-31", True)))
    assert merge([following, own]) == {date(2018, 1, 1): False, date(2018, 12, 31): False}


def test_a_later_notice_overrules_an_earlier_one():
    earlier = parse_holiday_json(notice(2018, ("2018-12-31", False)))
    later = parse_holiday_json(notice(2019, ("2018-12-31", True)))
    assert merge([later, earlier]) == merge([earlier, later]) == {date(2018, 12, 31): False}


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"year": 2027, "days": [{"date": "x"}]}'])
def test_another_file_is_refused(text):
    with pytest.raises(HouseError, match="不是放假安排"):
        parse_holiday_json(text)


def test_a_year_that_is_not_announced_is_refused():
    with pytest.raises(HouseError, match="2027 年的放假安排还没有内容"):
        parse_holiday_json(notice(2027))
    with pytest.raises(HouseError, match="2027"):
        from_library(2027)


def test_a_day_of_another_year_is_refused():
    with pytest.raises(HouseError, match="不属于 2026 年"):
        parse_holiday_json(notice(2026, ("2025-03-01", True)))


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_the_library_and_the_shipped_table_agree_on_every_day(year):
    shipped = Calendar(merge(parse_exceptions_csv(DEFAULTS.read_text(encoding="utf-8"))))
    library = Calendar(merge([from_library(year)]))
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
    assert [day for day in days if shipped.is_workday(day) != library.is_workday(day)] == []


@pytest.mark.skipif(not PUBLISHED.is_dir(), reason="the published lists are not on this machine")
def test_the_published_lists_agree_with_the_library_and_the_shipped_table():
    with (PUBLISHED / "workdays_2018_2026.csv").open(encoding="utf-8") as file:
        truth = {date.fromisoformat(row["date"]): row["is_workday"] == "1"
                 for row in csv.DictReader(file)}  # fmt: skip
    library = Calendar(merge(from_library(year) for year in range(2018, 2027)))
    shipped = Calendar(merge(parse_exceptions_csv(DEFAULTS.read_text(encoding="utf-8"))))
    feeds = [PUBLISHED / f"holiday-cn_{year}.json" for year in (2024, 2025, 2026)]
    feed = Calendar(merge(parse_holiday_json(path.read_text(encoding="utf-8")) for path in feeds))
    assert len(truth) == 3_287
    assert {day for day in truth if library.is_workday(day) != truth[day]} == set()
    recent = {day for day in truth if day.year >= 2024}
    assert {day for day in recent if shipped.is_workday(day) != truth[day]} == set()
    assert {day for day in recent if feed.is_workday(day) != truth[day]} == set()
    with pytest.raises(HouseError, match="2027"):
        parse_holiday_json((PUBLISHED / "holiday-cn_2027.json").read_text(encoding="utf-8"))


@pytest.mark.django_db
def test_the_shipped_years_are_loaded_once():
    assert load_defaults() == 3
    assert load_defaults() == 0
    assert set(CalendarYear.objects.values_list("year", "version")) == {
        (2024, 1), (2025, 1), (2026, 1)
    }  # fmt: skip
    assert CalendarDay.objects.count() == 75


@pytest.mark.django_db
def test_importing_the_same_notice_again_keeps_the_version():
    assert import_year(from_library(2026)) > 0
    assert import_year(from_library(2026)) == 0
    assert CalendarYear.objects.get(year=2026).version == 1


@pytest.mark.django_db
def test_the_same_facts_from_another_source_keep_the_version():
    load_defaults()
    assert import_year(from_library(2026)) == 0
    assert CalendarYear.objects.get(year=2026).version == 1
    assert CalendarYear.objects.get(year=2026).source == "chinesecalendar"
    assert CalendarDay.objects.get(day=date(2026, 2, 17)).name == "春节"


@pytest.mark.django_db
def test_a_corrected_notice_replaces_the_year_and_raises_its_version():
    first = YearPlan(2026, {date(2026, 5, 1): NamedDay(False), date(2026, 5, 4): NamedDay(False)},
                     "first notice")  # fmt: skip
    import_year(first)
    second = YearPlan(2026, {date(2026, 5, 1): NamedDay(False), date(2026, 5, 5): NamedDay(False)},
                      "second notice")  # fmt: skip
    assert import_year(second) == 2
    assert set(CalendarDay.objects.values_list("day", flat=True)) == set(second.days)
    assert CalendarYear.objects.get(year=2026).version == 2


@pytest.mark.django_db
def test_the_next_notice_may_move_the_last_december_days_and_raises_that_years_version():
    import_year(parse_holiday_json(notice(2018, ("2018-01-01", True), papers=("a",))))
    import_year(parse_holiday_json(notice(2019, ("2018-12-31", True), ("2019-01-01", True))))
    assert dict(CalendarYear.objects.values_list("year", "version")) == {2018: 2, 2019: 1}

    import_year(parse_holiday_json(notice(2018, ("2018-01-01", True), papers=("b",))))

    assert not CalendarDay.objects.get(day=date(2018, 12, 31)).is_workday


@pytest.mark.django_db
def test_an_import_is_on_record():
    import_year(from_library(2026))
    assert AuditEntry.objects.get().subject == "calendar:2026"


@pytest.mark.django_db
def test_the_calendar_is_read_again_only_after_a_change(django_assert_num_queries):
    load_defaults()
    before = current_calendar()
    assert before.years == {2024, 2025, 2026}
    assert before.cut_off is CutOff.END_OF_DAY
    assert not before.is_workday(date(2026, 2, 16))
    with django_assert_num_queries(2):
        assert current_calendar() is before


def test_an_office_may_decide_about_one_day(secretary: User):
    load_defaults()
    before = current_calendar()

    set_day(date(2026, 3, 9), is_workday=False, by=secretary, note="大雪停工通知")
    changed = current_calendar()
    assert not changed.is_workday(date(2026, 3, 9))
    assert changed.version == before.version + 1

    clear_day(date(2026, 3, 9), by=secretary)
    assert current_calendar().is_workday(date(2026, 3, 9))
    assert current_calendar().version == before.version + 2
    assert AuditEntry.objects.filter(by=secretary).count() == 2


def test_a_day_set_by_hand_survives_the_next_import(secretary: User):
    load_defaults()
    set_day(date(2026, 3, 9), is_workday=False, by=secretary, note="停工")
    import_year(from_library(2026))
    assert not current_calendar().is_workday(date(2026, 3, 9))


@pytest.mark.django_db
def test_office_hours_come_from_their_table():
    OfficeHours.objects.create(
        season_from="06-01", season_to="09-30", morning_from=time(8), morning_to=time(12),
        afternoon_from=time(14, 30), afternoon_to=time(18),
    )  # fmt: skip
    calendar = current_calendar()
    assert calendar.intervals(date(2026, 7, 1))[1] == (time(14, 30), time(18))
    assert calendar.intervals(date(2026, 1, 5))[1] == (time(13, 30), time(17, 30))
    OfficeHours.objects.update(afternoon_to=time(18, 30))
    assert current_calendar().intervals(date(2026, 7, 1))[1] == (time(14, 30), time(18, 30))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("today", "missing"),
    [(date(2026, 11, 14), None), (date(2026, 11, 15), 2027), (date(2026, 12, 31), 2027),
     (date(2027, 1, 1), 2027), (date(2025, 12, 1), None)],
)  # fmt: skip
def test_from_mid_november_the_next_year_is_missed(today, missing):
    load_defaults()
    assert missing_next_year(today) == missing


@pytest.mark.parametrize(
    ("day", "is_inside"),
    [
        (date(2026, 9, 30), False),
        (date(2026, 10, 1), True),
        (date(2026, 12, 31), True),
        (date(2027, 5, 31), True),
        (date(2027, 6, 1), False),
    ],
)
def test_a_season_may_run_over_the_new_year(day, is_inside):
    assert Season(first=(10, 1), last=(5, 31)).covers(day) is is_inside


@pytest.mark.parametrize(("year", "count"), [(2024, 251), (2025, 248), (2026, 248)])
def test_a_year_has_its_official_number_of_workdays(year, count):
    shipped = Calendar(merge(parse_exceptions_csv(DEFAULTS.read_text(encoding="utf-8"))))
    assert (
        shipped.count_until(date(year, 12, 31)) - shipped.count_until(date(year - 1, 12, 31))
        == count
    )
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]
    assert sum(shipped.is_workday(day) for day in days if day.year == year) == count


@pytest.mark.parametrize(
    "intervals",
    [(), ((time(12), time(8)),), ((time(8), time(12)), (time(11), time(17)))],
)
def test_office_hours_that_make_no_sense_are_refused(intervals):
    with pytest.raises(ValueError, match="rising"):
        Season(intervals)
