"""Reading questions to outsiders: those of a case, who may ask, and what may be shown of a case."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy

from complaints.choices import PhotoGroup
from complaints.models import Complaint, OutsideQuestion, Photo
from complaints.public_text import proposal
from complaints.requested import moment_of
from complaints.workflow import MOVES
from governance.choices import Word
from governance.models.reach import may

# What a list across cases shows, by the word in its address.
WAITING, LATE, EXPIRED, ANSWERED = "waiting", "late", "expired", "answered"
LISTS = {
    WAITING: gettext_lazy("待答复"),
    LATE: gettext_lazy("逾期未答复"),
    EXPIRED: gettext_lazy("链接已失效"),
    ANSWERED: gettext_lazy("已答复"),
}
LONGEST_KEY = 18
TO_BE_SHOWN = (PhotoGroup.REPORT, PhotoGroup.HANDLING)

# Verbs that say in the history that somebody outside was ever asked.
ASKED = frozenset({"ask_outside", "ask_outside_by_desk"})


def questions_of(case: Complaint, verbs: set[str] | None = None) -> list[OutsideQuestion]:
    """All questions of a case, newest first; no statement where the history knows of none."""
    if verbs is not None and verbs.isdisjoint(ASKED):
        return []
    rows = OutsideQuestion.objects.filter(complaint=case)
    return list(rows.select_related("made_by__person", "ended_by__person", "unit"))


def listed(user: Any, show: str) -> QuerySet[OutsideQuestion]:
    """The questions of cases that `user` may see: waiting, late, with a dead link, or answered."""
    now = timezone.now()
    rows = OutsideQuestion.objects.filter(complaint__in=Complaint.objects.visible_to(user))
    match show:
        case "answered":
            return rows.filter(answered_at__isnull=False)
        case "late":
            return rows.waiting().filter(due_at__lt=now)
        case "expired":
            return rows.waiting().filter(expires_at__lte=now)
        case _:
            return rows.waiting()


def page_of(
    rows: QuerySet[OutsideQuestion], show: str, key: str, size: int
) -> tuple[list[OutsideQuestion], str]:
    """A page of questions and the key of the next: what is due first; answered ones newest first.

    A key that nobody was given begins at the top.
    """
    first, _colon, last = key.partition(":")
    known = last.isdecimal() and len(last) <= LONGEST_KEY
    if show == ANSWERED:
        rows = rows.order_by("-pk")
        rows = rows.filter(pk__lt=int(last)) if known else rows
    else:
        rows = rows.order_by("due_at", "pk")
        if known and (at := moment_of(first)) is not None:
            rows = rows.filter(Q(due_at__gt=at) | Q(due_at=at, pk__gt=int(last)))
    found = list(rows.select_related("complaint", "unit", "made_by__person")[: size + 1])
    shown = found[:size]
    end = shown[-1] if len(found) > size else None
    return shown, f"{end.due_at.timestamp()}:{end.pk}" if end else ""


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


def photos_for_outsiders(case: Complaint) -> QuerySet[Photo]:
    """The photos a sender may tick: of the matter and of the work, never papers or conversations."""
    return Photo.objects.filter(complaint=case, group__in=TO_BE_SHOWN).order_by("pk")


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
