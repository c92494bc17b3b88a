"""Reading what a street tells and asks its residents: the notice of today, the plain words."""

from django.db.models import Q
from django.http import HttpRequest

from complaints.choices import PhotoGroup
from complaints.models import Complaint, Photo, PlainKind, PrivacyNotice, Reply
from complaints.rules import rules_of
from governance.models import Organisation


def current_notice(subdistrict: Organisation) -> PrivacyNotice | None:
    """The newest words of the street; the common ones where it has none of its own."""
    rows = PrivacyNotice.objects.filter(Q(subdistrict=None) | Q(subdistrict=subdistrict))
    # On both databases a street's own rows come first, whatever their number.
    return max(rows, key=lambda row: (row.subdistrict_id is not None, row.version), default=None)


def plain_kinds(subdistrict: Organisation) -> list[PlainKind]:
    """The words residents choose from: the street's own list, else the common one."""
    rows = PlainKind.objects.filter(Q(subdistrict=None) | Q(subdistrict=subdistrict))
    found = list(rows.filter(is_enabled=True).select_related("category"))
    own = [row for row in found if row.subdistrict_id is not None]
    return own or found


def public_reply(case: Complaint) -> Reply | None:
    """The last answer that was approved: the one text of the office that a citizen reads."""
    approved = Reply.objects.filter(complaint=case, is_approved=True)
    return approved.order_by("-id").first()


def shown_photos(case: Complaint, reply: Reply | None) -> list[Photo]:
    """The photos of the work that the handler has cleared and a reviewer has approved."""
    if reply is None or not reply.shows_photos or case.is_confidential:
        return []
    rows = Photo.objects.filter(complaint=case, group=PhotoGroup.HANDLING, round=reply.round)
    return list(rows.order_by("pk"))


def next_version(subdistrict: Organisation | None) -> int:
    """The number of the next notice of a street, or of the common ones."""
    rows = PrivacyNotice.objects.filter(subdistrict=subdistrict)
    return max(rows.values_list("version", flat=True), default=0) + 1


def base_address(request: HttpRequest, subdistrict: int) -> str:
    """The address of the portal for people outside, as the office has set it, else the desk's."""
    base = rules_of(subdistrict).resident.public_address.rstrip("/")
    return base or request.build_absolute_uri("/").rstrip("/")
