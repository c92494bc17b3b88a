"""The self-check: a sound house passes, and each kind of damage turns exactly its own line red."""

import io
import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from complaints.invariants import paging
from complaints.invariants.checking import INVARIANTS, check
from complaints.models import Complaint
from complaints.services import clock, closing, dispatching, handling, reviewing, timing
from complaints.services.requests import deciding
from governance.models import Job, Todo
from governance.services import numbers, todo
from governance.services.deeds import once
from tests.cast import Cast
from tests.complaints import stages

pytestmark = pytest.mark.django_db
CODES = [invariant.code for invariant in INVARIANTS]


def broken() -> list[str]:
    """The invariants that do not hold now."""
    return [finding.code for finding in check() if not finding.holds]


def looked_at() -> set[str]:
    """The invariants that have something to look at: SQLite keeps no counts."""
    return set(CODES) - (set() if connection.vendor == "postgresql" else {"I9"})


def damage(statements: list[str]) -> None:
    """Change the data behind the back of every service; the guards of the history step aside."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in cursor.fetchall():
                cursor.execute(f'DROP TRIGGER "{name}"')
        else:
            cursor.execute("SET LOCAL session_replication_role = replica")
        for sql in statements:
            cursor.execute(sql)
            assert cursor.rowcount > 0, sql


@pytest.fixture
def house(office: Cast, monday: time_machine.Traveller) -> Cast:
    """A living street: cases in every stage, requests, reminders told, cases that have climbed."""
    once("k" * 40, by=office.chen, body={}, act=lambda: file_one(office))
    answered = stages.replied(office, source_number="26030211", source="hotline")
    reviewing.approve(answered.pk, by=office.chen)
    stages.suspended(office)
    case = stages.asked(office)
    deciding.grant(case.requests.get().pk, by=office.chen)
    stages.dispatched(office)
    stages.replied(office)
    dispatching.dispatch(stages.accepted(office).pk, office.east_group, by=office.chen)
    closing.record_callback(
        stages.approved(office).pk, by=office.qian, outcome="reached", solved="yes",
        satisfaction="satisfied",
    )  # fmt: skip
    for _hour in range(20):
        monday.shift(timedelta(hours=6))
        todo.sweep(timing.DUTIES)
        todo.beat("sweep")
    return office


def file_one(office: Cast) -> dict[str, Any]:
    case = stages.filed(office)
    return {"pk": case.pk, "number": case.number}


def first(stage: str) -> str:
    """The id of the first case of a stage, as SQL."""
    return f"(SELECT MIN(id) FROM complaints_complaint WHERE stage = '{stage}')"


def change(table: str, setting: str, where: str) -> list[str]:
    return [f"UPDATE {table} SET {setting} WHERE {where}"]


CASE, STEP, TODO = "complaints_complaint", "complaints_step", "governance_todo"
AUDIT = "governance_auditentry"
FILED = "(SELECT MIN(id) FROM complaints_complaint)"
A_TOLD = "(SELECT MIN(id) FROM complaints_reminder)"
A_CLIMB = (
    f"(SELECT MIN(id) FROM {TODO} WHERE kind = 'complaints.climb' AND last_error = ''"
    " AND done_at IS NOT NULL)"
)
CANCELLED = f"(SELECT MIN(id) FROM {TODO} WHERE kind = '%s' AND last_error = 'cancelled')"
SECOND_CLIMB = (
    f"(SELECT MAX(id) FROM {STEP} WHERE verb = 'escalate' AND by_id IS NULL AND complaint_id IN"
    f" (SELECT complaint_id FROM {STEP} WHERE verb = 'escalate' GROUP BY complaint_id"
    " HAVING COUNT(*) > 1))"
)

# What is done to the data, and the lines that turn red.
DAMAGES: list[tuple[str, list[str], list[str]]] = [
    ("a case is gone", [
        f"DELETE FROM {STEP} WHERE complaint_id = {FILED}",
        f"DELETE FROM complaints_caller WHERE complaint_id = {FILED}",
        f"DELETE FROM {CASE} WHERE id = {FILED}",
    ], ["I1"]),
    ("a case has lost its caller", [
        f"DELETE FROM complaints_caller WHERE complaint_id = {first('pending_sign')}"], ["I1"]),
    ("an order of the city is there twice", change(
        CASE, "source = 'hotline', source_number = ' 26030211'", f"id = {FILED}"), ["I2"]),
    ("two keys were answered with one case", [
        "INSERT INTO governance_deed (key, by_id, fingerprint, answer, at) SELECT 'other', by_id,"
        " fingerprint, answer, at FROM governance_deed"], ["I2"]),
    ("a case was moved without a step", change(
        CASE, "stage = 'pending_dispatch'", f"id = {first('pending_acceptance')}"), ["I3"]),
    ("a case was given away without a step", change(
        CASE, "holder_id = subdistrict_id, holder_path = '%(street)s'",
        f"id = {first('pending_callback')}"), ["I3"]),
    ("a step is gone", [
        f"DELETE FROM {STEP} WHERE number = 2 AND complaint_id = {first('pending_callback')}"],
     ["I3", "I4"]),
    ("a note was rewritten", change(STEP, "note = '从未说过'", "verb = 'reply'"), ["I4"]),
    ("an audit line was rewritten", change(
        AUDIT, "verb = 'nothing'", f"id = (SELECT MIN(id) + 1 FROM {AUDIT})"), ["I4"]),
    ("the last audit line is gone", [
        f"DELETE FROM {AUDIT} WHERE id = (SELECT MAX(id) FROM {AUDIT})"], ["I4"]),
    ("the path of a holder is untrue", change(
        CASE, "holder_path = '000001'", f"id = {first('pending_sign')}"), ["I5"]),
    ("nobody may call back", change(
        "governance_role", "words = '[\"see\", \"handle\", \"dispatch\", \"review\"]'",
        "CAST(words AS text) LIKE '%callback%'"), ["I5"]),
    ("the promise first made was moved", change(
        CASE, "original_due_at = '2026-03-20 12:00:00+00:00'", f"id = {first('pending_review')}"),
     ["I6"]),
    ("the promise of a unit was moved", change(
        "complaints_assignment", "due_at = '2026-03-25 12:00:00+00:00'",
        f"complaint_id = {first('pending_sign')} AND ended_at IS NULL"), ["I6"]),
    ("a clock lost its doubt", change(
        CASE, "due_is_provisional = TRUE", f"id = {first('pending_review')}"), ["I6"]),
    ("a reminder is gone", ["DELETE FROM complaints_reminder WHERE rule_code = 'half'"], ["I7"]),
    ("a line of an inbox is gone", [
        "DELETE FROM governance_notice WHERE id = (SELECT MIN(id) FROM governance_notice"
        " WHERE key LIKE 'remind:%')"], ["I7"]),
    ("a reminder came too early", change(
        "complaints_reminder", "sent_at = '2026-03-01 00:00:00+00:00'", f"id = {A_TOLD}"), ["I7"]),
    ("a reminder was left lying", change(
        TODO, "done_at = NULL, last_error = ''", f"id = {CANCELLED % 'complaints.remind'}"),
     ["I7"]),
    ("a box was left lying", change(
        TODO, "done_at = NULL, last_error = ''", f"id = {CANCELLED % 'complaints.auto_sign'}"),
     ["I8"]),
    ("a case climbed too early", change(
        TODO, "due_at = '2027-01-01 00:00:00+00:00'", f"id = {A_CLIMB}"), ["I8"]),
    ("a case climbed twice from one place", change(
        STEP, "holder_before_id = (SELECT s.holder_before_id FROM complaints_step AS s WHERE"
        " s.complaint_id = complaints_step.complaint_id AND s.verb = 'escalate'"
        " ORDER BY s.number LIMIT 1)", f"id = {SECOND_CLIMB}"), ["I3", "I4", "I8"]),
    ("a kept count was changed", change("complaints_countchange", "asked = asked + 1", "due = 1"),
     ["I9"]),
    ("a settled case was changed past the trigger", change(
        CASE, "category_id = NULL", "NOT is_open AND category_id IS NOT NULL"), ["I9"]),
    ("a kind of matter was forgotten", [
        "INSERT INTO complaints_kindcount (street, path, is_month, day, category, accepted)"
        " VALUES (1, '', false, '2026-03-02', 0, 1)"], ["I9"]),
]  # fmt: skip


def test_a_sound_house_holds_and_each_damage_turns_its_own_line_red(house: Cast) -> None:
    findings = list(check())

    assert [finding.code for finding in findings] == CODES
    assert {finding.code: finding.breaches for finding in findings if not finding.holds} == {}
    assert all(finding.looked_at_count for finding in findings if finding.code in looked_at())
    out = io.StringIO()
    call_command("selfcheck", stdout=out)
    lines = [line for line in out.getvalue().splitlines() if line.startswith("I")]
    assert [line[:4] for line in lines] == [f"{code} ✓" for code in CODES]
    seen = {}
    damages = [one for one in DAMAGES if set(one[2]) <= looked_at()]
    for name, statements, _codes in damages:
        with transaction.atomic():
            damage([sql.replace("%(street)s", house.street.path) for sql in statements])
            seen[name] = broken()
            transaction.set_rollback(True)

    assert seen == {name: codes for name, _statements, codes in damages}
    assert {code for codes in seen.values() for code in codes} == looked_at()


def test_numbers_kept_for_a_job_are_missed_only_when_it_has_ended(office: Cast) -> None:
    stages.filed(office)
    series = f"complaint:{office.street.pk}:2026"
    job = Job.objects.create(
        kind="demonstration", title="补写", organisation=office.street,
        parameters={"kept_numbers": [[series, numbers.take(series, 3), 2]]},
    )  # fmt: skip
    (first,) = check(["I1"])
    (missing,) = first.breaches
    assert "missing number 2026-000004" in missing
    assert any("预留编号" in note for note in first.notes)
    Job.objects.filter(pk=job.pk).update(finished_at=timezone.now())
    (first,) = check(["I1"])
    assert len(first.breaches) == 3


def test_the_command_names_what_is_broken_and_ends_with_an_error(office: Cast) -> None:
    case = stages.filed(office)
    Complaint.objects.filter(pk=case.pk).update(stage="handling")
    out = io.StringIO()
    with pytest.raises(CommandError, match="不符：I3"):
        call_command("selfcheck", "i3", "I4", "--json", stdout=out)
    third, fourth = (json.loads(line) for line in out.getvalue().splitlines())

    assert (third["code"], third["holds"], third["breach_count"]) == ("I3", False, 1)
    assert third["breaches"][0].startswith(f"complaint:{case.pk} ")
    assert (fourth["code"], fourth["holds"], fourth["breaches"]) == ("I4", True, [])
    with pytest.raises(CommandError, match="没有这一项：I99"):
        call_command("selfcheck", "I99", stdout=out)


def test_a_case_that_moves_between_two_looks_is_not_called_broken(office: Cast) -> None:
    """Of a living house two statements see two moments; what looked broken is looked at again."""
    case, looks = stages.filed(office), []

    def look(ids: Any) -> list[tuple[int, str]]:
        looks.append(list(ids))
        return [(ids[0], "in between")] if len(looks) == 1 else []

    finding = next(check(["I3"]))
    paging.look_through(finding, Complaint.objects.all(), look)

    assert finding.holds
    assert looks == [[case.pk], [case.pk]]


def test_pages_leave_no_case_out(office: Cast) -> None:
    cases = [stages.filed(office).pk for _ in range(3)]
    assert list(paging.pages(Complaint.objects.all(), size=2)) == [cases[:2], cases[2:]]


def test_a_silence_is_judged_by_the_history_not_by_a_clock_that_was_set_back(
    office: Cast, monday: time_machine.Traveller
) -> None:
    case = stages.dispatched(office)
    monday.shift(timedelta(days=3))
    handling.sign(case.pk, by=office.wang)
    monday.shift(timedelta(minutes=1))
    # Too late to remind of the receipt: it was signed for.
    todo.sweep({clock.REMIND: timing.DUTIES[clock.REMIND]})
    monday.shift(timedelta(days=-3, hours=1))
    dispatching.escalate(case.pk, by=office.wang, note="需要社区协调")  # to be signed for again
    silent = Todo.objects.filter(kind=clock.REMIND, detail__rule="sign_passed")

    assert next(check(["I7"])).breaches == []
    silent.update(detail={"number": 1, "rule": "sign_passed"})
    assert [words.split()[1] for words in next(check(["I7"])).breaches] == ["sign_passed"]
