"""Cards: yellow and red, issued by a rule or by a person, withdrawn with a reason (5.3)."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as kept

from complaints.choices import Card
from complaints.models import Assignment, Complaint, IssuedCard, ReminderRule
from complaints.services.dispatching import tell
from complaints.services.steps import lock_complaint, take_step
from complaints.services.supervising import holders
from governance.choices import Word
from governance.errors import HouseError, WrongMove
from governance.models.reach import SEGMENT, may
from governance.selectors import people_at
from governance.services.audit import deed

ORDER = (Card.NONE, Card.YELLOW, Card.RED)
SHORTEST_REASON = 4


def by_rule(case: Complaint, rule: ReminderRule, number: int) -> dict[str, Any]:
    """Write the card a rule gives, once for each dispatch; returns what changes on the case."""
    unit = case.main_unit or case.holder
    if rule.card == Card.NONE or unit is None:
        return {}
    IssuedCard.objects.get_or_create(
        complaint=case,
        assignment_number=number,
        card=rule.card,
        withdrawn_at=None,
        defaults={
            "unit": unit,
            "unit_path": unit.path,
            "rule_code": rule.code,
            "reason": "；".join(filter(None, [rule.label, rule.measure]))[:300],
        },
    )
    return {"card": rule.card} if is_harder(rule.card, case.card) else {}


def is_harder(card: str, than: str) -> bool:
    """Whether one card says more than another."""
    return ORDER.index(Card(card)) > ORDER.index(Card(than))


@deed()
def issue(pk: int, *, by: Any, card: str, note: str, seen: int | None = None) -> IssuedCard:
    """挂牌 by hand: whoever dispatches above the unit gives it a yellow or red card, with a reason.

    Raises HouseError without a unit or a reason, WrongMove when the unit has a card of this colour
    for this dispatch, PermissionDenied for whoever is not above the unit.
    """
    case = lock_complaint(pk, seen=seen)
    unit = case.main_unit or case.holder
    if unit is None or unit.pk == case.subdistrict_id:
        raise HouseError(_("还没有承办单位，派单以后才能挂牌。"))
    if card not in (Card.YELLOW, Card.RED):
        raise HouseError(_("请选择黄牌或红牌。"))
    if len(note.strip()) < SHORTEST_REASON:
        raise HouseError(_("请写明挂牌的事由（至少四个字）。"))
    current = Assignment.objects.filter(complaint=case, ended_at=None).first()
    number = current.number if current else 0
    standing = IssuedCard.objects.standing().filter(complaint=case, assignment_number=number)
    if standing.filter(card=card).exists():
        raise WrongMove(_("这次派单已经挂了%(card)s。") % {"card": Card(card).label})
    row = IssuedCard.objects.create(
        complaint=case,
        assignment_number=number,
        card=card,
        unit=unit,
        unit_path=unit.path,
        reason=note.strip()[:300],
        issued_by=by,
    )
    shown = card if is_harder(card, case.card) else case.card
    said = f"{Card(card).label} {row.reason}"
    take_step(case, "issue_card", by=by, note=said, where=above(unit.path), card=shown)
    tell(case, told_of(case), kept("%(card)s") % {"card": Card(card).label}, f"card:{row.pk}")
    return row


@deed()
def withdraw(pk: int, *, by: Any, card: int, note: str, seen: int | None = None) -> IssuedCard:
    """撤牌: taken back with a reason, by the street, or by who gave it by hand; the row stays.

    The case shows the hardest card that is left. A unit or its community never takes back what a
    rule gave. Raises WrongMove for a card that no longer stands.
    """
    case = lock_complaint(pk, seen=seen)
    row = IssuedCard.objects.standing().filter(complaint=case, pk=card).first()
    if row is None:
        raise WrongMove(_("这张牌已经撤下了。"))
    if not may_withdraw(row, case, by):
        raise PermissionDenied(_("规则挂的牌由街道撤下；人工挂的牌也可由挂牌人撤下。"))
    if len(note.strip()) < SHORTEST_REASON:
        raise HouseError(_("请写明撤牌的理由（至少四个字）。"))
    row.withdrawn_at, row.withdrawn_by = timezone.now(), by
    row.withdrawn_note = note.strip()[:300]
    row.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_note"])
    take_step(
        case,
        "withdraw_card",
        by=by,
        note=f"{row.get_card_display()} {row.withdrawn_note}",
        where=above(row.unit_path),
        card=hardest_left(case),
    )
    tell(case, told_of(case), kept("黄红牌已撤"), f"card_withdrawn:{row.pk}")
    return row


def take_down_warnings(case: Complaint, by: Any, note: str) -> Card:
    """The end is far again: yellow cards of rules come down in the ledger too; what is left to show.

    A red card, and one that somebody gave by hand, stays.
    """
    rows = IssuedCard.objects.standing().filter(complaint=case)
    rows.filter(card=Card.YELLOW, issued_by=None).update(
        withdrawn_at=timezone.now(), withdrawn_by=by, withdrawn_note=note
    )
    return hardest_left(case)


def hardest_left(case: Complaint) -> Card:
    """The hardest card that stands."""
    left = IssuedCard.objects.standing().filter(complaint=case).values_list("card", flat=True)
    return max(map(Card, left), key=ORDER.index, default=Card.NONE)


def may_issue(case: Complaint, user: Any) -> bool:
    """Whether `user` dispatches above the unit that answers for the case."""
    path = case.main_unit_path or case.holder_path
    return bool(path) and path != case.subdistrict.path and may(user, Word.DISPATCH, above(path))


def may_withdraw(row: IssuedCard, case: Complaint, user: Any) -> bool:
    """Whether `user` may take this card back."""
    is_own = row.issued_by_id is not None and row.issued_by_id == user.pk
    return may(user, Word.DISPATCH, case.subdistrict.path) or (
        is_own and may(user, Word.DISPATCH, above(row.unit_path))
    )


def above(path: str) -> str:
    """The path one level up; the street is above itself."""
    return path[:-SEGMENT] or path


def told_of(case: Complaint) -> list[int]:
    """The unit and its community hear of its cards."""
    path = case.main_unit_path or case.holder_path
    if case.is_confidential:
        return holders(case)
    return [*holders(case), *people_at(path, [("community_secretary", None)])]
