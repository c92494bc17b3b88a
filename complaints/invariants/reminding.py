"""I7 and I8: what was due was said exactly once, and cases climb once for each box, in time."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.db.models import Count, F, Q
from django.utils import timezone

from complaints.choices import REACHED_TRIGGERS, Stage, Trigger
from complaints.invariants.finding import Finding
from complaints.invariants.messages import messages_were_sent
from complaints.invariants.paging import PAGE, Suspect, look_through
from complaints.models import Complaint, Reminder, ReminderRule, Step
from complaints.services import clock
from complaints.workflow import AT_WORK
from governance.models import Notice, Todo
from governance.services import todo

LATE_AFTER = timedelta(minutes=2)
TRIES_THAT_WORRY = 3
REMINDING = (clock.REMIND, clock.NUDGE, clock.SLIP_DUE, clock.REQUEST_DUE, clock.RECHECK)
SECOND = timedelta(seconds=1)
# Not said when the caller was reached meanwhile, or when it was said in an earlier dispatch.
SAID_ON_CONDITION = (Trigger.CONTACT_PASSED, *REACHED_TRIGGERS)


def reminders_were_told(finding: Finding) -> None:
    """I7: each due reminder is one row, not before its time, and one line in each inbox."""
    reminders_and_notices(finding)
    for where in skipped_reminders():
        finding.breach(where)
    for where in work_left_lying(REMINDING):
        finding.breach(where)
    messages_were_sent(finding)
    say_whether_the_clock_beats(finding)


def reminders_and_notices(finding: Finding) -> None:
    """Rows of reminders against the lines people were shown."""
    last = 0
    fields = ("pk", "complaint_id", "rule_code", "due_at", "sent_at", "told_count")
    unheard = 0
    while rows := list(
        Reminder.objects.filter(pk__gt=last).order_by("pk").values_list(*fields)[:PAGE]
    ):
        last = rows[-1][0]
        finding.looked_at_count += len(rows)
        keys = [f"remind:{row[0]}" for row in rows]
        shown = Counter(Notice.objects.filter(key__in=keys).values_list("key", flat=True))
        for pk, case, code, due_at, sent_at, told_count in rows:
            where = f"complaint:{case} {code}"
            if sent_at < due_at - SECOND:
                finding.breach(f"{where} 提前提醒 told before its time")
            if shown[f"remind:{pk}"] != told_count:
                finding.breach(
                    f"{where} 应提醒 {told_count} 人，收件箱中有 {shown[f'remind:{pk}']} 条"
                    " not shown exactly once"
                )
            unheard += not told_count
    if unheard:
        finding.note(f"{unheard} 次提醒没有可通知的人。 {unheard} reminders had nobody to tell.")


def skipped_reminders() -> Iterator[str]:
    """Planned reminders that count as done although nobody was told and the case was at work."""
    rules = ReminderRule.objects.filter(is_enabled=True)
    triggers = dict(rules.values_list("code", "trigger"))
    done = Todo.objects.filter(kind=clock.REMIND, done_at__isnull=False, last_error="")
    last = 0
    while rows := list(done.filter(pk__gt=last).order_by("pk")[:PAGE]):
        last = rows[-1].pk
        told = set(
            Reminder.objects.filter(complaint__in={row.subject_id for row in rows}).values_list(
                "complaint_id", "assignment_number", "rule_code", "due_at"
            )
        )
        for row in rows:
            said = (row.subject_id, row.detail.get("number"), row.detail.get("rule"), row.due_at)
            trigger = triggers.get(row.detail.get("rule", ""))
            if said not in told and trigger and row.done_at and was_at_work(row, trigger):
                yield f"complaint:{row.subject_id} {row.detail['rule']} 没有提醒 never told"


def last_step_seen(row: Todo) -> Step | None:
    """The last step of the case when the work was done; None where that cannot be told.

    The sweep keeps the number, for clocks may step back. Work that was marked as done by somebody
    else has only its moment, which says nothing while another step was taken within a second.
    """
    assert row.done_at is not None
    steps = Step.objects.filter(complaint=row.subject_id).order_by("-number")
    if "after_step" in row.detail:
        return steps.filter(number=row.detail["after_step"]).first()
    if steps.filter(at__gt=row.done_at - SECOND, at__lt=row.done_at + SECOND).exists():
        return None
    return steps.filter(at__lte=row.done_at - SECOND).first()


def was_at_work(row: Todo, trigger: str) -> bool:
    """Whether the case waited, under the dispatch of this work, for what the reminder is about."""
    steps = Step.objects.filter(complaint=row.subject_id)
    before = last_step_seen(row)
    if before is None or before.stage_after not in AT_WORK:
        return False
    if trigger in SAID_ON_CONDITION:
        return False
    if trigger.startswith("sign") and before.stage_after != Stage.PENDING_SIGN:
        return False
    stopped = steps.filter(verb__in=("grant_suspension", "resume"), number__lte=before.number)
    verb = stopped.order_by("-number").values_list("verb", flat=True).first()
    numbers = steps.filter(verb__in=("dispatch", "rework"), number__lte=before.number).count()
    return verb != "grant_suspension" and numbers == row.detail.get("number")


def work_left_lying(kinds: Sequence[str], now: datetime | None = None) -> Iterator[str]:
    """Work of these kinds whose moment passed two minutes ago, or that keeps failing."""
    now = now or timezone.now()
    waiting = Todo.objects.filter(kind__in=kinds, done_at__isnull=True)
    left = waiting.filter(Q(due_at__lt=now - LATE_AFTER) | Q(attempt_count__gte=TRIES_THAT_WORRY))
    for row in left.order_by("due_at")[:PAGE]:
        words = "屡次失败 keeps failing" if row.attempt_count else "到时未办 not done in time"
        yield f"complaint:{row.subject_id} {row.kind} {words} {row.last_error[:60]}".rstrip()


def say_whether_the_clock_beats(finding: Finding) -> None:
    """A silent clock explains what is late; it is said beside."""
    if silent := todo.silent_since("sweep"):
        at = timezone.localtime(silent)
        finding.note(
            f"后台时钟自 {at:%Y-%m-%d %H:%M} 起没有运行。 The clock of the house is silent."
        )


def cases_climb_in_time(finding: Finding) -> None:
    """I8: one climb for each box, never before its time, at most two minutes after it."""
    early = Todo.objects.filter(kind=clock.CLIMB, last_error="", done_at__lt=F("due_at") - SECOND)
    for subject in early.order_by("pk").values_list("subject_id", flat=True)[:PAGE]:
        finding.breach(f"complaint:{subject} 提前上报 climbed before its time")
    for where in work_left_lying((clock.CLIMB, clock.AUTO_SIGN)):
        finding.breach(where)
    climbs = Step.objects.filter(verb="escalate", by=None)
    finding.looked_at_count = climbs.count()
    twice = (
        climbs.order_by().values("complaint", "holder_before").annotate(many=Count("pk"))
    ).filter(many__gt=1)
    cases = Complaint.objects.filter(pk__in=twice.values("complaint"))
    counted = finding.looked_at_count
    look_through(finding, cases, climbed_twice)
    finding.looked_at_count = counted
    say_whether_the_clock_beats(finding)


def climbed_twice(ids: Sequence[int]) -> Iterator[Suspect]:
    """Cases that the house sent up twice from one place without their coming back in between."""
    steps = Step.objects.filter(complaint__in=ids).order_by("complaint", "number")
    left: set[tuple[int, int | None]] = set()
    for pk, verb, by, held, holder in steps.values_list(
        "complaint_id", "verb", "by_id", "holder_before_id", "holder_after_id"
    ):
        if verb == "escalate" and by is None:
            if (pk, held) in left:
                yield pk, f"同一级自动上报两次 climbed twice from organisation:{held}"
            left.add((pk, held))
        if holder != held or verb in ("dispatch", "rework"):
            left.discard((pk, holder))
