"""Whose figures a leader looks at: a unit within reach, a period, and the addresses of both."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.figures import Cases, Period
from complaints.models import Complaint
from governance.choices import Level
from governance.models import Organisation
from governance.models.reach import SEGMENT, beneath, chain, roots
from portal.board.periods import DEFAULT, PERIODS, period_named


@dataclass(frozen=True)
class Scope:
    """What one page shows: for whom, of which unit, over which period, as of which moment.

    `beside` are other units on which the reader serves, when there is more than one.
    """

    user: Any
    unit: Organisation
    above: tuple[Organisation, ...]
    children: tuple[Organisation, ...]
    beside: tuple[Organisation, ...]
    period_name: str
    period: Period
    now: datetime

    @cached_property
    def cases(self) -> Cases:
        """The cases of the unit that the reader may see: those it or a unit beneath answers for.

        A street also has those that nobody answers for yet.
        """
        visible = Complaint.objects.visible_to(self.user)
        if self.unit.level == Level.WORKING_COMMITTEE:
            return visible.filter(subdistrict=self.unit)
        return visible.filter(beneath("main_unit_path", [self.unit.path]))

    @property
    def child_length(self) -> int:
        """How long the path of a unit directly beneath is."""
        return len(self.unit.path) + SEGMENT

    def at(self, unit: Organisation) -> "Scope":
        """The same view of another unit."""
        return replace(self, unit=unit)

    def address(self, page: str = "board:overview", **more: Any) -> str:
        """The address of this view, with `more` filters; it can be sent to a colleague."""
        query = {"unit": self.unit.pk, "period": self.period_name, **more}
        return f"{reverse(page)}?{urlencode({k: v for k, v in query.items() if v != ''})}"

    def rows(self, figure: str, category: int | None = None) -> str:
        """The address of the list that holds exactly the rows of `figure` (of one category)."""
        address = f"{self._list}&figure={figure}"
        return address if category is None else f"{address}&category={category}"

    @cached_property
    def _list(self) -> str:
        """The part that all lists of this view have in common; a page has hundreds of them."""
        return self.address("board:cases")

    @property
    def periods(self) -> list[dict[str, Any]]:
        """The period switch."""
        return [
            {
                "label": label,
                "url": replace(self, period_name=name).address(),
                "is_current": name == self.period_name,
            }
            for name, label in PERIODS.items()
        ]


def scope_of(request: HttpRequest) -> Scope:
    """Read unit and period from the address; a unit out of reach is the same 404 as none at all.

    Without a unit it is the highest the reader may see. Raises PermissionDenied for a reader who
    may see nothing.
    """
    within = roots(request.user, "see")
    if not within:
        raise PermissionDenied(_("您没有查看看板的权限。"))
    path = min(within, key=len)
    visible = Organisation.objects.visible_to(request.user)
    if wanted := request.GET.get("unit", ""):
        found = (
            visible.filter(pk=wanted).first() if wanted.isdecimal() and len(wanted) < 10 else None
        )
        if found is None:
            raise Http404
        path = found.path
    near = list(
        visible.filter(Q(path__in=[*chain(path), *within]) | Q(parent__path=path)).order_by(
            "position", "path"
        )
    )
    name = request.GET.get("period", "")
    name = name if name in PERIODS else DEFAULT
    now = timezone.now()
    return Scope(
        user=request.user,
        unit=next(row for row in near if row.path == path),
        above=tuple(sorted((row for row in near if row.path in chain(path)[:-1]), key=path_length)),
        children=tuple(row for row in near if row.path[:-SEGMENT] == path),
        beside=tuple(row for row in near if row.path in within and not path.startswith(row.path)),
        period_name=name,
        period=period_named(name, now),
        now=now,
    )


def path_length(unit: Organisation) -> int:
    """How deep a unit lies."""
    return len(unit.path)
