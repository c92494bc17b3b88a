"""Secret links: how a resident without an account comes back to the own case."""

import hashlib
import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.models import Complaint, ResidentLink
from complaints.rules import rules_of
from complaints.services.steps import lock_complaint
from governance import privacy
from governance.choices import Word
from governance.errors import HouseError
from governance.models.reach import may
from governance.services import audit
from governance.services.audit import deed

PURPOSE = "resident.link"
BYTES = 16  # 128 bits
A_SECRET = re.compile(r"[A-Za-z0-9_-]{22}")
JOINED = (
    "complaint__subdistrict", "complaint__category", "complaint__main_unit",
    "complaint__merged_into__main_unit",
)  # fmt: skip


def secret_of_form(key: UUID) -> str:
    """The secret that belongs to one filled-in form, so that the same form sent twice gets one link.

    It follows from the form's random key, which only the resident's browser holds, and a key of
    the house; neither is stored, so a stolen database opens no case.
    """
    maker = hmac.new(settings.SECRET_KEY.encode(), PURPOSE.encode() + key.bytes, hashlib.sha256)
    return _written(maker.digest()[:BYTES])


def issue(case: Complaint, secret: str, *, by: Any, days: int) -> ResidentLink:
    """Bind a secret to a case for a number of days, as the office has set it."""
    return ResidentLink.objects.create(
        complaint=case,
        secret_digest=privacy.digest(secret, PURPOSE),
        made_by=by,
        expires_at=timezone.now() + timedelta(days=days),
    )


def link_behind(secret: str) -> ResidentLink | None:
    """The link with its case; None for a wrong, an expired and a withdrawn one alike."""
    if not A_SECRET.fullmatch(secret):
        return None
    found = ResidentLink.objects.current().select_related(*JOINED)
    return found.filter(secret_digest=privacy.digest(secret, PURPOSE)).first()


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
    secret = _written(secrets.token_bytes(BYTES))
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


def _written(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")
