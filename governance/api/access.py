"""Who knocks: a token, its reach, its budget; and addresses that try too many wrong ones."""

import time
from typing import Any

from django.core.cache import cache
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from governance.errors import HouseError
from governance.models import ApiToken
from governance.models.reach import narrow
from governance.services import audit, tokens

SCHEME = b"bearer"
WRONG_TOKENS = 30
WRONG_TOKENS_SECONDS = 15 * 60
MINUTE = 60


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer …`; sessions count nothing here, so no page can misuse them."""

    def authenticate(self, request: Request) -> tuple[Any, ApiToken] | None:
        """The owner and the token, the owner's rights narrowed to the token's for this request."""
        parts = get_authorization_header(request).split()
        if not parts:
            return None
        if len(parts) != 2 or parts[0].lower() != SCHEME:
            raise AuthenticationFailed(_("请在请求头写：Authorization: Bearer 令牌。"))
        address = request.META.get("REMOTE_ADDR", "")
        refuse_beyond_wrong_tokens(address)
        try:
            token = tokens.recognise(parts[1].decode("latin-1"))
        except tokens.UnknownToken as refusal:
            count_wrong_token(address)
            raise AuthenticationFailed(refusal.message) from refusal
        except HouseError as refusal:
            raise AuthenticationFailed(refusal.message) from refusal
        owner = token.appointment.person.user
        narrow(owner, token.words, token.organisation.path)
        tokens.note_use(token)
        return owner, token

    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for."""
        return 'Bearer realm="api"'


class MayRead(BasePermission):
    """The token reads the list of this view: a second lock beside reach."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """False for everything that is not a token; the reason is written for who has one."""
        if not isinstance(request.auth, ApiToken):
            return False
        self.message = _("这个令牌不能读取此项内容，请联系安全管理员。")
        return view.area is None or view.area in request.auth.areas


class TokenBudget(BaseThrottle):
    """So many requests a minute for each token, as its row says."""

    def allow_request(self, request: Request, view: Any) -> bool:
        """Count this request in the running minute of the clock."""
        if not isinstance(request.auth, ApiToken):
            return True
        key = f"api_token:{request.auth.pk}:{int(time.time()) // MINUTE}"
        return counted(key, 2 * MINUTE) <= request.auth.requests_per_minute

    def wait(self) -> float:
        """Seconds until the next minute begins."""
        return MINUTE - time.time() % MINUTE


def counted(key: str, seconds: int) -> int:
    """One more under `key`; the count is forgotten `seconds` after it began."""
    if cache.add(key, 1, seconds):
        return 1
    try:
        return int(cache.incr(key))
    except ValueError:  # it expired between the two calls
        cache.set(key, 1, seconds)
        return 1


def refuse_beyond_wrong_tokens(address: str) -> None:
    """Raise Throttled, without asking the database, when the address guessed too often."""
    if int(cache.get(f"api_wrong:{address}", 0)) >= WRONG_TOKENS:
        raise Throttled(
            wait=WRONG_TOKENS_SECONDS, detail=_("来自这个地址的无效令牌太多，请稍后再试。")
        )


def count_wrong_token(address: str) -> None:
    """Count one wrong token of the address; the last one allowed leaves a line in the audit."""
    if counted(f"api_wrong:{address}", WRONG_TOKENS_SECONDS) == WRONG_TOKENS:
        audit.record("refuse_api_address", by=None, subject="api_token:")
