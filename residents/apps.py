"""Django's entry for this floor."""

from django.apps import AppConfig


class ResidentsConfig(AppConfig):
    """The floor ``residents``."""

    name = "residents"
    verbose_name = "居民"
    default_auto_field = "django.db.models.BigAutoField"
