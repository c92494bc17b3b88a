"""The cases behind a figure: the same conditions that counted it, page by page."""

from functools import partial
from typing import Any

from django.db.models import Q

from complaints.figures import BASE_OF_FIGURE, Base, Cases, Period, midnight_after, open_until, rows
from complaints.selectors import Page, in_a_list, newest, page_by_due
from complaints.stranded import stranded_where
from governance.prepared import prepared, prepared_counts
from portal.board.scope import Scope, cases_of

LATE_FIRST = ("overdue", "due_today")


class Behind:
    """What one figure of a view counts; of one `category` when it is given, 0 for those without."""

    def __init__(self, scope: Scope, figure: str, category: int | None = None) -> None:
        self.figure = figure
        self.fixed = (figure, category == 0, scope.is_street)
        self.values: dict[str, Any] = {
            "category": category or None, "start": scope.period.start, "end": scope.period.end,
            "now": scope.now, "midnight": midnight_after(scope.now),
            **(scope.desks if figure == "stranded" else {}), **scope.seen,
        }  # fmt: skip

    @property
    def has_period(self) -> bool:
        """Whether the figure belongs to a period, and not to this moment."""
        return BASE_OF_FIGURE[self.figure] is not Base.OPEN

    def page(self, key: str) -> Page:
        """A page, the newest first; of what is late or due today what is due first."""
        cases = partial(behind, *self.fixed, **self.values)
        if self.figure in LATE_FIRST:
            return page_by_due(cases(), key=key)
        return newest(partial(_newest, *self.fixed, **self.values), cases, key=key)

    def count(self, most: int) -> int:
        """How many there are, counted no further than `most` + 1."""
        return int(_count(*self.fixed, most + 1, **self.values)["all"])


def behind(
    figure: str,
    is_without_category: bool,
    is_street: bool,
    *,
    category: Any,
    start: Any,
    end: Any,
    now: Any,
    midnight: Any,
    acting: Any = None,
    review: Any = None,
    callback: Any = None,
    **seen: Any,
) -> Cases:
    """The rows; every value may be a place that is filled later."""
    stranded = Q() if acting is None else stranded_where(acting, review=review, callback=callback)
    opened = open_until(now, midnight, stranded)
    found = rows(cases_of(is_street, **seen), figure, Period(start, end), now, opened)
    if is_without_category:
        return found.filter(category=None)
    return found if category is None else found.filter(category_id=category)


@prepared
def _newest(
    figure: str, is_without: bool, is_street: bool, count: int, *, before: Any, **values: Any
) -> Any:
    cases = behind(figure, is_without, is_street, **values)
    cases = cases if before is None else cases.filter(pk__lt=before)
    return in_a_list(cases).order_by("-pk")[:count]


@prepared_counts
def _count(figure: str, is_without: bool, is_street: bool, most: int, **values: Any) -> Any:
    return behind(figure, is_without, is_street, **values).order_by()[:most], {"all": None}
