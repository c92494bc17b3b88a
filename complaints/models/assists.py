"""Assistance: units that help the main unit, asked quietly or called by a whistle (吹哨)."""

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from complaints.choices import AWAITED, AssistKind, AssistState, LimitUnit
from complaints.models.complaints import Complaint
from complaints.models.street_rows import StreetRow
from governance.models import Organisation, ScopedQuerySet
from governance.models.reach import beneath, roots


class AssistRule(StreetRow):
    """The limits of one way of asking for help; a street's own row wins (`domain.md` 5.4)."""

    kind = models.CharField(_("方式"), max_length=12, choices=AssistKind)
    answer_amount = models.PositiveSmallIntegerField(_("答复时限"))
    answer_unit = models.CharField(_("答复时限单位"), max_length=2, choices=LimitUnit)
    respond_amount = models.PositiveSmallIntegerField(
        _("响应时限"), null=True, blank=True, help_text=_("吹哨用；协办留空。")
    )
    respond_unit = models.CharField(
        _("响应时限单位"), max_length=2, choices=LimitUnit, default=LimitUnit.WORKDAYS
    )
    arrive_amount = models.PositiveSmallIntegerField(
        _("到场时限"), null=True, blank=True, help_text=_("吹哨用；吹哨时另定时间的，按另定的。")
    )
    arrive_unit = models.CharField(
        _("到场时限单位"), max_length=2, choices=LimitUnit, default=LimitUnit.WORKDAYS
    )
    is_enabled = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("协办与吹哨规则")
        verbose_name_plural = _("协办与吹哨规则")
        default_permissions = ()
        ordering = ["id"]

    def __str__(self) -> str:
        return self.get_kind_display()


class WhistleCallQuerySet(ScopedQuerySet):
    """Whistles, scoped by the unit that has blown them."""

    scope_paths = ("unit_path",)


class WhistleCall(models.Model):
    """街道吹哨、部门报到: one call of a community or the street to departments (`domain.md` 5.4)."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="whistles")
    kind = models.CharField(_("哨别"), max_length=12, choices=AssistKind)
    unit = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("吹哨单位")
    )
    unit_path = models.CharField(max_length=30, editable=False)
    reason = models.CharField(_("吹哨事由"), max_length=500)
    place = models.CharField(_("报到地点"), max_length=160, blank=True)
    called_at = models.DateTimeField(default=timezone.now)
    called_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = WhistleCallQuerySet.as_manager()

    class Meta:
        verbose_name = _("吹哨")
        verbose_name_plural = _("吹哨")
        default_permissions = ()
        ordering = ["-id"]
        indexes = [models.Index(fields=["called_at"], name="whistle_by_call")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.complaint_id}"


class AssistQuerySet(ScopedQuerySet):
    """Units that help, scoped by themselves and by the unit that has asked."""

    scope_paths = ("unit_path", "asker_path")

    def visible_to(self, user: Any, word: str = "see") -> Self:
        """What is asked of the units of `user`, and what they have asked for.

        Who asked sees it as long as the case may be seen; nobody by this way a confidential one.
        """
        paths = roots(user, word)
        # Case by case: a set of all visible cases would be read whole.
        is_seen = Exists(Complaint.objects.visible_to(user).filter(pk=OuterRef("complaint_id")))
        asked = Q(is_seen, beneath("asker_path", paths))
        rows = self.filter(beneath("unit_path", paths) | asked)
        return rows.filter(complaint__is_confidential=False)

    def awaited(self) -> Self:
        """Help that is still waited for."""
        return self.filter(state__in=AWAITED)


class Assist(models.Model):
    """One unit beside the main unit: what it shall do, by when, and what came of it (协办).

    A unit called by a whistle also says that it comes, and reports when it is there; every moment
    is a column, so that response, arrival and answers are counted from here. Late help is seen
    and moves no clock of the case.
    """

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="assists")
    whistle = models.ForeignKey(WhistleCall, models.CASCADE, null=True, related_name="assists")
    kind = models.CharField(_("方式"), max_length=12, choices=AssistKind)
    round = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(
        _("状态"), max_length=10, choices=AssistState, default=AssistState.ASKED
    )
    unit = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("协办单位")
    )
    unit_path = models.CharField(max_length=30, editable=False)
    task = models.CharField(_("协办事项"), max_length=500)
    asker = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    asker_path = models.CharField(max_length=30, editable=False)
    asked_at = models.DateTimeField(default=timezone.now)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    respond_due_at = models.DateTimeField(null=True)
    responded_at = models.DateTimeField(null=True)
    responded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    arrive_due_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    arrived_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    due_at = models.DateTimeField(_("答复期限"))
    answer = models.CharField(_("办理情况"), max_length=1000, blank=True)
    # Why the unit declined, was let go, or was not waited for.
    note = models.CharField(_("说明"), max_length=300, blank=True)
    # Answered, declined, released, or left without an answer when the case was.
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = AssistQuerySet.as_manager()

    class Meta:
        verbose_name = _("协办")
        verbose_name_plural = _("协办")
        default_permissions = ()
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["complaint", "unit"],
                condition=Q(state__in=[str(state) for state in AWAITED]),
                name="assist_one_awaited_per_unit",
            ),
        ]
        indexes = [
            models.Index(
                fields=["unit_path"],
                condition=Q(state__in=[str(state) for state in AWAITED]),
                name="assist_awaited_by_unit",
            ),
            models.Index(fields=["unit_path", "complaint"], name="assist_by_unit"),
            models.Index(fields=["asker_path"], name="assist_by_asker"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.complaint_id}"

    @property
    def is_awaited(self) -> bool:
        """Whether the unit still owes something."""
        return self.state in AWAITED

    @property
    def is_whistle(self) -> bool:
        """Whether the unit was called by a whistle."""
        return self.whistle_id is not None

    @property
    def next_due_at(self) -> datetime | None:
        """The nearest moment the unit has still to keep, None when it owes nothing any more."""
        if not self.is_awaited:
            return None
        if self.respond_due_at is not None and self.responded_at is None:
            return self.respond_due_at
        if self.arrive_due_at is not None and self.arrived_at is None:
            return self.arrive_due_at
        return self.due_at

    @property
    def is_late(self) -> bool:
        """Whether a moment has passed, or was passed when it was met."""
        now = timezone.now()
        end = self.ended_at or now
        pairs: list[tuple[datetime | None, datetime | None]] = [(self.due_at, self.ended_at)]
        if self.state != AssistState.DECLINED:
            pairs.append((self.arrive_due_at, self.arrived_at))
        pairs.append((self.respond_due_at, self.responded_at))
        return any(due is not None and (met or end) > due for due, met in pairs)
