"""Reading cases: lists by keyset, counts that are capped, what a person may do with one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from complaints.choices import Stage
from complaints.helping import OF_UNITS, helped_beneath
from complaints.models import Accused, Caller, Category, Complaint, SendBackReason
from complaints.models.complaints import reach_of
from complaints.workflow import MOVES
from governance.choices import Word
from governance.models import Organisation
from governance.models.reach import SEGMENT, beneath, may, roots
from governance.prepared import planned, prepared, prepared_counts
from governance.selectors import fill_organisations
from governance.services.calendar import current_calendar
from grids.models import Building, ResidentialCompound

PAGE_SIZE = 50
CAP = 1000
# How many years of numbers a few digits may mean.
YEARS_BACK = 3
# Digits of an id; more of them are nobody's key.
LONGEST_KEY = 18
AT_WORK = (Stage.PENDING_SIGN, Stage.HANDLING)
# What a list needs of a row, so that fifty rows cost two statements: all of the case but what only
# its own page shows, and of the rows beside it their names.
UNITS = ("holder", "main_unit", "place")
OF_ITS_PAGE = ("text", "last_step_hash", "lng", "lat", "compound", "building", "dwelling")
OF_THE_CASE = tuple(
    field.name for field in Complaint._meta.concrete_fields if field.name not in OF_ITS_PAGE
)
LARGEST_ID = 2**63 - 1
OF_ITS_NEIGHBOURS = (
    "category__code", "category__name", "category__full_name", "category__parent",
    "assignee__name",
)  # fmt: skip


@dataclass(frozen=True)
class Page:
    """One page of a list, and the keys of its neighbours (None where there is none)."""

    rows: list[Complaint]
    newer: str | None
    older: str | None


def listed(cases: QuerySet[Complaint]) -> list[Complaint]:
    """The rows of a list with all a line shows, and without the long text; two statements.

    Every column beyond these costs a statement for each row: a test counts the statements.
    """
    return filled(list(in_a_list(cases)))


def in_a_list(cases: QuerySet[Complaint]) -> QuerySet[Complaint]:
    """The cases with the columns of a list."""
    return cases.select_related("category", "assignee").only(*OF_THE_CASE, *OF_ITS_NEIGHBOURS)


def filled(rows: list[Complaint]) -> list[Complaint]:
    """The rows with their organisations; one statement for all of them."""
    fill_organisations((row, unit) for row in rows for unit in UNITS)
    return rows


def page_by_number(cases: QuerySet[Complaint], *, key: str = "", size: int = PAGE_SIZE) -> Page:
    """A page of the newest first. `key` is "o:<id>" (older than) or "n:<id>" (newer than)."""
    direction, _colon, text = key.partition(":")
    number = int(text) if text.isdecimal() and len(text) <= LONGEST_KEY else None
    if direction == "n" and number:
        found = listed(cases.filter(pk__gt=number).order_by("pk")[: size + 1])
        more, shown = len(found) > size, found[:size][::-1]
        newer, older = (f"n:{shown[0].pk}" if more else None), f"o:{number + 1}"
        return Page(shown, newer, older if shown else None)
    if direction == "o" and number:
        cases = cases.filter(pk__lt=number)
    return number_page(listed(cases.order_by("-pk")[: size + 1]), direction, size)


def number_page(found: list[Complaint], direction: str, size: int) -> Page:
    """The page of `size` rows, of which one more was asked for; the newest stands first."""
    shown = found[:size]
    return Page(
        shown,
        f"n:{shown[0].pk}" if shown and direction == "o" else None,
        f"o:{shown[-1].pk}" if len(found) > size else None,
    )


def newest_seen(user: Any, *, key: str = "", size: int = PAGE_SIZE) -> Page:
    """The same page of all that `user` may see; two statements."""
    reach = reach_of(user)
    return newest(partial(_newest_seen, **reach), partial(Complaint.objects.reached, **reach),
                  key=key, size=size)  # fmt: skip


def newest(
    ask: Callable[..., list[Complaint]],
    cases: Callable[[], QuerySet[Complaint]],
    *,
    key: str = "",
    size: int = PAGE_SIZE,
) -> Page:
    """`page_by_number` from a prepared statement: `ask(count, before=…)` gives its rows.

    What is newer than a key, which few go back to, comes from the ordinary `cases`.
    """
    direction, _colon, text = key.partition(":")
    is_known = text.isdecimal() and len(text) <= LONGEST_KEY
    if key and not (direction == "o" and is_known and int(text)):
        return page_by_number(cases(), key=key, size=size)
    return number_page(filled(ask(size + 1, before=int(text) if key else None)), direction, size)


@prepared
def _newest_seen(count: int, *, before: Any, **reach: Any) -> QuerySet[Complaint]:
    cases = Complaint.objects.reached(**reach)
    cases = cases if before is None else cases.filter(pk__lt=before)
    return in_a_list(cases).order_by("-pk")[:count]


def count_seen(user: Any) -> int:
    """How many cases `user` may see, counted as `capped_count` does."""
    return int(_count_seen(CAP + 1, **reach_of(user))["all"])


@prepared_counts
def _count_seen(most: int, **reach: Any) -> Any:
    return Complaint.objects.reached(**reach).order_by()[:most], {"all": None}


def page_by_due(cases: QuerySet[Complaint], *, key: str = "", size: int = PAGE_SIZE) -> Page:
    """A page of what is due first. `key` is "o:<due as seconds>:<id>"; only forward."""
    rows = cases.filter(due_at__isnull=False)
    parts = key.split(":")
    if len(parts) == 3 and parts[0] == "o" and parts[2].isdecimal():
        try:
            at = datetime.fromtimestamp(float(parts[1]), tz=timezone.get_current_timezone())
        except (ValueError, OverflowError, OSError):
            at = None
        if at is not None and at.year > 1970 and len(parts[2]) <= LONGEST_KEY:
            rows = rows.filter(Q(due_at__gt=at) | Q(due_at=at, pk__gt=int(parts[2])))
    return due_page(listed(rows.order_by("due_at", "pk")[: size + 1]), size)


def due_page(found: list[Complaint], size: int) -> Page:
    """The page of `size` rows, of which one more was asked for; what is due first stands first."""
    shown = found[:size]
    last = shown[-1] if len(found) > size else None
    older = f"o:{last.due_at.timestamp()}:{last.pk}" if last and last.due_at else None
    return Page(shown, None, older)


def case_within_reach(user: Any, pk: int, **shown: Any) -> Complaint | None:
    """A case with all that its page names, or None when it is not there or out of reach.

    A unit that helps with it reads it too.
    `shown` are further columns, e.g. the number of a case it repeats. Two statements: the units
    are read apart, because joining four of them costs more planning than the whole read.
    """
    if pk > LARGEST_ID:  # an address typed by hand; a database knows no such number
        return None
    case = next(iter(_cases_by_id(*shown.items(), pk=pk, **reach_of(user))), None)
    if case is None and (handling := roots(user, Word.HANDLE)):
        case = next(iter(_helped_by_id(*shown.items(), pk=pk, handling=handling)), None)
    if case is not None:
        units = [(case, unit) for unit in ("subdistrict", *UNITS)]
        fill_organisations(units, above=case.place_path or case.holder_path)
    return case


@planned
def _cases_by_id(*shown: Any, pk: Any, **reach: Any) -> QuerySet[Complaint]:
    return _with_all_named(Complaint.objects.reached(**reach), shown).filter(pk=pk)


@planned
def _helped_by_id(*shown: Any, pk: Any, handling: Any) -> QuerySet[Complaint]:
    return _with_all_named(helped_beneath(handling), shown).filter(pk=pk)


def _with_all_named(cases: QuerySet[Complaint], shown: Any) -> QuerySet[Complaint]:
    cases = cases.select_related("category", "assignee", "caller").order_by()
    return cases.annotate(**dict(shown))


def capped_count(cases: QuerySet[Any], cap: int = CAP) -> int:
    """How many rows, counted no further than `cap` + 1; show `cap` + 1 as "1000+"."""
    return cases.order_by()[: cap + 1].count()


def capped_counts(lists: Mapping[str, QuerySet[Any]], cap: int = CAP) -> dict[str, int]:
    """`capped_count` of several lists by their names, in one statement."""
    parts, params, found = [], [], dict.fromkeys(lists, 0)
    for name, rows in lists.items():
        query = rows.order_by().values("pk")[: cap + 1].query
        try:
            sql, values = query.get_compiler(connection=connection).as_sql()
        except EmptyResultSet:
            continue
        parts.append((name, f"(SELECT COUNT(*) FROM ({sql}) AS counted)"))  # noqa: S608 - Django's own
        params += values
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(part for _name, part in parts)}", params)
            counts = cursor.fetchone()
        found |= {name: count for (name, _part), count in zip(parts, counts, strict=True)}
    return found


def count_label(count: int, cap: int = CAP) -> str:
    """A capped count in words."""
    return f"{cap}+" if count > cap else str(count)


def waiting_for(user: Any) -> QuerySet[Complaint]:
    """Open cases that `user` can act on right now: held within reach, in a stage of their word.

    Handlers see what is to be signed or handled, reviewers what is to be reviewed, dispatchers
    what is to be accepted or dispatched, callers back what is to be asked.
    """
    return Complaint.objects.visible_to(user).open().filter(waiting_condition(user))


def waiting_condition(user: Any) -> Q:
    """The condition of `waiting_for`, for counting it beside other things in one statement."""
    return waiting_where(**desks_of(user))


def desks_of(user: Any) -> dict[str, list[str]]:
    """All that `waiting_where` has to know of a reader: the desks of each word, and whole streets."""
    desks = {str(word): roots(user, word) for word in STAGES_OF_WORD}
    return {**desks, "streets": [path for path in desks[Word.DISPATCH] if len(path) == SEGMENT]}


def waiting_where(streets: Any, **desks: Any) -> Q:
    """What waits at the desks that `desks_of` has found."""
    wanted = Q(pk__in=[])
    for word, stages in STAGES_OF_WORD.items():
        wanted |= beneath("holder_path", desks[word]) & Q(stage__in=stages)
    return wanted | queue_where(desks[Word.DISPATCH], streets) if desks[Word.DISPATCH] else wanted


STAGES_OF_WORD: dict[str, tuple[str, ...]] = {
    Word.HANDLE: AT_WORK,
    Word.REVIEW: (Stage.PENDING_REVIEW,),
    Word.CALLBACK: (Stage.PENDING_CALLBACK,),
    Word.DISPATCH: (Stage.PENDING_ACCEPTANCE, Stage.PENDING_DISPATCH),
}


def dispatch_queue(user: Any) -> Q:
    """待派单: what nobody has been given yet, and what climbed to the user's own dispatch desk."""
    desks = desks_of(user)
    return queue_where(desks[Word.DISPATCH], desks["streets"])


