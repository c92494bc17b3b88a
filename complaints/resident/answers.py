"""How the residents' door answers: kept nowhere, leading nowhere, and the same for all that is not."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

SIZES = ("standard", "large", "huge")
SIZE_COOKIE = "resident_size"
A_YEAR = 365 * 24 * 3600
UNFIT, CONFLICT, NOT_HERE = 422, 409, 404


def residents_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page of this door: in no cache, no index, and its address told to nobody."""

    @never_cache
    @sensitive_post_parameters()
    @sensitive_variables()
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = view(request, *args, **kwargs)
        answer["Referrer-Policy"] = "no-referrer"
        answer["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        if (size := request.GET.get("size")) in SIZES:
            answer.set_cookie(
                SIZE_COOKIE, str(size), max_age=A_YEAR, samesite="Lax",
                secure=request.is_secure(),
            )  # fmt: skip
        return answer

    return guarded


def page(request: HttpRequest, template: str, status: int = 200, **context: Any) -> HttpResponse:
    """A page in the size of type the resident chose; large until then (`domain.md` 4.4)."""
    wanted = request.GET.get("size", request.COOKIES.get(SIZE_COOKIE, ""))
    size = wanted if wanted in SIZES else "large"
    return render(request, template, {**context, "size": size, "sizes": SIZES}, status=status)


def not_here(request: HttpRequest) -> HttpResponse:
    """Wrong, expired, withdrawn, torn off, demolished: one and the same answer."""
    return page(request, "resident/not_here.html", status=NOT_HERE)
