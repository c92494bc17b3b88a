"""The residents of the demonstration street: about 160,000 invented people in 60,000 households."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from random import Random

from governance.choices import Gender, Level
from governance.models import Appointment, Organisation, Person
from governance.services import audit
from governance.services.people import NewPerson, bulk_register
from grids.models import Building, Coverage, Dwelling
from grids.services import places
from portal.demonstration import names
from portal.demonstration.ground import ROOMS_ON_A_FLOOR
from portal.demonstration.street import SINCE
from residents.choices import Relation, ResidenceType
from residents.services import homes
from residents.services.homes import NewHome

# How many people a flat holds, of a hundred flats; 5 of a hundred stand empty.
HOUSEHOLD_SIZES = (0, 1, 2, 3, 4, 5)
SIZE_WEIGHTS = (5, 15, 26, 33, 14, 7)
TENANTS = 0.16
# Numbers below belong to the people of the core.
FIRST_PHONE = 10_000
PHONES_FOR_A_BUILDING = 500
OLD_ENOUGH_FOR_A_PHONE = 12


@dataclass
class Settler:
    """One future resident, with the place in the household."""

    row: NewPerson
    relation: str
    relation_to_head: str = ""
    residence_type: str = ResidenceType.REGISTERED


@dataclass
class Home:
    """A flat and who is to live there: people of the core first, invented people after them."""

    dwelling: Dwelling
    known: list[Person] = field(default_factory=list)
    settlers: list[Settler] = field(default_factory=list)
    node: Organisation | None = None


@dataclass(frozen=True)
class Ground:
    """What is asked once for the whole work."""

    covers: dict[int, Organisation]
    households: dict[str, tuple[Organisation, list[Person]]]


def read_ground(street: Organisation) -> Ground:
    """Who covers each building, and which members live behind which door."""
    covers = {
        row.building_id: row.organisation
        for row in Coverage.objects.current().within([street.path]).select_related("organisation")
    }
    households: dict[str, tuple[Organisation, list[Person]]] = {}
    posts = (
        Appointment.objects.on()
        .within([street.path])
        .filter(organisation__level=Level.PARTY_HOUSEHOLD)
        .select_related("organisation", "person")
        .order_by("id")
    )
    for post in posts:
        _node, members = households.setdefault(post.organisation.address, (post.organisation, []))
        members.append(post.person)
    return Ground(covers, households)


def empty_buildings(street: Organisation, most: int | None) -> list[tuple[int, Building]]:
    """The buildings without flats yet, each with its place in the street; what is done stays."""
    everything = Building.objects.within([street.path]).select_related("compound").order_by("id")
    numbered = list(enumerate(everything))[:most]
    done = set(
        Dwelling.objects.within([street.path]).values_list("building_id", flat=True).distinct()
    )
    return [(number, building) for number, building in numbered if building.pk not in done]


@audit.deed()
def settle_building(
    building: Building, number: int, ground: Ground, *, seed: int, today: date
) -> int:
    """Add the flats of one building and let their people move in; how many live there now.

    One transaction of about 500 rows, so that nobody else waits long for the database.
    """
    chance = Random(f"{seed}:building:{number}")
    covering = ground.covers[building.pk]
    dwellings = places.bulk_add_dwellings(rooms_of(building))
    phones = iter(range(FIRST_PHONE + number * PHONES_FOR_A_BUILDING, 1 << 40))
    planned = [
        plan_home(dwelling, ground, chance, phones, covering, today) for dwelling in dwellings
    ]
    return move_in([home for home in planned if home.known or home.settlers])


def rooms_of(building: Building) -> Iterator[tuple[Building, str, str]]:
    """Every flat of a building as unit and room."""
    for unit in range(1, building.unit_count + 1):
        for floor in range(1, building.floor_count + 1):
            for room in range(1, ROOMS_ON_A_FLOOR + 1):
                yield building, str(unit), f"{floor}{room:02d}"


def plan_home(
    dwelling: Dwelling,
    ground: Ground,
    chance: Random,
    phones: Iterator[int],
    covering: Organisation,
    today: date,
) -> Home:
    """Who is to live in a flat."""
    home = Home(dwelling)
    address = f"{dwelling.building}{dwelling.unit_no}单元{dwelling.room_no}"
    size = chance.choices(HOUSEHOLD_SIZES, SIZE_WEIGHTS)[0]
    if address in ground.households:
        home.node, home.known = ground.households[address]
        size = max(size - len(home.known), 0)
    is_let = not home.known and chance.random() < TENANTS
    age = chance.randint(24, 78) if not is_let else chance.randint(20, 45)
    for place in range(size):
        role = place + len(home.known)
        home.settlers.append(settler(role, age, is_let, chance, phones, covering, today))
    return home


def settler(
    role: int,
    age: int,
    is_let: bool,
    chance: Random,
    phones: Iterator[int],
    covering: Organisation,
    today: date,
) -> Settler:
    """Head, partner, then children of a young head or the children and parents of an old one."""
    gender = names.gender_of(chance)
    relation, to_head = Relation.HEAD, "本人"
    if role == 1:
        relation, to_head = Relation.CO_RESIDENT, "配偶"
        age = min(max(age + chance.randint(-4, 4), 20), 90)
    elif role > 1:
        is_parent = age < 50 and chance.random() < 0.25
        relation, to_head = Relation.CO_RESIDENT, "父母" if is_parent else "子女"
        age = min(age + 26, 92) if is_parent else max(age - chance.randint(23, 32), 0)
    born_on = names.birthday(chance, youngest=age, oldest=age + 1, today=today)
    has_phone = age >= OLD_ENOUGH_FOR_A_PHONE
    row = NewPerson(
        name=names.name_of(chance, gender),
        gender=Gender(gender),
        birth_on=born_on,
        phone=names.phone_of(next(phones)) if has_phone else "",
        home_organisation_id=covering.pk,
    )
    if is_let:
        kind = chance.choice((ResidenceType.PERMANENT, ResidenceType.FLOATING))
        return Settler(row, Relation.TENANT, "" if role else "本人", kind)
    return Settler(row, relation, to_head)


def move_in(planned: list[Home]) -> int:
    """Found a household in every flat and let its people move in."""
    people = iter(bulk_register([one.row for home in planned for one in home.settlers]))
    households = homes.bulk_found_households([home.dwelling for home in planned], started_on=SINCE)
    rows = []
    for home, household in zip(planned, households, strict=True):
        known = [
            Settler(NewPerson(""), Relation.CO_RESIDENT if place else Relation.HEAD, word)
            for place, word in zip(range(len(home.known)), ("本人", "配偶"), strict=False)
        ]
        everybody = [
            *zip(home.known, known, strict=True),
            *((next(people), one) for one in home.settlers),
        ]
        rows += [
            NewHome(
                person=person,
                dwelling=home.dwelling,
                relation=one.relation,
                household=household,
                is_head=place == 0,
                residence_type=one.residence_type,
                relation_to_head=one.relation_to_head,
            )
            for place, (person, one) in enumerate(everybody)
        ]
        if home.node is not None:
            homes.link_party_household(household, home.node, by=None)
    return homes.bulk_move_in(rows, started_on=SINCE)
