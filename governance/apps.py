"""Django's entry for this floor."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GovernanceConfig(AppConfig):
    """The floor ``governance``."""

    name = "governance"
    verbose_name = _("基层治理")
    default_auto_field = "django.db.models.BigAutoField"
