"""Places: grids, compounds, buildings, dwellings, and who covers which door."""

from collections.abc import Iterable
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from governance.models import Organisation, ScopedQuerySet
from governance.models.reach import beneath
from grids.choices import GridKind, Tier


class GridQuerySet(ScopedQuerySet):
    """Grids, scoped by the organisation that works them."""

    scope_paths = ("organisation__path",)


class Grid(models.Model):
    """A piece of the street's ground with an organisation that answers for it.

    `code` is the community's twelve digits and a three-digit sequence (`domain.md` 1.2); it is
    never used again. `boundary` is a GeoJSON geometry in WGS-84, or null while not drawn.
    """

    tier = models.PositiveSmallIntegerField(_("层次"), choices=Tier)
    kind = models.CharField(_("类型"), max_length=10, choices=GridKind, default=GridKind.GENERAL)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name=_("上级网格"),
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="grids", verbose_name=_("组织")
    )
    code = models.CharField(_("网格编码"), max_length=20, unique=True)
    name = models.CharField(_("名称"), max_length=60)
    boundary = models.JSONField(_("边界"), null=True, blank=True)
    started_on = models.DateField(_("启用日期"))
    ended_on = models.DateField(_("停用日期"), null=True, blank=True)

    objects = GridQuerySet.as_manager()

    class Meta:
        verbose_name = _("网格")
        verbose_name_plural = _("网格")
        ordering = ["code"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class CompoundQuerySet(ScopedQuerySet):
    """Compounds, scoped by their community, and by whoever covers one of their doors."""

    scope_paths = ("community__path",)

    def within(self, paths: Iterable[str]) -> Self:
        """A grid worker's reach lies below the community, and still holds the own compounds."""
        paths = list(paths)
        covered = Coverage.objects.current().within(paths).filter(building__compound=OuterRef("pk"))
        return self.filter(beneath("community__path", paths) | Exists(covered))


class ResidentialCompound(models.Model):
    """A residential estate (小区) within one community."""

    community = models.ForeignKey(
        Organisation, models.PROTECT, related_name="compounds", verbose_name=_("社区")
    )
    name = models.CharField(_("名称"), max_length=60)
    name_key = models.CharField(max_length=60, editable=False, db_index=True)
    address = models.CharField(_("地址"), max_length=120, blank=True)
    lng = models.FloatField(_("经度"), null=True, blank=True)
    lat = models.FloatField(_("纬度"), null=True, blank=True)
    ended_on = models.DateField(_("撤销日期"), null=True, blank=True)

    objects = CompoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("小区")
        verbose_name_plural = _("小区")
        ordering = ["name"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["community", "name"], name="compound_name_once")
        ]

    def __str__(self) -> str:
        return self.name


class BuildingQuerySet(ScopedQuerySet):
    """Buildings, scoped by the community of their compound, and by whoever covers a door."""

    scope_paths = ("compound__community__path",)

    def within(self, paths: Iterable[str]) -> Self:
        """Buildings of the communities beneath `paths`, and those covered from beneath them."""
        paths = list(paths)
        covered = Coverage.objects.current().within(paths).filter(building=OuterRef("pk"))
        return self.filter(beneath("compound__community__path", paths) | Exists(covered))


class Building(models.Model):
    """A block (楼栋) of a compound; `number` as painted on the wall, e.g. "3" for 3号楼."""

    compound = models.ForeignKey(
        ResidentialCompound, models.PROTECT, related_name="buildings", verbose_name=_("小区")
    )
    number = models.CharField(_("楼号"), max_length=12)
    unit_count = models.PositiveSmallIntegerField(_("单元数"), default=1)
    floor_count = models.PositiveSmallIntegerField(_("层数"), default=6)
    lng = models.FloatField(_("经度"), null=True, blank=True)
    lat = models.FloatField(_("纬度"), null=True, blank=True)
    ended_on = models.DateField(_("拆除日期"), null=True, blank=True)

    objects = BuildingQuerySet.as_manager()

    class Meta:
        verbose_name = _("楼栋")
        verbose_name_plural = _("楼栋")
        ordering = ["compound", "id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["compound", "number"], name="building_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.compound.name}{self.number}号楼"


class DwellingQuerySet(ScopedQuerySet):
    """Dwellings, scoped by the community of their compound, and by whoever covers their door."""

    scope_paths = ("building__compound__community__path",)

    def within(self, paths: Iterable[str]) -> Self:
        """Dwellings of the communities beneath `paths`, and those behind doors covered there."""
        paths = list(paths)
        covered = (
            Coverage.objects.current()
            .within(paths)
            .filter(Q(unit_no="") | Q(unit_no=OuterRef("unit_no")), building=OuterRef("building"))
        )
        return self.filter(beneath("building__compound__community__path", paths) | Exists(covered))


class Dwelling(models.Model):
    """A flat (户室). Nobody owns it here: who lives or owns is a dated relation one floor up."""

    building = models.ForeignKey(Building, models.PROTECT, related_name="dwellings")
    unit_no = models.CharField(_("单元"), max_length=6, blank=True)
    floor_no = models.SmallIntegerField(_("楼层"), null=True, blank=True)
    room_no = models.CharField(_("室号"), max_length=12)
    # "compound id|building|unit|room" (grids.addresses.room_key): what a written room code becomes.
    room_key = models.CharField(max_length=100, unique=True, editable=False)

    objects = DwellingQuerySet.as_manager()

    class Meta:
        verbose_name = _("户室")
        verbose_name_plural = _("户室")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["building", "unit_no", "room_no"], name="dwelling_room_once"
            )
        ]

    def __str__(self) -> str:
        unit = f"{self.unit_no}单元" if self.unit_no else ""
        return f"{self.building}{unit}{self.room_no}"


class CoverageQuerySet(ScopedQuerySet):
    """Coverage rows, scoped by the organisation that covers."""

    scope_paths = ("organisation__path",)

    def current(self) -> "CoverageQuerySet":
        """Those that hold today."""
        return self.filter(ended_on__isnull=True)


class Coverage(models.Model):
    """Which organisation covers a door: one current row for each building and entrance unit.

    `unit_no` "" means the whole building. The organisation is a building group where one exists,
    else a branch or a community (`architecture.md` 4).
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="coverages")
    building = models.ForeignKey(Building, models.PROTECT, related_name="coverages")
    unit_no = models.CharField(max_length=6, blank=True)
    started_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)

    objects = CoverageQuerySet.as_manager()

    class Meta:
        verbose_name = _("覆盖关系")
        verbose_name_plural = _("覆盖关系")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["building", "unit_no"],
                condition=Q(ended_on__isnull=True),
                name="coverage_one_organisation_per_door",
            )
        ]
