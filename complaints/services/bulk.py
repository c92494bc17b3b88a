"""Bulk deeds: the same deed on many chosen cases, each a transaction of its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from complaints.choices import Stage
from complaints.models import Complaint
from complaints.services import accepting, dispatching, handling, undoing
from governance.errors import HouseError
from governance.models import Job, Organisation, Person
from governance.models.reach import roots
from governance.services import jobs
from governance.services.audit import deed

KIND = "bulk_deed"
# More than this is left to the worker, with progress; fewer are done while the browser waits.
AT_ONCE = 15
MOST = 200
WORD_OF_VERB = {"dispatch": "dispatch", "hand_on": "handle", "assign": "handle", "undo": "see"}


@dataclass(frozen=True)
class Chosen:
    """One chosen case: what its reader had on screen, and to whom it is to go."""

    pk: int
    seen: int | None
    target: int | None = None


@deed()
def start_bulk(verb: str, cases: Sequence[Chosen], *, by: Any, title: str, note: str = "") -> Job:
    """Put a bulk deed in line; a short one is claimed for the caller, who runs it at once.

    Rights are asked case by case by the services themselves. Raises HouseError when nothing or
    too much was chosen, PermissionDenied for whoever may do the deed nowhere.
    """
    if verb not in VERBS:
        raise HouseError(_("没有这样的批量操作。"))
    if not cases:
        raise HouseError(_("请先在列表里勾选诉求。"))
    if len(cases) > MOST:
        raise HouseError(_("一次最多批量办理 %(most)s 件，请分几次办理。") % {"most": MOST})
    paths = roots(by, WORD_OF_VERB[verb])
    if not paths:
        raise PermissionDenied(_("您没有这项操作的权限。"))
    job = jobs.start(
        KIND,
        title=title[:120],
        organisation=Organisation.objects.get(path=paths[0]),
        by=by,
        parameters={
            "verb": verb,
            "note": note,
            "cases": [[one.pk, one.seen, one.target] for one in cases],
        },
        is_at_once=len(cases) <= AT_ONCE,
    )
    return job


def run_bulk(job: Job) -> None:
    """Do the deed on one case after the other; what is refused is told with its reason.

    The result of a case is written in the case's own transaction, so a job left in the middle
    goes on after its last case and does none twice.
    """
    cases = [Chosen(*one) for one in job.parameters["cases"]]
    for chosen in cases[job.done_count :]:
        take_one(job, chosen, len(cases))


def take_one(job: Job, chosen: Chosen, whole: int) -> None:
    """One case, with what became of it."""
    case = Complaint.objects.visible_to(job.by).filter(pk=chosen.pk).first()
    if case is None:
        note_result(
            job, whole, {"number": "", "said": _("这件诉求不在您的可见范围。"), "done": False}
        )
        return
    row = {"case": case.pk, "number": case.numbers, "title": case.title[:40]}
    if case.is_confidential:
        row |= {"number": case.number, "title": ""}
    try:
        with deed():
            said = VERBS[job.parameters["verb"]](case, chosen, job)
            note_result(job, whole, {**row, "said": said, "done": True})
    except (HouseError, PermissionDenied) as refusal:
        reason = getattr(refusal, "message", None) or str(refusal) or _("您没有这项操作的权限。")
        note_result(job, whole, {**row, "said": reason, "done": False})


def note_result(job: Job, whole: int, row: dict[str, Any]) -> None:
    """Append what became of one case, and say how far the job is."""
    job.result = {"rows": [*job.result.get("rows", []), row]}
    Job.objects.filter(pk=job.pk).update(result=job.result)
    jobs.progress(job, job.done_count + 1, whole, job.error_count + (not row["done"]))


def dispatch_one(case: Complaint, chosen: Chosen, job: Job) -> str:
    """To a unit; what has not been accepted yet is accepted in the same breath."""
    unit = Organisation.objects.filter(pk=chosen.target or 0).first()
    if unit is None:
        raise HouseError(_("没有可建议的单位，请单独派单。"))
    act: Callable[..., Any] = dispatching.dispatch
    if case.stage == Stage.PENDING_ACCEPTANCE:
        act = accepting.accept_and_dispatch
    act(case.pk, unit, by=job.by, note=job.parameters["note"], seen=chosen.seen)
    return _("已派给%(unit)s") % {"unit": unit.display_name}


def hand_on_one(case: Complaint, chosen: Chosen, job: Job) -> str:
    """Back to the dispatch desk, with the one reason given for all."""
    moved = dispatching.hand_on(case.pk, by=job.by, note=job.parameters["note"], seen=chosen.seen)
    holder = moved.holder.display_name if moved.holder else ""
    return _("已转回%(unit)s派单台") % {"unit": holder}


def assign_one(case: Complaint, chosen: Chosen, job: Job) -> str:
    """To a person of the unit that holds the case."""
    person = Person.objects.filter(pk=chosen.target or 0).first()
    if person is None:
        raise HouseError(_("请选择承办人。"))
    handling.assign(case.pk, person, by=job.by, seen=chosen.seen)
    return _("已交给%(person)s") % {"person": person.name}


def undo_one(case: Complaint, chosen: Chosen, job: Job) -> str:
    """What a bulk deed of a moment ago did to the case is taken back."""
    undoing.undo(case.pk, by=job.by)
    return _("已撤销")


VERBS: dict[str, Callable[[Complaint, Chosen, Job], str]] = {
    "dispatch": dispatch_one,
    "hand_on": hand_on_one,
    "assign": assign_one,
    "undo": undo_one,
}
