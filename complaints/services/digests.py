"""The daily digest: one line for each person who wants it, with what waits, is due and is late.

All counts of a street come from a handful of statements, however many cases and people there are.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_noop as kept

from complaints.calendars import current_calendar
from complaints.choices import RequestState, Stage
from complaints.models import CaseRequest, Complaint, DailyDigest, DigestRun, OversightRules
from complaints.rules import rules_of
from complaints.selectors import STAGES_OF_WORD
from governance.choices import NoticeKind, Word
from governance.models import Appointment, Organisation
from governance.models.reach import SEGMENT, chain
from governance.services.audit import deed
from governance.services.deliveries import put_in_outbox
from governance.services.notices import Line, tell_each

LISTED = "，"


@dataclass(frozen=True)
class Desk:
    """Where one person may do what: the roots of each word, nested ones dropped."""

    person: int
    roots: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Load:
    """What waits for one person."""

    waiting: int = 0
    today: int = 0
    late: int = 0
    requests: int = 0

    def words(self) -> str:
        """The numbers that are not zero."""
        parts = [
            (self.waiting, kept("待办%(count)s件")),
            (self.today, kept("今日到期%(count)s件")),
            (self.late, kept("已超期%(count)s件")),
            (self.requests, kept("待审批申请%(count)s件")),
        ]
        return LISTED.join(words % {"count": count} for count, words in parts if count)


def send_due_digests(now: datetime | None = None) -> int:
    """Write the digests of every street whose hour has come today; says how many people were told.

    Any number of clocks may call it, also at once, and after a crash: one run for each street and
    day, one line for each person and day. After the evening's quiet has begun nothing is made up.
    """
    now = now or timezone.now()
    told = 0
    for street in Organisation.objects.filter(parent=None, ended_on=None).order_by("pk"):
        rules, calendar = rules_of(street).oversight, current_calendar(street)
        local = calendar.local(now)
        if not is_hour(rules, local) or not (
            rules.digest_on_rest_days or calendar.is_workday(local.date())
        ):
            continue
        if not DigestRun.objects.filter(subdistrict=street, on=local.date()).exists():
            told += write_digests(street, local.date())
    return told


def is_hour(rules: OversightRules, local: datetime) -> bool:
    """Whether the hour of the digest has come, and the evening's quiet has not."""
    has_evening = rules.quiet_from > rules.digest_at
    return rules.digest_at <= local.time() and not (
        has_evening and local.time() >= rules.quiet_from
    )


@deed()
def write_digests(street: Organisation, on: date) -> int:
    """The digests of one street and day, in one transaction; the second call finds the first."""
    run, is_new = DigestRun.objects.get_or_create(subdistrict=street, on=on)
    if not is_new:
        return 0
    rules = rules_of(street).oversight
    loads = loads_of(street, desks_of(street, rules))
    DailyDigest.objects.bulk_create(
        [
            DailyDigest(
                person_id=person,
                on=on,
                waiting_count=load.waiting,
                today_count=load.today,
                late_count=load.late,
                request_count=load.requests,
            )
            for person, load in loads.items()
        ],
        ignore_conflicts=True,
    )
    rows = DailyDigest.objects.filter(on=on, person__in=loads).values_list("person_id", "pk")
    notices = tell_each(
        [
            Line(person, kept("每日提要：") + loads[person].words(), f"digest:{pk}")
            for person, pk in rows
        ],
        key=f"digest:{on:%Y-%m-%d}",
        kind=NoticeKind.TASK,
    )
    put_in_outbox(
        notices, kinds=rules.digest_channels, path=street.path, link="/m/",
        text=kept("您今天有待办诉求，请登录查看。"),
    )  # fmt: skip
    DigestRun.objects.filter(pk=run.pk).update(told_count=len(notices))
    return len(notices)


