"""What every request gets: its user's rights read once, and its address for the audit."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from governance.models import RightsOfOneRequest
from governance.services.audit import client_address


class ReachMiddleware:
    """Reads rights once per request and remembers the client's address for audit lines."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = client_address.set(request.META.get("REMOTE_ADDR") or None)
        try:
            with RightsOfOneRequest():
                return self.get_response(request)
        finally:
            client_address.reset(token)
