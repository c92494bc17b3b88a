"""Publishing: a clerk writes what anybody may read, a second person releases it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.choices import PublicationStage, Stage
from complaints.models import Complaint, Publication, Reply
from complaints.public_text import personal_words
from complaints.services.steps import lock_complaint
from governance.choices import Level, Word
from governance.errors import HouseError, WrongMove
from governance.models import Organisation
from governance.models.reach import SEGMENT, require
from governance.services import audit
from governance.services.audit import deed

SHORTEST_TITLE, SHORTEST_TEXT = 4, 10
# The place is chosen from a list and needs no reading.
TEXTS = ("title", "what_was_done")


@deed()
def prepare(pk: int, *, by: Any, title: str, place: str, what_was_done: str) -> Publication:
    """Write the public text of a solved matter; it waits for a second person (`domain.md` 4.1).

    `place` is one of `places_of` and nothing finer. Raises HouseError when the case may not be
    published at all, or when the text still holds words that point to a person.
    """
    case = lock_complaint(pk)
    require(by, Word.DISPATCH, case.main_unit_path or case.subdistrict.path)
    refuse_unfit(case)
    if place not in places_of(case):
        raise HouseError(_("地点只能选到小区、社区或街道，不能更细。"))
    texts = {"title": title.strip(), "what_was_done": what_was_done.strip()}
    refuse_thin(texts)
    refuse_personal(case, texts)
    if waiting := current(case):
        raise WrongMove(
            _("这件诉求的公开文稿已是“%(stage)s”。") % {"stage": waiting.get_stage_display()}
        )
    publication = Publication(
        complaint=case,
        organisation=community_of(case),
        category=kind_of(case),
        day_count=days_taken(case),
        prepared_by=by,
        place=place,
        **texts,
    )
    try:
        with transaction.atomic():
            publication.save(force_insert=True)
    except IntegrityError as error:
        raise WrongMove(_("另一位同事刚刚为这件诉求写了公开文稿。")) from error
    record("prepare_publication", publication, by)
    return publication


def current(case: Complaint) -> Publication | None:
    """The public text of a case that has not been withdrawn, if there is one."""
    rows = Publication.objects.filter(complaint=case)
    return rows.exclude(stage=PublicationStage.WITHDRAWN).first()


@deed()
def revise(pk: int, *, by: Any, title: str, place: str, what_was_done: str) -> Publication:
    """Change a text that waits or was sent back; whoever changed it last may not release it."""
    publication = locked(pk, (PublicationStage.PREPARED, PublicationStage.RETURNED))
    case = publication.complaint
    require(by, Word.DISPATCH, case.main_unit_path or case.subdistrict.path)
    refuse_unfit(case)
    if place not in places_of(case):
        raise HouseError(_("地点只能选到小区、社区或街道，不能更细。"))
    texts = {"title": title.strip(), "what_was_done": what_was_done.strip()}
    refuse_thin(texts)
    refuse_personal(case, texts)
    publication.title, publication.what_was_done = texts["title"], texts["what_was_done"]
    publication.place = place
    publication.stage, publication.prepared_by = PublicationStage.PREPARED, by
    publication.prepared_at, publication.note = timezone.now(), ""
    publication.save()
    record("revise_publication", publication, by)
    return publication


@deed()
def release(pk: int, *, by: Any) -> Publication:
    """Let anybody read it: by a second person, who has looked at every word.

    Everything is asked anew, because the case may have become confidential since.
    """
    publication = locked(pk, (PublicationStage.PREPARED,))
    require(by, Word.REVIEW, publication.organisation.path)
    refuse_own_text(publication, by)
    case = publication.complaint
    refuse_unfit(case)
    refuse_personal(case, {name: getattr(publication, name) for name in TEXTS})
    publication.stage = PublicationStage.RELEASED
    publication.checked_by, publication.checked_at = by, timezone.now()
    publication.released_at = publication.checked_at
    publication.save()
    record("release_publication", publication, by)
    return publication


@deed()
def return_text(pk: int, *, by: Any, note: str) -> Publication:
    """Not fit yet: back to the clerk who wrote it, with a word why."""
    publication = locked(pk, (PublicationStage.PREPARED,))
    require(by, Word.REVIEW, publication.organisation.path)
    refuse_own_text(publication, by)
    if not note.strip():
        raise HouseError(_("请写明要改什么。"))
    publication.stage, publication.note = PublicationStage.RETURNED, note.strip()[:200]
    publication.checked_by, publication.checked_at = by, timezone.now()
    publication.save()
    record("return_publication", publication, by)
    return publication


@deed()
def withdraw_text(pk: int, *, by: Any, note: str) -> Publication:
    """Take a text off the public page, or drop a draft; the case may be published anew later.

    Whoever may write or check texts there may do it: taking away is never a slip that hurts.
    """
    publication = locked(pk, tuple(PublicationStage(one) for one in OPEN))
    require(by, Word.DISPATCH, publication.organisation.path)
    if not note.strip():
        raise HouseError(_("请写明撤回原因。"))
    publication.stage, publication.note = PublicationStage.WITHDRAWN, note.strip()[:200]
    publication.withdrawn_by, publication.withdrawn_at = by, timezone.now()
    publication.save()
    record("withdraw_publication", publication, by)
    return publication


OPEN = (PublicationStage.PREPARED, PublicationStage.RETURNED, PublicationStage.RELEASED)


def locked(pk: int, stages: tuple[PublicationStage, ...]) -> Publication:
    """The text, locked, with its case; WrongMove when it has moved on."""
    publication = (
        Publication.objects.select_for_update(of=("self",))
        .select_related(
            "organisation", "complaint__subdistrict", "complaint__category__parent__parent",
            "complaint__caller", "complaint__compound", "complaint__assignee",
        )
        .get(pk=pk)
    )  # fmt: skip
    if publication.stage not in stages:
        raise WrongMove(
            _("这份文稿现为“%(stage)s”，您的操作未执行。")
            % {"stage": publication.get_stage_display()}
        )
    return publication


def refuse_own_text(publication: Publication, by: Any) -> None:
    """Four eyes see more: nobody releases the own text."""
    if publication.prepared_by_id == by.pk:
        raise PermissionDenied(_("不能核对自己写的公开文稿，请由另一位同事核对。"))


def refuse_unfit(case: Complaint) -> None:
    """Raise HouseError when nothing of this case may be published."""
    kind = case.category
    about_staff = case.is_confidential or case.discipline_only or case.accused.exists()
    if about_staff or (kind is not None and kind.is_confidential):
        raise HouseError(_("保密件和涉及工作人员的诉求不公开。"))
    if case.caller.is_secret:
        raise HouseError(_("诉求人要求保密，这件诉求不公开。"))
    if case.stage not in (Stage.CLOSED, Stage.ARCHIVED):
        raise HouseError(_("办结以后才能公开结果。"))
    if case.is_unreached or not Reply.objects.filter(complaint=case, is_approved=True).exists():
        raise HouseError(_("没有经审核并回访的答复，不能公开。"))


def refuse_thin(texts: dict[str, str]) -> None:
    """Raise HouseError for a text that says nothing."""
    if len(texts["title"]) < SHORTEST_TITLE:
        raise HouseError(_("标题至少写 %(least)s 个字。") % {"least": SHORTEST_TITLE})
    if len(texts["what_was_done"]) < SHORTEST_TEXT:
        raise HouseError(_("办理结果至少写 %(least)s 个字。") % {"least": SHORTEST_TEXT})


def refuse_personal(case: Complaint, texts: dict[str, str]) -> None:
    """Raise HouseError naming every word that still points to a person."""
    names = names_of(case)
    found = [one for text in texts.values() for one in personal_words(text, names)]
    if found:
        words = "；".join(f"{one.label}“{one.text}”" for one in found[:6])
        raise HouseError(_("还有可能指向个人的内容，请改掉再提交：%(words)s。") % {"words": words})


def names_of(case: Complaint) -> list[str]:
    """People who belong to the matter and must not be named: caller, handlers, and who replied."""
    steps = case.steps.filter(by__isnull=False).values_list("by__person__name", flat=True)
    found = {case.caller.name, *steps.order_by().distinct()}
    if case.assignee is not None:
        found.add(case.assignee.name)
    return sorted(name for name in found if name)


def places_of(case: Complaint) -> list[str]:
    """The places a public text may name, the finest first: compound, community, street."""
    found = [case.compound.name] if case.compound else []
    community = community_of(case)
    return list(dict.fromkeys([*found, community.display_name, case.subdistrict.display_name]))


def community_of(case: Complaint) -> Organisation:
    """Under which community the result is listed; the street where none is known."""
    for path in (case.place_path, case.main_unit_path):
        row = Organisation.objects.filter(
            path=path[: Level.GRAND_COMMITTEE * SEGMENT], level=Level.GRAND_COMMITTEE
        ).first()
        if row is not None:
            return row
    return case.subdistrict


def kind_of(case: Complaint) -> str:
    """The kind of matter, no finer than its two upper steps."""
    if case.category is None:
        return str(_("其他"))
    steps = case.category.full_name.split(" · ")[:2]
    return " · ".join(steps)[:60]


def days_taken(case: Complaint) -> int:
    """Calendar days from acceptance to the answer that stood."""
    begin = case.accepted_at or case.filed_at
    end = case.finished_at or case.closed_at or begin
    return max((timezone.localdate(end) - timezone.localdate(begin)).days, 0)


def record(verb: str, publication: Publication, by: Any) -> None:
    """The audit line of a deed on a public text."""
    audit.record(
        verb,
        by=by,
        subject=f"complaint:{publication.complaint_id}",
        organisation_path=publication.organisation.path,
        detail={"publication": publication.pk},
    )
