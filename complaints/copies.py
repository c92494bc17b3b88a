"""Reading cases for copies outside the house: nothing personal, and what has changed since."""

from datetime import datetime
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery

from complaints.models import Complaint, Step
from governance.models.reach import beneath

PLACES = ("place", "main_unit", "holder")
# Words that people typed, and where exactly they live, stay inside (domain.md 4.1). What is not
# named here is not even read.
COLUMNS = (
    "number", "subdistrict", "source", "source_number", "urgency", "stage", "is_open", "round",
    "transfer_count", "supervision", "card", "is_collective", "limit_amount", "limit_unit",
    "case_due_at", "due_is_provisional", "suspended_at", "filed_at", "accepted_at", "dispatched_at",
    "finished_at", "closed_at", "result_kind", "solved_level", "solved", "satisfaction",
    "category__code", "category__name",
    *(f"{place}__{column}" for place in PLACES
      for column in ("name", "level", "parent__name", "parent__level", "parent__parent")),
)  # fmt: skip


def publishable(cases: Any) -> QuerySet[Complaint]:
    """Those cases that may leave the house at all: no confidential one, whoever asks."""
    found: QuerySet[Complaint] = cases.filter(is_confidential=False, discipline_only=False)
    joined = (f"{place}__parent" for place in PLACES)
    return found.select_related("category", *joined).only(*COLUMNS)


def with_change(cases: QuerySet[Complaint]) -> QuerySet[Complaint]:
    """The cases with `changed_at`, the moment of their last step."""
    last = Step.objects.filter(complaint=OuterRef("pk"), number=OuterRef("step_count"))
    return cases.annotate(changed_at=Subquery(last.values("at")[:1]))


def changed_since(cases: QuerySet[Complaint], moment: datetime) -> QuerySet[Complaint]:
    """Cases whose last step was taken at or after `moment`, with that moment as `changed_at`.

    Every change of a case is a step, so the index of the steps' moments finds them.
    """
    last = cases.filter(steps__number=F("step_count"), steps__at__gte=moment)
    return last.annotate(changed_at=F("steps__at"))


def touching(cases: QuerySet[Complaint], path: str) -> QuerySet[Complaint]:
    """Cases of which one of the three places lies at or under the organisation at `path`."""
    return cases.filter(Complaint.scope([path]))


def lying_in(cases: QuerySet[Complaint], path: str) -> QuerySet[Complaint]:
    """Cases whose address lies at or under the organisation at `path`."""
    return cases.filter(beneath("place_path", [path]))
