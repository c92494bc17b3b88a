"""A year of invented complaints, written in batches: fast, and with every chain of history whole."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.core.management.color import no_style
from django.db import connection
from django.db.models import F

from complaints.choices import CITY_SOURCES, LimitUnit, Source, Stage, Urgency
from complaints.models import (
    Assignment,
    Callback,
    Caller,
    Complaint,
    Contact,
    Instruction,
    IssuedCard,
    Reminder,
    Reply,
    Step,
)
from complaints.services import clock
from complaints.services.filing import Draft, build_caller
from complaints.services.reminding import inbox_line
from complaints.services.steps import apply
from governance import worktime
from governance.models import Notice, Todo, User
from governance.services import audit, numbers
from governance.services.notices import same_line
from portal.demonstration import calling, names, wording
from portal.demonstration.life import AT_WORK, SWEPT_AFTER, Life
from portal.demonstration.story import live, promise
from portal.demonstration.wording import Scene
from portal.demonstration.world import Spot, World

BATCH = 500
CALLERS = 9_000
# Callers have numbers of their own, far from those of the registered residents.
FIRST_CALLER_PHONE = 5_000_000
# What somebody was told of an open matter within the last day may still wait to be read.
STAYS_UNREAD, READ_AFTER = timedelta(days=1), timedelta(minutes=25)
FROM_A_VILLAGE, UNPLACED, KNOTTY = 0.08, 0.02, 0.03
WITHOUT_PHONE, SECRET = 0.06, 0.04
VILLAGE_STREETS = ("北街", "南街", "东街", "西街", "中心路")


@dataclass(frozen=True)
class Year:
    """Which cases there are to be: when each was raised, with its id and number."""

    seed: int
    until: datetime
    moments: Sequence[datetime]
    case_numbers: Sequence[str]
    first_id: int


def plan_year(
    world: World, seed: int, count: int, until: datetime, reserved: dict[str, Any]
) -> Year:
    """The moments of `count` cases and their numbers, from what `reserve` has set aside."""
    chance = Random(f"{seed}:year")
    moments = calling.moments(chance, count, until, world.calendar)
    next_numbers = {int(year): first for year, first in reserved["first_numbers"].items()}
    case_numbers = []
    for at in moments:
        year = world.calendar.local(at).year
        case_numbers.append(f"{world.street.short_code}-{year}-{next_numbers[year]:06d}")
        next_numbers[year] += 1
    return Year(seed, until, moments, case_numbers, reserved["first_id"])


def reserve(world: World, seed: int, count: int, until: datetime) -> dict[str, Any]:
    """Set aside ids and numbers for all cases of the year, so that lists stay in order of time.

    The older ones are written later, in the background, by the numbers kept for them here.
    """
    chance = Random(f"{seed}:year")
    moments = calling.moments(chance, count, until, world.calendar)
    per_year: dict[int, int] = {}
    for at in moments:
        year = world.calendar.local(at).year
        per_year[year] = per_year.get(year, 0) + 1
    last = Complaint.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    first_numbers = {
        str(year): numbers.take(f"complaint:{world.street.pk}:{year}", of_year)
        for year, of_year in per_year.items()
    }
    kept = [
        [f"complaint:{world.street.pk}:{year}", first_numbers[str(year)], of_year]
        for year, of_year in per_year.items()
    ]
    return {"first_id": last + 1, "first_numbers": first_numbers, "kept_numbers": kept}


def move_sequence() -> None:
    """Let the database continue after the ids given by hand (SQLite does so by itself)."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [Complaint]):
            cursor.execute(statement)


# One case -------------------------------------------------------------------------------------


def invent(world: World, chances: calling.Chances, year: Year, index: int) -> Life:
    """The whole life of one case of the year; the same each time, whatever came before."""
    chance = Random(f"{year.seed}:case:{index}")
    at = year.moments[index]
    month = world.calendar.local(at).month
    code = chances.code(chance, month)
    category = next(one for one in world.categories if one.code == code)
    source = calling.source(chance)
    case = Complaint(
        pk=year.first_id + index,
        number=year.case_numbers[index],
        subdistrict=world.street,
        source=source,
        category=category,
        urgency=category.urgency,
        stage=Stage.PENDING_ACCEPTANCE,
        is_confidential=category.is_confidential,
        filed_at=at,
    )
    life = Life(world, case, chance, year.until)
    scene = life.scene = place(life)
    case.title = wording.title(chance, code, scene)[:120]
    case.text = wording.complaint_text(chance, code, source, scene)
    filed_by = filer(life, source)
    case.filed_by = filed_by
    if source in CITY_SOURCES:
        from_the_city(life, source, index)
    life.caller = caller(life)
    live(life, source, filed_by, is_knotty=chance.random() < KNOTTY)
    return life


def place(life: Life) -> Scene:
    """Where the matter lies: mostly at a building, sometimes in a village, sometimes unknown."""
    world, case, chance = life.world, life.case, life.chance
    road = chance.choice(names.ROADS)
    at = world.calendar.local(case.filed_at)
    if chance.random() < FROM_A_VILLAGE and world.villages:
        village = chance.choice(world.villages)
        lane = f"{chance.choice(VILLAGE_STREETS)}{chance.randint(1, 60)}号"
        apply(case, {"place": village, "holder": world.street})
        case.address = f"{village.short_name}{lane}"
        return Scene(case.address, village.short_name, road, at)
    spot = chance.choice(world.spots)
    scene = scene_at(spot, chance, road, at)
    if chance.random() < UNPLACED:
        apply(case, {"place": None, "holder": world.street})
        case.address, case.hint = scene.compound, "地址不明确，请核对后派单"
        return scene
    apply(case, {"place": spot.group, "holder": world.street})
    case.address, case.building = scene.where, spot.building
    case.compound = spot.building.compound
    if spot.building.lng is not None and spot.building.lat is not None:
        case.lng = round(spot.building.lng + chance.uniform(-3e-4, 3e-4), 6)
        case.lat = round(spot.building.lat + chance.uniform(-2e-4, 2e-4), 6)
    return scene


