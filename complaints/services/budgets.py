"""Budgets: how often one address, phone or link is used; counted in rows, so across all processes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from complaints.models import BudgetUse
from governance import privacy
from governance.errors import HouseError

HOUR, DAY = "%Y-%m-%dT%H", "%Y-%m-%d"
KEPT_DAYS = 2


@dataclass(frozen=True)
class Budget:
    """At most `most` uses of `subject` in the present hour or day; `sentence` says what to do then."""

    name: str
    subject: str
    most: int
    period: str
    sentence: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What its row is found by; the subject itself is stored nowhere."""
        digest = privacy.digest(self.subject, f"budget.{self.name}")
        return self.name, digest, timezone.localtime().strftime(self.period)


def spend(budgets: Sequence[Budget]) -> None:
    """Take one from every budget, within the transaction of the deed they guard: three statements.

    Raises HouseError with the sentence of the first exhausted one; a deed that is refused later
    gives back what it took.
    """
    asked = {budget.key: budget for budget in budgets}
    # In one order, so that two requests never wait for each other.
    fresh = [
        BudgetUse(name=name, digest=digest, period=period) for name, digest, period in sorted(asked)
    ]
    BudgetUse.objects.bulk_create(fresh, ignore_conflicts=True)
    rows = list(_rows_of(asked).select_for_update().order_by("pk"))
    _refuse_exhausted(rows, asked)
    BudgetUse.objects.filter(pk__in=[row.pk for row in rows]).update(count=F("count") + 1)


def refuse_exhausted(budgets: Sequence[Budget]) -> None:
    """Raise HouseError when one of the budgets is used up, before any dear work is done for it."""
    asked = {budget.key: budget for budget in budgets}
    _refuse_exhausted(list(_rows_of(asked)), asked)


def forget_old() -> int:
    """Throw away the counts of past days; returns how many."""
    oldest = (timezone.localdate() - timedelta(days=KEPT_DAYS)).isoformat()
    return BudgetUse.objects.filter(period__lt=oldest).delete()[0]


def _rows_of(asked: dict[tuple[str, str, str], Budget]) -> QuerySet[BudgetUse]:
    wanted = Q(pk__in=[])
    for name, digest, period in asked:
        wanted |= Q(name=name, digest=digest, period=period)
    return BudgetUse.objects.filter(wanted)


def _refuse_exhausted(rows: Sequence[BudgetUse], asked: dict[tuple[str, str, str], Budget]) -> None:
    for row in rows:
        budget = asked[row.name, row.digest, row.period]
        if row.count >= budget.most:
            raise HouseError(budget.sentence)
