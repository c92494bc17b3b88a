"""Words of the first floor: tiers and kinds of grids."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Tier(models.IntegerChoices):
    """Which tier of the street's grids (`domain.md` 0.2 and Q1)."""

    COMMITTEE = 1, _("大党委网格")
    COMMUNITY = 2, _("社区网格")
    WORKER = 3, _("责任网格")


class GridKind(models.TextChoices):
    """Residential ground, or one unit's own ground (`domain.md` 1.2)."""

    GENERAL = "general", _("综合网格")
    DEDICATED = "dedicated", _("专属网格")
