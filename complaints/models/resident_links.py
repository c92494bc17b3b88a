"""What binds a resident without an account to the own case: a secret link, and what was agreed to."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from complaints.models.complaints import Complaint
from complaints.models.entrances import PrivacyNotice


class Consent(models.Model):
    """That the resident agreed, to which words, and when (`domain.md` 4.1)."""

    complaint = models.OneToOneField(Complaint, models.CASCADE, related_name="consent")
    notice = models.ForeignKey(PrivacyNotice, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()


class ResidentLinkQuerySet(models.QuerySet["ResidentLink"]):
    """Links, by whether they still open."""

    def current(self) -> Self:
        """Those that were not taken back and have not expired."""
        return self.filter(ended_at__isnull=True, expires_at__gt=timezone.now())


class ResidentLink(models.Model):
    """A link of 128 random bits to one case; only its keyed digest is stored."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="resident_links")
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

    objects = ResidentLinkQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["complaint"],
                condition=Q(ended_at__isnull=True),
                name="resident_link_one_per_case",
            )
        ]
