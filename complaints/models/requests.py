"""Requests: what a unit asks for while the case stays where it is, until somebody decides."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from complaints.choices import (
    CityAnswer,
    LimitUnit,
    RequestDecider,
    RequestKind,
    RequestState,
    RequestUnit,
)
from complaints.models.assignments import Assignment
from complaints.models.complaints import Complaint, Photo
from complaints.models.street_rows import StreetRow
from governance.models import Organisation, ScopedQuerySet


class RequestRule(StreetRow):
    """What a street allows of one kind of request; every number of `domain.md` 1.6 rules 8-10."""

    kind = models.CharField(_("申请"), max_length=13, choices=RequestKind)
    decider = models.CharField(
        _("由谁审批"), max_length=10, choices=RequestDecider, default=RequestDecider.DESK_ABOVE
    )
    ask_within = models.PositiveSmallIntegerField(
        _("派单后多久内可申请"), null=True, blank=True, help_text=_("留空表示到期前均可。")
    )
    ask_within_unit = models.CharField(
        _("申请时限单位"), max_length=3, choices=RequestUnit, default=RequestUnit.WORKDAYS
    )
    most_count = models.PositiveSmallIntegerField(
        _("次数上限"),
        null=True,
        blank=True,
        help_text=_("留空表示不限。退单超过这个次数，由再上一级审批；其他申请不再受理。"),
    )
    most_amount = models.PositiveSmallIntegerField(
        _("合计上限"),
        null=True,
        blank=True,
        help_text=_("多次合计。留空表示不限。"),
    )
    amount_unit = models.CharField(
        _("计量单位"),
        max_length=3,
        choices=RequestUnit,
        default=RequestUnit.WORKDAYS,
        help_text=_("延期、挂起按此单位申请和累计；修改后只影响以后的申请。"),
    )
    check_days = models.PositiveSmallIntegerField(
        _("每几个自然日复核一次"), null=True, blank=True, help_text=_("用于挂起。")
    )
    needs_evidence = models.BooleanField(_("须附依据或照片"), default=False)
    leaves_rates = models.BooleanField(
        _("认定后不计入解决率、满意率"), default=False, help_text=_("用于超职责；诉求量照常计算。")
    )
    is_enabled = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("申请规则")
        verbose_name_plural = _("申请规则")
        default_permissions = ()
        ordering = ["id"]

    def __str__(self) -> str:
        return self.get_kind_display()


class RequestReason(StreetRow):
    """A ground that may be chosen for one kind of request; a list that an office edits."""

    kind = models.CharField(_("申请"), max_length=13, choices=RequestKind)
    code = models.SlugField(_("代码"), max_length=30)
    label = models.CharField(_("理由"), max_length=60)
    is_enabled = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("申请理由")
        verbose_name_plural = _("申请理由")
        default_permissions = ()
        ordering = ["kind", "id"]

    def __str__(self) -> str:
        return self.label


class CaseRequestQuerySet(ScopedQuerySet):
    """Requests, scoped by who decides and who asked, as far as the case itself may be seen."""

    scope_paths = ("decider_path", "unit__path")

    def visible_to(self, user: Any, word: str = "see") -> Self:
        """The requests within reach of `word` whose case `user` may see."""
        cases = Complaint.objects.visible_to(user)
        return super().visible_to(user, word).filter(complaint__in=cases)

    def pending(self) -> Self:
        """Requests that wait for a decision."""
        return self.filter(state=RequestState.PENDING)


class CaseRequest(models.Model):
    """A return, extension, suspension or out-of-duty claim beside the stage of a case (5.1).

    A pending one stops no clock. `amount` is counted in `amount_unit`, which the rule of the street
    named when it was asked for and no later edit of the rule moves. What was left of a clock when it was stopped is kept whole: days for limits in
    days, microseconds for limits in hours.
    """

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="requests")
    assignment = models.ForeignKey(Assignment, models.CASCADE, null=True, related_name="requests")
    round = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(max_length=13, choices=RequestKind)
    state = models.CharField(max_length=10, choices=RequestState, default=RequestState.PENDING)
    reason = models.ForeignKey(RequestReason, models.PROTECT, null=True, related_name="+")
    note = models.CharField(_("说明"), max_length=500)
    evidence = models.CharField(_("依据"), max_length=300, blank=True)
    photo = models.ForeignKey(Photo, models.SET_NULL, null=True, related_name="+")
    amount = models.PositiveSmallIntegerField(null=True)
    amount_unit = models.CharField(max_length=2, choices=LimitUnit, default=LimitUnit.WORKDAYS)
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decider = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    decider_path = models.CharField(max_length=30, editable=False)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decision_note = models.CharField(max_length=500, blank=True)

    until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    case_left = models.BigIntegerField(null=True)
    assignment_left = models.BigIntegerField(null=True)

    city_answer = models.CharField(max_length=8, choices=CityAnswer, blank=True)
    city_number = models.CharField(_("批复文号"), max_length=40, blank=True)
    city_answered_on = models.DateField(null=True)
    city_recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = CaseRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("申请")
        verbose_name_plural = _("申请")
        default_permissions = ()
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["complaint", "kind"],
                condition=Q(state="pending"),
                name="request_one_pending_per_kind",
            ),
        ]
        indexes = [
            models.Index(
                fields=["decider_path"],
                condition=Q(state="pending"),
                name="request_pending_by_decider",
            ),
            models.Index(
                fields=["asked_at"], condition=Q(city_answer="waiting"), name="request_at_the_city"
            ),
            models.Index(
                fields=["until"],
                condition=Q(kind="suspension", state="granted", ended_at=None),
                name="request_standing_still",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.complaint_id}"
