"""The core of the demonstration street: organisations, grids, compounds, buildings."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

from shapely.geometry import Polygon

from governance.choices import BranchKind, CommunityKind, Level, OrganisationKind
from governance.models import Organisation
from governance.services.organisations import bulk_found, found
from grids.choices import Tier
from grids.models import Building, Grid, ResidentialCompound
from grids.services import places
from portal.demonstration import ground, names

SINCE = date(2024, 1, 1)
FOLDER = Path(__file__).resolve().parent
SHORT_CODE = "SBS"
DIVISION_CODE = "370303008000"

# Every default handler of a complaint category has a unit of this name; the last word signs in there.
DEPARTMENTS = (
    ("热线办", OrganisationKind.OFFICE, "接诉即办专班", "hotline-desk"),
    ("城市社区管理办公室", OrganisationKind.OFFICE, "", "community-desk"),
    ("党建办", OrganisationKind.OFFICE, "", "party-desk"),
    ("综治办", OrganisationKind.OFFICE, "", "order-desk"),
    ("民政办", OrganisationKind.OFFICE, "", "civil-desk"),
    ("应急办", OrganisationKind.OFFICE, "", "emergency-desk"),
    ("社会事务办", OrganisationKind.OFFICE, "", "social-desk"),
    ("规划建设办", OrganisationKind.OFFICE, "", "planning-desk"),
    ("城市管理办公室", OrganisationKind.OFFICE, "", "city-desk"),
    ("物业管理办公室", OrganisationKind.OFFICE, "", "property-desk"),
    ("纪检监察室", OrganisationKind.OFFICE, "", "discipline-desk"),
    ("人社所", OrganisationKind.DEPARTMENT, "", "labour-desk"),
    ("市场监管所", OrganisationKind.DEPARTMENT, "", "market-desk"),
    ("派出所", OrganisationKind.DEPARTMENT, "", "police-desk"),
    ("综合执法中队", OrganisationKind.SQUAD, "", "squad-desk"),
)


@dataclass
class GridGround:
    """One worker grid: its branch, its buildings by compound, and which group covers which."""

    branch: Organisation
    buildings: dict[int, list[Building]] = field(default_factory=dict)
    groups: list[tuple[Organisation, list[Building]]] = field(default_factory=list)


@dataclass(frozen=True)
class Site:
    """Where a compound is to be built, how, and with how many buildings."""

    compound: ResidentialCompound
    grid: GridGround
    block: Polygon
    kind: ground.Block
    count: int


@dataclass
class Community:
    """One urban community with its compounds and its eight worker grids."""

    organisation: Organisation
    grids: list[GridGround] = field(default_factory=list)
    compounds: list[ResidentialCompound] = field(default_factory=list)


@dataclass
class Street:
    """The whole street as it was laid."""

    organisation: Organisation
    departments: dict[str, Organisation]
    urban: list[Community]
    converted: list[Organisation]

    @property
    def grids(self) -> Iterator[GridGround]:
        """All worker grids."""
        return (grid for community in self.urban for grid in community.grids)


def lay_street(chance: Random) -> Street:
    """Lay organisations and ground; the caller holds the transaction and knows it is empty."""
    street = found(
        Organisation(
            level=Level.WORKING_COMMITTEE,
            name="四宝山街道党工委",
            short_name="四宝山街道",
            short_code=SHORT_CODE,
            division_code=DIVISION_CODE,
            management_parent="淄博高新区",
            started_on=SINCE,
        ),
        by=None,
    )
    departments = bulk_found(
        Organisation(
            parent=street,
            kind=kind,
            name=name,
            short_name=short_name,
            position=position,
            started_on=SINCE,
        )
        for position, (name, kind, short_name, _desk) in enumerate(DEPARTMENTS, 1)
    )
    communities = found_communities(street)
    urban = [
        Community(organisation)
        for organisation in communities
        if organisation.community_kind == CommunityKind.URBAN
    ]
    converted = [
        organisation
        for organisation in communities
        if organisation.community_kind == CommunityKind.CONVERTED_VILLAGE
    ]
    laid = Street(street, {unit.name: unit for unit in departments}, urban, converted)
    found_branches(laid)
    town = ground.Town(chance)
    open_grids(laid, town)
    build(laid, town, chance)
    return laid


def found_communities(street: Organisation) -> list[Organisation]:
    """The 12 urban and 19 converted communities of the official list, with their codes."""
    with (FOLDER / "communities.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return bulk_found(
        Organisation(
            parent=street,
            level=Level.GRAND_COMMITTEE,
            name=row["name"] + ("大党委" if row["kind"] == CommunityKind.URBAN else "党委"),
            short_name=row["name"],
            division_code=row["code"],
            community_kind=row["kind"],
            position=position,
            started_on=SINCE,
        )
        for position, row in enumerate(rows, 1)
    )


def found_branches(street: Street) -> None:
    """One branch for each worker grid, eight in every urban community."""
    fresh = [
        Organisation(
            parent=community.organisation,
            level=Level.GRID_BRANCH,
            name=f"{stem(community.organisation)}第{numeral}网格党支部",
            short_name=f"{stem(community.organisation)}第{numeral}网格",
            branch_kind=BranchKind.GRID,
            position=position,
            started_on=SINCE,
        )
        for community in street.urban
        for position, numeral in enumerate(ground.NUMERALS, 1)
    ]
    branches = iter(bulk_found(fresh))
    for community in street.urban:
        community.grids = [
            GridGround(next(branches)) for _number in range(ground.GRIDS_IN_COMMUNITY)
        ]


def open_grids(street: Street, town: ground.Town) -> None:
    """Each urban community: a 大党委网格, within it a 社区网格, within it eight worker grids.

    The upper two cover the same ground (open question Q1 of the domain reference). Worker grids
    are 001 to 008 of the community; the 社区网格 is its 000, the 大党委网格 bears its bare code.
    """
    upper = [
        upper_grid(community, town.community_boundary(index))
        for index, community in enumerate(street.urban)
    ]
    Grid.objects.bulk_create(upper)
    middle = [
        Grid(
            tier=Tier.COMMUNITY,
            parent=above,
            organisation=above.organisation,
            code=above.code + "000",
            name=f"{above.organisation.short_name}网格",
            boundary=above.boundary,
            started_on=SINCE,
        )
        for above in upper
    ]
    Grid.objects.bulk_create(middle)
    Grid.objects.bulk_create(
        Grid(
            tier=Tier.WORKER,
            parent=above,
            organisation=grid.branch,
            code=f"{above.organisation.division_code}{number:03d}",
            name=grid.branch.short_name,
            boundary=places.checked_boundary(town.grid_boundary(index, number - 1)),
            started_on=SINCE,
        )
        for index, (community, above) in enumerate(zip(street.urban, middle, strict=True))
        for number, grid in enumerate(community.grids, 1)
    )


def upper_grid(community: Community, boundary: dict[str, Any]) -> Grid:
    """The 大党委网格 of a community, unsaved."""
    return Grid(
        tier=Tier.COMMITTEE,
        organisation=community.organisation,
        code=community.organisation.division_code,
        name=f"{community.organisation.short_name}大党委网格",
        boundary=places.checked_boundary(boundary),
        started_on=SINCE,
    )


def build(street: Street, town: ground.Town, chance: Random) -> None:
    """108 compounds and 1,200 buildings; each half compound has a building group that covers it."""
    titles = iter(names.compound_names())
    sites = []
    for index, community in enumerate(street.urban):
        counts = chance.sample(ground.BUILDINGS_IN_COMPOUNDS, ground.COMPOUNDS_IN_COMMUNITY)
        blocks = zip(town.compound_blocks(index), ground.BLOCKS, counts, strict=True)
        for (number, block), kind, count in blocks:
            lng, lat = town.point_of(block)
            address = f"{chance.choice(names.ROADS)}{chance.randint(1, 190)}号"
            compound = ResidentialCompound(
                community=community.organisation,
                name=next(titles),
                address=address,
                lng=lng,
                lat=lat,
            )
            community.compounds.append(compound)
            sites.append(Site(compound, community.grids[number], block, kind, count))
    places.bulk_add_compounds([site.compound for site in sites])
    build_blocks(sites, town, chance)
    cover_blocks(street)


def build_blocks(sites: list[Site], town: ground.Town, chance: Random) -> None:
    """The buildings of every compound, in rows on its block."""
    buildings = []
    for site in sites:
        points = town.building_points(site.block, site.count)
        for number, (lng, lat) in enumerate(points, 1):
            building = Building(
                compound=site.compound,
                number=str(number),
                unit_count=chance.choice(site.kind.units),
                floor_count=site.kind.floors,
                lng=lng,
                lat=lat,
            )
            buildings.append(building)
            site.grid.buildings.setdefault(site.compound.pk, []).append(building)
    places.bulk_add_buildings(buildings)


def cover_blocks(street: Street) -> None:
    """Two building groups in each compound, and what each of them covers."""
    halves = []
    for grid in street.grids:
        for buildings in grid.buildings.values():
            middle = (len(buildings) + 1) // 2
            halves += [(grid, buildings[:middle]), (grid, buildings[middle:])]
    groups = bulk_found(
        Organisation(
            parent=grid.branch,
            level=Level.BUILDING_GROUP,
            name=f"{span(part)}党小组",
            short_name=span(part),
            position=position,
            started_on=SINCE,
        )
        for position, (grid, part) in enumerate(halves, 1)
    )
    rows = []
    for (grid, part), group in zip(halves, groups, strict=True):
        grid.groups.append((group, part))
        rows += [(group, building, "") for building in part]
    places.bulk_cover(rows, started_on=SINCE)


def span(buildings: list[Building]) -> str:
    """春晖家园1至6号楼."""
    first, last = buildings[0].number, buildings[-1].number
    numbers = first if first == last else f"{first}至{last}"
    return f"{buildings[0].compound.name}{numbers}号楼"


def stem(community: Organisation) -> str:
    """植物园社区 → 植物园."""
    return community.short_name.removesuffix("社区")
