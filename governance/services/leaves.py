"""Leaves: a person is away, a deputy holds the same posts, and it ends by itself."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as kept

from governance.choices import NoticeKind, Word
from governance.errors import HouseError
from governance.models import Appointment, Leave, Person, Todo, User
from governance.models.reach import may
from governance.selectors import own_posts, serves_near
from governance.services import audit, todo
from governance.services.appointments import let_deputise, sync_rights
from governance.services.notices import notify

MOST_DAYS = 180
BEGINS, ENDS = "governance.leave_begins", "governance.leave_ends"


@audit.deed()
def take_leave(
    person: Person, deputy: Person, *, by: Any, started_on: date, last_on: date, note: str = ""
) -> Leave:
    """Enter that `person` is away from `started_on` to `last_on`, both included (`domain.md` 9).

    While it runs the deputy holds the same posts by dated appointments, the only source of rights;
    they begin and end by themselves. Entered by the person, or by whoever manages one of the posts
    (the secretary), who may not name himself. Technical posts have no deputy.
    Raises HouseError with one sentence for each thing that does not fit.
    """
    posts = own_posts(person)
    refuse_who_may_not_enter(person, posts, by)
    if by is not None and by.person_id == deputy.pk and by.person_id != person.pk:
        raise PermissionDenied(_("不能把自己设为别人的代理，请由本人或另一位有权人员登记。"))
    ended_on = last_on + timedelta(days=1)
    refuse_bad_days(started_on, last_on)
    if deputy.pk == person.pk:
        raise HouseError(_("不能由本人代理本人，请选择另一位同事。"))
    if not posts:
        raise HouseError(_("%(name)s没有需要代理的任职。") % {"name": person.name})
    refuse_clashes(person, deputy, started_on, ended_on)
    refuse_deputy_from_afar(deputy, posts)
    leave = Leave.objects.create(
        person=person,
        deputy=deputy,
        organisation=posts[0].organisation,
        started_on=started_on,
        ended_on=ended_on,
        note=note.strip()[:100],
        entered_by=by,
    )
    for post in posts:
        let_deputise(post, deputy, leave=leave, by=by)
    sync_rights(deputy)
    record("take_leave", leave, by)
    tell_both(leave, by)
    plan(leave)
    return leave


def refuse_who_may_not_enter(person: Person, posts: list[Appointment], by: Any) -> None:
    """Raise PermissionDenied unless `by` is the person, or manages one of the posts."""
    if by is None or by.person_id == person.pk:
        return
    if not any(may(by, Word.MANAGE, post.organisation.path) for post in posts):
        raise PermissionDenied(_("您没有这项操作的权限。"))


def refuse_bad_days(started_on: date, last_on: date) -> None:
    """Raise HouseError for days that make no leave."""
    if last_on < started_on:
        raise HouseError(_("结束日期早于开始日期，请检查。"))
    if started_on < timezone.localdate():
        raise HouseError(_("开始日期不能早于今天。"))
    if (last_on - started_on).days >= MOST_DAYS:
        raise HouseError(
            _("一次请假最长 %(days)s 天；更久的请办理任职调整。") % {"days": MOST_DAYS}
        )


def refuse_clashes(person: Person, deputy: Person, started_on: date, ended_on: date) -> None:
    """Raise HouseError when somebody would be in two places: three sentences for three reasons."""
    then = Leave.objects.overlapping(started_on, ended_on).select_related("person", "deputy")
    for other in then.filter(person__in=[person, deputy]) | then.filter(deputy=person):
        if other.started_on == other.ended_on:
            continue
        span = span_of(other)
        if other.person_id == person.pk:
            raise HouseError(
                _("与已登记的请假（%(span)s）重叠，请先提前结束那一次。") % {"span": span}
            )
        if other.person_id == deputy.pk:
            raise HouseError(
                _("%(name)s在%(span)s也请假，请另选代理人。") % {"name": deputy.name, "span": span}
            )
        raise HouseError(
            _("%(name)s在%(span)s代理%(other)s，请先为那一段另定代理人。")
            % {"name": person.name, "span": span, "other": other.person.name}
        )


def span_of(leave: Leave) -> str:
    """The days of a leave in words, both ends included."""
    return _("%(first)s至%(last)s") % {
        "first": f"{leave.started_on:%m-%d}",
        "last": f"{leave.ended_on - timedelta(days=1):%m-%d}",
    }


def refuse_deputy_from_afar(deputy: Person, posts: list[Appointment]) -> None:
    """Raise HouseError unless the deputy serves near each post and can sign in."""
    if not User.objects.filter(person=deputy, is_active=True).exists():
        raise HouseError(_("%(name)s没有可用的账号，不能代理。") % {"name": deputy.name})
    for post in posts:
        if not serves_near(deputy, post.organisation):
            raise HouseError(
                _("%(name)s不在%(unit)s的范围内任职，不能代理，请选择本社区或街道的同事。")
                % {"name": deputy.name, "unit": post.organisation.display_name}
            )


@audit.deed()
def end_leave(leave: Leave, *, by: Any) -> None:
    """Back earlier, or not away at all: the deputy's rights end with this moment.

    By the person, or by whoever manages one of the posts. Raises HouseError when it has ended.
    """
    leave = Leave.objects.select_for_update().select_related("person", "deputy").get(pk=leave.pk)
    refuse_who_may_not_enter(leave.person, own_posts(leave.person), by)
    today = timezone.localdate()
    if leave.ended_on <= today:
        raise HouseError(_("这次请假已经结束。"))
    has_begun = leave.started_on <= today
    leave.ended_on = today if has_begun else leave.started_on
    leave.save(update_fields=["ended_on"])
    for post in leave.posts.filter(ended_on__gt=leave.ended_on):
        post.ended_on = max(leave.ended_on, post.started_on)
        post.save(update_fields=["ended_on"])
    sync_rights(leave.deputy)
    record("end_leave", leave, by)
    notify(
        [leave.deputy_id],
        title=kept("代理提前结束：%(name)s") % {"name": leave.person.name},
        key=f"leave_ended:{leave.pk}",
    )
    todo.cancel(leave.pk, kinds=[BEGINS])
    if has_begun:
        todo.plan([work(leave, ENDS, timezone.now())])


def plan(leave: Leave) -> None:
    """What lies on the desk is handed over when it begins, and comes back when it has ended."""
    begin = max(midnight_of(leave.started_on), timezone.now())
    todo.plan([work(leave, BEGINS, begin), work(leave, ENDS, midnight_of(leave.ended_on))])


def work(leave: Leave, kind: str, due_at: datetime) -> Todo:
    """One piece of work for later about this leave; who does it sits on a floor above."""
    return Todo(kind=kind, key=f"{kind}:{leave.pk}", subject_id=leave.pk, due_at=due_at)


def midnight_of(day: date) -> datetime:
    """The first moment of a day."""
    return timezone.make_aware(datetime.combine(day, time()))


def tell_both(leave: Leave, by: Any) -> None:
    """The deputy learns of it, and the person too when somebody else has entered it."""
    words = {"name": leave.person.name, "deputy": leave.deputy.name, "span": span_of(leave)}
    notify(
        [leave.deputy_id],
        kind=NoticeKind.TASK,
        title=kept("请您代理%(name)s（%(span)s）") % words,
        body=kept("这几天其待办、提醒和派单由您接收，到期自动结束。"),
        key=f"leave:{leave.pk}",
    )
    if by is None or by.person_id != leave.person_id:
        notify(
            [leave.person_id],
            title=kept("已为您登记请假（%(span)s），由%(deputy)s代理") % words,
            key=f"leave:{leave.pk}",
        )


def record(verb: str, leave: Leave, by: Any) -> None:
    """The audit line; the reason stays out of it, it may be an illness."""
    audit.record(
        verb,
        by=by,
        subject=f"person:{leave.person_id}",
        organisation_path=leave.organisation.path,
        detail={
            "deputy": leave.deputy_id,
            "from": str(leave.started_on),
            "until": str(leave.ended_on),
        },
    )


def lock(pk: int) -> Leave | None:
    """The leave, locked for its work; None when it is gone."""
    return Leave.objects.select_for_update(of=("self",)).select_related(
        "person", "deputy", "organisation"
    ).filter(pk=pk).first()  # fmt: skip
