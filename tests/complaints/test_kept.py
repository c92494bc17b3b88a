"""Kept counts: at every moment what counting anew would say, whatever was changed and folded."""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection, transaction
from django.test import RequestFactory

from complaints.choices import Satisfaction, Source, Stage
from complaints.figures import Tally
from complaints.invariants.checking import check
from complaints.kept import spans
from complaints.models import Category, Complaint, CountChange, KindCount, UnitCount
from complaints.services import keeping
from complaints.tasks import fold_counts
from governance.models import Organisation
from portal.board import counting
from portal.board.scope import Scope, scope_of
from tests.cast import Cast

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 20, 10, 0, tzinfo=ZONE)
DAYS = 140
CASES = 260
# The edges of a day here and in Greenwich, and what lies beside them.
HOURS = [
    timedelta(0), timedelta(hours=24) - timedelta(microseconds=1), timedelta(hours=8),
    timedelta(hours=8) - timedelta(microseconds=1), timedelta(hours=16), timedelta(hours=10),
]  # fmt: skip
PERIODS = [
    "period=month", "period=last_month", "period=quarter", "period=year", "period=week",
    "period=custom&from=2026-09-15&to=2026-11-03", "period=custom&from=2026-09-01&to=2026-10-31",
    "period=custom&from=2026-11-19&to=2026-11-19", "period=custom&from=2026-08-31&to=2026-11-01",
    "period=custom&from=2026-11-02&to=2026-11-20",
]  # fmt: skip


class Dice:
    """Values for the columns that count, the rare ones as often as the others."""

    def __init__(self, seed: int, cast: Cast) -> None:
        self.chance = random.Random(seed)
        self.street = cast.street
        self.units = list(Organisation.objects.filter(path__startswith=cast.street.path))
        self.kinds = [*Category.objects.filter(is_leaf=True).order_by("code")[:3], None]

    def one(self, *values: Any) -> Any:
        return self.chance.choice(values)

    def moment(self, until: int = 0) -> datetime:
        """Within the last days, always before now unless `until` days are allowed."""
        day = NOW.replace(hour=0) - timedelta(days=self.chance.randint(-until, DAYS))
        found = day + self.one(*HOURS)
        return found if until else min(found, NOW - timedelta(seconds=1))

    def unit(self) -> dict[str, Any]:
        unit = self.one(*self.units, None, None, None)
        return {"main_unit": unit, "main_unit_path": unit.path if unit else ""}

    def holder(self) -> dict[str, Any]:
        unit = self.one(*self.units, None, None, None)
        return {"holder": unit, "holder_path": unit.path if unit else ""}

    def due(self) -> Any:
        return self.one(self.moment(30), self.moment(), None)

    def columns(self) -> dict[str, Any]:
        """One value for each column that counts, in groups that change together."""
        one = self.one
        return {
            "unit": self.unit(),
            "holder": self.holder(),
            "stage": {"stage": one(*Stage.values, *[Stage.CLOSED] * 8, *[Stage.ARCHIVED] * 8)},
            "is_open": {"is_open": one(True, False, False, False)},
            "confidential": {
                "is_confidential": one(True, *[False] * 6), "discipline_only": one(True, False),
            },
            "suspended": {"suspended_at": one(self.moment(), *[None] * 6)},
            "category": {"category": one(*self.kinds)},
            "source": {"source": one(*Source.values, Source.HOTLINE)},
            "accepted": {"accepted_at": one(self.moment(), self.moment(), None)},
            "answered": {"first_finished_at": one(self.moment(), self.moment(), None)},
            "round": {"round": one(1, 1, 2)},
            "case_due": {"case_due_at": self.due()},
            "first_due": {"first_due_at": self.due()},
            "original_due": {"original_due_at": self.due()},
            "level": {"solved_level": one(None, 1, 2, 3, 4, 5)},
            "leaves": {"leaves_rates": one(True, False, False)},
            "satisfaction": {"satisfaction": one("", *Satisfaction.values)},
        }  # fmt: skip

    def case(self, number: int) -> Complaint:
        columns = {
            name: value for group in self.columns().values() for name, value in group.items()
        }
        return Complaint(
            number=f"HP-2026-{number:06d}", subdistrict=self.street, title="路灯不亮", **columns
        )

    def relations(self, cases: list[int]) -> dict[str, Any]:
        return {
            self.one("part_of_id", "merged_into_id", "repeat_of_id"): self.one(None, *cases[:5])
        }

    def shake(self) -> None:
        """Change some columns of some cases, by the row and by the dozen; a few are gone."""
        ids = list(Complaint.objects.order_by("pk").values_list("pk", flat=True))
        for pk in self.chance.sample(ids, len(ids) // 2):
            groups = self.columns()
            chosen = self.chance.sample(sorted(groups), self.chance.randint(1, 3))
            values = {n: v for name in chosen for n, v in groups[name].items()}
            Complaint.objects.filter(pk=pk).update(**values)
        for pk in self.chance.sample(ids[5:], 60):
            Complaint.objects.filter(pk=pk).update(**self.relations(ids))
        Complaint.objects.filter(pk__in=self.chance.sample(ids, 40)).update(is_open=self.one(0, 1))
        Complaint.objects.filter(pk__in=self.chance.sample(ids[5:], 5)).delete()


@pytest.fixture
def street(on_postgres: None, office: Cast) -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):
        yield office


