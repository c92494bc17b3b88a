"""Taking on: what a grid worker reports on the spot, alone, with others, or for himself."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as kept

from complaints.choices import DispatchRule
from complaints.models import Complaint
from complaints.services import dispatching, filing, handling, intake, merging, photos
from complaints.services.filing import Draft
from governance.choices import Word
from governance.errors import HouseError
from governance.models import Organisation
from governance.models.reach import may
from governance.selectors import nearest_handler
from governance.services import notices
from governance.services.audit import deed


@deed()
def report(
    draft: Draft, *, subdistrict: Organisation, by: Any, tray: UUID | None = None
) -> Complaint:
    """File what was seen or heard on the spot, with the photos of the tray.

    What lies outside the reporter's reach is filed without a place and with a hint, so that the
    street's desk sends it to the right grid.
    """
    case = filing.file_complaint(within_reach(draft, by), subdistrict=subdistrict, by=by)
    if tray is not None:
        photos.hand_over(tray, case, by=by)
    return case


def within_reach(draft: Draft, by: Any) -> Draft:
    """The draft as `by` may file it: a foreign place becomes a hint to the dispatcher."""
    place = draft.place
    if place is None or may(by, Word.SEE, place.path) or may(by, Word.HANDLE, place.path):
        return draft
    hint = kept("网格员在本网格外发现，位置在%(place)s") % {"place": place.display_name}
    return replace(draft, place=None, hint=hint)


@deed()
def take_on(
    draft: Draft, *, subdistrict: Organisation, by: Any, tray: UUID | None = None
) -> Complaint:
    """我来办: file, accept, dispatch to the reporter's own unit and sign, in one deed.

    Acceptance and dispatch are the house's, so the case has its clock like any other. Raises
    HouseError for a place outside the reporter's own unit, and for matters about staff.
    """
    unit = own_unit(draft, by)
    if draft.category is not None and draft.category.is_confidential:
        raise HouseError(_("涉及工作人员的诉求须由街道受理，不能自己承办；请直接上报。"))
    case = report(draft, subdistrict=subdistrict, by=by, tray=tray)
    intake.accept(case.pk, by=None)
    dispatching.dispatch(
        case.pk,
        unit,
        by=None,
        note=kept("现场发现，上报人自办"),
        assignee=by.person,
        rule=DispatchRule.REPORTER,
    )
    case = handling.sign(case.pk, by=by)
    # The reporter need not be told of the own case.
    notices.mark_read(
        by,
        ids=notices.inbox(by)
        .filter(subject=f"complaint:{case.pk}", read_at__isnull=True)
        .values_list("pk", flat=True),
    )
    return case


def own_unit(draft: Draft, by: Any) -> Organisation:
    """The unit of the reporter that handles matters at this place."""
    unit = nearest_handler(draft.place.path) if draft.place else None
    if unit is None or not may(by, Word.HANDLE, unit.path):
        raise HouseError(_("这个位置不在您的网格，不能由您承办；请直接上报，街道会派给相应网格。"))
    return unit


@deed()
def join(
    draft: Draft,
    target: Complaint,
    *,
    subdistrict: Organisation,
    by: Any,
    tray: UUID | None = None,
) -> Complaint:
    """并入: file the matter and merge it into an open case, which the reporter can see.

    Its caller is kept and gets the answer of the other case; the photos go to where the work is
    done. Returns the case merged into.
    """
    case = filing.file_complaint(within_reach(draft, by), subdistrict=subdistrict, by=by)
    merging.merge_into(case.pk, target, by=None, note=kept("上报人确认为同一件事"))
    if tray is not None:
        photos.hand_over(tray, target, by=by)
    return target
