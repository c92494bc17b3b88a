"""One deed on one case: the form, the service, and what to do when it is refused."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from complaints import helping, pressing
from complaints.admin.pages import case_url, key_of, list_url, note_undo, page
from complaints.desk import calling, reviewing
from complaints.desk.casepage import case_within_reach, deeds_for, moved_on, verbs_of
from complaints.desk.listing import clocked_page
from complaints.desk.suggesting import queue_after
from complaints.desk_forms import DEEDS
from complaints.desk_forms.base import CaseForm
from complaints.models import Complaint
from complaints.services import cards, slips
from complaints.services.revealing import reveal_caller
from complaints.services.supervising import note_reading
from complaints.workflow import MOVES
from governance.errors import HouseError, KeyConflict, WrongMove
from governance.models.reach import may
from governance.services import deeds

# Working places that go on with their next case: the page, and what follows there.
PLACES: dict[str, tuple[str, Callable[[Any, Complaint], int | None]]] = {
    "queue": ("admin:complaints_queue", queue_after),
    "callbacks": ("admin:complaints_callbacks", calling.after),
    "reviews": ("admin:complaints_reviews", reviewing.after),
}
UNDOABLE = ("accept", "dispatch", "hand_on", "record_callback")
LONGEST_GIVEN = 600
HIDDEN = ("csrfmiddlewaretoken", "next")
HELP = (*helping.OF_UNITS, *helping.OF_ASKERS)


class FormRefused(HouseError):
    """What was typed is not complete; the form itself says where."""


def case_deed(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Show the form of a deed, or carry it out once."""
    try:
        case = case_within_reach(request.user, pk)
    except Http404:
        # The case may have left by this very deed, whose reply was lost on the way.
        return answered_before(request, pk, verb)
    form_class = DEEDS[verb]
    if request.method != "POST":
        note_reading(case, request.user)
        form = form_class(case=case, by=request.user, initial=words_given(request))
        try:
            refuse_what_is_not_open(case, request.user, verb)
        except WrongMove as refusal:
            return deed_page(request, case, form, status=409, sentence=refusal.message)
        return deed_page(request, case, form)
    form = form_class(request.POST, request.FILES, case=case, by=request.user)
    key = key_of(request)
    if not key:
        return refused(request, pk, form, _("页面已过期，请再提交一次。"), 422)
    try:
        answer = deeds.once(
            key,
            by=request.user,
            body=body_of(request, verb, pk),
            act=lambda: carry_out(form),
        )
    except FormRefused:
        refuse_who_may_not(case, request.user, verb)
        return deed_page(request, case, form, status=422)
    except KeyConflict as conflict:
        return refused(request, pk, form, conflict.message, 422)
    except WrongMove as refusal:
        return refused(request, pk, form, refusal.message, 409)
    except HouseError as refusal:
        return refused(request, pk, form, refusal.message, 422)
    except PermissionDenied as refusal:
        return refused(request, pk, form, str(refusal) or _("您没有这项操作的权限。"), 403)
    messages.success(request, answer["message"])
    if verb in UNDOABLE:
        note_undo(request, [pk])
    return redirect(next_address(request, case, verb))


def words_given(request: HttpRequest) -> dict[str, str]:
    """The template of an answer that was tapped; so it works without JavaScript."""
    text = request.GET.get("public_text", "").replace("\x00", "")[:LONGEST_GIVEN]
    return {"public_text": text} if text else {}


