"""I3 and I4: each deed has one step, the case is what its steps say, and the chains hold."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter

from complaints.invariants.finding import Finding
from complaints.invariants.paging import Suspect, look_through, standing_still
from complaints.models import Complaint, Step
from complaints.services.steps import digest_of, step_hash
from governance.models import AuditEntry, AuditHead
from governance.services.audit import entry_hash

ROWS_AT_ONCE = 2000


def histories_are_whole(finding: Finding) -> None:
    """I3: steps are numbered 1..n without a gap; stage, holder and due moment follow from them."""
    look_through(finding, Complaint.objects.all(), torn_histories)


def torn_histories(ids: Sequence[int]) -> Iterator[Suspect]:
    """Cases whose steps do not lead, one from the other, to what the case says of itself."""
    cases = {
        row[0]: row[1:]
        for row in Complaint.objects.filter(pk__in=ids).values_list(
            "pk", "stage", "holder_id", "step_count", "due_at", "is_open"
        )
    }
    steps = Step.objects.filter(complaint__in=ids).order_by("complaint", "number")
    rows = steps.values_list(
        "complaint_id", "number", "stage_before", "stage_after", "holder_before_id",
        "holder_after_id", "due_after",
    )  # fmt: skip
    for pk, lines in groupby(rows.iterator(ROWS_AT_ONCE), key=lambda row: row[0]):
        stage, holder, step_count, due_at, _is_open = cases.pop(pk)
        number, at, held, due = 0, "", None, None
        for number, line in enumerate(lines, start=1):
            _pk, said, before, after, held_before, held_after, due_after = line
            if said != number:
                yield pk, f"第 {number} 步缺失或重复 step {number} missing or doubled"
                break
            if (before, held_before) != (at, held):
                yield pk, f"第 {number} 步与上一步不衔接 step {number} does not follow"
                break
            at, held, due = after, held_after, due_after
        else:
            if number != step_count:
                yield pk, f"记录 {number} 步，应为 {step_count} 步 steps counted wrongly"
            elif (at, held, due) != (stage, holder, due_at):
                yield pk, "状态、办理单位或时限与最后一步不符 differs from its last step"
    for pk in cases:
        yield pk, "没有任何记录 has no step"


def chains_hold(finding: Finding) -> None:
    """I4: the chain of each case, and the one of the audit log, verify."""
    look_through(finding, Complaint.objects.all(), broken_chains)
    with standing_still():
        if (broken := first_broken_line(finding)) is not None:
            finding.breach(f"audit:{broken} 审计链在此断开 the audit chain breaks here")


def broken_chains(ids: Sequence[int]) -> Iterable[Suspect]:
    """Cases with a step that was tampered with; the first of each."""
    ends = dict(Complaint.objects.filter(pk__in=ids).values_list("pk", "last_step_hash"))
    steps = Step.objects.filter(complaint__in=ids).order_by("complaint", "number")
    for pk, lines in groupby(steps.iterator(ROWS_AT_ONCE), key=attrgetter("complaint_id")):
        last = ""
        for step in lines:
            note_is_true = not step.note or digest_of(step.note, step.note_salt) == step.note_digest
            if not (note_is_true and step.previous_hash == last
                    and step_hash(step) == step.step_hash):  # fmt: skip
                yield pk, f"第 {step.number} 步的链断开 the chain breaks at step {step.number}"
                break
            last = step.step_hash
        else:
            if last != ends[pk]:
                yield pk, "链的末端不符 the end of the chain differs"


def first_broken_line(finding: Finding) -> int | None:
    """The first audit line that does not hold, or -1 when lines are missing at the end.

    The end of the chain is read first, so lines that come in meanwhile are no breach.
    """
    head = AuditHead.objects.filter(pk=1).first() or AuditHead()
    last, count = "", 0
    for entry in AuditEntry.objects.order_by("id")[: head.entry_count].iterator(ROWS_AT_ONCE):
        if entry.previous_hash != last or entry_hash(entry) != entry.entry_hash:
            return entry.pk
        last, count = entry.entry_hash, count + 1
    finding.looked_at_count += count
    return None if (count, last) == (head.entry_count, head.last_hash) else -1
