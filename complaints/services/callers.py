"""Callers: whose number may be called, and the line that stays when it was shown."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from complaints.models import Complaint
from complaints.services.filing import PHONE_PURPOSE
from complaints.services.steps import refuse_unless_allowed
from complaints.workflow import MOVES
from governance.choices import Level, Word
from governance.errors import HouseError, WrongMove
from governance.models.reach import SEGMENT, may, roots
from governance.privacy import unseal
from governance.services import audit
from governance.services.audit import deed


def may_know_caller(case: Complaint, user: Any) -> bool:
    """Whether `user` may see who called: a caller who asked for secrecy is known to the desk only.

    Others see that there is somebody, and nothing of who it is (`domain.md` 4.1).
    """
    if is_neighbour(user):
        return False
    return not case.caller.is_secret or may(user, Word.DISPATCH, case.subdistrict.path)


def is_neighbour(user: Any) -> bool:
    """Whether `user` only looks at a building and handles nothing: a neighbour, not an office.

    Groups and party households must not learn who complained (`architecture.md` 4).
    """
    depth = SEGMENT * Level.BUILDING_GROUP
    return not roots(user, Word.HANDLE) and all(
        len(path) >= depth for path in roots(user, Word.SEE)
    )


@deed()
def reveal_phone(pk: int, *, by: Any) -> str:
    """The caller's number, for a call now; only while the unit of `by` has the case at work.

    Every look leaves a line in the audit. Raises WrongMove when the case is no longer at work,
    PermissionDenied for anybody else, HouseError when no number was left.
    """
    case = Complaint.objects.select_related("subdistrict", "caller").get(pk=pk)
    refuse_unless_allowed(case, Word.HANDLE, by)
    if not may_know_caller(case, by):
        raise PermissionDenied(_("诉求人要求保密。"))
    if case.stage not in MOVES["contact"].before:
        raise WrongMove(
            _("这件诉求现为“%(stage)s”，不再需要联系诉求人。") % {"stage": case.get_stage_display()}
        )
    if not case.caller.phone_sealed:
        raise HouseError(_("诉求人没有留电话，可上门联系，或写明无法联系的原因。"))
    audit.record(
        "reveal_caller_phone",
        by=by,
        subject=f"complaint:{case.pk}",
        organisation_path=case.holder_path,
    )
    return unseal(case.caller.phone_sealed, PHONE_PURPOSE)
