"""The page of one case: what the desk shows of it, read in few statements."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import F
from django.http import Http404
from django.utils.translation import gettext as _

from complaints import helping, history, outsiders, pressing, requested, selectors, timeline
from complaints.choices import CITY_SOURCES, Stage
from complaints.desk.listing import clocked_page
from complaints.models import Complaint, Instruction, Reply, Step
from complaints.services import cards, slips
from complaints.services.callers import may_know_caller
from complaints.services.reviewing import reviewed_by_street
from complaints.workflow import MOVES, WHILE_SUSPENDED
from governance.choices import Word
from governance.models.reach import may
from governance.privacy import mask_name

# Of other cases only the number is shown; joining them whole would double the work.
NUMBERS = {
    "merged_number": F("merged_into__number"), "merged_stage": F("merged_into__stage"),
    "repeat_number": F("repeat_of__number"),
    "parent_number": F("part_of__number"), "parent_text": F("part_of__text"),
}  # fmt: skip
# One deed of the desk stands for several verbs of the table.
DEED_OF_VERB = {
    "call_back": "record_callback", "close": "record_callback",
    "grant_return": "decide_request", "grant_extension": "decide_request",
    "grant_suspension": "decide_request", "grant_out_of_duty": "decide_request",
    "refuse_request": "decide_request", "take_back_from_source": "record_city_answer",
    "unmerge_unaccepted": "unmerge", "close_merged": "record_callback",
}  # fmt: skip
# The deed that a case of this stage waits for: the one main button of the page.
MAIN_DEED = {
    Stage.PENDING_ACCEPTANCE: ("accept",),
    Stage.PENDING_SUPPLEMENT: ("supplement",),
    Stage.PENDING_DISPATCH: ("dispatch",),
    Stage.PENDING_SIGN: ("sign", "dispatch"),
    Stage.HANDLING: ("reply", "contact", "dispatch"),
    Stage.PENDING_REVIEW: ("approve",),
    Stage.PENDING_CALLBACK: ("record_callback",),
}


def case_within_reach(user: Any, pk: int) -> Complaint:
    """The case with all its page shows of it; a foreign and a missing one raise the same 404."""
    case = selectors.case_within_reach(user, pk, **NUMBERS)
    if case is None:
        raise Http404
    return case


def facts_of(case: Complaint, user: Any, show: str = timeline.ALL) -> dict[str, Any]:
    """Clock, ladder, timeline, photos, answers and instructions of a case, for one reader.

    `show` is the facet of the timeline that was asked for.
    """
    steps = history.steps_of(case)
    verbs = {step.verb for step in steps}
    requested.none_if_never_asked(case, verbs)
    helping.none_if_never_asked(case, verbs)
    clocked_page(case)
    photos, events = history.photos_of(case), timeline.events(case, steps)
    return {
        "case": case,
        "ladder": ladder_of(case, steps),
        "timeline": timeline.drawn(timeline.shown(events, show)),
        "timeline_filters": timeline.filters(events, show),
        "photos": photos,
        "albums": history.albums_of(photos),
        "replies": replies_of(case) if "reply" in verbs else [],
        "slips": pressing.slips_of(case, verbs),
        "cards": pressing.cards_of(case) if verbs & CARD_VERBS else [],
        "instructions": instructions_of(case) if "instruct" in verbs else [],
        "outside_questions": outsiders.questions_of(case, verbs),
        "may_write_outside": outsiders.may_ask_now(case, user),
        **caller_of(case, user),
        "requests": requested.requests_of(case),
        "assists": helping.assists_of(case),
        "parts": helping.parts_of(case, user),
        "followers": helping.followers_of(case, user),
        "is_city_order": case.source in CITY_SOURCES and case.part_of_id is None,
        "followed": f"{case.merged_number} · {Stage(case.merged_stage).label}"
        if case.merged_into_id
        else "",
        "may_reveal": may_reveal(case, user),
        "may_give_link": may(user, Word.DISPATCH, case.holder_path or case.subdistrict.path),
    }


def caller_of(case: Complaint, user: Any) -> dict[str, Any]:
    """Who called, as the desk shows it: the name masked, nothing at all when it is secret."""
    return {
        "caller_is_known": may_know_caller(case, user),
        "caller_name": mask_name(case.caller.name) if case.caller.name else "",
    }


def ladder_of(case: Complaint, steps: list[Step]) -> list[dict[str, Any]]:
    """The five levels in the shape the ladder part draws."""
    return [
        {"label": rung.label, "state": rung.state, "name": rung.name, "at": rung.at}
        for rung in history.ladder(case, steps)
    ]


# Steps after which a card may stand on the case.
CARD_VERBS = frozenset({"remind", "issue_card", "withdraw_card"})


def replies_of(case: Complaint) -> list[Reply]:
    """The answers of all rounds, newest first, with who wrote and who reviewed them."""
    rows = Reply.objects.filter(complaint=case).order_by("-id")
    return list(rows.select_related("by__person", "reviewed_by__person"))


def instructions_of(case: Complaint) -> list[Instruction]:
    """Words from above, with what was done about them."""
    return list(case.instructions.select_related("by__person", "answered_by__person"))


def may_reveal(case: Complaint, user: Any) -> bool:
    """Whether the desk may be asked for the caller's number at all."""
    if not case.caller.phone_masked or not may_know_caller(case, user):
        return False
    path = case.holder_path or case.subdistrict.path
    return any(may(user, word, path) for word in REVEAL_WORDS)


