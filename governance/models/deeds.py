"""Deeds: a key makes a repeated request harmless."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class Deed(models.Model):
    """A request that was carried out once, and the answer that every repeat gets."""

    key = models.CharField(max_length=64, unique=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    fingerprint = models.CharField(max_length=64)
    answer = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
