"""The page of one case: clock, words, photos, caller, ladder, timeline, and the deeds at the thumb."""

from typing import Any
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from complaints import helping, history, outsiders, pressing, requested, timeline
from complaints.mobile import cards
from complaints.models import Complaint, Instruction
from complaints.selectors import case_within_reach, may_take
from complaints.services.callers import may_know_caller
from complaints.services.covering import may_cover
from complaints.workflow import MOVES, WHILE_SUSPENDED
from governance.privacy import mask_name
from governance.worktime import workdays_between

AT_THE_DESK = {"print", "renew_outside", "end_outside", "release_assist", "withdraw_slip"}


def shown_case(user: Any, pk: int) -> Complaint:
    """The case, when it lies within the user's reach; else the same 404 as for no case at all."""
    case = case_within_reach(user, pk)
    if case is None:
        raise Http404
    return case


def offered(case: Complaint, user: Any) -> set[str]:
    """The deeds a page may show: none that the house would refuse for the state of the case."""
    # There is no paper in a stairwell, questions to outsiders have a page of their own; help is
    # called off and slips are withdrawn at the desk.
    verbs = set(may_take(case, user)) - AT_THE_DESK
    verbs -= set(requested.KIND_OF_VERB) - asking_now(case, verbs)
    if case.is_confidential:
        verbs.discard("ask_outside")
    if not pressing.open_slips(case):
        verbs.discard("answer_slip")
    if not requested.to_take_back(case, user):
        verbs.discard("take_back_request")
    if not requested.to_decide(case, user):
        verbs.discard("refuse_request")
    verbs |= {verb for verb in helping.unit_verbs(case, user) if case.stage in MOVES[verb].before}
    if "add_assist" in verbs and (case.is_confidential or not helping.may_ask(case, user)):
        verbs.discard("add_assist")
    if case.is_suspended:
        return verbs & set(WHILE_SUSPENDED)
    if case.holder is None or case.holder_path == case.subdistrict.path:
        verbs.discard("escalate")
    return verbs


def asking_now(case: Complaint, verbs: set[str]) -> set[str]:
    """What may be asked for now, of all that the table allows."""
    return {
        verb
        for verb in requested.KIND_OF_VERB
        if verb in verbs and requested.may_be_asked(case, verb)
    }


def draw_case(
    request: HttpRequest, case: Complaint, *, status: int = 200, sentence: str = ""
) -> HttpResponse:
    """The page as it stands now; `sentence` says why the last deed was not carried out."""
    steps = history.steps_of(case)
    verbs = {step.verb for step in steps}
    requested.none_if_never_asked(case, verbs)
    helping.none_if_never_asked(case, verbs)
    photos = cards.photo_groups(history.photos_of(case))
    events, show = timeline.events(case, steps), request.GET.get("show", timeline.ALL)
    context = {
        "case": case,
        "sentence": sentence,
        "has_moved_on": status == 409,
        "offered": offered(case, request.user),
        "requests": requested.requests_of(case),
        "outside_questions": outsiders.questions_of(case, verbs),
        "assists": helping.assists_of(case),
        "own_assists": {row.pk for row in helping.own_rows(case, request.user)},
        "parts": helping.parts_of(case, request.user),
        "followers": helping.followers_of(case, request.user),
        "own_requests": [row.pk for row in requested.to_take_back(case, request.user)],
        "key": uuid4(),
        "rungs": cards.ladder(case, steps),
        "steps": timeline.drawn(timeline.shown(events, show), post_first=True),
        "timeline_filters": timeline.filters(events, show),
        "photos": photos,
        "may_cover": any(photos.values()) and may_cover(case, request.user),
        "slips": pressing.open_slips(case),
        "cards": pressing.hardest_cards(case),
        "instructions": open_instructions(case) if "instruct" in verbs else [],
        "caller": caller_words(case, request.user),
        "has_contact": any(s.verb == "contact" and s.round == case.round for s in steps),
        "workdays": workdays_left(case),
        "tab": "complaints",
    }
    return render(request, "mobile/complaint.html", context, status=status)


def open_instructions(case: Complaint) -> list[Instruction]:
    """Leaders' words that nobody has answered yet, the newest first."""
    return list(case.instructions.filter(answered_at=None))


def caller_words(case: Complaint, user: Any) -> dict[str, Any]:
    """Who called, as far as the user may know; the number itself is behind the call button."""
    if not may_know_caller(case, user):
        return {"is_secret": True}
    return {
        "is_secret": False,
        "asked_for_secrecy": case.caller.is_secret,
        "name": mask_name(case.caller.name),
        "phone": case.caller.phone_masked,
    }


def workdays_left(case: Complaint) -> int | None:
    """How many working days are left, negative when late; None while no clock runs."""
    if case.due_at is None:
        return None
    calendar = requested.calendar_for(case)
    today, due = timezone.localdate(), calendar.local(case.due_at).date()
    return workdays_between(today, due, calendar)
