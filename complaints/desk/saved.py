"""The tabs over the list: what everybody looks at, one's own filters, and those of the office."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from complaints.desk.listing import Filters
from complaints.models import SavedFilter
from governance.models import Appointment


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
    offices = Appointment.objects.on().filter(person_id=user.person_id).values("organisation")
    rows = SavedFilter.objects.filter(Q(owner=user) | Q(organisation__in=offices))
    return sorted(rows, key=lambda row: (row.owner_id != user.pk, row.pk))


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
