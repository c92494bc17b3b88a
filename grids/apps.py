"""Django's entry for this floor."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GridsConfig(AppConfig):
    """The floor ``grids``."""

    name = "grids"
    verbose_name = _("网格与处所")
    default_auto_field = "django.db.models.BigAutoField"
