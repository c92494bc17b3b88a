"""Jobs: long work with progress, errors by row, and a file."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.choices import JobState
from governance.models.organisations import Organisation
from governance.models.reach import ScopedQuerySet


class JobQuerySet(ScopedQuerySet):
    """Jobs, scoped by the organisation they work for."""

    scope_paths = ("organisation__path",)


class Job(models.Model):
    """A long import, export or report that can be left and found again."""

    kind = models.CharField(_("类型"), max_length=40)
    title = models.CharField(_("标题"), max_length=120)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=8, choices=JobState, default=JobState.WAITING)
    parameters = models.JSONField(default=dict)
    file = models.FileField(upload_to="jobs/", blank=True)
    file_name = models.CharField(max_length=120, blank=True)
    total_count = models.PositiveIntegerField(default=0)
    done_count = models.PositiveIntegerField(default=0)
    error_count = models.PositiveIntegerField(default=0)
    result = models.JSONField(default=dict)
    failure = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["-id"]


class JobError(models.Model):
    """Why one row of a job's file was refused, in words; values are masked before they come here."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="errors")
    row = models.PositiveIntegerField()
    column = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=200)
    is_refusal = models.BooleanField(default=True)

    class Meta:
        default_permissions = ()
        ordering = ["row", "id"]
