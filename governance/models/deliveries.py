"""Deliveries: what leaves the house, over which channel, and how each attempt ended."""

from uuid import uuid4

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.choices import ChannelKind, DeliveryState
from governance.models.notices import Notice
from governance.models.organisations import Organisation
from governance.models.people import Person
from governance.models.reach import ScopedQuerySet


class ChannelQuerySet(ScopedQuerySet):
    """Channels, scoped by the organisation they serve."""

    scope_paths = ("organisation__path",)


class Channel(models.Model):
    """A way out of the house that an office has set up; serves its organisation and all beneath.

    Where it leads and with which secret is sealed and never shown again; only `hint` is open.
    """

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("适用组织"),
        help_text=_("该组织及其下级的提醒经此渠道发出。"),
    )  # fmt: skip
    kind = models.CharField(_("类型"), max_length=10, choices=ChannelKind)
    name = models.CharField(_("名称"), max_length=40, help_text=_("例如：街道短信、热线工作群。"))
    sealed = models.TextField(editable=False)
    hint = models.CharField(_("地址"), max_length=100, blank=True, editable=False)
    portal_address = models.URLField(
        _("消息中的网址"), blank=True, max_length=120,
        help_text=_("收到消息的人打开本系统的网址；留空则消息不带链接。"),
    )  # fmt: skip
    is_active = models.BooleanField(_("启用"), default=True)
    is_urgent_only = models.BooleanField(_("只发特急"), default=False)
    timeout_seconds = models.PositiveSmallIntegerField(
        _("等待对方应答（秒）"), default=5,
        validators=[MinValueValidator(1), MaxValueValidator(30)],
    )  # fmt: skip
    most_attempts = models.PositiveSmallIntegerField(
        _("最多尝试次数"), default=8, validators=[MinValueValidator(1), MaxValueValidator(50)]
    )
    first_pause_seconds = models.PositiveIntegerField(
        _("第一次重试间隔（秒）"), default=60, help_text=_("之后每次加倍。"),
        validators=[MinValueValidator(5), MaxValueValidator(3600)],
    )  # fmt: skip
    longest_pause_minutes = models.PositiveIntegerField(
        _("最长重试间隔（分钟）"), default=60,
        validators=[MinValueValidator(1), MaxValueValidator(1440)],
    )  # fmt: skip
    gives_up_after_hours = models.PositiveIntegerField(
        _("最多等待（小时）"), default=24, help_text=_("到时仍未送达的，列入“未送达”。"),
        validators=[MinValueValidator(1), MaxValueValidator(168)],
    )  # fmt: skip
    failures_before_rest = models.PositiveSmallIntegerField(
        _("连续失败几次后暂停"), default=3,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )  # fmt: skip
    rest_minutes = models.PositiveIntegerField(
        _("每次暂停（分钟）"), default=5, validators=[MinValueValidator(1), MaxValueValidator(1440)]
    )
    most_per_minute = models.PositiveIntegerField(
        _("每分钟最多（条）"), default=0, help_text=_("0 为不限；群机器人最多 20 条。"),
        validators=[MaxValueValidator(6000)],
    )  # fmt: skip
    # How its partner does at present; written by the sender.
    failure_count = models.PositiveIntegerField(default=0, editable=False)
    rests_until = models.DateTimeField(_("暂停至"), null=True, editable=False)
    last_sent_at = models.DateTimeField(_("最近送达"), null=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ChannelQuerySet.as_manager()

    class Meta:
        verbose_name = _("外发渠道")
        verbose_name_plural = _("外发渠道")
        ordering = ["organisation__path", "kind", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="channel_name_once")
        ]

    def __str__(self) -> str:
        return self.name


class DeliveryQuerySet(ScopedQuerySet):
    """Deliveries, scoped by the organisation whose channel carries them."""

    scope_paths = ("channel__organisation__path",)

    def not_delivered(self) -> "DeliveryQuerySet":
        """What the house could not deliver and nobody has settled yet."""
        return self.filter(state=DeliveryState.GAVE_UP, is_test=False)


class Delivery(models.Model):
    """One notice on one channel: the outbox. A row waits, is sent, given up, or declared void.

    `text` says that something waits, never what it is about (`domain.md` 4.1); `message_key` lets
    the partner recognise a repeat. A claim (`leased_until`) ends by itself when its worker dies.
    """

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="deliveries")
    channel = models.ForeignKey(
        Channel, models.PROTECT, related_name="deliveries", verbose_name=_("渠道")
    )
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="deliveries", verbose_name=_("接收人")
    )
    text = models.CharField(_("消息"), max_length=160)
    link = models.CharField(max_length=120, blank=True)
    message_key = models.UUIDField(default=uuid4, unique=True, editable=False)
    is_test = models.BooleanField(default=False, editable=False)
    state = models.CharField(
        _("状态"), max_length=8, choices=DeliveryState, default=DeliveryState.WAITING
    )
    wanted_at = models.DateTimeField(_("应发时间"))
    due_at = models.DateTimeField(_("下次尝试"))
    attempt_count = models.PositiveIntegerField(_("尝试次数"), default=0)
    leased_until = models.DateTimeField(null=True, editable=False)
    last_error = models.CharField(_("原因"), max_length=200, blank=True)
    sent_at = models.DateTimeField(_("送达时间"), null=True)
    settled_at = models.DateTimeField(_("结束时间"), null=True)
    note = models.CharField(_("作废原因"), max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("外发消息")
        verbose_name_plural = _("外发消息")
        ordering = ["-pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["notice", "channel"], name="delivery_once_per_channel"),
            models.CheckConstraint(
                name="delivery_sent_has_its_moment",
                condition=Q(state=DeliveryState.SENT, sent_at__isnull=False)
                | ~Q(state=DeliveryState.SENT),
            ),
        ]
        indexes = [
            models.Index(
                fields=["channel", "due_at"],
                condition=Q(state=DeliveryState.WAITING),
                name="delivery_waiting",
            ),
            models.Index(
                fields=["channel", "-id"],
                condition=Q(state=DeliveryState.GAVE_UP),
                name="delivery_not_delivered",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class DeliveryAttempt(models.Model):
    """One try to hand a delivery over, and how it ended; appended, never edited or deleted."""

    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="attempts")
    at = models.DateTimeField(default=timezone.now)
    is_success = models.BooleanField(default=False)
    reason = models.CharField(max_length=200, blank=True)
    took_milliseconds = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        ordering = ["id"]
        indexes = [models.Index(fields=["at"], name="delivery_attempt_by_moment")]
