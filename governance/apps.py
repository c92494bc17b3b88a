"""Django's entry for this floor."""

from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    """The floor ``governance``."""

    name = "governance"
    verbose_name = "基层治理"
    default_auto_field = "django.db.models.BigAutoField"
