"""Reading cases for copies outside the house: nothing personal, and what has changed since."""

from datetime import datetime
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery

from complaints.models import Complaint, Step
from governance.models.reach import beneath

# Words that people typed, and where exactly they live, stay inside (domain.md 4.1).
KEPT_INSIDE = ("title", "text", "address", "hint")
JOINED = (
    "category", "place__parent__parent", "main_unit__parent__parent", "holder__parent__parent",
)  # fmt: skip


def publishable(cases: Any) -> QuerySet[Complaint]:
    """Those cases that may leave the house at all: no confidential one, whoever asks."""
    found: QuerySet[Complaint] = cases.filter(is_confidential=False, discipline_only=False)
    return found.select_related(*JOINED).defer(*KEPT_INSIDE)


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
