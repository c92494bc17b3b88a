"""Standing still: a suspension stops the clock, is checked every month, and ends by itself."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as kept

from complaints import amounts, limits
from complaints.calendars import current_calendar
from complaints.choices import CITY_SOURCES, CityAnswer, RequestKind, RequestState
from complaints.models import Assignment, CaseRequest, Complaint
from complaints.rules import Rules, rules_of
from complaints.services import clock
from complaints.services.dispatching import tell
from complaints.services.requests import rules as allowed
from complaints.services.steps import lock_complaint, take_step
from complaints.services.supervising import holders
from governance import worktime
from governance.calendar import Calendar
from governance.choices import Word
from governance.errors import HouseError, WrongMove
from governance.selectors import who_serves
from governance.services.audit import deed


def stand_still(row: CaseRequest, case: Complaint, by: Any) -> None:
    """挂起: both clocks stop now; what is left is kept in the case's own unit (1.6, rule 9).

    An order of the city stops for the unit only, and ends a workday before the city's deadline
    unless the city approves. Raises WrongMove when the case is late already.
    """
    now = timezone.now()
    current = Assignment.objects.get(complaint=case, ended_at=None)
    is_own = case.source not in CITY_SOURCES
    assert case.case_due_at is not None and row.amount is not None
    if allowed.is_late(case) or current.due_at <= now or case.case_due_at <= now:
        raise WrongMove(_("已过办理期限，不能再挂起；系统会自动驳回这个申请。"))
    rules, calendar = rules_of(case.subdistrict), current_calendar(case.subdistrict)
    unit = clock.case_limit(case).unit
    row.case_left = left_of(now, case.case_due_at, unit, calendar)
    row.assignment_left = left_of(now, current.due_at, unit, calendar)
    row.until = amounts.spell_end(now, row.amount, row.amount_unit, calendar)
    if not is_own:
        row.city_answer = CityAnswer.WAITING
        row.until = min(row.until, worktime.one_workday_before(case.case_due_at, calendar).at)
        if row.until <= now:
            raise HouseError(_("距来源期限不足一个工作日，须先取得来源批复才能挂起。"))
    take_step(case, "grant_suspension", by=by, note=words_of(row), suspended_at=now)
    clock.pause(case)
    clock.plan_request(clock.RESUME, case, row.until, row.pk)
    plan_next_check(row, case, rules)


def words_of(row: CaseRequest) -> str:
    """Until when, for the timeline."""
    until = timezone.localtime(row.until)
    words = kept("至 %(until)s 自动恢复") % {"until": f"{until:%Y-%m-%d %H:%M}"}
    return f"{words}；{row.decision_note}" if row.decision_note else words


def left_of(now: datetime, due_at: datetime, unit: str, calendar: Calendar) -> int:
    """What is left of a limit as a whole number of days or microseconds."""
    return worktime.as_whole(worktime.remaining(now, due_at, unit, calendar), unit)


def plan_next_check(row: CaseRequest, case: Complaint, rules: Rules) -> None:
    """A suspension is looked at every so many days while it lasts."""
    rule = rules.requests.get(RequestKind.SUSPENSION)
    if rule is None or not rule.check_days or row.until is None:
        return
    at = clock.days_later(timezone.now(), rule.check_days)
    if at < row.until:
        clock.plan_request(clock.RECHECK, case, at, row.pk)


def running_suspension(case: Complaint) -> CaseRequest | None:
    """The suspension under which the clock stands still now."""
    return (
        CaseRequest.objects.filter(
            complaint=case,
            kind=RequestKind.SUSPENSION,
            state=RequestState.GRANTED,
            ended_at=None,
        )
        .select_related("decider", "asked_by")
        .first()
    )


@deed()
def resume(pk: int, *, by: Any, note: str = "", seen: int | None = None) -> Complaint:
    """恢复: the clock goes on with exactly what was left. `by=None` when the spell has run out."""
    case = lock_complaint(pk, seen=seen)
    row = running_suspension(case)
    if not case.is_suspended or row is None:
        raise WrongMove(_("这件诉求没有挂起，不需要恢复。"))
    set_going(case, row, by, note)
    return case


def set_going(case: Complaint, row: CaseRequest, by: Any, note: str) -> None:
    """New due moments from what was left, the reminders at their places in it, and a word."""
    now = timezone.now()
    rules, calendar = rules_of(case.subdistrict), current_calendar(case.subdistrict)
    current = Assignment.objects.get(complaint=case, ended_at=None)
    stopped_at, due_before = case.suspended_at, current.due_at
    assert stopped_at is not None and row.assignment_left is not None
    limit = clock.case_limit(case)
    changes: dict[str, Any] = {"suspended_at": None}
    stands_with_city = case.source not in CITY_SOURCES or row.city_answer == CityAnswer.APPROVED
    # Nothing is kept of a deadline that the city has set anew meanwhile: it holds as it was given.
    if stands_with_city and row.case_left is not None:
        due = due_after(now, row.case_left, limit.unit, calendar)
        changes["case_due_at"] = due.at
        changes["due_is_provisional"] = case.due_is_provisional or due.is_provisional
    case_due_at = changes.get("case_due_at", case.case_due_at)
    assert case_due_at is not None
    own = due_after(now, row.assignment_left, limit.unit, calendar).at
    current.due_at = min(own, case_due_at) if case_due_at > now else own
    level = case.holder.level if case.holder else None
    changes |= {
        "assignment_due_at": current.due_at,
        "contact_due_at": contact_after(case, stopped_at, now, rules, calendar),
        "box_due_at": limits.box_due(level, now, current.due_at, limit, rules, calendar),
    }
    current.contact_due_at = changes["contact_due_at"]
    take_step(case, "resume", by=by, note=note or kept("挂起期满，自动恢复"), **changes)
    current.save(update_fields=["due_at", "contact_due_at"])
    row.ended_at = now
    row.save(update_fields=["ended_at"])
    clock.go_on(
        case, current, stopped_at=stopped_at, due_before=due_before, rules=rules, calendar=calendar
    )
    clock.stop(case, [clock.RESUME, clock.RECHECK])
    tell(case, holders(case), kept("挂起结束，时限继续"), f"resume:{row.pk}")


def due_after(now: datetime, left: int, unit: str, calendar: Calendar) -> worktime.Due:
    """What was left, added to the moment of going on."""
    return worktime.resume(now, worktime.of_whole(left, unit), unit, calendar)


def contact_after(
    case: Complaint, stopped_at: datetime, now: datetime, rules: Rules, calendar: Calendar
) -> datetime | None:
    """The first contact keeps what was left of its own limit; one that has passed stays passed."""
    if case.contact_due_at is None or case.contact_due_at <= stopped_at:
        return case.contact_due_at
    unit = rules.urgencies[case.urgency].contact_unit
    left = worktime.remaining(stopped_at, case.contact_due_at, unit, calendar)
    return worktime.resume(now, left, unit, calendar).at


@deed()
def recheck(pk: int, *, by: Any, note: str, seen: int | None = None) -> CaseRequest:
    """复核: the ground still holds; looked at again after the office's number of days."""
    case = lock_complaint(pk, seen=seen)
    row = running_suspension(case)
    if row is None:
        raise WrongMove(_("这件诉求没有挂起，不需要复核。"))
    take_step(case, "recheck", by=by, note=note)
    row.checked_at = timezone.now()
    row.save(update_fields=["checked_at"])
    plan_next_check(row, case, rules_of(case.subdistrict))
    return row


def ask_for_check(row: CaseRequest, case: Complaint) -> None:
    """A month has passed: those who approved are asked whether the ground still holds."""
    desk = [person.pk for person in who_serves(row.decider, word=Word.DISPATCH)]
    today = timezone.localdate()
    tell(case, [*desk, *holders(case)], kept("挂起须复核"), f"recheck:{row.pk}:{today}")
    plan_next_check(row, case, rules_of(case.subdistrict))