def scene_at(spot: Spot, chance: Random, road: str, at: datetime) -> Scene:
    """春晖家园3号楼, or a unit of it."""
    where = str(spot.building)
    if chance.random() < 0.4:
        where += f"{chance.randint(1, spot.building.unit_count)}单元"
    return Scene(where, spot.building.compound.name, road, at)


def filer(life: Life, source: str) -> User | None:
    """Who typed it in: a clerk, the worker on patrol, or the resident alone."""
    world, chance = life.world, life.chance
    if source in (Source.WEB, Source.QR):
        return None
    if source == Source.PATROL and life.case.place is not None:
        people = world.handlers.get(life.case.place_path[:18]) or world.clerks
        return people[0]
    return chance.choice(world.clerks[:2])


def from_the_city(life: Life, source: str, index: int) -> None:
    """A city order: its own number, its own deadline, and two workdays to give it back."""
    case, chance, calendar = life.case, life.chance, life.world.calendar
    case.happened_at = case.filed_at - timedelta(seconds=chance.randint(60, 1500))
    local = calendar.local(case.happened_at)
    case.source_number = f"{local:%y%m%d%H%M%S}{index % 1_000_000:06d}"
    days = life.world.rules.case.source_return_workdays
    returned = worktime.add(case.happened_at, days, LimitUnit.WORKDAYS, calendar)
    case.source_return_due_at = returned.at
    if source != Source.HOTLINE:
        return
    due_at = None
    if chance.random() < 0.8:
        fast = case.urgency in (Urgency.CRITICAL, Urgency.URGENT)
        due_at = worktime.add(case.happened_at, 1 if fast else 5, LimitUnit.WORKDAYS, calendar).at
    case.stage = Stage.PENDING_DISPATCH
    apply(case, promise(life, case.happened_at, due_at))
    case.due_at = case.case_due_at


def caller(life: Life) -> Caller:
    """Who called; the same people call again and again."""
    chance = life.chance
    number = chance.randrange(CALLERS)
    person = Random(f"caller:{number}")
    gender = names.gender_of(person)
    name = names.name_of(person, gender)
    if chance.random() < 0.5:
        name = name[0] + ("先生" if gender == "male" else "女士")
    has_phone = chance.random() >= WITHOUT_PHONE
    draft = Draft(
        source=life.case.source,
        text="",
        caller_name=name,
        caller_phone=names.phone_of(FIRST_CALLER_PHONE + number) if has_phone else "",
        is_secret_caller=chance.random() < SECRET,
    )
    return build_caller(life.case, draft)


# Writing --------------------------------------------------------------------------------------


@audit.deed()
def write(lives: Sequence[Life]) -> None:
    """Save a batch of lives and plan what the house still has to do for the open ones."""
    Complaint.objects.bulk_create([life.case for life in lives], BATCH)
    Caller.objects.bulk_create([life.caller for life in lives if life.caller], BATCH)
    Assignment.objects.bulk_create([row for life in lives for row in life.assignments], BATCH)
    Step.objects.bulk_create([row for life in lives for row in life.steps], BATCH)
    Contact.objects.bulk_create([row for life in lives for row in life.contacts], BATCH)
    Reply.objects.bulk_create([row for life in lives for row in life.replies], BATCH)
    Callback.objects.bulk_create([row for life in lives for row in life.callbacks], BATCH)
    Reminder.objects.bulk_create([row for life in lives for row in life.reminders], BATCH)
    Notice.objects.bulk_create([line for life in lives for line in told_by(life)], BATCH)
    IssuedCard.objects.bulk_create([row for life in lives for row in life.cards], BATCH)
    Instruction.objects.bulk_create([row for life in lives for row in life.instructions], BATCH)
    for life in lives:
        plan_what_follows(life)
    done = [life.case.pk for life in lives]
    # What was due before the present has happened already, at its moment, as part of the life.
    Todo.objects.filter(subject_id__in=done, kind__startswith="complaints.").filter(
        due_at__lte=lives[0].until
    ).update(done_at=F("due_at") + SWEPT_AFTER)
    audit.record("invent_complaints", by=None, subject="complaint:", detail={"count": len(done)})


def told_by(life: Life) -> Iterator[Notice]:
    """A line in each inbox for each reminder, as `reminding.strike` puts it there; old ones read."""
    for row, (rule, people) in zip(life.reminders, life.told, strict=True):
        for line in same_line(people, **inbox_line(life.case, rule, row)):
            line.created_at = row.sent_at
            if not life.case.is_open or row.sent_at < life.until - STAYS_UNREAD:
                line.read_at = row.sent_at + READ_AFTER
            yield line


def plan_what_follows(life: Life) -> None:
    """Reminders and boxes of cases at work, archiving of closed ones, silence of those asked."""
    case, world = life.case, life.world
    if case.stage in AT_WORK and life.current:
        clock.plan_dispatch(case, life.current, world.rules, world.calendar)
    elif case.stage == Stage.CLOSED and case.closed_at:
        days = world.rules.case.archive_days
        clock.plan(clock.ARCHIVE, case, clock.days_later(case.closed_at, days))
    elif case.stage == Stage.PENDING_SUPPLEMENT:
        days = world.rules.case.supplement_workdays
        silent = worktime.add(life.at, days, LimitUnit.WORKDAYS, world.calendar)
        clock.plan(clock.SILENT, case, silent.at)
