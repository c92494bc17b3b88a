"""The callback desk: who is to be rung next, what to say, and how far the day has come."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.choices import CallbackOutcome, Stage
from complaints.models import (
    CALL_AT,
    Assignment,
    Callback,
    CallScript,
    Complaint,
    Contact,
    Reply,
)
from complaints.rules import rules_of
from complaints.selectors import capped_count
from complaints.services.calling import TAKEN_FOR
from governance.choices import Word
from governance.models.reach import beneath, roots

ROWS = 20
# What a script may leave open, in the order in which `filled` knows the words.
PLACES_IN_SCRIPTS = ("【街道】", "【标题】", "【办结日期】", "【承办单位】")
CALLED = (
    CallbackOutcome.REACHED, CallbackOutcome.UNREACHED, CallbackOutcome.LATER,
    CallbackOutcome.WRONG, CallbackOutcome.REFUSED,
)  # fmt: skip
# Nobody is rung in these hours (`domain.md` 5.3).
QUIET_FROM, QUIET_UNTIL = time(21, 0), time(7, 30)


@dataclass(frozen=True)
class Day:
    """How far today's calls have come."""

    asked: int
    mine: int
    waiting: int

    @property
    def whole(self) -> int:
        """All calls of the day, as far as is known now."""
        return self.asked + self.waiting


def to_be_asked(user: Any) -> QuerySet[Complaint]:
    """Cases whose citizen `user` may ring: within reach, and not worked on by the same person."""
    paths = roots(user, Word.CALLBACK)
    rows = Complaint.objects.visible_to(user, Word.CALLBACK).open()
    return rows.filter(beneath("holder_path", paths), stage=Stage.PENDING_CALLBACK).exclude(
        worked_on_by(user)
    )


def worked_on_by(user: Any) -> Q:
    """Cases in whose present round `user` signed, contacted, answered or reviewed."""
    here = {"complaint": OuterRef("pk"), "round": OuterRef("round")}
    return (
        Q(Exists(Reply.objects.filter(Q(by=user) | Q(reviewed_by=user), **here)))
        | Q(Exists(Assignment.objects.filter(signed_by=user, **here)))
        | Q(Exists(Contact.objects.filter(by=user, **here)))
    )


def due_now(user: Any, now: datetime) -> QuerySet[Complaint]:
    """The call list: whose moment the citizen named comes first, then who has waited longest."""
    is_promised = Case(When(call_plan__is_agreed=True, then=Value(0)), default=Value(1))
    return planned(user).filter(call_at__lte=now).order_by(is_promised, "call_at", "pk")


def planned(user: Any) -> QuerySet[Complaint]:
    """All who are to be asked, with the moment of the next call, nearest first."""
    return to_be_asked(user).annotate(call_at=CALL_AT).order_by("call_at", "pk")


def call_list(user: Any, now: datetime) -> list[Complaint]:
    """The first rows of the list as the page shows them: tries so far, who is on the phone."""
    rows = with_plans(due_now(user, now))[:ROWS]
    return with_tries(list(rows), user, now)


def later_today(user: Any, now: datetime, most: int = 5) -> list[Complaint]:
    """Calls that are to be made later on this day, with their moment."""
    rows = with_plans(planned(user).filter(call_at__gt=now, call_at__lt=midnight_after(now)))
    return with_tries(list(rows[:most]), user, now)


def with_plans(rows: QuerySet[Complaint]) -> QuerySet[Complaint]:
    """The rows of a list, joined with what is planned for each of them."""
    return rows.select_related(
        "holder", "main_unit", "place", "category", "assignee", "caller", "subdistrict",
        "call_plan__taken_by__person",
    )  # fmt: skip


def one_to_call(user: Any, pk: int, now: datetime) -> Complaint | None:
    """One case of the list by its id, whether its moment has come or not."""
    row = with_plans(planned(user)).filter(pk=pk).first()
    return with_tries([row], user, now)[0] if row else None


def with_tries(rows: list[Complaint], user: Any, now: datetime) -> list[Complaint]:
    """Write onto each row the calls of its present round, and who is on the phone; one statement."""
    found: dict[int, list[Callback]] = {row.pk: [] for row in rows}
    calls = Callback.objects.filter(complaint__in=found, round=F("complaint__round"))
    for call in calls.filter(outcome__in=CALLED).select_related("by__person"):
        found[call.complaint_id].append(call)
    for row in rows:
        plan = getattr(row, "call_plan", None)
        is_taken = plan is not None and plan.taken_at and plan.taken_at > now - TAKEN_FOR
        row.calls = found[row.pk]
        row.is_promised = plan is not None and plan.is_agreed
        row.on_the_phone = (
            plan.taken_by.person.name if is_taken and plan.taken_by_id != user.pk else ""
        )
    return rows


