"""Places: compounds, buildings, dwellings and grids, and which organisation covers a door."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.areas import Area
from governance.choices import Level, Word
from governance.drawn_areas import is_well_drawn
from governance.errors import HouseError
from governance.models import Organisation
from governance.models.reach import require
from governance.services import audit
from grids.addresses import building_key, floor_of, name_key, room_key, room_number_key, unit_key
from grids.choices import GridKind, Tier
from grids.models import Building, Coverage, Dwelling, Grid, ResidentialCompound

BATCH = 2000
FIRST_DEDICATED_SEQUENCE = 801
COVERING_LEVELS = (Level.GRAND_COMMITTEE, Level.GRID_BRANCH, Level.BUILDING_GROUP)


@audit.deed()
def add_compound(
    community: Organisation,
    name: str,
    *,
    by: Any,
    address: str = "",
    lng: float | None = None,
    lat: float | None = None,
) -> ResidentialCompound:
    """Add a residential estate to a community; the point is WGS-84, in degrees.

    Raises HouseError for another level than a community, or a name that is the same when spaces,
    full width and numerals are put aside (`domain.md` 3.3).
    """
    _require(by, community.path)
    if community.level != Level.GRAND_COMMITTEE:
        raise HouseError(_("小区只能设在社区之下。"))
    key = name_key(name)
    if not key:
        raise HouseError(_("请填写小区名称。"))
    if ResidentialCompound.objects.filter(community=community, name_key=key).exists():
        raise HouseError(_("本社区已有同名小区“%(name)s”。") % {"name": name})
    compound = ResidentialCompound.objects.create(
        community=community, name=name.strip(), name_key=key, address=address, lng=lng, lat=lat
    )
    _record("add_compound", by, f"compound:{compound.pk}", community.path)
    return compound


@audit.deed()
def rename_compound(compound: ResidentialCompound, name: str, *, by: Any) -> None:
    """Give a compound another name, by which addresses find it from now on."""
    _require(by, compound.community.path)
    compound.name, compound.name_key = name.strip(), name_key(name)
    twins = ResidentialCompound.objects.filter(
        community=compound.community, name_key=compound.name_key
    )
    if not compound.name_key or twins.exclude(pk=compound.pk).exists():
        raise HouseError(_("本社区已有同名小区，或名称为空。"))
    compound.save(update_fields=["name", "name_key"])
    _record("rename_compound", by, f"compound:{compound.pk}", compound.community.path)


@audit.deed()
def add_building(
    compound: ResidentialCompound,
    number: str,
    *,
    by: Any,
    unit_count: int = 1,
    floor_count: int = 6,
    lng: float | None = None,
    lat: float | None = None,
) -> Building:
    """Add a block; `number` may be written 3号楼, 3栋, 3幢 or #3 and is kept as "3"."""
    _require(by, compound.community.path)
    building = Building(
        compound=compound,
        number=building_key(number),
        unit_count=unit_count,
        floor_count=floor_count,
        lng=lng,
        lat=lat,
    )
    if not building.number:
        raise HouseError(_("请填写楼号。"))
    try:
        with transaction.atomic():
            building.save()
    except IntegrityError as error:
        raise HouseError(_("本小区已有 %(number)s 号楼。") % {"number": building.number}) from error
    _record("add_building", by, f"building:{building.pk}", compound.community.path)
    return building


@audit.deed()
def add_dwellings(
    building: Building, rooms: Iterable[tuple[str, str]], *, by: Any
) -> list[Dwelling]:
    """Add flats to a building, each as (unit, room), e.g. ("2", "501"); no unit is "".

    Raises HouseError when one of them exists already; then none is added.
    """
    _require(by, building.compound.community.path)
    dwellings = bulk_add_dwellings((building, unit, room) for unit, room in rooms)
    _record(
        "add_dwellings", by, f"building:{building.pk}", building.compound.community.path,
        count=len(dwellings),
    )  # fmt: skip
    return dwellings


def bulk_add_dwellings(rows: Iterable[tuple[Building, str, str]]) -> list[Dwelling]:
    """Add flats of many buildings with few statements; no right is asked, nothing audited."""
    dwellings = [
        Dwelling(
            building=building,
            unit_no=unit_key(unit),
            floor_no=floor_of(room_number_key(room)),
            room_no=room_number_key(room),
            room_key=room_key(building.compound_id, building.number, unit, room),
        )
        for building, unit, room in rows
    ]
    try:
        with transaction.atomic():
            return Dwelling.objects.bulk_create(dwellings, BATCH)
    except IntegrityError as error:
        raise HouseError(_("其中有户室已登记，请先查对。")) from error


def bulk_add_compounds(compounds: Sequence[ResidentialCompound]) -> list[ResidentialCompound]:
    """Save many unsaved compounds, giving each its key; for imports and demonstration streets."""
    for compound in compounds:
        compound.name_key = name_key(compound.name)
    return ResidentialCompound.objects.bulk_create(compounds, BATCH)


def bulk_add_buildings(buildings: Sequence[Building]) -> list[Building]:
    """Save many unsaved buildings, bringing each number into its one form."""
    for building in buildings:
        building.number = building_key(building.number)
    return Building.objects.bulk_create(buildings, BATCH)


