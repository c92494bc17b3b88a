"""The demonstration street: the article's numbers, the same each time, and nobody in it is real."""

import json
import re
import stat
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import StringIO
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction
from django.db.models import Count
from django.test import Client, override_settings
from django.utils import timezone
from shapely.geometry import shape
from shapely.ops import unary_union

from complaints.choices import (
    OPEN_STAGES,
    SATISFIED,
    CallbackOutcome,
    PhotoGroup,
    ResultKind,
    Satisfaction,
    Source,
    Stage,
)
from complaints.invariants.checking import check
from complaints.models import (
    Assignment,
    Callback,
    CaseRequest,
    Category,
    Complaint,
    DayFigure,
    Photo,
    PlaceCode,
    Publication,
    Reminder,
    ReminderRule,
    Reply,
    Step,
    SupervisionSlip,
)
from complaints.selectors import waiting_for
from complaints.services import counts, handling
from complaints.services.steps import first_broken_step
from governance.calendar import SHANGHAI
from governance.choices import CommunityKind, JobState, Level
from governance.identity import DEMONSTRATION_AREA
from governance.models import (
    Appointment,
    CalendarYear,
    Job,
    Leave,
    Notice,
    Organisation,
    Person,
    PersonSecret,
    Todo,
    User,
)
from governance.privacy import unseal
from governance.selectors import serving_paths
from governance.services.audit import first_broken_entry
from grids.choices import Tier
from grids.models import Building, Coverage, Dwelling, Grid, ResidentialCompound
from grids.selectors import grid_at
from portal.demonstration import accounts, calling, cases, doors, photos, scenes, seeding, wording
from portal.demonstration.world import read_world
from residents.choices import GroupKind
from residents.models import CommunityGroup, Household, PersonHouse
from tests.house.reading import ROOT

FEW = seeding.Sizes(cases=180, buildings=2, days=3, boards=2)

# Laying the street takes a few seconds of work, and far more on a busy machine.
pytestmark = [pytest.mark.long, pytest.mark.timeout(600), pytest.mark.django_db]


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Demonstration mode with a data folder of its own, for all tests of this file.

    A Tuesday forenoon: what lies on the desks depends on the hour, and few cases show little at night.
    """
    patch = pytest.MonkeyPatch()
    folder = tmp_path_factory.mktemp("demonstration")
    patch.setattr("django.conf.settings.DEMONSTRATION", True)
    patch.setattr("django.conf.settings.DATA_DIR", folder)
    forenoon = datetime(2026, 11, 17, 10, 30, tzinfo=SHANGHAI)
    with override_settings(MEDIA_ROOT=folder / "media"), time_machine.travel(forenoon):
        yield folder
    patch.undo()


@dataclass(frozen=True)
class Laid:
    """What laying the street left to be asked."""

    organisation: Organisation
    newest: set[int]
    """The cases that stood before the job ran."""


@pytest.fixture(scope="module")
def street(demonstration: Path, django_db_setup: None, django_db_blocker: Any) -> Iterator[Laid]:
    """The core with a small year behind it, laid once for all tests and taken away at the end.

    The job runs as after a worker's death: one batch is written already, the lease has run out.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        began = time.monotonic()
        seeding.seed(sizes=FEW)
        print(f"core of the demonstration street: {time.monotonic() - began:.1f} s")
        organisation = Organisation.objects.get(short_code="SBS")
        newest = set(Complaint.objects.values_list("pk", flat=True))
        job = Job.objects.get(kind=seeding.KIND)
        next(seeding.older_cases(organisation, job.parameters))()
        Job.objects.filter(pk=job.pk).update(
            state=JobState.RUNNING, leased_until=timezone.now() - timedelta(minutes=1)
        )
        assert seeding.run_waiting(in_peace=False) == 1
        # Checked once here; else every test would check the whole street again at its end.
        connection.check_constraints()
        yield Laid(organisation, newest)
        transaction.set_rollback(True)


