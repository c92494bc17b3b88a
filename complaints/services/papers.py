"""Papers: what is printed of a case stands in its history."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from complaints.models import Complaint
from complaints.services.steps import lock_complaint, take_step
from governance.choices import Word
from governance.models.reach import may
from governance.services.audit import deed

SHORTEST_DEMAND = 6


@deed()
def note_print(pk: int, *, by: Any, paper: str) -> Complaint:
    """The history says who printed what of a case; nobody else's page goes stale by it.

    `paper` names the sheet, e.g. 承办单. Whoever sees the case may print it.
    """
    case = lock_complaint(pk)
    paths = (case.holder_path, case.main_unit_path, case.place_path, case.subdistrict.path)
    where = next((path for path in paths if may(by, Word.SEE, path)), "")
    if not where:
        raise PermissionDenied(_("您没有这项操作的权限。"))
    take_step(case, "print", by=by, note=paper, where=where)
    return case
