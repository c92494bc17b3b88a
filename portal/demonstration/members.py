"""The people of the core: 1,160 members in their party households, and everybody who serves."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from random import Random

from governance.choices import Gender, Level
from governance.models import Organisation, Person, Role
from governance.services.appointments import appoint, bulk_appoint
from governance.services.organisations import bulk_found
from governance.services.people import NewPerson, bulk_register, open_account
from portal.demonstration import ground, names
from portal.demonstration.street import DEPARTMENTS, SINCE, GridGround, Street

MEMBERS = 1160
HOUSEHOLDS_IN_BRANCH = 10
# The first members of a branch are of working age and serve: one as worker (in half of the grids:
# 党员与网格员双重身份), one as branch secretary, four as group leaders, one for a community or office.
WORKER, BRANCH_SECRETARY, FIRST_GROUP_LEADER, FOR_AN_OFFICE = 0, 1, 2, 6
SERVING = 7
GRIDS_WITH_MEMBER_AS_WORKER = 4


@dataclass(frozen=True)
class Door:
    """A flat, before it is registered."""

    group: Organisation
    address: str


@dataclass
class Planned:
    """Somebody who is going to be registered, and the organisations that become theirs."""

    row: NewPerson
    door: Door
    household: int = -1


@dataclass
class Staff:
    """Who serves where: the registered people of the core."""

    by_branch: dict[int, list[Person]] = field(default_factory=dict)
    workers: dict[int, Person] = field(default_factory=dict)
    reserve: list[tuple[str, Person]] = field(default_factory=list)

    def official_for(self, organisation: Organisation) -> Person:
        """A member of working age without a post, from the same community where there is one."""
        own = (
            number
            for number, (path, _) in enumerate(self.reserve)
            if path.startswith(organisation.path)
        )
        return self.reserve.pop(next(own, 0))[1]


class Registry:
    """Invents people: each with a telephone and an identity number of their own."""

    def __init__(self, chance: Random, today: date) -> None:
        self.chance, self.today = chance, today
        self.count = 0
        self._numbers = names.IdentityNumbers()

    def invent(self, door: Door, ages: tuple[int, int], *, gender: str, member: bool) -> NewPerson:
        """Somebody who lives behind a door and is between two ages."""
        self.count += 1
        youngest, oldest = ages
        born_on = names.birthday(self.chance, youngest=youngest, oldest=oldest, today=self.today)
        return NewPerson(
            name=names.name_of(self.chance, gender),
            gender=gender,
            birth_on=born_on,
            phone=names.phone_of(self.count),
            id_number=self._numbers.next(born_on, gender),
            home_organisation_id=door.group.pk,
            is_party_member=member,
        )


def settle(street: Street, chance: Random, today: date) -> Staff:
    """Register members and workers, found the party households, fill every post of the street."""
    registry = Registry(chance, today)
    planned: list[Planned] = []
    doors: list[Door] = []
    shares = members_of_branches()
    for grid in street.grids:
        planned += plan_branch(grid, next(shares), registry, doors)
    helpers = [
        Planned(registry.invent(door, (24, 55), gender=names.gender_of(chance), member=False), door)
        for grid in workers_without_party(street)
        for door in [door_in(grid, chance)]
    ]
    people = bulk_register([one.row for one in [*planned, *helpers]], by=None)
    households = found_households(doors)
    return appoint_ordinary(street, planned, people, households)


def members_of_branches() -> Iterator[int]:
    """How many members each of the 96 branches has: 12 or 13, together 1,160."""
    branches = ground.COMMUNITIES * ground.GRIDS_IN_COMMUNITY
    for branch in range(branches):
        yield MEMBERS // branches + (branch < MEMBERS % branches)


def plan_branch(
    grid: GridGround, count: int, registry: Registry, doors: list[Door]
) -> list[Planned]:
    """The members of one branch behind ten doors; a few share a door as husband and wife."""
    chance = registry.chance
    first = len(doors)
    taken: set[str] = set()
    while len(doors) < first + HOUSEHOLDS_IN_BRANCH:
        door = door_in(grid, chance)
        if door.address not in taken:
            taken.add(door.address)
            doors.append(door)
    planned: list[Planned] = []
    for number in range(count):
        household = first + number % HOUSEHOLDS_IN_BRANCH
        ages = (28, 55) if number < SERVING else (22, 84)
        gender = names.gender_of(chance)
        if number >= HOUSEHOLDS_IN_BRANCH:
            partner = planned[number - HOUSEHOLDS_IN_BRANCH].row.gender
            gender = Gender.FEMALE if partner == Gender.MALE else Gender.MALE
            ages = (28, 60)
        door = doors[household]
        row = registry.invent(door, ages, gender=gender, member=True)
        planned.append(Planned(row, door, household))
    return planned


def door_in(grid: GridGround, chance: Random) -> Door:
    """Any flat of a grid."""
    group, buildings = chance.choice(grid.groups)
    building = chance.choice(buildings)
    unit = chance.randint(1, building.unit_count)
    floor = chance.randint(1, building.floor_count)
    room = f"{floor}0{chance.randint(1, ground.ROOMS_ON_A_FLOOR)}"
    return Door(group, f"{building}{unit}单元{room}")


def workers_without_party(street: Street) -> Iterator[GridGround]:
    """The grids whose worker is no member."""
    for community in street.urban:
        yield from community.grids[GRIDS_WITH_MEMBER_AS_WORKER:]


def found_households(doors: list[Door]) -> list[Organisation]:
    """A level-5 node for every door with a member behind it."""
    return bulk_found(
        Organisation(
            parent=door.group,
            level=Level.PARTY_HOUSEHOLD,
            name=f"{door.address}党员户",
            address=door.address,
            started_on=SINCE,
        )
        for door in doors
    )


def appoint_ordinary(
    street: Street,
    planned: list[Planned],
    people: list[Person],
    households: list[Organisation],
) -> Staff:
    """Contacts of party households, group leaders, branch secretaries, and the 96 workers."""
    roles = {role.code: role for role in Role.objects.filter(subdistrict=None)}
    staff = Staff()
    members = iter(zip(planned, people, strict=False))
    helpers = iter(people[len(planned) :])
    rows: list[tuple[Person, Role, Organisation]] = []
    for grid, count in zip(street.grids, members_of_branches(), strict=True):
        own = [next(members) for _ in range(count)]
        rows += [(person, roles["party_member"], households[one.household]) for one, person in own]
        branch = staff.by_branch[grid.branch.pk] = [person for _, person in own]
        rows.append((branch[BRANCH_SECRETARY], roles["branch_secretary"], grid.branch))
        leaders = branch[FIRST_GROUP_LEADER:FOR_AN_OFFICE]
        rows += [
            (person, roles["group_leader"], group)
            for person, (group, _) in zip(leaders, grid.groups, strict=False)
        ]
        staff.reserve.append((grid.branch.path, branch[FOR_AN_OFFICE]))
    for community in street.urban:
        for number, grid in enumerate(community.grids):
            is_member = number < GRIDS_WITH_MEMBER_AS_WORKER
            worker = staff.by_branch[grid.branch.pk][WORKER] if is_member else next(helpers)
            staff.workers[grid.branch.pk] = worker
            rows.append((worker, roles["grid_worker"], grid.branch))
    bulk_appoint(rows, started_on=SINCE)
    return staff


def appoint_officials(street: Street, staff: Staff) -> dict[str, Person]:
    """Secretaries, assistants, departments and offices, each with an account; by username.

    The accounts have no usable password: what acts in the demonstration is chosen elsewhere. Every
    unit has somebody who can act, so that the list "nobody can act" starts empty.
    """
    posts = [
        (f"secretary-{number}", "community_secretary", community)
        for number, community in enumerate(
            [*(one.organisation for one in street.urban), *street.converted], 1
        )
    ]
    posts += [
        (f"assistant-{number}", "assistant_grid_leader", community.organisation)
        for number, community in enumerate(street.urban, 1)
    ]
    posts += [
        (desk, "department_user", street.departments[name])
        for name, _kind, _short, desk in DEPARTMENTS
    ]
    posts += [(username, role, street.organisation) for username, role in STREET_POSTS]
    posts.append(("grid-leader", "grid_leader", street.urban[0].grids[0].branch))
    # Last, so that the posts above keep the people they have always had.
    posts.append(("committee-secretary", "committee_secretary", street.organisation))
    roles = {role.code: role for role in Role.objects.filter(subdistrict=None)}
    found = {}
    for username, role, organisation in posts:
        person = found[username] = staff.official_for(organisation)
        appoint(person, roles[role], organisation, by=None, started_on=SINCE)
        open_account(person, username, by=None)
    found |= appoint_linked_leaders(street, staff, roles["linked_leader"])
    for number, community in enumerate(street.urban, 1):
        for sequence, grid in enumerate(community.grids, 1):
            username = f"worker-{number}-{sequence}"
            person = found[username] = staff.workers[grid.branch.pk]
            open_account(person, username, by=None)
    first = staff.by_branch[street.urban[0].grids[0].branch.pk]
    for username, place in SERVING_MEMBERS:
        found[username] = first[place]
        open_account(first[place], username, by=None)
    return found


def appoint_linked_leaders(street: Street, staff: Staff, role: Role) -> dict[str, Person]:
    """包居领导: a few of the street's officials share all communities between them."""
    communities = [*(one.organisation for one in street.urban), *street.converted]
    leaders = {
        f"linked-{number}": staff.official_for(street.organisation)
        for number in range(1, LINKED_LEADERS + 1)
    }
    people = list(leaders.values())
    bulk_appoint(
        [
            (people[place % LINKED_LEADERS], role, community)
            for place, community in enumerate(communities)
        ],
        started_on=SINCE,
    )
    for username, person in leaders.items():
        open_account(person, username, by=None)
    return leaders


LINKED_LEADERS = 6
STREET_POSTS = (
    ("leader", "subdistrict_leader"),
    ("leader-2", "subdistrict_leader"),
    ("clerk", "hotline_clerk"),
    ("clerk-2", "hotline_clerk"),
    ("callback", "hotline_clerk"),
    ("community-office", "community_affairs_office"),
    ("party-office", "party_office"),
    ("governance-office", "governance_office"),
    ("civil-affairs", "civil_affairs"),
    ("discipline", "discipline_reader"),
    ("auditor", "auditor_readonly"),
    ("system", "system_admin"),
    ("security", "security_admin"),
    ("audit", "audit_admin"),
)
# Members of the first branch who may look around: its secretary, a group leader, a household.
SERVING_MEMBERS = (
    ("branch", BRANCH_SECRETARY),
    ("group", FIRST_GROUP_LEADER),
    ("member", FOR_AN_OFFICE + 1),
)
