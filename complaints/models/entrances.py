"""The residents' entrance: the codes on the walls, what a page tells and asks, and its budgets."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from complaints.models.categories import Category
from complaints.models.street_rows import StreetRow, once_per_street
from governance.models import Organisation
from grids.models import Building, Grid


class PlaceCode(models.Model):
    """The code on the wall of a building or a grid; a torn-off one is ended, never used again."""

    code = models.CharField(_("代码"), max_length=16, unique=True)
    subdistrict = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    building = models.ForeignKey(Building, models.PROTECT, null=True, related_name="codes")
    grid = models.ForeignKey(Grid, models.PROTECT, null=True, related_name="codes")
    made_at = models.DateTimeField(_("启用时间"), default=timezone.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(_("停用时间"), null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("网格公示牌")
        verbose_name_plural = _("网格公示牌")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="place_code_of_one_place",
                condition=Q(building__isnull=False, grid=None)
                | Q(building=None, grid__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["building"],
                condition=Q(ended_at__isnull=True, building__isnull=False),
                name="place_code_one_current_per_building",
            ),
            models.UniqueConstraint(
                fields=["grid"],
                condition=Q(ended_at__isnull=True, grid__isnull=False),
                name="place_code_one_current_per_grid",
            ),
        ]

    def __str__(self) -> str:
        return str(self.building or self.grid)


class PrivacyNotice(StreetRow):
    """What residents are told before they agree (`domain.md` 4.1); a version is never rewritten."""

    version = models.PositiveIntegerField(_("版本"), default=1, editable=False)
    title = models.CharField(_("标题"), max_length=60)
    text = models.TextField(_("告知内容"), max_length=4000)
    made_at = models.DateTimeField(_("发布时间"), default=timezone.now, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )

    class Meta:
        verbose_name = _("个人信息告知")
        verbose_name_plural = _("个人信息告知")
        default_permissions = ()
        ordering = ["-id"]
        constraints = once_per_street("version", name="privacy_notice_version")

    def __str__(self) -> str:
        return str(_("%(title)s 第%(version)s版")) % {
            "title": self.title, "version": self.version
        }  # fmt: skip


class PlainKind(StreetRow):
    """A kind of matter in the words of the stairway; leads to one of the office's categories."""

    position = models.PositiveSmallIntegerField(_("顺序"), default=50)
    name = models.CharField(_("居民看到的说法"), max_length=20)
    icon = models.CharField(_("图标"), max_length=30, blank=True)
    category = models.ForeignKey(
        Category,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("对应分类"),
        help_text=_("留空表示由热线办受理时再定。"),
    )
    is_enabled = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("居民分类")
        verbose_name_plural = _("居民分类")
        default_permissions = ()
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class ResidentRules(models.Model):
    """What a street sets for its residents' pages: budgets, how long a link lives, who answers."""

    subdistrict = models.OneToOneField(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("街道"),
    )
    address_hour = models.PositiveSmallIntegerField(
        _("同一网络每小时最多提交"), default=20, help_text=_("一栋楼的居民可能共用一个网络地址。")
    )
    address_day = models.PositiveSmallIntegerField(_("同一网络每天最多提交"), default=60)
    phone_day = models.PositiveSmallIntegerField(_("同一电话每天最多提交"), default=5)
    link_day = models.PositiveSmallIntegerField(_("同一链接每天最多操作"), default=20)
    least_seconds = models.PositiveSmallIntegerField(_("填写至少几秒"), default=3)
    link_days = models.PositiveSmallIntegerField(_("查询链接有效天数"), default=180)
    outside_day = models.PositiveSmallIntegerField(
        _("每人每天最多征询外单位"), default=30, help_text=_("一次征询发出一个一次性链接。")
    )
    outside_link_days = models.PositiveSmallIntegerField(
        _("外单位链接在答复期限后仍有效的天数"), default=15
    )
    public_address = models.URLField(
        _("居民访问的网址"),
        max_length=120,
        blank=True,
        help_text=_("印在二维码里，例如 https://wangge.example.cn；留空则用工作台的网址。"),
    )
    host = models.CharField(_("主办单位"), max_length=60, blank=True)
    contact_phone = models.CharField(_("咨询电话"), max_length=30, blank=True)
    records = models.CharField(
        _("备案号"),
        max_length=160,
        blank=True,
        help_text=_("ICP备案号、公安联网备案号、网站标识码。"),
    )

    class Meta:
        verbose_name = _("居民页面规则")
        verbose_name_plural = _("居民页面规则")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.subdistrict or _("通用"))


class BudgetUse(models.Model):
    """How often one address, phone or link was used in one hour or day; nobody can be read from it."""

    name = models.CharField(max_length=16)
    digest = models.CharField(max_length=64)
    period = models.CharField(max_length=13)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["name", "digest", "period"], name="budget_use_once_per_period"
            )
        ]
        indexes = [models.Index(fields=["period"], name="budget_use_by_period")]
