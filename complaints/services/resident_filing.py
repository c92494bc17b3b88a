"""Filing by a code on the wall: a resident without an account, agreed words, a number and a link."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as kept

from complaints.choices import PhotoGroup, Source
from complaints.models import (
    Complaint,
    Consent,
    Photo,
    PlaceCode,
    PlainKind,
    PrivacyNotice,
    ResidentRules,
)
from complaints.photos import Picture
from complaints.rules import rules_of
from complaints.services import budgets, photos, resident_links
from complaints.services.budgets import DAY, HOUR, Budget
from complaints.services.filing import Draft, file_complaint
from complaints.services.place_codes import organisation_of
from governance.errors import HouseError
from governance.identity import phone_form
from governance.services.deeds import once
from grids.selectors import grid_at


@dataclass(frozen=True)
class AtTheWall:
    """Whoever stands before a code: no account, and a tray kept apart by its own random number."""

    pk: str = "wall"


WALL = AtTheWall()


@dataclass(frozen=True)
class Report:
    """What a resident has filled in at the page of a place.

    `elsewhere` is an address in words when it did not happen at the place of the code; `address`
    is the network address of the request, used for budgets only and stored nowhere.
    """

    key: UUID
    text: str
    notice: PrivacyNotice
    kind: PlainKind | None = None
    detail: str = ""
    elsewhere: str = ""
    phone: str = ""
    is_secret: bool = False
    address: str = ""
    pictures: Sequence[Picture] = field(default_factory=tuple)


@dataclass(frozen=True)
class Filed:
    """The answer to a report: the number to say on the phone, the secret to come back with."""

    number: str
    secret: str


def file_from_wall(code: PlaceCode, report: Report) -> Filed:
    """File what a resident reports, once for each filled-in form, and bind a secret link to it.

    Words agreed to, photos, case and link are one transaction. Raises HouseError when a budget of
    the street is used up (`domain.md` 4.4: floods are throttled), or the matter is no matter.
    """
    answer = once(
        hashlib.sha256(b"resident" + report.key.bytes).hexdigest(),
        by=None,
        body=_body(code, report),
        act=lambda: _file(code, report),
    )
    return Filed(answer["number"], resident_links.secret_of_form(report.key))


def refuse_flood(rules: ResidentRules, address: str, phone: str = "") -> None:
    """Raise HouseError when the budgets are used up; asked before photos are opened."""
    budgets.refuse_exhausted(budgets_of(rules, address, phone))


def keep_for_another_try(
    rules: ResidentRules, tray: UUID, uploads: "Sequence[UploadedFile[Any]]", address: str
) -> None:
    """Keep the photos of a report that was sent back; budgeted, because nobody has filed anything.

    Raises HouseError when the address has used up what it may leave behind in an hour.
    """
    sentence = _("照片没有保留，请在提交前重新选一次。")
    budget = Budget("tray_hour", address, rules.address_hour, HOUR, sentence)
    with transaction.atomic():
        budgets.spend([budget])
    photos.keep(tray, uploads, by=WALL)


def forget_leftovers() -> None:
    """Throw away counts of past days, and photos of reports that were never sent; every night."""
    budgets.forget_old()
    photos.empty_forgotten_trays(WALL)


def budgets_of(rules: ResidentRules, address: str, phone: str) -> list[Budget]:
    """What one address and one phone may file with a street, as its office has set it."""
    later = _("这个网络提交得比较多，请过一小时再试；急事请直接拨打 12345。")
    tomorrow = _("这个网络今天提交得比较多，请明天再试；急事请直接拨打 12345。")
    found = [
        Budget("address_hour", address, rules.address_hour, HOUR, later),
        Budget("address_day", address, rules.address_day, DAY, tomorrow),
    ]
    if phone:
        sentence = _("这个电话今天已提交 %(count)s 件，请明天再试；急事请直接拨打 12345。")
        found.append(
            Budget(
                "phone_day", phone_form(phone), rules.phone_day, DAY,
                sentence % {"count": rules.phone_day},
            )
        )  # fmt: skip
    return found


def _file(code: PlaceCode, report: Report) -> dict[str, Any]:
    rules = rules_of(code.subdistrict_id).resident
    budgets.spend(budgets_of(rules, report.address, report.phone))
    case = file_complaint(draft_of(code, report), subdistrict=code.subdistrict, by=None)
    Consent.objects.create(complaint=case, notice=report.notice)
    secret = resident_links.secret_of_form(report.key)
    resident_links.issue(case, secret, by=None, days=rules.link_days)
    lay_photos(case, report.pictures)
    return {"number": case.number}


def lay_photos(
    case: Complaint, pictures: Sequence[Picture], group: str = PhotoGroup.REPORT
) -> list[Photo]:
    """Store the photos of somebody without an account; the same picture twice is one."""
    fresh = {picture.checksum: picture for picture in pictures}
    if not fresh:
        return []
    if case.photos.count() + len(fresh) > photos.MOST_OF_A_CASE:
        raise HouseError(_("一件诉求最多 %(most)s 张照片。") % {"most": photos.MOST_OF_A_CASE})
    laid = [photos.store(case, picture, by=None, group=group) for picture in fresh.values()]
    photos.note_photos(case, laid, None)
    return laid


def draft_of(code: PlaceCode, report: Report) -> Draft:
    """The matter as the services take it; the place comes from the code unless it was elsewhere."""
    category = report.kind.category if report.kind else None
    facts: dict[str, Any] = {
        "source": Source.QR,
        "text": report.text,
        "category": category,
        "caller_phone": report.phone,
        # Whoever complains about staff is protected without having to ask for it.
        "is_secret_caller": report.is_secret or bool(category and category.is_confidential),
    }
    if report.elsewhere.strip():
        found = grid_at(subdistrict=code.subdistrict, address=report.elsewhere)
        return Draft(
            address=report.elsewhere.strip(),
            place=found.organisation,
            compound=found.compound,
            building=found.building,
            dwelling=found.dwelling,
            hint=kept("居民在%(place)s扫码，反映的是另一处") % {"place": code},
            **facts,
        )
    place = code.building or code.grid
    assert place is not None  # the database holds one of the two
    return Draft(
        address=f"{place}{report.detail.strip()}",
        place=organisation_of(place),
        compound=code.building.compound if code.building else None,
        building=code.building,
        **facts,
    )


def _body(code: PlaceCode, report: Report) -> dict[str, Any]:
    return {
        "code": code.pk,
        "text": report.text,
        "kind": report.kind.pk if report.kind else None,
        "detail": report.detail,
        "elsewhere": report.elsewhere,
        "phone": report.phone,
        "is_secret": report.is_secret,
        "photos": [picture.checksum for picture in report.pictures],
    }