def lay(cast: Cast, seed: int) -> Dice:
    dice = Dice(seed, cast)
    Complaint.objects.bulk_create(dice.case(number) for number in range(CASES))
    return dice


def views(cast: Cast) -> Iterator[Scope]:
    """What the leader and the secretary may look at, over all kinds of periods."""
    for user, unit, periods in (
        (cast.lin, cast.street, PERIODS), (cast.lin, cast.east, PERIODS[2:6]),
        (cast.lin, cast.west, PERIODS[:2]), (cast.lin, cast.squad, PERIODS[1:3]),
        (cast.su, cast.east, PERIODS[-3:]),
    ):  # fmt: skip
        for period in periods:
            yield view(user, unit, period)


def view(user: Any, unit: Organisation, period: str) -> Scope:
    request = RequestFactory().get(f"/board/?unit={unit.pk}&{period}")
    request.user = user
    return scope_of(request)


def full(found: tuple[dict[str, Tally], Any]) -> Any:
    """What is not nothing."""
    tallies = {p: {n: c for n, c in tally.items() if c} for p, tally in found[0].items()}
    return {p: tally for p, tally in tallies.items() if tally}, dict(found[1])


def anew(scope: Scope) -> Any:
    """The same figures without anything kept, base by base."""
    by_unit = counting.tallies(scope)
    return full((by_unit, counting.of_the_period(scope)[1]))


def differing(cast: Cast) -> Iterator[str]:
    """Views whose kept counts are not what counting anew says."""
    for scope in views(cast):
        assert counting.is_kept(scope)
        kept, counted = full(counting.tallies_and_kinds(scope)), anew(scope)
        if kept != counted:
            yield f"{scope.unit} {scope.query}: {kept} instead of {counted}"


@pytest.mark.parametrize(
    "seed", [1, *(pytest.param(seed, marks=pytest.mark.full) for seed in range(2, 12))]
)
def test_kept_counts_are_those_of_counting_anew_whatever_happens(street: Cast, seed: int) -> None:
    dice = lay(street, seed)
    assert list(differing(street)) == []
    for turn in range(4):
        dice.shake()
        assert list(differing(street)) == [], turn
        if turn % 2:
            fold_counts()
            assert not CountChange.objects.exists()
            assert list(differing(street)) == [], "folded"
    assert UnitCount.objects.filter(accepted__gt=1).exists()
    assert KindCount.objects.filter(is_month=True, path=street.east.path).exists()
    assert [finding.breaches for finding in check(["I9"])] == [[]]
    Complaint.objects.update(part_of=None, merged_into=None, repeat_of=None)
    Complaint.objects.all().delete()
    assert list(differing(street)) == []
    keeping.fold()
    assert [finding.breaches for finding in check(["I9"])] == [[]]


FORGOTTEN = [
    ("c.is_open OR", ""), ("c.is_confidential OR", ""), ("c.suspended_at IS NOT NULL", "false"),
    ("c.holder_path = ''", "false"), ("Asia/Shanghai", "UTC"), ("left(c.main_unit_path, 18)", "''"),
    ("coalesce(c.category_id, 0)", "0"), ("(c.source = 'hotline')", "true"),
    ("c.repeat_of_id IS NOT NULL", "false"), ("AND c.part_of_id IS NULL", ""),
    ("NOT c.leaves_rates AND", ""), ("c.satisfaction <> ''", "true"), (", 'basically'", ""),
    ("c.solved_level = 3", "false"), ("c.solved_level = 5", "false"), ("c.round > 1", "false"),
    ("coalesce(c.first_due_at, c.original_due_at)", "c.original_due_at"),
    ("coalesce(c.first_finished_at <= due_at, false)", "true"),
    ("least(coalesce(c.first_finished_at, due_at), due_at)", "due_at"),
    ("AND c.merged_into_id IS NULL", ""), (", 'withdrawn'", ""), ("'draft', ", ""),
]  # fmt: skip


