"""Audit: who did, or saw, what; each entry is chained to the entry before it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditEntry(models.Model):
    """One line of the house's memory; appended, never edited or deleted."""

    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=60)
    subject = models.CharField(max_length=60, db_index=True)
    organisation_path = models.CharField(max_length=30, blank=True)
    detail = models.JSONField(default=dict)
    address = models.GenericIPAddressField(null=True)
    previous_hash = models.CharField(max_length=64)
    entry_hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("审计记录")
        verbose_name_plural = _("审计记录")
        default_permissions = ()
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject}"


class AuditHead(models.Model):
    """The end of the chain; locking this row is what keeps the chain from forking."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    last_hash = models.CharField(max_length=64, default="")
    entry_count = models.PositiveBigIntegerField(default=0)

    class Meta:
        default_permissions = ()
