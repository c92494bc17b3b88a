"""Tokens: the keys with which programs read through the interface, in somebody's name."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.choices import ApiArea
from governance.models.appointments import Appointment
from governance.models.organisations import Organisation
from governance.models.reach import ScopedQuerySet


class ApiTokenQuerySet(ScopedQuerySet):
    """Tokens, scoped by the organisation they may read."""

    scope_paths = ("organisation__path",)

    def of(self, user: Any) -> "ApiTokenQuerySet":
        """The tokens that read in the name of `user`."""
        return self.filter(appointment__person_id=getattr(user, "person_id", None))


class ApiToken(models.Model):
    """A program's key: reads what its owner may see, at most, and less if granted less.

    The security administrator grants it, the owner alone collects the secret, once; so nobody
    gives a program what he could not read himself. Only a keyed digest of the secret is kept.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("待领取")
        ACTIVE = "active", _("有效")
        EXPIRED = "expired", _("已到期")
        REVOKED = "revoked", _("已吊销")

    name = models.CharField(_("用途"), max_length=60, help_text=_("例如：区数据平台每日同步。"))
    appointment = models.ForeignKey(
        Appointment, models.PROTECT, related_name="tokens", verbose_name=_("以谁的任职读取")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("范围")
    )
    words = models.JSONField(_("权限"), default=list)
    areas = models.JSONField(_("可读内容"), default=list)
    requests_per_minute = models.PositiveSmallIntegerField(_("每分钟请求上限"), default=120)
    expires_on = models.DateField(_("到期日期"), help_text=_("从这一天起不能再用。"))
    digest = models.CharField(max_length=64, blank=True, editable=False)
    hint = models.CharField(_("开头"), max_length=16, blank=True, editable=False)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name=_("批准人"),
    )  # fmt: skip
    granted_at = models.DateTimeField(_("批准时间"), default=timezone.now, editable=False)
    collected_at = models.DateTimeField(_("领取时间"), null=True, editable=False)
    last_used_at = models.DateTimeField(_("最近使用"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("吊销时间"), null=True, editable=False)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("接口令牌")
        verbose_name_plural = _("接口令牌")
        ordering = ["-id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="api_token_has_a_secret_once_collected",
                condition=Q(collected_at__isnull=True, digest="")
                | Q(collected_at__isnull=False) & ~Q(digest=""),
            ),
            models.UniqueConstraint(
                fields=["digest"], condition=~Q(digest=""), name="api_token_secret_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def state_on(self, day: date | None = None) -> "ApiToken.State":
        """Whether it waits for its owner, works, has expired or was revoked."""
        if self.revoked_at is not None:
            return self.State.REVOKED
        if self.expires_on <= (day or timezone.localdate()):
            return self.State.EXPIRED
        return self.State.WAITING if self.collected_at is None else self.State.ACTIVE

    @property
    def area_labels(self) -> list[str]:
        """What it may read, in words."""
        return [str(ApiArea(area).label) for area in self.areas]
