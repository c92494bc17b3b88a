"""Who lives where, from when to when; and the place in reach that follows from it."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from governance.errors import HouseError
from governance.models import Organisation, Person
from governance.services.organisations import found
from governance.services.people import NewPerson, bulk_register, register
from grids.services import places
from residents.choices import Relation
from residents.models import Household, PersonHouse
from residents.services import homes
from residents.services.homes import NewHome


def home_of(person):
    """The person's current home."""
    return PersonHouse.objects.current().get(person=person, is_living=True)


def reread(person):
    """The person as the database knows it."""
    return Person.objects.get(pk=person.pk)


@pytest.mark.smoke
def test_moving_in_gives_the_place_that_covers_the_door(cast):
    person = register("周正", by=None)
    homes.move_in(person, cast.li_dwelling, by=cast.wang, relation=Relation.TENANT)
    assert reread(person).home_organisation == cast.east_group
    assert person in Person.objects.visible_to(cast.wang)
    assert person not in Person.objects.visible_to(cast.zhao)


def test_a_door_that_nobody_covers_gives_the_community(cast):
    bare = places.add_building(cast.east_compound, "9", by=None)
    [flat] = places.add_dwellings(bare, [("1", "101")], by=None)
    person = register("周正", by=None)
    homes.move_in(person, flat, by=cast.su, relation=Relation.HEAD)
    assert reread(person).home_organisation == cast.east


def test_only_who_works_there_moves_people_in_and_out(cast):
    person = register("周正", by=None)
    for stranger in (cast.zhao, cast.he, cast.chen, cast.lin):
        with pytest.raises(PermissionDenied):
            homes.move_in(person, cast.li_dwelling, by=stranger, relation=Relation.TENANT)
    with pytest.raises(PermissionDenied):
        homes.move_out(home_of(cast.li), by=cast.zhao)
    assert home_of(cast.li).ended_on is None


@pytest.mark.smoke
def test_one_person_lives_in_one_place_and_may_own_another(cast):
    with pytest.raises(HouseError, match="先办理迁出"):
        homes.move_in(cast.li, cast.gu_dwelling, by=cast.wang, relation=Relation.TENANT)
    owned = homes.move_in(cast.li, cast.gu_dwelling, by=cast.wang, relation=Relation.OWNER)
    assert not owned.is_living
    assert home_of(cast.li).dwelling == cast.li_dwelling
    with pytest.raises(IntegrityError), transaction.atomic():
        PersonHouse.objects.filter(pk=owned.pk).update(is_living=True)


@pytest.mark.smoke
def test_moving_out_ends_the_tie_and_the_place(cast):
    home = home_of(cast.li)
    with pytest.raises(HouseError, match="早于"):
        homes.move_out(home, by=cast.wang, ended_on=date(2020, 1, 1))
    homes.move_out(PersonHouse.objects.get(pk=home.pk), by=cast.wang, ended_on=date(2026, 1, 1))
    assert reread(cast.li).home_organisation is None
    assert not PersonHouse.objects.current().filter(person=cast.li).exists()
    with pytest.raises(HouseError, match="已经结束"):
        homes.move_out(PersonHouse.objects.get(pk=home.pk), by=cast.wang)


def test_moving_over_to_the_other_side_changes_who_sees_the_person(cast):
    homes.move_out(home_of(cast.li), by=cast.wang)
    homes.move_in(reread(cast.li), cast.west_dwelling, by=cast.zhao, relation=Relation.TENANT)
    assert cast.li in Person.objects.visible_to(cast.zhao)
    assert cast.li not in Person.objects.visible_to(cast.wang)


@pytest.mark.smoke
def test_a_household_has_one_head_at_a_time(cast):
    son = register("顾小军", by=None)
    with pytest.raises(HouseError, match="已有户主"):
        homes.move_in(
            son, cast.gu_dwelling, by=cast.wang, relation=Relation.HEAD,
            household=cast.gu_household, is_head=True,
        )  # fmt: skip
    home = homes.move_in(
        son, cast.gu_dwelling, by=cast.wang, relation=Relation.CO_RESIDENT,
        household=cast.gu_household,
    )  # fmt: skip
    with pytest.raises(PermissionDenied):
        homes.set_head(home, by=cast.zhao)
    homes.set_head(home, by=cast.wang)
    heads = PersonHouse.objects.current().filter(household=cast.gu_household, is_head=True)
    assert [row.person for row in heads] == [son]
    assert home_of(cast.gu.person).relation == Relation.CO_RESIDENT


