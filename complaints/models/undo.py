"""What somebody may take back for a short time: a slip, before anybody acted on it."""

from django.conf import settings
from django.db import models

from complaints.models.complaints import Complaint


class Undo(models.Model):
    """The last step of a case as its maker may still take it back.

    One row for each case: the next such step writes over it. `before` holds the columns of the
    case as they were, so that taking back restores exactly what the step had changed.
    """

    complaint = models.OneToOneField(Complaint, models.CASCADE, related_name="undo")
    step_number = models.PositiveIntegerField()
    verb = models.CharField(max_length=30)
    # Empty: the resident's own word by the secret link, taken back by the same link.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    at = models.DateTimeField()
    until = models.DateTimeField()
    before = models.JSONField(default=dict)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["by", "until"], name="undo_open_of_a_person")]
