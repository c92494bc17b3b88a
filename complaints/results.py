"""The public page of results: no account, the same for everybody, kept in caches."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template import loader
from django.utils import translation
from django.utils.cache import (
    add_never_cache_headers,
    patch_cache_control,
    patch_vary_headers,
)
from django.views.decorators.http import require_safe

from complaints import published
from complaints.desk.listing import number

KEPT_SECONDS = 300


@require_safe
def streets(request: HttpRequest) -> HttpResponse:
    """Which street; where there is only one, its page at once."""
    if asked := in_the_language_asked_for(request):
        return asked
    found = published.streets()
    if len(found) == 1:
        return redirect("results:street", found[0].pk)
    return public(request, "results/streets.html", streets=found)


@require_safe
def street(request: HttpRequest, pk: int) -> HttpResponse:
    """What was solved in a street, the newest first, by community."""
    if asked := in_the_language_asked_for(request):
        return asked
    place = published.street_of(pk)
    if place is None:
        raise Http404
    communities = published.communities_of(place)
    wanted = number(request.GET.get("community", ""))
    chosen = next((one for one in communities if one.pk == wanted), None)
    if wanted and chosen is None:
        raise Http404
    rows, older = published.page_of(
        published.released(chosen or place), number(request.GET.get("before", ""))
    )
    here = f"community={chosen.pk}&" if chosen else ""
    return public(
        request,
        "results/street.html",
        street=place,
        communities=communities,
        chosen=chosen,
        rows=rows,
        older_url=f"?{here}before={older}" if older else "",
        first_url=f"?{here}".rstrip("&?") or "?" if request.GET.get("before") else "",
    )


def in_the_language_asked_for(request: HttpRequest) -> HttpResponse | None:
    """The same page again with the language that a link asked for in a cookie; else None.

    A link and no form: a page that caches keep can carry no token of a form.
    """
    wanted = request.GET.get("language", "")
    if not wanted:
        return None
    rest = request.GET.copy()
    del rest["language"]
    answer = redirect(f"{request.path}?{rest.urlencode()}".rstrip("?"))
    if wanted in dict(settings.LANGUAGES):
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, wanted, samesite="Lax", secure=request.is_secure()
        )
    add_never_cache_headers(answer)
    return answer


def public(request: HttpRequest, template: str, **context: object) -> HttpResponse:
    """A page drawn without knowing who asks, so that a cache may give it to anybody.

    Only its language follows the asker. An answer to somebody with a cookie may carry one back,
    e.g. that of a session, and so belongs into no cache that others read.
    """
    other = "zh-hans" if translation.get_language() == "en" else "en"
    query = request.GET.copy()
    query["language"] = other
    context |= {"other_language": other, "language_url": f"?{query.urlencode()}"}
    answer = HttpResponse(loader.get_template(template).render(context))
    patch_vary_headers(answer, ["Accept-Language", "Cookie"])
    if not request.COOKIES:
        patch_cache_control(answer, public=True, max_age=KEPT_SECONDS)
    else:
        add_never_cache_headers(answer)
    return answer
