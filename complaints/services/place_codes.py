"""Codes on the walls of buildings and grids: made, replaced when torn off, and what they stand for."""

import secrets
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.models import PlaceCode
from governance.choices import Word
from governance.models import Organisation
from governance.models.reach import SEGMENT, may
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
        code=_fresh_sign(),
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


@deed()
def new_codes(wanted: Sequence[Place], *, by: Any) -> int:
    """Give a first code to all of these places that have none, in a handful of statements.

    For the day on which a community hangs its boards. Needs the same right on every one of them;
    returns how many codes were made, and one line in the audit says by whom.
    """
    paths = {place.pk: path_of(place) for place in wanted}
    if by is not None and not all(
        any(may(by, word, path) for word in WORDS) for path in paths.values()
    ):
        raise PermissionDenied(_("您没有这项操作的权限。"))
    held = set(current_codes(wanted))
    streets = {path[:SEGMENT] for path in paths.values()}
    roots = {row.path: row for row in Organisation.objects.filter(path__in=streets)}
    rows = [
        PlaceCode(
            code=_fresh_sign(),
            subdistrict=roots[paths[place.pk][:SEGMENT]],
            made_by=by,
            **_column(place),
        )
        for place in wanted
        if place.pk not in held
    ]
    # Whoever presses at the same moment has made the same codes already.
    PlaceCode.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    if rows:
        audit.record(
            "make_place_codes",
            by=by,
            subject="placecode:",
            organisation_path=min(paths.values(), key=len),
            detail={"count": len(rows)},
        )
    return len(rows)


def current_codes(places: Sequence[Place]) -> dict[int, PlaceCode]:
    """The codes that hang on the walls of several buildings, or of several grids, by their place."""
    column = "grid" if places and isinstance(places[0], Grid) else "building"
    found = PlaceCode.objects.filter(
        ended_at=None, **{f"{column}__in": [place.pk for place in places]}
    )
    return {getattr(code, f"{column}_id"): code for code in found.select_related("subdistrict")}


def without_code(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Those of some buildings or grids on whose wall no code hangs."""
    column = "grid" if rows.model is Grid else "building"
    hanging = PlaceCode.objects.filter(ended_at=None, **{column: OuterRef("pk")})
    return rows.filter(~Exists(hanging))


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


def _fresh_sign() -> str:
    return "".join(secrets.choice(ALPHABET) for _sign in range(LENGTH))
