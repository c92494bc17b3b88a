"""网格公示牌: who answers for a place, as it is printed and hung on its wall."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import segno
from django.utils.safestring import SafeString

from complaints.services.place_codes import Place, path_of
from governance.choices import Level, SecretKind, Word
from governance.models import Appointment, Organisation, PersonSecret
from governance.models.reach import chain, may
from governance.privacy import unseal
from governance.services import audit
from governance.services.audit import deed
from grids.models import Building, Coverage, Grid

ON_BOARDS = (Level.GRAND_COMMITTEE, Level.GRID_BRANCH, Level.BUILDING_GROUP)


@dataclass(frozen=True)
class Posted:
    """One line of the board: a post, who holds it, and the number to call."""

    post: str
    unit: str
    name: str
    phone: str = ""


def staff_of(place: Place) -> list[Posted]:
    """Who serves the place, from its building up to the community, with masked numbers."""
    posts = _posts([place])[place.pk]
    masked = {one.person_id: one.masked for one in _phones(posts)}
    return [_line(post, masked) for post in posts]


@deed()
def boards_of(
    places: Sequence[Place], *, by: Any, with_phones: bool
) -> list[tuple[Place, list[Posted]]]:
    """The lines of several boards as they are printed; numbers are opened for the wall.

    A board is there to be called from, so this is no reveal of a single number with a reason: one
    line in the audit says who printed which numbers. It needs the right to see the place beside
    that to its code; without it the numbers stay blank. A handful of statements for fifty boards.
    """
    posts = _posts(places)
    seen = [place for place in places if with_phones and may(by, Word.SEE, path_of(place))]
    open_to = {
        one.person_id: unseal(one.sealed, SecretKind.PHONE)
        for one in _phones([post for place in seen for post in posts[place.pk]])
    }
    if open_to:
        audit.record(
            "print_grid_board",
            by=by,
            subject=f"{type(seen[0]).__name__.lower()}:{seen[0].pk}",
            organisation_path=path_of(seen[0]),
            detail={"places": [place.pk for place in seen], "people": sorted(open_to)},
        )
    allowed = {place.pk for place in seen}
    return [
        (place, [_line(post, open_to if place.pk in allowed else {}) for post in posts[place.pk]])
        for place in places
    ]


def picture_of(address: str) -> SafeString:
    """The QR picture of an address as SVG, which prints sharp at any size."""
    code = segno.make(address, error="m", micro=False)
    return SafeString(code.svg_inline(omitsize=True, border=2))


def community_of(place: Place) -> str:
    """The community a place lies in, for the head of its board."""
    if isinstance(place, Building):
        return str(place.compound.community.display_name)
    return str(place.organisation.display_name)


def _posts(places: Sequence[Place]) -> dict[int, list[Appointment]]:
    """Who serves each place today, the lowest first: whom one meets on the stairs stands on top."""
    ways = {place.pk: chain(unit.path) for place, unit in _units(places)}
    rows = Appointment.objects.on().filter(
        organisation__path__in={path for way in ways.values() for path in way},
        organisation__level__in=ON_BOARDS,
        role__is_enabled=True,
    )
    found = list(
        rows.select_related("person", "role", "organisation__parent").order_by(
            "-organisation__level", "role__position", "id"
        )
    )
    return {key: [post for post in found if post.organisation.path in way]
            for key, way in ways.items()}  # fmt: skip


def _units(places: Sequence[Place]) -> Iterable[tuple[Place, Organisation]]:
    """Who answers for each place, as `place_codes.organisation_of` says it of one."""
    covered = {
        row.building_id: row.organisation
        for row in Coverage.objects.current()
        .filter(building__in=[place.pk for place in places if isinstance(place, Building)])
        .filter(unit_no="")
        .select_related("organisation")
    }
    for place in places:
        if isinstance(place, Grid):
            yield place, place.organisation
        else:
            yield place, covered.get(place.pk, place.compound.community)


def _phones(posts: Sequence[Appointment]) -> list[PersonSecret]:
    people = {post.person_id for post in posts}
    rows = PersonSecret.objects.filter(person__in=people, kind=SecretKind.PHONE, is_current=True)
    return list(rows.order_by("id"))


def _line(post: Appointment, phones: dict[int, str]) -> Posted:
    return Posted(
        post.role.label,
        post.organisation.display_name,
        post.person.name,
        phones.get(post.person_id, ""),
    )
