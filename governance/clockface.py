"""What a clock says: due moments go in, a state and its words come out; knows no table."""

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from governance.saying import said_once

END_OF_DAY = (23, 59)


def clock_face(
    due_at: datetime | None,
    *,
    suspended_at: datetime | None = None,
    finished_at: datetime | None = None,
    now: datetime | None = None,
    workdays: int | None = None,
) -> tuple[str, str]:
    """The state (none, done, overdone, held, late, soon, ok) of a clock and its words."""
    now = now or timezone.now()
    if finished_at:
        is_late = due_at is not None and finished_at > due_at
        return ("overdone", _("超期办结")) if is_late else ("done", _("已办结"))
    if suspended_at:
        return "held", _("已挂起")
    if not due_at:
        return "none", _("不计时")
    if now > due_at:
        return "late", late_words(now - due_at, workdays)
    return left_words(due_at, now, workdays)


def late_words(late: timedelta, workdays: int | None) -> str:
    """How far behind: minutes within the hour, hours within the day, then days."""
    if late < timedelta(hours=1):
        return behind("minutes", max(1, late // timedelta(minutes=1)))
    if late < timedelta(days=1):
        return behind("hours", late // timedelta(hours=1))
    if workdays is not None and workdays < 0:
        return behind("workdays", -workdays)
    return behind("days", late.days)


@said_once
def behind(unit: str, count: int) -> str:
    """So many minutes, hours, working days or days too late."""
    if unit == "minutes":
        words = ngettext("超期 %(count)s分钟", "超期 %(count)s分钟", count)
    elif unit == "hours":
        words = ngettext("超期 %(count)s小时", "超期 %(count)s小时", count)
    elif unit == "workdays":
        words = ngettext("超期 %(count)s工作日", "超期 %(count)s工作日", count)
    else:
        words = ngettext("超期 %(count)s天", "超期 %(count)s天", count)
    return words % {"count": count}


def left_words(due_at: datetime, now: datetime, workdays: int | None) -> tuple[str, str]:
    """What is left: within three hours a span, today and tomorrow the moment, then days."""
    left, due, today = due_at - now, local(due_at), local(now).date()
    if left < timedelta(hours=1):
        return "soon", ahead("minutes", max(1, left // timedelta(minutes=1)))
    if left < timedelta(hours=3):
        return "soon", ahead("hours", left // timedelta(hours=1))
    days = (due.date() - today).days
    if days <= 1:
        # A limit in workdays ends with the day; "23:59" would promise a precision nobody meant.
        if (due.hour, due.minute) == END_OF_DAY:
            return "soon", _("今日内") if days == 0 else _("明日内")
        words = _("今日 %(at)s") if days == 0 else _("明日 %(at)s")
        return "soon", words % {"at": f"{due:%H:%M}"}
    if workdays is not None:
        return "soon" if workdays <= 1 else "ok", ahead("workdays", workdays)
    return "ok", ahead("days", days)


@said_once
def ahead(unit: str, count: int) -> str:
    """So many minutes, hours, working days or days left."""
    if unit == "minutes":
        words = ngettext("剩 %(count)s分钟", "剩 %(count)s分钟", count)
    elif unit == "hours":
        words = ngettext("剩 %(count)s小时", "剩 %(count)s小时", count)
    elif unit == "workdays":
        words = ngettext("剩 %(count)s工作日", "剩 %(count)s工作日", count)
    else:
        words = ngettext("剩 %(count)s天", "剩 %(count)s天", count)
    return words % {"count": count}


def span_words(amount: int, unit: str) -> str:
    """An amount of time in words: 3 工作日, 1 workday; `unit` is a code of `LimitUnit`."""
    if unit == "wm":
        words = ngettext("%(count)s 分钟", "%(count)s 分钟", amount)
    elif unit == "wh":
        words = ngettext("%(count)s 小时", "%(count)s 小时", amount)
    elif unit == "kh":
        words = ngettext("%(count)s 工作时", "%(count)s 工作时", amount)
    elif unit == "wd":
        words = ngettext("%(count)s 工作日", "%(count)s 工作日", amount)
    else:
        words = ngettext("%(count)s 自然日", "%(count)s 自然日", amount)
    return words % {"count": amount}


def moment(value: datetime | date | None) -> str:
    """A moment as the office writes it, on the minute and in its own time; a day stays a day."""
    if isinstance(value, datetime):
        return f"{local(value):%Y-%m-%d %H:%M}"
    return f"{value:%Y-%m-%d}" if value else ""


def local(value: datetime) -> datetime:
    """A moment on the clock of the office, the only one this house knows."""
    return value.astimezone(timezone.get_default_timezone())


def clock_moments(
    due_at: datetime | None, suspended_at: datetime | None, finished_at: datetime | None
) -> str:
    """The exact moments behind a clock, in words."""
    due, without, suspended, finished = sentences()
    said = [due % {"at": moment(due_at)} if due_at else without]
    if suspended_at:
        said.append(suspended % {"at": moment(suspended_at)})
    if finished_at:
        said.append(finished % {"at": moment(finished_at)})
    return " · ".join(said)


@said_once
def sentences() -> tuple[str, str, str, str]:
    """What `clock_moments` says of each moment."""
    return _("时限 %(at)s"), _("没有时限"), _("挂起于 %(at)s"), _("办结于 %(at)s")
