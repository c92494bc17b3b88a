"""The language of pages: a cookie for everybody, and the account's own choice before the cookie."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views.i18n import set_language

from governance.services.people import choose_language as remember


def choose_language(request: HttpRequest) -> HttpResponse:
    """中文 / English: Django's switch, which sets the cookie; an account remembers it too."""
    answer, language = set_language(request), request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        # Django would also note down a language that only its own words are translated into.
        answer.cookies.pop(settings.LANGUAGE_COOKIE_NAME, None)
    elif request.user.is_authenticated:
        remember(request.user, language)
    return answer


class AccountLanguage:
    """Who has chosen a language reads it on every device, also where another one signed in before.

    Stands behind authentication; `LocaleMiddleware` has already looked at cookie and browser, and
    names the language in the answer.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.user.language if request.user.is_authenticated else ""
        if chosen and chosen != translation.get_language():
            translation.activate(chosen)
            request.LANGUAGE_CODE = translation.get_language()
        return self.get_response(request)
