"""撤销 at the desk: one's own step of a moment ago, taken back."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from complaints.admin.pages import case_url, list_url
from complaints.desk.casepage import case_within_reach
from complaints.models import Complaint
from complaints.services.undoing import undo
from governance.errors import HouseError


@require_POST
def undo_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the step back, or say why that is no longer possible; the case is shown as it is."""
    case = case_within_reach(request.user, pk)
    try:
        undo(case.pk, by=request.user)
    except HouseError as refusal:
        messages.warning(request, refusal.message)
    except PermissionDenied as refusal:
        messages.error(request, str(refusal) or _("您没有这项操作的权限。"))
    else:
        messages.success(
            request, _("已撤销，%(number)s 回到原来的状态。") % {"number": case.number}
        )
    visible = Complaint.objects.visible_to(request.user).filter(pk=pk).exists()
    return redirect(case_url(pk) if visible else list_url())
