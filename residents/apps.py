"""Django's entry for this floor."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ResidentsConfig(AppConfig):
    """The floor ``residents``."""

    name = "residents"
    verbose_name = _("居民")
    default_auto_field = "django.db.models.BigAutoField"
