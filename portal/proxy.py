"""Behind our own web server the visitor's address is the last one that this server wrote down."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class ClientAddress:
    """Give every reader of `REMOTE_ADDR` (lock-out, limits, audit) the visitor's own address.

    Only the last entry counts: everything before it comes from the visitor and may be invented.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        written = request.META.pop("HTTP_X_FORWARDED_FOR", "").split(",")[-1].strip()
        if written:
            request.META["REMOTE_ADDR"] = written
        return self.get_response(request)
