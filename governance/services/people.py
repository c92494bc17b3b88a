"""People: registered once, their numbers sealed, shown one by one for a written reason."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.choices import Gender, SecretKind, Word
from governance.errors import HouseError
from governance.identity import (
    MOBILE,
    birth_day,
    check_id_number,
    check_phone,
    is_male,
    name_index,
)
from governance.models import Appointment, AuditEntry, Organisation, Person, PersonSecret, User
from governance.models.reach import may, require, roots
from governance.privacy import (
    digest,
    mask_email,
    mask_id_number,
    mask_phone,
    phone_tail,
    seal,
    unseal,
)
from governance.services import appointments, audit

MOST_REVEALS_A_DAY = 100
SHORTEST_REASON = 4
BATCH = 2000
# Longer ones do not fit the column once sealed.
LONGEST_EMAIL = 80
MASKS = {
    SecretKind.PHONE: mask_phone,
    SecretKind.ID_NUMBER: mask_id_number,
    SecretKind.EMAIL: mask_email,
}


@dataclass(frozen=True, slots=True)
class NewPerson:
    """One row of a bulk registration; numbers are checked, as for a single person."""

    name: str
    gender: str = Gender.UNKNOWN
    birth_on: date | None = None
    phone: str = ""
    id_number: str = ""
    home_organisation_id: int | None = None
    is_party_member: bool = False


@audit.deed()
def register(
    name: str,
    *,
    by: Any,
    gender: str = Gender.UNKNOWN,
    birth_on: date | None = None,
    phone: str = "",
    id_number: str = "",
    home_organisation: Organisation | None = None,
    is_party_member: bool = False,
) -> Person:
    """Add one human being; sex and birthday come from the identity number where they are missing.

    Needs the right to handle or manage the home; without a home, to manage anything (`by=None` is
    the house itself). Raises HouseError for a bad number, or when the identity number is known.
    """
    if by is not None:
        _require_place_for(by, home_organisation)
    row = NewPerson(
        name.strip(), gender, birth_on, phone, id_number,
        home_organisation.pk if home_organisation else None, is_party_member,
    )  # fmt: skip
    if not row.name:
        raise HouseError(_("请填写姓名。"))
    person, secrets = _built(row)
    person.save()
    _save_secrets(secrets)
    audit.record(
        "register_person",
        by=by,
        subject=f"person:{person.pk}",
        organisation_path=home_organisation.path if home_organisation else "",
    )
    return person


@audit.deed()
def bulk_register(rows: Iterable[NewPerson], *, by: Any = None) -> list[Person]:
    """Add many people with few statements: imports and the demonstration street.

    The same checks as `register`; one bad number refuses the whole deed. One audit line.
    """
    built = [_built(row) for row in rows]
    people = Person.objects.bulk_create((person for person, _secrets in built), BATCH)
    _save_secrets([secret for _person, secrets in built for secret in secrets])
    audit.record("register_people", by=by, subject="person:", detail={"count": len(people)})
    return people


@audit.deed()
def set_phone(person: Person, phone: str, *, by: Any) -> None:
    """Replace the person's phone number; "" removes it. Older numbers stay, sealed and not current.

    Needs the right to handle or manage one of the person's places.
    """
    if by is not None and not _may_change(by, person):
        raise PermissionDenied(_("您没有这项操作的权限。"))
    held = person.secrets.filter(kind=SecretKind.PHONE, is_current=True)
    if not phone.strip():
        held.update(is_current=False)
    else:
        fresh = _secret(person, SecretKind.PHONE, check_phone(phone))
        if held.filter(digest=fresh.digest).exists():
            return
        held.update(is_current=False)
        fresh.save()
    audit.record("set_phone", by=by, subject=f"person:{person.pk}")


@audit.deed()
def set_email(person: Person, address: str, *, by: Any) -> None:
    """Replace the mailbox that reminders go to; "" removes it. It is kept sealed, like a phone.

    Everybody may enter the own one; for others it needs the right to handle or manage one of the
    person's places. Raises HouseError for what is no address.
    """
    if by is not None and by.person_id != person.pk and not _may_change(by, person):
        raise PermissionDenied(_("您没有这项操作的权限。"))
    address = address.strip()
    held = person.secrets.filter(kind=SecretKind.EMAIL, is_current=True)
    if address:
        try:
            validate_email(address)
        except ValidationError as error:
            raise HouseError(_("邮箱地址不正确，请检查。")) from error
        if len(address) > LONGEST_EMAIL:
            raise HouseError(_("邮箱地址太长，请检查。"))
        fresh = _secret(person, SecretKind.EMAIL, address)
        if held.filter(digest=fresh.digest).exists():
            return
    held.update(is_current=False)
    if address:
        fresh.save()
    audit.record("set_email", by=by, subject=f"person:{person.pk}")


@audit.deed()
def reveal(person: Person, kind: str, *, by: Any, note: str) -> str:
    """Show one sealed number for a written reason, and remember who saw it (`domain.md` 4.1).

    A phone needs the right to see one of the person's places; a document number needs the right to
    handle or care there: leaders and auditors do without (`domain.md` 9). Raises HouseError for a
    reason shorter than 4 signs, after 100 reveals of a day, and when there is no such number.
    """
    kind = SecretKind(kind).value
    words = (Word.HANDLE, Word.CARE) if kind == SecretKind.ID_NUMBER else (Word.SEE,)
    if not any(may(by, word, path) for word in words for path in places(person)):
        raise PermissionDenied(_("您没有这项操作的权限。"))
    if len(note.strip()) < SHORTEST_REASON:
        raise HouseError(_("请写明查看原因（至少四个字），原因会记入审计。"))
    refuse_beyond_budget(by)
    secret = person.secrets.filter(kind=kind, is_current=True).order_by("-id").first()
    if secret is None:
        raise HouseError(_("没有登记这项号码。"))
    audit.record(
        f"reveal_{kind}",
        by=by,
        subject=f"person:{person.pk}",
        organisation_path=next(iter(places(person)), ""),
        detail={"note": note.strip()[:200]},
    )
    return unseal(secret.sealed, kind)


@audit.deed()
def open_account(person: Person, username: str, *, by: Any, password: str | None = None) -> User:
    """Give a person the account to sign in with; rights follow from the appointments held.

    Without a password nobody can sign in yet. A password that somebody else has chosen must be
    changed at the first sign-in. Raises HouseError for a taken name or a weak password.
    """
    if by is not None:
        reachable = [path for path in places(person) if may(by, Word.MANAGE, path)]
        if not reachable and (places(person) or not roots(by, Word.MANAGE)):
            raise PermissionDenied(_("您没有这项操作的权限。"))
    user = User(person=person, username=username.strip())
    user.must_change_password = bool(password and by is not None and by.person_id != person.pk)
    if password:
        try:
            validate_password(password, user)
        except ValidationError as error:
            raise HouseError(" ".join(error.messages)) from error
    user.set_password(password)
    try:
        user.full_clean(exclude=["password", "person"])
        with transaction.atomic():
            user.save(force_insert=True)
    except (ValidationError, IntegrityError) as error:
        raise HouseError(_("账号名已被使用或不合规，或此人已有账号，请检查。")) from error
    appointments.sync_rights(person)
    audit.record("open_account", by=by, subject=f"person:{person.pk}")
    return user


def choose_type_size(user: User, *, is_large: bool) -> None:
    """Remember with the account whether pages are to be drawn in large type."""
    user.uses_large_type = is_large
    user.save(update_fields=["uses_large_type"])


def choose_digest(user: User, wish: bool | None) -> None:
    """Remember whether somebody wants the daily digest; None is what the office has set."""
    user.wants_digest = wish
    user.save(update_fields=["wants_digest"])


def choose_language(user: User, language: str) -> None:
    """Remember with the account the language (a code of settings.LANGUAGES) of its pages."""
    if user.language != language:
        user.language = language
        user.save(update_fields=["language"])


@audit.deed()
def reset_password(user: User, password: str, *, by: Any) -> None:
    """Give somebody who lost the password a new one, to be changed at the next sign-in.

    Needs the right to manage one of the person's places; nobody does it for himself. Every
    session of the account ends with the old password. Raises HouseError for a weak password.
    """
    reachable = any(may(by, Word.MANAGE, path) for path in places(user.person))
    if not reachable or by.pk == user.pk:
        raise PermissionDenied(_("您没有这项操作的权限。"))
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise HouseError(" ".join(error.messages)) from error
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "password_changed_at", "must_change_password"])
    audit.record("reset_password", by=by, subject=f"person:{user.person_id}")


def person_with_id_number(text: str) -> Person | None:
    """The person whose identity number this is, found by its keyed digest; None when unknown.

    Raises HouseError for a text that cannot be an identity number.
    """
    number = check_id_number(text, demonstration=settings.DEMONSTRATION)
    found = PersonSecret.objects.filter(
        kind=SecretKind.ID_NUMBER,
        digest=digest(number, SecretKind.ID_NUMBER.value),
        is_current=True,
    ).select_related("person")
    secret = found.first()
    return secret.person if secret else None


def places(person: Person) -> list[str]:
    """Paths of the person's places: where the home lies, and every organisation served today."""
    served = Appointment.objects.on().filter(person=person)
    paths = list(served.values_list("organisation__path", flat=True))
    if person.home_organisation is not None:
        paths.insert(0, person.home_organisation.path)
    return paths


