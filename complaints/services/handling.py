"""Handling: a case is signed, the caller contacted, the matter settled and answered."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as kept

from complaints.choices import ContactChannel, PhotoGroup, ResultKind
from complaints.models import Assignment, Complaint, Contact, Reply
from complaints.ready_words import has_gap
from complaints.rules import rules_of
from complaints.services import clock
from complaints.services.assisting import settle_before_reply
from complaints.services.dispatching import lapse_requests, tell
from complaints.services.reviewing import reviewers
from complaints.services.steps import lock_complaint, take_step
from governance.choices import Level, Word
from governance.errors import HouseError
from governance.models import Person
from governance.selectors import who_serves
from governance.services.audit import deed

ATTEMPTS_THAT_COUNT = 3


@deed()
def sign(pk: int, *, by: Any, seen: int | None = None) -> Complaint:
    """Confirm receipt. `by=None` is the house after twice the sign limit: a late sign (5.1)."""
    case = lock_complaint(pk, seen=seen)
    take_step(
        case,
        "sign",
        by=by,
        note="" if by else kept("超过签收时限两倍未签收，系统自动签收，计为逾期签收"),
        **({"assignee": by.person} if by else {}),
    )
    Assignment.objects.filter(complaint=case, ended_at=None, signed_at=None).update(
        signed_at=timezone.now(), signed_by=by, is_auto_signed=by is None
    )
    clock.stop(case, [clock.AUTO_SIGN])
    return case


@deed()
def assign(pk: int, person: Person, *, by: Any, seen: int | None = None) -> Complaint:
    """Name the person inside the holding unit who acts; no clock moves."""
    case = lock_complaint(pk, seen=seen)
    if case.holder is None or person not in who_serves(case.holder, word=Word.HANDLE):
        raise HouseError(_("只能指定当前办理单位中有办理权限的人员。"))
    take_step(case, "assign", by=by, note=person.name, assignee=person)
    tell(case, [person.pk], kept("工单已指定由您办理"), "assign")
    return case


@deed()
def contact(
    pk: int,
    *,
    by: Any,
    channel: str,
    is_reached: bool,
    note: str = "",
    seen: int | None = None,
) -> Contact:
    """Log that the caller was called or visited; three failed attempts count as contacted (8.3)."""
    case = lock_complaint(pk, seen=seen)
    if channel == ContactChannel.NONE and not note.strip():
        raise HouseError(_("请写明无法联系诉求人的原因。"))
    row = Contact.objects.create(
        complaint=case,
        round=case.round,
        channel=channel,
        is_reached=is_reached,
        note=note.strip()[:300],
        by=by,
    )
    summary = str(kept("已联系上") if is_reached else kept("未联系上"))
    label = str(ContactChannel(channel).label)
    take_step(case, "contact", by=by, note=f"{label} · {summary} {note}".strip())
    tries = Contact.objects.filter(complaint=case, round=case.round).count()
    if is_reached or tries >= ATTEMPTS_THAT_COUNT:
        Assignment.objects.filter(complaint=case, ended_at=None, contacted_at=None).update(
            contacted_at=row.at
        )
    return row


@deed()
def log(pk: int, *, by: Any, note: str, seen: int | None = None) -> Complaint:
    """Write down what was done on the way; no clock moves."""
    case = lock_complaint(pk, seen=seen)
    take_step(case, "log", by=by, note=note)
    return case


@deed()
def reply(
    pk: int,
    *,
    by: Any,
    result_kind: str,
    public_text: str,
    internal_text: str = "",
    is_true: bool = True,
    unsolved_reason: str = "",
    no_contact_reason: str = "",
    without_assists: str = "",
    shows_photos: bool = False,
    seen: int | None = None,
) -> Complaint:
    """Answer the matter; another person reviews it, a third one asks the citizen.

    Hard rules (`domain.md` 5.1): a contact or the reason why there is none, a public reply of at
    least ten characters, a photo where the category asks for one; the answers of the units that
    help, or `without_assists`, the reason why they are not waited for; no open sub-case. With
    `shows_photos` the citizen sees the round's photos of the work by the secret link, once the
    answer is approved. Raises HouseError naming the rule; nothing is saved then.
    """
    case = lock_complaint(pk, seen=seen)
    if no_contact_reason.strip():
        Contact.objects.create(
            complaint=case,
            round=case.round,
            channel=ContactChannel.NONE,
            is_reached=False,
            note=no_contact_reason.strip()[:300],
            by=by,
        )
    refuse_thin_reply(case, result_kind, public_text, unsolved_reason)
    settle_before_reply(case, by, without_assists)
    now = timezone.now()
    Reply.objects.create(
        complaint=case,
        round=case.round,
        result_kind=result_kind,
        public_text=public_text.strip(),
        internal_text=internal_text.strip(),
        is_true=is_true,
        unsolved_reason=unsolved_reason.strip()[:200],
        shows_photos=shows_photos,
        at=now,
        by=by,
    )
    level = case.holder.level if case.holder else None
    take_step(
        case,
        "reply",
        by=by,
        note=public_text,
        result_kind=result_kind,
        solved_level=level or Level.WORKING_COMMITTEE,
        box_due_at=None,
    )
    Assignment.objects.filter(complaint=case, ended_at=None).update(replied_at=now)
    lapse_requests(case)
    clock.stop(case)
    tell(case, reviewers(case), kept("答复待审核"), "reply")
    return case


def refuse_thin_reply(
    case: Complaint, result_kind: str, public_text: str, unsolved_reason: str
) -> None:
    """Raise HouseError naming the first rule an answer breaks."""
    least = rules_of(case.subdistrict).case.least_reply_characters
    if result_kind not in ResultKind.values:
        raise HouseError(_("请选择办理结果。"))
    if len(public_text.strip()) < least:
        raise HouseError(_("公开答复至少写 %(least)s 个字，让诉求人看得明白。") % {"least": least})
    if has_gap(public_text):
        raise HouseError(_("答复里还有没填的空（＿＿），请填完或删去再提交。"))
    if result_kind == ResultKind.PARTLY and not unsolved_reason.strip():
        raise HouseError(_("部分解决时，请写明未解决的部分和原因。"))
    if not Contact.objects.filter(complaint=case, round=case.round).exists():
        raise HouseError(_("答复前请先联系诉求人并记录，或写明无法联系的原因。"))
    needs_photo = case.category is not None and case.category.needs_photo
    if (
        needs_photo
        and result_kind in (ResultKind.SOLVED, ResultKind.PARTLY)
        and not case.photos.filter(group=PhotoGroup.HANDLING, round=case.round).exists()
    ):
        raise HouseError(_("这类问题答复时须附办理后的照片。"))
