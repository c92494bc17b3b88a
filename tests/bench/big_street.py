"""A street of the article's size for measurements: 31 communities, 108 compounds, 60,000 flats."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from governance.models import Organisation, RightsOfOneRequest, Role, User
from governance.services import people
from governance.services.appointments import appoint
from governance.services.defaults import load_roles
from governance.services.organisations import found
from governance.services.people import NewPerson
from grids.choices import Tier
from grids.models import Building, Dwelling, ResidentialCompound
from grids.selectors import bulk_place_finder, grid_at
from grids.services import places
from residents.choices import Relation
from residents.selectors import people_found
from residents.services import homes
from residents.services.homes import NewHome

COMMUNITIES, COMPOUNDS, BUILDINGS, UNITS, FLOORS = 31, 108, 14, 2, 10
ROOMS_ON_A_FLOOR = 2


@dataclass(frozen=True)
class BigStreet:
    """What the questions need."""

    street: Organisation
    leader: User
    secretary: User
    worker: User


def build(count: int, invented_name: Callable[[random.Random], str], since: date) -> BigStreet:
    """Build the street with the bulk services; the same people each time."""
    chance = random.Random(20240101)
    load_roles()
    street = node(None, 1, "大街街道党工委", since)
    communities = [node(street, 2, f"社区{n}社区", since) for n in range(COMMUNITIES)]
    branches = [node(one, 3, f"{one.name}支部{n}", since) for one in communities for n in range(3)]
    compounds = places.bulk_add_compounds(
        [
            ResidentialCompound(community=communities[n % COMMUNITIES], name=f"花园{n}号院小区")
            for n in range(COMPOUNDS)
        ]
    )
    buildings = places.bulk_add_buildings(
        [
            Building(compound=one, number=str(n + 1), unit_count=UNITS, floor_count=FLOORS)
            for one in compounds
            for n in range(BUILDINGS)
        ]
    )
    of_community = {one.pk: [b for b in branches if b.parent_id == one.pk] for one in communities}
    covers = {one.pk: chance.choice(of_community[one.compound.community_id]) for one in buildings}
    places.bulk_cover(((covers[one.pk], one, "") for one in buildings), started_on=since)
    dwellings = places.bulk_add_dwellings(rooms(buildings))
    settle(count, dwellings, covers, chance, invented_name, since)
    draw_grids(branches, since)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return BigStreet(
        street,
        serving("leader", "subdistrict_leader", street, since),
        serving("secretary", "community_secretary", communities[0], since),
        serving("worker", "grid_worker", branches[0], since),
    )


def rooms(buildings: list[Building]) -> Iterator[tuple[Building, str, str]]:
    """Every flat of every building."""
    for building in buildings:
        for unit in range(1, UNITS + 1):
            for floor in range(1, FLOORS + 1):
                for room in range(1, ROOMS_ON_A_FLOOR + 1):
                    yield building, str(unit), f"{floor}{room:02}"


def settle(
    count: int,
    dwellings: list[Dwelling],
    covers: dict[int, Organisation],
    chance: random.Random,
    invented_name: Callable[[random.Random], str],
    since: date,
) -> None:
    """Spread people over the flats."""
    homes_of = [dwellings[n % len(dwellings)] for n in range(count)]
    registered = people.bulk_register(
        NewPerson(
            invented_name(chance),
            phone=f"13{chance.randrange(10**9):09}",
            home_organisation_id=covers[home.building_id].pk,
        )
        for home in homes_of
    )
    homes.bulk_move_in(
        (
            NewHome(person, home, Relation.CO_RESIDENT)
            for person, home in zip(registered, homes_of, strict=True)
        ),
        started_on=since,
    )


def draw_grids(branches: list[Organisation], since: date) -> None:
    """A chequered map: one square for each branch."""
    for number, branch in enumerate(branches):
        west, south = 118.0 + number % 10 * 0.01, 36.8 + number // 10 * 0.01
        east, north = west + 0.01, south + 0.01
        ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        places.open_grid(
            branch, branch.name, tier=Tier.WORKER, code=f"{number:015}", by=None,
            boundary={"type": "Polygon", "coordinates": [ring]}, started_on=since,
        )  # fmt: skip


def node(parent: Organisation | None, level: int, name: str, since: date) -> Organisation:
    """A party node."""
    return found(Organisation(parent=parent, level=level, name=name, started_on=since), by=None)


def serving(username: str, role: str, organisation: Organisation, since: date) -> User:
    """An account that serves."""
    person = people.register(username, by=None)
    user = people.open_account(person, username, by=None)
    appoint(person, Role.objects.get(code=role), organisation, by=None, started_on=since)
    return user


def questions(built: BigStreet) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Each kind of question, as three readers ask it."""
    texts = {
        "name 王伟": "王伟", "name 建国": "建国", "initials wxm": "wxm", "pinyin zhangwei": "zhangwei",
        "tail 8888": "8888", "phone": "13900000001", "room 3-2-501": "3-2-501",
        "room in compound": "花园7号院3号楼2单元501",
    }  # fmt: skip
    readers = {"leader": built.leader, "secretary": built.secretary, "worker": built.worker}
    for who, user in readers.items():
        for label, text in texts.items():
            yield f"{who}: {label}", lambda user=user, text=text: asked(user, text)
    yield (
        "grid_at, address",
        lambda: grid_at(subdistrict=built.street, address="花园7号院3号楼2单元501").how,
    )
    yield "grid_at, point", lambda: grid_at(subdistrict=built.street, point=(118.055, 36.855)).how
    yield "making a bulk finder", lambda: type(bulk_place_finder(built.street)).__name__
    finder = bulk_place_finder(built.street)
    yield "10,000 import rows", lambda: sum(bool(finder(text).building) for text in complaints())


def asked(user: User, text: str) -> list[Any]:
    """One search as a page asks it."""
    with RightsOfOneRequest():
        return people_found(user, text)


def complaints() -> Iterator[str]:
    """Long texts with an address somewhere inside."""
    filler = "来电人反映近期小区内夜间施工噪音严重，影响一家三口正常休息，多次联系物业未果，"
    for number in range(10_000):
        place = f"地址：大街街道花园{number % COMPOUNDS}号院小区{number % 20}号楼{number % 3}单元"
        yield f"{filler}{place}，{filler}请相关部门核实处理，并于三个工作日内回复。{number}"
