"""Homes: people move in and out, households are founded, and everybody's place in reach is kept true."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.choices import Level, Word
from governance.errors import HouseError
from governance.models import Organisation, Person
from governance.models.reach import may
from governance.services import audit
from grids.models import Building, Coverage, Dwelling
from grids.selectors import covering
from grids.services import places
from residents.choices import Relation, ResidenceType
from residents.models import Household, PersonHouse

BATCH = 2000
# Who is tied to a dwelling by one of these may live elsewhere (`domain.md` 3.3).
NOT_LIVING = {Relation.OWNER, Relation.REGISTERED_ONLY}


@dataclass(frozen=True, slots=True)
class NewHome:
    """One row of a bulk move-in."""

    person: Person
    dwelling: Dwelling
    relation: str
    household: Household | None = None
    is_head: bool = False
    residence_type: str = ResidenceType.REGISTERED
    relation_to_head: str = ""


@audit.deed()
def move_in(
    person: Person,
    dwelling: Dwelling,
    *,
    by: Any,
    relation: str,
    household: Household | None = None,
    is_head: bool = False,
    is_living: bool | None = None,
    residence_type: str = ResidenceType.REGISTERED,
    relation_to_head: str = "",
    started_on: date | None = None,
) -> PersonHouse:
    """Tie a person to a dwelling from a day on; who lives there gets it as place in reach.

    `is_living` is guessed from the relation when not given: owners and 空挂户 may live elsewhere.
    Needs the right to handle or manage the door. Raises HouseError when the person still lives
    elsewhere, or when the household is another dwelling's or has a head already.
    """
    _require(by, dwelling.building, dwelling.unit_no)
    relation = Relation(relation)
    lives = relation not in NOT_LIVING if is_living is None else is_living
    if household is not None and household.dwelling_id != dwelling.pk:
        raise HouseError(_("该户不在这个户室，请检查。"))
    current = PersonHouse.objects.current().filter(person=person)
    if lives and current.filter(is_living=True).exists():
        raise HouseError(_("此人登记有现住地址，请先办理迁出。"))
    if is_head and household is None:
        raise HouseError(_("户主须属于一户，请先立户。"))
    home = PersonHouse(
        person=person,
        dwelling=dwelling,
        household=household,
        relation=relation,
        relation_to_head=relation_to_head,
        residence_type=ResidenceType(residence_type),
        is_head=is_head,
        is_living=lives,
        started_on=started_on or timezone.localdate(),
    )
    try:
        with transaction.atomic():
            home.save()
    except IntegrityError as error:
        raise HouseError(_("该户已有户主，请用“变更户主”。")) from error
    if lives:
        _place(person, covering(dwelling.building, dwelling.unit_no) or community_of(dwelling))
    _record("move_in", by, person, dwelling, relation=relation.value)
    return home


@audit.deed()
def move_out(home: PersonHouse, *, by: Any, ended_on: date | None = None, note: str = "") -> None:
    """End a person's tie to a dwelling; who lived there has no place in reach until the next move-in.

    Needs the right to handle or manage the door. Raises HouseError when it has ended already, or
    for a day before it began.
    """
    _require(by, home.dwelling.building, home.dwelling.unit_no)
    day = ended_on or timezone.localdate()
    if home.ended_on is not None:
        raise HouseError(_("这条人房关系已经结束。"))
    if day < home.started_on:
        raise HouseError(_("迁出日期早于迁入日期，请检查。"))
    home.ended_on = day
    home.save(update_fields=["ended_on"])
    if home.is_living:
        _place(home.person, None)
    _record("move_out", by, home.person, home.dwelling, note=note[:200])


@audit.deed()
def found_household(dwelling: Dwelling, *, by: Any, started_on: date | None = None) -> Household:
    """Found a household (户) in a dwelling; several may share one."""
    _require(by, dwelling.building, dwelling.unit_no)
    return Household.objects.create(
        dwelling=dwelling, started_on=started_on or timezone.localdate()
    )


@audit.deed()
def set_head(home: PersonHouse, *, by: Any) -> None:
    """Make this member the head of the household; the head before stays as a member.

    Raises HouseError for somebody who belongs to no household or has moved out.
    """
    _require(by, home.dwelling.building, home.dwelling.unit_no)
    if home.household_id is None or home.ended_on is not None:
        raise HouseError(_("只有户内现有成员可以任户主。"))
    Household.objects.select_for_update().get(pk=home.household_id)
    before = PersonHouse.objects.current().filter(household_id=home.household_id, is_head=True)
    before.exclude(pk=home.pk).update(is_head=False, relation=Relation.CO_RESIDENT)
    home.is_head, home.relation = True, Relation.HEAD
    home.save(update_fields=["is_head", "relation"])
    _record("set_head", by, home.person, home.dwelling)


@audit.deed()
def link_party_household(household: Household, organisation: Organisation, *, by: Any) -> None:
    """Say that this household is the party household of a level-5 node (`architecture.md` 4).

    Raises HouseError for another level, a node of another community or group, or a second link.
    """
    dwelling = household.dwelling
    _require(by, dwelling.building, dwelling.unit_no)
    if organisation.level != Level.PARTY_HOUSEHOLD or organisation.ended_on is not None:
        raise HouseError(_("只能关联现有的居民党员户。"))
    door = covering(dwelling.building, dwelling.unit_no) or community_of(dwelling)
    if not organisation.path.startswith(door.path):
        raise HouseError(_("该党员户不属于这个门牌所在的楼宇、支部或社区。"))
    if Household.objects.filter(party_household=organisation).exclude(pk=household.pk).exists():
        raise HouseError(_("该党员户已关联另一户。"))
    household.party_household = organisation
    household.save(update_fields=["party_household"])
    audit.record(
        "link_party_household",
        by=by,
        subject=f"household:{household.pk}",
        organisation_path=organisation.path,
    )


@audit.deed()
def hand_over(
    organisation: Organisation,
    building: Building,
    unit_no: str = "",
    *,
    by: Any,
    started_on: date | None = None,
) -> Coverage:
    """Let an organisation cover a building or unit, and make it the place of all who live there.

    The way in for doors: `grids.services.places.cover` cannot know who lives there.
    """
    coverage = places.cover(organisation, building, unit_no, by=by, started_on=started_on)
    rehome(building)
    return coverage


def rehome(building: Building) -> int:
    """Set the place in reach of everybody living in the building from its coverage; how many."""
    community = building.compound.community
    rows = Coverage.objects.current().filter(building=building)
    by_unit = dict(rows.values_list("unit_no", "organisation_id"))
    units = set(building.dwellings.values_list("unit_no", flat=True))
    moved = 0
    for unit in units:
        organisation = by_unit.get(unit, by_unit.get("", community.pk))
        living = PersonHouse.objects.current().filter(
            dwelling__building=building, dwelling__unit_no=unit, is_living=True
        )
        strayed = Person.objects.filter(
            ~Q(home_organisation=organisation) | Q(home_organisation=None),
            pk__in=living.values("person"),
        )
        moved += strayed.update(home_organisation=organisation)
    return moved


@audit.deed()
def bulk_found_households(dwellings: Iterable[Dwelling], *, started_on: date) -> list[Household]:
    """Found one household in each dwelling, with few statements."""
    rows = [Household(dwelling=dwelling, started_on=started_on) for dwelling in dwellings]
    return Household.objects.bulk_create(rows, BATCH)


@audit.deed()
def bulk_move_in(rows: Iterable[NewHome], *, started_on: date, by: Any = None) -> int:
    """Move many people in with few statements; returns how many.

    The caller has given each person the covering organisation as home already (`bulk_register`).
    """
    homes = [
        PersonHouse(
            person=row.person,
            dwelling=row.dwelling,
            household=row.household,
            relation=row.relation,
            relation_to_head=row.relation_to_head,
            residence_type=row.residence_type,
            is_head=row.is_head,
            is_living=row.relation not in NOT_LIVING,
            started_on=started_on,
        )
        for row in rows
    ]
    PersonHouse.objects.bulk_create(homes, BATCH)
    audit.record("move_in_many", by=by, subject="person:", detail={"count": len(homes)})
    return len(homes)


def community_of(dwelling: Dwelling) -> Organisation:
    """The community in which a dwelling stands."""
    return dwelling.building.compound.community


def _place(person: Person, organisation: Organisation | None) -> None:
    person.home_organisation = organisation
    person.save(update_fields=["home_organisation"])


def _require(by: Any, building: Building, unit_no: str) -> None:
    if by is None:
        return
    door = covering(building, unit_no) or building.compound.community
    if not may(by, Word.HANDLE, door.path) and not may(by, Word.MANAGE, door.path):
        raise PermissionDenied(_("您没有这项操作的权限。"))


def _record(verb: str, by: Any, person: Person, dwelling: Dwelling, **detail: Any) -> None:
    audit.record(
        verb,
        by=by,
        subject=f"person:{person.pk}",
        organisation_path=community_of(dwelling).path,
        detail={"dwelling": dwelling.pk} | detail,
    )
