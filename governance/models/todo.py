"""Work for later: rows, swept until they are done."""

from django.db import models
from django.db.models import Q
from django.utils import timezone


class Todo(models.Model):
    """Something the house must do at a moment; the row outlives every process.

    `key` is unique, so planning the same thing twice moves the due time instead of doubling it.
    """

    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=80, unique=True)
    subject_id = models.PositiveBigIntegerField()
    detail = models.JSONField(default=dict)
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    attempt_count = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(done_at__isnull=True), name="todo_waiting_by_due"
            ),
            models.Index(fields=["kind", "subject_id"], name="todo_by_subject"),
        ]


class Heartbeat(models.Model):
    """That the clock of the house beats; an old one is a warning on every desk."""

    name = models.CharField(max_length=40, primary_key=True)
    beaten_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
