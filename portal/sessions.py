"""A session ends when nobody touches it and at the end of a working day; its pages are not stored.

Limits of domain.md 4.2. The moment of the last request is written at most once a minute, so that
reading pages costs no write each.
"""

import math
import time
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from governance.models import User

BEGAN_AT, SEEN_AT = "session_began_at", "session_seen_at"
WRITE_EVERY_SECONDS = 60
# What a page asks for by itself is no sign that somebody is there.
QUIET_PATHS = frozenset({"/admin/counts/"})


class SessionLimits:
    """Sign a person out past the idle or the absolute limit; keep private pages out of caches."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        signed_in = settings.SESSION_COOKIE_NAME in request.COOKIES and (
            request.user.is_authenticated
        )
        if signed_in:
            self.enforce(request, now=time.time())
        response = self.get_response(request)
        # A page for one person must not be found by the next one at a shared computer.
        if signed_in and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response

    def enforce(self, request: HttpRequest, *, now: float) -> None:
        """End the session when a limit has passed, else note that it was used."""
        for moment in (BEGAN_AT, SEEN_AT):
            # A clock that was ahead for a while must not lend a session its hours.
            if request.session.get(moment, math.inf) > now:
                request.session[moment] = now
        began_at, seen_at = request.session[BEGAN_AT], request.session[SEEN_AT]
        idle = now - seen_at > idle_limit(request.path).total_seconds()
        too_old = now - began_at > settings.SESSION_ABSOLUTE_LIMIT.total_seconds()
        if idle or too_old:
            logout(request)
        elif now - seen_at >= WRITE_EVERY_SECONDS and request.path not in QUIET_PATHS:
            request.session[SEEN_AT] = now


def idle_limit(path: str) -> timedelta:
    """The phone in a stairwell may rest longer than the desk in an open office."""
    return (
        settings.SESSION_IDLE_LIMIT_PHONE if path.startswith("/m/") else settings.SESSION_IDLE_LIMIT
    )


class PasswordDuty:
    """Lead a person whose password is given or too old to the page where it is changed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and must_choose_password(request.user):
            change = reverse("account_change_password")
            if request.path not in (change, reverse("account_logout"), reverse("healthz")):
                return redirect(change)
        return self.get_response(request)


def must_choose_password(user: User) -> bool:
    """At the first sign-in, and when the password is older than 90 days (domain.md 4.2)."""
    if settings.DEMONSTRATION:
        return False
    set_at = user.password_changed_at
    too_old = set_at is not None and timezone.now() - set_at > settings.PASSWORD_LIFETIME
    return user.must_change_password or too_old
