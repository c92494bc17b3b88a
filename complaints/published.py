"""Published results as anybody reads them, and what the desk has to publish."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from complaints.choices import PublicationStage, Solved, Stage
from complaints.models import Accused, Complaint, Publication, Reply
from governance.choices import Level, Word
from governance.models import Organisation
from governance.models.reach import beneath, roots

PAGE = 20
CLOSED = (Stage.CLOSED, Stage.ARCHIVED)


def released(street: Organisation) -> QuerySet[Publication]:
    """What anybody may read of one street, the newest first.

    A case that was reopened, or has become confidential since, is silently away from the page.
    """
    return (
        Publication.objects.filter(
            beneath("organisation__path", [street.path]),
            stage=PublicationStage.RELEASED,
            complaint__stage__in=CLOSED,
            complaint__is_confidential=False,
        )
        .exclude(Exists(Accused.objects.filter(complaint=OuterRef("complaint"))))
        .select_related("organisation")
        .only("title", "place", "category", "what_was_done", "day_count", "released_at",
              "organisation__name", "organisation__short_name", "organisation__path")
        .order_by("-pk")
    )  # fmt: skip


def street_of(pk: int) -> Organisation | None:
    """A street by its id; None for anything that is none."""
    return Organisation.objects.filter(pk=pk, parent=None, ended_on=None).first()


def communities_of(street: Organisation) -> list[Organisation]:
    """The communities of a street, as a filter offers them."""
    rows = Organisation.objects.filter(parent=street, level=Level.GRAND_COMMITTEE, ended_on=None)
    return list(rows.order_by("path"))


def page_of(
    rows: QuerySet[Publication], before: int | None, size: int = PAGE
) -> tuple[list[Publication], int | None]:
    """A page of what is older than `before`, and the key of the next one."""
    found = list((rows.filter(pk__lt=before) if before else rows)[: size + 1])
    return found[:size], found[size - 1].pk if len(found) > size else None


def texts(user: Any, stages: Sequence[str]) -> QuerySet[Publication]:
    """Public texts within reach of who writes or checks them."""
    mine = Publication.objects.visible_to(user, Word.DISPATCH)
    return (
        mine.filter(stage__in=stages)
        .select_related("organisation", "complaint", "prepared_by__person", "checked_by__person")
        .order_by("-pk")
    )


def to_publish(user: Any) -> QuerySet[Complaint]:
    """Solved cases that may be published and have no text yet, the newest first."""
    taken = Publication.objects.filter(complaint=OuterRef("pk")).exclude(
        stage=PublicationStage.WITHDRAWN
    )
    return (
        Complaint.objects.visible_to(user, Word.DISPATCH)
        .filter(beneath("main_unit_path", roots(user, Word.DISPATCH)))
        .filter(
            stage__in=CLOSED, is_confidential=False, discipline_only=False, is_unreached=False,
            solved=Solved.YES, caller__is_secret=False, category__is_confidential=False,
        )
        .filter(Exists(Reply.objects.filter(complaint=OuterRef("pk"), is_approved=True)))
        .exclude(Exists(taken))
        .exclude(Exists(Accused.objects.filter(complaint=OuterRef("pk"))))
        .select_related("category", "main_unit", "compound")
        .order_by("-pk")
    )  # fmt: skip


def streets() -> list[Organisation]:
    """All streets of the installation."""
    return list(Organisation.objects.filter(parent=None, ended_on=None).order_by("path"))
