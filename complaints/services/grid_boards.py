"""网格公示牌: who answers for a place, as it is printed and hung on its wall."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import segno
from django.utils.safestring import SafeString

from complaints.models import PlaceCode
from complaints.services.place_codes import Place, organisation_of, path_of
from governance.choices import Level, SecretKind, Word
from governance.models import Appointment, PersonSecret
from governance.models.reach import chain, may
from governance.privacy import unseal
from governance.services import audit
from governance.services.audit import deed
from grids.models import Building, Grid


@dataclass(frozen=True)
class Posted:
    """One line of the board: a post, who holds it, and the number to call."""

    post: str
    unit: str
    name: str
    phone: str = ""


def staff_of(place: Place) -> list[Posted]:
    """Who serves the place, from its building up to the community, with masked numbers."""
    posts = _posts(place)
    masked = {one.person_id: one.masked for one in _phones(posts)}
    return [_line(post, masked.get(post.person_id, "")) for post in posts]


@deed()
def board_of(place: Place, *, by: Any, with_phones: bool) -> list[Posted]:
    """The lines as they are printed; numbers are opened for the wall, and one line says by whom.

    A board is there to be called from, so this is no reveal of a single number with a reason; it
    needs the right to see the place beside that to its code. Without it the numbers stay blank.
    """
    posts = _posts(place)
    path = path_of(place)
    open_to = {}
    if with_phones and may(by, Word.SEE, path):
        open_to = {one.person_id: unseal(one.sealed, SecretKind.PHONE) for one in _phones(posts)}
        audit.record(
            "print_grid_board",
            by=by,
            subject=f"{type(place).__name__.lower()}:{place.pk}",
            organisation_path=path,
            detail={"people": sorted(open_to)},
        )
    return [_line(post, open_to.get(post.person_id, "")) for post in posts]


def current_codes(places: Iterable[Place]) -> dict[int, PlaceCode]:
    """The codes that hang on the walls of several buildings, or of several grids, by their place."""
    rows = list(places)
    column = "grid" if rows and isinstance(rows[0], Grid) else "building"
    found = PlaceCode.objects.filter(ended_at=None, **{f"{column}__in": [row.pk for row in rows]})
    return {getattr(code, f"{column}_id"): code for code in found}


def picture_of(address: str) -> SafeString:
    """The QR picture of an address as SVG, which prints sharp at any size."""
    return SafeString(
        segno.make(address, error="m", micro=False).svg_inline(omitsize=True, border=2)
    )


def _posts(place: Place) -> Sequence[Appointment]:
    path = organisation_of(place).path
    levels = (Level.GRAND_COMMITTEE, Level.GRID_BRANCH, Level.BUILDING_GROUP)
    rows = Appointment.objects.on().filter(
        organisation__path__in=chain(path), organisation__level__in=levels, role__is_enabled=True
    )
    # The lowest first: whom a resident meets on the stairs stands at the top.
    return list(
        rows.select_related("person", "role", "organisation").order_by(
            "-organisation__level", "role__position", "id"
        )
    )


def _phones(posts: Sequence[Appointment]) -> list[PersonSecret]:
    people = {post.person_id for post in posts}
    rows = PersonSecret.objects.filter(person__in=people, kind=SecretKind.PHONE, is_current=True)
    return list(rows.order_by("id"))


def _line(post: Appointment, phone: str) -> Posted:
    return Posted(post.role.label, post.organisation.display_name, post.person.name, phone)


def community_of(place: Place) -> str:
    """The community a place lies in, for the head of its board."""
    if isinstance(place, Building):
        return str(place.compound.community.display_name)
    return str(place.organisation.display_name)
