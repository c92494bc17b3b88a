"""What hangs on a case: sub-cases, cases merged into it, units that help; settled when it ends."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from complaints.choices import AWAITED, OPEN_STAGES, AssistState, Stage
from complaints.models import Assist, Complaint
from complaints.services import clock
from complaints.workflow import ENDED, NOT_FOR_PARTS
from governance.errors import HouseError, WrongMove

# With an answer the work is done, although the case stays open until the citizen was asked.
DONE_BY = ("reply", "approve")
MOST_NAMED = 5


def settle(case: Complaint, verb: str, stage: str) -> dict[str, Any]:
    """Ask, before a step leads to `stage`, whether what hangs on the case allows it.

    A parent ends only after its sub-cases, a lead with callers of its own only by an answer, and
    help that is still awaited ends with the case. Returns columns to change with the step. The
    case has been locked; one without belongings costs no statement.
    """
    if case.part_of_id is not None and verb in NOT_FOR_PARTS:
        raise HouseError(_("子件随主件办理，这一步请在主件上进行。"))
    if case.stage not in OPEN_STAGES:
        return {}
    ends = stage not in OPEN_STAGES
    if case.part_count and (ends or verb in DONE_BY):
        refuse_over_open_parts(case)
    if case.merged_count and stage in (*ENDED, Stage.MERGED, Stage.RETURNED_TO_SOURCE):
        raise WrongMove(
            _("还有其他诉求人反映的同一件事已并入本件一起办理，不能这样结束；请先取消并单。")
        )
    if ends and case.part_of_id is not None:
        clock.plan_end_of_part(case)
    if ends and case.assist_count:
        Assist.objects.filter(complaint=case, state__in=AWAITED).update(
            state=AssistState.RELEASED, ended_at=timezone.now()
        )
        return {"assist_count": 0}
    return {}


def refuse_over_open_parts(case: Complaint) -> None:
    """Raise WrongMove that names the sub-cases which are still being worked on."""
    rows = Complaint.objects.filter(part_of=case, is_open=True).order_by("pk")
    numbers = list(rows.values_list("number", flat=True))
    if not numbers:
        return
    named = "、".join(numbers[:MOST_NAMED])
    raise WrongMove(
        ngettext(
            "还有 %(count)s 件子件没有办结：%(numbers)s。子件全部办结后才能办结本件。",
            "还有 %(count)s 件子件没有办结：%(numbers)s。子件全部办结后才能办结本件。",
            len(numbers),
        )
        % {"count": len(numbers), "numbers": named}
    )
