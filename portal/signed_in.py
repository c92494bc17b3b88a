"""Who is asking: the session and its account, which every page looks up by a key."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.sessions.backends.db import SessionStore as SessionsOfDjango
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from governance.models import User
from governance.prepared import planned


class SessionStore(SessionsOfDjango):
    """Django's sessions in the database; to read one is a tenth of the work."""

    def _get_session_from_db(self) -> Session | None:
        found: list[Session] = _sessions(key=self.session_key, now=timezone.now())
        if not found:
            self._session_key = None  # as Django's does, so that a stranger's key is not taken over
        return found[0] if found else None


@planned
def _sessions(*, key: Any, now: Any) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)


class Accounts(AuthenticationBackend):
    """allauth's accounts; the one of a session comes with its person."""

    def get_user(self, user_id: int) -> User | None:
        """The account of a session; None when it is gone or closed."""
        for user in _accounts(pk=user_id):
            return user if self.user_can_authenticate(user) else None
        return None


@planned
def _accounts(*, pk: Any) -> QuerySet[User]:
    return User.objects.filter(pk=pk)