def _may_change(by: Any, person: Person) -> bool:
    return any(
        may(by, word, path) for path in places(person) for word in (Word.HANDLE, Word.MANAGE)
    )


def _require_place_for(by: Any, home: Organisation | None) -> None:
    if home is None:
        if not roots(by, Word.MANAGE):
            raise PermissionDenied(_("您没有这项操作的权限。"))
    elif not may(by, Word.HANDLE, home.path):
        require(by, Word.MANAGE, home.path)


def refuse_beyond_budget(by: Any) -> None:
    """Raise HouseError when the numbers shown to `by` today are as many as the day allows."""
    # Locked, so that two windows of one person cannot share the last reveal of the day.
    User.objects.select_for_update(of=("self",)).get(pk=by.pk)
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    # Callers' numbers, shown one floor up, are taken from the same budget.
    seen = AuditEntry.objects.filter(by=by, at__gte=midnight, verb__startswith="reveal_").count()
    if seen >= MOST_REVEALS_A_DAY:
        raise HouseError(
            _("今天查看号码已达 %(count)s 次上限，明天再查，或请同事协助。")
            % {"count": MOST_REVEALS_A_DAY}
        )


# Common names repeat in a street; reading one costs 80 microseconds.
_read_name = lru_cache(maxsize=20_000)(name_index)