def queue_where(dispatch: Any, streets: Any) -> Q:
    """The rule of `dispatch_queue` for the desks of a dispatcher."""
    waiting = Q(stage__in=(Stage.PENDING_ACCEPTANCE, Stage.PENDING_DISPATCH))
    climbed = Q(stage=Stage.PENDING_SIGN, holder_path__in=streets)
    return beneath("holder_path", dispatch) & (waiting | climbed)


def desk_of(user: Any) -> dict[str, Any]:
    """All that `on_the_desk` has to know of a reader."""
    return {"handle": roots(user, Word.HANDLE), **reach_of(user)}


def held_by(user: Any) -> QuerySet[Complaint]:
    """What lies on the user's own desk to be signed or handled."""
    return on_the_desk(**desk_of(user))


def on_the_desk(handle: Any, **reach: Any) -> QuerySet[Complaint]:
    """The rule of `held_by` as a condition on what `desk_of` says of a reader."""
    cases = Complaint.objects.reached(**reach).open()
    return cases.filter(beneath("holder_path", handle), stage__in=AT_WORK)


def first_held(user: Any, *, size: int) -> Page:
    """The first page of what lies on the user's own desk, what is due first; two statements."""
    return due_page(filled(_first_held(size + 1, **desk_of(user))), size)


