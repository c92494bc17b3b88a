"""Reading what hangs on a case: units that help, sub-cases, cases that follow; and their lists."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from complaints.choices import AWAITED, AssistState
from complaints.models import Assist, Complaint
from governance.choices import Level, Word
from governance.models import Organisation
from governance.models.reach import SEGMENT, beneath, may, roots
from governance.selectors import serving_paths

SHOWN = ("unit", "asker", "asked_by__person", "whistle", "ended_by__person")
# What a list shows of the case behind a row.
LISTED = (*SHOWN, "complaint")
# Deeds of a unit that helps; the right to them is asked where that unit is, not at the holder.
OF_UNITS = ("respond", "arrive", "answer_assist", "decline_assist")
# Deeds of whoever has the case or dispatches it: two rights, of which either is enough.
OF_ASKERS = ("add_assist", "release_assist")


# ── reach ────────────────────────────────────────────────────────────────────────────────────


def helped_by(user: Any) -> QuerySet[Complaint]:
    """The cases with which a unit of `user` helps or has helped.

    What was taken back, and what is confidential, is not read by this way.
    """
    return helped_beneath(roots(user, Word.HANDLE))


def helped_beneath(handling: Any) -> QuerySet[Complaint]:
    """The rule of `helped_by` as a condition on the paths where somebody handles."""
    helped = Assist.objects.filter(beneath("unit_path", handling), complaint=OuterRef("pk"))
    helped = helped.exclude(state=AssistState.RELEASED)
    return Complaint.objects.filter(Exists(helped), is_confidential=False)


def readable_by(user: Any) -> QuerySet[Complaint]:
    """The cases `user` may open: within reach, or helped with by a unit of theirs.

    Lists ask reach alone; help has lists of its own (`docs/decisions/0024`).
    """
    return Complaint.objects.visible_to(user) | helped_by(user)


# ── of one case ──────────────────────────────────────────────────────────────────────────────


def assists_of(case: Complaint) -> list[Assist]:
    """All units asked to help with a case, in order; read once for each case object."""
    kept: list[Assist] | None = case.__dict__.get("read_assists")
    if kept is None:
        kept = list(Assist.objects.filter(complaint=case).select_related(*SHOWN))
        for row in kept:
            row.complaint = case
        case.__dict__["read_assists"] = kept
    return kept


def none_if_never_asked(case: Complaint, verbs: set[str]) -> None:
    """Spare the question where the history (`verbs` of all steps) says nobody was asked."""
    if verbs.isdisjoint({"add_assist", "whistle"}):
        case.__dict__["read_assists"] = []


def own_rows(case: Complaint, user: Any, verb: str = "") -> list[Assist]:
    """What the units of `user` still owe this case, as far as `verb` can be taken on it."""
    if not case.assist_count:
        return []
    return [
        row
        for row in assists_of(case)
        if row.is_awaited and may(user, Word.HANDLE, row.unit_path) and fits(row, verb)
    ]


def fits(row: Assist, verb: str) -> bool:
    """Whether a verb means anything for a row as it stands."""
    match verb:
        case "respond":
            return row.is_whistle and row.state == AssistState.ASKED
        case "arrive":
            return row.is_whistle and row.state != AssistState.ARRIVED
        case "decline_assist":
            return row.state != AssistState.ARRIVED
        case _:
            return True


def unit_verbs(case: Complaint, user: Any) -> list[str]:
    """The deeds that a helping unit of `user` may do on the case now."""
    return [verb for verb in OF_UNITS if own_rows(case, user, verb)]


def to_release(case: Complaint, user: Any) -> list[Assist]:
    """The rows that `user` may take back."""
    if not case.assist_count:
        return []
    asks = may_ask(case, user)
    return [
        row for row in assists_of(case) if row.is_awaited and (asks or row.asked_by_id == user.pk)
    ]


def may_ask(case: Complaint, user: Any) -> bool:
    """Whether `user` has the case or dispatches it."""
    words = (Word.HANDLE, Word.DISPATCH)
    return any(may(user, word, case.holder_path) for word in words)


def has_right(case: Complaint, user: Any, verb: str) -> bool:
    """Whether a deed of help is `user`'s to do at all; what is not open now is another matter."""
    if verb in OF_UNITS:
        rows = assists_of(case)
        return any(may(user, Word.HANDLE, row.unit_path) for row in rows)
    if verb == "release_assist":
        return may_ask(case, user) or bool(to_release(case, user))
    return may_ask(case, user)


