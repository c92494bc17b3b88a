"""Revealing: the caller's number shown at the desk for a written reason, and remembered."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from complaints.models import Accused, Complaint
from complaints.services.callers import may_know_caller
from complaints.services.filing import PHONE_PURPOSE
from governance.choices import Word
from governance.errors import HouseError
from governance.models.reach import may
from governance.privacy import unseal
from governance.services import audit
from governance.services.audit import deed
from governance.services.people import SHORTEST_REASON, refuse_beyond_budget

VERB = "reveal_caller"
# Who talks to callers at a desk: dispatchers, those who ask back, reviewers, handlers.
WORDS = (Word.DISPATCH, Word.CALLBACK, Word.REVIEW, Word.HANDLE)


@deed()
def reveal_caller(pk: int, *, by: Any, note: str) -> str:
    """The caller's phone number for a written reason; one record at a time (`domain.md` 4.1).

    Needs a right to work on the case where it is held. Raises HouseError for a reason shorter than
    4 signs, after 100 reveals of a day, and when no number was left.
    """
    case = Complaint.objects.select_related("subdistrict", "caller").get(pk=pk)
    path = case.holder_path or case.subdistrict.path
    accused = case.is_confidential and Accused.objects.about(by).filter(complaint=case).exists()
    allowed = any(may(by, word, path) for word in WORDS) and may_know_caller(case, by)
    if accused or not allowed:
        raise PermissionDenied(_("您没有这项操作的权限。"))
    if len(note.strip()) < SHORTEST_REASON:
        raise HouseError(_("请写明查看原因（至少四个字），原因会记入审计。"))
    refuse_beyond_budget(by)
    if not case.caller.phone_sealed:
        raise HouseError(_("诉求人没有留电话。"))
    audit.record(
        VERB,
        by=by,
        subject=f"complaint:{case.pk}",
        organisation_path=path,
        detail={"note": note.strip()[:200]},
    )
    return unseal(case.caller.phone_sealed, PHONE_PURPOSE)
