"""I6: every open clock says what the calendar and the decisions on the case say."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime

from complaints.calendars import current_calendar
from complaints.choices import RequestState
from complaints.invariants.finding import Finding
from complaints.invariants.paging import Suspect, look_through
from complaints.models import Assignment, CaseRequest, Complaint
from complaints.services.recomputing import case_moments, differs, first_due
from complaints.services.steps import binding_due
from complaints.workflow import AT_WORK
from governance.calendar import Calendar
from governance.services.calendar import missing_next_year


def clocks_are_right(finding: Finding) -> None:
    """I6: due moments of open cases equal a new calculation from acceptance and what was granted.

    A deadline the city has set itself is taken as it is. A case counted with an older calendar is
    counted again within a minute by the house; it is noted, not called broken.
    """
    calendars: dict[int, Calendar] = {}
    waiting: list[int] = []
    guessed: list[int] = []

    def look(ids: Sequence[int]) -> Iterator[Suspect]:
        starts, dispatches, granted = clock_rows(ids)
        cases = Complaint.objects.filter(pk__in=ids, is_open=True, case_due_at__isnull=False)
        for case in cases.select_related("subdistrict"):
            street = case.subdistrict
            if street.pk not in calendars:  # one statement for a street, not for a case
                calendars[street.pk] = current_calendar(street)
            calendar = calendars[street.pk]
            dispatch = dispatches.get(case.pk)
            if differs(case.due_at, binding_due(case)):
                yield case.pk, "当前时限不是应遵守的时限 due_at is not the binding moment"
            if case.stage in AT_WORK and (
                dispatch is None or differs(dispatch, case.assignment_due_at)
            ):
                yield case.pk, "承办时限与派单记录不符 differs from its dispatch"
            if case.calendar_version != calendar.version:
                waiting.append(case.pk)
                continue
            if case.due_is_provisional:
                guessed.append(case.pk)
            yield from wrong_promise(case, starts, granted[case.pk], calendar)

    open_cases = Complaint.objects.filter(is_open=True, case_due_at__isnull=False)
    look_through(finding, open_cases, look)
    if year := missing_next_year():
        finding.note(
            f"{year} 年的放假安排还没有导入（规则设置 · 工作日历年份 · 导入）。"
            f" The calendar of {year} is not loaded."
        )
    if count := len(set(waiting)):
        finding.note(f"{count} 件待按新日历重新计算。 {count} wait for the new calendar.")
    if count := len(set(guessed)):
        finding.note(f"{count} 件为暂定时限（跨入未公布放假安排的年份）。 {count} provisional.")


def clock_rows(
    ids: Sequence[int],
) -> tuple[dict[tuple[int, int], datetime], dict[int, datetime], dict[int, list[CaseRequest]]]:
    """When each round began, the promise of each current dispatch, and what was granted."""
    starts: dict[tuple[int, int], datetime] = {}
    dispatches: dict[int, datetime] = {}
    rows = Assignment.objects.filter(complaint__in=ids).order_by("complaint", "number")
    for pk, number, at, due_at, ended_at in rows.values_list(
        "complaint_id", "round", "dispatched_at", "due_at", "ended_at"
    ):
        starts.setdefault((pk, number), at)
        if ended_at is None:
            dispatches[pk] = due_at
    granted: dict[int, list[CaseRequest]] = defaultdict(list)
    for row in CaseRequest.objects.filter(complaint__in=ids, state=RequestState.GRANTED).order_by(
        "decided_at"
    ):
        granted[row.complaint_id].append(row)
    return starts, dispatches, granted


def wrong_promise(
    case: Complaint,
    starts: dict[tuple[int, int], datetime],
    granted: list[CaseRequest],
    calendar: Calendar,
) -> Iterator[Suspect]:
    """What of the promise to the citizen does not follow from the calendar."""
    if case.is_city_deadline and case.round == 1:
        return
    start = case.accepted_at if case.round == 1 else starts.get((case.pk, case.round))
    first = first_due(case, start, calendar)
    if first is None:
        yield case.pk, "时限没有起点 the clock has no beginning"
        return
    of_round = [row for row in granted if row.round == case.round]
    for name, value in case_moments(case, first, of_round, calendar).items():
        if differs(getattr(case, name), value):
            yield case.pk, f"{name} 应为 should be {value}"
