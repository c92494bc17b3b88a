"""Oversight: who is reminded when, how hard a case is pressed, cards, and the daily digest."""

from datetime import time

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from complaints.choices import Card, Hush, LimitUnit, Supervision, Trigger
from complaints.models.complaints import Complaint
from complaints.models.street_rows import StreetRow
from governance.models import Organisation, Person, ScopedQuerySet


class ReminderRule(StreetRow):
    """When somebody is reminded of a case, who, how, and what follows (`domain.md` 5.3).

    `amount` is a percentage for shares of a limit, a number of rounds or transfers, otherwise a
    span in `unit`. `audience` holds words ("handler", "above:1", "dispatcher", "decider") and posts
    as `role` or `role@level`; `channels` kinds of ways out of the house.
    """

    code = models.SlugField(_("代码"), max_length=40)
    label = models.CharField(_("名称"), max_length=60)
    trigger = models.CharField(_("触发"), max_length=14, choices=Trigger)
    amount = models.PositiveSmallIntegerField(_("数值"), default=0)
    unit = models.CharField(_("单位"), max_length=2, choices=LimitUnit, default=LimitUnit.WORKDAYS)
    left_percent = models.PositiveSmallIntegerField(
        _("按小时计的时限：剩余比例（%）"),
        default=20,
        validators=[MinValueValidator(1), MaxValueValidator(99)],
    )
    audience = models.JSONField(_("提醒对象"), default=list)
    channels = models.JSONField(_("外发渠道"), default=list, blank=True)
    hush = models.CharField(_("提醒时段"), max_length=6, choices=Hush, default=Hush.NIGHT)
    card = models.CharField(_("挂牌"), max_length=8, choices=Card, default=Card.NONE)
    supervision = models.CharField(
        _("督办级别"), max_length=10, choices=Supervision, default=Supervision.NONE
    )
    drafts_slip = models.BooleanField(_("自动拟督办单"), default=False)
    measure = models.CharField(_("要求"), max_length=100, blank=True)
    is_enabled = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("提醒规则")
        verbose_name_plural = _("提醒规则")
        default_permissions = ()
        ordering = ["id"]

    def __str__(self) -> str:
        return self.label


class OversightRules(models.Model):
    """Quiet hours, the time for answering slips, and the daily digest of one street (5.3)."""

    subdistrict = models.OneToOneField(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("街道"),
    )
    quiet_from = models.TimeField(_("夜间不打扰：从"), default=time(21))
    quiet_to = models.TimeField(_("夜间不打扰：至"), default=time(7, 30))
    slip_workdays = models.PositiveSmallIntegerField(
        _("督办反馈期限（工作日）"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(30)],
    )
    digest_at = models.TimeField(_("每日提要时间"), default=time(8))
    digest_on_rest_days = models.BooleanField(_("休息日也发每日提要"), default=False)
    digest_roles = models.JSONField(_("默认接收每日提要的岗位"), default=list, blank=True)
    digest_channels = models.JSONField(_("每日提要外发渠道"), default=list, blank=True)

    class Meta:
        verbose_name = _("督促与提要")
        verbose_name_plural = _("督促与提要")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.subdistrict or _("通用"))


class IssuedCardQuerySet(ScopedQuerySet):
    """Cards, scoped by the unit that got them, as far as their cases may be seen."""

    scope_paths = ("unit_path",)

    def visible_to(self, user: object, word: str = "see") -> "IssuedCardQuerySet":
        """The cards of the units within reach, without those of cases kept from `user`."""
        cases = Complaint.objects.visible_to(user)
        return super().visible_to(user, word).filter(complaint__in=cases)

    def standing(self) -> "IssuedCardQuerySet":
        """Cards that nobody has taken back."""
        return self.filter(withdrawn_at=None)


class IssuedCard(models.Model):
    """A yellow or red card: which unit got it for which case, by which rule or person, and why.

    One of each colour stands for one dispatch. Figures count the rows of a unit between two
    moments; a card that was withdrawn stays with its reason and counts no more.
    """

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="cards")
    assignment_number = models.PositiveSmallIntegerField(default=0)
    card = models.CharField(_("颜色"), max_length=8, choices=Card)
    unit = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("被挂牌单位")
    )
    unit_path = models.CharField(max_length=30, editable=False)
    rule_code = models.CharField(max_length=40, blank=True)
    reason = models.CharField(_("事由"), max_length=300)
    issued_at = models.DateTimeField(_("挂牌时间"), default=timezone.now)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(_("撤牌时间"), null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    withdrawn_note = models.CharField(_("撤牌理由"), max_length=300, blank=True)

    objects = IssuedCardQuerySet.as_manager()

    class Meta:
        verbose_name = _("黄红牌")
        verbose_name_plural = _("黄红牌")
        default_permissions = ()
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["complaint", "assignment_number", "card"],
                condition=Q(withdrawn_at__isnull=True),
                name="card_one_standing_per_dispatch",
            )
        ]
        indexes = [models.Index(fields=["unit_path", "issued_at"], name="card_by_unit")]

    def __str__(self) -> str:
        return self.get_card_display()


class DigestRun(models.Model):
    """That the digests of one street and day were written; it makes the second sweep do nothing."""

    subdistrict = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    on = models.DateField()
    at = models.DateTimeField(default=timezone.now)
    told_count = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["subdistrict", "on"], name="digest_once_per_day")
        ]


class DailyDigest(models.Model):
    """What waited for one person on one morning; the notice leads here, the page counts anew."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    on = models.DateField()
    waiting_count = models.PositiveIntegerField(default=0)
    today_count = models.PositiveIntegerField(default=0)
    late_count = models.PositiveIntegerField(default=0)
    request_count = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["person", "on"], name="digest_once_per_person")
        ]
