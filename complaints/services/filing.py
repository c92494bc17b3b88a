"""Filing: how a complaint comes in, one by one or by the thousand, and what the office makes of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as kept

from complaints.calendars import current_calendar
from complaints.choices import CITY_SOURCES, LimitUnit, Source, Stage, Urgency
from complaints.limits import Limit, city_limit
from complaints.models import Accused, Caller, Category, Complaint, Step
from complaints.rules import Rules, rules_of
from complaints.services import clock
from complaints.services.steps import apply, appointment_of, finish_step
from governance import privacy
from governance.calendar import Calendar
from governance.choices import NoticeKind, SecretKind, Word
from governance.errors import HouseError
from governance.identity import phone_form
from governance.models import Organisation
from governance.models.reach import may
from governance.points import here
from governance.selectors import people_in_posts
from governance.services import numbers
from governance.services.audit import deed
from governance.services.notices import notify
from governance.worktime import add
from grids.models import Building, Dwelling, ResidentialCompound

PHONE_PURPOSE = "caller.phone"


@dataclass(frozen=True)
class Draft:
    """What is known of a matter before it is a case.

    `happened_at` is when the source sent it, `city_due_at` the city's own deadline. `accepted`
    says that somebody above has accepted it already, as city orders are.
    """

    source: str
    text: str
    title: str = ""
    source_number: str = ""
    category: Category | None = None
    urgency: str = ""
    address: str = ""
    place: Organisation | None = None
    compound: ResidentialCompound | None = None
    building: Building | None = None
    dwelling: Dwelling | None = None
    lng: float | None = None
    lat: float | None = None
    caller_name: str = ""
    caller_phone: str = ""
    is_secret_caller: bool = False
    happened_at: datetime | None = None
    city_due_at: datetime | None = None
    hint: str = ""
    accepted: bool = False
    accused: tuple[Accused, ...] = ()


@deed()
def file_complaint(draft: Draft, *, subdistrict: Organisation, by: Any) -> Complaint:
    """File one matter with the street; it waits for acceptance, or for dispatch when accepted.

    `by` is the clerk or grid worker, None for a resident's own form. Raises HouseError when the
    text is missing or the order number is already here, PermissionDenied for a stranger.
    """
    refuse_a_bad_draft(draft, subdistrict)
    if by is not None and not may_file(by, draft, subdistrict):
        raise PermissionDenied(_("您没有在此登记诉求的权限。"))
    rules, calendar = rules_of(subdistrict), current_calendar(subdistrict)
    number = first_number(subdistrict, 1)
    complaint = build(draft, subdistrict, number, by, rules, calendar)
    complaint.repeat_of_id = earlier_case_of_same_caller(complaint, draft)
    step = first_step(complaint, by)
    save_unless_known(complaint, draft)
    here("after_save")
    step.complaint = complaint
    close_first_step(step, complaint)
    Complaint.objects.filter(pk=complaint.pk).update(
        step_count=complaint.step_count, last_step_hash=complaint.last_step_hash
    )
    step.save(force_insert=True)
    here("after_event")
    build_caller(complaint, draft).save(force_insert=True)
    for accused in draft.accused:
        accused.complaint, accused.named_by = complaint, by
        accused.save(force_insert=True)
    tell_the_office(complaint)
    return complaint


def save_unless_known(complaint: Complaint, draft: Draft) -> None:
    """Write the case; an order that somebody else filed in the same moment is told by its number."""
    try:
        with transaction.atomic():
            complaint.save(force_insert=True)
    except IntegrityError:
        # Nothing of ours was written; what the other one filed can be read now.
        refuse_a_bad_draft(draft, complaint.subdistrict)
        raise


@deed()
def file_many(drafts: Sequence[Draft], *, subdistrict: Organisation, by: Any) -> list[Complaint]:
    """File a batch in a handful of statements; order numbers must be new to the street.

    Callers check reach once for the whole batch. Nobody is notified case by case.
    """
    rules, calendar = rules_of(subdistrict), current_calendar(subdistrict)
    number = first_number(subdistrict, len(drafts))
    cases = [
        build(draft, subdistrict, number + place, by, rules, calendar)
        for place, draft in enumerate(drafts)
    ]
    Complaint.objects.bulk_create(cases, batch_size=500)
    steps = [first_step(case, by) for case in cases]
    # The street holds every fresh case, so one post answers for the whole batch.
    post = appointment_of(by, cases[0]) if cases else None
    for step, case in zip(steps, cases, strict=True):
        step.appointment_id = post
        close_first_step(step, case)
    Step.objects.bulk_create(steps, batch_size=500)
    first = Step.objects.filter(complaint=OuterRef("pk"), number=1).values("step_hash")
    Complaint.objects.filter(pk__in=[case.pk for case in cases]).update(
        step_count=1, last_step_hash=Subquery(first)
    )
    Caller.objects.bulk_create(
        (build_caller(case, draft) for case, draft in zip(cases, drafts, strict=True)),
        batch_size=500,
    )
    return cases


def refuse_a_bad_draft(draft: Draft, subdistrict: Organisation) -> None:
    """Raise HouseError with the reason when a draft cannot become a case."""
    if not draft.text.strip():
        raise HouseError(_("请填写诉求内容：发生了什么、在哪里。"))
    if draft.place is not None and not draft.place.path.startswith(subdistrict.path):
        raise HouseError(_("所选网格不属于本街道，请重新选择。"))
    known = draft.source_number and Complaint.objects.filter(
        subdistrict=subdistrict, source=draft.source, source_number=draft.source_number
    ).values_list("number", flat=True)
    if known and (number := known.first()):
        raise HouseError(
            _("来源单号 %(source)s 已登记为 %(number)s，未重复登记。")
            % {"source": draft.source_number, "number": number}
        )


def may_file(by: Any, draft: Draft, subdistrict: Organisation) -> bool:
    """Clerks file for the whole street, everybody else what lies within reach or is unplaced."""
    if may(by, Word.DISPATCH, subdistrict.path):
        return True
    if draft.place is not None:
        return may(by, Word.HANDLE, draft.place.path) or may(by, Word.SEE, draft.place.path)
    return any(path.startswith(subdistrict.path) for path in _handling_paths(by))


def _handling_paths(by: Any) -> list[str]:
    from_rights = by.organisationuserpermission_set.filter(
        permission__codename=Word.HANDLE
    ).values_list("content_object__path", flat=True)
    return [path for path in from_rights if may(by, Word.HANDLE, path)]


def first_number(subdistrict: Organisation, count: int) -> int:
    """Take a block of `count` case numbers of this year."""
    year = timezone.localdate().year
    return numbers.take(f"complaint:{subdistrict.pk}:{year}", count)


def build(
    draft: Draft,
    subdistrict: Organisation,
    number: int,
    by: Any,
    rules: Rules,
    calendar: Calendar,
) -> Complaint:
    """An unsaved case with its places and, when already accepted, its clock."""
    now = timezone.now()
    category = draft.category
    title = draft.title.strip() or draft.text.strip().splitlines()[0]
    case = Complaint(
        number=f"{subdistrict.short_code}-{timezone.localdate().year}-{number:06d}",
        subdistrict=subdistrict,
        source=draft.source,
        source_number=draft.source_number,
        title=title[:120],
        text=draft.text,
        category=category,
        urgency=draft.urgency or (category.urgency if category else Urgency.ORDINARY),
        stage=Stage.PENDING_ACCEPTANCE,
        hint=draft.hint[:200],
        address=draft.address[:160],
        compound=draft.compound,
        building=draft.building,
        dwelling=draft.dwelling,
        lng=draft.lng,
        lat=draft.lat,
        is_confidential=bool(category and category.is_confidential) or bool(draft.accused),
        happened_at=draft.happened_at,
        filed_at=now,
        filed_by=by,
    )
    apply(case, {"place": draft.place, "holder": subdistrict})
    if draft.source in CITY_SOURCES:
        days = rules.case.source_return_workdays
        start = draft.happened_at or now
        case.source_return_due_at = add(start, days, LimitUnit.WORKDAYS, calendar).at
    if draft.accepted:
        case.stage = Stage.PENDING_DISPATCH
        apply(case, clock_of_acceptance(case, draft, rules, calendar))
        case.due_at = case.case_due_at
    return case


def clock_of_acceptance(
    case: Complaint, draft: Draft | None, rules: Rules, calendar: Calendar
) -> dict[str, Any]:
    """The columns that start the case clock (`domain.md` 1.6, rules 2, 5 and 7).

    A city order counts from the city's dispatch and keeps the city's own deadline when it has one.
    """
    start = case.happened_at if case.source in CITY_SOURCES and case.happened_at else timezone.now()
    limit = limit_of(case, rules)
    due = limit.due(start, calendar)
    city_due_at = draft.city_due_at if draft else None
    at = city_due_at or due.at
    return {
        "accepted_at": start,
        "limit_amount": limit.amount,
        "limit_unit": limit.unit,
        "calendar_version": calendar.version,
        "is_city_deadline": city_due_at is not None,
        "due_is_provisional": due.is_provisional and city_due_at is None,
        "original_due_at": at,
        "case_due_at": at,
    }


def limit_of(case: Complaint, rules: Rules) -> Limit:
    """The category's limit; for city orders and unknown categories the city's usual one."""
    if case.category is not None:
        return Limit(case.category.limit_amount, case.category.limit_unit)
    return city_limit(rules.case)


def first_step(case: Complaint, by: Any) -> Step:
    """The step with which a history begins."""
    return Step(
        complaint=case,
        number=1,
        verb="file",
        stage_before="",
        stage_after=case.stage,
        by=by,
        at=case.filed_at,
        note=case.hint,
    )


def close_first_step(step: Step, case: Complaint) -> None:
    """Bind the first step to the saved case and start the chain."""
    step.complaint_id = case.pk
    finish_step(step, case)


def build_caller(case: Complaint, draft: Draft) -> Caller:
    """Who called; the phone is sealed, only mask and tail stay readable."""
    phone = phone_form(draft.caller_phone)
    return Caller(
        complaint=case,
        name=draft.caller_name.strip()[:50],
        phone_sealed=privacy.seal(phone, PHONE_PURPOSE) if phone else "",
        phone_digest=privacy.digest(phone, SecretKind.PHONE) if phone else "",
        phone_masked=privacy.mask_phone(phone) if phone else "",
        phone_tail=privacy.phone_tail(phone) if phone else "",
        is_secret=draft.is_secret_caller,
    )


def earlier_case_of_same_caller(case: Complaint, draft: Draft) -> int | None:
    """The case this one repeats: same caller, same middle category, same place (5.4)."""
    phone = phone_form(draft.caller_phone)
    if not phone or case.category is None:
        return None
    since = clock.days_later(timezone.now(), -30)
    digest = privacy.digest(phone, SecretKind.PHONE)
    same = Complaint.objects.filter(
        subdistrict=case.subdistrict,
        part_of=None,
        caller__phone_digest=digest,
        category__parent_id=case.category.parent_id,
        place_path=case.place_path,
    ).filter(Q(is_open=True) | Q(closed_at__gte=since))
    return same.order_by("-id").values_list("pk", flat=True).first()


def tell_the_office(case: Complaint) -> None:
    """Somebody must notice a new matter: the hotline desk's inbox, at once."""
    if case.source == Source.HOTLINE and case.filed_by_id is None:
        return
    notify(
        people_in_posts(case.subdistrict.path, ["hotline_clerk"]),
        kind=NoticeKind.TASK,
        title=kept("新诉求待处理：%(number)s") % {"number": case.number},
        body=case.title if not case.is_confidential else "",
        subject=f"complaint:{case.pk}",
        key=f"filed:{case.pk}",
    )
