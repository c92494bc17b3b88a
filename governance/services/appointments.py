"""Appointments: the one way in which rights come and go."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.choices import Word
from governance.errors import HouseError
from governance.models import (
    Appointment,
    Leave,
    Organisation,
    OrganisationUserPermission,
    Person,
    Role,
    User,
)
from governance.models.reach import may, require
from governance.services import audit

BATCH = 500


@audit.deed()
def appoint(
    person: Person,
    role: Role,
    organisation: Organisation,
    *,
    by: Any,
    started_on: date | None = None,
    ended_on: date | None = None,
    deputises_for: Appointment | None = None,
    note: str = "",
) -> Appointment:
    """Let a person serve an organisation; the role's rights follow at once (`architecture.md` 4).

    `ended_on` is the first day on which it no longer counts. A deputy (代理) is a dated appointment
    to the same post. Nobody appoints himself; technical posts need the right to secure.
    Raises HouseError when the post does not fit the organisation, is taken, or excludes another.
    """
    if by is not None:
        require(by, Word.SECURE if role.is_technical else Word.MANAGE, organisation.path)
        if by.person_id == person.pk:
            raise PermissionDenied(_("不能任命自己，请由另一位有权人员办理。"))
    _refuse_unfit(person, role, organisation)
    appointment = Appointment(
        person=person,
        role=role,
        organisation=organisation,
        started_on=started_on or timezone.localdate(),
        ended_on=ended_on,
        deputises_for=deputises_for,
        is_sole=role.is_sole and deputises_for is None,
        note=note[:200],
        appointed_by=by,
    )
    if deputises_for is not None and ended_on is None:
        raise HouseError(_("代理须写明截止日期。"))
    try:
        with transaction.atomic():
            appointment.save()
    except IntegrityError as error:
        raise HouseError(
            _("%(organisation)s的%(role)s已有人在任，请先办理离任，或设为代理。")
            % {"organisation": organisation.name, "role": role.label}
        ) from error
    sync_rights(person)
    _record("appoint", appointment, by)
    return appointment


def let_deputise(post: Appointment, deputy: Person, *, leave: Leave, by: Any) -> Appointment:
    """A dated appointment to the same post for as long as a leave lasts (代理).

    Who may enter a leave has been asked by the caller; rights are synchronised by the caller too.
    Raises HouseError when the post excludes another one of the deputy's.
    """
    _refuse_unfit(deputy, post.role, post.organisation)
    appointment = Appointment.objects.create(
        person=deputy,
        role=post.role,
        organisation=post.organisation,
        started_on=leave.started_on,
        ended_on=min(leave.ended_on, post.ended_on or leave.ended_on),
        deputises_for=post,
        leave=leave,
        appointed_by=by,
    )
    _record("appoint", appointment, by)
    return appointment


@audit.deed()
def bulk_appoint(
    rows: Iterable[tuple[Person, Role, Organisation]], *, started_on: date, by: Any = None
) -> list[Appointment]:
    """Let many people begin to serve with few statements: imports and the demonstration street.

    For ordinary posts only, none of which excludes another; rights are asked once by the caller.
    Raises HouseError when a post does not fit its organisation or is taken.
    """
    fresh = []
    for person, role, organisation in rows:
        if role.excludes or role.is_technical:
            raise HouseError(_("技术岗位须逐一任命。"))
        _refuse_wrong_level(role, organisation)
        fresh.append(
            Appointment(
                person=person,
                role=role,
                organisation=organisation,
                started_on=started_on,
                is_sole=role.is_sole,
                appointed_by=by,
            )
        )
    try:
        with transaction.atomic():
            saved = Appointment.objects.bulk_create(fresh, BATCH)
    except IntegrityError as error:
        raise HouseError(_("其中有岗位已有人在任，请先查对。")) from error
    people = {post.person_id: post.person for post in saved}
    for user in User.objects.filter(person__in=people).only("person_id"):
        sync_rights(people[user.person_id])
    audit.record("appoint_many", by=by, subject="person:", detail={"count": len(saved)})
    return saved


def _refuse_unfit(person: Person, role: Role, organisation: Organisation) -> None:
    _refuse_wrong_level(role, organisation)
    current = Appointment.objects.on().filter(person=person).select_related("role")
    for other in current:
        if other.role.code in role.excludes or role.code in other.role.excludes:
            raise HouseError(
                _("%(one)s与%(other)s不得由一人兼任。")
                % {"one": role.label, "other": other.role.label}
            )


def _refuse_wrong_level(role: Role, organisation: Organisation) -> None:
    if organisation.ended_on is not None:
        raise HouseError(_("该组织已撤销，不能再任职。"))
    if role.levels and (organisation.level or 0) not in role.levels:
        raise HouseError(
            _("%(role)s不能设在%(organisation)s这一层级。")
            % {"role": role.label, "organisation": organisation.name}
        )


@audit.deed()
def end(appointment: Appointment, *, by: Any, ended_on: date | None = None, note: str = "") -> None:
    """End an appointment; from that day on the rights that nothing else justifies are gone."""
    if by is not None:
        word = Word.SECURE if appointment.role.is_technical else Word.MANAGE
        require(by, word, appointment.organisation.path)
    appointment.ended_on = ended_on or timezone.localdate()
    if appointment.ended_on < appointment.started_on:
        raise HouseError(_("离任日期早于任职日期，请检查。"))
    appointment.note = note[:200] or appointment.note
    appointment.save(update_fields=["ended_on", "note"])
    sync_rights(appointment.person)
    _record("end_appointment", appointment, by)


@audit.deed()
def leave(person: Person, *, by: Any) -> None:
    """A person leaves the office: appointments, account and sessions end in one breath.

    Sessions die with the password; what the person still holds shows in "nobody can act".
    """
    posts = list(Appointment.objects.on().filter(person=person).select_related("organisation"))
    if not posts or not all(may(by, Word.MANAGE, post.organisation.path) for post in posts):
        raise PermissionDenied(_("您没有这项操作的权限。"))
    for post in posts:
        end(post, by=by)
    user = User.objects.filter(person=person).first()
    if user is not None:
        user.is_active = False
        user.set_unusable_password()
        user.save(update_fields=["is_active", "password", "password_changed_at"])
    audit.record("leave", by=by, subject=f"person:{person.pk}")


def sync_rights(person: Person) -> None:
    """Make the guardian grants of the person's account equal what current posts justify."""
    user = User.objects.filter(person=person).first()
    if user is None:
        return
    today = timezone.localdate()
    posts = Appointment.objects.filter(person=person, ended_on__isnull=True) | (
        Appointment.objects.filter(person=person, ended_on__gt=today)
    )
    wanted = {
        (post.organisation_id, word)
        for post in posts.select_related("role")
        for word in post.role.words
    }
    held = {
        (grant.content_object_id, grant.permission.codename): grant.pk
        for grant in OrganisationUserPermission.objects.filter(user=user).select_related(
            "permission"
        )
    }
    extra = [pk for key, pk in held.items() if key not in wanted]
    if extra:
        OrganisationUserPermission.objects.filter(pk__in=extra).delete()
    missing = wanted - held.keys()
    if missing:
        permissions = word_permissions()
        OrganisationUserPermission.objects.bulk_create(
            OrganisationUserPermission(
                user=user, content_object_id=organisation, permission_id=permissions[word]
            )
            for organisation, word in sorted(missing)
        )


@audit.deed()
def end_expired() -> int:
    """Take back the grants of appointments whose last day has passed; returns whose were looked at.

    They count no longer anyway (`reach.rights` asks the dates); the grants only must not pile up.
    """
    ended = Appointment.objects.filter(
        ended_on__lte=timezone.localdate(),
        person__user__organisationuserpermission__content_object=F("organisation"),
    )
    people = list(Person.objects.filter(pk__in=ended.values("person")))
    for person in people:
        sync_rights(person)
    return len(people)


def word_permissions() -> dict[str, int]:
    """The database's permission id of each word."""
    kind = ContentType.objects.get_for_model(Organisation)
    rows = Permission.objects.filter(content_type=kind, codename__in=Word.values)
    return dict(rows.values_list("codename", "id"))


def _record(verb: str, appointment: Appointment, by: Any) -> None:
    audit.record(
        verb,
        by=by,
        subject=f"person:{appointment.person_id}",
        organisation_path=appointment.organisation.path,
        detail={
            "role": appointment.role.code,
            "from": str(appointment.started_on),
            "until": str(appointment.ended_on or ""),
        },
    )
