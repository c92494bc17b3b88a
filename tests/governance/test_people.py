"""People: one row each, numbers sealed, shown one by one for a reason that is remembered."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from governance.choices import Gender, SecretKind
from governance.errors import HouseError
from governance.models import Appointment, AuditEntry, Person, PersonSecret
from governance.privacy import unseal
from governance.services import people
from governance.services.audit import first_broken_entry, record
from governance.services.people import (
    NewPerson,
    bulk_register,
    open_account,
    person_with_id_number,
    register,
    reveal,
    set_phone,
)

# Published with GB 11643; belongs to nobody.
ID_NUMBER = "11010519491231002X"
REASON = "回访诉求人"


@pytest.mark.smoke
def test_a_new_person_is_searchable_and_every_number_is_sealed(cast):
    person = register("单小明", by=None, phone="139 0000 2001", id_number="11010519491231002x")
    assert (person.name_pinyin, person.name_initials) == ("shanxiaoming", "sxm")
    assert (person.birth_on, person.gender) == (date(1949, 12, 31), Gender.FEMALE)
    secrets = {row.kind: row for row in person.secrets.all()}
    assert (secrets["phone"].masked, secrets["phone"].tail) == ("139****2001", "2001")
    assert secrets["id_number"].masked == "1101**********002X"
    assert "13900002001" not in secrets["phone"].sealed
    assert unseal(secrets["phone"].sealed, "phone") == "13900002001"


@pytest.mark.smoke
def test_one_identity_number_is_one_person(cast):
    first = register("甲", by=None, id_number=ID_NUMBER)
    with pytest.raises(HouseError, match="已登记"):
        register("乙", by=None, id_number=ID_NUMBER)
    assert not Person.objects.filter(name="乙").exists()
    assert person_with_id_number("110105 19491231 002x") == first
    assert person_with_id_number("440524188001010014") is None


@pytest.mark.parametrize(
    "wrong", [{"name": " "}, {"phone": "139"}, {"id_number": "110105194912310021"}]
)
def test_a_bad_value_refuses_the_person(cast, wrong):
    before = Person.objects.count()
    with pytest.raises(HouseError):
        register(**{"name": "周正", **wrong}, by=None)
    assert Person.objects.count() == before


def test_a_worker_registers_only_within_the_own_reach(cast):
    with pytest.raises(PermissionDenied):
        register("周正", by=cast.zhao, home_organisation=cast.east_group)
    with pytest.raises(PermissionDenied):
        register("周正", by=cast.wang)
    with pytest.raises(PermissionDenied):
        register("周正", by=cast.he, home_organisation=cast.east_group)
    assert register("周正", by=cast.wang, home_organisation=cast.east_group).pk


@pytest.mark.smoke
def test_a_reveal_needs_reach_and_a_reason_and_is_remembered(cast):
    with pytest.raises(PermissionDenied):
        reveal(cast.li, SecretKind.PHONE, by=cast.zhao, note=REASON)
    with pytest.raises(HouseError, match="原因"):
        reveal(cast.li, SecretKind.PHONE, by=cast.wang, note=" 看看 ")
    assert not AuditEntry.objects.filter(verb="reveal_phone").exists()
    assert reveal(cast.li, SecretKind.PHONE, by=cast.wang, note=REASON) == "13900001011"
    entry = AuditEntry.objects.get(verb="reveal_phone")
    assert (entry.by, entry.subject) == (cast.wang, f"person:{cast.li.pk}")
    assert entry.detail == {"note": REASON}
    assert first_broken_entry() is None


def test_a_colleague_is_reached_through_the_organisation_served(cast):
    assert reveal(cast.wang.person, "phone", by=cast.su, note=REASON) == "13900001007"
    with pytest.raises(PermissionDenied):
        reveal(cast.wang.person, "phone", by=cast.zhao, note=REASON)
    with pytest.raises(PermissionDenied):
        reveal(cast.su.person, "phone", by=cast.wang, note=REASON)


def test_a_number_that_is_not_there_is_a_sentence(cast):
    with pytest.raises(HouseError, match="没有登记"):
        reveal(cast.li, SecretKind.ID_NUMBER, by=cast.wang, note=REASON)


def test_a_leader_reads_a_phone_with_a_reason_but_no_document_number(cast):
    assert reveal(cast.li, SecretKind.PHONE, by=cast.lin, note=REASON) == "13900001011"
    with pytest.raises(PermissionDenied):
        reveal(cast.li, SecretKind.ID_NUMBER, by=cast.lin, note=REASON)


def test_reveals_have_a_daily_budget_for_each_reader(cast, monkeypatch):
    monkeypatch.setattr(people, "MOST_REVEALS_A_DAY", 3)
    for _time in range(3):
        reveal(cast.li, "phone", by=cast.wang, note=REASON)
    with pytest.raises(HouseError, match="上限"):
        reveal(cast.li, "phone", by=cast.wang, note=REASON)
    assert reveal(cast.li, "phone", by=cast.su, note=REASON)
    assert AuditEntry.objects.filter(verb="reveal_phone", by=cast.wang).count() == 3


def test_numbers_shown_on_other_floors_are_taken_from_the_same_budget(cast, monkeypatch):
    monkeypatch.setattr(people, "MOST_REVEALS_A_DAY", 2)
    record("reveal_caller", by=cast.wang, subject="complaint:1")
    assert reveal(cast.li, "phone", by=cast.wang, note=REASON)
    with pytest.raises(HouseError, match="上限"):
        reveal(cast.li, "phone", by=cast.wang, note=REASON)


@pytest.mark.smoke
def test_a_new_phone_replaces_the_old_one_which_stays_sealed(cast):
    with pytest.raises(PermissionDenied):
        set_phone(cast.li, "13900002002", by=cast.zhao)
    set_phone(cast.li, "13900002002", by=cast.wang)
    set_phone(cast.li, "139 0000 2002", by=cast.wang)
    phones = PersonSecret.objects.filter(person=cast.li).order_by("id")
    assert [(row.tail, row.is_current) for row in phones] == [("1011", False), ("2002", True)]
    set_phone(cast.li, "", by=cast.wang)
    with pytest.raises(HouseError):
        reveal(cast.li, "phone", by=cast.wang, note=REASON)


def test_a_password_chosen_by_another_must_be_changed(cast):
    person = register("周正", by=cast.su, home_organisation=cast.east_group)
    user = open_account(person, "zhou", by=cast.su, password="Another-Persons-1")
    assert user.must_change_password
    assert user.check_password("Another-Persons-1")
    assert not cast.wang.must_change_password


def test_an_account_without_a_password_cannot_sign_in_yet(cast):
    user = open_account(register("周正", by=None), "zhou", by=None)
    assert not user.has_usable_password()


def test_an_account_is_opened_only_within_reach_once_and_under_a_free_name(cast):
    with pytest.raises(PermissionDenied):
        open_account(cast.xu, "xu", by=cast.su)
    with pytest.raises(PermissionDenied):
        open_account(cast.li, "li", by=cast.wang)
    with pytest.raises(HouseError):
        open_account(cast.li, "wang", by=cast.su)
    with pytest.raises(HouseError):
        open_account(cast.li, "li", by=cast.su, password="123456")
    open_account(cast.li, "li", by=cast.su)
    with pytest.raises(HouseError):
        open_account(cast.li, "li2", by=cast.su)


def test_an_account_opened_after_the_appointment_gets_its_rights(cast):
    post = Appointment.objects.get(person=cast.wang.person)
    Appointment.objects.create(
        person=cast.li, organisation=post.organisation, role=post.role, started_on=post.started_on
    )
    user = open_account(cast.li, "li", by=cast.su)
    assert Person.objects.visible_to(user).filter(pk=cast.li.pk).exists()


@pytest.mark.smoke
def test_many_are_registered_with_few_statements(cast, django_assert_max_num_queries):
    rows = [
        NewPerson(f"居民{n}", phone=f"1370000{n:04}", home_organisation_id=cast.east_group.pk)
        for n in range(300)
    ]
    with django_assert_max_num_queries(24):
        found = bulk_register(rows)
    assert len({person.pk for person in found}) == 300
    assert PersonSecret.objects.filter(person__in=found).count() == 300
    assert reveal(found[7], "phone", by=cast.wang, note=REASON) == "13700000007"


def test_one_bad_row_refuses_the_whole_batch(cast):
    rows = [NewPerson("居民甲", phone="13700000001"), NewPerson("居民乙", phone="1")]
    with pytest.raises(HouseError):
        bulk_register(rows)
    assert not Person.objects.filter(name="居民甲").exists()


@pytest.mark.smoke
def test_the_stranger_sees_nobody_of_the_other_side(cast):
    seen = set(Person.objects.visible_to(cast.zhao))
    assert seen == {cast.xu}
    assert cast.li in Person.objects.visible_to(cast.wang)
