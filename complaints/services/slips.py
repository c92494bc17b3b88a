"""Slips: pressure with a number, a demand and a time, which grows when nobody answers (5.2, 5.3).

催办 → 督办 → 提级督办: a slip that is not answered in time is followed by one of the next level.
"""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as kept

from complaints.calendars import current_calendar
from complaints.choices import Stage, Supervision
from complaints.models import Complaint, Reminder, ReminderRule, SupervisionSlip
from complaints.rules import rules_of
from complaints.services import clock
from complaints.services.dispatching import tell
from complaints.services.steps import lock_complaint, take_step
from complaints.services.supervising import holders
from governance import worktime
from governance.choices import Word
from governance.errors import HouseError, WrongMove
from governance.models import Organisation
from governance.models.reach import may
from governance.selectors import in_charge, people_in_posts
from governance.services import numbers
from governance.services.audit import deed

SHORTEST_DEMAND, SHORTEST_REASON = 6, 4
ORDER = (Supervision.NONE, Supervision.URGED, Supervision.SUPERVISED, Supervision.ELEVATED)
# One verb, one word in the number, and one line in the inbox for each level.
VERBS = {
    Supervision.URGED: "urge", Supervision.SUPERVISED: "supervise",
    Supervision.ELEVATED: "elevate",
}  # fmt: skip
MARKS = {
    Supervision.URGED: kept("催"), Supervision.SUPERVISED: kept("督"),
    Supervision.ELEVATED: kept("提督"),
}  # fmt: skip
LEADERS_AND_DESK = ("committee_secretary", "subdistrict_leader", "hotline_clerk")
USUAL_DEMAND = kept("请立即核实办理，按期书面反馈办理情况和结果。")


def is_harder(level: str, than: str) -> bool:
    """Whether one level of pressure is more than another."""
    return ORDER.index(Supervision(level)) > ORDER.index(Supervision(than))


@deed()
def supervise(
    pk: int,
    *,
    by: Any,
    demand: str,
    due_at: datetime,
    level: str = Supervision.SUPERVISED,
    seen: int | None = None,
) -> SupervisionSlip:
    """催办、督办、提级督办: pressure with a numbered slip, a demand and a time for the answer.

    Moves no clock of the case. 催办 and 督办 by whoever dispatches, 提级督办 by a leader. The unit
    that has the case, its community and, for 提级督办, the leaders are told. A draft of the house
    for this level becomes this slip. Raises HouseError without a unit, for a thin demand, and for
    a time that has passed (`domain.md` 1.4, 5.2).
    """
    case = lock_complaint(pk, seen=seen)
    unit = answering_unit(case)
    if level not in VERBS:
        raise HouseError(_("请选择督办级别。"))
    if len(demand.strip()) < SHORTEST_DEMAND:
        raise HouseError(_("请写明督办要求（至少六个字）。"))
    if due_at <= timezone.now():
        raise HouseError(_("反馈期限已过，请选择将来的时间。"))
    return write(case, unit, level, demand.strip(), due_at, by=by)


def answering_unit(case: Complaint) -> Organisation:
    """Who is pressed; HouseError while nobody has the case."""
    unit = case.main_unit or case.holder
    if unit is None or unit.pk == case.subdistrict_id:
        raise HouseError(_("还没有承办单位，派单以后才能督办。"))
    return unit


def write(
    case: Complaint,
    unit: Organisation,
    level: str,
    demand: str,
    due_at: datetime,
    *,
    by: Any,
    raised_from: SupervisionSlip | None = None,
) -> SupervisionSlip:
    """The slip itself, its step, its time on the clock of the house, and who hears of it."""
    slip = drafted(case, level) or SupervisionSlip(complaint=case, level=level)
    slip.number, slip.unit = next_number(case, level), unit
    slip.demand, slip.due_at, slip.raised_from = demand[:300], due_at, raised_from
    slip.issued_at, slip.issued_by = timezone.now(), by
    slip.supervision_before = case.supervision
    slip.save()
    take_step(
        case,
        VERBS[Supervision(level)],
        by=by,
        note=f"{slip.number} {slip.demand}",
        supervision=level if is_harder(level, case.supervision) else case.supervision,
    )
    rules, calendar = rules_of(case.subdistrict), current_calendar(case.subdistrict)
    clock.plan_slip(case, due_at, slip.pk, rules, calendar)
    tell(case, told_of(case, unit, level), slip.paper, f"supervise:{slip.pk}")
    return slip


