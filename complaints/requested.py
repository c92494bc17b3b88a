"""Reading requests: those of one case, the lists that wait for somebody, and how dispatches hit."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, Q, QuerySet, When
from django.utils import timezone

from complaints import amounts
from complaints.calendars import current_calendar
from complaints.choices import (
    CITY_SOURCES,
    CityAnswer,
    DispatchRule,
    RequestKind,
    RequestState,
)
from complaints.figures import Cases, Period, Rate
from complaints.models import CaseRequest, Complaint
from complaints.models.complaints import reach_of
from complaints.rates import WRONG_FIRST, assignments
from complaints.rules import Rules, rules_of
from governance.calendar import Calendar
from governance.choices import Word
from governance.models.reach import beneath, may, roots
from governance.prepared import prepared
from governance.worktime import add

SHOWN = ("reason", "unit", "decider", "asked_by__person", "decided_by__person")
# What a list shows of the case behind a request.
LISTED = (*SHOWN, "complaint__holder", "complaint__category")
VERB_OF_KIND = {
    RequestKind.RETURN: "ask_return",
    RequestKind.EXTENSION: "ask_extension",
    RequestKind.SUSPENSION: "ask_suspension",
    RequestKind.OUT_OF_DUTY: "claim_out_of_duty",
}
KIND_OF_VERB = {verb: kind for kind, verb in VERB_OF_KIND.items()}


# ── of one case ──────────────────────────────────────────────────────────────────────────────


def requests_of(case: Complaint) -> list[CaseRequest]:
    """All requests of a case, newest first; read once for each case object."""
    kept: list[CaseRequest] | None = case.__dict__.get("read_requests")
    if kept is None:
        kept = list(CaseRequest.objects.filter(complaint=case).select_related(*SHOWN))
        for row in kept:
            row.complaint = case
        case.__dict__["read_requests"] = kept
    return kept


def none_if_never_asked(case: Complaint, verbs: set[str]) -> None:
    """Spare the question where the history (`verbs` of all steps) says nothing was ever asked."""
    if verbs.isdisjoint({*KIND_OF_VERB, "return_to_source"}):
        case.__dict__["read_requests"] = []


def to_decide(case: Complaint, user: Any) -> list[CaseRequest]:
    """The pending requests of a case that `user` may decide; never one's own."""
    return [
        row
        for row in requests_of(case)
        if row.state == RequestState.PENDING
        and row.asked_by_id != user.pk
        and may(user, Word.DISPATCH, row.decider_path)
    ]


def to_take_back(case: Complaint, user: Any) -> list[CaseRequest]:
    """The pending requests of a case that `user`, or the unit of `user`, has asked for."""
    return [
        row
        for row in requests_of(case)
        if row.state == RequestState.PENDING
        and (row.asked_by_id == user.pk or may(user, Word.HANDLE, row.unit.path))
    ]


def at_the_city(case: Complaint) -> list[CaseRequest]:
    """What the city has still to answer about this case."""
    if case.source not in CITY_SOURCES:
        return []
    return [row for row in requests_of(case) if row.city_answer == CityAnswer.WAITING]


def may_be_asked(case: Complaint, verb: str) -> bool:
    """Whether asking would not be refused for what the case already shows.

    One request of a kind at a time, in time, and only what the office takes; the services check
    again, with sentences.
    """
    kind = KIND_OF_VERB[verb]
    rules = rules_for(case)
    rule = rules.requests.get(kind)
    if rule is None or not rule.is_enabled:
        return False
    rows = [row for row in requests_of(case) if row.kind == kind]
    if any(row.state == RequestState.PENDING for row in rows):
        return False
    granted = [row for row in rows if row.state == RequestState.GRANTED and row.round == case.round]
    match kind:
        case RequestKind.OUT_OF_DUTY:
            return not granted
        case RequestKind.RETURN:
            return case.holder_path != case.subdistrict.path and is_in_time(case, rules)
        case _:
            is_late = case.due_at is None or case.due_at <= timezone.now()
            return not is_late and (rule.most_count is None or len(granted) < rule.most_count)


def rules_for(case: Complaint) -> Rules:
    """The rules of the street of a case; read once for each case object."""
    kept: Rules | None = case.__dict__.get("read_rules")
    if kept is None:
        kept = case.__dict__["read_rules"] = rules_of(case.subdistrict)
    return kept


def calendar_for(case: Complaint) -> Calendar:
    """The calendar of the street of a case; read once for each case object."""
    kept: Calendar | None = case.__dict__.get("read_calendar")
    if kept is None:
        kept = case.__dict__["read_calendar"] = current_calendar(case.subdistrict)
    return kept


def is_in_time(case: Complaint, rules: Rules) -> bool:
    """Whether the time in which a dispatch may be given back is still running."""
    rule = rules.requests[RequestKind.RETURN]
    if rule.ask_within is None or case.dispatched_at is None:
        return rule.ask_within is None
    unit = amounts.unit_for(rule.ask_within_unit, case)
    return timezone.now() <= add(case.dispatched_at, rule.ask_within, unit, calendar_for(case)).at


# ── lists ────────────────────────────────────────────────────────────────────────────────────


def waiting_for(user: Any) -> QuerySet[CaseRequest]:
    """待我审批: pending requests that `user` decides, without those `user` has asked for."""
    desks = roots(user, Word.DISPATCH)
    rows = CaseRequest.objects.visible_to(user, Word.DISPATCH).pending()
    return rows.filter(beneath("decider_path", desks)).exclude(asked_by=user)


def on_the_desk(user: Any) -> QuerySet[CaseRequest]:
    """What `user` decides, and what the city has not answered, in one statement.

    One question of reach for both: an "or" between two sets that each ask it makes the database
    walk through all cases.
    """
    return on_desks(**desk_of(user))