def next_to_call(rows: Iterable[Complaint]) -> Complaint | None:
    """The first of the list with whom nobody is on the phone."""
    return next((row for row in rows if not row.on_the_phone), None)


def after(user: Any, case: Complaint) -> int | None:
    """What follows when the call on `case` has been written down; None at the end."""
    now = timezone.now()
    free = Q(call_plan=None) | Q(call_plan__taken_at=None)
    free |= Q(call_plan__taken_at__lt=now - TAKEN_FOR) | Q(call_plan__taken_by=user)
    return due_now(user, now).exclude(pk=case.pk).filter(free).values_list("pk", flat=True).first()


def day_so_far(user: Any, now: datetime) -> Day:
    """Citizens asked today within the reader's reach, by the reader, and still to be asked today."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    calls = Callback.objects.filter(
        beneath("complaint__holder_path", roots(user, Word.CALLBACK)), at__gte=midnight
    ).filter(outcome__in=CALLED)
    pairs = set(calls.values_list("complaint", "by").order_by()[:2000])
    waiting = planned(user).filter(call_at__lt=midnight_after(now))
    return Day(
        asked=len({case for case, _by in pairs}),
        mine=len({case for case, by in pairs if by == user.pk}),
        waiting=capped_count(waiting),
    )


def midnight_after(now: datetime) -> datetime:
    """The end of the present day."""
    start = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return start + timedelta(days=1)


def script_for(case: Complaint) -> str:
    """What to say: the text for the nearest kind of matter, the street's own before the common."""
    code = case.category.code if case.category else ""
    codes = [code[:size] for size in (2, 4, 6) if len(code) >= size]
    own = Q(subdistrict=None) | Q(subdistrict=case.subdistrict)
    kinds = Q(category=None) | Q(category__code__in=codes)
    rows = CallScript.objects.filter(own, kinds, is_enabled=True).select_related("category")
    fitting = sorted(
        rows,
        key=lambda row: (
            len(row.category.code) if row.category else 0, row.subdistrict_id is not None, row.pk,
        ),
    )  # fmt: skip
    return filled(fitting[-1].text, case) if fitting else ""


def filled(text: str, case: Complaint) -> str:
    """A script with its places filled from the case."""
    finished = timezone.localtime(case.finished_at) if case.finished_at else None
    # Who follows another case got its answer from the unit of that one.
    unit = case.merged_into.main_unit if case.merged_into else case.main_unit
    values = (
        case.subdistrict.display_name,
        case.title,
        _("%(month)s月%(day)s日") % {"month": finished.month, "day": finished.day}
        if finished
        else "",
        unit.display_name if unit else "",
    )
    for name, value in zip(PLACES_IN_SCRIPTS, values, strict=True):
        text = text.replace(name, value)
    return text


def best_time(case: Complaint, contacts: Sequence[Contact], now: datetime) -> str:
    """When this citizen is likely to answer: an agreed moment, else when somebody got through."""
    if getattr(case, "is_promised", False):
        return _("约定 %(moment)s") % {"moment": f"{timezone.localtime(case.call_at):%m-%d %H:%M}"}
    reached = next((one for one in contacts if one.is_reached), None)
    if reached is not None:
        at = timezone.localtime(reached.at)
        return _("%(moment)s 曾联系上") % {"moment": f"{at:%m-%d %H:%M}"}
    return _("没有记录，建议避开午休")


def is_quiet(now: datetime) -> bool:
    """Whether citizens should be left in peace."""
    at = timezone.localtime(now).time()
    return at >= QUIET_FROM or at < QUIET_UNTIL


def tries_left(case: Complaint) -> str:
    """How often the citizen was rung in vain, and what the rule asks for."""
    rules = rules_of(case.subdistrict).case
    failed = [
        call for call in case.calls
        if call.outcome in (CallbackOutcome.UNREACHED, CallbackOutcome.WRONG)
    ]  # fmt: skip
    days = {timezone.localdate(call.at) for call in failed}
    return _("未接通 %(count)s 次、%(days)s 天；满 %(most)s 次且跨 %(least)s 天由系统结案") % {
        "count": len(failed),
        "days": len(days),
        "most": rules.unreached_attempts,
        "least": rules.unreached_days,
    }