REVEAL_WORDS = (Word.DISPATCH, Word.CALLBACK, Word.REVIEW, Word.HANDLE)


def deeds_for(case: Complaint, user: Any, known: Iterable[str]) -> list[str]:
    """The deeds of the desk that the table and the reader's rights allow now, in the table's order."""
    offered: list[str] = []
    for verb in [*selectors.may_take(case, user), *open_to_helpers(case, user)]:
        deed = DEED_OF_VERB.get(verb, verb)
        if deed in known and deed not in offered and makes_sense(deed, case, user):
            offered.append(deed)
            if deed == "accept" and "dispatch" in known:
                # A clear matter is accepted and dispatched in one go.
                offered.append("dispatch")
    return offered


def open_to_helpers(case: Complaint, user: Any) -> list[str]:
    """What a unit of the reader that helps with the case may do now."""
    return [verb for verb in helping.unit_verbs(case, user) if case.stage in MOVES[verb].before]


def makes_sense(deed: str, case: Complaint, user: Any) -> bool:
    """Whether a deed that the table allows means anything for this very case and reader."""
    if case.is_suspended and deed not in WHILE_SUSPENDED:
        return False
    match deed:
        case "ask_return" | "ask_extension" | "ask_suspension" | "claim_out_of_duty":
            return requested.may_be_asked(case, deed)
        case "take_back_request":
            return bool(requested.to_take_back(case, user))
        case "decide_request":
            return bool(requested.to_decide(case, user))
        case "record_city_answer":
            street = case.subdistrict.path
            return may(user, Word.DISPATCH, street) and bool(requested.at_the_city(case))
        case "answer_slip":
            return bool(pressing.open_slips(case))
        case "withdraw_slip":
            return any(slips.may_withdraw(row, case, user) for row in pressing.open_slips(case))
        case "issue_card":
            return cards.may_issue(case, user)
        case "withdraw_card":
            standing = pressing.standing_cards(case)
            return any(cards.may_withdraw(row, case, user) for row in standing)
        case "resume" | "recheck":
            return case.is_suspended
        case "add_assist":
            return not case.is_confidential and helping.may_ask(case, user)
        case "release_assist":
            return bool(helping.to_release(case, user))
        case "whistle":
            return not case.is_confidential
        case "split" | "merge":
            return case.part_of_id is None
        case "unmerge":
            return case.finished_at is None
        case "return_to_source" | "record_source_result":
            return case.source in CITY_SOURCES and case.part_of_id is None
        case "restrict":
            return may(user, Word.DISPATCH, case.subdistrict.path)
        case "approve" | "send_back":
            street = case.subdistrict.path
            return not reviewed_by_street(case) or may(user, Word.REVIEW, street)
        case "rework":
            return case.stage == Stage.CLOSED
        case "escalate":
            return case.holder_path != case.subdistrict.path
        case "hand_on":
            return case.holder_path != case.subdistrict.path
        case _:
            return True


def verbs_of(deed: str) -> tuple[str, ...]:
    """The verbs of the table that one deed of the desk stands for."""
    others = tuple(verb for verb, name in DEED_OF_VERB.items() if name == deed)
    return (deed, *others) if deed in MOVES else others


def main_deed(case: Complaint, offered: Sequence[str]) -> str:
    """The one deed the case waits for, if this reader may do it."""
    if "decide_request" in offered:
        return "decide_request"
    wanted = MAIN_DEED.get(Stage(case.stage), ())
    return next((deed for deed in (*wanted, *helping.OF_UNITS) if deed in offered), "")


def moved_on(case: Complaint) -> str:
    """The present state of a case in one sentence, for who came second."""
    holder = case.holder.display_name if case.holder else _("无")
    return _("现在：%(stage)s，由%(holder)s办理。") % {
        "stage": case.get_stage_display(),
        "holder": holder,
    }
