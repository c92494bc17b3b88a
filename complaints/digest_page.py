"""A daily digest as a page: what it said in the morning, what is left of it now, and where it lies."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints import requested, selectors
from complaints.models import DailyDigest
from governance.choices import Word
from governance.models.reach import roots


@dataclass(frozen=True)
class Line:
    """One number of the morning, the same number now, and the address of its rows."""

    label: str
    then: int
    now: int
    url: str
    tone: str


def own_digest(user: Any, pk: int) -> DailyDigest:
    """The reader's own digest; anybody else's and a missing one are the same 404."""
    row = DailyDigest.objects.filter(pk=pk, person_id=user.person_id).first()
    if row is None:
        raise Http404
    return row


def lines(user: Any, row: DailyDigest, urls: dict[str, str]) -> list[Line]:
    """The four numbers; requests only for whoever decides some. Two statements."""
    now = timezone.now()
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    runs = Q(suspended_at=None)
    counts = (
        selectors.waiting_for(user)
        .order_by()
        .aggregate(
            waiting=Count("pk"),
            today=Count(
                "pk",
                filter=runs & Q(due_at__gte=now, due_at__lt=midnight + timedelta(days=1)),
            ),
            late=Count("pk", filter=runs & Q(due_at__lt=now)),
        )
    )
    found = [
        Line(_("待办"), row.waiting_count, counts["waiting"], urls["waiting"], "action"),
        Line(_("今日到期"), row.today_count, counts["today"], urls["today"], "soon"),
        Line(_("已超期"), row.late_count, counts["late"], urls["late"], "late"),
    ]
    if roots(user, Word.DISPATCH):
        waiting = requested.waiting_for(user).count()
        found.append(Line(_("待审批申请"), row.request_count, waiting, urls["requests"], "action"))
    return found
