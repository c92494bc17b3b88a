"""Django's entry for this floor."""

from django.apps import AppConfig


class ComplaintsConfig(AppConfig):
    """The floor ``complaints``."""

    name = "complaints"
    verbose_name = "诉求"
    default_auto_field = "django.db.models.BigAutoField"
