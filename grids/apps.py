"""Django's entry for this floor."""

from django.apps import AppConfig


class GridsConfig(AppConfig):
    """The floor ``grids``."""

    name = "grids"
    verbose_name = "网格与处所"
    default_auto_field = "django.db.models.BigAutoField"
