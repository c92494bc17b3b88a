"""Dispatching: which unit has a case, how it climbs the five levels, and how it is handed on."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as kept

from complaints import limits
from complaints.calendars import current_calendar
from complaints.choices import AssignmentEnd, RequestKind, RequestState, Supervision, Trigger
from complaints.limits import Limit
from complaints.models import Accused, Assignment, CaseRequest, Complaint
from complaints.rules import Rules, rules_of
from complaints.services import clock
from complaints.services.remembering import remember, snapshot
from complaints.services.steps import lock_complaint, take_step
from governance.calendar import Calendar
from governance.choices import Level, NoticeKind, Word
from governance.errors import HouseError, WrongMove
from governance.models import Organisation, Person
from governance.models.reach import SEGMENT, may, require
from governance.selectors import nearest_handler, people_in_posts, who_serves
from governance.services.audit import deed
from governance.services.notices import notify


@deed()
def dispatch(
    pk: int,
    unit: Organisation,
    *,
    by: Any,
    note: str = "",
    assignee: Person | None = None,
    rule: str = "",
    seen: int | None = None,
) -> Complaint:
    """Send a case to the unit that is to answer for it; the unit's own clock starts now.

    The unit must lie within the dispatcher's reach; party households and those complained about
    are refused, and a unit that has given the case back, unless the level above decides so.
    `rule` says how the unit was found (`DispatchRule`). Raises HouseError for those, WrongMove
    when the case cannot be dispatched now.
    """
    case = lock_complaint(pk, seen=seen)
    if by is not None:
        require(by, Word.DISPATCH, unit.path)
    refuse_unit(case, unit)
    refuse_ping_pong(case, unit, by, note)
    before, waiting = snapshot(case), who_waits(case)
    ended = end_assignment(case, AssignmentEnd.REDISPATCHED)
    row = start_assignment(
        case, unit, verb="dispatch", by=by, note=note, assignee=assignee, again=ended, rule=rule
    )
    if waiting:
        tell(case, waiting, kept("已改派，原申请不再审批"), f"lapsed:{row.number}")
    remember(case, before, verb="dispatch", by=by, at=row.dispatched_at)
    return case


def refuse_unit(case: Complaint, unit: Organisation) -> None:
    """Raise HouseError when `unit` may not be made accountable for this case."""
    if not unit.path.startswith(case.subdistrict.path) or unit.ended_on is not None:
        raise HouseError(_("请选择本街道现有的单位。"))
    if unit.level == Level.PARTY_HOUSEHOLD:
        raise HouseError(_("不能派给居民党员户：邻居不应知道是谁反映的问题。"))
    if case.is_confidential and any(
        accused.organisation and unit.path.startswith(accused.organisation.path)
        for accused in Accused.objects.filter(complaint=case).select_related("organisation")
    ):
        raise HouseError(_("该单位是被反映对象，请改派其他单位。"))


def refuse_ping_pong(case: Complaint, unit: Organisation, by: Any, note: str) -> None:
    """A unit that has given the case back gets it again only by the level above, with a reason.

    Where the street itself had granted the return, another person of the street decides (G27).
    """
    if not case.transfer_count or by is None:
        return
    returned = CaseRequest.objects.filter(
        complaint=case,
        kind=RequestKind.RETURN,
        state=RequestState.GRANTED,
        assignment__unit=unit,
    ).first()
    if returned is None:
        return
    above = returned.decider_path[:-SEGMENT]
    if may(by, Word.DISPATCH, above) if above else by.pk != returned.decided_by_id:
        if note.strip():
            return
        raise HouseError(_("%(unit)s已退过这件诉求，再次派给它请写明理由。") % {"unit": unit})
    raise HouseError(
        _("%(unit)s已退过这件诉求，不能再派回；如确属该单位，请由上一级决定。") % {"unit": unit}
    )


def end_assignment(case: Complaint, kind: str, at: datetime | None = None) -> bool:
    """End the current dispatch, if there is one; says whether there was."""
    was_there = bool(
        Assignment.objects.filter(complaint=case, ended_at=None).update(
            ended_at=at or timezone.now(), end_kind=kind
        )
    )
    if was_there:
        lapse_requests(case, with_claims=kind == AssignmentEnd.STOPPED)
    return was_there


def who_waits(case: Complaint) -> list[int]:
    """Those who asked for something of the present dispatch and wait for a decision."""
    if not case.__dict__.get("has_pending_request", True):
        return []
    waiting = CaseRequest.objects.filter(complaint=case, state=RequestState.PENDING)
    waiting = waiting.exclude(kind=RequestKind.OUT_OF_DUTY).exclude(asked_by=None)
    return list(waiting.values_list("asked_by__person_id", flat=True).distinct())


def lapse_requests(case: Complaint, *, with_claims: bool = False) -> None:
    """What was asked for the work that has ended is no longer waited for.

    A claim about duty is about the matter itself and is ruled on afterwards too.
    """
    if not case.__dict__.get("has_pending_request", True):
        return
    waiting = CaseRequest.objects.filter(complaint=case, state=RequestState.PENDING)
    if not with_claims:
        waiting = waiting.exclude(kind=RequestKind.OUT_OF_DUTY)
    waiting.update(state=RequestState.LAPSED, decided_at=timezone.now())


def start_assignment(
    case: Complaint,
    unit: Organisation,
    *,
    verb: str,
    by: Any,
    note: str = "",
    assignee: Person | None = None,
    again: bool = False,
    limit: Limit | None = None,
    rule: str = "",
    **changes: Any,
) -> Assignment:
    """Write the dispatch with its promises, take the step, plan the clock, tell the unit."""
    rules, calendar = rules_of(case.subdistrict), current_calendar(case.subdistrict)
    now = timezone.now()
    limit = limit or clock.case_limit(case)
    urgency = rules.urgencies[case.urgency]
    case_due_at = changes.get("case_due_at") or case.case_due_at
    assert case_due_at is not None  # set when the case was taken on
    people = who_serves(unit, word=Word.HANDLE)
    last = Assignment.objects.filter(complaint=case).order_by("-number").first()
    assignment = Assignment(
        complaint=case,
        round=changes.get("round", case.round),
        number=(last.number if last else 0) + 1,
        unit=unit,
        dispatched_by=by,
        rule=rule,
        dispatched_at=now,
        sign_due_at=limits.sign_due(urgency, now, calendar),
        contact_due_at=limits.contact_due(urgency, now, calendar),
        due_at=limits.assignment_due(limit, now, case_due_at, rules.case, calendar).at,
        planned_with=rules.reminder_version,
    )
    take_step(
        case,
        verb,
        by=by,
        note=note,
        main_unit=unit,
        holder=unit,
        assignee=assignee or (people[0] if len(people) == 1 else None),
        dispatched_at=now,
        transfer_count=case.transfer_count + int(again),
        **clock_columns(assignment, unit, limit, rules, calendar),
        **(elevation(case) if again else {}),
        **changes,
    )
    assignment.save(force_insert=True)
    clock.stop(case)
    clock.plan_dispatch(case, assignment, rules, calendar)
    tell(
        case,
        [person.pk for person in people],
        kept("新工单待签收"),
        f"dispatch:{assignment.number}",
    )
    return assignment


def clock_columns(
    assignment: Assignment, unit: Organisation, limit: Limit, rules: Rules, calendar: Calendar
) -> dict[str, Any]:
    """The cached moments of the current dispatch."""
    return {
        "sign_due_at": assignment.sign_due_at,
        "contact_due_at": assignment.contact_due_at,
        "assignment_due_at": assignment.due_at,
        "box_due_at": limits.box_due(
            unit.level, assignment.dispatched_at, assignment.due_at, limit, rules, calendar
        ),
    }


def elevation(case: Complaint) -> dict[str, Any]:
    """Transfers without an owner make a problem order, as the rules say (`domain.md` 1.5)."""
    if rules_of(case.subdistrict).elevates(Trigger.TRANSFERS, case.transfer_count + 1):
        return {"supervision": Supervision.ELEVATED}
    return {}


def tell(case: Complaint, people: list[int], title: str, key: str) -> None:
    """A line in the inbox of those who must act; a confidential matter shows its number only."""
    notify(
        people,
        kind=NoticeKind.TASK,
        title=f"{title}：{case.number}",
        body="" if case.is_confidential else case.title,
        subject=f"complaint:{case.pk}",
        key=f"{key}:{case.pk}:{case.step_count}",
    )


@deed()
def escalate(pk: int, *, by: Any, note: str, seen: int | None = None) -> Complaint:
    """Move the case to the next level up where somebody serves (小事不出网格…难事不出街道).

    Only the holder changes: the unit it was dispatched to stays accountable and keeps its card.
    `by=None` is a time box that ran out. Raises WrongMove at the street, where nothing is above.
    """
    case = lock_complaint(pk, seen=seen)
    holder = level_above(case)
    rules, calendar = rules_of(case.subdistrict), current_calendar(case.subdistrict)
    now = timezone.now()
    people = who_serves(holder, word=Word.HANDLE)
    due_at = case.assignment_due_at or case.case_due_at or now
    limit = clock.case_limit(case)
    take_step(
        case,
        "escalate",
        by=by,
        note=note,
        holder=holder,
        assignee=people[0] if len(people) == 1 else None,
        sign_due_at=limits.sign_due(rules.urgencies[case.urgency], now, calendar),
        box_due_at=limits.box_due(holder.level, now, due_at, limit, rules, calendar),
    )
    current = Assignment.objects.filter(complaint=case, ended_at=None).first()
    clock.plan_box(case, current.number if current else 0)
    told = [person.pk for person in people]
    if holder.level == Level.WORKING_COMMITTEE:
        told += people_in_posts(holder.path, ["hotline_clerk"])
    tell(case, told, kept("工单上报到本级"), "escalate")
    return case


def level_above(case: Complaint) -> Organisation:
    """The organisation a case climbs to: never past the street, never to the one complained of."""
    if case.holder is None or case.holder_path == case.subdistrict.path:
        raise WrongMove(_("已在街道一级，不能再上报；请派给部门或由街道办理。"))
    if case.is_confidential:
        return case.subdistrict
    return nearest_handler(case.holder_path, above=True) or case.subdistrict


@deed()
def hand_on(pk: int, *, by: Any, note: str, seen: int | None = None) -> Complaint:
    """不属于本网格: the case goes back to the community's (or street's) dispatch desk at once.

    The dispatch ends as handed on, so the dispatcher's first-hit rate shows it; the case clock
    runs on. The unit is no longer accountable.
    """
    case = lock_complaint(pk, seen=seen)
    holder, before = dispatch_desk_above(case), snapshot(case)
    end_assignment(case, AssignmentEnd.HANDED_ON)
    step = take_step(
        case,
        "hand_on",
        by=by,
        note=note,
        holder=holder,
        main_unit=None,
        assignee=None,
        transfer_count=case.transfer_count + 1,
        hint=kept("%(unit)s转出：%(note)s") % {"unit": case.holder, "note": note[:120]},
        **elevation(case),
    )
    clock.stop(case)
    remember(case, before, verb="hand_on", by=by, at=step.at)
    roles = ["assistant_grid_leader", "community_secretary"]
    if holder.level == Level.WORKING_COMMITTEE:
        roles = ["hotline_clerk"]
    told = [person.pk for person in who_serves(holder, roles=roles)]
    tell(case, told, kept("工单被转出，待重新派单"), "hand_on")
    return case


def dispatch_desk_above(case: Complaint) -> Organisation:
    """The community above a grid; the street for everybody else."""
    above = case.holder
    while above is not None and above.parent is not None:
        above = above.parent
        if above.level == Level.GRAND_COMMITTEE and who_serves(above, word=Word.DISPATCH):
            return above
    return case.subdistrict
