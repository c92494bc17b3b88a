"""The two app configurations of the roof: the portal itself, and Django's desk with our own site."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    """Wiring, and the view from above."""

    name = "portal"
    verbose_name = _("门户")
    default = True


class DeskConfig(admin_apps.AdminConfig):
    """Django's admin, whose one site is the secretaries' desk."""

    default_site = "portal.admin_site.DeskSite"
    default = False
