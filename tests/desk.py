"""The desk for tests: a browser that has signed in, and the three separated administrators."""

from typing import Any

from django.test import Client

from complaints.services.defaults import load_defaults
from governance.models import User
from governance.services import calendar
from governance.services.defaults import load_office_hours
from tests.cast import Cast, account

BACKEND = "portal.signed_in.Accounts"


def signed_in(user: Any) -> Client:
    """A browser in which `user` has signed in."""
    client = Client()
    client.force_login(user, BACKEND)
    return client


def administrators(cast: Cast) -> dict[str, User]:
    """Who administers the system, its security and its audit; the office's rules are loaded."""
    load_office_hours()
    calendar.load_defaults()
    load_defaults()
    return {
        "system": account("史磊", "system", "system_admin", cast.street),
        "security": account("安宁", "security", "security_admin", cast.street),
        "audit": account("申平", "audit", "audit_admin", cast.street),
    }
