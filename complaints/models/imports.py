"""Imports: the words under which other offices' spreadsheets hide the same columns."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class HeaderSynonym(models.Model):
    """One heading that means one of our fields (`domain.md` 6.5). Rows are editable."""

    field = models.CharField(_("字段"), max_length=30)
    heading = models.CharField(_("表头"), max_length=40, unique=True)

    class Meta:
        verbose_name = _("表头同义词")
        verbose_name_plural = _("表头同义词")
        ordering = ["field", "heading"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.heading
