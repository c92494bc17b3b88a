"""Questions to outsiders: a property company or a department without an account answers by a link."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.choices import OutsiderKind
from complaints.models.complaints import Complaint, Photo
from complaints.models.secret_links import SecretLink, SecretLinkQuerySet
from governance.models import Organisation


class OutsideQuestionQuerySet(SecretLinkQuerySet):
    """Questions, by whether somebody still waits for the answer."""

    def waiting(self) -> Self:
        """Not answered, not taken back; the link may have expired meanwhile."""
        return self.filter(answered_at__isnull=True, ended_at__isnull=True)


class OutsideQuestion(SecretLink):
    """One question beside a case, what its link shows of the matter, and the one answer.

    It changes no stage and no clock. `shown_*` are the very words that the sender saw in the
    preview; an empty one is not shown at all.
    """

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="outside_questions")
    round = models.PositiveSmallIntegerField(default=1)
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    to_kind = models.CharField(_("对方类型"), max_length=12, choices=OutsiderKind)
    to_name = models.CharField(_("对方单位"), max_length=60)
    question = models.TextField(_("需要对方答复的事项"), max_length=500)
    shown_text = models.TextField(blank=True, max_length=1000)
    shown_place = models.CharField(blank=True, max_length=160)
    shown_category = models.CharField(blank=True, max_length=160)
    shown_photos = models.ManyToManyField(Photo, related_name="+")
    due_at = models.DateTimeField(_("答复期限"))
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(_("答复人"), max_length=30, blank=True)
    answer = models.TextField(_("答复"), blank=True, max_length=2000)
    photos = models.ManyToManyField(Photo, related_name="+")

    objects = OutsideQuestionQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="outside_question_answered_with_words",
                condition=Q(answered_at=None, answer="")
                | (Q(answered_at__isnull=False) & ~Q(answer="")),
            )
        ]
        indexes = [
            models.Index(
                fields=["complaint"],
                condition=Q(answered_at=None, ended_at=None),
                name="outside_question_waiting",
            )
        ]

    def __str__(self) -> str:
        return self.to_name
