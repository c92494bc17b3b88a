"""居民 on the phone: find somebody within the own reach, and call for a written reason."""

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from governance.choices import SecretKind
from governance.errors import HouseError
from governance.models import Person
from governance.privacy import mask_name
from governance.services.people import reveal
from residents.forms import RevealForm
from residents.selectors import home_of, people_found

MOST_SHOWN = 20
LAST_SEARCH = "people_search"


@login_required
@require_http_methods(["GET", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """居民: search by name, the last four digits of a phone, or a room.

    What was asked lies in the session, so that no name stands in an address and the back button
    finds the answer again.
    """
    if request.method == "POST":
        # PostgreSQL takes no NUL in a text, not even in one that is looked for.
        text = request.POST.get("text", "").replace("\x00", "")
        request.session[LAST_SEARCH] = text.strip()[:40]
        return redirect("mobile:people")
    query = request.session.get(LAST_SEARCH, "")
    found = people_found(request.user, query, MOST_SHOWN + 1) if query else []
    context = {
        "query": query,
        "found": [(row, mask_name(row.name)) for row in found[:MOST_SHOWN]],
        "has_more": len(found) > MOST_SHOWN,
        "tab": "people",
    }
    return render(request, "mobile/people.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One resident; POST shows one number for a written reason, and the audit remembers it."""
    resident = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    form = RevealForm(request.POST or None)
    if request.method == "GET":
        return draw(request, resident, form)
    if not form.is_valid():
        return draw(request, resident, form, status=422)
    try:
        number = reveal(resident, by=request.user, **form.cleaned_data)
    except HouseError as refusal:
        form.add_error("note", refusal.message)
        return draw(request, resident, form, status=422)
    except PermissionDenied as refusal:
        raise Http404 from refusal
    return draw(request, resident, form, number=number)


def draw(
    request: HttpRequest, resident: Person, form: RevealForm, *, status: int = 200, number: str = ""
) -> HttpResponse:
    """The page of one resident; `number` is what was just revealed."""
    secrets = {row.kind: row.masked for row in resident.secrets.filter(is_current=True)}
    context: dict[str, Any] = {
        "resident": resident,
        "name": mask_name(resident.name),
        "age": age_on(resident.birth_on, timezone.localdate()),
        "home": home_of(request.user, resident),
        "phone": secrets.get(SecretKind.PHONE, ""),
        "id_number": secrets.get(SecretKind.ID_NUMBER, ""),
        "form": form,
        "number": number,
        "is_phone": number and form.cleaned_data["kind"] == SecretKind.PHONE,
        "tab": "people",
    }
    return render(request, "mobile/person.html", context, status=status)


def age_on(birth_on: date | None, today: date) -> int | None:
    """Full years lived; None when the day of birth is not known."""
    if birth_on is None:
        return None
    had_birthday = (today.month, today.day) >= (birth_on.month, birth_on.day)
    return today.year - birth_on.year - (not had_birthday)
