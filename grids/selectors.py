"""Reading the ground: which organisation covers a door, and what a text or a point means."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.db.models import Exists, OuterRef

from governance.models import Organisation
from grids.coordinates import Point
from grids.finding import Certainty, Gazetteer, How, Place
from grids.mapping import GridMap
from grids.models import Building, Coverage

__all__ = [
    "Certainty",
    "How",
    "Place",
    "bulk_place_finder",
    "covering",
    "grid_at",
    "unlinked_buildings",
]


def grid_at(
    *,
    subdistrict: Organisation,
    room_code: str | None = None,
    address: str | None = None,
    point: Point | None = None,
) -> Place:
    """Where something is: by room code, else by address text, else by a point in WGS-84.

    The organisation is the lowest that covers the place, never below a building group
    (`architecture.md` 4); None when nothing is known. A point refines a text that names only a
    community or a whole compound, when it lies within.
    """
    gazetteer = Gazetteer(subdistrict)
    place = Place()
    for text in (room_code, address):
        if text and place.organisation is None:
            place = gazetteer.find(text)
    if point is None or place.certainty is Certainty.SURE:
        return place
    found = GridMap(subdistrict).at(point)
    if found.organisation is None:
        return place
    if place.organisation is None:
        return replace(found, candidates=found.candidates or place.candidates)
    if found.organisation.path.startswith(place.organisation.path):
        return replace(place, organisation=found.organisation, how=found.how)
    return place


def bulk_place_finder(subdistrict: Organisation) -> Callable[[str], Place]:
    """A function from address text to place that asks the database nothing more; for imports.

    It does not look for dwellings. It knows the street as it was when it was made.
    """
    return Gazetteer(subdistrict, whole=True).find


def covering(building: Building, unit_no: str = "") -> Organisation | None:
    """The organisation that covers a door today: the unit's own, else the whole building's."""
    rows = Coverage.objects.current().filter(building=building, unit_no__in={unit_no, ""})
    row = rows.select_related("organisation").order_by("-unit_no").first()
    return row.organisation if row else None


def unlinked_buildings(user: Any) -> Any:
    """Buildings within the user's reach that no organisation covers."""
    covered = Coverage.objects.current().filter(building=OuterRef("pk"))
    return Building.objects.visible_to(user).filter(~Exists(covered), ended_on__isnull=True)
