"""Calls: when the callback desk should ring a citizen, and who is doing it right now."""

from django.conf import settings
from django.db import models
from django.db.models import F
from django.db.models.functions import Coalesce

from complaints.models.complaints import Complaint

# A case without a plan has waited for its call since it was finished.
CALL_AT = Coalesce(F("call_plan__call_at"), F("finished_at"), F("filed_at"))


class CallPlan(models.Model):
    """When a case is to be rung next, and by whom it is being rung; made when it is first needed."""

    complaint = models.OneToOneField(
        Complaint, models.CASCADE, primary_key=True, related_name="call_plan"
    )
    call_at = models.DateTimeField(null=True)
    # The citizen has named the moment.
    is_agreed = models.BooleanField(default=False)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    taken_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
