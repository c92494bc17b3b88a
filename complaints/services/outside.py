"""Questions to outsiders: asked beside the work, answered once by a secret link (issue 4, point 2)."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as kept

from complaints import outsiders
from complaints.calendars import current_calendar
from complaints.choices import OutsiderKind, PhotoGroup
from complaints.models import Complaint, OutsideQuestion, Photo, ResidentRules
from complaints.photos import Picture
from complaints.public_text import ID_NUMBER, MAIL, NAME, PHONE, Finding, personal_words
from complaints.rules import rules_of
from complaints.services import budgets, clock, secret_links
from complaints.services.budgets import DAY, HOUR, Budget
from complaints.services.dispatching import tell
from complaints.services.resident_filing import lay_photos
from complaints.services.steps import lock_complaint, take_step
from complaints.services.supervising import holders
from governance.choices import Word
from governance.errors import HouseError, WrongMove
from governance.models import Todo
from governance.models.reach import may
from governance.selectors import stand_ins
from governance.services.audit import deed
from governance.services.deeds import answered, once
from governance.worktime import add

PURPOSE = "outside.question"
MOST_WAITING = 5
LONGEST_WORKDAYS = 30
# These name a person whoever reads; the rest is marked in the preview for the sender to judge.
NEVER_SENT = (PHONE, ID_NUMBER, MAIL, NAME)
JOINED = ("complaint__subdistrict", "unit")


@dataclass(frozen=True)
class Asked:
    """What a sender writes to an outsider, and the very words shown of the matter.

    `workdays` is the time for the answer; an empty `shown_…` is not shown. `photos` are the ids of
    the photos the sender has ticked.
    """

    to_kind: str
    to_name: str
    question: str
    workdays: int
    shown_text: str = ""
    shown_place: str = ""
    shown_category: str = ""
    photos: tuple[int, ...] = ()


@deed()
def ask(pk: int, asked: Asked, *, by: Any, key: UUID) -> str:
    """Write a question beside a case and return the secret of its link, which is shown only now.

    The same form sent twice is one question with one link. No clock and no stage changes. Raises
    HouseError for a confidential case, too many open questions, or words that name a person.
    """
    secret = secret_links.secret_of_form(key, PURPOSE)
    name = hashlib.sha256(b"ask_outside" + key.bytes).hexdigest()
    body = {"case": pk, **vars(asked)}
    once(name, by=by, body=body, act=lambda: _ask(pk, asked, by, secret))
    return secret


def _ask(pk: int, asked: Asked, by: Any, secret: str) -> dict[str, Any]:
    case = lock_complaint(pk)
    refuse_unfit(case, asked)
    pictures = photos_to_show(case, asked.photos)
    rules = rules_of(case.subdistrict_id).resident
    sentence = _("您今天征询外单位已达 %(most)s 次，请明天再发。")
    most = rules.outside_day
    budgets.spend([Budget("outside_day", str(by.pk), most, DAY, sentence % {"most": most})])
    due_at = add(timezone.now(), asked.workdays, "wd", current_calendar(case.subdistrict)).at
    take_step(
        case, verb_of("ask_outside", case, by), by=by,
        note=f"{asked.to_name.strip()}：{asked.question.strip()}",
    )  # fmt: skip
    row = OutsideQuestion.objects.create(
        complaint=case,
        round=case.round,
        unit=case.holder or case.subdistrict,
        to_kind=asked.to_kind,
        to_name=asked.to_name.strip(),
        question=asked.question.strip(),
        shown_text=asked.shown_text.strip(),
        shown_place=asked.shown_place,
        shown_category=asked.shown_category,
        due_at=due_at,
        secret_digest=secret_links.digest_of(secret, PURPOSE),
        made_by=by,
        expires_at=due_at + timedelta(days=rules.outside_link_days),
    )
    if pictures:
        row.shown_photos.set(pictures)
    clock.plan_request(clock.OUTSIDE_LATE, case, due_at, row.pk)
    return {"question": row.pk}


def photos_to_show(case: Complaint, chosen: tuple[int, ...]) -> list[Photo]:
    """The ticked photos; HouseError for one that is not of this case, or never leaves the house."""
    if not chosen:
        return []
    found = list(outsiders.photos_for_outsiders(case).filter(pk__in=chosen))
    if len(found) != len(set(chosen)):
        raise HouseError(_("所选照片已不在这件诉求中，请重新选择。"))
    return found


def verb_of(name: str, case: Complaint, by: Any) -> str:
    """The move by whose right `by` acts: the holder's own, or the dispatch desk's above it."""
    path = case.holder_path or case.subdistrict.path
    return name if may(by, Word.HANDLE, path) else f"{name}_by_desk"


def refuse_unfit(case: Complaint, asked: Asked) -> None:
    """Raise HouseError naming the first rule a question breaks."""
    if case.is_confidential:
        raise HouseError(_("保密件不能征询外单位。"))
    if asked.to_kind not in OutsiderKind.values:
        raise HouseError(_("请选择对方类型。"))
    if len(asked.to_name.strip()) < 2:
        raise HouseError(_("请写明对方单位的名称。"))
    if len(asked.question.strip()) < 4:
        raise HouseError(_("请写明需要对方答复的事项。"))
    if not 1 <= asked.workdays <= LONGEST_WORKDAYS:
        most = LONGEST_WORKDAYS
        raise HouseError(_("答复期限请填 1 到 %(most)s 个工作日。") % {"most": most})
    if OutsideQuestion.objects.filter(complaint=case).waiting().count() >= MOST_WAITING:
        raise HouseError(
            _("这件诉求已有 %(most)s 个征询等待答复，请先等待或撤回。") % {"most": MOST_WAITING}
        )
    texts = f"{asked.question}\n{asked.shown_text}"
    if found := forbidden_words(case, texts):
        words = "；".join(f"{one.label}“{one.text}”" for one in found[:6])
        raise HouseError(
            _("不能把指向个人的内容发给外单位，请改掉：%(words)s。") % {"words": words}
        )


def forbidden_words(case: Complaint, text: str) -> list[Finding]:
    """What may not leave the house: numbers and the caller's name; everything when secrecy was asked.

    `domain.md` 4.1: the caller's identity must never reach the party complained about.
    """
    found = personal_words(text, [case.caller.name])
    return found if case.caller.is_secret else [one for one in found if one.kind in NEVER_SENT]


@deed()
def renew(pk: int, *, by: Any) -> str:
    """Give a waiting question another link and end the old one; the secret is shown only now."""
    row, case = locked(pk, by)
    if row.answered_at is not None or row.ended_at is not None:
        raise WrongMove(_("这次征询已结束，不需要新链接。"))
    secret = secret_links.fresh_secret()
    days = rules_of(case.subdistrict_id).resident.outside_link_days
    row.secret_digest = secret_links.digest_of(secret, PURPOSE)
    row.expires_at = max(row.due_at, timezone.now()) + timedelta(days=days)
    row.save(update_fields=["secret_digest", "expires_at"])
    note = kept("换新链接，旧链接已打不开")
    take_step(case, verb_of("renew_outside", case, by), by=by, note=f"{row.to_name}：{note}")
    return secret


@deed()
def end(pk: int, *, by: Any) -> OutsideQuestion:
    """Take a question back: its link opens nothing any more. WrongMove when it was answered."""
    row, case = locked(pk, by)
    if row.answered_at is not None:
        raise WrongMove(_("对方已经答复，不能再撤回。"))
    if row.ended_at is not None:
        raise WrongMove(_("这次征询已经撤回。"))
    row.ended_at, row.ended_by = timezone.now(), by
    row.save(update_fields=["ended_at", "ended_by"])
    take_step(case, verb_of("end_outside", case, by), by=by, note=row.to_name)
    return row


def locked(pk: int, by: Any) -> tuple[OutsideQuestion, Complaint]:
    """A question and its case, locked; PermissionDenied when the case is out of reach."""
    row = OutsideQuestion.objects.get(pk=pk)
    case = lock_complaint(row.complaint_id)
    if not Complaint.objects.visible_to(by).filter(pk=case.pk).exists():
        raise PermissionDenied(_("您没有这项操作的权限。"))
    return OutsideQuestion.objects.select_for_update(of=("self",)).get(pk=pk), case


# ── the outsider ─────────────────────────────────────────────────────────────────────────────


def question_behind(secret: str) -> OutsideQuestion | None:
    """The question a link opens; None for a wrong, expired or withdrawn one, and for an ended case."""
    rows = OutsideQuestion.objects.select_related(*JOINED).filter(complaint__is_confidential=False)
    row: OutsideQuestion | None = secret_links.row_behind(rows, secret, PURPOSE)
    if row is None or (row.answered_at is None and not row.complaint.is_open):
        return None
    return row


def answer(
    question: OutsideQuestion,
    *,
    key: UUID,
    words: str,
    answered_by: str = "",
    pictures: Sequence[Picture] = (),
    address: str = "",
) -> None:
    """The one answer of an outsider: a row, a line of the history, and a notice to who asked.

    `address` is the network address, used for budgets only. The same form sent twice is one
    answer. Raises WrongMove when the question was answered or taken back meanwhile, HouseError
    for an empty answer or a budget that is used up.
    """

    def act() -> dict[str, Any]:
        rules = rules_of(question.complaint.subdistrict_id).resident
        budgets.spend(budgets_of(rules, question, address))
        _answer(question.pk, question.complaint_id, words, answered_by, pictures)
        return {}

    once(key_of_answer(question, key), by=None, body={"question": question.pk}, act=act)


def key_of_answer(question: OutsideQuestion, key: UUID) -> str:
    """Under which key the answer that came by this form is remembered."""
    text = b"answer_outside" + key.bytes + str(question.pk).encode()
    return hashlib.sha256(text).hexdigest()


def was_answered_by(question: OutsideQuestion, key: UUID, words: str) -> bool:
    """Whether the answer there is came by this very form, whose reply may have been lost."""
    name = key_of_answer(question, key)
    is_the_form = answered(name, by=None, body={"question": question.pk}) is not None
    return is_the_form and question.answer == words.strip()


def budgets_of(rules: ResidentRules, question: OutsideQuestion, address: str) -> list[Budget]:
    """How often one link, and one network, may be used for an answer."""
    sentence = _("提交得比较多，请过一小时再试，或直接致电征询单位。")
    return [
        Budget("outside_link", str(question.pk), rules.link_day, DAY, sentence),
        Budget("outside_hour", address, rules.address_hour, HOUR, sentence),
    ]


def _answer(
    pk: int, case_pk: int, words: str, answered_by: str, pictures: Sequence[Picture]
) -> None:
    case = lock_complaint(case_pk)
    row = OutsideQuestion.objects.select_for_update(of=("self",)).get(pk=pk)
    if row.answered_at is not None:
        raise WrongMove(_("已经答复过了。"))
    if row.ended_at is not None or row.expires_at <= timezone.now() or case.is_confidential:
        raise WrongMove(_("这个链接已经失效。"))
    if len(words.strip()) < 2:
        raise HouseError(_("请写几句答复。"))
    row.photos.set(lay_photos(case, pictures, PhotoGroup.OUTSIDE))
    row.answered_at, row.answer = timezone.now(), words.strip()[:2000]
    row.answered_by = answered_by.strip()[:30]
    row.save(update_fields=["answered_at", "answer", "answered_by"])
    who = f"{row.to_name} {row.answered_by}".strip()
    take_step(case, "answer_outside", by=None, note=f"{who}：{row.answer}")
    tell(case, askers(case, row), kept("外单位已答复"), f"outside:{row.pk}")


def note_late(case: Complaint, todo: Todo) -> None:
    """The time for an answer is over: one line in the history, and a reminder to who asked."""
    waiting = OutsideQuestion.objects.filter(complaint=case, pk=todo.detail["number"]).waiting()
    row = waiting.select_related("made_by").first()
    if row is None or not case.is_open:
        return
    if row.due_at > timezone.now():
        clock.plan_request(clock.OUTSIDE_LATE, case, row.due_at, row.pk)
        return
    take_step(case, "outside_late", by=None, note=row.to_name)
    tell(case, askers(case, row), kept("外单位逾期未答复，请催问"), f"outside_late:{row.pk}")


def askers(case: Complaint, row: OutsideQuestion) -> list[int]:
    """Who asked (or a deputy), and who has the case now."""
    asked = stand_ins([row.made_by.person_id]) if row.made_by and row.made_by.person_id else []
    return [*asked, *holders(case)]
