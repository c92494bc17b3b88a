"""The list of cases at the desk: filters that stay in the address, pages by key, clocks in words."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints import due, selectors
from complaints.choices import OPEN_STAGES, Card, Source, Stage, Supervision, Urgency
from complaints.desk.choosing import Choice
from complaints.models import Complaint
from complaints.requested import calendar_for
from complaints.selectors import CAP, PAGE_SIZE, Page, listed, waiting_condition
from complaints.stranded import stranded_condition
from governance.calendar import Calendar
from governance.choices import Word, words_of
from governance.models.reach import beneath
from governance.selectors import staff
from governance.services.calendar import current_calendar
from governance.worktime import workdays_between

A_WHOLE_PHONE = re.compile(r"^\s*(\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}\s*$")


@dataclass(frozen=True)
class Filters:
    """What the address asks for; unknown values count as not given."""

    stage: str = ""
    source: str = ""
    community: int | None = None
    grid: int | None = None
    person: int | None = None
    category: int | None = None
    urgency: str = ""
    clock: str = ""
    waiting: bool = False
    stranded: bool = False
    order: str = ""
    text: str = ""
    key: str = ""
    chosen: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, query: QueryDict) -> "Filters":
        """Read the filters out of an address, taking nothing that the lists do not offer."""

        def one_of(name: str, allowed: Any) -> str:
            value = query.get(name, "")
            return value if value in allowed else ""

        values: dict[str, Any] = {
            "stage": one_of("stage", {*Stage.values, "open", "all"}),
            "source": one_of("source", Source.values),
            "community": number(query.get("community", "")),
            "category": number(query.get("category", "")),
            "urgency": one_of("urgency", Urgency.values),
            "grid": number(query.get("grid", "")),
            "person": number(query.get("person", "")),
            "clock": one_of("clock", due.LABELS),
            "waiting": query.get("waiting") == "1",
            "stranded": query.get("stranded") == "1",
            "order": one_of("order", ("due", "new")),
            "text": query.get("q", "").strip()[:60],
        }
        chosen = {"q" if name == "text" else name: "1" if value is True else str(value)
                  for name, value in values.items() if value}  # fmt: skip
        return cls(**values, key=query.get("key", "")[:60], chosen=chosen)

    @property
    def by_due(self) -> bool:
        """Whether what is due first stands first: asked for, or a list of what presses."""
        pressing = bool(self.clock or self.waiting or self.stranded)
        return self.order == "due" or (not self.order and pressing)

    def address(self, **changes: str | None) -> str:
        """The same list with some filters changed; "" takes one away. Keys are dropped."""
        wanted = {**self.chosen, **{name: value or "" for name, value in changes.items()}}
        return "?" + urlencode({name: value for name, value in wanted.items() if value})


def number(text: str) -> int | None:
    """An id out of an address, or None."""
    return int(text) if text.isdecimal() and len(text) < 10 else None


def is_whole_phone(text: str) -> bool:
    """Whether somebody typed a whole phone number, which does not belong into an address."""
    return bool(A_WHOLE_PHONE.match(text))


def bounds_of(user: Any, filters: Filters) -> tuple[Calendar | None, due.Bounds | None]:
    """The working calendar and the bands, when one is asked for; read once for the whole page."""
    if not filters.clock:
        return None, None
    calendar = current_calendar()
    return calendar, due.bounds_of_band(filters.clock, user, calendar)


def chosen_cases(
    user: Any,
    filters: Filters,
    choices: dict[str, list[Choice]],
    bounds: due.Bounds | None = None,
) -> QuerySet[Complaint]:
    """The cases within reach that the filters choose; counts and pages start from the same rows."""
    cases = Complaint.objects.visible_to(user)
    if filters.waiting:
        cases = cases.open().filter(waiting_condition(user))
    if filters.stranded:
        cases = cases.open().filter(stranded_condition())
    if filters.clock:
        cases = due.in_band(cases, filters.clock, bounds or due.bounds_for(user))
    if filters.stage == "open":
        cases = cases.open()
    elif filters.stage and filters.stage != "all":
        cases = cases.filter(stage=filters.stage)
        if filters.stage in OPEN_STAGES:
            cases = cases.open()
    for name in ("source", "urgency"):
        if value := getattr(filters, name):
            cases = cases.filter(**{name: value})
    if filters.category:
        cases = cases.filter(category_id=filters.category)
    if filters.person:
        cases = cases.filter(assignee_id=filters.person)
    for name in ("community", "grid"):
        if wanted := str(getattr(filters, name) or ""):
            paths = [one.path for one in choices[name] if one.value == wanted]
            cases = cases.filter(beneath("place_path", paths))
    return selectors.search(cases, filters.text)


def looked_up(
    user: Any,
    filters: Filters,
    choices: dict[str, list[Choice]],
    bounds: due.Bounds | None = None,
) -> tuple[Page, str]:
    """The asked page of the list, and in words how many rows there are in all."""
    if not filters.chosen:
        page = selectors.newest_seen(user, key=filters.key)
        return page, counted(page, filters, partial(selectors.count_seen, user))
    cases = chosen_cases(user, filters, choices, bounds)
    page = page_of(cases, filters)
    return page, counted(page, filters, partial(selectors.capped_count, cases))


def page_of(cases: QuerySet[Complaint], filters: Filters) -> Page:
    """The asked page of the chosen cases."""
    if filters.by_due and filters.clock:  # no row of a band is without a due moment
        return selectors.page_by_due(cases, key=filters.key)
    if filters.by_due:
        return page_by_due_then_rest(cases, key=filters.key)
    return selectors.page_by_number(cases, key=filters.key)


def counted(page: Page, filters: Filters, count: Callable[[], int]) -> str:
    """How many rows in all, in words; one statement, none when the page holds them all."""
    if not (page.older or page.newer or filters.key):
        return str(len(page.rows))
    return selectors.count_label(count(), CAP)


def page_by_due_then_rest(
    cases: QuerySet[Complaint], *, key: str = "", size: int = PAGE_SIZE
) -> Page:
    """What is due first, then what no clock runs for, oldest first, so that no row is missing.

    `key` is "o:<due>:<id>" within the first part and "r:<id>" within the rest; only forward.
    """
    shown: list[Complaint] = []
    if not key.startswith("r:"):
        page = selectors.page_by_due(cases, key=key, size=size)
        if page.older:
            return page
        shown = page.rows
    after = number(key[2:]) if key.startswith("r:") else None
    rest = cases.filter(due_at__isnull=True).order_by("pk")
    if after:
        rest = rest.filter(pk__gt=after)
    room = size - len(shown)
    found = listed(rest[: room + 1])
    older = None
    if len(found) > room:
        last = found[room - 1].pk if room else 0
        older = f"r:{last}"
    return Page(shown + found[:room], None, older)


def lines_of(cases: list[Complaint], calendar: Calendar | None = None) -> list[Complaint]:
    """The rows of a table with their words ready: fifty rows are drawn from plain values.

    Asking each row for the label of its stage would cost more than reading it from the database.
    """
    stages, pressure = words_of(Stage), words_of(Supervision)
    cards = {Card.RED: ("late", _("红牌")), Card.YELLOW: ("soon", _("黄牌"))}
    secret, base = ("held", _("保密")), reverse("admin:complaints_complaint_changelist")
    for case in clocked(cases, calendar=calendar):
        case.url = f"{base}{case.pk}/change/"
        case.stage_words = stages[case.stage]
        case.holder_words = case.holder.display_name if case.holder else "-"
        case.kind_words = shortened(case.category.name, 10) if case.category else "-"
        case.chips = [secret] if case.is_confidential else []
        if case.card in cards:
            case.chips.append(cards[case.card])
        if case.supervision != Supervision.NONE:
            case.chips.append(("soon", pressure[case.supervision]))
        if case.is_collective:
            case.chips.append(("soon", _("群体诉求")))
        if case.part_of_id:
            case.chips.append(("held", _("子件")))
        if case.merged_count:
            case.chips.append(("held", _("并入 %(count)s 件") % {"count": case.merged_count}))
        if case.assist_count:
            case.chips.append(("soon", _("协办 %(count)s") % {"count": case.assist_count}))
        if case.round > 1:
            case.chips.append(("held", _("第%(round)s轮") % {"round": case.round}))
    return cases


def shortened(text: str, most: int) -> str:
    """The text, cut with an ellipsis when it is longer than `most` signs."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def clocked(
    cases: list[Complaint], now: datetime | None = None, calendar: Calendar | None = None
) -> list[Complaint]:
    """The rows with the working days left in words of the office: `workdays`, negative when late."""
    if not any(case.due_at for case in cases):
        return cases
    calendar, now = calendar or current_calendar(), now or timezone.now()
    today = calendar.local(now).date()
    # Many rows fall due on the same day, which is counted once.
    days: dict[Any, int] = {}
    for case in cases:
        case.workdays = None
        if case.due_at:
            due = calendar.local(case.due_at).date()
            if due not in days:
                first, last = min(today, due), max(today, due)
                count = workdays_between(first, last, calendar)
                days[due] = count if due >= today else -count
            case.workdays = days[due]
    return cases


def clocked_page(case: Complaint) -> None:
    """The same for a page of one case, by the calendar of its street, which the page asks anyway."""
    if case.due_at:
        clocked([case], calendar=calendar_for(case))


def labelled(
    filters: Filters, choices: dict[str, list[Choice]], user: Any, rows: list[Complaint]
) -> list[tuple[str, str]]:
    """The filters in force, in words, each with the address that takes it away."""
    found = []
    for name, value in filters.chosen.items():
        if name == "order":
            continue
        words = {"waiting": _("等我处理"), "stranded": _("无人可办"), "q": f"“{value}”"}.get(name)
        if name == "person":
            words = name_of(value, user, rows)
        if words is None:
            offered = choices.get(name, [])
            words = next((str(one.label) for one in offered if one.value == value), value)
        found.append((words, filters.address(**{name: None})))
    return found


def name_of(person: str, user: Any, rows: list[Complaint]) -> str:
    """Whose cases were asked for: from a row, else said only to who reaches one of the posts."""
    if rows and rows[0].assignee:
        return str(rows[0].assignee.name)
    found = staff(user, [Word.SEE]).filter(pk=person).first()
    return str(found.name) if found else _("承办人")
