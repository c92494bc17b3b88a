"""Publications: results anybody may read, without a word about any person (结果公开)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from complaints.choices import PublicationStage
from complaints.models.complaints import Complaint
from governance.models import Organisation, ScopedQuerySet


class PublicationQuerySet(ScopedQuerySet):
    """Publications, scoped by the community (or street) under which they are listed."""

    scope_paths = ("organisation__path",)


class Publication(models.Model):
    """The public text of one solved matter; a second person releases it."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="publications")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("公开单位")
    )
    stage = models.CharField(
        _("状态"), max_length=10, choices=PublicationStage, default=PublicationStage.PREPARED
    )
    title = models.CharField(_("标题"), max_length=60)
    place = models.CharField(_("地点"), max_length=60)
    category = models.CharField(_("类别"), max_length=60)
    what_was_done = models.TextField(_("办理结果"), max_length=500)
    day_count = models.PositiveSmallIntegerField(_("用时（天）"))
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField(default=timezone.now)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    checked_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True)
    note = models.CharField(_("说明"), max_length=200, blank=True)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("结果公开")
        verbose_name_plural = _("结果公开")
        default_permissions = ()
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["complaint"],
                condition=~Q(stage="withdrawn"),
                name="publication_one_at_a_time",
            )
        ]
        indexes = [
            models.Index(
                fields=["organisation", "-id"],
                condition=Q(stage="released"),
                name="publication_released",
            ),
            models.Index(fields=["stage", "-id"], name="publication_by_stage"),
        ]

    def __str__(self) -> str:
        return self.title
