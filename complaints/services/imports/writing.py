"""Writing: orders become new cases, or change the city's words on a case that is here already."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as kept

from complaints.choices import CITY_SOURCES, Stage
from complaints.models import Assignment, Caller, CityOrder, Complaint, Step
from complaints.services import clock, promises
from complaints.services.filing import Draft, build_caller, file_many
from complaints.services.imports.guessing import Guess
from complaints.services.imports.rows import Order
from complaints.services.steps import appointment_of, binding_due, finish_step
from complaints.workflow import ENDED
from governance.models import Job, Organisation

VERB = "city_update"
# Told by the city with every export; worth keeping, not worth a line in the history.
QUIET = frozenset({"status", "section", "source_name", "city_number", "secret"})
FINISHED = (*ENDED, Stage.ARCHIVED, Stage.RETURNED_TO_SOURCE)
CASE_COLUMNS = (
    "title", "text", "happened_at", "case_due_at", "is_city_deadline", "due_is_provisional",
    "assignment_due_at", "box_due_at", "due_at", "step_count", "last_step_hash",
)  # fmt: skip
CALLER_COLUMNS = ("name", "phone_sealed", "phone_digest", "phone_masked", "phone_tail")


@dataclass
class Change:
    """One order that is here already and reads differently now."""

    order: Order
    known: CityOrder
    fields: list[str]
    number: str = ""
    told: str = ""
    nearer: Assignment | None = None


@dataclass
class Sorted:
    """A batch of orders by what has to be done with them."""

    new: list[Order] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    adopted: list[tuple[Order, int]] = field(default_factory=list)
    unchanged: list[Order] = field(default_factory=list)


def sort_out(
    orders: Sequence[Order], *, subdistrict: Organisation, source: str, fields: Collection[str]
) -> Sorted:
    """Compare a batch with what is here, by the street's, the source's and the order's number.

    `fields` are those the spreadsheet has a column for; a missing column says nothing.
    """
    cases = dict(
        Complaint.objects.filter(
            subdistrict=subdistrict,
            source=source,
            source_number__in=[order.number for order in orders],
        ).values_list("source_number", "id")
    )
    known = CityOrder.objects.filter(complaint__in=cases.values()).in_bulk(
        field_name="complaint_id"
    )
    found = Sorted()
    for order in orders:
        case = cases.get(order.number)
        before = known.get(case) if case else None
        if case is None:
            found.new.append(order)
        elif before is None:
            found.adopted.append((order, case))
        elif before.digest != order.digest and (names := changed_fields(order, before, fields)):
            found.changed.append(Change(order, before, names))
        else:
            found.unchanged.append(order)
    return found


def changed_fields(order: Order, before: CityOrder, fields: Collection[str]) -> list[str]:
    """The fields in which a row differs from what was imported the last time."""
    return [
        name for name in sorted(fields) if order.cells.get(name, "") != before.cells.get(name, "")
    ]


def file_new(
    orders: Sequence[Order],
    guesses: Sequence[Guess],
    *,
    job: Job,
    subdistrict: Organisation,
    source: str,
) -> list[Complaint]:
    """File new orders as cases; those of the city come accepted and wait for dispatch."""
    if not orders:
        return []
    drafts = [_draft(order, guess, source) for order, guess in zip(orders, guesses, strict=True)]
    cases = file_many(drafts, subdistrict=subdistrict, by=job.by)
    remember([(order, case.pk) for order, case in zip(orders, cases, strict=True)], job=job)
    return cases


def remember(orders: Sequence[tuple[Order, int]], *, job: Job) -> None:
    """Keep what the source said, so that the next import can tell what it changed."""
    CityOrder.objects.bulk_create(
        CityOrder(complaint_id=case, digest=order.digest, cells=order.cells, job=job)
        for order, case in orders
    )


def _draft(order: Order, guess: Guess, source: str) -> Draft:
    return Draft(
        source=source,
        source_number=order.number,
        title=order.title,
        text=order.text,
        category=guess.category,
        urgency=order.urgency,
        address=order.where,
        place=guess.place.organisation,
        compound=guess.place.compound,
        building=guess.place.building,
        caller_name=order.get("caller_name"),
        caller_phone=order.phone,
        is_secret_caller=order.is_secret_caller,
        happened_at=order.happened_at,
        city_due_at=order.city_due_at,
        hint=guess.hint,
        accepted=source in CITY_SOURCES,
    )


def apply_changes(changes: Sequence[Change], *, job: Job, headings: dict[str, str]) -> None:
    """Carry the city's changes over: its own columns and a step, never our handling.

    A changed deadline is a recorded decision of the city (`domain.md` 1.6, rule 7): it moves the
    case's deadline while the case is open. The promise of the unit stays, unless the deadline has
    come to lie before it: then it is drawn nearer with it. Address, category, unit
    and urgency are ours to decide; a change there is told in the step only. Ended cases keep their
    history as it is.
    """
    if not changes:
        return
    cases = (
        Complaint.objects.select_for_update(of=("self",))
        .filter(pk__in=[change.known.complaint_id for change in changes])
        .order_by("pk")
        .in_bulk()
    )
    callers = Caller.objects.filter(complaint__in=cases).in_bulk(field_name="complaint_id")
    posts: dict[str, int | None] = {}
    steps = []
    for change in changes:
        case = cases[change.known.complaint_id]
        change.number = case.number
        names = [name for name in change.fields if name not in QUIET]
        if names and case.stage not in FINISHED:
            if case.holder_path not in posts:
                posts[case.holder_path] = appointment_of(job.by, case)
            steps.append(_changed(case, change, names, headings, job.by, posts[case.holder_path]))
            case.save(update_fields=CASE_COLUMNS)
            if case.part_count and "city_due_at" in names:
                clock.plan_parts(case)
            if change.nearer is not None:
                promises.follow(case, change.nearer)
            if {"caller_name", "caller_phone"}.intersection(names):
                _rename(callers[case.pk], case, change.order, names)
    Step.objects.bulk_create(steps)
    _remember_anew(changes, job)


def _remember_anew(changes: Sequence[Change], job: Job) -> None:
    """What a row says now; of a column that the file lacks, what it said before."""
    CityOrder.objects.bulk_create(
        [
            CityOrder(
                complaint_id=change.known.complaint_id,
                digest=change.order.digest,
                cells={
                    name: text
                    for name, text in change.known.cells.items()
                    if name not in change.fields
                }
                | change.order.cells,
                job=job,
            )
            for change in changes
        ],
        update_conflicts=True,
        unique_fields=["complaint"],
        update_fields=["digest", "cells", "job", "imported_at"],
    )


def _changed(
    case: Complaint,
    change: Change,
    names: list[str],
    headings: dict[str, str],
    by: Any,
    post: int | None,
) -> Step:
    order, due_before = change.order, case.due_at
    told = [headings.get(name, name) for name in names]
    if "title" in names and order.get("title"):
        case.title = order.title[:120]
    if "text" in names and order.get("text"):
        case.text = order.text
    if "happened_at" in names:
        case.happened_at = order.happened_at or case.happened_at
    if "city_due_at" in names and order.city_due_at and case.is_open:
        change.told = _("%(before)s → %(after)s") % {
            "before": _spoken(case.case_due_at),
            "after": _spoken(order.city_due_at),
        }
        told[names.index("city_due_at")] += f" {change.told}"
        case.case_due_at, case.is_city_deadline = order.city_due_at, True
        case.due_is_provisional = False
        change.nearer = promises.keep_within(case)
    case.due_at = binding_due(case)
    step = Step(
        complaint=case,
        number=case.step_count + 1,
        verb=VERB,
        stage_before=case.stage,
        stage_after=case.stage,
        holder_before_id=case.holder_id,
        due_before=due_before,
        by=by,
        appointment_id=post,
        note=kept("来源更新：%(fields)s") % {"fields": "；".join(told)},
        at=timezone.now(),
        previous_hash=case.last_step_hash,
    )
    finish_step(step, case)
    return step


def _rename(caller: Caller, case: Complaint, order: Order, names: list[str]) -> None:
    fresh = build_caller(
        case,
        Draft(
            source=case.source,
            text=case.text,
            caller_name=order.get("caller_name"),
            caller_phone=order.phone,
        ),
    )
    columns = CALLER_COLUMNS if "caller_phone" in names else CALLER_COLUMNS[:1]
    for column in columns:
        setattr(caller, column, getattr(fresh, column))
    caller.save(update_fields=columns)


def _spoken(moment: datetime | None) -> str:
    local = timezone.localtime(moment) if moment else None
    return date_format(local, "Y-m-d H:i") if local else _("无")
