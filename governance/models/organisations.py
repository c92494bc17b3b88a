"""The organisation tree: five party levels, and departments beside them."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from governance.choices import BranchKind, ChangeKind, CommunityKind, Level, OrganisationKind, Word
from governance.models.reach import SEGMENT, ScopedQuerySet, chain, id_of
from governance.models.rows import PlainRow

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def segment(number: int) -> str:
    """`number` as one path segment: six base-36 digits, upper case."""
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = DIGITS[rest] + digits
    return digits.rjust(SEGMENT, "0")


class OrganisationQuerySet(ScopedQuerySet):
    """Organisations, scoped by their own path."""

    scope_paths = ("path",)

    def current(self) -> "OrganisationQuerySet":
        """Those that have not been closed."""
        return self.filter(ended_on__isnull=True)


class Organisation(PlainRow):
    """A unit that can be accountable: a party organisation of the five levels, or a department.

    A node never changes its parent; reorganising closes it and opens a successor, so that a path
    once written anywhere stays true (`architecture.md` 4).
    """

    # Given by a counter before the insert, because the path contains it.
    id = models.IntegerField(primary_key=True, editable=False)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("上级"),
    )
    kind = models.CharField(
        _("类型"), max_length=12, choices=OrganisationKind, default=OrganisationKind.PARTY
    )
    level = models.PositiveSmallIntegerField(_("层级"), choices=Level, null=True, blank=True)
    name = models.CharField(_("名称"), max_length=80)
    short_name = models.CharField(_("简称"), max_length=30, blank=True)
    short_code = models.CharField(
        _("编号简码"), max_length=8, blank=True, help_text=_("街道的诉求编号以它开头，例如 SBS。")
    )
    division_code = models.CharField(_("区划代码"), max_length=12, blank=True)
    management_parent = models.CharField(
        _("管理上级"),
        max_length=60,
        blank=True,
        help_text=_("例如淄博高新区；与统计上的上级区县可以不同。"),
    )
    community_kind = models.CharField(
        _("社区类型"), max_length=20, choices=CommunityKind, blank=True
    )
    branch_kind = models.CharField(_("支部类型"), max_length=12, choices=BranchKind, blank=True)
    phone = models.CharField(_("办公电话"), max_length=20, blank=True)
    address = models.CharField(_("办公地址"), max_length=120, blank=True)
    position = models.PositiveIntegerField(_("排序"), default=0)
    path = models.CharField(_("路径"), max_length=30, unique=True, editable=False)
    started_on = models.DateField(_("成立日期"))
    ended_on = models.DateField(_("撤销日期"), null=True, blank=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("组织")
        verbose_name_plural = _("组织")
        ordering = ["position", "path"]
        default_permissions = ()
        permissions = [(word.value, word.label) for word in Word]
        constraints = [
            models.CheckConstraint(
                name="organisation_path_is_as_long_as_its_level",
                condition=Q(kind="party", level__range=(1, 5), level__isnull=False)
                & Q(Exact(Length("path"), F("level") * SEGMENT))
                | ~Q(kind="party") & Q(level__isnull=True) & Q(Exact(Length("path"), 2 * SEGMENT)),
            ),
            models.CheckConstraint(
                name="organisation_only_level_one_has_no_parent",
                condition=Q(parent__isnull=True, level=1, level__isnull=False)
                | Q(parent__isnull=False) & (Q(level__isnull=True) | Q(level__gt=1)),
            ),
            models.CheckConstraint(
                name="organisation_ends_after_it_starts",
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def display_name(self) -> str:
        """The short name where there is one."""
        return self.short_name or self.name

    @property
    def subdistrict_id(self) -> int:
        """The id of the root; it is the first segment of the path."""
        return int(self.path[:SEGMENT], 36)

    @property
    def chain_ids(self) -> list[int]:
        """The ids from the root down to this node."""
        return [id_of(path) for path in chain(self.path)]

    def clean(self) -> None:
        """Refuse a wrong level, a foreign parent and a moved node in words of the office."""
        self.refuse_a_wrong_place()
        if self.pk is not None:
            before = Organisation.objects.filter(pk=self.pk).first()
            if before and (before.parent_id, before.kind) != (self.parent_id, self.kind):
                raise ValidationError(
                    {
                        "parent": _(
                            "组织不能改挂上级。请撤销本组织并新设接续组织，历史才不会被改写。"
                        )
                    }
                )

    def refuse_a_wrong_place(self) -> None:
        """Raise ValidationError unless the parent is the level directly above (`domain.md` 2.1)."""
        parent = self.parent
        if self.kind != OrganisationKind.PARTY:
            if parent is None or parent.level != Level.WORKING_COMMITTEE:
                raise ValidationError({"parent": _("科室、部门和中队只能直接设在街道之下。")})
            if self.level is not None:
                raise ValidationError({"level": _("科室、部门和中队没有党组织层级。")})
            return
        if self.level is None:
            raise ValidationError({"level": _("请选择党组织层级。")})
        if parent is None and self.level != Level.WORKING_COMMITTEE:
            raise ValidationError({"parent": _("只有街道党工委没有上级，请选择上级组织。")})
        if parent is not None and parent.level != self.level - 1:
            above = Level(self.level - 1).label if self.level > 1 else _("（无）")
            raise ValidationError(
                {"parent": _("上级层级不对：这一级只能设在%(level)s之下。") % {"level": above}}
            )

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the path from the parent's path; the id must have been given before."""
        if not self.path:
            self.path = (self.parent.path if self.parent else "") + segment(self.pk)
        super().save(*args, **kwargs)


class OrganisationChange(models.Model):
    """That one organisation came out of another: the thread through a reorganisation."""

    before = models.ForeignKey(Organisation, models.PROTECT, related_name="successors")
    after = models.ForeignKey(Organisation, models.PROTECT, related_name="predecessors")
    kind = models.CharField(max_length=12, choices=ChangeKind)
    changed_on = models.DateField()
    note = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["before", "after"], name="organisation_change_once_per_pair"
            )
        ]


class OrganisationUserPermission(UserObjectPermissionBase):
    """A right of one user on one organisation; it dies with the organisation."""

    content_object = models.ForeignKey(Organisation, models.CASCADE)


class OrganisationGroupPermission(GroupObjectPermissionBase):
    """Asked for by guardian; the house grants to persons only, so this table stays empty."""

    content_object = models.ForeignKey(Organisation, models.CASCADE)
