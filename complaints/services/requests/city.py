"""The city's answer to what the street has asked for one of its orders (`domain.md` 1.6, 7)."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as kept

from complaints import amounts
from complaints.calendars import current_calendar
from complaints.choices import CITY_SOURCES, CityAnswer, RequestKind, RequestState
from complaints.models import Assignment, CaseRequest, Complaint
from complaints.rules import rules_of
from complaints.services import clock
from complaints.services.dispatching import tell
from complaints.services.requests.standing import left_of, running_suspension, set_going
from complaints.services.steps import lock_complaint, take_step
from complaints.services.supervising import holders
from complaints.workflow import AT_WORK
from governance import worktime
from governance.calendar import Calendar
from governance.choices import Word
from governance.errors import HouseError, WrongMove
from governance.models.reach import may
from governance.services.audit import deed


def note_return_to_source(case: Complaint, *, by: Any, note: str) -> None:
    """A city order was given back: from now on the city's answer is outstanding."""
    rule = rules_of(case.subdistrict).requests.get(RequestKind.SOURCE_RETURN)
    if rule is None or not rule.is_enabled:
        return
    now = timezone.now()
    CaseRequest.objects.create(
        complaint=case,
        round=case.round,
        kind=RequestKind.SOURCE_RETURN,
        state=RequestState.GRANTED,
        note=note.strip()[:500],
        unit=case.subdistrict,
        asked_at=now,
        asked_by=by,
        decider=case.subdistrict,
        decider_path=case.subdistrict.path,
        decided_at=now,
        decided_by=by,
        city_answer=CityAnswer.WAITING,
    )


@deed()
def record_city_answer(
    pk: int,
    *,
    by: Any,
    request: int,
    is_approved: bool,
    number: str,
    answered_on: date,
    note: str = "",
    seen: int | None = None,
) -> Complaint:
    """Record what the city has said, with number and day; only now the city's deadline moves.

    Approved: an extension moves `case_due_at`, a suspension lasts as long as was asked. Refused:
    a suspension ends at once, and a returned order comes back to be accepted.
    """
    case = lock_complaint(pk, seen=seen)
    row = CaseRequest.objects.filter(complaint=case, pk=request).first()
    if row is None or case.source not in CITY_SOURCES or row.city_answer != CityAnswer.WAITING:
        raise WrongMove(_("这件诉求没有等待来源批复的申请。"))
    if not may(by, Word.DISPATCH, case.subdistrict.path):
        raise PermissionDenied(_("来源批复由街道热线办登记。"))
    if not number.strip():
        raise HouseError(_("请填写来源批复的文号或工单号。"))
    if answered_on > timezone.localdate():
        raise HouseError(_("批复日期不能晚于今天。"))
    row.city_answer = CityAnswer.APPROVED if is_approved else CityAnswer.REFUSED
    row.city_number, row.city_answered_on, row.city_recorded_by = number[:40], answered_on, by
    words = f"{row.get_kind_display()}：{row.get_city_answer_display()} {number} {note}".strip()
    match row.kind:
        case RequestKind.EXTENSION:
            move_city_deadline(row, case, by, words)
        case RequestKind.SUSPENSION:
            go_on_standing_or_not(row, case, by, words)
        case _ if is_approved:
            take_step(case, "record_city_answer", by=by, note=words)
        case _:
            take_step(case, "take_back_from_source", by=by, note=words, closed_at=None)
    row.save()
    tell(case, holders(case), kept("来源已批复"), f"city:{row.pk}")
    return case


def move_city_deadline(row: CaseRequest, case: Complaint, by: Any, words: str) -> None:
    """An approved extension moves the deadline of the city, and the unit's own follows it."""
    if row.city_answer != CityAnswer.APPROVED or row.amount is None or case.case_due_at is None:
        take_step(case, "record_city_answer", by=by, note=words)
        return
    rules, calendar = rules_of(case.subdistrict), current_calendar(case.subdistrict)
    due = worktime.add(case.case_due_at, row.amount, row.amount_unit, calendar)
    changes: dict[str, Any] = {"case_due_at": due.at}
    current = Assignment.objects.filter(complaint=case, ended_at=None).first()
    if current is not None and case.stage in AT_WORK:
        buffered = due.at
        for _day in range(rules.case.buffer_workdays):
            buffered = worktime.one_workday_before(buffered, calendar).at
        current.due_at = max(current.due_at, buffered)
        changes["assignment_due_at"] = current.due_at
    take_step(case, "record_city_answer", by=by, note=words, **changes)
    if current is not None and case.stage in AT_WORK:
        current.save(update_fields=["due_at"])
        if case.is_suspended:
            count_what_is_left_again(case, current, calendar)
        else:
            clock.replan(case, current, rules, calendar)


def count_what_is_left_again(case: Complaint, current: Assignment, calendar: Calendar) -> None:
    """The deadline moved while the clock stands still: what is left when it goes on grows by it."""
    running = running_suspension(case)
    if running is None or case.suspended_at is None or case.case_due_at is None:
        return
    unit = clock.case_limit(case).unit
    running.case_left = left_of(case.suspended_at, case.case_due_at, unit, calendar)
    running.assignment_left = left_of(case.suspended_at, current.due_at, unit, calendar)
    running.save(update_fields=["case_left", "assignment_left"])


def go_on_standing_or_not(row: CaseRequest, case: Complaint, by: Any, words: str) -> None:
    """With the city's consent the spell lasts as asked; without it, it ends now."""
    take_step(case, "record_city_answer", by=by, note=words)
    running = running_suspension(case)
    if running is None or running.pk != row.pk:
        return
    if row.city_answer == CityAnswer.APPROVED and row.decided_at and row.amount:
        calendar = current_calendar(case.subdistrict)
        row.until = amounts.spell_end(row.decided_at, row.amount, row.amount_unit, calendar)
        clock.plan_request(clock.RESUME, case, row.until, row.pk)
        return
    set_going(case, row, by, kept("来源不同意挂起，恢复办理"))