def test_a_head_belongs_to_a_household_of_the_same_dwelling(cast):
    with pytest.raises(HouseError, match="户内现有成员"):
        homes.set_head(home_of(cast.li), by=cast.wang)
    person = register("周正", by=None)
    with pytest.raises(HouseError, match="不在这个户室"):
        homes.move_in(
            person, cast.li_dwelling, by=cast.wang, relation=Relation.CO_RESIDENT,
            household=cast.gu_household,
        )  # fmt: skip
    with pytest.raises(HouseError, match="先立户"):
        homes.move_in(person, cast.li_dwelling, by=cast.wang, relation=Relation.HEAD, is_head=True)


@pytest.mark.smoke
def test_a_party_household_is_linked_within_its_own_group(cast):
    household = homes.found_household(cast.west_dwelling, by=cast.zhao)
    with pytest.raises(HouseError, match="不属于"):
        homes.link_party_household(household, cast.party_household, by=cast.zhao)
    with pytest.raises(HouseError, match="只能关联"):
        homes.link_party_household(household, cast.west_group, by=cast.zhao)
    node = found(Organisation(parent=cast.west_group, level=5, name="徐家党员户"), by=None)
    with pytest.raises(PermissionDenied):
        homes.link_party_household(household, node, by=cast.su)
    homes.link_party_household(household, node, by=cast.zhao)
    assert node.household == household


def test_a_party_household_is_linked_once(cast):
    second = homes.found_household(cast.li_dwelling, by=cast.wang)
    with pytest.raises(HouseError, match="已关联"):
        homes.link_party_household(second, cast.party_household, by=cast.wang)


@pytest.mark.smoke
def test_handing_a_door_over_takes_its_people_along(cast):
    homes.hand_over(cast.east_branch, cast.east_building, "2", by=cast.su)
    assert reread(cast.li).home_organisation == cast.east_branch
    assert not Person.objects.visible_to(cast.he).filter(pk=cast.li.pk).exists()
    homes.hand_over(cast.east, cast.east_building, by=cast.su)
    assert reread(cast.li).home_organisation == cast.east
    assert reread(cast.xu).home_organisation == cast.west_group
    assert not Person.objects.visible_to(cast.wang).exists()


def test_rehoming_touches_only_who_strayed(cast):
    assert homes.rehome(cast.east_building) == 0
    Person.objects.filter(pk=cast.li.pk).update(home_organisation=None)
    Person.objects.filter(pk=cast.gu.person_id).update(home_organisation=cast.west)
    assert homes.rehome(cast.east_building) == 2
    assert reread(cast.li).home_organisation == cast.east_group


@pytest.mark.smoke
def test_many_move_in_with_few_statements(cast, django_assert_max_num_queries):
    crowd = bulk_register(
        NewPerson(f"居民{n}", home_organisation_id=cast.east_group.pk) for n in range(200)
    )
    [household] = homes.bulk_found_households([cast.li_dwelling], started_on=date(2026, 1, 1))
    rows = [NewHome(one, cast.li_dwelling, Relation.TENANT, household) for one in crowd]
    with django_assert_max_num_queries(16):
        assert homes.bulk_move_in(rows, started_on=date(2026, 1, 1)) == 200
    assert household.people.count() == 200


@pytest.mark.smoke
def test_the_stranger_sees_no_home_and_no_household_of_the_other_side(cast):
    assert {row.person for row in PersonHouse.objects.visible_to(cast.zhao)} == {cast.xu}
    assert not Household.objects.visible_to(cast.zhao).exists()
    assert list(Household.objects.visible_to(cast.wang)) == [cast.gu_household]
