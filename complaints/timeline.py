"""The timeline of a case: every step and every reminder, with the clock before and after (G34)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints import requested
from complaints.choices import RequestState, Source
from complaints.history import VERBS, post_of
from complaints.models import CaseRequest, Complaint, Reminder, Step
from governance.prepared import planned

ALL, CLOCK, PEOPLE, CONTACT = "all", "clock", "people", "contact"
SHOWS = {
    ALL: gettext_lazy("全部"),
    CLOCK: gettext_lazy("时限"),
    PEOPLE: gettext_lazy("经手"),
    CONTACT: gettext_lazy("联系"),
}
# A row of a reminder and the step it took stand within one transaction of each other.
TOGETHER = timedelta(minutes=2)
# Verbs about time, also where no due moment has moved.
ABOUT_TIME = frozenset({
    "ask_extension", "grant_extension", "ask_suspension", "grant_suspension", "resume", "recheck",
    "refuse_request", "take_back_request", "record_city_answer", "recompute", "remind", "urge",
    "supervise", "elevate", "answer_slip", "withdraw_slip", "issue_card", "withdraw_card", "outside_late",
    "assist_late",
})  # fmt: skip
# Verbs by which a case comes into somebody's hands, also where the unit stays the same.
ABOUT_PEOPLE = frozenset({
    "dispatch", "sign", "assign", "escalate", "hand_on", "restrict", "rework", "add_assist",
    "release_assist", "whistle", "respond", "arrive", "answer_assist", "decline_assist", "split",
    "end_part", "merge", "take_in", "let_go", "unmerge", "unmerge_unaccepted",
})  # fmt: skip
# Words exchanged with the caller, with outsiders and with leaders.
ABOUT_CONTACT = frozenset({
    "file", "ask_supplement", "supplement", "contact", "reply", "call_back", "close", "rate",
    "reject", "withdraw", "record_source_result", "instruct", "answer_instruction", "ask_outside",
    "ask_outside_by_desk", "renew_outside", "renew_outside_by_desk", "end_outside",
    "end_outside_by_desk", "answer_outside", "outside_late",
    "answer_merged", "ask_merged", "wait_merged", "close_merged",
})  # fmt: skip
# Deeds of people without an account; everything else without an account is the house itself.
WITHOUT_ACCOUNT = {
    "supplement": gettext_lazy("诉求人"),
    "withdraw": gettext_lazy("诉求人"),
    "rate": gettext_lazy("诉求人"),
    "answer_outside": gettext_lazy("外单位"),
}
TONES = {
    "close": "ok", "approve": "ok", "reply": "ok", "answer_outside": "ok", "remind": "soon",
    "urge": "soon", "send_back": "soon", "escalate": "soon", "instruct": "soon",
    "outside_late": "soon", "grant_extension": "soon", "grant_return": "soon",
    "refuse_request": "soon", "recompute": "soon", "rework": "late", "reject": "held",
    "whistle": "soon", "assist_late": "late", "decline_assist": "soon", "answer_assist": "ok",
    "arrive": "ok", "end_part": "ok", "answer_merged": "ok", "ask_merged": "ok",
    "supervise": "soon", "elevate": "late", "answer_slip": "ok", "issue_card": "late",
    "withdraw_slip": "held", "withdraw_card": "held", "void": "held", "withdraw": "held", "merge": "held", "grant_suspension": "held",
}  # fmt: skip


@dataclass(frozen=True)
class Event:
    """One line: what, who and in which post at that time, and what became of the clock."""

    verb: str
    title: str
    who: str
    post: str
    note: str
    at: datetime
    text: str
    clock: dict[str, Any]
    facets: frozenset[str]


def events(case: Complaint, steps: Sequence[Step]) -> list[Event]:
    """Everything that happened, newest first; `steps` as `history.steps_of` gives them.

    One statement more for the reminders of a case that was ever dispatched.
    """
    reminders = reminders_of(case) if any(step.verb == "dispatch" for step in steps) else []
    told, alone = by_step(reminders, steps)
    found = [of_step(step, case, told.get(step.number)) for step in steps]
    lapsed = lapsed_of(case, steps)
    found += [of_reminder(row) for row in alone] + [of_lapse(row) for row in lapsed]
    has_more = alone or lapsed
    return sorted(found, key=lambda event: event.at, reverse=True) if has_more else found


def shown(found: Iterable[Event], show: str) -> list[Event]:
    """The lines of one facet; all of them for an unknown word."""
    return [event for event in found if show not in SHOWS or show == ALL or show in event.facets]


def filters(found: Sequence[Event], show: str) -> list[tuple[str, Any, int, bool]]:
    """The facets as a page offers them: word, label, how many lines, whether chosen."""
    chosen = show if show in SHOWS else ALL
    return [(word, label, len(shown(found, word)), word == chosen) for word, label in SHOWS.items()]


def drawn(found: Iterable[Event], *, post_first: bool = False) -> list[dict[str, Any]]:
    """Lines in the shape the part `_timeline.html` draws."""
    lines = []
    for event in found:
        names = [event.post, event.who] if post_first else [event.who, event.post]
        lines.append(
            {
                "title": event.title,
                "text": event.text,
                "note": event.note,
                "who": " · ".join(filter(None, names)),
                "at": event.at,
                "tone": TONES.get(event.verb, ""),
                **event.clock,
            }
        )
    return lines


def of_step(step: Step, case: Complaint, told: Reminder | None) -> Event:
    """The line of a step, with how many a reminder that came with it has told."""
    holder, has_moved = step.holder_after, step.holder_before_id != step.holder_after_id
    text = f"→ {holder.display_name}" if has_moved and holder and step.number > 1 else ""
    if step.verb == "dispatch" and holder:
        text = f"→ {holder.display_name}"
    clock = clock_of(step)
    return Event(
        verb=step.verb,
        title=str(VERBS.get(step.verb, step.verb)),
        who=step.by.person.name if step.by else actor_without_account(step.verb, case),
        post=post_of(step.appointment) if step.appointment else "",
        note=step.note,
        at=step.at,
        text=said_to(told.told_count) if told else text,
        clock=clock,
        facets=facets_of(step.verb, bool(clock), has_moved),
    )


def of_reminder(row: Reminder) -> Event:
    """The line of a reminder that took no step."""
    return Event(
        verb="remind",
        title=str(VERBS["remind"]),
        who=_("系统"),
        post="",
        note=row.label,
        at=row.sent_at,
        text=said_to(row.told_count),
        clock={},
        facets=facets_of("remind", has_clock=False, has_moved=False),
    )


def lapsed_of(case: Complaint, steps: Sequence[Step]) -> list[CaseRequest]:
    """What was asked for and became idle with its dispatch; it took no step of its own."""
    if requested.KIND_OF_VERB.keys().isdisjoint(step.verb for step in steps):
        return []
    rows = requested.requests_of(case)
    return [row for row in rows if row.state == RequestState.LAPSED and row.decided_at]


def of_lapse(row: CaseRequest) -> Event:
    """The line of a request that nobody decides any more."""
    assert row.decided_at is not None
    return Event(
        verb="lapse",
        title=_("申请失效"),
        who=_("系统"),
        post="",
        note=row.note,
        at=row.decided_at,
        text=_("%(kind)s：原派单已结束，不再审批") % {"kind": row.get_kind_display()},
        clock={},
        facets=frozenset({ALL, CLOCK}),
    )


def said_to(count: int) -> str:
    """How many people a reminder has told."""
    return _("已通知 %(count)s 人") % {"count": count}


def actor_without_account(verb: str, case: Complaint) -> str:
    """Who acted without an account: the caller or an outsider by a link, else the house itself."""
    if verb == "file" and case.source == Source.QR:
        return _("诉求人")
    return str(WITHOUT_ACCOUNT.get(verb, _("系统")))


def clock_of(step: Step) -> dict[str, Any]:
    """The moment that bound before and after a step; nothing where it stayed.

    `due` and `due_was`, or `stopped` when no clock runs any more, or when it stands still.
    """
    if step.verb == "grant_suspension":
        return {"due_was": step.due_before, "stopped": _("暂停计时")}
    if step.due_before == step.due_after:
        return {}
    if step.due_after is None:
        return {"due_was": step.due_before, "stopped": _("停止计时")}
    return {"due": step.due_after, "due_was": step.due_before}


def facets_of(verb: str, has_clock: bool, has_moved: bool) -> frozenset[str]:
    """Under which filters a line is found; every line stands under "all"."""
    found = {ALL}
    if has_clock or verb in ABOUT_TIME:
        found.add(CLOCK)
    if has_moved or verb in ABOUT_PEOPLE or verb.startswith("undo_"):
        found.add(PEOPLE)
    if verb in ABOUT_CONTACT:
        found.add(CONTACT)
    return frozenset(found)


def reminders_of(case: Complaint) -> list[Reminder]:
    """All reminders of a case that have struck."""
    return list(_reminders(case=case.pk))


@planned
def _reminders(*, case: Any) -> QuerySet[Reminder]:
    return Reminder.objects.filter(complaint=case).order_by("sent_at", "pk")


def by_step(
    reminders: Iterable[Reminder], steps: Sequence[Step]
) -> tuple[dict[int, Reminder], list[Reminder]]:
    """Which reminder came with which step (a card was raised), and those that took none."""
    waiting = [step for step in reversed(steps) if step.verb == "remind"]
    told: dict[int, Reminder] = {}
    alone = []
    for row in reminders:
        step = next((one for one in waiting if is_of(one, row)), None)
        if step is None:
            alone.append(row)
        else:
            waiting.remove(step)
            told[step.number] = row
    return told, alone


def is_of(step: Step, row: Reminder) -> bool:
    """Whether a step was taken by this reminder."""
    return abs(step.at - row.sent_at) < TOGETHER and step.note.startswith(row.label)
