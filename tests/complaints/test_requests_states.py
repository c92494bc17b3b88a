"""A case with requests, played at random beside a slow second opinion of what must be true."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from complaints import tasks
from complaints.choices import RequestState, Stage
from complaints.models import Assignment, CaseRequest, Complaint, LevelBox
from complaints.rules import rules_changed
from complaints.services import clock as clocks
from complaints.services import dispatching, handling, steps, timing
from complaints.services.requests import asking, deciding, standing
from governance import worktime
from governance.errors import HouseError
from governance.models import Organisation, User
from governance.services.todo import Duty
from tests.cast import Cast
from tests.complaints import stages
from tests.complaints.test_requests_asking import EVIDENCE, fresh
from tests.governance.test_worktime_reference import EXCEPTIONS, YEARS
from tests.reference import cases_slow
from tests.reference import worktime_slow as slow

pytestmark = [pytest.mark.long, pytest.mark.django_db]
PLAIN = slow.SlowCalendar(EXCEPTIONS, YEARS, [])
MINUTE = timedelta(minutes=1)
RETURN, EXTENSION, SUSPENSION, CLAIM = "return", "extension", "suspension", "out_of_duty"
KINDS = (RETURN, EXTENSION, SUSPENSION, CLAIM)
AT_WORK = (Stage.PENDING_SIGN, Stage.HANDLING)
LIMITS = [(5, "wd"), (24, "kh"), (72, "wh"), (5_000, "wm"), (9, "cd")]
MOST_WORKDAYS, MOST_DAYS = 10, 90


@dataclass
class Asked:
    """What waits for a decision, as the second opinion remembers it."""

    number: int
    by: User
    desk: Organisation
    amount: int = 0


class Life(RuleBasedStateMachine):
    """One case and the people around it; everything true of it is also known here, by plain rules.

    Each deed is foretold (taken or refused), and after each one every due moment, the stage and
    what waits must be what the second opinion says. Time moves only where a rule says so.
    """

    cast: Cast
    traveller: Any
    seen: Counter[str] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.began = timezone.now()
        self.whole = transaction.atomic()
        self.whole.__enter__()
        self.waiting: dict[str, Asked] = {}
        self.decisions: list[Any] = []
        self.stopped: datetime | None = None
        self.until: datetime | None = None
        self.granted: Counter[str] = Counter()
        self.spent_days = 0
        self.last_return: tuple[int, int] | None = None
        self.settled_returns = 0
        self.given_back: dict[int, tuple[Organisation, User]] = {}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.whole.__exit__(None, None, None)
        self.traveller.move_to(self.began)

    @initialize(limit=st.sampled_from(LIMITS))
    def begin(self, limit: tuple[int, str]) -> None:
        # Where a case climbs by itself is played elsewhere; here it stays with its unit.
        LevelBox.objects.update(climbs_by_itself=False)
        rules_changed()
        leaf = stages.category("050401")
        leaf.limit_amount, leaf.limit_unit = limit
        leaf.save()
        self.amount, self.unit = limit
        self.case = stages.signed(self.cast)
        self.stage, self.holder = Stage.HANDLING, self.cast.east_branch
        self.accepted_at = self.dispatched_at = timezone.now()
        self.own = fresh(self.case).assignment_due_at

    # ── what the second opinion knows ────────────────────────────────────────────────────────

    @property
    def promise(self) -> datetime:
        """The promise to the citizen, counted day by day from the acceptance."""
        end, _guess = cases_slow.due(
            self.accepted_at, self.amount, self.unit, self.decisions, PLAIN
        )
        return end

    @property
    def binding(self) -> datetime:
        """What binds whoever has the case: its own promise, or at a desk that of the case."""
        return self.own if self.stage in AT_WORK else self.promise

    @property
    def worker(self) -> User:
        """Who has the case in the unit."""
        return self.cast.wang if self.holder == self.cast.east_branch else self.cast.zhao

    @property
    def is_running(self) -> bool:
        return self.stage in AT_WORK and self.stopped is None

    def desk_of(self, kind: str) -> Organisation:
        """Where a request of the present holder is decided."""
        again = kind == RETURN and self.settled_returns
        near = self.holder == self.cast.east_branch and kind in (RETURN, EXTENSION)
        return self.cast.east if near and not again else self.cast.street

    def may_decide(self, asked: Asked, kind: str, by: User) -> bool:
        """Who sits at the desk or above it, has not asked, and did not decide the return before."""
        above = (self.cast.chen, self.cast.qian)
        sits = by in above or (by == self.cast.su and asked.desk == self.cast.east)
        is_again = kind == RETURN and self.last_return == (asked.desk.pk, by.pk)
        return sits and by != asked.by and not is_again

    def settle_return(self, asked: Asked, by: User) -> None:
        self.settled_returns += 1
        self.last_return = (asked.desk.pk, by.pk)

    def end_dispatch(self) -> None:
        """What was asked for the work that ended is idle; a claim is about the matter itself."""
        self.waiting = {kind: one for kind, one in self.waiting.items() if kind == CLAIM}

    def go_on(self, now: datetime) -> None:
        """What was left is counted out again from now."""
        assert self.stopped is not None
        self.own, _guess = cases_slow.gone_on(self.stopped, now, self.own, self.unit, PLAIN)
        self.decisions.append((SUSPENSION, self.stopped, now))
        self.spent_days += (now - self.stopped).days + 1
        if self.promise > now:
            self.own = min(self.own, self.promise)
        self.stopped = self.until = None

    def foretold(self, is_taken: bool, deed: Callable[[], Any], name: str) -> bool:
        """Do it; it is taken or refused as foretold, and a refusal leaves nothing behind."""
        before = fresh(self.case).step_count
        try:
            with transaction.atomic():
                deed()
        except (HouseError, PermissionDenied) as refusal:
            assert not is_taken, f"{name} was refused: {refusal}"
            assert fresh(self.case).step_count == before
            self.seen[f"{name} refused"] += 1
            return False
        assert is_taken, f"{name} was taken"
        self.seen[name] += 1
        return True

    # ── what people do ───────────────────────────────────────────────────────────────────────
    # One rule: of several, Hypothesis leaves some out for a whole life, and too few lives go far.

    @rule(data=st.data())
    def something_happens(self, data: st.DataObject) -> None:
        is_at_work, is_still = self.stage in AT_WORK, self.stopped is not None
        ends = is_still or not {EXTENSION, SUSPENSION}.isdisjoint(self.waiting)
        odds = [
            (self.ask, 4), (self.decide, 8 * bool(self.waiting)), (self.talk, is_at_work),
            (self.dispatch_or_sign, 1 if self.stage == Stage.HANDLING else 4),
            (self.resume, 2 if is_still else bool(self.waiting)), (self.wait, 1), (self.wait_until_the_end, ends),
        ]  # fmt: skip
        happens = data.draw(st.sampled_from([deed for deed, odd in odds for _each in range(odd)]))
        happens(data.draw)

    def askable(self) -> list[str]:
        """What would not be refused outright."""
        often = (SUSPENSION, SUSPENSION, EXTENSION)
        open_kinds = [kind for kind in (*KINDS, *often) if kind not in self.waiting]
        late = timezone.now() >= self.binding
        gone = {kind for kind in (EXTENSION, CLAIM) if self.granted[kind]}
        gone |= {EXTENSION, SUSPENSION} if late else set()
        gone |= {SUSPENSION} if self.stage != Stage.HANDLING else set()
        return [kind for kind in open_kinds if kind not in gone] if self.is_running else []

    def ask(self, draw: Any) -> None:
        """Mostly what may be asked for; boldly whatever comes to mind."""
        kinds = KINDS if draw(st.integers(0, 3)) == 3 else self.askable()
        if not kinds:
            return
        kind = draw(st.sampled_from(kinds))
        is_east = self.holder == self.cast.east_branch
        asks_herself = is_east and kind != CLAIM and draw(st.booleans())
        by = self.cast.su if asks_herself else self.worker
        amount = draw(
            st.sampled_from({EXTENSION: [3, 2, 11], SUSPENSION: [8, 3, 91]}.get(kind, [0]))
        )
        if self.foretold(
            self.may_be_asked(kind, amount), self.asks(kind, amount, by), f"ask {kind}"
        ):
            number = CaseRequest.objects.latest("pk").pk
            self.waiting[kind] = Asked(number, by, self.desk_of(kind), amount)

    def may_be_asked(self, kind: str, amount: int) -> bool:
        """The rules of `domain.md` 1.6, 8 to 10, in plain words."""
        if not self.is_running or kind in self.waiting:
            return False
        now = timezone.now()
        match kind:
            case "return":
                return now <= slow.due(self.dispatched_at, 2, "wd", PLAIN)[0]
            case "extension":
                is_first = not self.granted[EXTENSION]
                return now < self.binding and is_first and amount <= MOST_WORKDAYS
            case "suspension":
                fits = self.spent_days + amount <= MOST_DAYS
                return now < self.binding and fits and self.stage == Stage.HANDLING
            case _:
                return not self.granted[CLAIM]

    def asks(self, kind: str, amount: int, by: User) -> Callable[[], Any]:
        pk = self.case.pk
        given: dict[str, Any] = {"by": by, "note": "情况说明", "evidence": EVIDENCE}
        match kind:
            case "return":
                return lambda: asking.ask_return(pk, **given, reason="not_our_ground")
            case "extension":
                return lambda: asking.ask_extension(
                    pk, **given, amount=amount, channel="phone", reason="works"
                )
            case "suspension":
                return lambda: asking.ask_suspension(pk, **given, amount=amount, reason="season")
            case _:
                return lambda: asking.claim_out_of_duty(pk, **given, reason="outside_law")

    def decide(self, draw: Any) -> None:
        how = draw(st.sampled_from(["grant"] * 6 + ["refuse", "take back"]))
        who = draw(st.sampled_from(["chen", "qian", "chen", "qian", "su", "asker"]))
        kind = draw(st.sampled_from(sorted(self.waiting)))
        asked = self.waiting[kind]
        by = asked.by if who == "asker" else getattr(self.cast, who)
        if how == "grant":
            self.grant(kind, asked, by)
        elif how == "refuse":
            self.refuse(kind, asked, by)
        else:
            self.take_back(kind, asked)

    def grant(self, kind: str, asked: Asked, by: User) -> None:
        now = timezone.now()
        in_time = now < self.binding and (kind == EXTENSION or self.stage == Stage.HANDLING)
        is_taken = (
            self.is_running
            and self.may_decide(asked, kind, by)
            and (in_time or kind in (RETURN, CLAIM))
        )
        deed = lambda: deciding.grant(asked.number, by=by)  # noqa: E731
        if not self.foretold(is_taken, deed, f"grant {kind}"):
            return
        del self.waiting[kind]
        self.granted[kind] += 1
        if kind == EXTENSION:
            self.own, _guess = slow.due(self.own, asked.amount, "wd", PLAIN)
            self.decisions.append((EXTENSION, asked.amount))
        elif kind == SUSPENSION:
            self.stopped, self.until = now, now + timedelta(days=asked.amount)
        elif kind == RETURN:
            self.settle_return(asked, by)
            self.given_back[self.holder.pk] = (asked.desk, by)
            self.stage = Stage.PENDING_DISPATCH
            self.end_dispatch()

    def refuse(self, kind: str, asked: Asked, by: User) -> None:
        is_taken = self.is_running and self.may_decide(asked, kind, by)
        deed = lambda: deciding.refuse(asked.number, by=by, note="理由不充分")  # noqa: E731
        if self.foretold(is_taken, deed, f"refuse {kind}"):
            del self.waiting[kind]
            if kind == RETURN:
                self.settle_return(asked, by)

    def take_back(self, kind: str, asked: Asked) -> None:
        # Of a claim the former unit has no say any more once the case is with another.
        reach = {self.cast.east_branch.pk: (self.cast.wang, self.cast.su)}
        is_taken = self.is_running and asked.by in reach.get(self.holder.pk, (self.cast.zhao,))
        deed = lambda: asking.take_back_request(  # noqa: E731
            self.case.pk, by=asked.by, request=asked.number, note="不需要了"
        )
        if self.foretold(is_taken, deed, "take back"):
            del self.waiting[kind]

    def dispatch_or_sign(self, draw: Any) -> None:
        if self.stage == Stage.PENDING_SIGN:
            self.foretold(True, lambda: handling.sign(self.case.pk, by=self.worker), "sign")
            self.stage = Stage.HANDLING
            return
        unit = draw(st.sampled_from([self.cast.west_branch, self.cast.east_branch]))
        by = draw(st.sampled_from([self.cast.chen, self.cast.qian]))
        desk, decider = self.given_back.get(unit.pk, (None, None))
        is_ping_pong = desk == self.cast.street and decider == by
        is_taken = self.stopped is None and not is_ping_pong
        deed = lambda: dispatching.dispatch(self.case.pk, unit, by=by, note="改派")  # noqa: E731
        if self.foretold(is_taken, deed, "dispatch"):
            self.end_dispatch()
            self.stage, self.holder, self.dispatched_at = Stage.PENDING_SIGN, unit, timezone.now()
            # A fresh promise of the unit is looked at by `test_clock_reference` and I6.
            self.own = fresh(self.case).assignment_due_at

    def talk(self, draw: Any) -> None:
        pk, by = self.case.pk, self.worker
        if draw(st.booleans()):
            self.foretold(True, lambda: handling.log(pk, by=by, note="已到现场"), "comment")
        else:
            deed = lambda: handling.assign(pk, by.person, by=by)  # noqa: E731
            self.foretold(self.stopped is None, deed, "assign")

    def resume(self, _draw: Any) -> None:
        deed = lambda: standing.resume(self.case.pk, by=self.cast.chen)  # noqa: E731
        if self.foretold(self.stopped is not None, deed, "resume"):
            self.go_on(timezone.now())

    # ── what time does ───────────────────────────────────────────────────────────────────────

    def wait(self, draw: Any) -> None:
        self.traveller.shift(draw(st.sampled_from([45, 300, 1_440])) * MINUTE)
        self.look_round()

    def wait_until_the_end(self, _draw: Any) -> None:
        """The spell ends, or the limit under which somebody waits for more time."""
        end = max(self.until or self.binding, timezone.now())
        if self.until is None:  # the model counts in whole minutes: 23:59:59 is over at midnight
            end += MINUTE
        self.traveller.move_to(end.replace(second=0, microsecond=0))
        self.look_round()

    def look_round(self) -> None:
        """The clock of the house comes by, as it does every few seconds."""
        tasks.sweep()
        now = timezone.now()
        if self.stage == Stage.PENDING_SIGN:  # signed for after twice the limit: `test_timing`
            self.stage = Stage(fresh(self.case).stage)
        if self.until is not None and now >= self.until:
            self.seen["resumed by itself"] += 1
            self.go_on(now)
        if self.is_running and now >= self.binding:
            for kind in (EXTENSION, SUSPENSION):
                self.seen["refused by itself"] += self.waiting.pop(kind, None) is not None

    # ── what is true at every moment ─────────────────────────────────────────────────────────

    @invariant()
    def the_house_agrees(self) -> None:
        case = fresh(self.case)
        assert case.stage == self.stage
        assert case.suspended_at == self.stopped
        assert case.case_due_at == self.promise
        if self.stage in AT_WORK:
            current = Assignment.objects.get(complaint=case, ended_at=None)
            assert case.assignment_due_at == current.due_at == self.own
        assert case.due_at == self.binding
        rows = CaseRequest.objects.filter(complaint=case, state=RequestState.PENDING)
        waiting = {kind: asked.number for kind, asked in self.waiting.items()}
        assert dict(rows.values_list("kind", "pk")) == waiting
        assert steps.first_broken_step(case) is None


STORIES: dict[str, Any] = {
    "deadline": None,
    "database": None,
    # A story that fails is told as it is: making it shorter takes minutes.
    "phases": [Phase.generate],
    "suppress_health_check": list(HealthCheck),
}


def live(cast: Cast, traveller: Any, **size: Any) -> Counter[str]:
    """Let so many lives be lived; how often each thing happened in them."""
    machine = type("OneLife", (Life,), {"cast": cast, "traveller": traveller, "seen": Counter()})
    run_state_machine_as_test(machine, settings=settings(**STORIES, **size))
    return machine.seen  # type: ignore[attr-defined, no-any-return]


SHORT: dict[str, Any] = {"max_examples": 36, "stateful_step_count": 25, "derandomize": True}


def test_lives_of_a_case_with_requests_agree_with_the_second_opinion(
    office: Cast, monday: Any
) -> None:
    seen = live(office, monday, **SHORT)
    # It came to something: a machine that only waits would agree with everything.
    for kind in KINDS:
        assert seen[f"grant {kind}"] and seen[f"ask {kind} refused"], seen
    assert seen["resume"] and seen["dispatch"] and seen["comment"], seen
    assert seen["grant extension refused"] and seen["resumed by itself"], seen
    assert seen["refused by itself"], seen


@pytest.mark.full
@pytest.mark.timeout(3_600)
def test_many_lives_agree_with_the_second_opinion(office: Cast, monday: Any) -> None:
    live(office, monday, max_examples=600, stateful_step_count=50)


# ── wrong houses are found ───────────────────────────────────────────────────────────────────


def a_comment_moves_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    def take_step(case: Complaint, verb: str, **more: Any) -> Any:
        if verb == "log":
            more["case_due_at"] = (case.case_due_at or timezone.now()) + timedelta(days=1)
        return steps.take_step(case, verb, **more)

    monkeypatch.setattr(handling, "take_step", take_step)


def asking_stops_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    def take_step(case: Complaint, verb: str, **more: Any) -> Any:
        if verb == "ask_suspension":
            more["suspended_at"] = timezone.now()
        return steps.take_step(case, verb, **more)

    monkeypatch.setattr(asking, "take_step", take_step)


def more_time_counts_from_its_approval(monkeypatch: pytest.MonkeyPatch) -> None:
    def add(_due: datetime, *more: Any) -> worktime.Due:
        return worktime.add(timezone.now(), *more)

    monkeypatch.setattr(deciding, "add", add)


def the_day_of_the_stop_is_given_too(monkeypatch: pytest.MonkeyPatch) -> None:
    right = standing.left_of
    monkeypatch.setattr(standing, "left_of", lambda *facts: right(*facts) + 1)


def whoever_asked_may_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deciding.allowed, "refuse_decider", lambda _row, _by: None)


def nobody_refuses_what_is_late(monkeypatch: pytest.MonkeyPatch) -> None:
    idle = Duty(timing.lock, lambda _case, _todo: None)
    monkeypatch.setitem(timing.DUTIES, clocks.REQUEST_DUE, idle)


@pytest.mark.parametrize(
    "plant",
    [
        a_comment_moves_the_clock,
        asking_stops_the_clock,
        more_time_counts_from_its_approval,
        the_day_of_the_stop_is_given_too,
        whoever_asked_may_decide,
        nobody_refuses_what_is_late,
    ],
)
def test_control_a_wrong_house_is_found(
    office: Cast, monday: Any, monkeypatch: pytest.MonkeyPatch, plant: Any
) -> None:
    plant(monkeypatch)
    with pytest.raises(AssertionError):
        live(office, monday, **SHORT)
