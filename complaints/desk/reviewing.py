"""The review queue: request and answer side by side, and what the rules say of the answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from complaints.choices import CITY_SOURCES, PhotoGroup, ResultKind, Stage
from complaints.models import Complaint, Contact, Photo, Reply, Step
from complaints.public_text import NUMBERS, personal_words
from complaints.rules import rules_of
from governance.choices import Level, Word
from governance.models.reach import SEGMENT, beneath, roots

ROWS = 20
SHOWN = ("holder", "main_unit", "place", "category", "assignee")


@dataclass(frozen=True)
class Check:
    """One rule an answer must keep, and whether it does."""

    label: str
    is_kept: bool
    said: str = ""


def to_be_reviewed(user: Any) -> QuerySet[Complaint]:
    """Answers that `user` may review: within reach, not the own ones, the city's by the street."""
    paths = roots(user, Word.REVIEW)
    streets = [path for path in paths if len(path) == SEGMENT]
    own = Reply.objects.filter(complaint=OuterRef("pk"), round=OuterRef("round"), by=user)
    by_communities = ~Q(source__in=CITY_SOURCES) & Q(holder__level__gte=Level.GRID_BRANCH)
    return (
        Complaint.objects.visible_to(user, Word.REVIEW)
        .open()
        .filter(stage=Stage.PENDING_REVIEW)
        .filter(beneath("holder_path", streets) | beneath("holder_path", paths) & by_communities)
        .exclude(Exists(own))
    )


def queue(user: Any) -> QuerySet[Complaint]:
    """待审核, what is due first."""
    return to_be_reviewed(user).select_related(*SHOWN).order_by("due_at", "pk")


def after(user: Any, case: Complaint) -> int | None:
    """The answer that follows when `case` has been decided; None when the queue is empty."""
    rows = to_be_reviewed(user).exclude(pk=case.pk).order_by("due_at", "pk")
    return rows.values_list("pk", flat=True).first()


def evidence_of(case: Complaint) -> dict[str, Any]:
    """The answer, what was done for it, and what the rules say; six statements."""
    replies = list(case.replies.select_related("by__person", "reviewed_by__person").order_by("-id"))
    answer = next((row for row in replies if row.round == case.round), None)
    contacts = list(case.contacts.filter(round=case.round).select_related("by__person"))
    photos = list(Photo.objects.filter(complaint=case))
    now = [photo for photo in photos if photo.round == case.round]
    done = [photo for photo in now if photo.group == PhotoGroup.HANDLING]
    logs = Step.objects.filter(complaint=case, verb="log", round=case.round)
    return {
        "answer": answer,
        "earlier": [row for row in replies if row is not answer],
        "contacts": contacts,
        "logs": list(logs.select_related("by__person").order_by("-number")[:5]),
        "before": [photo for photo in photos if photo.group == PhotoGroup.REPORT],
        "done": done,
        "papers": [photo for photo in now if photo not in done and photo.group != "report"],
        "checks": checks_of(case, answer, contacts, done) if answer else [],
        "names_somebody": bool(answer and numbers_in(answer)),
    }


def numbers_in(answer: Reply) -> list[str]:
    """Numbers of persons (phone, identity card) that stand in the public text."""
    return [one.text for one in personal_words(answer.public_text) if one.kind in NUMBERS]


def checks_of(
    case: Complaint, answer: Reply, contacts: Sequence[Contact], done: Sequence[Photo]
) -> list[Check]:
    """The hard rules of an answer (`domain.md` 5.1), each with what was found."""
    least = rules_of(case.subdistrict).case.least_reply_characters
    length = len(answer.public_text.strip())
    numbers = numbers_in(answer)
    checks = [
        Check(_("联系诉求人"), bool(contacts), contact_words(contacts)),
        Check(
            _("公开答复字数"), length >= least,
            _("%(length)s 字，至少 %(least)s 字") % {"length": length, "least": least},
        ),
        Check(
            _("答复里有个人号码：") if numbers else _("答复里没有个人号码"),
            not numbers, "、".join(numbers),
        ),
        Check(_("在期限内"), *in_time(case, answer)),
    ]  # fmt: skip
    if answer.result_kind == ResultKind.PARTLY:
        checks.append(
            Check(_("写明未解决原因"), bool(answer.unsolved_reason), answer.unsolved_reason)
        )
    solved = answer.result_kind in (ResultKind.SOLVED, ResultKind.PARTLY)
    if case.category is not None and case.category.needs_photo and solved:
        found = ngettext("%(count)s 张", "%(count)s 张", len(done)) % {"count": len(done)}
        checks.append(Check(_("附办理后的照片"), bool(done), found))
    return checks


def contact_words(contacts: Sequence[Contact]) -> str:
    """How often, and whether anybody answered."""
    reached = sum(contact.is_reached for contact in contacts)
    return _("%(count)s 次，联系上 %(reached)s 次") % {"count": len(contacts), "reached": reached}


def in_time(case: Complaint, answer: Reply) -> tuple[bool, str]:
    """Whether the answer came before the promise to the citizen ended."""
    if case.case_due_at is None:
        return True, _("不计时")
    moment = f"{timezone.localtime(answer.at):%m-%d %H:%M}"
    due = f"{timezone.localtime(case.case_due_at):%m-%d %H:%M}"
    return answer.at <= case.case_due_at, _("%(moment)s 答复，%(due)s 到期") % {
        "moment": moment, "due": due,
    }  # fmt: skip
