"""The daily digest on the phone."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from complaints import digest_page
from governance.choices import Word
from governance.models.reach import roots


@login_required
@require_GET
def phone_page(request: HttpRequest, pk: int) -> HttpResponse:
    """每日提要: the numbers of that morning beside those of now, each opening its rows."""
    row = digest_page.own_digest(request.user, pk)
    cases = reverse("mobile:complaints")
    handles = bool(roots(request.user, Word.HANDLE))
    urls = {
        "waiting": f"{cases}?show={'mine' if handles else 'open'}",
        "today": f"{cases}?show={'today' if handles else 'open'}",
        "late": f"{cases}?show={'late' if handles else 'open'}",
        "requests": reverse("mobile:requests"),
    }
    context = {"digest": row, "lines": digest_page.lines(request.user, row, urls), "tab": "me"}
    return render(request, "mobile/digest.html", context)
