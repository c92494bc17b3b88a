"""Assisting: units that help the main unit, each with its own task, time and answer (加派协办)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as kept

from complaints.calendars import current_calendar
from complaints.choices import AWAITED, AssistKind, AssistState
from complaints.models import Assist, AssistRule, Complaint, WhistleCall
from complaints.rules import Rules, rules_of
from complaints.services import clock
from complaints.services.dispatching import refuse_unit, tell
from complaints.services.steps import lock_complaint, take_step
from complaints.services.supervising import holders
from governance import worktime
from governance.calendar import Calendar
from governance.choices import Level, Word
from governance.errors import HouseError, WrongMove
from governance.models import Organisation
from governance.models.reach import SEGMENT, id_of, may, roots
from governance.selectors import serving_paths, who_serves
from governance.services.audit import deed

MOST_UNITS = 8
SHORTENED = 120


@deed()
def add_units(
    pk: int,
    units: Sequence[Organisation],
    *,
    by: Any,
    note: str,
    due_at: datetime | None = None,
    seen: int | None = None,
) -> list[Assist]:
    """加派协办: ask units to help with `note`, by the office's limit or by `due_at`.

    The main unit stays accountable and no clock of the case moves (`domain.md` 1.4, 5.1). Whoever
    has the case may ask within the own community or among departments, a dispatcher within the
    own reach. Raises HouseError for a unit that cannot help, WrongMove for one that already does.
    """
    case = lock_complaint(pk, seen=seen)
    refuse_asker(case, by)
    rules = rules_of(case.subdistrict)
    rule = rule_of(rules, AssistKind.ASSIST)
    refuse_units(case, units)
    for unit in units:
        refuse_out_of_hand(case, by, unit)
    now, calendar = timezone.now(), current_calendar(case.subdistrict)
    end_at = answer_due(case, rule, now, due_at, calendar)
    rows = [
        Assist(
            complaint=case,
            kind=AssistKind.ASSIST,
            due_at=end_at,
            **asked_of(case, unit, by, note, now),
        )
        for unit in units
    ]
    ask(case, rows, "add_assist", by, note, rules, calendar)
    return rows


def asked_of(
    case: Complaint, unit: Organisation, by: Any, note: str, now: datetime
) -> dict[str, Any]:
    """What every asked unit is asked, by whom, for whom, and when."""
    asker = asking_path(case, by)
    return {
        "round": case.round,
        "unit": unit,
        "unit_path": unit.path,
        "task": note.strip()[:500],
        "asker_id": id_of(asker),
        "asker_path": asker,
        "asked_at": now,
        "asked_by": by,
    }


def ask(
    case: Complaint,
    rows: Sequence[Assist],
    verb: str,
    by: Any,
    note: str,
    rules: Rules,
    calendar: Calendar,
    whistle: WhistleCall | None = None,
) -> None:
    """Take the step, write the rows, plan their reminders, tell each unit."""
    named = "、".join(row.unit.display_name for row in rows)
    take_step(
        case,
        verb,
        by=by,
        note=f"{named}：{note.strip()}" if note.strip() else "",
        assist_count=case.assist_count + len(rows),
    )
    if whistle is not None:
        whistle.save(force_insert=True)
    Assist.objects.bulk_create(rows)
    clock.plan_assists(case, rows, rules, calendar)
    title = kept("请协助办理") if whistle is None else kept("吹哨，请响应并到场")
    for row in rows:
        tell(case, people_of(row.unit), title, f"assist:{row.unit_path}")


@deed()
def answer(pk: int, *, by: Any, assist: int, note: str, seen: int | None = None) -> Assist:
    """协办答复: what the helping unit has done; the main unit answers the citizen with it."""
    case, row = locked(pk, assist, by, seen)
    end(case, row, AssistState.ANSWERED, "answer_assist", by, note)
    row.answer = note.strip()[:1000]
    row.save(update_fields=["state", "ended_at", "ended_by", "answer"])
    tell_asker(case, row, kept("协办单位已答复"))
    return row


@deed()
def decline(pk: int, *, by: Any, assist: int, note: str, seen: int | None = None) -> Assist:
    """说明不承担: the unit will not help, and says why; whoever asked decides what then.

    Raises WrongMove once the unit has arrived: then it answers what it has found.
    """
    case, row = locked(pk, assist, by, seen)
    if row.state == AssistState.ARRIVED:
        raise WrongMove(_("已经报到，请答复办理情况；不属于本单位职责的，写明即可。"))
    end(case, row, AssistState.DECLINED, "decline_assist", by, note)
    row.note = note.strip()[:300]
    row.save(update_fields=["state", "ended_at", "ended_by", "note"])
    tell_asker(case, row, kept("有单位说明不承担协办"))
    return row


def end(case: Complaint, row: Assist, state: str, verb: str, by: Any, note: str) -> None:
    """Take the step of the unit and close its row in memory."""
    words = f"{row.unit.display_name}：{note.strip()}" if note.strip() else ""
    take_step(
        case, verb, by=by, note=words, where=row.unit_path,
        assist_count=max(case.assist_count - 1, 0),
    )  # fmt: skip
    row.state, row.ended_at, row.ended_by = state, timezone.now(), by


@deed()
def release(pk: int, *, by: Any, assist: int, note: str, seen: int | None = None) -> Assist:
    """取消协办: the help is no longer wanted. By who asked, or who has or dispatches the case."""
    case = lock_complaint(pk, seen=seen)
    row = row_of(case, assist)
    if row.asked_by_id != by.pk and not may_ask(case, by):
        raise PermissionDenied(_("只有发起协办的人或主办单位才能取消。"))
    take_step(
        case,
        "release_assist",
        by=by,
        note=f"{row.unit.display_name}：{note.strip()}" if note.strip() else "",
        assist_count=max(case.assist_count - 1, 0),
    )
    row.state, row.ended_at, row.ended_by = AssistState.RELEASED, timezone.now(), by
    row.note = note.strip()[:300]
    row.save(update_fields=["state", "ended_at", "ended_by", "note"])
    tell(case, people_of(row.unit), kept("协办已取消，不需您办理"), f"release:{row.pk}")
    return row


def release_asked_since(case: Complaint, at: datetime, by: Any) -> None:
    """What `by` asked for in a dispatch that was taken back is wanted no longer; the rows stay.

    The case is locked, and its step and `assist_count` are written by who takes back.
    """
    rows = Assist.objects.filter(
        complaint=case, asked_by=by, asked_at__gte=at, state__in=AWAITED
    ).select_related("unit")
    for row in rows:
        row.state, row.ended_at, row.ended_by = AssistState.RELEASED, timezone.now(), by
        row.note = kept("派单已撤销")
        row.save(update_fields=["state", "ended_at", "ended_by", "note"])
        tell(case, people_of(row.unit), kept("协办已取消，不需您办理"), f"release:{row.pk}")


def settle_before_reply(case: Complaint, by: Any, reason: str) -> None:
    """The main unit answers with the help it asked for, or says why without it.

    Raises HouseError that names the units which have not answered. Nothing is asked and no
    statement runs for a case without awaited help.
    """
    if not case.assist_count:
        return
    rows = list(Assist.objects.filter(complaint=case, state__in=AWAITED).select_related("unit"))
    named = "、".join(row.unit.display_name for row in rows)
    if not reason.strip():
        raise HouseError(
            _("协办单位还没有答复：%(units)s。请等待答复，或写明不等协办的理由。")
            % {"units": named}
        )
    take_step(case, "end_assists", by=by, note=f"{named}：{reason.strip()}", assist_count=0)
    Assist.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=AssistState.UNANSWERED, ended_at=timezone.now(), note=reason.strip()[:300]
    )


# ── who, whom, by when ───────────────────────────────────────────────────────────────────────


def may_ask(case: Complaint, by: Any) -> bool:
    """Whether `by` has the case, or dispatches where it is held."""
    return may(by, Word.HANDLE, case.holder_path) or may(by, Word.DISPATCH, case.holder_path)


def refuse_asker(case: Complaint, by: Any) -> None:
    """Raise PermissionDenied for a reader, HouseError for a case nobody else may know of."""
    if not may_ask(case, by):
        raise PermissionDenied(_("协办由主办单位或派单人员发起。"))
    refuse_confidential(case)


def refuse_confidential(case: Complaint) -> None:
    """A matter about staff is known to those who hold it alone."""
    if case.is_confidential:
        raise HouseError(_("保密件不能邀请其他单位协办；确有需要，请由街道改派。"))


def asking_path(case: Complaint, by: Any) -> str:
    """In whose name `by` asks: the lowest own organisation that covers the holder."""
    mine = [*roots(by, Word.HANDLE), *roots(by, Word.DISPATCH)]
    fitting = [path for path in mine if case.holder_path.startswith(path)]
    return max(fitting, key=len, default=case.holder_path)


def rule_of(rules: Rules, kind: str) -> AssistRule:
    """The office's limits for one way of asking; HouseError when the office does not use it."""
    rule = rules.assists.get(kind)
    if rule is None or not rule.is_enabled:
        raise HouseError(_("本街道没有启用“%(kind)s”。") % {"kind": AssistKind(kind).label})
    return rule


