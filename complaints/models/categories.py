"""Categories and limits: what a street expects of each kind of matter. Every number is a row."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from complaints.choices import FourIsation, LimitUnit, Urgency
from complaints.models.street_rows import StreetRow, once_per_street
from governance.choices import Level
from governance.models import Organisation


def refuse_half_limits(row: models.Model, *names: str) -> None:
    """Raise ValidationError beside the field when an amount has no unit, or a unit no amount."""
    faults = {}
    for name in names:
        prefix = f"{name}_" if name else ""
        amount, unit = getattr(row, f"{prefix}amount"), getattr(row, f"{prefix}unit")
        if unit and not amount:
            faults[f"{prefix}amount"] = _("请填写时限数量（至少为 1），或把单位也留空。")
        elif amount is not None and not unit:
            faults[f"{prefix}unit"] = _("请选择时限单位：分钟、小时、工作时、工作日或自然日。")
    if faults:
        raise ValidationError(faults)


class Category(StreetRow):
    """A node of the three-step category tree; the leaves carry limits and rules (`domain.md` 7).

    Cases keep a snapshot of the limit, so editing a row never changes an old case.
    """

    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name=_("上级分类"),
    )
    code = models.CharField(_("代码"), max_length=12)
    name = models.CharField(_("名称"), max_length=60)
    full_name = models.CharField(_("全称"), max_length=160, editable=False)
    is_leaf = models.BooleanField(_("末级"), default=True)
    urgency = models.CharField(
        _("紧急程度"), max_length=10, choices=Urgency, default=Urgency.ORDINARY
    )
    limit_amount = models.PositiveSmallIntegerField(_("办理时限"), default=5)
    limit_unit = models.CharField(
        _("时限单位"), max_length=2, choices=LimitUnit, default=LimitUnit.WORKDAYS
    )
    solving_level = models.PositiveSmallIntegerField(
        _("最低解决层级"), choices=Level, default=Level.GRID_BRANCH
    )
    first_action_amount = models.PositiveSmallIntegerField(_("先期处置时限"), null=True, blank=True)
    first_action_unit = models.CharField(
        _("先期处置单位"), max_length=2, choices=LimitUnit, blank=True
    )
    needs_photo = models.BooleanField(_("答复须附照片"), default=False)
    needs_callback = models.BooleanField(_("须回访"), default=True)
    default_handler = models.CharField(
        _("默认承办"),
        max_length=40,
        blank=True,
        help_text=_("部门名称；留空则派给覆盖该地址的网格。"),
    )
    filing_rule = models.CharField(_("立案条件"), max_length=200, blank=True)
    closing_rule = models.CharField(_("结案条件"), max_length=200, blank=True)
    keywords = models.CharField(_("关键词"), max_length=200, blank=True)
    four_isation = models.CharField(_("四化"), max_length=10, choices=FourIsation, blank=True)
    gbt39666_top = models.CharField(_("国标大类"), max_length=2, blank=True)
    season_from = models.CharField(_("季节起（月-日）"), max_length=5, blank=True)
    season_to = models.CharField(_("季节止（月-日）"), max_length=5, blank=True)
    is_confidential = models.BooleanField(
        _("涉及工作人员"), default=False, help_text=_("按保密件办理，被反映人不可见。")
    )
    basis = models.CharField(_("依据"), max_length=80, blank=True)
    is_enabled = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("诉求分类")
        verbose_name_plural = _("诉求分类")
        ordering = ["code"]
        default_permissions = ()
        constraints = once_per_street("code", name="category_code")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Amounts and units go together."""
        refuse_half_limits(self, "limit", "first_action")


class UrgencyLimit(StreetRow):
    """Sign, first contact and on-site limits of one urgency (`domain.md` 7)."""

    urgency = models.CharField(_("紧急程度"), max_length=10, choices=Urgency)
    sign_amount = models.PositiveSmallIntegerField(_("签收时限"))
    sign_unit = models.CharField(_("签收单位"), max_length=2, choices=LimitUnit)
    contact_amount = models.PositiveSmallIntegerField(_("首次联系时限"))
    contact_unit = models.CharField(_("首次联系单位"), max_length=2, choices=LimitUnit)
    on_site_amount = models.PositiveSmallIntegerField(_("到场时限"), null=True, blank=True)
    on_site_unit = models.CharField(_("到场单位"), max_length=2, choices=LimitUnit, blank=True)
    progress_amount = models.PositiveSmallIntegerField(_("进展说明间隔"), null=True, blank=True)
    progress_unit = models.CharField(_("进展单位"), max_length=2, choices=LimitUnit, blank=True)

    class Meta:
        verbose_name = _("紧急程度时限")
        verbose_name_plural = _("紧急程度时限")
        default_permissions = ()
        ordering = ["id"]

    def __str__(self) -> str:
        return self.get_urgency_display()

    def clean(self) -> None:
        """Amounts and units go together."""
        refuse_half_limits(self, "sign", "contact", "on_site", "progress")


