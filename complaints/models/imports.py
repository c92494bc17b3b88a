"""Imports: headings of other offices' spreadsheets, and what they said of a case the last time."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from complaints.choices import ImportField
from complaints.models.complaints import Complaint
from governance.models import Job


class HeaderSynonym(models.Model):
    """One heading that means one of our fields (`domain.md` 6.5). Rows are editable."""

    field = models.CharField(_("字段"), max_length=30, choices=ImportField)
    heading = models.CharField(_("表头"), max_length=40, unique=True)

    class Meta:
        verbose_name = _("表头同义词")
        verbose_name_plural = _("表头同义词")
        ordering = ["field", "heading"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.heading


class CityOrder(models.Model):
    """What the source's spreadsheet said of a case the last time it was imported.

    Comparing with it tells a change by the city from one by us, so that a second import changes
    nothing and never touches our own handling. `cells` keeps words that have no column of their
    own; title, text, address and caller stay as keyed digests only.
    """

    complaint = models.OneToOneField(Complaint, models.CASCADE, related_name="city_order")
    digest = models.CharField(max_length=64)
    cells = models.JSONField(default=dict)
    job = models.ForeignKey(Job, models.PROTECT, related_name="+")
    imported_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
