"""Secret links: how a resident without an account comes back to the own case."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.choices import PhotoGroup
from complaints.models import Complaint, Photo, ResidentLink
from complaints.rules import rules_of
from complaints.services import secret_links
from complaints.services.steps import lock_complaint
from governance.choices import Word
from governance.errors import HouseError
from governance.models.reach import may
from governance.services import audit
from governance.services.audit import deed

PURPOSE = "resident.link"
JOINED = (
    "complaint__subdistrict", "complaint__category", "complaint__main_unit",
    "complaint__merged_into__main_unit",
)  # fmt: skip


def secret_of_form(key: UUID) -> str:
    """The secret of one filled-in form at the wall; the same form sent twice gets one link."""
    return secret_links.secret_of_form(key, PURPOSE)


def issue(case: Complaint, secret: str, *, by: Any, days: int) -> ResidentLink:
    """Bind a secret to a case for a number of days, as the office has set it."""
    return ResidentLink.objects.create(
        complaint=case,
        secret_digest=secret_links.digest_of(secret, PURPOSE),
        made_by=by,
        expires_at=timezone.now() + timedelta(days=days),
    )


def link_behind(secret: str) -> ResidentLink | None:
    """The link with its case; None for a wrong, an expired and a withdrawn one alike.

    With it comes `sent_count`, how many photos the resident has sent.
    """
    sent = Photo.objects.filter(complaint=OuterRef("complaint"), group=PhotoGroup.REPORT)
    count = sent.order_by().values("complaint").annotate(count=Count("pk")).values("count")
    rows = ResidentLink.objects.select_related(*JOINED).annotate(sent_count=Subquery(count))
    found: ResidentLink | None = secret_links.row_behind(rows, secret, PURPOSE)
    return found


def current_link(case: Complaint) -> ResidentLink | None:
    """The link that opens this case today."""
    return ResidentLink.objects.current().filter(complaint=case).first()


@deed()
def renew(pk: int, *, by: Any) -> str:
    """Give a case a new link and end the old one; returns the secret, which is shown only now.

    For residents who lost theirs, and for callers who never had one. Needs the right to dispatch
    where the case is held. Raises PermissionDenied otherwise.
    """
    case = _own_case(pk, by)
    _end(case, by)
    secret = secret_links.fresh_secret()
    issue(case, secret, by=by, days=rules_of(case.subdistrict_id).resident.link_days)
    _record("renew_resident_link", case, by)
    return secret


@deed()
def revoke(pk: int, *, by: Any) -> None:
    """End the link of a case: whoever holds it learns nothing any more. HouseError without one."""
    case = _own_case(pk, by)
    if not _end(case, by):
        raise HouseError(_("这件诉求没有有效的查询链接。"))
    _record("revoke_resident_link", case, by)


def _own_case(pk: int, by: Any) -> Complaint:
    case = lock_complaint(pk)
    visible = Complaint.objects.visible_to(by).filter(pk=pk).exists()
    if not visible or not may(by, Word.DISPATCH, case.holder_path or case.subdistrict.path):
        raise PermissionDenied(_("您没有这项操作的权限。"))
    return case


def _end(case: Complaint, by: Any) -> int:
    held = ResidentLink.objects.filter(complaint=case, ended_at=None)
    return held.update(ended_at=timezone.now(), ended_by=by)


def _record(verb: str, case: Complaint, by: Any) -> None:
    audit.record(verb, by=by, subject=f"complaint:{case.pk}", organisation_path=case.holder_path)
