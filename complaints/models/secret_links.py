"""Secret links: 128 bits in an address open one row to somebody without an account."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils import timezone


class SecretLinkQuerySet(models.QuerySet[Any]):
    """Links, by whether they still open."""

    def current(self) -> Self:
        """Those that were not taken back and have not expired."""
        return self.filter(ended_at__isnull=True, expires_at__gt=timezone.now())


class SecretLink(models.Model):
    """What every link has in common: only the keyed digest is kept, and it ends by itself."""

    secret_digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        abstract = True
        default_permissions = ()
