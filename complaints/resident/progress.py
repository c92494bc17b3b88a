"""Where a case stands in a resident's words: four plain steps, a sentence, and what happened when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.choices import RejectReason, RequestKind, RequestState, Stage
from complaints.models import Complaint, Step
from complaints.requested import requests_of

# The four steps, each with the picture that is drawn for it.
STEPS = (
    (gettext_lazy("受理"), "inbox"),
    (gettext_lazy("派单"), "send"),
    (gettext_lazy("处理"), "wrench"),
    (gettext_lazy("办结"), "check-lg"),
)
# Which step a stage has reached; what has ended otherwise stands outside.
REACHED = {
    Stage.PENDING_ACCEPTANCE: 0,
    Stage.PENDING_SUPPLEMENT: 0,
    Stage.PENDING_DISPATCH: 1,
    Stage.PENDING_SIGN: 2,
    Stage.HANDLING: 2,
    Stage.PENDING_REVIEW: 2,
    Stage.PENDING_CALLBACK: 4,
    Stage.CLOSED: 4,
    Stage.ARCHIVED: 4,
}
HEADINGS = {
    Stage.DRAFT: gettext_lazy("您的诉求已收到"),
    Stage.PENDING_ACCEPTANCE: gettext_lazy("您的诉求已收到"),
    Stage.PENDING_SUPPLEMENT: gettext_lazy("请您补充一点情况"),
    Stage.PENDING_DISPATCH: gettext_lazy("您的诉求已受理"),
    Stage.PENDING_SIGN: gettext_lazy("您的诉求已派单"),
    Stage.HANDLING: gettext_lazy("您的诉求正在处理"),
    Stage.PENDING_REVIEW: gettext_lazy("您的诉求正在处理"),
    Stage.PENDING_CALLBACK: gettext_lazy("您的诉求已办结"),
    Stage.CLOSED: gettext_lazy("您的诉求已办结"),
    Stage.ARCHIVED: gettext_lazy("您的诉求已办结"),
    Stage.REJECTED: gettext_lazy("您的诉求没有受理"),
    Stage.WITHDRAWN: gettext_lazy("您已撤回这件诉求"),
    Stage.MERGED: gettext_lazy("您的诉求正在一并办理"),
    Stage.VOIDED: gettext_lazy("这件诉求已结束"),
    Stage.RETURNED_TO_SOURCE: gettext_lazy("这件诉求已转出"),
}
# What is told of the history, in the resident's words; all else stays in the office.
TOLD = {
    "file": gettext_lazy("收到您的诉求"),
    "ask_supplement": gettext_lazy("请您补充情况"),
    "supplement": gettext_lazy("收到您的补充"),
    "accept": gettext_lazy("已受理"),
    "dispatch": gettext_lazy("已派给承办单位"),
    "sign": gettext_lazy("承办单位已接手"),
    "approve": gettext_lazy("已办结并答复"),
    "rework": gettext_lazy("转上一级重新办理"),
    "rate": gettext_lazy("收到您的评价"),
    "close": gettext_lazy("已结案"),
    "reject": gettext_lazy("没有受理"),
    "merge": gettext_lazy("与同一问题一并办理"),
    "unmerge": gettext_lazy("改为单独办理"),
    "unmerge_unaccepted": gettext_lazy("改为单独办理"),
    "answer_merged": gettext_lazy("已办结并答复"),
    "ask_merged": gettext_lazy("已办结并答复"),
    "wait_merged": gettext_lazy("转上一级重新办理"),
    "withdraw": gettext_lazy("您已撤回"),
    "restore": gettext_lazy("恢复办理"),
    "grant_extension": gettext_lazy("办理期限已延长"),
    "grant_suspension": gettext_lazy("暂缓办理"),
    "resume": gettext_lazy("继续办理"),
}


@dataclass(frozen=True)
class PlainStep:
    """One of the four steps: "done", "here" or "ahead", said in words too."""

    label: str
    icon: str
    state: str
    said: str


@dataclass(frozen=True)
class Told:
    """One line of what happened."""

    text: str
    at: datetime


def four_steps(case: Complaint) -> list[PlainStep]:
    """The four steps of a case; none for one that ended without being worked on."""
    stage = Stage(case.stage)
    if stage not in REACHED:
        return []
    reached = REACHED[stage]
    said = {"done": _("已完成"), "here": _("进行中"), "ahead": _("未到")}
    states = [
        "done" if place < reached else "here" if place == reached else "ahead"
        for place in range(len(STEPS))
    ]
    return [
        PlainStep(str(label), icon, state, said[state])
        for (label, icon), state in zip(STEPS, states, strict=True)
    ]


def heading(case: Complaint) -> str:
    """The state of a case in one line, at the head of its page."""
    if case.stage == Stage.MERGED and case.finished_at is not None:
        return str(HEADINGS[Stage.CLOSED])
    if case.round > 1 and case.stage in (Stage.PENDING_SIGN, Stage.HANDLING, Stage.PENDING_REVIEW):
        return _("您的诉求正在重新办理")
    return str(HEADINGS[Stage(case.stage)])


def what_was_told(steps: list[Step]) -> list[Told]:
    """The history in plain words, newest first; a doubled line is told once, a slip not at all."""
    lines: list[Told] = []
    slips = {step.number - 1 for step in steps if step.verb.startswith("undo_")}
    for step in steps:
        text = TOLD.get(step.verb) if step.number not in slips else None
        if text and (not lines or lines[-1].text != str(text)):
            lines.append(Told(str(text), step.at))
    return lines[::-1]


def asked(steps: list[Step]) -> str:
    """What the office has asked the resident for, in its own words."""
    return next((step.note for step in reversed(steps) if step.verb == "ask_supplement"), "")


def why_rejected(steps: list[Step]) -> str:
    """The published ground; the clerk's own note stays in the office."""
    code = next((step.reason_code for step in reversed(steps) if step.verb == "reject"), "")
    return str(RejectReason(code).label) if code in RejectReason.values else ""


def promise(case: Complaint) -> dict[str, Any]:
    """By when the resident was promised an answer, and what was first promised if that moved (G35).

    Why it moved is said as it was: more time was granted, or the case stood still for a while.
    While it stands still nothing is promised.
    """
    is_over = not case.is_open or case.stage == Stage.PENDING_CALLBACK
    if is_over or case.case_due_at is None or case.is_suspended:
        return {}
    has_moved = case.round == 1 and case.original_due_at != case.case_due_at
    rows = requests_of(case) if has_moved else []
    granted = {row.kind for row in rows if row.state == RequestState.GRANTED}
    return {
        "at": case.case_due_at,
        "first": case.original_due_at if has_moved else None,
        "is_extended": RequestKind.EXTENSION in granted,
        "stood_still": RequestKind.SUSPENSION in granted,
        "is_provisional": case.due_is_provisional,
    }
