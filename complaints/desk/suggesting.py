"""To which unit a case should go: what the desk offers first when it dispatches."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Case, DateTimeField, F, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from complaints.choices import AssignmentEnd, DispatchRule, Urgency
from complaints.models import Complaint
from complaints.selectors import dispatch_queue
from governance.choices import Level, OrganisationKind, Word
from governance.models import Organisation
from governance.models.reach import SEGMENT, chain
from governance.selectors import serving_paths
from grids.selectors import grid_at

MOST_SUGGESTIONS = 6
QUEUE_ROWS = 20
SHOWN = ("holder", "main_unit", "place", "category", "assignee", "caller", "subdistrict")
NOT_PRESSING = datetime(9999, 1, 1, tzinfo=UTC)
PRESSES = Case(
    When(due_at__isnull=False, then=F("due_at")),
    When(urgency=Urgency.CRITICAL, then=F("filed_at")),
    default=Value(NOT_PRESSING),
    output_field=DateTimeField(),
)
# Units beside the levels that work on orders themselves.
WORKING_UNITS = (OrganisationKind.DEPARTMENT, OrganisationKind.SQUAD)


@dataclass(frozen=True)
class Suggestion:
    """A unit, and why it is offered."""

    unit: Organisation
    reason: str
    rule: str = DispatchRule.PLACE


def queue(user: Any) -> QuerySet[Complaint]:
    """待派单, what presses first: what the user's dispatch desk has to give away.

    Late ones stand first, then what is due soonest; of those without a clock (not accepted yet)
    特急 presses since it was filed, the others stand behind, the oldest first.
    """
    rows = Complaint.objects.visible_to(user).open().filter(dispatch_queue(user))
    return rows.annotate(presses=PRESSES).order_by("presses", "pk")


def queue_rows(user: Any, wanted: int | None) -> tuple[list[Complaint], bool]:
    """The first page of the queue and one row more, or that from `wanted` on further down.

    Also says whether the page is one further down.
    """
    waiting = queue(user).select_related(*SHOWN)
    rows = list(waiting[: QUEUE_ROWS + 1])
    if wanted is None or any(row.pk == wanted for row in rows[:QUEUE_ROWS]):
        return rows, False
    chosen = waiting.filter(pk=wanted).first()
    if chosen is None:
        return rows, False
    return [chosen, *behind(waiting, chosen)[:QUEUE_ROWS]], True


def behind(waiting: QuerySet[Complaint], case: Complaint) -> QuerySet[Complaint]:
    """What stands behind a case in the queue, by the key of its place."""
    at = pressing_since(case)
    return waiting.filter(Q(presses__gt=at) | Q(presses=at, pk__gt=case.pk))


def pressing_since(case: Complaint) -> datetime:
    """The moment by which a case stands in the queue; `PRESSES` of one row."""
    if case.due_at:
        return case.due_at
    return case.filed_at if case.urgency == Urgency.CRITICAL else NOT_PRESSING


def queue_after(user: Any, case: Complaint) -> int | None:
    """The case behind the place that `case` had in the queue, or the first one, or None.

    `case` is as it was before the deed that took it out of the queue.
    """
    waiting = queue(user).exclude(pk=case.pk)
    following = behind(waiting, case).values_list("pk", flat=True).first()
    return following or waiting.values_list("pk", flat=True).first()


def units_within_reach(user: Any, case: Complaint) -> list[Organisation]:
    """Units the user may dispatch this case to: branches and above, departments, own groups.

    Building groups are offered only under the branch of the address, party households never
    (`architecture.md` 4: a neighbour must not learn who complained).
    """
    own_branch = case.place_path[: Level.GRID_BRANCH * SEGMENT]
    wanted = Q(level__lte=Level.GRID_BRANCH) | Q(level=None)
    if len(own_branch) == Level.GRID_BRANCH * SEGMENT:
        wanted |= Q(level=Level.BUILDING_GROUP, parent__path=own_branch)
    rows = Organisation.objects.visible_to(user, Word.DISPATCH).current().filter(wanted)
    street = case.subdistrict.path
    return sorted(
        (unit for unit in rows if unit.path.startswith(street)),
        key=lambda unit: (unit.level is None, unit.path),
    )


def suggest(
    case: Complaint, units: Iterable[Organisation], serving: set[str] | None = None
) -> list[Suggestion]:
    """Units worth offering first, the best one first; only where somebody serves who may handle.

    First the category's own department, then the unit the source names, then the unit that covers
    the address, not below the category's lowest solving level, then those above it. A unit that
    has handed the case on is not offered again.
    """
    serving = serving_paths(Word.HANDLE) if serving is None else serving
    said_no = units_that_said_no(case)
    able = {unit.path: unit for unit in units if unit.path in serving and unit.pk not in said_no}
    found: dict[int, Suggestion] = {}

    def add(unit: Organisation, reason: str, rule: str = DispatchRule.PLACE) -> None:
        found.setdefault(unit.pk, Suggestion(unit, reason, rule))

    handler = case.category.default_handler if case.category else ""
    for unit in able.values():
        if handler and unit.level is None and handler in (unit.name, unit.short_name):
            add(unit, _("这类诉求的默认承办单位"), DispatchRule.HANDLER)
    for unit in able.values():
        if case.hint and unit.display_name in case.hint and unit.pk != case.holder_id:
            add(unit, _("来单提示中写明"), DispatchRule.HINT)
    path_of_place = case.place_path or guessed_path(case)
    lowest = case.category.solving_level if case.category else Level.GRID_BRANCH
    way = chain(path_of_place[: min(lowest, Level.GRID_BRANCH) * SEGMENT])
    for path in reversed(way):
        if path in able and able[path].level != Level.WORKING_COMMITTEE:
            is_grid = able[path].level == Level.GRID_BRANCH
            add(able[path], _("覆盖该地址的网格") if is_grid else _("该地址所属社区"))
    for unit in able.values():
        if unit.level == Level.GRAND_COMMITTEE and not path_of_place:
            add(unit, _("地点待定，可先派社区"))
    for unit in able.values():
        if unit.kind in WORKING_UNITS:
            add(unit, unit.get_kind_display(), DispatchRule.UNIT_KIND)
    return list(found.values())[:MOST_SUGGESTIONS]


def units_that_said_no(case: Complaint) -> set[int]:
    """Units that have handed this case on or given it back; asked only when there was a transfer."""
    if not case.transfer_count:
        return set()
    refused = (AssignmentEnd.HANDED_ON, AssignmentEnd.RETURNED)
    return set(case.assignments.filter(end_kind__in=refused).values_list("unit_id", flat=True))


def guessed_path(case: Complaint) -> str:
    """What the address of an unplaced case says; "" when it says nothing."""
    if not case.address:
        return ""
    found = grid_at(subdistrict=case.subdistrict, address=case.address)
    return found.organisation.path if found.organisation else ""


def grouped(units: Iterable[Organisation]) -> list[tuple[str, list[tuple[int, str]]]]:
    """The units as groups of a drop-down: each community with its branches, then departments."""
    groups: dict[str, list[tuple[int, str]]] = {}
    names = {unit.path: unit.display_name for unit in units}
    for unit in units:
        if unit.level is None:
            heading = _("部门和科室")
        else:
            heading = names.get(unit.path[: 2 * SEGMENT], "") or _("街道")
        groups.setdefault(heading, []).append((unit.pk, unit.display_name))
    return list(groups.items())