@audit.deed()
def cover(
    organisation: Organisation,
    building: Building,
    unit_no: str = "",
    *,
    by: Any,
    started_on: date | None = None,
) -> Coverage:
    """Let an organisation cover a building or one of its entrance units (`architecture.md` 4).

    The row that held before ends on that day; covering the whole building ends its units' rows.
    Raises HouseError unless the organisation is the building's community, or a branch or building
    group beneath it. People who live there are re-homed by `residents.services.homes.hand_over`.
    """
    community = building.compound.community
    _require(by, community.path)
    refuse_unfit_cover(organisation, community)
    day, unit = started_on or timezone.localdate(), unit_key(unit_no)
    held = Coverage.objects.current().filter(building=building)
    held = held.filter(unit_no=unit) if unit else held
    current: Coverage | None = held.filter(unit_no=unit).first()
    if current is not None and current.organisation_id == organisation.pk:
        if held.count() == 1:
            return current
        held = held.exclude(pk=current.pk)
    if held.filter(started_on__gt=day).exists():
        raise HouseError(_("现有覆盖关系的起始日期更晚，请检查日期。"))
    held.update(ended_on=day)
    if current is not None and current.organisation_id == organisation.pk:
        return current
    coverage = Coverage.objects.create(
        organisation=organisation, building=building, unit_no=unit, started_on=day
    )
    _record("cover", by, f"building:{building.pk}", organisation.path, unit=unit)
    return coverage


def refuse_unfit_cover(organisation: Organisation, community: Organisation) -> None:
    """Raise HouseError unless the organisation may cover doors of the community."""
    if organisation.level not in COVERING_LEVELS:
        raise HouseError(_("楼栋只能由社区、网格党支部或楼宇党小组覆盖。"))
    if not organisation.path.startswith(community.path):
        raise HouseError(_("该组织不属于楼栋所在的社区。"))
    if organisation.ended_on is not None:
        raise HouseError(_("该组织已撤销，不能再覆盖楼栋。"))


def bulk_cover(
    rows: Iterable[tuple[Organisation, Building, str]], *, started_on: date
) -> list[Coverage]:
    """Cover many doors that nobody covers yet, each as (organisation, building, unit or "")."""
    coverages = [
        Coverage(
            organisation=organisation,
            building=building,
            unit_no=unit_key(unit),
            started_on=started_on,
        )
        for organisation, building, unit in rows
    ]
    return Coverage.objects.bulk_create(coverages, BATCH)


@audit.deed()
def open_grid(
    organisation: Organisation,
    name: str,
    *,
    tier: int,
    by: Any,
    kind: str = GridKind.GENERAL,
    parent: Grid | None = None,
    code: str = "",
    boundary: dict[str, Any] | None = None,
    started_on: date | None = None,
) -> Grid:
    """Open a grid worked by an organisation; without `code` it takes the community's next number.

    Codes are the community's twelve digits and 001-799, dedicated grids 801-999, and are never
    used again (`domain.md` 1.2). `boundary` is GeoJSON in WGS-84.
    """
    _require(by, organisation.path)
    community = Organisation.objects.filter(path=organisation.path[:12], level=2).first()
    if community is None:
        raise HouseError(_("网格须属于一个社区。"))
    grid = Grid(
        tier=Tier(tier),
        kind=GridKind(kind),
        parent=parent,
        organisation=organisation,
        code=code or next_grid_code(community, kind),
        name=name.strip(),
        boundary=checked_boundary(boundary),
        started_on=started_on or timezone.localdate(),
    )
    try:
        with transaction.atomic():
            grid.save()
    except IntegrityError as error:
        raise HouseError(_("网格编码已被使用，编码永不重复使用。")) from error
    _record("open_grid", by, f"grid:{grid.pk}", organisation.path, code=grid.code)
    return grid


@audit.deed()
def draw_boundary(grid: Grid, boundary: dict[str, Any] | None, *, by: Any) -> None:
    """Set a grid's boundary (GeoJSON polygon in WGS-84), or take it away with None."""
    _require(by, grid.organisation.path)
    grid.boundary = checked_boundary(boundary)
    grid.save(update_fields=["boundary"])
    _record("draw_boundary", by, f"grid:{grid.pk}", grid.organisation.path)


def next_grid_code(community: Organisation, kind: str) -> str:
    """The community's next free grid code; closed grids keep theirs."""
    if len(community.division_code) != 12:
        raise HouseError(_("请先填写社区的 12 位区划代码，再编网格号。"))
    dedicated = kind == GridKind.DEDICATED
    first, last = (FIRST_DEDICATED_SEQUENCE, 999) if dedicated else (1, 799)
    prefix = community.division_code
    codes = Grid.objects.filter(
        code__gte=f"{prefix}{first:03}", code__lte=f"{prefix}{last:03}"
    ).values_list("code", flat=True)
    sequence = max((int(code[12:15]) for code in codes if len(code) == 15), default=first - 1) + 1
    if sequence > last:
        raise HouseError(_("本社区的网格号已用完。"))
    return f"{prefix}{sequence:03}"


def checked_boundary(boundary: dict[str, Any] | None) -> dict[str, Any] | None:
    """The GeoJSON geometry as it came; HouseError unless it is a closed, simple area."""
    if boundary is None:
        return None
    try:
        area = Area.read(boundary)
    except (ValueError, TypeError, KeyError, IndexError) as error:
        raise HouseError(_("边界不是可读的 GeoJSON 面。")) from error
    if not is_well_drawn(area):
        raise HouseError(_("边界须是闭合且不自交的面，请重新绘制。"))
    return boundary


def _require(by: Any, path: str) -> None:
    if by is not None:
        require(by, Word.MANAGE, path)


def _record(verb: str, by: Any, subject: str, path: str, **detail: Any) -> None:
    audit.record(verb, by=by, subject=subject, organisation_path=path, detail=detail)
