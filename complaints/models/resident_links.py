"""What binds a resident without an account to the own case: a secret link, and what was agreed to."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from complaints.models.complaints import Complaint
from complaints.models.entrances import PrivacyNotice
from complaints.models.secret_links import SecretLink, SecretLinkQuerySet


class Consent(models.Model):
    """That the resident agreed, to which words, and when (`domain.md` 4.1)."""

    complaint = models.OneToOneField(Complaint, models.CASCADE, related_name="consent")
    notice = models.ForeignKey(PrivacyNotice, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()


class ResidentLink(SecretLink):
    """A link of 128 random bits to one case; only its keyed digest is stored."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="resident_links")
    objects = SecretLinkQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["complaint"],
                condition=Q(ended_at__isnull=True),
                name="resident_link_one_per_case",
            )
        ]
