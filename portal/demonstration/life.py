"""One invented case as a row of deeds: the same table of moves and the same clock as real ones.

Nothing is written here. A life collects unsaved rows; every stage it passes is asked of the table of
moves, every due time is computed by the house's own limits, and what the house does by itself
(reminders, signing for a silent unit, climbing) happens between the deeds as it would have.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from complaints import limits, reminders
from complaints.choices import (
    OPEN_STAGES,
    TIMED_TRIGGERS,
    AssignmentEnd,
    Card,
    Stage,
    Supervision,
    Trigger,
)
from complaints.limits import Limit
from complaints.models import (
    Assignment,
    Callback,
    Caller,
    Complaint,
    Contact,
    Instruction,
    IssuedCard,
    Reminder,
    ReminderRule,
    Reply,
    Step,
)
from complaints.services import clock
from complaints.services.dispatching import clock_columns
from complaints.services.steps import apply, binding_due, digest_of, step_hash
from complaints.workflow import MOVES
from governance.models import Organisation, User
from governance.workflow import next_stage
from portal.demonstration.wording import Scene
from portal.demonstration.world import World

AT_WORK = (Stage.PENDING_SIGN, Stage.HANDLING)
CARD_ORDER = (Card.NONE, Card.YELLOW, Card.RED)
AUTO_SIGN, CLIMB = "auto_sign", "climb"
# The sweep comes every fifteen seconds.
SWEPT_AFTER = timedelta(seconds=9)


class StillOpen(Exception):
    """The next deed lies in the future: the case waits where it is."""


@dataclass(order=True)
class Planned:
    """Something the house will do by itself."""

    at: datetime
    kind: str
    due_at: datetime
    rule: int = -1


class Life:
    """A case and everything that hangs on it, grown deed by deed until the present."""

    def __init__(self, world: World, case: Complaint, chance: Random, until: datetime) -> None:
        self.world, self.case, self.chance, self.until = world, case, chance, until
        self.caller: Caller | None = None
        self.scene: Scene
        self.steps: list[Step] = []
        self.assignments: list[Assignment] = []
        self.contacts: list[Contact] = []
        self.replies: list[Reply] = []
        self.callbacks: list[Callback] = []
        self.reminders: list[Reminder] = []
        # Whom each of them told, by which rule.
        self.told: list[tuple[ReminderRule, tuple[int, ...]]] = []
        self.cards: list[IssuedCard] = []
        self.instructions: list[Instruction] = []
        self._planned: list[Planned] = []

    @property
    def at(self) -> datetime:
        """When the last step was taken."""
        return self.steps[-1].at

    @property
    def auto_sign_at(self) -> datetime | None:
        """When the house will sign by itself, if it still will."""
        return next((one.at for one in self._planned if one.kind == AUTO_SIGN), None)

    @property
    def current(self) -> Assignment | None:
        """The dispatch that counts."""
        last = self.assignments[-1] if self.assignments else None
        return last if last and last.ended_at is None else None

    # Deeds ------------------------------------------------------------------------------------

    def begin(self, at: datetime, by: User | None) -> None:
        """The filing itself; the case brings its first stage along."""
        self._append(Step(verb="file", stage_before="", note=self.case.hint, by=by, at=at))

    def deed(
        self, verb: str, at: datetime, by: User | None, note: str = "", **changes: Any
    ) -> None:
        """One step as `take_step` would write it; raises StillOpen when it lies in the future."""
        self.let_pass(at)
        self.move(verb, at, by, note, changes)

    def move(
        self, verb: str, at: datetime, by: User | None, note: str, changes: dict[str, Any]
    ) -> None:
        """The step alone, in the same breath as the deed before."""
        case = self.case
        stage = next_stage(MOVES, verb, case.stage, note=note)
        step = Step(
            verb=verb,
            stage_before=case.stage,
            holder_before_id=case.holder_id,
            due_before=case.due_at,
            by=by,
            note=note.strip(),
            at=at,
        )
        apply(case, changes)
        case.stage, case.is_open = stage, stage in OPEN_STAGES
        case.due_at = binding_due(case)
        self._append(step)

    def _append(self, step: Step) -> None:
        """As `finish_step`: fill what follows from the case, close the chain over the step."""
        case = self.case
        step.complaint = case
        step.number = case.step_count + 1
        step.previous_hash = case.last_step_hash
        step.stage_after = case.stage
        step.holder_after_id, step.due_after = case.holder_id, case.due_at
        step.round = case.round
        step.appointment_id = self.world.post_of(step.by, case.holder_path)
        if step.note:
            step.note_salt = self.chance.randbytes(16).hex()
            step.note_digest = digest_of(step.note, step.note_salt)
        step.step_hash = step_hash(step)
        case.step_count, case.last_step_hash = step.number, step.step_hash
        self.steps.append(step)

    def dispatch(
        self,
        unit: Organisation,
        at: datetime,
        by: User | None,
        *,
        verb: str = "dispatch",
        note: str = "",
        limit: Limit | None = None,
        ended: str = "",
        rule: str = "",
        **changes: Any,
    ) -> Assignment:
        """A dispatch with its promises, as `start_assignment` writes it."""
        self.let_pass(at)
        world, case = self.world, self.case
        rules, calendar = world.rules, world.calendar
        limit = limit or clock.case_limit(case)
        urgency = rules.urgencies[case.urgency]
        case_due_at = changes.get("case_due_at") or case.case_due_at or at
        assignment = Assignment(
            complaint=case,
            round=changes.get("round", case.round),
            number=len(self.assignments) + 1,
            unit=unit,
            dispatched_by=by,
            dispatched_at=at,
            rule=rule,
            sign_due_at=limits.sign_due(urgency, at, calendar),
            contact_due_at=limits.contact_due(urgency, at, calendar),
            due_at=limits.assignment_due(limit, at, case_due_at, rules.case, calendar).at,
        )
        if ended and self.current:
            self.end_assignment(at, ended)
        if ended == AssignmentEnd.REDISPATCHED:
            changes |= self.transfer()
        people = world.handlers.get(unit.path, [])
        changes |= clock_columns(assignment, unit, limit, rules, calendar)
        changes |= {
            "main_unit": unit,
            "holder": unit,
            "assignee": people[0].person if len(people) == 1 else None,
            "dispatched_at": at,
        }
        self.move(verb, at, by, note, changes)
        self.assignments.append(assignment)
        self.plan(assignment, at)
        return assignment

    def transfer(self) -> dict[str, Any]:
        """One transfer more; the third makes a problem order (`dispatching.elevation`)."""
        count = self.case.transfer_count + 1
        is_problem = self.world.rules.elevates(Trigger.TRANSFERS, count)
        elevated = {"supervision": Supervision.ELEVATED} if is_problem else {}
        return {"transfer_count": count, **elevated}

    def end_assignment(self, at: datetime, kind: str) -> None:
        """The dispatch no longer counts."""
        if self.current:
            self.assignments[-1].ended_at, self.assignments[-1].end_kind = at, kind

    def escalate(self, at: datetime, by: User | None, note: str) -> None:
        """One level up; the unit stays accountable."""
        world, case = self.world, self.case
        holder = world.above(case.holder_path)
        limit = clock.case_limit(case)
        urgency = world.rules.urgencies[case.urgency]
        due_at = case.assignment_due_at or at
        people = world.handlers.get(holder.path, [])
        changes = {
            "holder": holder,
            "assignee": people[0].person if len(people) == 1 else None,
            "sign_due_at": limits.sign_due(urgency, at, world.calendar),
            "box_due_at": limits.box_due(
                holder.level, at, due_at, limit, world.rules, world.calendar
            ),
        }
        self.move("escalate", at, by, note, changes)
        self._planned = [one for one in self._planned if one.kind != CLIMB]
        self._plan_box(at)

    def stop_clock(self) -> None:
        """Nothing planned for this dispatch is wanted any more."""
        self._planned = []

    # The house itself ---------------------------------------------------------------------------

    def plan(self, assignment: Assignment, since: datetime) -> None:
        """Reminders, auto-sign and the time box of a dispatch (as `clock.plan_dispatch`)."""
        case, world = self.case, self.world
        promises = clock.promises_of(case, assignment)
        urgency = world.rules.urgencies[case.urgency]
        self._planned = []
        for index, rule in enumerate(world.rules.reminders):
            if rule.trigger not in TIMED_TRIGGERS:
                continue
            at = reminders.moment_of(rule, promises, world.rules.oversight, world.calendar)
            self._planned.append(Planned(max(at, since), "remind", at, index))
        at = limits.auto_sign_at(
            urgency, assignment.dispatched_at, world.rules.case, world.calendar
        )
        self._planned.append(Planned(at, AUTO_SIGN, at))
        self._plan_box(since)

    def _plan_box(self, since: datetime) -> None:
        at = self.case.box_due_at
        if at is not None:
            self._planned.append(Planned(max(at, since), CLIMB, at))
        self._planned.sort()

    def let_pass(self, at: datetime) -> None:
        """Let the house do what falls due before `at`; raises StillOpen beyond the present."""
        while self._planned and self._planned[0].at + SWEPT_AFTER < min(at, self.until):
            one = self._planned.pop(0)
            if self.case.stage in AT_WORK and self.current:
                self._by_itself(one)
        if at >= self.until:
            raise StillOpen

    def _by_itself(self, one: Planned) -> None:
        at = one.at + SWEPT_AFTER
        if one.kind == AUTO_SIGN:
            if self.case.stage == Stage.PENDING_SIGN:
                self._sign_for_a_silent_unit(at)
        elif one.kind == CLIMB:
            self._climb(at)
        else:
            self._remind(self.world.rules.reminders[one.rule], one, at)

    def _sign_for_a_silent_unit(self, at: datetime) -> None:
        self.move("sign", at, None, "超过签收时限两倍未签收，系统自动签收，计为逾期签收", {})
        current = self.assignments[-1]
        if current.signed_at is None:
            current.signed_at, current.is_auto_signed = at, True

    def _climb(self, at: datetime) -> None:
        """As `timing.climb`: by itself up to the community; beyond it the street is only told."""
        rules = self.world.rules
        level = self.case.holder.level if self.case.holder else None
        box = rules.boxes.get(level or 0)
        if (
            level
            and box
            and box.climbs_by_itself
            and level > rules.case.highest_self_climbing_level
        ):
            self.escalate(at, None, "本级停留时限已到，自动上报")

    def _give_card(self, rule: ReminderRule, current: Assignment, at: datetime) -> None:
        """As `cards.by_rule`: one card of a colour for each dispatch."""
        given = {(row.assignment_number, row.card) for row in self.cards}
        if rule.card == Card.NONE or (current.number, rule.card) in given:
            return
        self.cards.append(
            IssuedCard(
                complaint=self.case,
                assignment_number=current.number,
                card=rule.card,
                unit=current.unit,
                unit_path=current.unit.path,
                rule_code=rule.code,
                reason="；".join(filter(None, [rule.label, rule.measure])),
                issued_at=at,
            )
        )

    def _remind(self, rule: ReminderRule, one: Planned, at: datetime) -> None:
        """As `timing.remind`: one row for each rule and dispatch, and the card it raises."""
        if not rule.is_enabled:
            return
        if rule.trigger.startswith("sign") and self.case.stage != Stage.PENDING_SIGN:
            return
        current = self.assignments[-1]
        number = current.number
        if rule.trigger == Trigger.CONTACT_PASSED and current.contacted_at is not None:
            return
        known = {(row.assignment_number, row.rule_code, row.due_at) for row in self.reminders}
        if (number, rule.code, one.due_at) in known:
            return
        people = self.world.audience(rule, self.case, current)
        self.told.append((rule, people))
        self.reminders.append(
            Reminder(
                complaint=self.case,
                assignment_number=number,
                rule_code=rule.code,
                label=rule.label,
                due_at=one.due_at,
                sent_at=at,
                told_count=len(people),
            )
        )
        self._give_card(rule, current, at)
        if CARD_ORDER.index(Card(rule.card)) > CARD_ORDER.index(Card(self.case.card)):
            self.move("remind", at, None, rule.label, {"card": rule.card})