@prepared
def _first_held(count: int, **desk: Any) -> QuerySet[Complaint]:
    held = on_the_desk(**desk).filter(due_at__isnull=False)
    return in_a_list(held).order_by("due_at", "pk")[:count]


def overdue(cases: QuerySet[Complaint], now: datetime | None = None) -> QuerySet[Complaint]:
    """Cases whose binding moment has passed; a suspended one is not late."""
    return cases.filter(is_open=True, due_at__lt=now or timezone.now(), suspended_at=None)


def due_today(cases: QuerySet[Complaint], now: datetime | None = None) -> QuerySet[Complaint]:
    """Cases that fall due before midnight and are not late yet."""
    now = now or timezone.now()
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return cases.filter(
        is_open=True, due_at__gte=now, due_at__lt=midnight + timedelta(days=1), suspended_at=None
    )


def desk_counts(user: Any, now: datetime | None = None) -> dict[str, int]:
    """Late, due today, being handled, to be signed: capped counts of one's desk, one statement.

    They count the very rows of `overdue`, `due_today` and the two stages.
    """
    now = now or timezone.now()
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    until = midnight + timedelta(days=1)
    return dict(_desk_counts(4 * CAP, now=now, until=until, **desk_of(user)))


@prepared_counts
def _desk_counts(most: int, *, now: Any, until: Any, **desk: Any) -> Any:
    runs = Q(suspended_at=None)
    # Ordered by due moment, so that beyond the cap the urgent ones are still counted.
    return on_the_desk(**desk).order_by("due_at", "pk")[:most], {
        "late": runs & Q(due_at__lt=now),
        "today": runs & Q(due_at__gte=now, due_at__lt=until),
        "work": Q(stage=Stage.HANDLING),
        "sign": Q(stage=Stage.PENDING_SIGN),
    }