def told_of(case: Complaint, unit: Organisation, level: str) -> list[int]:
    """The unit, its community, and the level above; leaders hear of the hardest."""
    if case.is_confidential:
        return holders(case)
    people = [*holders(case), *people_in_posts(unit.path, ["community_secretary"])]
    if level == Supervision.ELEVATED:
        people += people_in_posts(case.subdistrict.path, LEADERS_AND_DESK)
    return people


def drafted(case: Complaint, level: str) -> SupervisionSlip | None:
    """The draft of the house for this level, if one waits to be signed."""
    return SupervisionSlip.objects.filter(complaint=case, level=level, issued_at=None).first()


def draft(case: Complaint, rule: ReminderRule) -> None:
    """A rule struck: the slip is ready, and the street's desk need only sign it."""
    unit = case.main_unit or case.holder
    if unit is None or unit.pk == case.subdistrict_id:
        return
    level = Supervision.SUPERVISED
    if rule.supervision == Supervision.ELEVATED:
        level = Supervision.ELEVATED
    issued = SupervisionSlip.objects.unanswered().filter(complaint=case, level=level)
    if issued.exists():
        return
    demand = "；".join(filter(None, [rule.measure, USUAL_DEMAND]))
    row, is_new = SupervisionSlip.objects.get_or_create(
        complaint=case,
        level=level,
        issued_at=None,
        defaults={"unit": unit, "demand": demand[:300], "due_at": usual_due(case)},
    )
    if is_new:
        desk = people_in_posts(case.subdistrict.path, ["hotline_clerk"])
        tell(case, desk, kept("督办单已拟好，待签发"), f"draft:{row.pk}")


def usual_due(case: Complaint) -> datetime:
    """The office's usual time for an answer, from now."""
    days = rules_of(case.subdistrict).oversight.slip_workdays
    return worktime.add(timezone.now(), days, "wd", current_calendar(case.subdistrict)).at


def next_number(case: Complaint, level: str) -> str:
    """The next number of the street's slips of this level in this year, e.g. HP督〔2026〕3号."""
    year, street = timezone.localdate().year, case.subdistrict
    series = "slip" if level == Supervision.SUPERVISED else f"slip_{level}"
    number = numbers.take(f"{series}:{street.pk}:{year}")
    return f"{street.short_code}{MARKS[Supervision(level)]}〔{year}〕{number}号"


@deed()
def answer(pk: int, *, by: Any, slip: int, note: str, seen: int | None = None) -> SupervisionSlip:
    """督办反馈: whoever has the case says what was done; who issued the slip is told.

    Raises WrongMove for a slip that is answered already or was followed by a harder one.
    """
    case = lock_complaint(pk, seen=seen)
    row = SupervisionSlip.objects.unanswered().filter(complaint=case, pk=slip).first()
    if row is None:
        raise WrongMove(_("这份督办单已经反馈，或已升级，请反馈最新的一份。"))
    said = f"{row.number} {note.strip()}" if note.strip() else ""
    take_step(case, "answer_slip", by=by, note=said)
    row.answer, row.answered_at, row.answered_by = note.strip()[:300], timezone.now(), by
    row.save(update_fields=["answer", "answered_at", "answered_by"])
    clock.stop_one(clock.SLIP_DUE, case, row.pk)
    told = people_in_posts(case.subdistrict.path, ["hotline_clerk"])
    told += [row.issued_by.person_id] if row.issued_by else []
    tell(case, told, kept("督办已反馈"), f"slip_answered:{row.pk}")
    return row


