"""What happens on the street during a run: cases from filing to close, and some that nobody heeds."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from tests.faults.ledger import Ledger
from tests.faults.people import Answer, Enough, Line, Person
from tests.faults.stack import Stack

SHANGHAI = ZoneInfo("Asia/Shanghai")
DESK, PHONE = "/admin/complaints/complaint", "/m/complaints"
ANSWER = "物业已于今日上午清运完毕，并增加每日巡查一次。"


class TooLate(Exception):
    """The story ends here: the house, or somebody else, was quicker."""


class Team:
    """The people of one thread: two clerks, a grid worker and the secretary."""

    def __init__(
        self, line: Line, number: int, ids: dict[str, Any], offset: Callable[[], timedelta]
    ) -> None:
        self.line, self.ids, self.offset = line, ids, offset
        self.number = number
        self.chen, self.qian, self.wang, self.su = (
            Person(name, line, number) for name in ("chen", "qian", "wang", "su")
        )
        self.random = self.chen.random
        self.mark = uuid4().hex[:8]
        self.told = 0

    def run(self) -> None:
        """Story after story, until the run has had enough."""
        weights = {
            self.solved: 5, self.unheeded: 4, self.climbed: 2, self.asked_for_time: 2,
            self.seen_by_two: 2,
        }  # fmt: skip
        try:
            while True:
                story = self.random.choices(list(weights), list(weights.values()))[0]
                try:
                    story()
                except TooLate:
                    continue
        except Enough:
            return

    def waits_for_the_house(self, stack: Stack, case: int) -> bool:
        """Whether something that is due for the case has not been done yet."""
        [(waiting,)] = stack.ask(
            "SELECT count(*) FROM governance_todo"
            " WHERE subject_id = %s AND done_at IS NULL AND due_at < now()",
            case,
        )
        return bool(waiting)

    # Deeds ---------------------------------------------------------------------------------

    def token(self) -> str:
        """A word that stands in one deed only."""
        self.told += 1
        return f"{self.mark}-{self.number}-{self.told}"

    def must(self, answer: Answer | None) -> Answer:
        """Go on only when it was done."""
        if answer is None or answer.status not in (302, 303):
            raise TooLate
        return answer

    def file(self, *, due_in: float | None = None) -> int:
        """The clerk takes a matter down and accepts it; `due_in` seconds make it a city order."""
        token = self.token()
        typed = {
            "source": "phone", "text": f"楼道堆物 {token}", "category": str(self.ids["slow"]),
            "place": str(self.ids["branch"]), "address": "", "caller_name": "李秀兰",
            "caller_phone": "13900001011", "accepted": "on", "is_not_a_double": "on",
        }  # fmt: skip
        if due_in is not None:
            due_at = datetime.now(UTC) + self.offset() + timedelta(seconds=due_in)
            typed |= {
                "source": "hotline", "source_number": token, "urgency": "critical",
                "category": str(self.ids["quick"]),
                "city_due_at": f"{due_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}",
            }  # fmt: skip
        page = f"{DESK}/add/"
        answer = self.must(self.chen.deed("file", page, typed, token=token))
        return int(answer.location.rstrip("/").split("/")[-2])

    def on_desk(self, who: Person, verb: str, case: int, **typed: str) -> None:
        """A deed on the desk, with its own page."""
        token = self.token()
        if "note" in typed:
            typed["note"] += f" {token}"
        page = f"{DESK}/{case}/{verb}/"
        self.must(who.deed(verb, page, typed, case=case, token=token))

    def on_phone(self, verb: str, case: int, **typed: str) -> None:
        """A deed of the grid worker."""
        token = self.token()
        if "note" in typed:
            typed["note"] += f" {token}"
        page = f"{PHONE}/{case}/{verb.replace('_', '-')}/"
        if verb in ("sign", "contact"):
            action = page if verb == "sign" else ""
            page = f"{PHONE}/{case}/" if verb == "sign" else page
        else:
            action = ""
        self.must(self.wang.deed(verb, page, typed, case=case, token=token, action=action))

    def dispatched(self, *, due_in: float | None = None) -> int:
        """A case on the desk of the branch."""
        case = self.file(due_in=due_in)
        self.on_desk(self.chen, "dispatch", case, unit=str(self.ids["branch"]), note="请办理")
        return case

    def answered(self, case: int) -> None:
        """Contacted, logged, answered."""
        self.on_phone("contact", case, channel="phone", reached="yes", note="已说明情况")
        self.on_phone("log", case, note="已到现场查看")
        self.on_phone("reply", case, result_kind="solved", public_text=ANSWER)

    # Stories --------------------------------------------------------------------------------

    def solved(self) -> None:
        """From the call to the honest close."""
        case = self.dispatched()
        self.on_phone("sign", case)
        self.answered(case)
        self.on_desk(self.su, "approve", case, note="同意")
        self.on_desk(
            self.qian, "record_callback", case, outcome="reached", solved="yes",
            satisfaction="satisfied", was_contacted_in_time="yes", note="满意",
        )  # fmt: skip

    def unheeded(self) -> None:
        """A city order of some seconds that nobody touches: reminders, then a level up."""
        self.dispatched(due_in=self.random.uniform(2, 8))

    def climbed(self) -> None:
        """Too big for the grid: handed up, or handed on and dispatched again."""
        case = self.dispatched()
        self.on_phone("sign", case)
        if self.random.random() < 0.5:
            self.on_phone("escalate", case, note="需社区协调")
            self.on_desk(self.su, "sign", case)
            return
        self.on_phone("hand_on", case, note="不属于本网格")
        self.on_desk(self.chen, "dispatch", case, unit=str(self.ids["east"]), note="请社区办理")

    def asked_for_time(self) -> None:
        """Two more workdays, granted by a clerk."""
        case = self.dispatched()
        self.on_phone("sign", case)
        self.on_phone(
            "ask_extension", case, reason="works", note="配件下周到货", amount="2", channel="phone"
        )
        self.on_desk(self.chen, "decide_request", case, decision="grant", note="同意")

    def seen_by_two(self) -> None:
        """The worker and the secretary have the same page open; one of them is told 409."""
        case = self.dispatched(due_in=self.random.uniform(4, 12))
        first = self.wang.form(f"{PHONE}/{case}/", f"{PHONE}/{case}/sign/")
        if first is None:
            raise TooLate
        self.on_desk(self.su, "sign", case)
        self.wang.open(f"{PHONE}/{case}/")
        self.on_phone("log", case, note="已到现场查看")


def one_team(stack: Stack, ids: dict[str, Any]) -> Team:
    """People on a good line."""
    line = Line(stack.port, Ledger(), 1, ids["password"], cookies=stack.cookies)
    return Team(line, 0, ids, lambda: timedelta())
