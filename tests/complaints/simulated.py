"""Days of a street at the push of a button: the clock stands, and goes on from sweep to sweep."""

import heapq
import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from complaints import tasks
from complaints.choices import RequestState
from complaints.models import (
    Assignment,
    Callback,
    CaseRequest,
    Complaint,
    Instruction,
    Step,
    SupervisionSlip,
)
from complaints.services import (
    accepting,
    closing,
    dispatching,
    handling,
    reviewing,
    slips,
    supervising,
)
from complaints.services.requests import asking, deciding, standing
from governance.calendar import SHANGHAI, Calendar
from governance.errors import HouseError
from governance.models import Todo, User
from governance.services.calendar import current_calendar
from tests.cast import Cast
from tests.complaints import stages
from tests.reference.reminders_slow import Clock, Facts, Happened
from tests.reference.worktime_slow import SlowCalendar

SWEEP = timedelta(seconds=15)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
# Categories of every limit and urgency, and about how long their limit lasts on the wall.
KINDS = {
    "050404": 2 * HOUR, "070102": 2 * HOUR, "030101": DAY, "010101": 6 * HOUR, "080203": DAY,
    "030102": 2 * DAY, "040102": 4 * DAY, "030402": 6 * DAY, "050403": 9 * DAY, "020202": 14 * DAY,
}  # fmt: skip
# What happens to a case after its dispatch: deeds, each at a share of its limit.
Life = list[tuple[float, str]]
PROMPT: Life = [(0.05, "sign"), (0.1, "contact"), (0.4, "reply"), (0.5, "approve")]
LATE: Life = [(0.2, "sign"), (0.8, "contact"), (1.9, "reply"), (2.4, "approve")]
LIVES: list[Life] = [
    [],
    [(0.7, "withdraw")],
    [(0.1, "sign")],
    [*PROMPT, (0.6, "content")],
    [*LATE, (2.6, "content")],
    [*PROMPT[:3], (0.7, "send_back"), (1.2, "reply"), (1.3, "approve"), (1.4, "content")],
    [*LATE[:3], (2.1, "send_back")],
    [*PROMPT, (0.6, "discontent"), (1.1, "sign"), (1.2, "contact")],
    [*PROMPT, (0.6, "discontent"), (0.9, "sign"), (1.0, "contact"), (1.2, "reply"), (1.3, "approve"), (1.4, "discontent_again")],
    [*PROMPT, (0.6, "unreached"), (1.3, "unreached"), (3.0, "unreached"), (4.0, "content")],
    [(0.1, "sign"), (0.3, "ask_extension"), (0.6, "grant"), (1.5, "contact")],
    [(0.1, "sign"), (0.3, "ask_extension"), (0.7, "refuse")],
    [(0.1, "sign"), (0.5, "ask_extension")],
    [(0.1, "sign"), (0.2, "ask_suspension"), (0.3, "grant")],
    [(0.1, "sign"), (0.12, "contact"), (0.6, "ask_suspension"), (0.75, "grant"), (1.6, "resume")],
    [(0.1, "sign"), (0.4, "ask_suspension"), (0.5, "grant"), (1.1, "resume"),
     (1.2, "ask_extension"), (1.25, "grant")],
    [(0.1, "ask_return"), (0.2, "grant"), (0.25, "dispatch_west"), *LATE[2:]],
    [(0.1, "hand_on"), (0.15, "dispatch_west"), (0.2, "hand_on"), (0.25, "dispatch_east"),
     (0.3, "hand_on"), (0.35, "dispatch_squad"), (0.5, "sign")],
    [(0.1, "sign"), (0.5, "escalate"), (0.8, "sign")],
]  # fmt: skip
CALM: list[Life] = [PROMPT, [(0.3, "withdraw")], [(0.6, "withdraw")]]
BESIDE: list[Life] = [
    [], [], [], [(0.15, "instruct")], [(0.15, "instruct"), (0.3, "answer_instruction")],
    [(0.2, "supervise")], [(0.2, "supervise"), (0.4, "answer_slip")],
]  # fmt: skip


