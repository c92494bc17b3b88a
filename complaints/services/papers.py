"""Papers: what is printed of a case, and supervision slips with a number of their own (督办单)."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as kept

from complaints.choices import Supervision
from complaints.models import Complaint, SupervisionSlip
from complaints.services.dispatching import tell
from complaints.services.steps import lock_complaint, take_step
from complaints.services.supervising import holders
from governance.choices import Word
from governance.errors import HouseError
from governance.models.reach import may
from governance.selectors import people_in_posts
from governance.services import numbers
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


@deed()
def supervise(
    pk: int, *, by: Any, demand: str, due_at: datetime, seen: int | None = None
) -> SupervisionSlip:
    """督办: formal pressure with a numbered slip, a demand and a time for the answer (1.4, 5.2).

    Moves no clock of the case. The unit that has the case, its community and the street's desk are
    told. Raises HouseError without a unit, for a thin demand, and for a time that has passed.
    """
    case = lock_complaint(pk, seen=seen)
    unit = case.main_unit or case.holder
    if unit is None or unit.pk == case.subdistrict_id:
        raise HouseError(_("还没有承办单位，派单以后才能督办。"))
    if len(demand.strip()) < SHORTEST_DEMAND:
        raise HouseError(_("请写明督办要求（至少六个字）。"))
    if due_at <= timezone.now():
        raise HouseError(_("反馈期限已过，请选择将来的时间。"))
    level = Supervision.ELEVATED if case.supervision == Supervision.ELEVATED else None
    slip = SupervisionSlip.objects.create(
        complaint=case,
        number=next_number(case),
        unit=unit,
        demand=demand.strip()[:300],
        due_at=due_at,
        issued_by=by,
    )
    take_step(
        case,
        "supervise",
        by=by,
        note=f"{slip.number} {slip.demand}",
        supervision=level or Supervision.SUPERVISED,
    )
    above = people_in_posts(unit.path, ["community_secretary"])
    tell(case, [*holders(case), *above], kept("督办单"), f"supervise:{slip.pk}")
    return slip


def next_number(case: Complaint) -> str:
    """The next number of the street's slips in this year, e.g. HP督〔2026〕3号."""
    year = timezone.localdate().year
    street = case.subdistrict
    return f"{street.short_code}督〔{year}〕{numbers.take(f'slip:{street.pk}:{year}')}号"