class LevelBox(StreetRow):
    """The ceiling of time a case may rest on one party level (`domain.md` 5.3)."""

    level = models.PositiveSmallIntegerField(_("层级"), choices=Level)
    amount = models.PositiveSmallIntegerField(_("停留上限"), null=True, blank=True)
    unit = models.CharField(_("单位"), max_length=2, choices=LimitUnit, blank=True)
    climbs_by_itself = models.BooleanField(_("到时自动上报"), default=True)

    class Meta:
        verbose_name = _("层级时限")
        verbose_name_plural = _("层级时限")
        default_permissions = ()
        ordering = ["-level"]

    def __str__(self) -> str:
        return self.get_level_display()

    def clean(self) -> None:
        """Amounts and units go together."""
        refuse_half_limits(self, "")


class CaseRules(models.Model):
    """The remaining numbers a street may set for the life of a case (`domain.md` 1.6, 5.1)."""

    subdistrict = models.OneToOneField(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("街道"),
    )
    city_default_workdays = models.PositiveSmallIntegerField(_("热线默认时限（工作日）"), default=5)
    buffer_workdays = models.PositiveSmallIntegerField(_("内部提前量（工作日）"), default=1)
    least_work_hours = models.PositiveSmallIntegerField(_("最短承办时间（工作时）"), default=2)
    least_share_percent = models.PositiveSmallIntegerField(
        _("提前量至少留给承办单位的比例（%）"),
        default=50,
        help_text=_("内部提前量不得使承办单位的时间少于这个比例。"),
    )
    least_box_minutes = models.PositiveSmallIntegerField(
        _("各级最短停留（工作分钟）"),
        default=120,
        help_text=_("时限很短时，每级至少停留这么久，但不超过剩余时间的一半。"),
    )
    source_return_workdays = models.PositiveSmallIntegerField(
        _("退回来源时限（工作日）"), default=2
    )
    auto_sign_factor = models.PositiveSmallIntegerField(_("自动签收为签收时限的倍数"), default=2)
    supplement_workdays = models.PositiveSmallIntegerField(_("待补充时限（工作日）"), default=5)
    unreached_attempts = models.PositiveSmallIntegerField(_("回访未接通次数"), default=3)
    unreached_days = models.PositiveSmallIntegerField(_("回访须跨天数"), default=2)
    callback_share = models.PositiveSmallIntegerField(
        _("回访抽样比例（%）"),
        default=100,
        validators=[MinValueValidator(30), MaxValueValidator(100)],
        help_text=_("30–100；热线工单、重办、督办、黄红牌和未完全解决的一律回访，不参加抽样。"),
    )
    reopen_days = models.PositiveSmallIntegerField(_("可重办天数"), default=30)
    restore_days = models.PositiveSmallIntegerField(_("可恢复天数"), default=30)
    archive_days = models.PositiveSmallIntegerField(_("归档天数"), default=30)
    least_reply_characters = models.PositiveSmallIntegerField(_("公开答复最少字数"), default=10)
    undo_minutes = models.PositiveSmallIntegerField(
        _("可撤销时间（分钟）"),
        default=2,
        validators=[MaxValueValidator(30)],
        help_text=_("受理、派单、转出后多久内本人可以撤销；0 表示不允许。"),
    )
    long_overdue_workdays = models.PositiveSmallIntegerField(
        _("长期超期（工作日）"),
        default=5,
        validators=[MinValueValidator(1)],
        help_text=_("超过到期日这么多个工作日仍未办结的，列入长期超期。"),
    )
    highest_self_climbing_level = models.PositiveSmallIntegerField(
        _("自动上报止于"), choices=Level, default=Level.GRAND_COMMITTEE
    )
    cut_off = models.CharField(
        _("工作日截止"),
        max_length=16,
        choices=[("end_of_day", _("当日 23:59:59")), ("business_close", _("下班时间"))],
        default="end_of_day",
    )

    class Meta:
        verbose_name = _("办理规则")
        verbose_name_plural = _("办理规则")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.subdistrict or _("通用"))