def due_within(
    cases: QuerySet[Complaint], workdays: int, now: datetime | None = None
) -> QuerySet[Complaint]:
    """Cases that fall due by the end of the n-th workday from now, not late yet."""
    now = now or timezone.now()
    calendar = current_calendar()
    day = calendar.local(now).date()
    while workdays > 0:
        day += timedelta(days=1)
        workdays -= calendar.is_workday(day)
    until = calendar.utc(datetime.combine(day, datetime.max.time()))
    return cases.filter(is_open=True, due_at__gte=now, due_at__lte=until, suspended_at=None)


def may_take(case: Complaint, user: Any) -> list[str]:
    """The verbs `user` may take on `case` as it stands; what a page offers as deeds.

    Asks the same table and the same rights as `take_step`; the services may still refuse for a
    reason of their own, e.g. a reviewer who wrote the answer. What a unit that helps may do is
    asked where that unit is: `helping.unit_verbs`.
    """
    if case.is_confidential and Accused.objects.about(user).filter(complaint=case).exists():
        return []
    path = case.holder_path or case.subdistrict.path
    return [
        verb
        for verb, move in MOVES.items()
        if move.word
        and case.stage in move.before
        and verb not in OF_UNITS
        and may(user, move.word, path)
    ]


def similar_nearby(
    user: Any,
    *,
    building: Building | None = None,
    compound: ResidentialCompound | None = None,
    category: Category | None = None,
    hours: int = 72,
    most: int = 3,
) -> list[Complaint]:
    """Open cases of the same building, else compound, of the last hours; the same kind first."""
    here = Q(building=building) if building else Q(compound=compound)
    if building is None and compound is None:
        return []
    if building is not None:
        here |= Q(building=None, compound=building.compound_id)
    since = timezone.now() - timedelta(hours=hours)
    recent = Complaint.objects.visible_to(user).open().filter(here, filed_at__gte=since)
    rows = listed(recent.filter(is_confidential=False).order_by("-pk")[:30])
    branch = category.parent_id if category else None
    rows.sort(key=lambda row: row.category is None or row.category.parent_id != branch)
    return rows[:most]


def leaf_categories(subdistrict: Organisation) -> list[Category]:
    """The kinds of matters one may choose in a street, in the order of their codes."""
    leaves = Category.objects.filter(is_leaf=True, is_enabled=True).order_by("code")
    return list(leaves.filter(Q(subdistrict=None) | Q(subdistrict=subdistrict)))


def send_back_reasons(subdistrict: Organisation) -> list[SendBackReason]:
    """The ready reasons of a street, its own row winning over the common one of the same code."""
    rows = SendBackReason.objects.filter(Q(subdistrict=None) | Q(subdistrict=subdistrict))
    own_last = sorted(rows, key=lambda row: row.subdistrict_id is not None)
    ready = [row for row in {row.code: row for row in own_last}.values() if row.is_enabled]
    return sorted(ready, key=lambda row: (row.position, row.pk))


def of_number(digits: str) -> Q:
    """Cases that a run of digits may mean, each way by an index of its own.

    The end of a number is compared with open cases only; a case of the last years is found by all
    six digits after the year. Callers are looked up first, because an "or" across two tables would
    make the database walk through all cases.
    """
    found = Q(source_number=digits) | Q(is_open=True, number__endswith=digits)
    if len(digits) == 4:
        callers = Caller.objects.filter(phone_tail=digits).order_by("-pk")
        found |= Q(pk__in=list(callers.values_list("complaint_id", flat=True)[:CAP]))
    if len(digits) <= 6:
        codes = Organisation.objects.filter(parent=None).values_list("short_code", flat=True)
        year = timezone.localdate().year
        years = range(year, year - YEARS_BACK, -1)
        found |= Q(number__in=[f"{code}-{y}-{digits:0>6}" for code in codes for y in years])
    return found


def search(cases: QuerySet[Complaint], text: str) -> QuerySet[Complaint]:
    """Cases by number, city number, four digits of the caller's phone, or words of the title."""
    # PostgreSQL takes no NUL in a text, not even in one that is looked for.
    text = text.replace("\x00", "").strip()[:60]
    if not text:
        return cases
    if text.isdigit() and len(text) >= 4:
        return cases.filter(of_number(text))
    if "-" in text and text[-1].isdigit():
        return cases.filter(Q(number=text.upper()) | Q(source_number=text))
    return cases.filter(Q(title__contains=text) | Q(address__contains=text))
