"""The workbench: what waits for me, what is late, what is due, and what nobody can do."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints import helping, requested, standing_in
from complaints.desk.listing import clocked, lines_of
from complaints.first_pages import first_stranded, first_unclocked, first_waiting, workbench_counts
from complaints.models import Assist, CaseRequest, Complaint
from complaints.selectors import count_label, filled
from complaints.services import bulk
from governance.calendar import Calendar
from governance.choices import JobState, Word
from governance.models import Job, Notice
from governance.models.reach import roots
from governance.services import calendar, deliveries, notices, todo

FIRST_ROWS = 12
MOST_NOTICES = 8
MOST_STRANDED = 8
MOST_REQUESTS = 8
YEARS_KEPT_SECONDS = 3600
MOST_ASSISTS = 8


@dataclass(frozen=True)
class Tile:
    """A number that opens exactly the rows it counts."""

    label: str
    count: int
    url: str
    tone: str
    note: str = ""


def workbench(user: Any) -> dict[str, Any]:
    """Everything the index of the desk shows to one person; about ten statements."""
    if not roots(user, Word.SEE):
        return {
            "tiles": [], "notices": unread(user), "banners": banners(), "calendar_gap": calendar_gap(user),
            "undelivered": deliveries.not_delivered_count(user),
        }  # fmt: skip
    mine, has_more, stranded = first_rows(user)
    days = calendar.current_calendar()
    return {
        "tiles": tiles(user, days),
        "rows": lines_of(mine, days),
        "more_url": changelist("waiting=1") if has_more else "",
        "stranded": clocked(stranded, calendar=days),
        "stranded_url": changelist("stranded=1"),
        "notices": unread(user),
        "requests": requests_to_decide(user),
        "requests_url": reverse("admin:complaints_requests") if roots(user, Word.DISPATCH) else "",
        "assists": assists_to_give(user),
        "assists_url": reverse("admin:complaints_assists"),
        "outside_url": reverse("admin:complaints_outside_list")
        if roots(user, Word.HANDLE) or roots(user, Word.DISPATCH)
        else "",
        "jobs": running_jobs(user),
        "banners": banners(),
        "calendar_gap": calendar_gap(user),
        "undelivered": deliveries.not_delivered_count(user),
        "standing_in": standing_in.desks(user),
        "new_url": reverse("admin:complaints_complaint_add"),
        "due_url": reverse("admin:complaints_due"),
    }


def first_rows(user: Any) -> tuple[list[Complaint], bool, list[Complaint]]:
    """What waits for the user, whether there is more of it, and what nobody can act on."""
    waiting = first_waiting(user, FIRST_ROWS + 1)
    if len(waiting) <= FIRST_ROWS:
        waiting += first_unclocked(user, FIRST_ROWS + 1 - len(waiting))
    stranded = first_stranded(user, MOST_STRANDED)
    filled([*waiting, *stranded])
    return waiting[:FIRST_ROWS], len(waiting) > FIRST_ROWS, stranded


def tiles(user: Any, days: Calendar | None = None) -> list[Tile]:
    """The four numbers, from one statement over the open cases."""
    counts = workbench_counts(user, days)
    found = [
        Tile(_("等我处理"), counts["waiting"], changelist("waiting=1"), "action"),
        Tile(_("已超期"), counts["overdue"], changelist("clock=overdue"), tone(counts["overdue"], "late")),
        Tile(_("今日到期"), counts["today"], changelist("clock=today"), tone(counts["today"], "soon"),
             _("3个工作日内 %(count)s 件") % {"count": count_label(counts["soon"])} if counts["soon"] else ""),
    ]  # fmt: skip
    if roots(user, Word.DISPATCH):
        found.append(
            Tile(_("待派单"), counts["queue"], reverse("admin:complaints_queue"), "action")
        )
    return found


def tone(count: int, colour: str) -> str:
    """A colour only where it means something."""
    return colour if count else ""


def changelist(query: str) -> str:
    """The list of cases with a filter in the address."""
    return f"{reverse('admin:complaints_complaint_changelist')}?{query}"


def requests_to_decide(user: Any) -> list[CaseRequest]:
    """What waits for the user's decision or the city's: returns first, and who waits longest."""
    if not roots(user, Word.DISPATCH):
        return []
    return requested.first_on_the_desk(user, MOST_REQUESTS)


def assists_to_give(user: Any) -> list[Assist]:
    """What the units of the user owe to others, the nearest end first; no statement for a clerk."""
    if not roots(user, Word.HANDLE):
        return []
    rows = helping.waiting_for(user).select_related("complaint", "unit")
    return list(rows.order_by("due_at", "pk")[:MOST_ASSISTS])


def running_jobs(user: Any) -> list[Job]:
    """Long work that is still going on in the streets for which the reader dispatches."""
    if not roots(user, Word.DISPATCH):
        return []
    states = (JobState.WAITING, JobState.RUNNING)
    rows = Job.objects.visible_to(user, Word.DISPATCH).filter(state__in=states)
    return list(rows.exclude(~Q(by=user), kind=bulk.KIND)[:3])


def unread(user: Any) -> list[Any]:
    """The newest notices nobody has read yet, each with the address it speaks of."""
    return addressed(notices.inbox(user).filter(read_at__isnull=True)[:MOST_NOTICES])


def addressed(rows: Iterable[Notice]) -> list[Any]:
    """The notices, each with the address it speaks of."""
    found: list[Any] = list(rows)
    for notice in found:
        kind, _colon, number = notice.subject.partition(":")
        name = PAGE_OF_SUBJECT.get(kind)
        notice.url = reverse(name, args=[number]) if name and number.isdigit() else ""
    return found


PAGE_OF_SUBJECT = {
    "complaint": "admin:complaints_complaint_change",
    "job": "admin:complaints_job",
    "digest": "admin:complaints_digest",
    "api_token": "admin:governance_apitoken_change",
}


def banners() -> list[str]:
    """What the whole house must know: a clock that stands still, a calendar that is missing."""
    found = []
    silent = todo.silences("sweep", "deliveries")
    if stopped := silent["sweep"]:
        found.append(
            _("后台时钟自 %(at)s 起没有运行，提醒和自动上报已停止，请通知系统管理员。")
            % {"at": f"{timezone.localtime(stopped):%m-%d %H:%M}"}
        )
    elif (stopped := silent["deliveries"]) and timezone.now() - stopped > todo.LATE_AFTER:
        # A house that has never sent anything out misses nobody.
        found.append(
            _("消息外发自 %(at)s 起没有运行，短信、邮件和群消息已停止，请通知系统管理员。")
            % {"at": f"{timezone.localtime(stopped):%m-%d %H:%M}"}
        )
    return found


def calendar_gap(user: Any) -> dict[str, str]:
    """The year whose calendar is missing, in words, with the way to import it for who may."""
    year = missing_year()
    if year is None:
        return {}
    words = _("%(year)s 年的放假安排还没有导入，跨年时限暂按周一至周五计算。") % {"year": year}
    may_import = bool(roots(user, Word.CONFIGURE))
    url = reverse("admin:governance_calendaryear_import") if may_import else ""
    return {"text": words, "url": url}


def missing_year() -> int | None:
    """The year whose calendar is missing; that none is, is remembered for the day: years stay."""
    today = timezone.localdate().isoformat()
    if cache.get("years_complete_on") == today:
        return None
    year = calendar.missing_next_year()
    if year is None:
        cache.set("years_complete_on", today, YEARS_KEPT_SECONDS)
    return year