@pytest.fixture
def laid(street: Laid, django_db_blocker: Any) -> Iterator[Organisation]:
    """The street for one test; what the test changes is taken back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield street.organisation
        transaction.set_rollback(True)


# The article's numbers ------------------------------------------------------------------------


def test_the_street_bears_its_official_name_code_and_both_of_its_parents(
    laid: Organisation,
) -> None:
    assert laid.name == "四宝山街道党工委"
    assert laid.division_code == "370303008000"
    assert laid.management_parent == "淄博高新区"


def test_twelve_urban_and_nineteen_converted_communities_carry_codes_of_the_official_list(
    laid: Organisation,
) -> None:
    communities = Organisation.objects.filter(parent=laid, level=Level.GRAND_COMMITTEE)
    kinds = Counter(communities.values_list("community_kind", flat=True))
    codes = set(communities.values_list("division_code", flat=True))

    assert kinds == {CommunityKind.URBAN: 12, CommunityKind.CONVERTED_VILLAGE: 19}
    assert len(codes) == 31
    assert all(re.fullmatch(r"370303008\d{3}", code) for code in codes)


def test_converted_villages_have_two_levels_only(laid: Organisation) -> None:
    beneath = Organisation.objects.filter(parent__community_kind=CommunityKind.CONVERTED_VILLAGE)
    assert not beneath.exists()


def test_the_grids_are_twelve_and_twelve_and_ninety_six_each_with_its_branch(
    laid: Organisation,
) -> None:
    tiers = Counter(Grid.objects.values_list("tier", flat=True))
    branches = set(Grid.objects.filter(tier=Tier.WORKER).values_list("organisation", flat=True))

    assert tiers == {Tier.COMMITTEE: 12, Tier.COMMUNITY: 12, Tier.WORKER: 96}
    assert len(branches) == 96
    for grid in Grid.objects.filter(tier=Tier.WORKER).select_related("organisation__parent"):
        assert grid.organisation.level == Level.GRID_BRANCH
        assert grid.code[:12] == grid.organisation.parent.division_code
        assert 1 <= int(grid.code[12:]) <= 8


def test_there_are_a_hundred_and_eight_compounds_and_every_building_is_covered(
    laid: Organisation,
) -> None:
    assert ResidentialCompound.objects.count() == 108
    assert Building.objects.count() == 1200
    assert Coverage.objects.current().count() == 1200
    levels = set(Coverage.objects.values_list("organisation__level", flat=True))
    assert levels == {Level.BUILDING_GROUP}


def test_chiefs_assistants_workers_and_members_are_as_many_as_the_article_says(
    laid: Organisation,
) -> None:
    urban = Appointment.objects.on().filter(organisation__community_kind=CommunityKind.URBAN)
    workers = Appointment.objects.on().filter(role__code="grid_worker")

    assert urban.filter(role__code="community_secretary").count() == 12
    assert urban.filter(role__code="assistant_grid_leader").count() == 12
    assert workers.count() == 96
    assert workers.values("organisation").distinct().count() == 96
    assert Person.objects.filter(is_party_member=True).count() == 1160
    # 党员与网格员双重身份: one person, two appointments, one account.
    assert workers.filter(person__is_party_member=True).count() == 48


def test_every_member_belongs_to_a_party_household(laid: Organisation) -> None:
    contacts = Appointment.objects.on().filter(
        role__code="party_member", organisation__level=Level.PARTY_HOUSEHOLD
    )
    assert contacts.values("person").distinct().count() == 1160
    assert Organisation.objects.filter(level=Level.PARTY_HOUSEHOLD).count() == 960


def test_the_worker_grids_cover_their_community_without_a_gap_or_an_overlap(
    laid: Organisation,
) -> None:
    for whole in Grid.objects.filter(tier=Tier.COMMUNITY):
        parts = [shape(part.boundary) for part in whole.parts.all()]
        together = unary_union(parts)
        assert len(parts) == 8
        assert sum(part.area for part in parts) == pytest.approx(together.area, rel=1e-9)
        assert together.symmetric_difference(shape(whole.boundary)).area < 1e-12


def test_every_building_stands_in_the_grid_that_covers_it(laid: Organisation) -> None:
    grids = {
        grid.organisation_id: shape(grid.boundary) for grid in Grid.objects.filter(tier=Tier.WORKER)
    }
    rows = Coverage.objects.select_related("organisation", "building")
    for row in rows:
        point = shape({"type": "Point", "coordinates": [row.building.lng, row.building.lat]})
        assert grids[row.organisation.parent_id].contains(point)


def test_an_address_of_the_street_is_found_where_its_building_group_covers_it(
    laid: Organisation,
) -> None:
    for row in Coverage.objects.select_related("organisation", "building__compound")[::300]:
        place = grid_at(subdistrict=laid, address=f"{row.building}2单元301室")
        assert place.organisation == row.organisation


def test_nobody_is_missing_where_somebody_must_act(laid: Organisation) -> None:
    serving = serving_paths("handle")
    must_act = Organisation.objects.exclude(level=Level.WORKING_COMMITTEE).exclude(
        level__gte=Level.BUILDING_GROUP
    )
    assert [one.name for one in must_act if one.path not in serving] == []


def test_every_default_handler_of_a_category_is_a_unit_of_the_street(laid: Organisation) -> None:
    wanted = set(
        Category.objects.exclude(default_handler="").values_list("default_handler", flat=True)
    )
    units = set(Organisation.objects.filter(level=None).values_list("name", flat=True))
    assert wanted <= units


def test_the_calendar_of_three_years_is_loaded(laid: Organisation) -> None:
    assert {2024, 2025, 2026} <= set(CalendarYear.objects.values_list("year", flat=True))


def test_what_residents_have_founded_is_as_much_as_the_article_says(laid: Organisation) -> None:
    kinds = Counter(CommunityGroup.objects.current().values_list("kind", flat=True))
    assert kinds == {
        GroupKind.OWNERS_COMMITTEE: 41, GroupKind.VOLUNTEER_TEAM: 76, GroupKind.ART_GROUP: 103,
    }  # fmt: skip
    for group in CommunityGroup.objects.select_related("community", "compound"):
        assert group.community.community_kind == CommunityKind.URBAN
        assert group.head is not None
        assert (group.compound is not None) == (group.kind == GroupKind.OWNERS_COMMITTEE)
    compounds = CommunityGroup.objects.exclude(compound=None).values("compound").distinct()
    assert compounds.count() == 41


# Repeatable -----------------------------------------------------------------------------------


def test_a_second_run_changes_nothing_and_says_so(laid: Organisation) -> None:
    before = (Person.objects.count(), Complaint.objects.count(), Step.objects.count())
    password = accounts.demonstration_password()

    outcome = seeding.seed(sizes=FEW)

    assert not outcome.is_new
    assert outcome.sentence == "演示街道已经建好，没有改动。"
    assert (Person.objects.count(), Complaint.objects.count(), Step.objects.count()) == before
    assert accounts.demonstration_password() == password


def test_one_seed_gives_one_year_and_another_seed_another(laid: Organisation) -> None:
    world = read_world(laid)
    chances = calling.chances([one.code for one in world.categories])
    until = timezone.now()
    reserved = cases.reserve(world, 7, 40, until)

    def told(seed: int) -> list[tuple[Any, ...]]:
        year = cases.plan_year(world, seed, 40, until, reserved | years(world, seed, until))
        lives = [cases.invent(world, chances, year, index) for index in range(0, 40, 5)]
        return [
            (life.case.text, life.case.stage, life.case.last_step_hash, life.case.filed_at)
            for life in lives
        ]

    assert told(7) == told(7)
    assert told(7) != told(8)


def years(world: Any, seed: int, until: Any) -> dict[str, Any]:
    """First numbers for whatever years a plan touches."""
    year = world.calendar.local(until).year
    return {"first_numbers": {str(year - 1): 1, str(year): 1}}


# The cases ------------------------------------------------------------------------------------


def test_cases_of_every_open_stage_wait_at_once(laid: Organisation, street: Laid) -> None:
    core = Complaint.objects.open().filter(pk__in=street.newest)
    stages = Counter(core.values_list("stage", flat=True))
    assert set(stages) == set(OPEN_STAGES)
    assert core.filter(due_at__lt=timezone.now()).exists()
    assert core.filter(due_at__gte=timezone.now()).exists()


@pytest.mark.parametrize(
    "username",
    [
        "worker-1-1", "worker-1-2", "worker-2-1", "grid-leader", "branch", "secretary-1",
        "secretary-2", "assistant-1", "squad-desk", "property-desk",
    ],
)  # fmt: skip
def test_who_handles_has_fresh_work_something_due_today_and_something_late(
    laid: Organisation, username: str
) -> None:
    waiting = waiting_for(User.objects.get(username=username))
    now = timezone.now()
    tonight = timezone.localtime(now).replace(hour=23, minute=59, second=59, microsecond=999999)
    assert waiting.filter(stage=Stage.PENDING_SIGN).exists()
    assert waiting.filter(due_at__gte=now, due_at__lte=tonight).exists()
    assert waiting.filter(due_at__lt=now).exists()


def test_clerks_and_secretaries_have_something_on_every_desk(laid: Organisation) -> None:
    def stages_of(username: str) -> set[str]:
        waiting = waiting_for(User.objects.get(username=username))
        return set(waiting.values_list("stage", flat=True))

    for username in ("clerk", "clerk-2", "callback"):
        assert stages_of(username) >= {
            Stage.PENDING_ACCEPTANCE, Stage.PENDING_DISPATCH, Stage.PENDING_REVIEW,
            Stage.PENDING_CALLBACK,
        }  # fmt: skip
    assert stages_of("secretary-1") >= {Stage.PENDING_REVIEW, Stage.PENDING_DISPATCH}
    assert Complaint.objects.open().filter(is_confidential=True).count() == 1


def test_cases_have_climbed_to_every_level_and_second_rounds_run(laid: Organisation) -> None:
    climbed = Complaint.objects.open().filter(main_unit__level=Level.GRID_BRANCH)
    levels = set(climbed.values_list("holder__level", flat=True))
    assert levels >= {Level.WORKING_COMMITTEE, Level.GRAND_COMMITTEE, Level.GRID_BRANCH}
    assert Complaint.objects.filter(round__gte=2).exists()


def test_requests_links_leave_and_results_are_there_to_be_looked_at(laid: Organisation) -> None:
    kinds = set(CaseRequest.objects.values_list("kind", "state"))
    assert kinds >= {
        ("extension", "pending"), ("return", "pending"), ("out_of_duty", "pending"),
        ("suspension", "granted"), ("out_of_duty", "granted"),
    }  # fmt: skip
    assert Complaint.objects.filter(leaves_rates=True).exclude(satisfaction="").exists()
    assert SupervisionSlip.objects.unanswered().exists()
    said = Callback.objects.filter(outcome=CallbackOutcome.LINK)
    assert set(said.values_list("satisfaction", flat=True)) == {
        Satisfaction.SATISFIED, Satisfaction.BASICALLY, Satisfaction.DISSATISFIED,
    }  # fmt: skip
    assert Leave.objects.filter(started_on__lte=timezone.localdate()).count() == 1
    stages = Counter(Publication.objects.values_list("stage", flat=True))
    assert stages["released"] >= 4
    assert sum(stages.values()) - stages["released"] == doors.WAITING_FOR_RELEASE


def test_the_board_of_a_demonstration_grid_opens_the_door_of_residents(
    laid: Organisation, client: Client
) -> None:
    code = PlaceCode.objects.exclude(building=None).select_related("building").first()
    page = client.get(f"/r/{code.code}/")
    assert page.status_code == 200
    assert str(code.building) in page.content.decode()
    assert PlaceCode.objects.filter(grid__tier=Tier.WORKER).count() == 3 + FEW.boards


def test_the_account_of_a_worker_can_go_on_with_what_lies_on_the_phone(laid: Organisation) -> None:
    user = User.objects.get(username="worker-1-1")
    branch = Appointment.objects.on().get(person=user.person, role__code="grid_worker").organisation
    mine = Complaint.objects.visible_to(user, "handle").filter(stage=Stage.PENDING_SIGN)
    case = mine.filter(holder=branch).order_by("-id").first()
    assert case is not None

    handling.sign(case.pk, by=user)

    case.refresh_from_db()
    assert case.stage == Stage.HANDLING


def test_every_history_holds_and_ends_where_its_case_stands(laid: Organisation) -> None:
    for case in Complaint.objects.order_by("id"):
        steps = list(case.steps.order_by("number"))
        assert first_broken_step(case) is None
        assert [step.number for step in steps] == list(range(1, len(steps) + 1))
        assert (steps[-1].stage_after, steps[-1].holder_after_id) == (case.stage, case.holder_id)
        assert all(one.at <= two.at for one, two in pairwise(steps))
    assert first_broken_entry() is None


def test_the_promises_of_the_house_hold_of_the_invented_year(laid: Organisation) -> None:
    """`manage.py selfcheck` without an excuse: what people were told lies in their inboxes, too."""
    assert [(found.code, found.breaches) for found in check() if not found.holds] == []
    told = Reminder.objects.filter(complaint__subdistrict=laid, told_count__gt=1).first()
    assert told is not None
    lines = Notice.objects.filter(key=f"remind:{told.pk}")
    assert lines.count() == told.told_count
    assert {line.created_at for line in lines} == {told.sent_at}


def test_an_altered_note_breaks_the_history_of_an_invented_case(laid: Organisation) -> None:
    case = Complaint.objects.filter(step_count__gte=5).order_by("id").first()
    assert case is not None
    step = case.steps.exclude(note="").first()
    Step.objects.filter(pk=step.pk).update(note="被改过")

    assert first_broken_step(case) == step.number


def test_lists_stay_in_order_of_time_although_the_older_cases_are_written_later(
    laid: Organisation,
) -> None:
    filed = list(Complaint.objects.order_by("id").values_list("filed_at", "number"))
    assert [at for at, _ in filed] == sorted(at for at, _ in filed)
    assert len({number for _, number in filed}) == len(filed)
    assert [number for _, number in filed] == sorted(number for _, number in filed)


def test_the_year_looks_like_life_and_not_like_a_newspaper(laid: Organisation) -> None:
    signed = Assignment.objects.exclude(signed_at=None)
    late = [row for row in signed if row.signed_at > row.sign_due_at]
    verbs = Counter(Step.objects.values_list("verb", flat=True))

    assert 0.03 < len(late) / len(signed) < 0.4
    for verb in ("rework", "hand_on", "escalate", "call_back", "remind", "send_back", "urge"):
        assert verbs[verb] > 0, verb
    answered = Complaint.objects.exclude(first_finished_at=None)
    on_time = [case for case in answered if case.first_finished_at <= case.original_due_at]
    assert 0.85 < len(on_time) / len(answered) < 0.98
    asked = Complaint.objects.exclude(satisfaction="").values_list("satisfaction", flat=True)
    pleased = [one for one in asked if one in SATISFIED]
    assert 0.9 < len(pleased) / len(asked) < 0.99


def test_an_open_invented_case_waits_for_the_sweep_and_nothing_of_its_past_does(
    laid: Organisation,
) -> None:
    parameters = Job.objects.get(kind=seeding.KIND).parameters
    last = parameters["first_id"] + parameters["cases"]
    case = Complaint.objects.filter(pk__lt=last, stage=Stage.HANDLING).order_by("-id").first()
    assert case is not None
    waiting = Todo.objects.filter(subject_id=case.pk, done_at=None)

    assert waiting.exists()
    assert all(row.due_at.isoformat() > parameters["until"][:19] for row in waiting)


def test_no_case_was_answered_reviewed_and_asked_by_fewer_than_three_people(
    laid: Organisation,
) -> None:
    for case in Complaint.objects.filter(callbacks__isnull=False).distinct():
        for callback in case.callbacks.all():
            involved = set()
            for answer in case.replies.filter(round=callback.round, is_approved=True):
                assert answer.by_id != answer.reviewed_by_id
                involved |= {answer.by_id, answer.reviewed_by_id}
            assert callback.by_id not in involved


# The photos -----------------------------------------------------------------------------------


def test_cases_that_can_be_seen_carry_small_photos_taken_when_it_happened(
    laid: Organisation,
) -> None:
    shown = list(Photo.objects.select_related("complaint"))
    assert len(shown) > 15
    assert len({photo.checksum for photo in shown}) == len(shown)
    for photo in shown:
        assert photo.file.size <= 40 * 1024
        assert photo.complaint.filed_at <= photo.at <= timezone.now()
        assert not photo.complaint.is_confidential
        assert photos.scene_of(photo.complaint)


def test_a_solved_case_is_shown_before_and_after(laid: Organisation) -> None:
    twice = Complaint.objects.annotate(count=Count("photos")).filter(count=2)
    assert twice.exists()
    for case in twice:
        before, after = case.photos.order_by("at")
        answers = case.replies.filter(by=after.by, result_kind=ResultKind.SOLVED)
        assert after.group == PhotoGroup.HANDLING
        assert before.at < after.at <= answers.first().at


def test_photos_are_laid_only_once(laid: Organisation) -> None:
    before = Photo.objects.count()
    photos.lay(Complaint.objects.values_list("pk", flat=True), seed=seeding.SEED, is_recent=True)
    assert Photo.objects.count() == before


@pytest.mark.parametrize("scene", scenes.SCENES)
def test_every_scene_is_drawn_before_and_after(scene: str) -> None:
    at = datetime(2026, 11, 20, 9, 14)
    before, after = (scenes.draw(scene, "3", after=after, at=at) for after in (False, True))
    assert before.size == after.size == (640, 480)
    assert before.tobytes() != after.tobytes()


def test_every_scene_is_told_of_by_somebody() -> None:
    told = [text for one in wording.phrases().values() for text in one.told]
    seen = Counter(photos.scene_of(Complaint(text=text)) for text in told)
    assert {scene for scene in seen if scene} == set(scenes.SCENES)


# The residents --------------------------------------------------------------------------------


def test_the_job_fills_the_buildings_and_every_home_is_in_reach(laid: Organisation) -> None:
    job = Job.objects.get(kind=seeding.KIND)
    buildings = list(Building.objects.order_by("id")[: FEW.buildings])
    rooms = sum(one.unit_count * one.floor_count * 2 for one in buildings)

    assert (job.state, job.failure) == (JobState.DONE, "")
    assert job.done_count == job.total_count > 0
    assert Dwelling.objects.count() == rooms
    assert Complaint.objects.count() > FEW.cases
    heads = PersonHouse.objects.filter(is_head=True).count()
    assert heads == Household.objects.count()
    covers = dict(Coverage.objects.values_list("building", "organisation"))
    for home in PersonHouse.objects.select_related("person", "dwelling"):
        assert home.person.home_organisation_id == covers[home.dwelling.building_id]


def test_a_job_whose_worker_died_was_taken_up_where_it_stood(
    laid: Organisation, street: Laid
) -> None:
    parameters = Job.objects.get(kind=seeding.KIND).parameters
    first = parameters["first_id"]
    of_the_year = Complaint.objects.filter(pk__gte=first, pk__lt=first + FEW.cases)

    assert of_the_year.count() == FEW.cases
    assert Complaint.objects.count() == FEW.cases + len(street.newest) - seeding.CASES_IN_CORE
    assert list(seeding.older_cases(laid, parameters)) == []


def test_the_stored_days_hold_what_all_their_cases_say(laid: Organisation) -> None:
    days = DayFigure.objects.filter(organisation=laid).order_by("-day")
    stored = {row.day: [getattr(row, name) for name in counts.KEPT] for row in days}
    assert len(stored) == FEW.days and any(sum(row) for row in stored.values())
    for day, row in stored.items():
        counts.store_day(day)
        fresh = days.get(day=day)
        assert [getattr(fresh, name) for name in counts.KEPT] == row, day


# Committed as in a real house: checking 160,000 people's references at one end takes minutes.
@pytest.mark.full
@pytest.mark.timeout(3600)
def test_the_whole_street_has_a_hundred_and_sixty_thousand_people_and_a_year_of_cases(
    demonstration: Path, transactional_db: None
) -> None:
    began = time.monotonic()
    seeding.seed()
    core = time.monotonic() - began
    seeding.run_waiting(in_peace=False)
    print(f"core {core:.1f} s, whole {time.monotonic() - began:.1f} s")

    living = PersonHouse.objects.current().filter(is_living=True).count()
    assert 160_000 <= living < 170_000
    assert 58_000 <= Household.objects.count() <= 62_000
    assert Household.objects.exclude(party_household=None).count() > 900
    assert Complaint.objects.count() >= seeding.CASES
    for case in Complaint.objects.order_by("id")[::100]:
        assert first_broken_step(case) is None


# Nobody is real -------------------------------------------------------------------------------


def test_every_telephone_number_lies_in_the_block_that_nobody_was_given(
    laid: Organisation,
) -> None:
    phones = PersonSecret.objects.filter(kind="phone")
    assert phones.exists()
    for secret in phones:
        assert unseal(secret.sealed, "phone").startswith("154")
    masked = Complaint.objects.exclude(caller__phone_masked="")
    assert all(
        one.startswith("154") for one in masked.values_list("caller__phone_masked", flat=True)
    )


def test_every_identity_number_carries_the_area_that_does_not_exist(laid: Organisation) -> None:
    numbers = [
        unseal(secret.sealed, "id_number")
        for secret in PersonSecret.objects.filter(kind="id_number")
    ]
    assert len(numbers) == len(set(numbers)) > 1160
    assert all(number.startswith(DEMONSTRATION_AREA) for number in numbers)


def test_no_text_of_a_complaint_names_a_number_or_an_address_outside(laid: Organisation) -> None:
    for text in Complaint.objects.values_list("text", flat=True):
        assert not re.search(r"1[3-9]\d{9}|\d{17}[\dXx]|\d{3,4}-\d{7,8}|https?:|鲁[A-Z]", text)
        assert "{" not in text


def test_every_leaf_of_the_category_tree_is_spoken_of_in_six_ways(laid: Organisation) -> None:
    leaves = set(Category.objects.filter(is_leaf=True).values_list("code", flat=True))
    known = wording.phrases()
    assert set(known) == leaves
    told = [text for one in known.values() for text in one.told]
    assert len(told) == len(set(told)) == 6 * len(leaves)
    assert {(len(one.subject), len(one.done)) for one in known.values()} == {(2, 3)}


def test_what_people_say_hardly_ever_repeats_itself(laid: Organisation) -> None:
    recent = Complaint.objects.order_by("-id")[:180]
    texts = Counter(case.text for case in recent)
    titles = Counter(case.title for case in recent)
    answers = Counter(Reply.objects.values_list("public_text", flat=True))

    assert max(texts.values()) <= 2
    assert max(titles.values()) <= 3
    assert max(answers.values()) <= 2
    assert len(texts) > 0.95 * len(recent)


def test_nobody_speaks_of_an_hour_that_has_not_come(laid: Organisation) -> None:
    midnight = datetime(2026, 7, 1, 0, 30)
    scene = wording.Scene("春晖家园3号楼", "春晖家园", "学府街", midnight)
    chance = Random(1)
    for code in wording.phrases():
        for _time in range(20):
            text = wording.complaint_text(chance, code, Source.QR, scene)
            assert not re.search(r"今天(早上|上午|中午|下午)|刚才|今晚", text), text


def test_heating_is_a_matter_of_winter_and_noise_of_summer() -> None:
    chances = calling.chances(list(wording.phrases()))

    def share(month: int, code: str) -> float:
        sums = chances.by_month[month - 1]
        at = chances.codes.index(code)
        return (sums[at] - (sums[at - 1] if at else 0)) / sums[-1]

    assert share(7, "030401") == 0 < share(11, "030401") < share(12, "030401")
    assert share(7, "060101") > 2 * share(1, "060101")
    assert share(7, "030101") > 2 * share(4, "030101")


# The accounts ---------------------------------------------------------------------------------


def test_there_is_an_account_for_every_role_that_signs_in(laid: Organisation) -> None:
    shown = accounts.demonstration_accounts()
    roles = {
        code
        for codes in Appointment.objects.on()
        .filter(person__user__username__in=[one.username for one in shown])
        .values_list("role__code", flat=True)
        for code in [codes]
    }
    assert [one.username for one in shown] == list(accounts.USERNAMES)
    assert roles >= {
        "system_admin", "security_admin", "audit_admin", "subdistrict_leader", "hotline_clerk",
        "community_affairs_office", "party_office", "governance_office", "civil_affairs",
        "department_user", "community_secretary", "assistant_grid_leader", "grid_leader",
        "grid_worker", "branch_secretary", "group_leader", "party_member", "discipline_reader",
        "auditor_readonly", "committee_secretary", "linked_leader",
    }  # fmt: skip


def test_every_account_is_led_through_the_door_that_the_list_names(laid: Organisation) -> None:
    """Most officials are party members, too, who look after a household on the phone."""
    addresses = {"工作台": "/admin/", "手机端": "/m/", "领导看板": "/board/"}
    shown = accounts.demonstration_accounts()
    led = {}
    for one in shown:
        client = Client()
        client.force_login(User.objects.get(username=one.username))
        led[one.username] = client.get("/").headers["Location"]
    assert led == {one.username: addresses[one.door] for one in shown}
    leaders = [led[username] for username in ("leader", "committee-secretary", "linked-1")]
    assert leaders == ["/board/"] * 3


def test_whoever_the_reminder_rules_name_serves_somewhere_on_the_street(
    laid: Organisation,
) -> None:
    named = {
        word.partition("@")[0]
        for row in ReminderRule.objects.filter(is_enabled=True)
        for word in row.audience
        if "@" in word
    }
    held = set(Appointment.objects.on().values_list("role__code", flat=True))
    linked = Appointment.objects.on().filter(role__code="linked_leader")

    assert named >= {"linked_leader", "committee_secretary"} and named <= held
    assert len(linked) == len({post.organisation_id for post in linked}) == 31
    assert {post.organisation.level for post in linked} == {Level.GRAND_COMMITTEE}
    assert len({post.person_id for post in linked}) == 6
    first = Appointment.objects.on().get(role__code="committee_secretary")
    assert first.organisation == laid


def test_the_password_opens_the_listed_accounts_and_no_other(laid: Organisation) -> None:
    password = accounts.demonstration_password()
    for username in ("clerk", "worker-2-1", "leader"):
        assert User.objects.get(username=username).check_password(password)
    other = User.objects.get(username="worker-12-8")
    assert other.is_active
    assert not other.has_usable_password()


def test_the_password_lies_in_a_file_that_only_its_owner_reads(
    laid: Organisation, demonstration: Path
) -> None:
    file = demonstration / "demonstration.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert json.loads(file.read_text())["password"] == accounts.demonstration_password()


def test_the_sign_in_page_lists_the_accounts_in_demonstration_mode_only(
    laid: Organisation, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = client.get("/accounts/login/").content.decode()
    assert accounts.demonstration_password() in page
    assert "worker-1-1" in page

    monkeypatch.setattr("django.conf.settings.DEMONSTRATION", False)
    page = client.get("/accounts/login/").content.decode()
    assert "worker-1-1" not in page
    assert "演示账号" not in page


def test_the_command_prints_who_may_sign_in(laid: Organisation) -> None:
    out = StringIO()
    call_command("seed_demo", "--accounts", stdout=out)

    assert accounts.demonstration_password() in out.getvalue()
    assert "网格员" in out.getvalue()
    assert f"/r/{doors.board_to_try().code}/" in out.getvalue()


def test_outside_demonstration_mode_the_command_refuses(
    laid: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.conf.settings.DEMONSTRATION", False)
    with pytest.raises(CommandError, match="演示环境"):
        call_command("seed_demo")


def test_production_refuses_to_start_as_a_demonstration(tmp_path: Path) -> None:
    environment = {
        "PATH": "/usr/bin:/bin",
        "PORTAL_DATA": str(tmp_path),
        "PORTAL_SECRET_KEY": "x" * 60,
        "PORTAL_SEAL_KEYS": "k1:" + "11" * 32,
        "PORTAL_DIGEST_KEY": "22" * 32,
        "PORTAL_HOSTS": "portal.example",
        "PORTAL_DATABASE_URL": "postgresql://portal@/portal",
        "PORTAL_BROKER_URL": "redis://localhost",
        "PORTAL_PRODUCTION": "yes",
    }
    command = [sys.executable, "-c", "import portal.settings"]
    plain = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert plain.returncode == 0, plain.stderr

    shown = subprocess.run(
        command,
        cwd=ROOT,
        env=environment | {"PORTAL_DEMONSTRATION": "yes"},
        capture_output=True,
        text=True,
    )
    assert shown.returncode != 0
    assert "PORTAL_DEMONSTRATION" in shown.stderr
