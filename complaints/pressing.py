"""What presses on a case: its slips and cards, read once for a page, and who may answer them."""

from collections.abc import Set
from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from complaints.choices import Card, Supervision
from complaints.models import Complaint, IssuedCard, SupervisionSlip
from governance.choices import Word

MOST = 200

# Steps that may have left a slip behind.
SLIP_VERBS = frozenset({"urge", "supervise", "elevate"})


def slips_of(case: Complaint, verbs: Set[str] = frozenset()) -> list[SupervisionSlip]:
    """The issued slips of a case, newest first; read once for each page.

    `verbs` of the history say that there were slips on a case that is pressed no more.
    """
    was_pressed = case.supervision != Supervision.NONE or not verbs.isdisjoint(SLIP_VERBS)
    return _kept(case, "slips_read", lambda: list(
        case.slips.issued().select_related("unit", "issued_by__person", "answered_by__person",
                                           "withdrawn_by__person", "raised_from")
    ) if was_pressed else [])  # fmt: skip


def open_slips(case: Complaint) -> list[SupervisionSlip]:
    """Slips that wait for an answer, the oldest first."""
    ends = ("answered_at", "raised_at", "withdrawn_at")
    waiting = [row for row in slips_of(case) if not any(getattr(row, end) for end in ends)]
    return waiting[::-1]


def cards_of(case: Complaint) -> list[IssuedCard]:
    """The cards of a case, also withdrawn ones, newest first; read once for each page."""
    return _kept(case, "cards_read", lambda: list(
        IssuedCard.objects.filter(complaint=case).select_related("unit", "issued_by__person", "withdrawn_by__person")
    ))  # fmt: skip


def standing_cards(case: Complaint) -> list[IssuedCard]:
    """The cards that nobody has taken back; none is asked for while the case shows none."""
    if case.card == Card.NONE:
        return []
    return [row for row in cards_of(case) if row.withdrawn_at is None]


def hardest_cards(case: Complaint) -> list[IssuedCard]:
    """The standing cards of the colour the case shows: a phone has no room for the others."""
    return [row for row in standing_cards(case) if row.card == case.card]


def _kept(case: Complaint, name: str, read: Any) -> Any:
    if name not in case.__dict__:
        case.__dict__[name] = read()
    return case.__dict__[name]


def cards_by_unit(user: Any, since: datetime) -> list[dict[str, Any]]:
    """Cards of the units within reach since a moment: yellow, red, withdrawn; most red first."""
    standing = Q(withdrawn_at=None)
    rows = (
        IssuedCard.objects.visible_to(user)
        .filter(issued_at__gte=since)
        .order_by()
        .values("unit_id", "unit__name")
        .annotate(
            red=Count("pk", filter=standing & Q(card=Card.RED)),
            yellow=Count("pk", filter=standing & Q(card=Card.YELLOW)),
            withdrawn=Count("pk", filter=~standing),
        )
    )
    return sorted(rows, key=lambda row: (-row["red"], -row["yellow"], row["unit__name"]))[:MOST]


def drafts_of(user: Any) -> Any:
    """Slips the house has drafted that wait for the signature of whoever dispatches there."""
    drafts = SupervisionSlip.objects.visible_to(user, Word.DISPATCH)
    return drafts.filter(issued_at=None, complaint__is_open=True)