def refuse_units(case: Complaint, units: Sequence[Organisation]) -> None:
    """Raise the reason why one of the units cannot be asked to help with this case."""
    if not units:
        raise HouseError(_("请选择协办单位。"))
    if len(units) > MOST_UNITS:
        raise HouseError(_("一次最多选择 %(most)s 个单位。") % {"most": MOST_UNITS})
    serving = serving_paths(Word.HANDLE)
    rows = Assist.objects.filter(complaint=case, state__in=AWAITED)
    awaited = set(rows.values_list("unit_id", flat=True)) if case.assist_count else ()
    for unit in units:
        refuse_unit(case, unit)
        if unit.pk in (case.main_unit_id, case.holder_id):
            raise HouseError(_("%(unit)s正在主办这件诉求，不能再协办。") % {"unit": unit})
        if unit.path not in serving:
            raise HouseError(_("%(unit)s现在没有可以办理的人员，请选择其他单位。") % {"unit": unit})
        if unit.pk in awaited:
            raise WrongMove(_("%(unit)s已在协办，请不要重复加派。") % {"unit": unit})


def refuse_out_of_hand(case: Complaint, by: Any, unit: Organisation) -> None:
    """Raise HouseError for a unit that `by` may not simply ask: departments come by a whistle."""
    community = case.holder_path[: SEGMENT * Level.GRAND_COMMITTEE]
    beside = bool(unit.level) and unit.path.startswith(community)
    among_departments = unit.level is None and case.holder and case.holder.level is None
    if may(by, Word.DISPATCH, unit.path) or beside or among_departments:
        return
    raise HouseError(
        _("%(unit)s不在本社区，不能直接加派；需要部门到场请由社区吹哨，或上报街道。")
        % {"unit": unit}
    )


