"""Counts: the day's figures of each organisation, stored at night so that the trend is cheap."""

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, F, Max, Q
from django.db.models.functions import Coalesce, Substr
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone

from complaints.choices import INVALID_STAGES
from complaints.figures import OWED_NOTHING, Period
from complaints.models import Complaint, DayFigure
from complaints.models.complaints import EFFECTIVE_DUE, RECKONED
from governance.calendar import SHANGHAI
from governance.choices import Level
from governance.models import Organisation
from governance.models.reach import SEGMENT, chain
from governance.services.audit import deed

MOST_DAYS_MADE_GOOD = 31
DEEPEST = SEGMENT * Level.GRID_BRANCH
KEPT = (
    "accepted_count",
    "finished_count",
    "closed_count",
    "open_count",
    "overdue_count",
    "due_count",
    "on_time_count",
)


@deed()
def store_day(day: date) -> int:
    """Store the figures of one day for every street, community, branch and department.

    Repeating it replaces the same rows. Returns how many organisations were written.
    A case counts for its main unit and for all above it; without one, for its street alone.
    """
    totals: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(KEPT, 0))
    for row in counts_of_day(day):
        street, unit = row.pop("street_path"), row.pop("unit_path")
        for path in chain(unit or street):
            for name, count in row.items():
                totals[path][name] += count
    now = timezone.now()
    places = Organisation.objects.filter(Q(level__lte=Level.GRID_BRANCH) | Q(level=None))
    current = places.filter(started_on__lte=day).exclude(ended_on__lte=day)
    written = [
        DayFigure(organisation=place, day=day, stored_at=now, **totals[place.path])
        for place in current.order_by("path")
    ]
    DayFigure.objects.bulk_create(
        written,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["organisation", "day"],
        update_fields=[*KEPT, "stored_at"],
    )
    return len(written)


def counts_of_day(day: date) -> list[dict[str, Any]]:
    """What happened on the day and what stood at its end, by unit; one statement.

    Only cases open now or closed since the day began can count, so old ones are not touched.
    """
    start = datetime.combine(day, time(), SHANGHAI)
    period = Period(start, start + timedelta(days=1))
    end = period.end
    stands = Q(filed_at__lt=end) & (Q(is_open=True) | Q(closed_at__gte=end))
    unanswered = Q(first_finished_at=None) | Q(first_finished_at__gte=end)
    due = period.of("reckoned_at") & ~Q(stage__in=OWED_NOTHING) & Q(suspended_at=None)
    leads = Q(merged_into=None)
    stands &= leads
    due &= leads
    on_time = Q(LessThanOrEqual(F("first_finished_at"), EFFECTIVE_DUE))
    grouped = (
        Complaint.objects.filter(Q(is_open=True) | Q(closed_at__gte=start))
        .order_by()
        .alias(
            reckoned_at=RECKONED,
            bound_at=Coalesce("assignment_due_at", "case_due_at"),
        )
        .values(street_path=F("subdistrict__path"), unit_path=Substr("main_unit_path", 1, DEEPEST))
    )
    return list(
        grouped.annotate(
            accepted_count=Count("pk", filter=period.of("accepted_at") & Q(part_of=None)),
            finished_count=Count("pk", filter=period.of("first_finished_at")),
            closed_count=Count(
                "pk", filter=period.of("closed_at") & ~Q(stage__in=INVALID_STAGES) & leads
            ),
            open_count=Count("pk", filter=stands),
            overdue_count=Count(
                "pk",
                filter=stands & unanswered & Q(bound_at__lt=end, suspended_at=None),
            ),
            due_count=Count("pk", filter=due),
            on_time_count=Count("pk", filter=due & Q(first_finished_at__lt=end) & on_time),
        )
    )


def store_missing_days(today: date | None = None) -> int:
    """Store yesterday, and before it the days a sleeping house missed (a month at most)."""
    yesterday = (today or timezone.localdate()) - timedelta(days=1)
    last = DayFigure.objects.filter(day__lt=yesterday).aggregate(last=Max("day"))["last"]
    day = yesterday if last is None else last + timedelta(days=1)
    day = max(day, yesterday - timedelta(days=MOST_DAYS_MADE_GOOD - 1))
    stored = 0
    while day <= yesterday:
        store_day(day)
        day, stored = day + timedelta(days=1), stored + 1
    return stored
