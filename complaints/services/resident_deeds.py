"""What a resident does with the own case by its link: add, take back, say whether it is good."""

import hashlib
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as kept

from complaints.choices import SATISFIED, CallbackOutcome, Satisfaction, Solved, Stage
from complaints.models import Callback, Complaint, ResidentLink, Undo
from complaints.photos import Picture
from complaints.rules import rules_of
from complaints.services import budgets, clock, closing, intake, undoing
from complaints.services.budgets import DAY, Budget
from complaints.services.dispatching import tell
from complaints.services.remembering import snapshot
from complaints.services.requests import standing
from complaints.services.resident_filing import lay_photos
from complaints.services.steps import lock_complaint, take_step
from complaints.services.supervising import holders
from complaints.workflow import MOVES
from governance.errors import HouseError, WrongMove
from governance.selectors import people_in_posts
from governance.services.deeds import once

# Three choices at the page, of the five that are stored (`domain.md` Q9). Whoever is basically
# satisfied has not said whether it is solved, so nothing is claimed for them.
SOLVED_AS = {
    Satisfaction.SATISFIED: Solved.YES,
    Satisfaction.BASICALLY: "",
    Satisfaction.DISSATISFIED: Solved.NO,
}


def carry_out(link: ResidentLink, key: UUID, verb: str, act: Callable[[Complaint], None]) -> None:
    """Do `act` on the locked case of a link, once for each key and within the link's budget.

    Raises WrongMove when it is too late for it, HouseError for the rest; nothing is saved then.
    """

    def deed() -> dict[str, Any]:
        rules = rules_of(link.complaint.subdistrict_id).resident
        sentence = _("今天操作的次数比较多，请明天再来；急事请直接拨打 12345。")
        budgets.spend([Budget("link_day", str(link.pk), rules.link_day, DAY, sentence)])
        act(lock_complaint(link.complaint_id))
        return {}

    name = hashlib.sha256(verb.encode() + key.bytes + str(link.pk).encode()).hexdigest()
    once(name, by=None, body={"verb": verb, "link": link.pk}, act=deed)


def supplement(
    link: ResidentLink, *, key: UUID, note: str, pictures: Sequence[Picture] = ()
) -> None:
    """The resident's answer to what the office asked; the case waits for acceptance again."""

    def act(case: Complaint) -> None:
        intake.supplement(case.pk, by=None, note=note)
        lay_photos(case, pictures)
        tell(lock_complaint(case.pk), clerks(case), kept("居民已补充"), "supplement")

    carry_out(link, key, "supplement", act)


def withdraw(link: ResidentLink, *, key: UUID, note: str = "") -> None:
    """The resident takes the matter back; whoever had it on the desk is told, and so is the office.

    Also while the clock stands still: nobody needs to wait for a matter that nobody wants any more.
    """

    def act(case: Complaint) -> None:
        people = [*holders(case), *clerks(case)]
        words = note.strip()
        if case.is_suspended:
            standing.resume(case.pk, by=None, note=kept("居民撤回诉求，挂起结束"))
        closing.withdraw(
            case.pk, by=None, note=kept("居民自行撤回") + (f"：{words}" if words else "")
        )
        tell(lock_complaint(case.pk), people, kept("居民已撤回"), "withdraw")

    carry_out(link, key, "withdraw", act)


def rate(link: ResidentLink, *, key: UUID, satisfaction: str, note: str = "") -> None:
    """The resident's own word on the answer; nobody who worked on the case stands between.

    Satisfied closes. The first disappointment goes one level up with half the limit; a later one
    is told to the callback desk, whose clerk decides (`domain.md` 5.1). A case that was closed
    without asking can still be rated while it may be reopened. Raises WrongMove otherwise.
    """
    if satisfaction not in SOLVED_AS:
        raise HouseError(_("请选择满意、基本满意或不满意。"))

    def act(case: Complaint) -> None:
        refuse_what_cannot_be_rated(case)
        before, solved = snapshot(case), str(SOLVED_AS[Satisfaction(satisfaction)])
        said = Callback.objects.create(
            complaint=case,
            round=case.round,
            outcome=CallbackOutcome.LINK,
            solved=solved,
            satisfaction=satisfaction,
            note=note.strip()[:300],
            by=None,
        )
        if satisfaction in SATISFIED:
            _content(case, solved, satisfaction, note)
        else:
            _disappointed(case, solved, satisfaction, note)
        closing.remember_word(case, before, said)

    carry_out(link, key, "rate", act)


