"""Codes on the walls of buildings and grids: made, replaced when torn off, and what they stand for."""

import secrets
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.models import PlaceCode
from governance.choices import Word
from governance.models import Organisation
from governance.models.reach import may
from governance.selectors import subdistrict_of
from governance.services import audit
from governance.services.audit import deed
from grids.models import Building, Grid
from grids.selectors import covering

Place = Building | Grid
# Without the signs that are read for each other from a wet board: 0 o, 1 l i.
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
LENGTH = 10
WORDS = (Word.MANAGE, Word.DISPATCH)
JOINED = ("subdistrict", "building__compound__community", "grid__organisation")


def place_behind(code: str) -> PlaceCode | None:
    """The place a code on a wall stands for; None for an unknown, ended or demolished one alike."""
    if len(code) != LENGTH or not set(code) <= set(ALPHABET):
        return None
    return (
        PlaceCode.objects.select_related(*JOINED)
        .filter(code=code, ended_at=None, building__ended_on=None, grid__ended_on=None)
        .first()
    )


def current_code(place: Place) -> PlaceCode | None:
    """The code that hangs on this building's or grid's wall today."""
    return PlaceCode.objects.filter(**_column(place), ended_at=None).first()


@deed()
def new_code(place: Place, *, by: Any) -> PlaceCode:
    """Give a place its first code, or another when the old board was torn off or misused.

    The old one opens nothing from now on. Needs the right to manage or dispatch there.
    """
    path = path_of(place)
    if by is not None and not any(may(by, word, path) for word in WORDS):
        raise PermissionDenied(_("您没有这项操作的权限。"))
    # Locked, so that two clicks at once do not make two current codes.
    type(place).objects.select_for_update().get(pk=place.pk)
    held = PlaceCode.objects.filter(**_column(place), ended_at=None)
    replaced = held.update(ended_at=timezone.now(), ended_by=by)
    code = PlaceCode.objects.create(
        code="".join(secrets.choice(ALPHABET) for _sign in range(LENGTH)),
        subdistrict=subdistrict_of(path),
        made_by=by,
        **_column(place),
    )
    audit.record(
        "renew_place_code" if replaced else "make_place_code",
        by=by,
        subject=f"placecode:{code.pk}",
        organisation_path=path,
    )
    return code


def organisation_of(place: Place) -> Organisation:
    """Who answers for the place: what covers the building, else its community; the grid's own."""
    if isinstance(place, Grid):
        return place.organisation
    return covering(place) or place.compound.community


def path_of(place: Place) -> str:
    """The path by which rights on the place are asked: of the community, or of the grid."""
    if isinstance(place, Grid):
        return place.organisation.path
    return place.compound.community.path


def _column(place: Place) -> dict[str, Any]:
    return {"grid" if isinstance(place, Grid) else "building": place}