class Street:
    """Cases with their lives ahead of them, and a house that is sometimes down."""

    def __init__(
        self,
        office: Cast,
        traveller: time_machine.Traveller,
        *,
        cases: int,
        days: int,
        seed: int,
        calm: float = 0,
        sweep: Callable[[], object] = tasks.sweep,
    ) -> None:
        self.office, self.traveller, self.sweep, self.calm = office, traveller, sweep, calm
        self.dice, self.order = random.Random(seed), count()
        self.began = timezone.now()
        self.ended = self.began + timedelta(days=days)
        self.agenda: list[tuple[datetime, int, Callable[[], object]]] = []
        self.refused = 0
        self.downs = apart(sorted(self.some_downs(days)))
        for _case in range(cases):
            self.at(self.some_moment(0.8), self.open_case)

    def some_downs(self, days: int) -> Iterator[tuple[datetime, datetime]]:
        """About every fourth day no sweep runs for an hour or a night."""
        for _down in range(max(days // 4, 2)):
            start = self.some_moment(0.9)
            yield start, start + self.dice.choice([HOUR, 3 * HOUR, 14 * HOUR])

    def some_moment(self, share: float) -> datetime:
        """A full minute in the first share of the time; mostly while people are at work."""
        day = self.began + DAY * self.dice.randrange(
            max(int((self.ended - self.began) / DAY * share), 1)
        )
        minute = (
            self.dice.randrange(8 * 60)
            if self.dice.random() < 0.9
            else self.dice.randrange(14 * 60)
        )
        return day + minute * MINUTE

    def at(self, moment: datetime, act: Callable[[], object]) -> None:
        """Somebody will do this, unless the time is over by then."""
        if moment < self.ended:
            heapq.heappush(self.agenda, (moment, next(self.order), act))

    # ── how time passes ─────────────────────────────────────────────────────────────────────────

    def live(self) -> None:
        """Until the end: whatever comes next, a deed of somebody or a sweep of the house."""
        while True:
            now, tick = timezone.now(), self.next_sweep()
            deed = self.agenda[0][0] if self.agenda else self.ended
            if min(tick, deed) >= self.ended:
                return
            if deed <= tick:
                moment, _order, act = heapq.heappop(self.agenda)
                self.traveller.move_to(max(moment, now))
                self.try_to(act)
            else:
                self.traveller.move_to(tick)
                self.sweep()

    def next_sweep(self) -> datetime:
        """The next sweep that will find something to do; none comes while the house is down."""
        due = Todo.objects.filter(done_at=None).order_by("due_at").values_list("due_at", flat=True)
        first = due.first()
        if first is None:
            return self.ended
        at = max(first, timezone.now() + timedelta(microseconds=1))
        steps = -(-(at - self.began) // SWEEP)
        tick = self.began + steps * SWEEP
        for start, end in self.downs:
            if start <= tick < end:
                tick = end
        return tick

    def try_to(self, act: Callable[[], object]) -> None:
        """People try what is not possible any more; the house says so."""
        try:
            act()
        except (HouseError, PermissionDenied):
            self.refused += 1

    # ── what people do ──────────────────────────────────────────────────────────────────────────

    def open_case(self) -> None:
        """Somebody calls; the desk accepts and dispatches at once."""
        code = self.dice.choice(list(KINDS))
        case = stages.filed(self.office, code=code)
        unit = self.dice.choice(
            [self.office.east_branch] * 3 + [self.office.squad, self.office.east]
        )
        accepting.accept_and_dispatch(case.pk, unit, by=self.office.chen)
        life = self.dice.choice(LIVES) + self.dice.choice(BESIDE)
        if self.dice.random() < self.calm:
            life = self.dice.choice(CALM)
        for share, name in life:
            minutes = int(KINDS[code] * share * self.dice.uniform(0.8, 1.2) / MINUTE)
            deed = getattr(self, name)
            self.at(timezone.now() + max(minutes, 1) * MINUTE, lambda deed=deed: deed(case.pk))

    def handler(self, pk: int) -> User:
        """Who serves the unit that has the case."""
        office = self.office
        people = {
            office.east_branch.pk: office.wang, office.east.pk: office.su, office.squad.pk: office.sun,
            office.west_branch.pk: office.zhao,
        }  # fmt: skip
        holder = Complaint.objects.values_list("holder_id", flat=True).get(pk=pk)
        return people.get(holder, office.lin)

    def sign(self, pk: int) -> None:
        handling.sign(pk, by=self.handler(pk))

    def contact(self, pk: int) -> None:
        handling.contact(pk, by=self.handler(pk), channel="phone", is_reached=True)

    def reply(self, pk: int) -> None:
        handling.reply(
            pk, by=self.handler(pk), result_kind="explained", public_text=stages.ANSWER,
            no_contact_reason="电话停机，上门两次无人",
        )  # fmt: skip

    def approve(self, pk: int) -> None:
        for reviewer in (self.office.su, self.office.chen):
            try:
                reviewing.approve(pk, by=reviewer)
                return
            except PermissionDenied:
                continue

    def send_back(self, pk: int) -> None:
        for reviewer in (self.office.su, self.office.chen):
            try:
                reviewing.send_back(pk, by=reviewer, note="请补充整改后的情况")
                return
            except PermissionDenied:
                continue

    def content(self, pk: int) -> None:
        closing.record_callback(
            pk, by=self.office.qian, outcome="reached", solved="yes", satisfaction="satisfied"
        )

    def discontent(self, pk: int) -> None:
        closing.record_callback(
            pk, by=self.office.qian, outcome="reached", solved="no", satisfaction="dissatisfied",
            again=True,
        )  # fmt: skip

    discontent_again = discontent

    def unreached(self, pk: int) -> None:
        closing.record_callback(pk, by=self.office.qian, outcome="unreached")

    def withdraw(self, pk: int) -> None:
        closing.withdraw(pk, by=self.office.chen, note="诉求人撤回")

    def escalate(self, pk: int) -> None:
        dispatching.escalate(pk, by=self.handler(pk), note="需社区协调")

    def hand_on(self, pk: int) -> None:
        dispatching.hand_on(pk, by=self.handler(pk), note="不属于本网格")

    def dispatch_west(self, pk: int) -> None:
        dispatching.dispatch(pk, self.office.west_branch, by=self.office.chen, note="经核实属西园")

    def dispatch_east(self, pk: int) -> None:
        dispatching.dispatch(pk, self.office.east_branch, by=self.office.chen, note="经核实属东园")

    def dispatch_squad(self, pk: int) -> None:
        dispatching.dispatch(pk, self.office.squad, by=self.office.chen, note="需执法")

    def ask_return(self, pk: int) -> None:
        asking.ask_return(pk, by=self.handler(pk), note="不属于本网格", reason="not_our_ground")

    def ask_extension(self, pk: int) -> None:
        asking.ask_extension(
            pk, by=self.handler(pk), note="厂家配件下周到货", amount=self.dice.randint(1, 5),
            channel="phone", reason="works",
        )  # fmt: skip

    def ask_suspension(self, pk: int) -> None:
        asking.ask_suspension(
            pk, by=self.handler(pk), note="等待统一修缮", amount=self.dice.randint(1, 9),
            reason="season", evidence="见区住建局〔2026〕12号文",
        )  # fmt: skip

    def grant(self, pk: int) -> None:
        self.decide(pk, lambda row, by: deciding.grant(row, by=by))

    def refuse(self, pk: int) -> None:
        self.decide(pk, lambda row, by: deciding.refuse(row, by=by, note="理由不充分"))

    def decide(self, pk: int, act: Callable[[int, User], object]) -> None:
        row = CaseRequest.objects.filter(complaint=pk, state=RequestState.PENDING).first()
        for by in (self.office.su, self.office.chen, self.office.qian):
            try:
                if row is not None:
                    act(row.pk, by)
                return
            except PermissionDenied:
                continue

    def resume(self, pk: int) -> None:
        standing.resume(pk, by=self.office.chen, note="条件已具备")

    def instruct(self, pk: int) -> None:
        due_at = timezone.now() + self.dice.choice([2 * HOUR, DAY, 3 * DAY])
        supervising.instruct(pk, by=self.office.lin, text="请尽快办结并报告。", due_at=due_at)

    def answer_instruction(self, pk: int) -> None:
        for row in Instruction.objects.filter(complaint=pk, answered_at=None):
            supervising.answer_instruction(row, by=self.handler(pk), note="正在办理，明日办结。")

    def supervise(self, pk: int) -> None:
        due_at = timezone.now() + self.dice.choice([3 * HOUR, DAY, 2 * DAY])
        slips.supervise(pk, by=self.office.chen, demand="请今日到现场核实。", due_at=due_at)

    def answer_slip(self, pk: int) -> None:
        for row in SupervisionSlip.objects.unanswered().filter(complaint=pk):
            slips.answer(pk, slip=row.pk, by=self.handler(pk), note="已到现场核实处理。")

    # ── what has happened ───────────────────────────────────────────────────────────────────────

    def clock(self) -> Clock:
        """The facts about time, on the wall of the office."""
        downs = [(local(start), local(end)) for start, end in self.downs]
        return Clock(plain(current_calendar()), downs, local(self.began), local(self.ended))


def apart(spells: list[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """Spells in order, those that touch made one."""
    found: list[tuple[datetime, datetime]] = []
    for start, end in spells:
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return found


def local(moment: datetime) -> datetime:
    """On the wall of the office."""
    return moment.astimezone(SHANGHAI).replace(tzinfo=None)


def local_or_none(moment: datetime | None) -> datetime | None:
    """The same, when there is one."""
    return None if moment is None else local(moment)


def plain(calendar: Calendar) -> SlowCalendar:
    """The same calendar as plain facts."""
    seasons = [
        (month_day(season.first), month_day(season.last), list(season.intervals))
        for season in calendar.hours
    ]
    return SlowCalendar(dict(calendar.exceptions), set(calendar.years), seasons)


def month_day(edge: tuple[int, int]) -> str:
    """An edge of a season as the plain calendar writes it."""
    return f"{edge[0]:02d}-{edge[1]:02d}"


def facts_of_all() -> list[Facts]:
    """The history of every case, as plain facts."""
    found = {
        row["pk"]: Facts(
            row["pk"], row["urgency"], row["limit_amount"] or 0, row["limit_unit"] or "wd",
            row["is_collective"], [],
        )
        for row in Complaint.objects.values(
            "pk", "urgency", "limit_amount", "limit_unit", "is_collective"
        )
    }  # fmt: skip
    requests: dict[int, list[CaseRequest]] = defaultdict(list)
    for asked in CaseRequest.objects.order_by("pk"):
        requests[asked.complaint_id].append(asked)
        found[asked.complaint_id].requests.append(
            (asked.pk, local(asked.asked_at), local_or_none(asked.decided_at))
        )
    for step in Step.objects.select_related("holder_after").order_by("complaint_id", "number"):
        found[step.complaint_id].steps.append(happened(step, requests[step.complaint_id]))
    for pk, at in Assignment.objects.exclude(contacted_at=None).values_list(
        "complaint_id", "contacted_at"
    ):
        found[pk].contacts.append(local(at))
    for word in Instruction.objects.exclude(due_at=None):
        found[word.complaint_id].instructions.append(
            (word.pk, local(word.due_at), local_or_none(word.answered_at))
        )
    for slip in SupervisionSlip.objects.exclude(issued_at=None).order_by("pk"):
        found[slip.complaint_id].slips.append(
            (slip.pk, local(slip.due_at), local(slip.issued_at), local_or_none(slip.answered_at))
        )
    for call in Callback.objects.order_by("pk"):
        found[call.complaint_id].calls.append((local(call.at), call.outcome))
    return list(found.values())


def happened(step: Step, requests: list[CaseRequest]) -> Happened:
    """One step; a decision brings the amount that was granted."""
    amount: Any = None
    if step.verb in ("grant_extension", "grant_suspension"):
        kind = step.verb.removeprefix("grant_")
        amount = next(
            row.amount for row in requests if row.kind == kind and row.decided_at == step.at
        )
    return Happened(
        at=local(step.at),
        verb=step.verb,
        stage=step.stage_after,
        level=step.holder_after.level if step.holder_after else None,
        by_house=step.by_id is None,
        amount=amount,
    )
