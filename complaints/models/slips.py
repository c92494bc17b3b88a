"""Slips: pressure on paper, with a number and a time of its own (催办单, 督办单, 提级督办单)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from complaints.choices import Supervision
from complaints.models.complaints import Complaint
from governance.models import Organisation, ScopedQuerySet

PAPERS = {
    Supervision.URGED: _("催办单"), Supervision.SUPERVISED: _("督办单"),
    Supervision.ELEVATED: _("提级督办单"),
}  # fmt: skip


class SupervisionSlipQuerySet(ScopedQuerySet):
    """Slips, scoped by the unit that must answer, as far as their cases may be seen."""

    scope_paths = ("unit__path",)

    def visible_to(self, user: object, word: str = "see") -> "SupervisionSlipQuerySet":
        """The slips of the units within reach, without those of cases kept from `user`."""
        cases = Complaint.objects.visible_to(user)
        return super().visible_to(user, word).filter(complaint__in=cases)

    def issued(self) -> "SupervisionSlipQuerySet":
        """Slips with a number; the others are drafts of the house that nobody has signed."""
        return self.filter(issued_at__isnull=False)

    def unanswered(self) -> "SupervisionSlipQuerySet":
        """Issued slips that wait: not answered, not withdrawn, not taken over by a stronger one."""
        return self.issued().filter(answered_at=None, raised_at=None, withdrawn_at=None)

    def late(self) -> "SupervisionSlipQuerySet":
        """Issued slips whose time for an answer has passed without one."""
        late = self.issued().filter(answered_at=None, due_at__lt=timezone.now())
        return late.filter(withdrawn_at=None)


class SupervisionSlip(models.Model):
    """One slip on one case: who must answer for it, what is demanded, and until when.

    A draft that the house wrote when a rule struck has no number and no moment of issue. A slip
    nobody answers in time is followed by one of the next level, which knows it as `raised_from`.
    A slip that was written by mistake is withdrawn with a reason; its row and number stay.
    """

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="slips")
    level = models.CharField(
        _("级别"), max_length=10, choices=Supervision, default=Supervision.SUPERVISED
    )
    number = models.CharField(_("督办编号"), max_length=30, blank=True)
    unit = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("被督办单位")
    )
    demand = models.CharField(_("督办要求"), max_length=300)
    due_at = models.DateTimeField(_("反馈期限"))
    drafted_at = models.DateTimeField(default=timezone.now)
    issued_at = models.DateTimeField(_("签发时间"), null=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    raised_from = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")
    raised_at = models.DateTimeField(null=True)
    answer = models.CharField(_("反馈内容"), max_length=300, blank=True)
    answered_at = models.DateTimeField(_("反馈时间"), null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    # How hard the case was pressed before, for the case that the slip is withdrawn.
    supervision_before = models.CharField(
        max_length=10, choices=Supervision, default=Supervision.NONE
    )
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    withdrawn_note = models.CharField(_("撤回理由"), max_length=300, blank=True)

    objects = SupervisionSlipQuerySet.as_manager()

    class Meta:
        verbose_name = _("督办单")
        verbose_name_plural = _("督办单")
        default_permissions = ()
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["number"], condition=~Q(number=""), name="slip_numbered_once"
            ),
            models.UniqueConstraint(
                fields=["complaint", "level"],
                condition=Q(issued_at__isnull=True),
                name="slip_one_draft_per_level",
            ),
        ]

    @property
    def paper(self) -> str:
        """What the sheet is called."""
        return str(PAPERS[Supervision(self.level)])

    def __str__(self) -> str:
        return self.number
