"""A small street, the same in every test.

和平街道 has the communities 东园 and 西园; on the eastern side one line leads down to a household.
Lin leads the street, Chen and Qian are hotline clerks, Sun serves the squad. Su is 东园's secretary,
Ma her assistant grid leader, Wang works branch 东一's grid, He minds the building, Gu is the party
household next door to Li, who complains. Zhao works on the other side and must see nothing.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from governance.choices import BranchKind, CommunityKind, Gender, OrganisationKind
from governance.models import Organisation, Person, Role, User
from governance.services import audit, people
from governance.services.appointments import appoint
from governance.services.defaults import load_roles
from governance.services.organisations import found
from grids.choices import Tier
from grids.models import Building, Dwelling, Grid, ResidentialCompound
from grids.services import places
from residents.choices import Relation
from residents.models import Household
from residents.services import homes

SINCE = date(2024, 1, 1)
PASSWORD = "Heping-Street-1949"
EAST_CENTRE, WEST_CENTRE = (118.064, 36.860), (118.044, 36.860)


@dataclass(frozen=True)
class Cast:
    """Everybody and everything of the street; `lin` is the account, `lin.person` the person."""

    street: Organisation
    hotline_office: Organisation
    squad: Organisation
    east: Organisation
    east_branch: Organisation
    east_group: Organisation
    party_household: Organisation
    west: Organisation
    west_branch: Organisation
    west_group: Organisation
    east_compound: ResidentialCompound
    east_building: Building
    west_compound: ResidentialCompound
    west_building: Building
    gu_dwelling: Dwelling
    li_dwelling: Dwelling
    west_dwelling: Dwelling
    gu_household: Household
    east_grid: Grid
    west_grid: Grid
    lin: User
    chen: User
    qian: User
    sun: User
    su: User
    ma: User
    wang: User
    he: User
    gu: User
    zhao: User
    li: Person
    """A resident of the eastern side without an account."""
    xu: Person
    """A resident of the western side without an account."""


@audit.deed()
def build_cast() -> Cast:
    """Build the street with the services of the house, in one deed."""
    load_roles()
    tree = build_tree()
    ground = build_ground(tree)
    return Cast(**tree, **ground, **build_people(tree, ground))


def build_tree() -> dict[str, Organisation]:
    """Five levels on the eastern side, four on the western, an office and a squad."""
    street = party(None, 1, "和平街道党工委", short_name="和平街道", short_code="HP")
    street.division_code = "370399001000"
    street.save(update_fields=["division_code"])
    east = community(street, "东园社区", "370399001001")
    west = community(street, "西园社区", "370399001002")
    east_branch = party(east, 3, "东一网格党支部", branch_kind=BranchKind.GRID)
    west_branch = party(west, 3, "西一网格党支部", branch_kind=BranchKind.GRID)
    east_group = party(east_branch, 4, "东园花园3号楼党小组")
    return {
        "street": street,
        "hotline_office": department(street, "热线办", OrganisationKind.OFFICE),
        "squad": department(street, "执法中队", OrganisationKind.SQUAD),
        "east": east,
        "east_branch": east_branch,
        "east_group": east_group,
        "party_household": party(east_group, 5, "顾家党员户"),
        "west": west,
        "west_branch": west_branch,
        "west_group": party(west_branch, 4, "西园小区1号楼党小组"),
    }


def build_ground(tree: dict[str, Organisation]) -> dict[str, Any]:
    """One compound with one building on each side, and a drawn grid for each branch."""
    east_compound = places.add_compound(tree["east"], "东园花园", by=None)
    west_compound = places.add_compound(tree["west"], "西园小区", by=None)
    east_building = places.add_building(east_compound, "3号楼", by=None, unit_count=2)
    west_building = places.add_building(west_compound, "1号楼", by=None)
    places.cover(tree["east_group"], east_building, by=None, started_on=SINCE)
    places.cover(tree["west_group"], west_building, by=None, started_on=SINCE)
    rooms = [("2", "501"), ("2", "502"), ("1", "101")]
    gu_dwelling, li_dwelling, _empty = places.add_dwellings(east_building, rooms, by=None)
    [west_dwelling] = places.add_dwellings(west_building, [("1", "301")], by=None)
    return {
        "east_compound": east_compound,
        "east_building": east_building,
        "west_compound": west_compound,
        "west_building": west_building,
        "gu_dwelling": gu_dwelling,
        "li_dwelling": li_dwelling,
        "west_dwelling": west_dwelling,
        "east_grid": grid(tree["east_branch"], "东园第一网格", EAST_CENTRE),
        "west_grid": grid(tree["west_branch"], "西园第一网格", WEST_CENTRE),
    }


def build_people(tree: dict[str, Organisation], ground: dict[str, Any]) -> dict[str, Any]:
    """Who serves where, and who lives where; posts with rights need somebody to appoint them."""
    street, east = tree["street"], tree["east"]
    gu = account("顾念慈", "gu", "party_member", tree["party_household"], phone="13900001009")
    household = homes.found_household(ground["gu_dwelling"], by=None, started_on=SINCE)
    homes.move_in(
        gu.person, ground["gu_dwelling"], by=None, relation=Relation.HEAD,
        household=household, is_head=True, started_on=SINCE,
    )  # fmt: skip
    homes.link_party_household(household, tree["party_household"], by=None)
    li = resident("李秀兰", "13900001011", ground["li_dwelling"])
    xu = resident("徐志强", "13900001012", ground["west_dwelling"])
    return {
        "lin": account("林卫国", "lin", "subdistrict_leader", street, phone="13900001001"),
        "chen": account("陈晓燕", "chen", "hotline_clerk", street, phone="13900001002"),
        "qian": account("钱敏", "qian", "hotline_clerk", street, phone="13900001003"),
        "sun": account("孙建军", "sun", "department_user", tree["squad"], phone="13900001004"),
        "su": account("苏文静", "su", "community_secretary", east, phone="13900001005"),
        "ma": account("马立新", "ma", "assistant_grid_leader", east, phone="13900001006"),
        "wang": account("王强", "wang", "grid_worker", tree["east_branch"], phone="13900001007"),
        "he": account("何美玲", "he", "group_leader", tree["east_group"], phone="13900001008"),
        "gu": gu,
        "zhao": account("赵明", "zhao", "grid_worker", tree["west_branch"], phone="13900001010"),
        "gu_household": household,
        "li": li,
        "xu": xu,
    }


def party(parent: Organisation | None, level: int, name: str, **further: Any) -> Organisation:
    """A party node, founded by the house itself."""
    node = Organisation(parent=parent, level=level, name=name, started_on=SINCE, **further)
    return found(node, by=None)


def community(street: Organisation, name: str, division_code: str) -> Organisation:
    """An urban community of the street."""
    return party(
        street, 2, f"{name}大党委", short_name=name, division_code=division_code,
        community_kind=CommunityKind.URBAN,
    )  # fmt: skip


def department(street: Organisation, name: str, kind: str) -> Organisation:
    """A unit beside the five levels."""
    node = Organisation(parent=street, kind=kind, name=name, started_on=SINCE)
    return found(node, by=None)


def grid(branch: Organisation, name: str, centre: tuple[float, float]) -> Grid:
    """A worker grid: a square of about a kilometre around a point."""
    lng, lat = centre
    west, east, south, north = lng - 0.006, lng + 0.006, lat - 0.005, lat + 0.005
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    boundary = {"type": "Polygon", "coordinates": [ring]}
    return places.open_grid(
        branch, name, tier=Tier.WORKER, by=None, boundary=boundary, started_on=SINCE
    )


def account(
    name: str, username: str, role: str, organisation: Organisation, *, phone: str = ""
) -> User:
    """A person who serves and signs in; the password is the same for all."""
    person = people.register(name, by=None, gender=Gender.UNKNOWN, phone=phone)
    post = Role.objects.get(code=role, subdistrict=None)
    appoint(person, post, organisation, by=None, started_on=SINCE)
    return people.open_account(person, username, by=None, password=PASSWORD)


def resident(name: str, phone: str, dwelling: Dwelling) -> Person:
    """A person who lives there and has no account."""
    person = people.register(name, by=None, phone=phone)
    homes.move_in(person, dwelling, by=None, relation=Relation.CO_RESIDENT, started_on=SINCE)
    return person
