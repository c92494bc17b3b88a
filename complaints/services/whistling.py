"""Whistling: a community or the street calls departments to the spot (街道吹哨、部门报到)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as kept

from complaints.calendars import current_calendar
from complaints.choices import WHISTLES, AssistState
from complaints.models import Assist, AssistRule, Complaint, WhistleCall
from complaints.rules import rules_of
from complaints.services.assisting import (
    answer_due,
    ask,
    asked_of,
    asking_path,
    locked,
    refuse_confidential,
    refuse_units,
    rule_of,
    tell_asker,
)
from complaints.services.steps import lock_complaint, take_step
from governance import worktime
from governance.calendar import Calendar
from governance.choices import Word
from governance.errors import HouseError, WrongMove
from governance.models import Organisation
from governance.models.reach import id_of, may
from governance.services.audit import deed


@deed()
def whistle(
    pk: int,
    units: Sequence[Organisation],
    *,
    by: Any,
    kind: str,
    note: str,
    place: str = "",
    arrive_at: datetime | None = None,
    seen: int | None = None,
) -> WhistleCall:
    """吹哨: call departments; each responds, arrives and answers within the office's limits.

    `arrive_at` is the time of meeting, if one was set; `place` where. No clock of the case stops
    (`domain.md` 5.4). Raises HouseError for a unit that cannot be called, PermissionDenied for
    who does not dispatch where the case is held.
    """
    case = lock_complaint(pk, seen=seen)
    if not may(by, Word.DISPATCH, case.holder_path):
        raise PermissionDenied(_("吹哨由社区或街道发起。"))
    refuse_confidential(case)
    if kind not in WHISTLES:
        raise HouseError(_("请选择哨别。"))
    rules = rules_of(case.subdistrict)
    rule = rule_of(rules, kind)
    asker = asking_path(case, by)
    refuse_called(units, asker)
    refuse_units(case, units)
    now, calendar = timezone.now(), current_calendar(case.subdistrict)
    call = WhistleCall(
        complaint=case,
        kind=kind,
        unit_id=id_of(asker),
        unit_path=asker,
        reason=note.strip()[:500],
        place=place.strip()[:160],
        called_at=now,
        called_by=by,
    )
    moments = moments_of(case, rule, now, arrive_at, calendar)
    rows = [
        Assist(
            complaint=case,
            whistle=call,
            kind=kind,
            **moments,
            **asked_of(case, unit, by, note, now),
        )
        for unit in units
    ]
    ask(case, rows, "whistle", by, note, rules, calendar, call)
    return call


def refuse_called(units: Sequence[Organisation], asker: str) -> None:
    """Raise HouseError for a unit that no whistle is blown to."""
    for unit in units:
        if unit.path == asker:
            raise HouseError(_("不能向本单位吹哨。"))
        if unit.level is not None:
            raise HouseError(
                _("吹哨只发给职能部门、科室或中队；请%(unit)s帮忙，用“加派协办”。") % {"unit": unit}
            )


def moments_of(
    case: Complaint,
    rule: AssistRule,
    now: datetime,
    arrive_at: datetime | None,
    calendar: Calendar,
) -> dict[str, datetime]:
    """By when a called department responds, arrives and answers; in this order."""
    if arrive_at is not None and arrive_at <= now:
        raise HouseError(_("到场时间已经过去，请选择将来的时间。"))

    def after(amount: int | None, unit: str) -> datetime:
        return worktime.add(now, amount or 0, unit, calendar).at if amount else now

    arrive_due_at = arrive_at or after(rule.arrive_amount, rule.arrive_unit)
    respond_due_at = min(after(rule.respond_amount, rule.respond_unit), arrive_due_at)
    due_at = max(answer_due(case, rule, now, None, calendar), arrive_due_at)
    return {"respond_due_at": respond_due_at, "arrive_due_at": arrive_due_at, "due_at": due_at}


@deed()
def respond(pk: int, *, by: Any, assist: int, note: str = "", seen: int | None = None) -> Assist:
    """响应: the department comes. Raises WrongMove for a second response."""
    case, row = locked(pk, assist, by, seen)
    refuse_plain(row)
    if row.state != AssistState.ASKED:
        raise WrongMove(_("%(unit)s已经响应，请不要重复。") % {"unit": row.unit.display_name})
    go_on(case, row, AssistState.RESPONDED, "respond", by, note)
    row.responded_at, row.responded_by = timezone.now(), by
    row.save(update_fields=["state", "responded_at", "responded_by"])
    tell_asker(case, row, kept("部门已响应吹哨"))
    return row


@deed()
def arrive(pk: int, *, by: Any, assist: int, note: str = "", seen: int | None = None) -> Assist:
    """报到: the department is there; who comes without a word has responded by coming."""
    case, row = locked(pk, assist, by, seen)
    refuse_plain(row)
    if row.state == AssistState.ARRIVED:
        raise WrongMove(_("%(unit)s已经报到，请不要重复。") % {"unit": row.unit.display_name})
    go_on(case, row, AssistState.ARRIVED, "arrive", by, note)
    row.arrived_at, row.arrived_by = timezone.now(), by
    if row.responded_at is None:
        row.responded_at, row.responded_by = row.arrived_at, by
    row.save(update_fields=["state", "arrived_at", "arrived_by", "responded_at", "responded_by"])
    tell_asker(case, row, kept("部门已到场报到"))
    return row


def refuse_plain(row: Assist) -> None:
    """Who was asked without a whistle neither responds nor arrives, but answers."""
    if not row.is_whistle:
        raise WrongMove(_("这是协办，不需要响应或报到，直接答复办理情况即可。"))


def go_on(case: Complaint, row: Assist, state: str, verb: str, by: Any, note: str) -> None:
    """Take the step of the department and move its row on in memory."""
    words = "：".join(part for part in (row.unit.display_name, note.strip()) if part)
    take_step(case, verb, by=by, note=words, where=row.unit_path)
    row.state = state
