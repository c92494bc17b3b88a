"""What a page of the phone shows of a case, put into the words and pictures of its parts."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints import history
from complaints.choices import PhotoGroup, Stage
from complaints.models import Complaint, Photo, Step
from governance.clockface import local

ICONS = {
    "0101": "trash", "0102": "shop", "0103": "cone-striped", "0201": "sign-turn-right",
    "0202": "p-square", "0203": "tree", "0301": "droplet", "0302": "lightning-charge",
    "0303": "fire", "0304": "fire", "0305": "envelope-paper", "0402": "wrench", "0403": "people",
    "0404": "tools", "0501": "fire", "0502": "exclamation-triangle", "0503": "shield-check",
    "0504": "chat-left-text", "0601": "volume-up", "0602": "flower1", "0701": "person-hearts",
    "0702": "heart-pulse", "0703": "journal-text", "04": "building", "05": "shield-exclamation",
    "07": "person-hearts", "08": "flag", "09": "shop", "10": "question-circle",
}  # fmt: skip
STOPPED = (
    Stage.REJECTED, Stage.WITHDRAWN, Stage.MERGED, Stage.VOIDED, Stage.RETURNED_TO_SOURCE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Card:
    """One line of a list: `due_at` is the moment that binds now, or that bound a finished case."""

    url: str
    title: str
    meta: str
    icon: str
    due_at: datetime | None
    suspended_at: datetime | None
    finished_at: datetime | None
    is_provisional: bool
    chip: str


def cards(cases: Iterable[Complaint]) -> list[Card]:
    """The cards of a list's rows."""
    return [card(case) for case in cases]


def card(case: Complaint) -> Card:
    """The card of one case."""
    return Card(
        url=reverse("mobile:complaint", args=[case.pk]),
        title=case.title,
        meta=" · ".join(filter(None, [case.get_source_display(), case.address, whereabouts(case)])),
        icon=icon_of(case),
        due_at=case.case_due_at if case.finished_at else case.due_at,
        suspended_at=case.suspended_at,
        finished_at=case.finished_at,
        is_provisional=case.due_is_provisional,
        chip=case.get_stage_display() if case.stage in STOPPED else "",
    )


def whereabouts(case: Complaint) -> str:
    """The stage, or to whom the case has climbed."""
    climbed = case.holder_id != case.main_unit_id and case.main_unit_id and case.holder
    if climbed and case.stage == Stage.PENDING_SIGN:
        return _("已上报%(unit)s") % {"unit": case.holder.display_name}
    if case.stage == Stage.PENDING_SIGN and case.sign_due_at:
        return to_sign(case.sign_due_at, timezone.now())
    return str(case.get_stage_display())


def to_sign(due_at: datetime, now: datetime) -> str:
    """Until when the case wants to be signed for; signing has a clock of its own (8.3)."""
    if due_at < now:
        return _("签收已超时")
    due = local(due_at)
    at = f"{due:%H:%M}" if due.date() == local(now).date() else f"{due:%m-%d %H:%M}"
    return _("%(at)s 前签收") % {"at": at}


def icon_of(case: Complaint) -> str:
    """A picture for the kind of matter."""
    code = case.category.code if case.category else ""
    return ICONS.get(code[:4]) or ICONS.get(code[:2]) or "chat-square-text"


def ladder(case: Complaint, steps: Sequence[Step]) -> list[dict[str, Any]]:
    """The five levels as the part `_ladder.html` draws them; the phone has no room for names.

    A level below the one where the case began is quiet here: it may well exist.
    """
    rungs = [asdict(rung) for rung in history.ladder(case, list(steps))]
    quiet = {"skipped": "ahead"}
    return [
        {**rung, "name": "", "state": quiet.get(rung["state"], rung["state"])} for rung in rungs
    ]


def photo_groups(photos: Iterable[Photo]) -> dict[str, list[Photo]]:
    """What was sent in, and what was taken while the case was handled."""
    found: dict[str, list[Photo]] = {"report": [], "handling": []}
    for photo in photos:
        found["report" if photo.group == PhotoGroup.REPORT else "handling"].append(photo)
    return found
