"""Groups: owners' committees, volunteer teams and art groups of a community, as a plain register."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from governance.models import Organisation, Person, ScopedQuerySet
from grids.models import ResidentialCompound
from residents.choices import GroupKind


class CommunityGroupQuerySet(ScopedQuerySet):
    """Groups, scoped by their community."""

    scope_paths = ("community__path",)

    def current(self) -> "CommunityGroupQuerySet":
        """Those that have not been dissolved."""
        return self.filter(ended_on__isnull=True)


class CommunityGroup(models.Model):
    """What residents have founded together: who they are, where, how many, and who leads them.

    An owners' committee (业主委员会) belongs to one compound, which has at most one at a time;
    volunteer teams (志愿服务队) and art groups (文艺团队) belong to the community. Seats, elections,
    activities and hours are for later tables that point here.
    """

    kind = models.CharField(_("类型"), max_length=20, choices=GroupKind)
    name = models.CharField(_("名称"), max_length=60)
    community = models.ForeignKey(
        Organisation, models.PROTECT, related_name="groups", verbose_name=_("社区")
    )
    compound = models.ForeignKey(
        ResidentialCompound,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="groups",
        verbose_name=_("小区"),
    )
    head = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("负责人")
    )
    member_count = models.PositiveSmallIntegerField(_("成员人数"), default=0)
    founded_on = models.DateField(_("成立日期"))
    ended_on = models.DateField(_("解散日期"), null=True, blank=True)

    objects = CommunityGroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("群众队伍")
        verbose_name_plural = _("群众队伍")
        ordering = ["kind", "community", "name"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["community", "kind", "name"], name="group_name_once"),
            models.UniqueConstraint(
                fields=["compound"],
                condition=Q(kind="owners_committee", ended_on__isnull=True),
                name="group_one_committee_in_a_compound",
            ),
        ]

    def __str__(self) -> str:
        return self.name
