"""A slow second opinion on reminders: from the history of one case to who must have been told when.

It shares nothing with the planner of the house but the facts: it walks through the steps of a case
one by one and counts office time day by day. All moments are wall-clock times of the office.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from math import ceil
from typing import Any, NamedTuple

from tests.reference import worktime_slow
from tests.reference.worktime_slow import EAST_EIGHT, SlowCalendar

SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
# urgency → limit of the receipt and of the first contact, as `domain.md` 1.5 has them.
URGENCIES: dict[str, tuple[tuple[int, str], tuple[int, str]]] = {
    "critical": ((15, "wm"), (30, "wm")), "urgent": ((30, "wm"), (2, "wh")),
    "ordinary": ((4, "kh"), (24, "wh")), "complex": ((4, "kh"), (1, "wd")),
}  # fmt: skip
# level → how long a case may rest there at most (`domain.md` 5.3).
BOXES = {5: (4, "wh"), 4: (1, "wd"), 3: (2, "wd"), 2: (3, "wd")}
AT_NIGHT = ("sign_half", "sign_passed", "contact_passed", "collective", "box_over")
OF_THE_RECEIPT = ("sign_half", "sign_passed")
OVERDUE = {"overdue_1": 0, "overdue_2": 2, "overdue_3": 3, "overdue_5": 5}
OPEN_BUT_NOT_AT_WORK = ("pending_acceptance", "pending_dispatch", "pending_review",
                        "pending_callback")  # fmt: skip
AT_WORK = ("pending_sign", "handling")
# Steps that change what is waited for; all others only stand in the history.
FELT = ("accept", "dispatch", "rework", "escalate", "sign", "hand_on", "grant_return", "reply",
        "withdraw", "approve", "send_back", "grant_extension", "grant_suspension", "resume",
        "close")  # fmt: skip
# What the house does by itself, and what it was waiting for.
BY_ITSELF = {"sign": "auto_sign", "escalate": "climb", "resume": "resume"}
LATEST, LATEST_AFTER_RECOVERY = timedelta(seconds=60), timedelta(seconds=120)


class Happened(NamedTuple):
    """One step of the history."""

    at: datetime
    verb: str
    stage: str
    level: int | None
    by_house: bool
    amount: int | None = None


@dataclass
class Facts:
    """What is known of one case."""

    pk: int
    urgency: str
    amount: int
    unit: str
    is_collective: bool
    steps: list[Happened]
    contacts: list[datetime] = field(default_factory=list)
    requests: list[tuple[int, datetime, datetime | None]] = field(default_factory=list)
    instructions: list[tuple[int, datetime, datetime | None]] = field(default_factory=list)
    slips: list[tuple[int, datetime, datetime, datetime | None]] = field(default_factory=list)
    calls: list[tuple[datetime, str]] = field(default_factory=list)


class Expected(NamedTuple):
    """What must have happened: a rule that strikes, or a deed of the house itself."""

    what: str
    number: int
    at: datetime
    earliest: datetime
    latest: datetime


@dataclass
class Clock:
    """When the house was up: its sweeps come every `step`, and none while it was down."""

    calendar: SlowCalendar
    downs: list[tuple[datetime, datetime]]
    began: datetime
    ended: datetime
    step: timedelta = timedelta(seconds=15)

    def window(self, at: datetime) -> tuple[datetime, datetime]:
        """Between which moments something due at `at` is done; never before it was due."""
        sweep = self.began - (self.began - at) // self.step * self.step
        for down, up in self.downs:
            if down <= sweep < up:
                return up, up + LATEST_AFTER_RECOVERY
        return at, at + LATEST


# ── office time, day by day ───────────────────────────────────────────────────────────────────


def spans(day: date, calendar: SlowCalendar) -> list[tuple[datetime, datetime]]:
    """When the office is open on a day."""
    if not calendar.works(day):
        return []
    return [(datetime.combine(day, a), datetime.combine(day, b)) for a, b in calendar.opening(day)]


def office_seconds(start: datetime, end: datetime, calendar: SlowCalendar) -> Fraction:
    """Seconds of office time between two moments."""
    day, total = start.date(), timedelta()
    while day <= end.date():
        for opens, closes in spans(day, calendar):
            total += max(min(closes, end) - max(opens, start), timedelta())
        day += DAY
    return Fraction(total // timedelta(microseconds=1), 1_000_000)


def office_later(start: datetime, seconds: Fraction, calendar: SlowCalendar) -> datetime:
    """The first open moment at which so many seconds of office time are used."""
    day = start.date()
    while True:
        for opens, closes in spans(day, calendar):
            if closes < start:
                continue
            opens = max(opens, start)
            there = Fraction((closes - opens) // timedelta(microseconds=1), 1_000_000)
            if seconds <= there:
                return opens + timedelta(seconds=float(seconds))
            seconds -= there
        day += DAY


def later(start: datetime, amount: int, unit: str, calendar: SlowCalendar) -> datetime:
    """The end of a limit that begins at `start`."""
    if unit == "kh":
        return office_later(start, Fraction(amount * 3600), calendar)
    end, _is_guess = worktime_slow.due(start.replace(tzinfo=EAST_EIGHT), amount, unit, calendar)
    return end.replace(tzinfo=None)


def share(
    start: datetime, end: datetime, part: Fraction, unit: str, calendar: SlowCalendar
) -> datetime:
    """The moment at which a part of a span is used, in its own unit."""
    if end <= start:
        return start
    if part == 1:
        return end
    used = start + timedelta(seconds=(end - start).total_seconds() * float(part))
    if unit == "kh" and (seconds := office_seconds(start, end, calendar) * part):
        used = office_later(start, seconds, calendar)
    if unit == "wd" and (days := worktime_slow.workdays(start.date(), end.date(), calendar) * part):
        day = start.date()
        for _day in range(ceil(days)):
            day = next_workday(day, calendar)
        morning = datetime.combine(day, time())
        whole = office_seconds(morning, morning + DAY, calendar)
        used = office_later(morning, whole * (days - ceil(days) + 1), calendar)
    return min(max(used, start), end)


def next_workday(day: date, calendar: SlowCalendar) -> date:
    """The workday after a day."""
    day += DAY
    while not calendar.works(day):
        day += DAY
    return day


def workday_before(at: datetime, calendar: SlowCalendar) -> datetime:
    """The same time of day on the workday before."""
    at -= DAY
    while not calendar.works(at.date()):
        at -= DAY
    return at


def out_of_the_night(at: datetime) -> datetime:
    """Half past seven, when it would fall between nine in the evening and that."""
    if at.time() >= time(21):
        return datetime.combine(at.date() + DAY, time(7, 30))
    return datetime.combine(at.date(), time(7, 30)) if at.time() < time(7, 30) else at


# ── one case ──────────────────────────────────────────────────────────────────────────────────


class Walk:
    """Walks through the history of one case and says what must have struck."""

    def __init__(self, facts: Facts, clock: Clock) -> None:
        self.facts, self.clock, self.calendar = facts, clock, clock.calendar
        self.unit, self.urgency = facts.unit, facts.urgency
        self.expected: list[Expected] = []
        self.wrong: list[str] = []
        self.done_by_house = 0
        self.unsure: set[tuple[str, int]] = set()
        self.struck: dict[tuple[int, str], set[datetime]] = {}
        self.plan: dict[str, datetime] = {}
        self.paused: dict[str, datetime] = {}
        self.number, self.round, self.transfers = 0, 1, 0
        self.case_due = self.due = self.start = clock.began
        self.contact_due: datetime | None = None
        self.contacted_at: datetime | None = None
        self.stopped_at: datetime | None = None
        self.stage, self.planned_at = "", clock.began
        self.is_dispatched = False

    def run(self) -> "Walk":
        """Step after step; then what hangs on the case beside its steps."""
        for step in self.facts.steps:
            if step.verb in FELT:
                if step.by_house and step.verb in BY_ITSELF:
                    self.weigh(step, BY_ITSELF[step.verb])
                self.strike_before(step.at)
                self.take(step)
                self.stage, self.planned_at = step.stage, step.at
        self.strike_before(self.clock.ended)
        for one in (*self.requests(), *self.instructions(), *self.slips(), *self.calls()):
            self.note(*one)
        return self

    def heard(self, rule: str, at: datetime) -> datetime:
        """The first moment at which a rule may be heard."""
        if self.urgency == "critical":
            return at
        if rule in AT_NIGHT or self.unit in ("wm", "wh"):
            return out_of_the_night(at)
        return office_later(at, Fraction(0), self.calendar)

    def strike_before(self, until: datetime) -> None:
        """Everything planned that was due and done before the next step."""
        while self.plan:
            what, at = min(self.plan.items(), key=lambda item: item[1])
            earliest, latest = self.clock.window(max(at, self.planned_at))
            if earliest >= until:
                return
            del self.plan[what]
            if latest >= until:
                self.unsure.add((what, self.number))
            else:
                self.note(what, self.number, at, self.planned_at)

    def weigh(self, step: Happened, what: str) -> None:
        """The house did something by itself: was it time?"""
        at = self.plan.pop(what, None)
        earliest, latest = self.clock.window(at) if at else (self.clock.ended, self.clock.began)
        self.done_by_house += 1
        for other, due in sorted(self.plan.items(), key=lambda item: item[1]):
            # The same sweep does what is due in the order in which it fell due.
            if at and due < at and self.clock.window(max(due, self.planned_at))[0] <= step.at:
                del self.plan[other]
                self.note(other, self.number, due, self.planned_at)
        if (what, self.number) not in self.unsure and not earliest <= step.at <= latest:
            self.wrong.append(f"{what} at {step.at}, reckoned for {at}")

    def note(
        self, what: str, number: int, at: datetime, planned_at: datetime = datetime.min
    ) -> None:
        """It must have happened, if it still held; once, and not before it was planned."""
        earliest, latest = self.clock.window(max(at, planned_at))
        if what in OF_THE_RECEIPT and self.stage != "pending_sign":
            return
        if what == "auto_sign" and self.stage != "pending_sign":
            return
        if what == "contact_passed" and self.contacted_at is not None:
            if at < self.contacted_at <= latest:
                self.unsure.add((what, number))
            if self.contacted_at <= latest:
                return
        if what in ("round_2", "round_3", "transfers_3", "collective") and self.was_struck(what):
            return
        if at in self.struck.setdefault((number, what), set()):
            return
        self.struck[number, what].add(at)
        self.expected.append(Expected(what, number, at, earliest, latest))
        if what == "box_over":
            heard = self.heard("box_over", at + SECOND)
            if heard > max(earliest, at + SECOND):
                self.expected.pop()
                self.plan["box_heard"] = heard

    def was_struck(self, what: str) -> bool:
        """Whether the rule has struck in the life of this case."""
        return any(rule == what for _number, rule in self.struck)

    # ── the steps that matter ───────────────────────────────────────────────────────────────────

    def take(self, step: Happened) -> None:
        """What a step changes."""
        match step.verb:
            case "accept":
                self.case_due = later(step.at, self.facts.amount, self.unit, self.calendar)
            case "dispatch":
                self.transfers += self.is_dispatched
                self.dispatch(step, self.facts.amount)
            case "rework":
                self.round += 1
                half = ceil(self.facts.amount / 2)
                self.case_due = later(step.at, half, self.unit, self.calendar)
                self.dispatch(step, half)
            case "escalate":
                self.plan_box(step)
            case "sign":
                self.plan.pop("auto_sign", None)
            case "hand_on" | "grant_return":
                self.transfers, self.is_dispatched, self.plan = self.transfers + 1, False, {}
            case "reply" | "withdraw":
                self.plan = {}
            case "approve":
                self.is_dispatched = False
            case "send_back":
                self.plan = {
                    what: at
                    for what, at in self.moments(step).items()
                    if at not in self.struck.get((self.number, what), ())
                }
            case "grant_extension":
                self.extend(step)
            case "grant_suspension":
                self.stopped_at, self.paused, self.plan = step.at, self.plan, {}
                assert step.amount is not None
                self.plan["resume"] = step.at + step.amount * DAY
            case "resume":
                self.go_on(step)

    def dispatch(self, step: Happened, amount: int) -> None:
        """A unit has the case: its promise, and what follows from it."""
        self.number, self.is_dispatched, self.start = self.number + 1, True, step.at
        self.due = self.promise(step.at, amount)
        contact = URGENCIES[self.urgency][1]
        self.contact_due = later(step.at, *contact, self.calendar)
        later_ones = [at for at in self.facts.contacts if at >= step.at]
        self.contacted_at = min(later_ones, default=None)
        self.plan = self.moments(step)
        amount_to_sign, unit = URGENCIES[self.urgency][0]
        self.plan["auto_sign"] = later(step.at, 2 * amount_to_sign, unit, self.calendar)
        self.plan_box(step)

    def promise(self, start: datetime, amount: int) -> datetime:
        """The unit's own due moment (`domain.md` 1.6, rule 6)."""
        by_limit = later(start, amount, self.unit, self.calendar)
        last = max(self.case_due, start)
        buffered = workday_before(self.case_due, self.calendar)
        half = share(start, min(by_limit, last), Fraction(1, 2), self.unit, self.calendar)
        least = office_later(start, Fraction(2 * 3600), self.calendar)
        return max(min(by_limit, buffered), min(max(least, half), last))

    def moments(self, step: Happened) -> dict[str, datetime]:
        """When each rule about the present dispatch strikes."""
        sign_due = later(self.start, *URGENCIES[self.urgency][0], self.calendar)
        assert self.contact_due is not None
        bare = {
            "sign_half": self.start + (sign_due - self.start) / 2,
            "sign_passed": sign_due + SECOND,
            "contact_passed": self.contact_due + SECOND,
            **self.along_the_limit(self.start),
        }
        if self.round == 2 or self.round == 3:
            bare[f"round_{self.round}"] = self.start
        if self.transfers >= 3:
            bare["transfers_3"] = self.start
        if self.facts.is_collective:
            bare["collective"] = self.start
        return {rule: self.heard(rule, at) for rule, at in bare.items()}

    def along_the_limit(self, since: datetime) -> dict[str, datetime]:
        """Half, near the end, and late, before anybody is kept from being disturbed."""
        found = {"half": share(since, self.due, Fraction(1, 2), self.unit, self.calendar)}
        if self.unit in ("wd", "cd"):
            found["near"] = max(workday_before(self.due, self.calendar), since)
        else:
            found["near"] = share(since, self.due, Fraction(4, 5), self.unit, self.calendar)
        for rule, days in OVERDUE.items():
            at, day = self.due + SECOND, self.due.date()
            for _day in range(days):
                day = next_workday(day, self.calendar)
            found[rule] = spans(day, self.calendar)[0][0] if days else at
        return found

    def extend(self, step: Happened) -> None:
        """Later: what has struck by a share does not strike again, the end comes nearer again."""
        assert step.amount is not None
        self.due = later(self.due, step.amount, "wd", self.calendar)
        self.case_due = later(self.case_due, step.amount, "wd", self.calendar)
        for rule, bare in self.along_the_limit(self.start).items():
            at = self.heard(rule, bare)
            has_struck = bool(self.struck.get((self.number, rule)))
            if not (has_struck and (at <= step.at or rule == "half")):
                self.plan[rule] = at

    def go_on(self, step: Happened) -> None:
        """What was left goes on; what waited keeps its place in it."""
        stopped, due_before, case_before = self.stopped_at, self.due, self.case_due
        assert stopped is not None
        self.case_due = self.left_again(stopped, case_before, step.at)
        own = self.left_again(stopped, due_before, step.at)
        self.due = min(own, self.case_due) if self.case_due > step.at else own
        if self.contact_due is not None and self.contact_due > stopped:
            self.contact_due = self.contact_again(stopped, step.at)
        self.plan.pop("resume", None)
        waited, self.paused, self.stopped_at = self.paused, {}, None
        along = self.along_the_limit(step.at)
        for rule, planned_at in waited.items():
            if rule == "contact_passed" and self.contact_due is not None:
                self.plan[rule] = self.heard(rule, self.contact_due + SECOND)
            if rule not in along:
                continue
            at = along[rule]
            if rule == "half" or (rule == "near" and self.unit in ("wm", "wh", "kh")):
                at = self.same_place(stopped, planned_at, due_before, step.at)
            self.plan[rule] = self.heard(rule, at)
        self.plan_box(step)

    def left_again(self, stopped: datetime, end: datetime, resumed: datetime) -> datetime:
        """What was left at `stopped`, counted out again from `resumed` on."""
        if self.unit in ("wm", "wh"):
            return resumed + max(end - stopped, timedelta())
        if self.unit == "kh":
            left = office_seconds(stopped, end, self.calendar)
            return office_later(resumed, left, self.calendar)
        days = worktime_slow.workdays(stopped.date(), end.date(), self.calendar)
        return later(resumed, days, self.unit, self.calendar)

    def contact_again(self, stopped: datetime, resumed: datetime) -> datetime:
        """The same for the first contact, in its own unit."""
        assert self.contact_due is not None
        if URGENCIES[self.urgency][1][1] == "wd":
            days = worktime_slow.workdays(stopped.date(), self.contact_due.date(), self.calendar)
            return later(resumed, days, "wd", self.calendar)
        return resumed + (self.contact_due - stopped)

    def same_place(
        self, stopped: datetime, planned_at: datetime, due_before: datetime, resumed: datetime
    ) -> datetime:
        """The place of a share in what was left, found again in what is left now."""

        def measured(end: datetime) -> Fraction:
            if self.unit in ("wm", "wh"):
                return Fraction(max(end - stopped, timedelta()) // SECOND)
            return office_seconds(stopped, end, self.calendar)

        whole = measured(due_before)
        part = min(measured(planned_at) / whole, Fraction(1)) if whole else Fraction(1)
        return share(resumed, self.due, part, self.unit, self.calendar)

    def plan_box(self, step: Happened) -> None:
        """How long the case may rest where it is now (`domain.md` 5.3)."""
        for what in ("climb", "box_over", "box_heard"):
            self.plan.pop(what, None)
        level = step.level
        if level not in BOXES or self.due <= step.at:
            return
        assert level is not None
        parts = share(step.at, self.due, Fraction(1, level), self.unit, self.calendar)
        at = min(parts, later(step.at, *BOXES[level], self.calendar))
        half = share(step.at, self.due, Fraction(1, 2), self.unit, self.calendar)
        least = min(office_later(step.at, Fraction(2 * 3600), self.calendar), half)
        self.plan["climb" if level > 2 else "box_over"] = max(at, least)

    # ── what hangs on the case ──────────────────────────────────────────────────────────────────

    def standing(self, at: datetime) -> tuple[str, bool]:
        """Stage of the case at a moment, and whether its clock stood still."""
        stage, is_still = "", False
        for step in self.facts.steps:
            if step.at <= at:
                stage = step.stage
                is_still = step.verb == "grant_suspension" or (is_still and step.verb != "resume")
        return stage, is_still

    def is_steady(self, at: datetime) -> bool:
        """Whether nothing happened to the case while the house may have been telling."""
        earliest, latest = self.clock.window(at)
        return not any(
            earliest <= step.at <= latest for step in self.facts.steps if step.verb in FELT
        )

    def still(self, what: str, at: datetime, ended: datetime | None, stages: Any) -> bool:
        """Whether it still waits when its moment has come; what is too close to say is left out."""
        earliest, latest = self.clock.window(at)
        if latest >= self.clock.ended or not self.is_steady(at):
            self.unsure.add((what, 0))
            return False
        if ended is not None and earliest <= ended <= latest:
            self.unsure.add((what, 0))
            return False
        stage, is_still = self.standing(latest)
        return (ended is None or ended > latest) and stage in stages and not is_still

    def requests(self) -> Iterator[tuple[str, int, datetime]]:
        """A request that nobody decided by the opening of the next workday."""
        for _pk, asked_at, decided_at in self.facts.requests:
            day = next_workday(asked_at.date(), self.calendar)
            at = self.heard("request_waiting", spans(day, self.calendar)[0][0])
            earliest, latest = self.clock.window(at)
            if latest >= self.clock.ended or (
                decided_at is not None and earliest <= decided_at <= latest
            ):
                self.unsure.add(("request_waiting", 0))
            elif decided_at is None or decided_at > latest:
                yield "request_waiting", 0, at

    def instructions(self) -> Iterator[tuple[str, int, datetime]]:
        """A leader's word that nobody answered in time."""
        for _pk, due_at, answered_at in self.facts.instructions:
            at = self.heard("instruction_late", due_at + SECOND)
            if self.still("instruction_late", at, answered_at, (*AT_WORK, *OPEN_BUT_NOT_AT_WORK)):
                yield "instruction_late", 0, at

    def slips(self) -> Iterator[tuple[str, int, datetime]]:
        """A slip that nobody answered in time; looked at again while nobody can answer."""
        for _pk, due_at, _issued_at, answered_at in self.facts.slips:
            at = self.opening_after(due_at)
            while at < self.clock.ended:
                earliest, latest = self.clock.window(at)
                stage, _is_still = self.standing(latest)
                if self.still("slip_late", at, answered_at, AT_WORK):
                    yield "slip_late", 0, at
                    break
                if not self.is_steady(at) or stage not in (*AT_WORK, *OPEN_BUT_NOT_AT_WORK):
                    break
                if answered_at is not None and answered_at <= latest:
                    break
                at = self.opening_after(later(earliest, 1, "wd", self.calendar))

    def opening_after(self, at: datetime) -> datetime:
        """A second later, while the office is open."""
        if self.urgency == "critical":
            return at + SECOND
        return office_later(at + SECOND, Fraction(0), self.calendar)

    def calls(self) -> Iterator[tuple[str, int, datetime]]:
        """A citizen who was rung in vain is to be rung again the next workday."""
        for place, (called_at, outcome) in enumerate(self.facts.calls):
            tried = [at for at, how in self.facts.calls[: place + 1] if how == "unreached"]
            if outcome != "unreached" or (
                len(tried) >= 3 and len({at.date() for at in tried}) >= 2
            ):
                continue
            day = next_workday(called_at.date(), self.calendar)
            at = spans(day, self.calendar)[0][0]
            again = [moment for moment, _how in self.facts.calls[place + 1 :] if moment < at]
            if not again and self.still("call_again", at, None, ("pending_callback",)):
                yield "call_again", 0, at
