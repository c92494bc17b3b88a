"""I1 and I2: nothing that was acknowledged is lost, and nothing is there twice."""

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef
from django.db.models.fields.json import KT
from django.db.models.functions import Trim, Upper

from complaints.invariants.finding import Finding
from complaints.invariants.paging import PAGE, Suspect, look_through
from complaints.models import Assignment, Caller, Complaint, Reminder, Step
from governance.models import Counter, Deed, Job, Notice, Organisation

SERIES = "complaint:"
CASE_NUMBER = re.compile(r"[A-Z]+-\d{4}-\d{6}$")


def nothing_is_lost(finding: Finding) -> None:
    """I1: each case a client was told of is there, whole, and no number is missing.

    What a client was told but the house never wrote down cannot be seen from inside; a client
    asks with its key, and the deed under it tells.
    """
    kept = numbers_kept()
    for where in missing_numbers(kept):
        finding.breach(where)
    if kept:
        finding.note(
            "有作业正在补写预留编号的诉求，做完后再核对这些编号。"
            " A job is still writing cases under numbers kept for it; they are looked at when it is done."
        )
    for where in deeds_without_case(finding):
        finding.breach(where)
    look_through(finding, Complaint.objects.all(), half_filed)
    finding.note(
        "只能核对已写入的提交编号；客户端自己的记录须凭提交编号查询。"
        " Only keys written in the house are checked; a client asks with its own key."
    )


def numbers_kept() -> dict[str, set[int]]:
    """Numbers of a series that a job has set aside and not written yet; none once it has ended."""
    kept: dict[str, set[int]] = defaultdict(set)
    waiting = Job.objects.filter(finished_at=None, parameters__has_key="kept_numbers")
    for rows in waiting.values_list("parameters__kept_numbers", flat=True):
        for name, first, count in rows:
            kept[name].update(range(first, first + count))
    return kept


def missing_numbers(kept: Mapping[str, Container[int]]) -> Iterator[str]:
    """Case numbers that were given out and whose case is gone; not those `kept` for a job.

    A number is taken in the transaction that writes its case, so the series has no gap.
    """
    for name, next_number in Counter.objects.filter(name__startswith=SERIES).values_list(
        "name", "next_number"
    ):
        _series, street, year = name.split(":")
        cases = Complaint.objects.filter(subdistrict_id=int(street), number__contains=f"-{year}-")
        if cases.count() == next_number - 1:
            continue
        taken = {int(number.rsplit("-", 1)[1]) for number in cases.values_list("number", flat=True)}
        for number in range(1, next_number):
            if number not in taken and number not in kept.get(name, ()):
                yield f"编号缺失 missing number {year}-{number:06d} (organisation:{street})"


def deeds_without_case(finding: Finding) -> Iterator[str]:
    """Acknowledged requests whose answer names a case that does not exist."""
    last = 0
    while rows := list(
        Deed.objects.filter(pk__gt=last).order_by("pk").values_list("pk", "key", "answer")[:PAGE]
    ):
        last = rows[-1][0]
        finding.looked_at_count += len(rows)
        told = {pk: number_told(answer) for pk, _key, answer in rows}
        there = set(
            Complaint.objects.filter(number__in=set(told.values())).values_list("number", flat=True)
        )
        for pk, key, _answer in rows:
            if told[pk] and told[pk] not in there:
                yield f"deed:{pk} {key[:12]} → {told[pk]} 不存在 does not exist"


def number_told(answer: Any) -> str:
    """The number of the new case an answer names, "" when it names none."""
    said = answer.get("number") if isinstance(answer, dict) else None
    return said if isinstance(said, str) and CASE_NUMBER.match(said) else ""


def half_filed(ids: Sequence[int]) -> Iterable[Suspect]:
    """Cases without the first line of their history, or without the row of who called."""
    rows = Complaint.objects.filter(pk__in=ids).annotate(
        has_first=Exists(Step.objects.filter(complaint=OuterRef("pk"), number=1)),
        has_caller=Exists(Caller.objects.filter(complaint=OuterRef("pk"))),
    )
    for pk, has_first, has_caller in rows.values_list("pk", "has_first", "has_caller"):
        if not has_first:
            yield pk, "没有登记记录 no first step"
        if not has_caller:
            yield pk, "没有诉求人记录 no caller row"


def nothing_is_doubled(finding: Finding) -> None:
    """I2: one case for each key, number, and order of the city; one row for each deed of its kind."""
    finding.looked_at_count = Complaint.objects.count()
    orders = Complaint.objects.exclude(source_number="").annotate(
        order=Upper(Trim("source_number"))
    )
    for rows, columns in (
        (Complaint.objects.all(), ("number",)),
        (orders, ("subdistrict", "source", "order")),
        (Deed.objects.all(), ("key",)),
        (Step.objects.all(), ("complaint", "number")),
        (Step.objects.filter(verb="file"), ("complaint",)),
        (Assignment.objects.all(), ("complaint", "number")),
        (Assignment.objects.filter(ended_at=None), ("complaint",)),
        (
            Reminder.objects.all(),
            ("complaint", "assignment_number", "rule_code", "due_at", "occasion"),
        ),
        (Notice.objects.all(), ("person", "key")),
        (Organisation.objects.all(), ("path",)),
    ):
        for where in doubles(rows, columns):
            finding.breach(where)
    told_twice(finding)


def doubles(rows: Any, columns: tuple[str, ...]) -> Iterator[str]:
    """What is there more than once although it is said once."""
    found = (
        rows.order_by()
        .values(*columns)
        .annotate(many=Count("pk"), last=Max("pk"))
        .filter(many__gt=1)
    )
    for row in found[:PAGE]:
        said = ", ".join(f"{column}={row[column]}" for column in columns)
        yield f"{rows.model._meta.model_name}:{row['last']} ×{row['many']} ({said})"


def told_twice(finding: Finding) -> None:
    """Two keys of clients that were answered with the same new case."""
    rows = Deed.objects.order_by().values(number=KT("answer__number"))
    for row in rows.annotate(many=Count("pk")).filter(many__gt=1)[:PAGE]:
        if CASE_NUMBER.match(row["number"] or ""):
            finding.breach(f"{row['number']} 对应多个提交编号 filed under {row['many']} keys")
