"""Assignments: every dispatch is a row; rates of return and of first hits are read from here."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from complaints.choices import AssignmentEnd, DispatchRule
from complaints.models.complaints import Complaint
from governance.models import Organisation


class Assignment(models.Model):
    """One dispatch of a case to a unit, with the promises the unit was given."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="assignments")
    round = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    dispatched_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    rule = models.CharField(max_length=12, choices=DispatchRule, blank=True)
    dispatched_at = models.DateTimeField()
    sign_due_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    is_auto_signed = models.BooleanField(default=False)
    contact_due_at = models.DateTimeField(null=True)
    contacted_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    replied_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_kind = models.CharField(max_length=12, choices=AssignmentEnd, blank=True)
    # By which version of the reminder rules its reminders were planned.
    planned_with = models.PositiveBigIntegerField(default=0, editable=False)

    class Meta:
        default_permissions = ()
        ordering = ["complaint", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["complaint", "number"], name="assignment_numbered_once"
            ),
            models.UniqueConstraint(
                fields=["complaint"],
                condition=Q(ended_at__isnull=True),
                name="assignment_one_current",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "dispatched_at"], name="assignment_by_unit"),
            models.Index(fields=["dispatched_at"], name="assignment_by_dispatch"),
            models.Index(
                fields=["planned_with"],
                condition=Q(ended_at__isnull=True),
                name="assignment_by_planning",
            ),
        ]