def _built(row: NewPerson) -> tuple[Person, list[PersonSecret]]:
    """The rows of one person, not yet saved; numbers checked and sealed."""
    pinyin, initials = _read_name(row.name)
    person = Person(
        name=row.name,
        name_pinyin=pinyin[:120],
        name_initials=initials[:30],
        gender=row.gender,
        birth_on=row.birth_on,
        is_party_member=row.is_party_member,
        home_organisation_id=row.home_organisation_id,
    )
    secrets = []
    if row.phone:
        # A bare mobile number is its own form; asking the library costs more than sealing it.
        phone = row.phone if MOBILE.fullmatch(row.phone) else check_phone(row.phone)
        secrets.append(_secret(person, SecretKind.PHONE, phone))
    if row.id_number:
        number = check_id_number(row.id_number, demonstration=settings.DEMONSTRATION)
        secrets.append(_secret(person, SecretKind.ID_NUMBER, number))
        person.birth_on = person.birth_on or birth_day(number)
        if person.gender == Gender.UNKNOWN:
            person.gender = Gender.MALE if is_male(number) else Gender.FEMALE
    return person, secrets


def _secret(person: Person, kind: SecretKind, number: str) -> PersonSecret:
    is_phone = kind is SecretKind.PHONE
    mask = MASKS[kind]
    return PersonSecret(
        person=person,
        kind=kind.value,
        sealed=seal(number, kind.value),
        digest=digest(number, kind.value),
        masked=mask(number),
        tail=phone_tail(number) if is_phone else "",
    )


def _save_secrets(secrets: Sequence[PersonSecret]) -> None:
    for secret in secrets:
        secret.person_id = secret.person.pk
    try:
        with transaction.atomic():
            PersonSecret.objects.bulk_create(secrets, BATCH)
    except IntegrityError as error:
        raise HouseError(_("该证件号码已登记在另一人名下，请先查找此人。")) from error
