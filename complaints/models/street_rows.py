"""What all rows have in common that an office may change."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from governance.models import Organisation, PlainRow


class StreetRow(PlainRow):
    """Common to all streets while `subdistrict` is empty; a street's own row wins over it."""

    subdistrict = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("街道"),
    )

    class Meta:
        abstract = True


def once_per_street(field: str, *, name: str) -> list[models.BaseConstraint]:
    """One common row, and one of each street, for each value of `field`."""
    return [
        models.UniqueConstraint(
            fields=[field], condition=Q(subdistrict__isnull=True), name=f"{name}_once"
        ),
        models.UniqueConstraint(
            fields=[field, "subdistrict"],
            condition=Q(subdistrict__isnull=False),
            name=f"{name}_once_per_street",
        ),
    ]
