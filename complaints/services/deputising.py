"""Deputising: what lies on the desk of who goes away moves to the deputy, and comes back."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_noop as kept

from complaints.choices import Stage
from complaints.models import Accused, Complaint
from complaints.services.steps import lock_complaint, take_step
from governance.choices import NoticeKind, Word
from governance.models import Appointment, Leave, Person
from governance.models.reach import may
from governance.services.notices import notify

AT_WORK = (Stage.PENDING_SIGN, Stage.HANDLING)


def hand_over(leave: Leave, _todo: Any = None) -> int:
    """A leave begins: open cases that name the absent person now name the deputy; says how many.

    By the house itself, one step in each history; no clock moves. Nobody is given a case about
    himself. Repeating it moves nothing twice.
    """
    if not leave.posts.on().exists():
        return 0  # taken back before it began
    moved = move(leave, leave.person, leave.deputy, kept("%(from)s请假，由%(to)s代理"))
    if moved:
        notify(
            [leave.deputy_id],
            kind=NoticeKind.TASK,
            title=kept("代%(name)s：%(count)s 件在办诉求已转到您名下")
            % {"name": leave.person.name, "count": moved},
            key=f"handed_over:{leave.pk}",
        )
    return moved


def hand_back(leave: Leave, _todo: Any = None) -> int:
    """A leave has ended: what the deputy still has on those desks names the person again.

    A desk where the deputy serves by an own post is left as it is: there nobody knows any more
    whose case it was. Says how many came back.
    """
    if leave.posts.on().exists():
        return 0  # ended later than it was planned for
    own = Appointment.objects.on().filter(person=leave.deputy, deputises_for=None)
    own_desks = set(own.values_list("organisation_id", flat=True))
    moved = move(leave, leave.deputy, leave.person, kept("代理结束，交回%(to)s"), without=own_desks)
    if moved:
        notify(
            [leave.person_id],
            kind=NoticeKind.TASK,
            title=kept("代理结束：%(count)s 件在办诉求已交回您名下") % {"count": moved},
            key=f"handed_back:{leave.pk}",
        )
    return moved


def move(
    leave: Leave, giver: Person, taker: Person, words: str, without: set[int] | None = None
) -> int:
    """Name `taker` on the giver's open cases at the desks of the leave's posts."""
    desks = set(leave.posts.values_list("organisation_id", flat=True)) - (without or set())
    note = words % {"from": giver.name, "to": taker.name}
    user = getattr(taker, "user", None)
    moved = 0
    for pk in cases_of(giver, desks).order_by("pk").values_list("pk", flat=True):
        case = lock_complaint(pk)
        still = case.assignee_id == giver.pk and case.stage in AT_WORK and not case.is_suspended
        if not still or not may(user, Word.HANDLE, case.holder_path) or is_about(case, user):
            continue
        take_step(case, "assign", by=None, note=note, assignee=taker)
        moved += 1
    return moved


def cases_of(person: Person, desks: set[int]) -> QuerySet[Complaint]:
    """Open cases that name a person, held on one of the desks."""
    return Complaint.objects.open().filter(
        holder__in=desks, assignee=person, stage__in=AT_WORK, suspended_at=None
    )


def is_about(case: Complaint, user: Any) -> bool:
    """Whether a confidential case names this person."""
    return case.is_confidential and Accused.objects.about(user).filter(complaint=case).exists()