def parts_of(case: Complaint, user: Any) -> list[Complaint]:
    """The sub-cases of a case, in order, each with `is_readable`."""
    return [one for one in hanging_on(case, user) if one.part_of_id == case.pk]


def followers_of(case: Complaint, user: Any) -> list[Complaint]:
    """The cases merged into a case, in order, each with `is_readable`."""
    return [one for one in hanging_on(case, user) if one.merged_into_id == case.pk]


def hanging_on(case: Complaint, user: Any) -> list[Complaint]:
    """Both at once: one statement for each case object, none where nothing hangs on it.

    What the reader may not open keeps its words.
    """
    if not case.part_count and not case.merged_count:
        return []
    kept: list[Complaint] | None = case.__dict__.get("read_hanging")
    if kept is None:
        mine = Complaint.objects.visible_to(user).filter(pk=OuterRef("pk"))
        rows = Complaint.objects.filter(Q(part_of=case) | Q(merged_into=case))
        rows = rows.select_related("main_unit").annotate(is_readable=Exists(mine))
        kept = case.__dict__["read_hanging"] = list(rows.defer("text").order_by("pk"))
    return kept


# ── whom one may ask ─────────────────────────────────────────────────────────────────────────


def units_to_ask(case: Complaint, user: Any) -> list[Organisation]:
    """Units that may help with a case: somebody handles there, and they do not do so already.

    A dispatcher asks within the own reach, who has the case its own community, a department other
    departments. Party households and groups are never asked.
    """
    wanted = Q(level__lte=Level.GRID_BRANCH, level__gte=Level.GRAND_COMMITTEE) | Q(level=None)
    near = beneath("path", roots(user, Word.DISPATCH))
    community = case.holder_path[: SEGMENT * Level.GRAND_COMMITTEE]
    if case.holder is not None and case.holder.level is None:
        near |= Q(level=None)
    elif len(community) == SEGMENT * Level.GRAND_COMMITTEE:
        near |= beneath("path", [community])
    return offered(case, wanted & near)


def departments_to_call(case: Complaint) -> list[Organisation]:
    """Departments of the street to which a whistle may be blown."""
    return offered(case, Q(level=None))


def offered(case: Complaint, wanted: Q) -> list[Organisation]:
    """Current units of the street where somebody handles, without those at work on the case."""
    serving = serving_paths(Word.HANDLE)
    busy = {row.unit_id for row in assists_of(case) if row.is_awaited} if case.assist_count else ()
    rows = Organisation.objects.current().filter(wanted, beneath("path", [case.subdistrict.path]))
    return [
        unit
        for unit in rows.order_by("path")
        if unit.path in serving
        and unit.pk not in busy
        and unit.pk not in (case.main_unit_id, case.holder_id)
    ]


# ── lists ────────────────────────────────────────────────────────────────────────────────────

Rows = QuerySet[Assist]


def waiting_for(user: Any) -> Rows:
    """待我方办理: what the units of `user` still owe to others."""
    mine = beneath("unit_path", roots(user, Word.HANDLE))
    return Assist.objects.filter(mine, state__in=AWAITED, complaint__is_confidential=False)


def asked_by_us(user: Any) -> Rows:
    """我方发起: what `user` or the units of `user` have asked of others and still wait for."""
    mine = beneath("asker_path", [*roots(user, Word.HANDLE), *roots(user, Word.DISPATCH)])
    return Assist.objects.visible_to(user).filter(mine, state__in=AWAITED)


def late(user: Any) -> Rows:
    """超时: whoever has not responded, come or answered by the moment that was set."""
    now = timezone.now()
    missed = Q(due_at__lt=now) | Q(respond_due_at__lt=now, responded_at=None)
    missed |= Q(arrive_due_at__lt=now, arrived_at=None)
    return Assist.objects.visible_to(user).filter(missed, state__in=AWAITED)


def ended(user: Any) -> Rows:
    """已结束: answered, declined, taken back."""
    return Assist.objects.visible_to(user).exclude(state__in=AWAITED)
