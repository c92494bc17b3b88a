"""Laying the street: the core at once, residents and a year of complaints as a job."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from django.core.management import call_command
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.models import Complaint, DayFigure
from complaints.services import counts
from governance.models import Job, Organisation, RightsOfOneRequest
from governance.planner import tell_the_planner
from governance.services import audit, jobs
from portal.demonstration import (
    accounts,
    calling,
    cases,
    doors,
    groups,
    live,
    members,
    people,
    photos,
)
from portal.demonstration.street import SHORT_CODE, lay_street
from portal.demonstration.world import World, read_world

SEED = 20260101
CASES = 11_000
# The youngest cases of the year belong to the core: about four days, and what they left open.
CASES_IN_CORE = 120
CASES_IN_A_BATCH = 25
# Photos are drawn for the youngest cases; of the older ones only a few have kept theirs.
CASES_WITH_PHOTOS, PHOTO_CASES_IN_A_BATCH = 1_000, 40
KIND = "demonstration"
# The leader's trend shows these days; what was answered in them was raised in so many.
DAYS_OF_THE_TREND, DAYS_BEHIND_THE_TREND = 30, 75
# Between two batches the job rests half as long as the batch took, so that others get their turn.
REST_SHARE, LONGEST_REST = 0.5, 0.5


@dataclass(frozen=True)
class Sizes:
    """How much is invented: complaints, buildings with residents, days with figures, wall boards."""

    cases: int = CASES
    buildings: int | None = None
    days: int = calling.DAYS
    boards: int | None = None


@dataclass(frozen=True)
class Outcome:
    """What seeding did, in one sentence."""

    is_new: bool
    sentence: str


def seed(number: int = SEED, sizes: Sizes | None = None) -> Outcome:
    """Lay the core of the street and put the rest in line; a street that stands is left alone.

    The same number gives the same street. One transaction: it stands whole or not at all.
    """
    sizes = sizes or Sizes()
    if Organisation.objects.filter(short_code=SHORT_CODE).exists():
        if not accounts.demonstration_password():
            accounts.set_password()
            return Outcome(False, _("演示街道已经建好，没有改动；演示账号换了新密码。"))
        return Outcome(False, _("演示街道已经建好，没有改动。"))
    with audit.deed():
        lay_core(number, sizes)
        tell_the_planner()
    accounts.set_password()
    return Outcome(True, _("演示街道已建好；居民与一年的诉求正在后台生成。"))


def lay_core(number: int, sizes: Sizes) -> None:
    """Default rows, organisations, ground, people with posts, accounts, first cases, the job."""
    call_command("load_defaults", verbosity=0, stdout=Silence())
    street = lay_street(Random(f"{number}:street"))
    staff = members.settle(street, Random(f"{number}:members"), timezone.localdate())
    members.appoint_officials(street, staff)
    groups.found_groups(street, staff, Random(f"{number}:groups"))
    world = read_world(street.organisation)
    until = timezone.now()
    parameters = {
        "seed": number,
        "cases": sizes.cases,
        "buildings": sizes.buildings,
        "days": sizes.days,
        "boards": sizes.boards,
        "until": until.astimezone(UTC).isoformat(),
        **cases.reserve(world, number, sizes.cases, until),
    }
    year = year_of(world, parameters)
    chances = calling.chances([one.code for one in world.categories])
    youngest = range(max(0, sizes.cases - CASES_IN_CORE), sizes.cases)
    if youngest:
        write_cases(world, chances, year, youngest)
        cases.move_sequence()
    # Nobody's rights change within this hour; asking once for each person saves a second.
    with RightsOfOneRequest():
        desk = live.desk_of(world, Random(f"{number}:today"))
        live.open_the_day(desk)
        doors.open_doors(desk)
    jobs.start(
        KIND,
        title=_("演示街道：居民与一年的诉求"),
        organisation=street.organisation,
        by=None,
        parameters=parameters,
    )


class Silence:
    """Swallows what a command would print."""

    def write(self, text: str = "") -> None:
        """Nothing."""


def year_of(world: World, parameters: dict[str, Any]) -> cases.Year:
    """The plan of the year, from the parameters of the job."""
    until = datetime.fromisoformat(parameters["until"])
    return cases.plan_year(world, parameters["seed"], parameters["cases"], until, parameters)


# The job --------------------------------------------------------------------------------------


def run_waiting(*, in_peace: bool = True) -> int:
    """Do the jobs of the demonstration that wait; how many.

    `in_peace` leaves pauses for those who use the portal meanwhile. A job whose worker died is
    taken up where it stood: every batch is one transaction and knows whether it was done.
    """
    return jobs.run_waiting({KIND: lambda job: work(job, in_peace=in_peace)})


def work(job: Job, *, in_peace: bool) -> None:
    """The year of complaints, youngest first, with the figures of its days; then the residents.

    The first month is counted as soon as its cases are there, for the leader to look at, and once
    more with all the others: a case that lay open for long is written late.
    """
    street = Organisation.objects.get(pk=job.organisation_id)
    parameters = job.parameters
    today = timezone.localdate(datetime.fromisoformat(parameters["until"]))
    older = list(older_cases(street, parameters))
    empty = people.empty_buildings(street, parameters["buildings"])
    days = missing_days(street, today, parameters["days"])
    early = len(older) * DAYS_BEHIND_THE_TREND // calling.DAYS
    drawn = pictures(street, parameters)
    batches = [
        *drawn[:1],
        lambda: doors.publish(street, parameters["seed"]),
        *boards(street, parameters["boards"]),
        *older[:early],
        *days[:DAYS_OF_THE_TREND],
        *older[early:],
        *days,
        *drawn[1:],
        *homes(street, empty, parameters, today),
    ]
    total = len(batches)
    for done, batch in enumerate(batches, 1):
        began = time.monotonic()
        batch()
        jobs.progress(job, done, total)
        if in_peace:
            time.sleep(min((time.monotonic() - began) * REST_SHARE, LONGEST_REST))
    tell_the_planner()


def older_cases(street: Organisation, parameters: dict[str, Any]) -> Iterator[Callable[[], None]]:
    """One piece of work for each batch of cases that is not written yet, youngest first."""
    world = read_world(street)
    year = year_of(world, parameters)
    chances = calling.chances([one.code for one in world.categories])
    first_id, end = parameters["first_id"], parameters["cases"] - CASES_IN_CORE
    known = set(
        Complaint.objects.filter(pk__gte=first_id, pk__lt=first_id + max(end, 0)).values_list(
            "pk", flat=True
        )
    )
    for last in range(end, 0, -CASES_IN_A_BATCH):
        first = max(last - CASES_IN_A_BATCH, 0)
        if first_id + first not in known:
            yield partial(write_cases, world, chances, year, range(first, last))


def write_cases(world: World, chances: calling.Chances, year: cases.Year, indexes: range) -> None:
    """Invent and write these cases of the year."""
    cases.write([cases.invent(world, chances, year, index) for index in indexes])


def pictures(street: Organisation, parameters: dict[str, Any]) -> list[Callable[[], None]]:
    """One piece of work for each group of cases whose photos are to be drawn, youngest first.

    The first are the cases of today: what lies on everybody's desk gets its pictures at once.
    """
    first, seed = parameters["first_id"], parameters["seed"]
    end = first + parameters["cases"]
    today = list(
        Complaint.objects.filter(pk__gte=end - CASES_IN_CORE, subdistrict=street).values_list(
            "pk", flat=True
        )
    )
    groups = [(today, True)]
    for last in range(end - CASES_IN_CORE, first, -PHOTO_CASES_IN_A_BATCH):
        ids = list(range(max(last - PHOTO_CASES_IN_A_BATCH, first), last))
        groups.append((ids, last > end - CASES_WITH_PHOTOS))
    return [partial(photos.lay, ids, seed=seed, is_recent=is_recent) for ids, is_recent in groups]


def boards(street: Organisation, count: int | None) -> list[Callable[[], object]]:
    """One piece of work for each worker grid without a board, with the boards of its buildings."""
    return [partial(doors.hang_codes, branch) for branch in doors.bare_branches(street)[:count]]


def homes(
    street: Organisation,
    empty: list[tuple[int, Any]],
    parameters: dict[str, Any],
    today: date,
) -> Iterator[Callable[[], None]]:
    """One piece of work for each building that nobody lives in yet."""
    ground = people.read_ground(street)
    for number, building in empty:
        yield partial(
            people.settle_building, building, number, ground, seed=parameters["seed"], today=today
        )


def missing_days(street: Organisation, today: date, count: int) -> list[Callable[[], None]]:
    """One piece of work for each of the past days without final figures, youngest first."""
    stored = set(DayFigure.objects.filter(organisation=street).values_list("day", flat=True))
    past = [today - timedelta(days=back) for back in range(1, count + 1)]
    kept = (day for day in past[DAYS_OF_THE_TREND:] if day not in stored)
    return [partial(counts.store_day, day) for day in (*past[:DAYS_OF_THE_TREND], *kept)]