def desks_of(street: Organisation, rules: OversightRules) -> list[Desk]:
    """Who serves the street today and wants the digest: by own choice, else by post."""
    posts = Appointment.objects.attended().filter(
        organisation__path__startswith=street.path,
        role__is_enabled=True,
        person__user__is_active=True,
    )
    wanted: set[int] = set()
    held: dict[int, dict[str, set[str]]] = {}
    for person, wants, code, words, path in posts.values_list(
        "person_id", "person__user__wants_digest", "role__code", "role__words",
        "organisation__path",
    ):  # fmt: skip
        if wants or (wants is None and code in rules.digest_roles):
            wanted.add(person)
        for word in words:
            held.setdefault(person, {}).setdefault(word, set()).add(path)
    return [
        Desk(person, {word: outermost(paths) for word, paths in held.get(person, {}).items()})
        for person in sorted(wanted)
    ]


def outermost(paths: Iterable[str]) -> list[str]:
    """The paths without those that lie beneath another."""
    kept_paths: list[str] = []
    for path in sorted(paths):
        if not any(path.startswith(above) for above in kept_paths):
            kept_paths.append(path)
    return kept_paths


def loads_of(street: Organisation, desks: list[Desk]) -> dict[int, Load]:
    """What waits for each of them; who has nothing is left out. Two statements.

    The same rows as 等我处理 on the desk and 我手上的 on the phone, without confidential matters.
    """
    beneath, exact = counted_cases(street)
    waiting = list(
        CaseRequest.objects.filter(
            state=RequestState.PENDING,
            decider_path__startswith=street.path,
            complaint__is_confidential=False,
        ).values_list("decider_path", "asked_by__person_id")
    )
    loads = {}
    for desk in desks:
        total: Counter[str] = Counter()
        for word, stages in STAGES_OF_WORD.items():
            for path in desk.roots.get(word, []):
                for stage in stages:
                    total.update(beneath.get((path, stage), {}))
        total.update(climbed_to(desk, exact))
        decided = desk.roots.get(Word.DISPATCH, [])
        requests = sum(
            asker != desk.person and any(path.startswith(root) for root in decided)
            for path, asker in waiting
        )
        load = Load(total["waiting"], total["today"], total["late"], requests)
        if load.waiting or load.requests:
            loads[desk.person] = load
    return loads


def climbed_to(desk: Desk, exact: dict[tuple[str, str], Counter[str]]) -> Counter[str]:
    """What climbed to the street's dispatch desk (`selectors.dispatch_queue`), counted once."""
    total: Counter[str] = Counter()
    for path in desk.roots.get(Word.DISPATCH, []):
        is_street = len(path) == SEGMENT
        handles = any(path.startswith(root) for root in desk.roots.get(Word.HANDLE, []))
        if is_street and not handles:
            total.update(exact.get((path, Stage.PENDING_SIGN), {}))
    return total


def counted_cases(
    street: Organisation,
) -> tuple[dict[tuple[str, str], Counter[str]], dict[tuple[str, str], Counter[str]]]:
    """Open cases by place and stage: counted beneath each place, and at the very place."""
    now = timezone.now()
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    runs = Q(suspended_at=None)
    rows = (
        Complaint.objects.open()
        .filter(subdistrict=street, is_confidential=False)
        .order_by()
        .values("holder_path", "stage")
        .annotate(
            waiting=Count("pk"),
            today=Count(
                "pk",
                filter=runs & Q(due_at__gte=now, due_at__lt=midnight + timedelta(days=1)),
            ),
            late=Count("pk", filter=runs & Q(due_at__lt=now)),
        )
    )
    beneath: dict[tuple[str, str], Counter[str]] = {}
    exact: dict[tuple[str, str], Counter[str]] = {}
    for row in rows:
        path, stage = row.pop("holder_path"), row.pop("stage")
        exact[path, stage] = Counter(row)
        for above in chain(path):
            beneath.setdefault((above, stage), Counter()).update(row)
    return beneath, exact
