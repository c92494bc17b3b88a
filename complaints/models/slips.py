"""Supervision slips: formal pressure on paper, with a number and a time of its own (督办单)."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from complaints.models.complaints import Complaint
from governance.models import Organisation


class SupervisionSlip(models.Model):
    """One slip on one case: who must answer for it, what is demanded, and until when."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="slips")
    number = models.CharField(_("督办编号"), max_length=30, unique=True)
    unit = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("被督办单位")
    )
    demand = models.CharField(_("督办要求"), max_length=300)
    due_at = models.DateTimeField(_("反馈期限"))
    issued_at = models.DateTimeField(default=timezone.now)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        default_permissions = ()
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.number
