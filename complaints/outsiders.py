"""Reading questions to outsiders: those of a case, who may ask, and what may be shown of a case."""

from typing import Any

from complaints.models import Complaint, OutsideQuestion
from complaints.public_text import proposal
from complaints.workflow import MOVES
from governance.choices import Word
from governance.models.reach import may

# Verbs that say in the history that somebody outside was ever asked.
ASKED = frozenset({"ask_outside", "ask_outside_by_desk"})


def questions_of(case: Complaint, verbs: set[str] | None = None) -> list[OutsideQuestion]:
    """All questions of a case, newest first; no statement where the history knows of none."""
    if verbs is not None and verbs.isdisjoint(ASKED):
        return []
    rows = OutsideQuestion.objects.filter(complaint=case)
    return list(rows.select_related("made_by__person", "ended_by__person", "unit"))


def may_write_outside(case: Complaint, user: Any) -> bool:
    """Whether `user` holds the case, or dispatches where it is held; confidential ones stay inside."""
    path = case.holder_path or case.subdistrict.path
    return not case.is_confidential and any(
        may(user, word, path) for word in (Word.HANDLE, Word.DISPATCH)
    )


def may_ask_now(case: Complaint, user: Any) -> bool:
    """Whether a new question would be taken at this stage."""
    is_time = case.stage in MOVES["ask_outside"].before and not case.is_suspended
    return is_time and may_write_outside(case, user)


def text_for_outsiders(case: Complaint) -> str:
    """The matter with other words in the place of all that may point to a person."""
    return proposal(case.text, [case.caller.name])[:1000]


def places_for_outsiders(case: Complaint) -> list[tuple[str, str]]:
    """What may be shown of the place: nothing, the compound or community, and the address as filed.

    The address of a caller who asked for secrecy may be the caller's own door, so it is not offered.
    """
    found = [("", "")]
    near = case.compound or (case.building.compound if case.building else case.place)
    if near is not None:
        found.append(("near", getattr(near, "display_name", near.name)))
    if case.address and not case.caller.is_secret:
        found.append(("address", case.address))
    return found