def answered_before(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """The first answer once more for a request that was carried out; else as if no case was there."""
    key = key_of(request)
    body = body_of(request, verb, pk)
    answer = deeds.answered(key, by=request.user, body=body) if key else None
    if answer is None:
        raise Http404
    messages.success(request, answer["message"])
    if verb in UNDOABLE:
        note_undo(request, [pk])
    place, _after = PLACES.get(request.POST.get("next", ""), ("", None))
    return redirect(reverse(place) if place else list_url())


def carry_out(form: CaseForm) -> dict[str, Any]:
    """Check what was typed and call the service; inside the deed's transaction."""
    if not form.is_valid():
        raise FormRefused(_("有内容没有填对。"))
    return {"message": form.act()}


def body_of(request: HttpRequest, verb: str, pk: int) -> dict[str, Any]:
    """What makes two requests the same request."""
    typed = {name: request.POST.getlist(name) for name in request.POST if name not in HIDDEN}
    files = [
        (file.name, file.size) for name in request.FILES for file in request.FILES.getlist(name)
    ]
    return {"verb": verb, "case": pk, "typed": typed, "files": files}


def refuse_who_may_not(case: Complaint, user: Any, verb: str) -> None:
    """Refuse whoever lacks the right to the deed, before a form is shown."""
    if verb in HELP:
        if not helping.has_right(case, user, verb):
            raise PermissionDenied
        return
    verbs = verbs_of(verb)
    # A case about staff is taken back, and the city's answer recorded, by the street alone.
    held = case.holder_path if verb not in ("restrict", "record_city_answer") else ""
    path = held or case.subdistrict.path
    if not any(may(user, str(MOVES[one].word), path) for one in verbs):
        raise PermissionDenied
    if verb == "withdraw_slip":
        waiting = pressing.open_slips(case)
        if waiting and not any(slips.may_withdraw(row, case, user) for row in waiting):
            raise PermissionDenied
    if verb == "withdraw_card":
        standing = pressing.standing_cards(case)
        if standing and not any(cards.may_withdraw(row, case, user) for row in standing):
            raise PermissionDenied


def refuse_what_is_not_open(case: Complaint, user: Any, verb: str) -> None:
    """Tell "not allowed" (403) from "not now" (409) before anybody types for nothing."""
    refuse_who_may_not(case, user, verb)
    if verb not in deeds_for(case, user, DEEDS):
        raise WrongMove(_("现在不能“%(deed)s”。") % {"deed": DEEDS[verb].label} + moved_on(case))


def refused(
    request: HttpRequest, pk: int, form: CaseForm, sentence: str, status: int
) -> HttpResponse:
    """The same form with everything typed, the sentence, and the case as it is now."""
    case = case_within_reach(request.user, pk)
    again = type(form)(form.data.copy(), case=case, by=request.user).renewed()
    again.is_valid()
    return deed_page(request, case, again, status=status, sentence=sentence)


def deed_page(
    request: HttpRequest, case: Complaint, form: CaseForm, *, status: int = 200, sentence: str = ""
) -> HttpResponse:
    """A deed with a page of its own, under the head of the case."""
    clocked_page(case)
    is_open = form.verb in deeds_for(case, request.user, DEEDS)
    return page(
        request,
        "desk/deed.html",
        title=f"{form.label} · {case.number}",
        status=status,
        case=case,
        form=form,
        sentence=sentence,
        is_open=is_open,
        present=moved_on(case) if status == 409 else "",
        action=case_url(case.pk, form.verb),
        back_url=case_url(case.pk),
        next=request.POST.get("next", request.GET.get("next", "")),
    )


def next_address(request: HttpRequest, case: Complaint, verb: str) -> str:
    """Where to go on: the next of the queue, or the case, if it may still be seen."""
    if request.POST.get("next") in PLACES:
        place, after = PLACES[request.POST["next"]]
        following = after(request.user, case)
        return f"{reverse(place)}?case={following}" if following else reverse(place)
    visible = helping.readable_by(request.user).filter(pk=case.pk).exists()
    return case_url(case.pk) if visible else list_url()


def reveal(request: HttpRequest, pk: int) -> HttpResponse:
    """The caller's number, once, for a written reason; the page is not kept anywhere."""
    case = case_within_reach(request.user, pk)
    phone = sentence = ""
    status = 200
    if request.method == "POST":
        try:
            phone = reveal_caller(case.pk, by=request.user, note=request.POST.get("note", ""))
        except HouseError as refusal:
            sentence, status = refusal.message, 422
        except PermissionDenied as refusal:
            sentence, status = str(refusal), 403
    return page(
        request,
        "desk/reveal.html",
        title=_("查看诉求人电话"),
        status=status,
        case=case,
        phone=phone,
        sentence=sentence,
        note=request.POST.get("note", ""),
        back_url=case_url(case.pk),
    )
