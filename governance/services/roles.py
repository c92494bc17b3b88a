"""Roles: what a post may do; changed by the security administrator, never for oneself."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from governance.choices import Word
from governance.errors import HouseError
from governance.models import Appointment, Person, Role
from governance.models.reach import require, roots
from governance.selectors import covers_every_street
from governance.services import audit
from governance.services.appointments import sync_rights


@audit.deed()
def change_role(role: Role, *, by: Any) -> Role:
    """Save a new or changed post; the rights of everybody who holds it follow at once.

    Needs the right to secure the post's street, or every street for a common post. Raises
    PermissionDenied for a post one holds oneself, HouseError when a technical post would unite
    powers that are kept apart.
    """
    if role.subdistrict is not None:
        require(by, Word.SECURE, role.subdistrict.path)
    elif not (roots(by, Word.SECURE) and covers_every_street(by, Word.SECURE)):
        raise PermissionDenied(_("您没有这项操作的权限。"))
    if role.pk and Appointment.objects.on().filter(role=role, person_id=by.person_id).exists():
        raise PermissionDenied(_("不能修改自己担任的岗位，请由另一位有权人员办理。"))
    if unknown := set(role.words) - set(Word.values):
        raise HouseError(_("没有这样的权限：%(words)s。") % {"words": "、".join(sorted(unknown))})
    # Three administrators, separated (`domain.md` 4.2).
    powers = [word for word in (Word.SECURE, Word.AUDIT) if word in role.words]
    if powers and (len(powers) > 1 or Word.MANAGE in role.words):
        raise HouseError(_("系统管理、安全管理、审计三种权限须由不同岗位分别担任。"))
    fields = changed_fields(role)
    role.save()
    for person in Person.objects.filter(appointments__role=role).distinct():
        sync_rights(person)
    audit.record(
        "change_role",
        by=by,
        subject=f"role:{role.code}",
        organisation_path=role.subdistrict.path if role.subdistrict else "",
        detail={"fields": fields, "words": list(role.words)},
    )
    return role


def changed_fields(role: Role) -> list[str]:
    """Names of the fields that differ from what is stored; all of them for a new post."""
    before = Role.objects.filter(pk=role.pk).first() if role.pk else None
    names = [field.name for field in Role._meta.concrete_fields if field.name != "id"]
    return [
        name for name in names if before is None or getattr(before, name) != getattr(role, name)
    ]
