"""Organisations: found one, close one; never move one."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.choices import ChangeKind, Word
from governance.errors import HouseError
from governance.models import Organisation, OrganisationChange
from governance.models.organisations import segment
from governance.models.reach import require
from governance.services import audit, numbers

BATCH = 2000


@audit.deed()
def found(organisation: Organisation, *, by: Any) -> Organisation:
    """Save a new organisation under its parent and give it its id and path.

    Needs the right to manage the parent; `by=None` is the house itself (set-up).
    Raises HouseError when the place in the tree is wrong (`domain.md` 2.1).
    """
    if by is not None:
        require(by, Word.MANAGE, organisation.parent.path if organisation.parent else None)
    organisation.pk = numbers.take("organisation")
    try:
        organisation.full_clean(exclude=["id", "path", "started_on"])
    except ValidationError as error:
        raise HouseError(" ".join(error.messages)) from error
    organisation.started_on = organisation.started_on or timezone.localdate()
    organisation.save(force_insert=True)
    audit.record(
        "found_organisation",
        by=by,
        subject=f"organisation:{organisation.pk}",
        organisation_path=organisation.path,
        detail={"name": organisation.name, "level": organisation.level},
    )
    return organisation


@audit.deed()
def bulk_found(organisations: Iterable[Organisation], *, by: Any = None) -> list[Organisation]:
    """Save many new organisations with few statements; their parents are saved already.

    For imports and the demonstration street: the same rules of the tree, one audit line, and
    rights are asked once by the caller. Raises HouseError when one of them is in a wrong place.
    """
    fresh = list(organisations)
    first = numbers.take("organisation", max(len(fresh), 1))
    for number, organisation in enumerate(fresh, first):
        try:
            organisation.refuse_a_wrong_place()
        except ValidationError as error:
            raise HouseError(" ".join(error.messages)) from error
        organisation.pk = number
        above = organisation.parent.path if organisation.parent else ""
        organisation.path = above + segment(number)
        organisation.started_on = organisation.started_on or timezone.localdate()
    saved = Organisation.objects.bulk_create(fresh, BATCH)
    audit.record(
        "found_organisations", by=by, subject="organisation:", detail={"count": len(saved)}
    )
    return saved


@audit.deed()
def close(
    organisation: Organisation,
    *,
    by: Any,
    ended_on: date | None = None,
    successor: Organisation | None = None,
    note: str = "",
) -> None:
    """End an organisation on a day; a successor is linked, the history stays where it was.

    Raises HouseError while it still has open organisations beneath it or people serving it.
    """
    require(by, Word.MANAGE, organisation.path)
    day = ended_on or timezone.localdate()
    if organisation.children.filter(ended_on__isnull=True).exists():
        raise HouseError(_("该组织之下还有未撤销的组织，请先撤销或接续它们。"))
    if organisation.appointments.on(day).exists():
        raise HouseError(_("该组织还有人在任职，请先办理离任。"))
    organisation.ended_on = day
    organisation.save(update_fields=["ended_on"])
    if successor is not None:
        OrganisationChange.objects.create(
            before=organisation,
            after=successor,
            kind=ChangeKind.SUCCESSION,
            changed_on=day,
            note=note[:200],
            by=by,
        )
    audit.record(
        "close_organisation",
        by=by,
        subject=f"organisation:{organisation.pk}",
        organisation_path=organisation.path,
        detail={"successor": successor.pk if successor else None},
    )
