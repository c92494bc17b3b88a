"""The default rows of the complaints floor: complete, consistent, and never laid over edits."""

import csv
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from complaints.choices import FourIsation, LimitUnit
from complaints.models import (
    CaseRules,
    Category,
    HeaderSynonym,
    LevelBox,
    ReminderRule,
    UrgencyLimit,
)
from complaints.reminder_words import PARTS_IN_CASE
from complaints.services.defaults import FOLDER, load_defaults
from governance.models import CalendarYear, OfficeHours, Role
from governance.services.defaults import load_roles
from tests.house.reading import ROOT

pytestmark = [pytest.mark.django_db, pytest.mark.smoke]
PLAN = Path(__file__).resolve().parents[3] / "shared/data/defaults/complaint_categories.csv"
TABLES = (Category, UrgencyLimit, LevelBox, ReminderRule, CaseRules, HeaderSynonym)


@pytest.fixture
def loaded() -> dict[str, int]:
    return load_defaults()


def test_ninety_leaves_hang_in_thirty_three_branches_and_ten_tops(loaded: dict[str, int]) -> None:
    assert loaded["categories"] == 90
    assert Category.objects.filter(is_leaf=True).count() == 90
    assert Category.objects.filter(is_leaf=False, parent__isnull=False).count() == 33
    assert Category.objects.filter(parent=None).count() == 10
    leaf = Category.objects.get(code="010301")
    assert leaf.full_name == "市容环境 · 违法建设 · 在建私搭乱建"
    assert leaf.parent.parent.name == "市容环境"


def test_loading_twice_adds_nothing_and_keeps_what_an_office_edited(
    loaded: dict[str, int],
) -> None:
    Category.objects.filter(code="010101").update(name="垃圾", limit_amount=9)
    Category.objects.get(code="100301").delete()
    counts = [table.objects.count() for table in TABLES]

    again = load_defaults()

    assert again == dict.fromkeys(loaded, 0) | {"categories": 1}
    assert [table.objects.count() for table in TABLES] == [counts[0] + 1, *counts[1:]]
    edited = Category.objects.get(code="010101")
    assert (edited.name, edited.limit_amount) == ("垃圾", 9)


def test_every_row_fits_its_columns_and_choices(loaded: dict[str, int]) -> None:
    for table in TABLES:
        for row in table.objects.all():
            row.clean_fields(exclude=["audience"])


def test_environment_leaves_carry_one_of_the_four_tags(loaded: dict[str, int]) -> None:
    for leaf in Category.objects.filter(is_leaf=True):
        assert (leaf.four_isation in FourIsation.values) == leaf.code.startswith(("01", "02"))


def test_environment_and_fire_leaves_ask_for_a_photo(loaded: dict[str, int]) -> None:
    leaves = Category.objects.filter(is_leaf=True)
    without = {leaf.code for leaf in leaves if not leaf.needs_photo}
    for prefix in ("0101", "0102", "0103", "0203", "0501", "0502", "0602"):
        assert not {code for code in without if code.startswith(prefix)}, prefix
    assert {"100101", "070101", "050401"} <= without


def test_praise_and_questions_are_not_called_back(loaded: dict[str, int]) -> None:
    spared = Category.objects.filter(is_leaf=True, needs_callback=False)
    assert sorted(spared.values_list("code", flat=True)) == ["100101", "100301"]


def test_only_complaints_about_staff_are_confidential(loaded: dict[str, int]) -> None:
    assert Category.objects.get(is_confidential=True).code == "080202"


def test_heating_has_a_season(loaded: dict[str, int]) -> None:
    seasons = Category.objects.exclude(season_from="").values_list(
        "code", "season_from", "season_to"
    )
    assert list(seasons) == [("030401", "11-15", "03-15"), ("030402", "11-15", "03-15")]


def test_every_matter_for_the_street_itself_names_a_department(loaded: dict[str, int]) -> None:
    assert not Category.objects.filter(is_leaf=True, solving_level=1, default_handler="").exists()
    assert not Category.objects.filter(solving_level__gte=4).exclude(default_handler="").exists()


def test_words_of_the_ladder_are_those_of_the_plan(loaded: dict[str, int]) -> None:
    boxes = {box.level: (box.amount, box.unit) for box in LevelBox.objects.all()}
    assert boxes == {
        5: (4, LimitUnit.WALL_HOURS),
        4: (1, LimitUnit.WORKDAYS),
        3: (2, LimitUnit.WORKDAYS),
        2: (3, LimitUnit.WORKDAYS),
        1: (None, ""),
    }
    sign = {limit.urgency: limit.sign_amount for limit in UrgencyLimit.objects.all()}
    assert sign == {"critical": 15, "urgent": 30, "ordinary": 4, "complex": 4}


def test_reminders_speak_to_posts_that_exist(loaded: dict[str, int]) -> None:
    load_roles()
    levels = Role.objects.values_list("code", "levels")
    posts = {f"{code}@{level}" for code, many in levels for level in many} | {*PARTS_IN_CASE}
    for rule in ReminderRule.objects.all():
        assert rule.audience and set(rule.audience) <= posts, rule.code
    near = ReminderRule.objects.get(code="near")
    assert near.audience == ["handler", "branch_secretary@3", "community_secretary@2"]
    assert near.card == "yellow"


def test_one_command_fills_an_empty_house_and_repeats_harmlessly() -> None:
    call_command("load_defaults", stdout=StringIO())
    first = [table.objects.count() for table in (*TABLES, Role, OfficeHours, CalendarYear)]
    call_command("load_defaults", stdout=StringIO())
    assert all(first)
    assert first == [table.objects.count() for table in (*TABLES, Role, OfficeHours, CalendarYear)]


@pytest.mark.skipif(not PLAN.exists(), reason="the plan's own list is not on this machine")
def test_codes_names_and_limits_equal_the_plan() -> None:
    with PLAN.open(encoding="utf-8") as plan:
        wanted = [
            [*list(row.values())[:4], row["limit"], row["unit"], row["lvl"]]
            for row in csv.DictReader(plan)
        ]
    with (FOLDER / "complaint_categories.csv").open(encoding="utf-8") as ours:
        names = (
            "code",
            "level1",
            "level2",
            "level3",
            "limit_amount",
            "limit_unit",
            "solving_level",
        )
        assert [[row[name] for name in names] for row in csv.DictReader(ours)] == wanted


def test_the_paper_about_defaults_names_every_file_and_every_single_number() -> None:
    paper = (ROOT / "docs/defaults.md").read_text(encoding="utf-8")
    folders = (ROOT / "complaints/defaults", ROOT / "governance/defaults")
    files = sorted(file for folder in folders for file in folder.iterdir())
    assert len(files) > 15
    for file in files:
        assert file.name in paper, file.name
        rows = list(csv.reader(file.open(encoding="utf-8"))) if file.suffix == ".csv" else []
        # One row of numbers: each column is a choice of its own.
        for column in rows[0] if len(rows) == 2 else ():
            assert column in paper, (file.name, column)
