"""Steps: the history of a case, numbered without a gap, chained, never edited."""

from django.conf import settings
from django.db import models

from complaints.choices import Stage
from complaints.models.complaints import Complaint
from governance.models import Appointment, Organisation, PlainRow


class Step(PlainRow):
    """One deed in the life of a case.

    The chain hashes the salted digest of the note instead of the note, so that a note can be
    anonymised after years without breaking it (`architecture.md` 5).
    """

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="steps")
    number = models.PositiveIntegerField()
    verb = models.CharField(max_length=24)
    stage_before = models.CharField(max_length=20, choices=Stage, blank=True)
    stage_after = models.CharField(max_length=20, choices=Stage)
    holder_before = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    holder_after = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    due_before = models.DateTimeField(null=True)
    due_after = models.DateTimeField(null=True)
    round = models.PositiveSmallIntegerField(default=1)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    appointment = models.ForeignKey(Appointment, models.PROTECT, null=True, related_name="+")
    reason_code = models.CharField(max_length=30, blank=True)
    note = models.TextField(blank=True)
    note_salt = models.CharField(max_length=32, blank=True)
    note_digest = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()
    previous_hash = models.CharField(max_length=64, blank=True)
    step_hash = models.CharField(max_length=64)

    class Meta:
        default_permissions = ()
        ordering = ["complaint", "number"]
        constraints = [
            models.UniqueConstraint(fields=["complaint", "number"], name="step_numbered_once")
        ]
        # Copies outside the house ask for what has changed since a moment.
        indexes = [models.Index(fields=["at", "complaint"], name="step_by_moment")]
