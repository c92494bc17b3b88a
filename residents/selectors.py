"""Reading the homes: people found by name, telephone or room, always within the reader's reach."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Case, F, FilteredRelation, IntegerField, OuterRef, Q, Subquery, When
from django.utils.translation import gettext as _

from governance.choices import SecretKind
from governance.errors import HouseError
from governance.identity import check_id_number, check_phone
from governance.models import Person, PersonSecret
from governance.models.reach import SEGMENT, beneath, roots
from governance.privacy import digest
from grids.addresses import Door, NameIndex, door_after, door_at, name_key, plain
from grids.models import ResidentialCompound
from residents.models import PersonHouse

FEWEST_SIGNS = 2
LETTERS = re.compile(r"[A-Za-z][A-Za-z ']+")


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """One line of a search for people: enough to tell two people apart, nothing sealed."""

    id: int
    name: str
    gender: str
    is_party_member: bool
    phone: str
    """Masked; "" when none is known."""
    address: str
    organisation: str


def people_found(user: Any, text: str, limit: int = 50) -> list[FoundPerson]:
    """People within the user's reach whom `text` may mean, the best first.

    A name of two signs or more, its pinyin or initials, the last four digits of a telephone, a
    whole telephone or identity number, or a room: 3-2-501, 3号楼2单元501, 东园花园3号楼501.
    """
    # PostgreSQL takes no NUL in a text, not even in one that is looked for.
    text = text.replace("\x00", "")
    wanted = _meaning(user, unicodedata.normalize("NFKC", text).strip())
    if wanted is None:
        return []
    order: tuple[Case | str, ...] = (_rank(text.strip()), "name", "pk")
    page = Person.objects.visible_to(user).filter(wanted).order_by(*order)[:limit]
    phone = PersonSecret.objects.filter(
        person=OuterRef("pk"), kind=SecretKind.PHONE, is_current=True
    ).order_by("-pk")
    rows = (
        # The page is chosen first, so that phones and homes are read for its rows only.
        Person.objects.filter(pk__in=page.values("pk"))
        .annotate(
            home=FilteredRelation(
                "homes", condition=Q(homes__ended_on__isnull=True, homes__is_living=True)
            ),
            phone=Subquery(phone.values("masked")[:1]),
            unit=F("home__dwelling__unit_no"),
            room=F("home__dwelling__room_no"),
            building=F("home__dwelling__building__number"),
            compound=F("home__dwelling__building__compound__name"),
        )
        .order_by(*order)
        .values(
            "pk", "name", "gender", "is_party_member", "phone", "unit", "room", "building",
            "compound", "home_organisation__name",
        )
    )  # fmt: skip
    return [
        FoundPerson(
            id=row["pk"],
            name=row["name"],
            gender=row["gender"],
            is_party_member=row["is_party_member"],
            phone=row["phone"] or "",
            address=address_label(row["compound"], row["building"], row["unit"], row["room"]),
            organisation=row["home_organisation__name"] or "",
        )
        for row in rows
    ]


def address_label(
    compound: str | None, building: str | None, unit: str | None, room: str | None
) -> str:
    """东园花园3号楼2单元501室; "" without a home."""
    if not compound:
        return ""
    parts = {"compound": compound, "building": building, "unit": unit, "room": room}
    if unit:
        return _("%(compound)s%(building)s号楼%(unit)s单元%(room)s室") % parts
    return _("%(compound)s%(building)s号楼%(room)s室") % parts


@dataclass(frozen=True, slots=True)
class Home:
    """Where a person lives, and with whom; the names are masked by whoever shows them."""

    address: str
    relation: str
    others: list[tuple[int, str, str]]
    """Id, name and relation of the others who live there."""


def home_of(user: Any, person: Person) -> Home | None:
    """Where `person` lives today, with the others there whom `user` may see; None when unknown."""
    living = PersonHouse.objects.current().filter(is_living=True)
    home = living.filter(person=person).select_related("dwelling__building__compound").first()
    if home is None:
        return None
    door = home.dwelling
    others = living.visible_to(user).filter(dwelling=door).exclude(person=person)
    return Home(
        address=address_label(
            door.building.compound.name, door.building.number, door.unit_no, door.room_no
        ),
        relation=str(home.get_relation_display()),
        others=[
            (row.person_id, row.person.name, str(row.get_relation_display()))
            for row in others.select_related("person").order_by("-is_head", "pk")[:12]
        ],
    )


def _rank(text: str) -> Case:
    """The very name first, then names that begin so."""
    return Case(
        When(name=text, then=0),
        When(name__startswith=text, then=1),
        default=2,
        output_field=IntegerField(),
    )


def _meaning(user: Any, text: str) -> Q | None:
    """The condition that a text stands for; None when it is too short to mean anybody."""
    if len(text) < FEWEST_SIGNS:
        return None
    if re.fullmatch(r"[0-9]{4}", text):
        return Q(pk__in=_holders(tail=text, kind=SecretKind.PHONE))
    if LETTERS.fullmatch(text):
        letters = re.sub(r"[^a-z]", "", text.lower())
        return Q(name_initials__startswith=letters) | Q(name_pinyin__startswith=letters)
    if (living := _living_at(user, text)) is not None:
        return Q(pk__in=living.values("person"))
    if len(re.sub(r"\D", "", text)) >= 7:
        return _by_number(text)
    return Q(name__contains=text)


def _by_number(text: str) -> Q:
    """A whole telephone or identity number, found by its keyed digest."""
    found = Q(pk__in=[])
    for kind, check in ((SecretKind.PHONE, check_phone), (SecretKind.ID_NUMBER, _id_number)):
        try:
            number = check(text)
        except HouseError:
            continue
        found |= Q(pk__in=_holders(digest=digest(number, kind.value), kind=kind))
    return found


def _id_number(text: str) -> str:
    return check_id_number(text, demonstration=settings.DEMONSTRATION)


def _holders(**found: Any) -> Any:
    return PersonSecret.objects.filter(is_current=True, **found).values("person")


def _living_at(user: Any, text: str) -> Any:
    """Who lives at the door that a text names; None when it names none."""
    text = plain(text)
    door, compounds = door_at(text), None
    if door is None and any(sign.isdigit() for sign in text):
        door, compounds = _door_in_a_compound(user, text)
    if door is None:
        return None
    living = PersonHouse.objects.current().filter(
        is_living=True, dwelling__building__number=door.building
    )
    if compounds is not None:
        living = living.filter(dwelling__building__compound__in=compounds)
    if door.unit:
        living = living.filter(dwelling__unit_no=door.unit)
    return living.filter(dwelling__room_no=door.room) if door.room else living


def _door_in_a_compound(user: Any, text: str) -> tuple[Door | None, Collection[int] | None]:
    # A worker's reach lies below the community, yet the names of its compounds are no secret.
    streets = {path[:SEGMENT] for path in roots(user, "see")}
    rows = ResidentialCompound.objects.filter(beneath("community__path", streets))
    names = [(name_key(name), pk) for pk, name in rows.values_list("pk", "name")]
    names += [(key.removesuffix("小区"), pk) for key, pk in names if key.endswith("小区")]
    for _start, end, compounds in NameIndex(names).found_in(text):
        if door := door_at(text, end) or door_after(text, end, len(text)):
            return door, compounds
    return None, None