@deed()
def withdraw(pk: int, *, by: Any, slip: int, note: str, seen: int | None = None) -> SupervisionSlip:
    """撤回督办: a slip that should not have been written; its row, number and reason stay.

    By who issued it or by the street; a leader's 提级督办 by a leader. The unit need not answer any
    more, and the case is pressed as hard as what is left presses it. Raises WrongMove for a slip
    that was answered, followed by a harder one, or withdrawn already.
    """
    case = lock_complaint(pk, seen=seen)
    row = SupervisionSlip.objects.unanswered().filter(complaint=case, pk=slip).first()
    if row is None:
        raise WrongMove(_("这份督办单已经反馈、升级或撤回，不能再撤回。"))
    if not may_withdraw(row, case, by):
        raise PermissionDenied(_("督办单由签发人或街道热线办撤回；领导出具的提级督办由领导撤回。"))
    if note.strip() and len(note.strip()) < SHORTEST_REASON:
        raise HouseError(_("请写明撤回的理由（至少四个字）。"))
    row.withdrawn_at, row.withdrawn_by = timezone.now(), by
    row.withdrawn_note = note.strip()[:300]
    row.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_note"])
    said = f"{row.number} {row.withdrawn_note}" if row.withdrawn_note else ""
    take_step(case, "withdraw_slip", by=by, note=said, supervision=pressed_without(row, case))
    clock.stop_one(clock.SLIP_DUE, case, row.pk)
    told = told_of(case, row.unit, row.level)
    tell(case, told, kept("督办单已撤回，不需反馈"), f"slip_withdrawn:{row.pk}")
    return row


def may_withdraw(row: SupervisionSlip, case: Complaint, user: Any) -> bool:
    """Whether `user` may take this slip back."""
    if row.issued_by_id is not None and row.issued_by_id == user.pk:
        return True
    is_leaders = row.level == Supervision.ELEVATED and row.issued_by_id is not None
    word = Word.INSTRUCT if is_leaders else Word.DISPATCH
    return may(user, word, case.subdistrict.path)


def pressed_without(row: SupervisionSlip, case: Complaint) -> str:
    """How hard the case is pressed without this slip: by others, by rules that struck since, before."""
    if is_harder(case.supervision, row.level):
        return case.supervision
    others = SupervisionSlip.objects.issued().filter(complaint=case, withdrawn_at=None)
    struck = Reminder.objects.filter(complaint=case, sent_at__gte=row.issued_at)
    codes = set(struck.values_list("rule_code", flat=True))
    left = [
        row.supervision_before,
        *others.values_list("level", flat=True),
        *(rule.supervision for rule in rules_of(case.subdistrict).reminders if rule.code in codes),
    ]
    return max(map(Supervision, left), key=ORDER.index)


def raise_unanswered(case: Complaint, number: int) -> bool:
    """The time for an answer is over: a slip of the next level, to the same unit.

    Says whether the slip went unanswered. While the answer to the citizen is being reviewed, or the clock stands still, the house looks
    again after the office's usual time. Beyond 提级督办 there is no harder slip; its rule tells.
    """
    row = SupervisionSlip.objects.unanswered().filter(complaint=case, pk=number).first()
    if row is None or not case.is_open or row.due_at > timezone.now():
        return False
    if case.stage not in (Stage.PENDING_SIGN, Stage.HANDLING) or case.is_suspended:
        rules, calendar = rules_of(case.subdistrict), current_calendar(case.subdistrict)
        clock.plan_slip(case, usual_due(case), row.pk, rules, calendar)
        return False
    unit = case.main_unit or row.unit
    if row.level == Supervision.ELEVATED or unit.pk == case.subdistrict_id:
        return True
    level = ORDER[ORDER.index(Supervision(row.level)) + 1]
    row.raised_at = timezone.now()
    row.save(update_fields=["raised_at"])
    demand = kept("%(number)s 逾期未反馈，升级督办。%(demand)s") % {
        "number": row.number, "demand": row.demand,
    }  # fmt: skip
    slip = write(case, unit, level, demand, usual_due(case), by=None, raised_from=row)
    above = in_charge(unit.path, levels_up=1)
    if not case.is_confidential:
        tell(case, above, kept("督办升级"), f"raised:{slip.pk}")
    return True