def desk_of(user: Any) -> dict[str, Any]:
    """All that `on_desks` has to know of a reader."""
    return {"desks": roots(user, Word.DISPATCH), "reader": user.pk, **reach_of(user)}


def on_desks(desks: Any, reader: Any, **reach: Any) -> QuerySet[CaseRequest]:
    """The rule of `on_the_desk` as a condition on what `desk_of` says of a reader."""
    waiting = Q(state=RequestState.PENDING) & ~Q(asked_by=reader)
    mine = waiting & beneath("decider_path", desks)
    rows = CaseRequest.objects.within(desks).filter(
        complaint__in=Complaint.objects.reached(**reach)
    )
    return rows.filter(mine | Q(city_answer=CityAnswer.WAITING))


def first_on_the_desk(user: Any, most: int) -> list[CaseRequest]:
    """The first of `on_the_desk` in their turn; one statement where there are none, else two.

    All that a line says comes from a dozen tables, which takes longer to plan than to read.
    """
    ids = _first_on_desks(most, **desk_of(user))
    rows = CaseRequest.objects.filter(pk__in=ids).select_related(*LISTED) if ids else []
    return sorted(rows, key=lambda row: ids.index(row.pk))


@prepared
def _first_on_desks(most: int, **desk: Any) -> QuerySet[Any, Any]:
    rows = on_desks(**desk).annotate(rank=RETURNS_FIRST).order_by("rank", "pk")
    return rows.values_list("pk", flat=True)[:most]


def asked_by_my_unit(user: Any) -> QuerySet[CaseRequest]:
    """我方申请: what the units of `user` have asked for, the newest first."""
    return CaseRequest.objects.visible_to(user, Word.HANDLE).exclude(kind=RequestKind.SOURCE_RETURN)


def outstanding_at_the_city(user: Any) -> QuerySet[CaseRequest]:
    """待来源批复: what the city has not answered yet, the oldest first."""
    return CaseRequest.objects.visible_to(user).filter(city_answer=CityAnswer.WAITING)


def standing_still(user: Any) -> QuerySet[CaseRequest]:
    """挂起中: suspensions that run, the one that ends first at the top."""
    return CaseRequest.objects.visible_to(user).filter(
        kind=RequestKind.SUSPENSION, state=RequestState.GRANTED, ended_at=None,
        complaint__suspended_at__isnull=False,
    )  # fmt: skip


# In which order a list stands: returns first and who waits longest, what ends first, the newest.
IN_TURN, BY_END, NEWEST = "turn", "end", "new"
RETURNS_FIRST = Case(When(kind=RequestKind.RETURN, then=0), default=1)
LONGEST_KEY = 18


def page_of(
    rows: QuerySet[CaseRequest], order: str, key: str, size: int
) -> tuple[list[CaseRequest], str]:
    """A page of requests, and the key of the next one ("" after the last); only forward.

    A key that nobody was given begins at the top.
    """
    first, _colon, last = key.partition(":")
    known = _colon and last.isdecimal() and len(last) <= LONGEST_KEY
    if order == IN_TURN:
        rows = rows.annotate(rank=RETURNS_FIRST).order_by("rank", "pk")
        if known and first in ("0", "1"):
            rank = int(first)
            rows = rows.filter(Q(rank=rank, pk__gt=int(last)) | Q(rank__gt=rank))
    elif order == BY_END:
        rows = rows.order_by("until", "pk")
        if known and (at := moment_of(first)):
            rows = rows.filter(Q(until__gt=at) | Q(until=at, pk__gt=int(last)))
    else:
        rows = rows.order_by("-pk")
        if known:
            rows = rows.filter(pk__lt=int(last))
    found = list(rows.select_related(*LISTED)[: size + 1])
    shown = found[:size]
    return shown, _key_of(shown[-1], order) if len(found) > size else ""


def _key_of(row: CaseRequest, order: str) -> str:
    if order == IN_TURN:
        return f"{0 if row.kind == RequestKind.RETURN else 1}:{row.pk}"
    if order == BY_END and row.until:
        return f"{row.until.timestamp()}:{row.pk}"
    return f"n:{row.pk}"


def moment_of(text: str) -> datetime | None:
    """The moment in the key of a page; None for what nobody was given."""
    try:
        return datetime.fromtimestamp(float(text), tz=timezone.get_current_timezone())
    except (ValueError, OverflowError, OSError):
        return None


# ── 首派准确率 ────────────────────────────────────────────────────────────────────────────────


GROUPS: Mapping[str, str] = {
    "dispatcher": "dispatched_by__person__name",
    "rule": "rule",
    "category": "complaint__category__full_name",
}


def first_hits(cases: Cases, period: Period, by: str) -> list[tuple[str, Rate]]:
    """首派准确率 by dispatcher, rule or category: first dispatches that stayed / first dispatches.

    A unit that returned the case, handed it on, or lost it to a redispatch was the wrong one
    (`domain.md` 8.3). The worst come first, those with many dispatches before those with few.
    """
    column = GROUPS[by]
    rows = (
        assignments(cases, period)
        .filter(number=1)
        .order_by()
        .values(column)
        .annotate(whole=Count("pk"), part=Count("pk", filter=~Q(end_kind__in=WRONG_FIRST)))
    )
    found = [(row[column] or "", Rate(row["part"], row["whole"])) for row in rows]
    if by == "rule":
        labels = dict(DispatchRule.choices)
        found = [(str(labels.get(name, "")), rate) for name, rate in found]
    return sorted(found, key=lambda one: (one[1].percent, -one[1].whole, one[0]))
