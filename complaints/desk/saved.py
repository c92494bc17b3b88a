"""The tabs over the list: what everybody looks at, one's own filters, and those of the office."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.desk.listing import Filters
from complaints.models import SavedFilter
from governance.models import Appointment
from governance.prepared import prepared


@dataclass(frozen=True)
class Tab:
    """One filter under a name."""

    label: str
    url: str
    is_current: bool
    pk: int | None = None
    is_own: bool = False
    is_shared: bool = False


def filters_for(user: Any) -> list[SavedFilter]:
    """One's own, and those shared by colleagues of an office where one serves today."""
    rows = _filters(owner=user.pk, person=user.person_id, today=timezone.localdate())
    return sorted(rows, key=lambda row: (row.owner_id != user.pk, row.pk))


@prepared
def _filters(*, owner: Any, person: Any, today: Any) -> QuerySet[SavedFilter]:
    offices = Appointment.objects.on(today).filter(person_id=person).values("organisation")
    return SavedFilter.objects.filter(Q(owner=owner) | Q(organisation__in=offices))


def tabs_over(user: Any, filters: Filters) -> list[Tab]:
    """The tabs; one statement."""
    here = filters.address()
    always = [
        (_("全部"), "?"),
        (_("未办结"), "?stage=open"),
        (_("等我处理"), "?waiting=1"),
        (_("已超期"), "?clock=overdue"),
        (_("今日到期"), "?clock=today"),
    ]
    tabs = [Tab(label, url, url == here) for label, url in always]
    for row in filters_for(user):
        own = row.owner_id == user.pk
        tabs.append(
            Tab(
                row.name, row.query, row.query == here, row.pk, own, row.organisation_id is not None
            )
        )
    return tabs