def take_back_rating(link: ResidentLink, *, key: UUID) -> None:
    """A face tapped by mistake: the word is taken back, and the resident is asked again.

    For as long as the office lets its own people take a slip back. Raises WrongMove afterwards.
    """

    def act(case: Complaint) -> None:
        undoing.take_back_word(case, by=None)

    carry_out(link, key, "take_back_rating", act)


def refuse_what_cannot_be_rated(case: Complaint) -> None:
    """Raise WrongMove unless the answer of this round still waits for the resident's word."""
    if case.stage not in MOVES["rate"].before:
        raise WrongMove(_("这件诉求现在还不能评价，办完后再请您评价。"))
    if has_been_asked(case):
        raise WrongMove(_("这一次的评价已经记录，谢谢您。"))
    if not is_still_open_to_rating(case):
        raise WrongMove(_("结案时间较长，已不能在这里评价；还有问题请重新反映。"))


def may_be_rated(case: Complaint) -> bool:
    """Whether the page offers the three faces."""
    return (
        case.stage in MOVES["rate"].before
        and is_still_open_to_rating(case)
        and not has_been_asked(case)
    )


def has_been_asked(case: Complaint) -> bool:
    """Whether somebody has already answered for this round, by link or on the phone."""
    answers = Callback.objects.filter(complaint=case, round=case.round)
    return answers.exclude(satisfaction="").exists()


def own_word(case: Complaint) -> Callback | None:
    """What the resident said by link of this or an earlier round, the last word first."""
    said = Callback.objects.filter(complaint=case, outcome=CallbackOutcome.LINK)
    return said.order_by("-id").first()


def may_take_back(case: Complaint) -> bool:
    """Whether the resident's last word may still be taken back; one statement."""
    rows = Undo.objects.filter(complaint=case, by=None, verb="rate", until__gt=timezone.now())
    return rows.filter(step_number=case.step_count).exists()


def is_still_open_to_rating(case: Complaint) -> bool:
    """A closed case can be rated as long as it can be reopened."""
    if case.stage != Stage.CLOSED or case.closed_at is None:
        return True
    days = rules_of(case.subdistrict_id).case.reopen_days
    return clock.days_later(case.closed_at, days) >= timezone.now()


def clerks(case: Complaint) -> list[int]:
    """The hotline desk of the street."""
    return people_in_posts(case.subdistrict.path, ["hotline_clerk"])


def _content(case: Complaint, solved: str, satisfaction: str, note: str) -> None:
    if case.stage == Stage.PENDING_CALLBACK:
        closing.close(case, None, solved, satisfaction, note)
        return
    take_step(
        case, "rate", by=None, note=note, solved=solved, satisfaction=satisfaction,
        is_unreached=False,
    )  # fmt: skip


def _disappointed(case: Complaint, solved: str, satisfaction: str, note: str) -> None:
    words = note.strip() or kept("居民扫码评价不满意")
    if case.merged_into_id is not None:
        closing.disappoint(case, None, solved, satisfaction, words, None)
        return
    if case.round == 1:
        closing.start_round(case, None, words, solved, satisfaction)
        tell(case, [*holders(case), *clerks(case)], kept("居民不满意，重新办理"), "rate")
        return
    take_step(case, "rate", by=None, note=words, solved=solved, satisfaction=satisfaction)
    tell(case, clerks(case), kept("居民再次不满意，请决定是否重办"), "rate")
