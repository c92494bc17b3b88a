"""Accepting and dispatching in one deed: what a dispatcher does with a clear matter."""

from typing import Any

from complaints.models import Complaint
from complaints.services import dispatching, intake
from governance.models import Organisation
from governance.services.audit import deed


@deed()
def accept_and_dispatch(
    pk: int,
    unit: Organisation,
    *,
    by: Any,
    note: str = "",
    rule: str = "",
    seen: int | None = None,
) -> Complaint:
    """Accept a case and send it to its unit; both happen or neither.

    Raises what `intake.accept` and `dispatching.dispatch` raise.
    """
    intake.accept(pk, by=by, seen=seen)
    return dispatching.dispatch(pk, unit, by=by, note=note, rule=rule)