def answer_due(
    case: Complaint,
    rule: AssistRule,
    now: datetime,
    chosen: datetime | None,
    calendar: Calendar,
) -> datetime:
    """By when the unit answers: the chosen moment, else the rule's; not after the main unit's own.

    Where the promise of the main unit has passed already, the rule's limit stands alone.
    """
    if chosen is not None:
        refuse_bad_moment(case, chosen, now)
        return chosen
    own = worktime.add(now, rule.answer_amount, rule.answer_unit, calendar).at
    latest = case.assignment_due_at or case.case_due_at
    return min(own, latest) if latest is not None and latest > now else own


def refuse_bad_moment(case: Complaint, chosen: datetime, now: datetime) -> None:
    """Raise HouseError for a moment that has passed, or that lies after the end of the case."""
    if chosen <= now:
        raise HouseError(_("协办时限已经过去，请选择将来的时间。"))
    if case.case_due_at is not None and now < case.case_due_at < chosen:
        raise HouseError(_("协办时限不能晚于本件的办理期限。"))


# ── one row ──────────────────────────────────────────────────────────────────────────────────


def locked(pk: int, assist: int, by: Any, seen: int | None) -> tuple[Complaint, Assist]:
    """The locked case, and the row of the unit for which `by` acts."""
    case = lock_complaint(pk, seen=seen)
    row = row_of(case, assist)
    if not may(by, Word.HANDLE, row.unit_path):
        raise PermissionDenied(_("只有被邀请的单位自己才能答复。"))
    return case, row


def row_of(case: Complaint, assist: int) -> Assist:
    """A row of the case that is still awaited; WrongMove with its state otherwise."""
    row = (
        Assist.objects.select_related("unit", "asked_by").filter(complaint=case, pk=assist).first()
    )
    if row is None:
        raise WrongMove(_("这项协办已不存在，请刷新页面。"))
    if not row.is_awaited:
        raise WrongMove(
            _("%(unit)s的协办已有结果：%(state)s。")
            % {"unit": row.unit.display_name, "state": row.get_state_display()}
        )
    return row


def people_of(unit: Organisation) -> list[int]:
    """Who is told in a unit that helps."""
    return [person.pk for person in who_serves(unit, word=Word.HANDLE)]


def tell_asker(case: Complaint, row: Assist, title: str) -> None:
    """Whoever asked and whoever has the case hear of it."""
    people = holders(case) if case.main_unit_id else []
    if row.asked_by is not None:
        people = [*people, row.asked_by.person_id]
    tell(case, people, title, f"assist:{row.pk}:{row.state}")


# ── by the clock ─────────────────────────────────────────────────────────────────────────────


def remind_half(case: Complaint, assist: int) -> None:
    """Half of the unit's time is used: the unit is told, nobody else."""
    for row in awaited_rows(case, assist):
        tell(case, people_of(row.unit), kept("协办时限过半"), f"assist_half:{row.pk}")


MISSED = {
    "respond": kept("未按时响应"), "arrive": kept("未按时到场"), "answer": kept("未按时答复"),
}  # fmt: skip


def note_late(case: Complaint, assist: int, what: str) -> None:
    """A moment has passed: it stands on the timeline, and unit, asker and main unit are told.

    The case's own clock and card are not touched: the main unit stays accountable.
    """
    for row in awaited_rows(case, assist):
        met = {"respond": row.responded_at, "arrive": row.arrived_at, "answer": row.ended_at}[what]
        if met is not None:
            continue
        take_step(
            case, "assist_late", by=None, note=f"{row.unit.display_name}：{MISSED[what]}",
            reason_code=what,
        )  # fmt: skip
        tell(
            case, people_of(row.unit), kept("协办超时，请尽快办理"), f"assist_late:{row.pk}:{what}"
        )
        tell_asker(case, row, kept("协办单位超时"))


def awaited_rows(case: Complaint, assist: int) -> Iterable[Assist]:
    """The row, if it is still awaited in a stage in which help is given."""
    from_table = Assist.objects.filter(complaint=case, pk=assist, state__in=AWAITED)
    return from_table.select_related("unit", "asked_by")
