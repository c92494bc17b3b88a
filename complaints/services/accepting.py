"""Accepting and dispatching in one deed: what a dispatcher does with a clear matter."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_noop as kept

from complaints.models import Complaint
from complaints.services import assisting, dispatching, intake
from complaints.services.remembering import remember_beside
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


@deed()
def dispatch_with_help(
    pk: int,
    unit: Organisation,
    helpers: Sequence[Organisation],
    *,
    by: Any,
    note: str = "",
    rule: str = "",
    accept: bool = False,
    seen: int | None = None,
) -> Complaint:
    """Send a case to its main unit and ask others to help it, in one deed (`domain.md` 5.1).

    With `accept` it is accepted first. One 撤销 takes the dispatch back with the help. Raises what `intake.accept`, `dispatching.dispatch` and
    `assisting.add_units` raise; then nothing has happened.
    """
    if accept:
        intake.accept(pk, by=by, seen=seen)
    case = dispatching.dispatch(
        pk, unit, by=by, note=note, rule=rule, seen=None if accept else seen
    )
    if helpers:
        task = note.strip() or str(kept("请配合主办单位办理"))
        assisting.add_units(pk, helpers, by=by, note=task)
        remember_beside(pk, by=by, assist_count=case.assist_count)
    return case
