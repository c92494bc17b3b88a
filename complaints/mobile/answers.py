"""How the phone answers: the same 404 for all that is not one's own, and no typed word lost."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from complaints.forms import DeedForm, KeyedForm
from complaints.mobile.casepage import shown_case
from complaints.mobile.deedpage import CONFLICT, UNFIT, Again, first_page, words_given
from complaints.models import Complaint
from complaints.selectors import LONGEST_KEY
from complaints.services import photos
from governance.errors import HouseError, KeyConflict, WrongMove
from governance.services.deeds import answered, once


def carry_out(
    request: HttpRequest,
    form: KeyedForm,
    act: Callable[[], Mapping[str, Any] | None],
    *,
    again: Callable[[int, str], HttpResponse],
) -> dict[str, Any] | HttpResponse:
    """Do `act` once for the form's key and give its answer, or draw the page again.

    409 when the case has moved on, 422 when what was sent cannot be taken, 404 when it is not
    the user's to do; `again(status, sentence)` keeps what was typed.
    """
    if not form.is_valid():
        return again(UNFIT, "")
    try:
        key = str(form.cleaned_data["key"])
        body = body_of(request, form)
        return once(key, by=request.user, body=body, act=lambda: dict(act() or {}))
    except WrongMove as refusal:
        return again(CONFLICT, refusal.message)
    except (KeyConflict, HouseError) as refusal:
        return again(UNFIT, refusal.message)
    except PermissionDenied as refusal:
        raise Http404 from refusal


def body_of(request: HttpRequest, form: KeyedForm) -> dict[str, Any]:
    """What makes two requests the same request."""
    return {"path": request.path, **form.body()}


def was_done(request: HttpRequest, form: KeyedForm) -> bool:
    """Whether this very request has been carried out before, wherever the case is now."""
    if not form.is_valid():
        return False
    key, body = form.cleaned_data["key"], body_of(request, form)
    return answered(key, by=request.user, body=body) is not None


def case_deed(
    verb: str,
    form_class: type[DeedForm],
    *,
    said: Any,
    template: str = "",
    lays_photos: str = "",
) -> Callable[[Callable[..., Any]], Callable[..., HttpResponse]]:
    """Make a view of a deed: `act(request, case, data)` calls the service.

    GET draws the form of `template`, or says that it is too late for it; without a template the
    deed is one tap on the page of the case. POST carries it out once and goes back to the case.
    Photos that come along, in the group `lays_photos`, are kept even when the words are refused.
    """

    def decorate(act: Callable[..., Any]) -> Callable[..., HttpResponse]:
        @login_required
        @require_http_methods(["GET", "POST"] if template else ["POST"])
        @wraps(act)
        def view(request: HttpRequest, pk: int) -> HttpResponse:
            if request.method == "GET":
                case = shown_case(request.user, pk)
                blank = form_class.blank(case, **words_given(request))
                return first_page(request, case, verb, blank, template, group=lays_photos)
            form = form_class(request.POST)
            again = Again(request, pk, form, verb, template, group=lays_photos)
            try:
                case = shown_case(request.user, pk)
                trouble = keep_photos(request, pk, lays_photos) if lays_photos else ""
            except Http404:
                # The case may have left by this very deed, whose reply was lost on the way.
                if was_done(request, form):
                    return back(request, pk, verb, str(said), may_have_left=True)
                raise
            if trouble:
                form.is_valid()
                return again(UNFIT, trouble)
            if lays_photos and "drop" in request.POST:
                return without_photo(request, case, again)
            done = carry_out(
                request, form, lambda: act(request, case, form.cleaned_data), again=again
            )
            return done if isinstance(done, HttpResponse) else back(request, pk, verb, str(said))

        return view

    return decorate


def without_photo(request: HttpRequest, case: Complaint, again: Again) -> HttpResponse:
    """The form with every typed word, without the photo that the worker wants no more."""
    photo = request.POST["drop"]
    try:
        if photo.isdecimal() and len(photo) <= LONGEST_KEY:
            photos.remove(case.pk, int(photo), by=request.user, group=again.group)
    except WrongMove as refusal:
        return again(CONFLICT, refusal.message)
    except HouseError as refusal:
        return again(UNFIT, refusal.message)
    except PermissionDenied as refusal:
        raise Http404 from refusal
    form_class = type(again.form)
    form = form_class.blank(case, **form_class.typed_so_far(request.POST))
    return first_page(request, case, again.verb, form, again.template, group=again.group)


def keep_photos(request: HttpRequest, pk: int, group: str) -> str:
    """Lay the photos of the request to the case at once; returns what was wrong with them.

    Whether the case still takes photos is for the deed itself to say: sent twice, it may be over.
    """
    uploads = request.FILES.getlist("photos")
    try:
        photos.add_photos(pk, uploads, by=request.user, group=group) if uploads else None
    except WrongMove:
        return ""
    except HouseError as refusal:
        return refusal.message
    except PermissionDenied as refusal:
        raise Http404 from refusal
    return ""


def back(
    request: HttpRequest, pk: int, verb: str, said: str, *, may_have_left: bool = False
) -> HttpResponse:
    """To the case with a word that it is done; to 今日 when the case has left the user's reach."""
    messages.success(request, said, extra_tags=f"{verb}-{pk}")
    may_have_left = may_have_left or verb == "hand_on"
    if may_have_left and not Complaint.objects.visible_to(request.user).filter(pk=pk).exists():
        return redirect("mobile:today")
    return redirect("mobile:complaint", pk)
