"""The working calendar: rest days, make-up workdays, office hours."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.models.organisations import Organisation


class CalendarYear(models.Model):
    """That a year's official calendar is loaded; deadlines into other years are provisional."""

    year = models.PositiveSmallIntegerField(_("年份"), primary_key=True)
    source = models.CharField(_("来源"), max_length=200)
    version = models.PositiveIntegerField(_("版本"), default=1)
    loaded_at = models.DateTimeField(_("导入时间"), default=timezone.now)

    class Meta:
        verbose_name = _("日历年度")
        verbose_name_plural = _("日历年度")
        default_permissions = ()
        ordering = ["-year"]

    def __str__(self) -> str:
        return str(self.year)


class CalendarDay(models.Model):
    """A day that differs from Monday-to-Friday (`domain.md` 8.1)."""

    day = models.DateField(_("日期"), primary_key=True)
    is_workday = models.BooleanField(_("上班"), help_text=_("勾选为调休上班，不勾为放假。"))
    name = models.CharField(_("名称"), max_length=40, blank=True)
    source = models.CharField(_("来源"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("日历日")
        verbose_name_plural = _("日历日")
        default_permissions = ()
        ordering = ["day"]

    def __str__(self) -> str:
        return self.day.isoformat()


class OfficeHours(models.Model):
    """Opening hours of an office in a season; working hours are counted only within them."""

    subdistrict = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("街道"),
    )
    season_from = models.CharField(_("起（月-日）"), max_length=5, default="01-01")
    season_to = models.CharField(_("止（月-日）"), max_length=5, default="12-31")
    morning_from = models.TimeField(_("上午上班"))
    morning_to = models.TimeField(_("上午下班"))
    afternoon_from = models.TimeField(_("下午上班"))
    afternoon_to = models.TimeField(_("下午下班"))

    class Meta:
        verbose_name = _("办公时间")
        verbose_name_plural = _("办公时间")
        default_permissions = ()
        ordering = ["season_from"]
