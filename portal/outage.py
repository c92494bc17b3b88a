"""What people read when the database did not answer: nothing is lost, send it once more."""

import sys
from http import HTTPStatus

from django.contrib.sessions.exceptions import SessionInterrupted
from django.http import HttpRequest, HttpResponse, JsonResponse, RawPostDataException
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views import defaults

from governance.outages import is_of_the_database

SECONDS_TO_WAIT = 5
# Fields whose presence makes a repeated request harmless (`governance.services.deeds.once`).
KEYS = ("deed_key", "key")


def trouble(request: HttpRequest) -> HttpResponse:
    """The page of every unexpected error; 503 when only the database was away for a moment."""
    if not is_of_the_database(sys.exc_info()[1]):
        return defaults.server_error(request)
    return in_a_moment(request)


def interrupted(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page of every bad request; 503 when the session could not be kept, which is no fault of hers.

    Django takes any trouble while a session is written for a session that somebody has ended.
    """
    cause: BaseException | None = exception
    while isinstance(exception, SessionInterrupted) and cause is not None:
        if is_of_the_database(cause):
            return in_a_moment(request)
        cause = cause.__context__
    return defaults.bad_request(request, exception)


def in_a_moment(request: HttpRequest) -> HttpResponse:
    """The database was away: what was typed is kept, and one tap sends it again."""
    if request.path.startswith("/api/"):
        said = _("系统正忙，请稍后再试。")
        answer: HttpResponse = JsonResponse({"detail": said}, status=HTTPStatus.SERVICE_UNAVAILABLE)
    else:
        answer = render(
            None,  # no context processors: they would ask the database again
            "503.html",
            {"fields": sent_again(request), "path": request.get_full_path()},
            status=HTTPStatus.SERVICE_UNAVAILABLE,
        )
    answer["Retry-After"] = str(SECONDS_TO_WAIT)
    answer["Cache-Control"] = "no-store"
    return answer


def sent_again(request: HttpRequest) -> list[tuple[str, str]]:
    """Every field of a deed with a key, so that one tap sends the very same request again.

    Only with a key is a repeat harmless, and nothing else is written back into a page (no
    password, no file: whoever sent photos goes back, where they are still chosen).
    """
    try:
        if request.method != "POST" or request.FILES or not any(k in request.POST for k in KEYS):
            return []
        return [(name, value) for name, values in request.POST.lists() for value in values]
    except (RawPostDataException, OSError):
        return []