def test_a_rule_that_forgets_something_is_found(street: Cast) -> None:
    """The negative control: the same cases, one word of the database's rule left out."""
    lay(street, 4).shake()
    unnoticed = []
    for word, instead in FORGOTTEN:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_get_functiondef('complaints_counts_of'::regproc)")
                (rule,) = cursor.fetchone()
                assert word in rule
                cursor.execute(rule.replace(word, instead))
            keeping.recount()
            if not any(differing(street)) or all(finding.holds for finding in check(["I9"])):
                unnoticed.append(word)
            transaction.set_rollback(True)
    assert unnoticed == []


def test_what_was_written_past_the_trigger_is_found_and_counted_again(street: Cast) -> None:
    dice = lay(street, 5)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        dice.shake()
        cursor.execute("SET LOCAL session_replication_role = origin")
    assert any(differing(street))
    assert [finding.holds for finding in check(["I9"])] == [False]
    call_command("recount")
    assert list(differing(street)) == []
    assert [finding.holds for finding in check(["I9"])] == [True]


def test_an_open_case_may_change_without_a_line(street: Cast) -> None:
    dice = lay(street, 6)
    Complaint.objects.filter(pk__in=Complaint.objects.all()[:50]).update(is_open=True)
    keeping.fold()
    opened = Complaint.objects.filter(is_open=True)
    opened.update(category=dice.kinds[0], satisfaction="satisfied", round=2)
    assert not CountChange.objects.exists()
    opened.update(is_open=False, is_confidential=False, suspended_at=None, accepted_at=NOW)
    assert CountChange.objects.exists()


def test_who_sees_less_is_not_told_what_is_kept_of_all(street: Cast) -> None:
    lay(street, 7)
    quarter = "period=quarter"
    for user, unit, is_kept in (
        (street.lin, street.street, True), (street.su, street.east, True),
        (street.wang, street.east_branch, False), (street.zhao, street.west_branch, False),
    ):  # fmt: skip
        scope = view(user, unit, quarter)
        assert counting.is_kept(scope) is is_kept
        assert not counting.is_kept(scope.before())
        assert full(counting.tallies_and_kinds(scope)) == anew(scope)
    # A view of the street in the hands of a worker, such as no address gives: nothing kept leaks.
    foreign = replace(view(street.lin, street.street, quarter), user=street.zhao)
    assert not counting.is_kept(foreign)
    told = full(counting.tallies_and_kinds(foreign))
    assert told == anew(foreign) != anew(view(street.lin, street.street, quarter))


@pytest.mark.django_db(transaction=True)
def test_several_may_fold_at_once_while_somebody_reads(
    street: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay(street, 8)
    monkeypatch.setattr(keeping, "AT_ONCE", 7)
    lines = CountChange.objects.count()
    assert lines > 100
    scope = view(street.lin, street.street, "period=year")
    told = full(counting.tallies_and_kinds(scope))

    def fold() -> int:
        try:
            return keeping.fold()
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        running = [pool.submit(fold) for _ in range(3)]
        readings = 0
        while readings < 3 or not all(one.done() for one in running):
            assert full(counting.tallies_and_kinds(scope)) == told
            readings += 1
    assert sum(one.result() for one in running) == lines
    assert list(differing(street)) == []


def test_whole_months_are_found_within_days() -> None:
    def said(first: str, until: str) -> list[str]:
        found = spans(datetime.fromisoformat(first).date(), datetime.fromisoformat(until).date())
        return [str(day) for day in found.values()]

    assert said("2026-10-01", "2026-12-01")[1:3] == ["2026-10-01", "2026-12-01"]
    assert said("2026-09-15", "2026-11-03")[1:3] == ["2026-10-01", "2026-11-01"]
    assert said("2026-11-02", "2026-12-01")[1:3] == ["2026-12-01", "2026-12-01"]
    assert said("2026-11-20", "2026-11-20")[1:3] == ["2026-11-20", "2026-11-20"]
    assert said("2025-12-31", "2026-02-01")[1:3] == ["2026-01-01", "2026-02-01"]
