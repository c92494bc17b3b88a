"""Reminding: one rule strikes for one case, once; who hears of it, and what follows (5.3)."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_noop as kept

from complaints.calendars import current_calendar
from complaints.choices import REACHED_TRIGGERS, Card, RequestState, Stage, Trigger, Urgency
from complaints.models import (
    Assignment,
    CaseRequest,
    Complaint,
    Instruction,
    Reminder,
    ReminderRule,
)
from complaints.reminders import SECOND, heard_at
from complaints.rules import rules_of
from complaints.services import cards, clock, slips
from complaints.services.requests.rules import deciders
from complaints.services.steps import take_step
from complaints.services.supervising import holders
from complaints.workflow import MOVES
from governance.choices import NoticeKind
from governance.models import Notice, Todo
from governance.selectors import in_charge, people_at, people_in_posts, stand_ins
from governance.services.deliveries import put_in_outbox
from governance.services.notices import put_in_inboxes
from governance.services.todo import plan

HANDLER, DISPATCHER, DECIDER, ABOVE = "handler", "dispatcher", "decider", "above:"


def current_dispatch(case: Complaint, number: int) -> Assignment | None:
    """The dispatch of this number, if the case is still at work under it."""
    if case.stage not in (Stage.PENDING_SIGN, Stage.HANDLING) or case.is_suspended:
        return None
    return Assignment.objects.filter(complaint=case, ended_at=None, number=number).first()


def remind(case: Complaint, todo: Todo) -> dict[str, int]:
    """A moment of a dispatch has come: its rule strikes, if it still holds.

    Returns after which step the case was looked at, by which the self-check judges a silence.
    """
    seen = {"after_step": case.step_count}
    strike_if_it_holds(case, todo)
    return seen


def strike_if_it_holds(case: Complaint, todo: Todo) -> None:
    """Strike, unless the case has moved on from what the rule is about."""
    assignment, rule = current_dispatch(case, todo.detail["number"]), rule_of(case, todo)
    if assignment is None or rule is None:
        return
    if rule.trigger.startswith("sign") and case.stage != Stage.PENDING_SIGN:
        return
    if rule.trigger == Trigger.CONTACT_PASSED and assignment.contacted_at is not None:
        return
    if rule.trigger in REACHED_TRIGGERS and was_told(case, rule):
        return
    if rule.trigger == Trigger.COLLECTIVE and not case.is_collective:
        return
    strike(case, rule, due_at=todo.due_at, assignment=assignment)


def nudge(case: Complaint, todo: Todo) -> None:
    """What was asked for, or should have been answered, still waits: its rule strikes."""
    rule, occasion = rule_of(case, todo), todo.detail["occasion"]
    if rule is not None and still_waits(case, occasion):
        strike(case, rule, due_at=todo.due_at, occasion=occasion)


def nudge_soon(case: Complaint, trigger: str, occasion: str, due_at: datetime) -> None:
    """What rules wait for has happened at `due_at`: they strike at once, or when they may be heard."""
    rules, calendar = rules_of(case.subdistrict), current_calendar(case.subdistrict)
    later = []
    for rule in rules.planned_reminders(trigger):
        at = clock.heard_after(case, rule, due_at, rules, calendar)
        if at <= max(timezone.now(), due_at + SECOND):
            strike(case, rule, due_at=due_at, occasion=occasion)
        else:
            later.append(clock.nudge(case, rule, occasion, at))
    if later:
        plan(later)


def rule_of(case: Complaint, todo: Todo) -> ReminderRule | None:
    """The rule as it is today, unless the office has switched it off."""
    rules = rules_of(case.subdistrict).reminders
    return next((row for row in rules if row.code == todo.detail["rule"] and row.is_enabled), None)


def was_told(case: Complaint, rule: ReminderRule) -> bool:
    """Whether the rule has struck for this case before, in whatever dispatch."""
    return Reminder.objects.filter(complaint=case, rule_code=rule.code).exists()


def still_waits(case: Complaint, occasion: str) -> bool:
    """Whether what a reminder was planned for is still open."""
    kind, _colon, key = occasion.partition(":")
    match kind:
        case "request":
            return CaseRequest.objects.filter(pk=key, state=RequestState.PENDING).exists()
        case "instruction":
            waiting = Instruction.objects.filter(pk=key, answered_at=None)
            return case.is_open and not case.is_suspended and waiting.exists()
        case "box":
            level, _colon, number = key.partition(":")
            rests = str(case.holder.level or 0 if case.holder else 0) == level
            return rests and current_dispatch(case, int(number)) is not None
        case _:
            return case.is_open


def strike(
    case: Complaint,
    rule: ReminderRule,
    *,
    due_at: datetime,
    assignment: Assignment | None = None,
    occasion: str = "",
) -> bool:
    """Write the one row of this reminder, tell its audience, raise card and pressure; once.

    The case is locked by whoever calls. Says whether it was the first time; a second sweep, or
    one after a crash, finds the row and does nothing (`reliability.md` 6.1, I7).
    """
    row, is_new = Reminder.objects.get_or_create(
        complaint=case,
        assignment_number=assignment.number if assignment else 0,
        rule_code=rule.code,
        due_at=due_at,
        occasion=occasion,
        defaults={"label": rule.label, "sent_at": timezone.now()},
    )
    if not is_new:
        return False
    people = audience(case, rule, assignment, occasion) or nobody_else(case)
    notices = put_in_inboxes(people, **inbox_line(case, rule, row))
    if rule.channels:
        send_outside(case, rule, assignment, notices)
    Reminder.objects.filter(pk=row.pk).update(told_count=len(notices))
    press(case, rule, assignment)
    return True


def send_outside(
    case: Complaint, rule: ReminderRule, assignment: Assignment | None, notices: list[Notice]
) -> None:
    """The same lines by the ways out of the house, which also keep quiet when the house was late."""
    rules, calendar = rules_of(case.subdistrict), current_calendar(case.subdistrict)
    limit = clock.case_limit(case)
    put_in_outbox(
        notices,
        kinds=rule.channels,
        path=case.holder_path or case.subdistrict.path,
        text=said_outside(case, assignment),
        link=f"/m/complaints/{case.pk}/",
        not_before=heard_at(timezone.now(), rule, case.urgency, limit, rules.oversight, calendar),
        is_urgent=case.urgency == Urgency.CRITICAL,
    )


def press(case: Complaint, rule: ReminderRule, assignment: Assignment | None) -> None:
    """What a rule does beside telling: card, pressure, and a slip ready to be signed."""
    changes = cards.by_rule(case, rule, assignment.number if assignment else 0)
    if slips.is_harder(rule.supervision, case.supervision):
        changes["supervision"] = rule.supervision
    if changes and case.stage in MOVES["remind"].before:
        note = "；".join(filter(None, [rule.label, rule.measure]))
        take_step(case, "remind", by=None, note=note, **changes)
    if rule.drafts_slip:
        slips.draft(case, rule)


def inbox_line(case: Complaint, rule: ReminderRule, row: Reminder) -> dict[str, str]:
    """What stands in each inbox about this reminder; the key makes it one line for each person."""
    return {
        "kind": NoticeKind.WARNING if rule.card != Card.NONE else NoticeKind.REMINDER,
        "title": f"{rule.label}：{case.number}",
        "body": words_of(case, rule),
        "subject": f"complaint:{case.pk}",
        "key": f"remind:{row.pk}",
    }


def words_of(case: Complaint, rule: ReminderRule) -> str:
    """What the line in the inbox says below its title; of a confidential matter only the demand."""
    title = "" if case.is_confidential else case.title
    return " · ".join(filter(None, [rule.measure, title]))


def said_outside(case: Complaint, assignment: Assignment | None) -> str:
    """What leaves the house: that a case waits, its number and until when (`domain.md` 4.1)."""
    due_at = (assignment and assignment.due_at) or case.due_at
    if due_at is None:
        words = kept("您有1件工单（%(number)s）需要处理，请登录查看。")
    elif due_at <= timezone.now():
        words = kept("您有1件工单（%(number)s）已超期，请登录查看。")
    else:
        words = kept("您有1件工单（%(number)s）将于%(due)s到期，请登录查看。")
    local = timezone.localtime(due_at)
    due = kept("%(month)s月%(day)s日%(time)s") % {
        "month": local.month, "day": local.day, "time": f"{local:%H:%M}",
    }  # fmt: skip
    return words % {"number": case.number, "due": due}


def audience(
    case: Complaint, rule: ReminderRule, assignment: Assignment | None, occasion: str = ""
) -> list[int]:
    """The people a rule names, by their part in the case and by post and level.

    Of a confidential case only those who have it hear.
    """
    people = holders(case) if HANDLER in rule.audience else []
    if case.is_confidential:
        return people
    if DISPATCHER in rule.audience and assignment and assignment.dispatched_by:
        people += stand_ins([assignment.dispatched_by.person_id])
    if DECIDER in rule.audience:
        people += deciders_of(occasion)
    for word in rule.audience:
        if word.startswith(ABOVE):
            people += in_charge(case.holder_path, levels_up=int(word.removeprefix(ABOVE)))
    posts = [post_of(word) for word in rule.audience if is_post(word)]
    if posts:
        people += people_at(case.main_unit_path or case.holder_path, posts)
    return people


def nobody_else(case: Complaint) -> list[int]:
    """Nobody holds the posts of a rule here: the street's desk hears, so that somebody does."""
    return [] if case.is_confidential else people_in_posts(case.subdistrict.path, ["hotline_clerk"])


def is_post(word: str) -> bool:
    """Whether a word of an audience names a post, not a part in the case."""
    return word not in (HANDLER, DISPATCHER, DECIDER) and not word.startswith(ABOVE)


def post_of(word: str) -> tuple[str, int | None]:
    """`role@level` taken apart; without a level the role counts wherever it is held."""
    role, _at, level = word.partition("@")
    return role, int(level) if level else None


def deciders_of(occasion: str) -> list[int]:
    """Those who decide the request a reminder was planned for."""
    kind, _colon, key = occasion.partition(":")
    if kind != "request":
        return []
    row = CaseRequest.objects.filter(pk=key).select_related("decider", "asked_by").first()
    return deciders(row) if row else []
