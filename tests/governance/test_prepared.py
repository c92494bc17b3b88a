"""Prepared statements: the text is kept, the answer never."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Model, Q, QuerySet
from django.db.models.functions import Substr
from django.utils import timezone

from governance.models import Counter, Heartbeat, Organisation
from governance.prepared import MOST_SHAPES, planned, prepared, prepared_margins

pytestmark = pytest.mark.django_db


@pytest.fixture
def counters() -> list[str]:
    """Three rows to be found."""
    names = ["a1", "a2", "b1"]
    Counter.objects.bulk_create(Counter(name=name, next_number=n) for n, name in enumerate(names))
    return names


def test_other_values_give_other_rows_from_a_text_written_once(
    counters: list[str], django_assert_num_queries: Any
):
    written = []

    @prepared
    def called(*, name: Any) -> QuerySet[Counter]:
        written.append(name)
        return Counter.objects.filter(name=name)

    with django_assert_num_queries(3):
        found = [[row.next_number for row in called(name=name)] for name in ("a1", "b1", "no")]
    assert found == [[0], [2], []]
    assert len(written) == 1


def test_nothing_of_an_answer_is_kept(counters: list[str]):
    @prepared
    def numbers(*, name: Any) -> QuerySet[Any, Any]:
        return Counter.objects.filter(name=name).values_list("next_number", flat=True)

    assert numbers(name="a1") == [0]
    Counter.objects.filter(name="a1").update(next_number=7)
    assert numbers(name="a1") == [7]
    Counter.objects.filter(name="a1").delete()
    assert numbers(name="a1") == []


def test_lists_of_each_length_and_ranges_of_texts_are_asked_as_django_asks_them(
    counters: list[str],
):
    @prepared
    def chosen(most: int, *, names: Any, since: Any) -> QuerySet[Any, Any]:
        rows = Counter.objects.filter(name__in=names, name__gte=since, name__lt=since + "ZZ")
        return rows.order_by("name").values_list("name", "next_number")[:most]

    assert chosen(9, names=["a1", "b1", "a2"], since="a") == [("a1", 0), ("a2", 1)]
    assert chosen(1, names=["a1", "b1", "a2"], since="a") == [("a1", 0)]
    assert chosen(9, names=["b1"], since="b") == [("b1", 2)]
    assert chosen(9, names=["b1' OR 1=1 --", "%s"], since="%") == []


def test_what_can_never_be_asks_no_table(counters: list[str], django_assert_num_queries: Any):
    @prepared
    def chosen(*, names: Any) -> QuerySet[Counter]:
        return Counter.objects.filter(name__in=names)

    with django_assert_num_queries(0):
        assert chosen(names=[]) == []
        assert chosen(names=[]) == []


def test_moments_and_nothingness_keep_their_meaning():
    now = timezone.now()
    Heartbeat.objects.create(name="sweep", beaten_at=now)

    @prepared
    def beaten(*, before: Any, name: Any) -> QuerySet[Heartbeat]:
        rows = Heartbeat.objects.filter(beaten_at__lt=before)
        return rows if name is None else rows.filter(name=name)

    assert beaten(before=now, name=None) == []
    assert [row.name for row in beaten(before=now + timedelta(seconds=1), name=None)] == ["sweep"]
    assert beaten(before=now + timedelta(seconds=1), name="other") == []


def test_more_shapes_than_are_kept_are_answered_all_the_same(counters: list[str]):
    @prepared
    def chosen(*, names: Any, day: Any) -> QuerySet[Counter]:
        return Counter.objects.filter(name__in=names)

    for extra in range(MOST_SHAPES + 2):
        names = ["b1", *[f"x{n}" for n in range(extra)]]
        assert [row.name for row in chosen(names=names, day=date(2026, 1, 1))] == ["b1"]
    assert len(chosen.kept) == MOST_SHAPES


def test_a_row_read_in_one_go_is_the_row_that_django_would_have_made(cast: Any):
    names = [field.attname for field in Organisation._meta.concrete_fields]
    values = Organisation.objects.filter(pk=cast.street.pk).values_list(*names).get()
    plain = Organisation.objects.get(pk=cast.street.pk)
    djangos = Model.from_db.__func__(Organisation, "default", names, values)  # type: ignore[attr-defined]
    for row in (plain, djangos):
        assert (row._state.db, row._state.adding) == ("default", False)
    assert {**vars(plain), "_state": None} == {**vars(djangos), "_state": None}
    short = Organisation.objects.only("path").get(pk=cast.street.pk)
    assert short.get_deferred_fields() == {*names} - {"id", "path"}
    assert short.name == plain.name


def test_counts_along_two_keys_come_from_one_pass(
    counters: list[str], django_assert_num_queries: Any
):
    @prepared_margins
    def counted(*, since: Any) -> Any:
        rows = Counter.objects.filter(next_number__gte=since)
        keys = {"letter": Substr("name", 1, 1), "digit": Substr("name", 2, 1)}
        conditions = {"known": ~Q(name=""), "first": Q(next_number=0), "second": Q(next_number=1)}
        return rows, keys, conditions, [["known"], ["known", "first"], ["first", "second"]]

    with django_assert_num_queries(2):
        found, later = counted(since=0), counted(since=2)
    assert sorted(found["letter"]) == [("a", 2, 1, 0), ("b", 1, 0, 0)]
    assert sorted(found["digit"]) == [("1", 2, 1, 0), ("2", 1, 0, 0)]
    assert later == {"letter": [("b", 1, 0, 0)], "digit": [("1", 1, 0, 0)]}
    assert counted(since=9) == {"letter": [], "digit": []}


# Plans that PostgreSQL keeps -------------------------------------------------------------------


@pytest.fixture
def called() -> Any:
    """A question by a key, with a constant that holds a sign of the driver's."""

    @planned
    def called(*, name: Any) -> QuerySet[Any, Any]:
        rows = Counter.objects.filter(name=name).exclude(name="100%s")
        return rows.values_list("name", "next_number")

    return called


def kept_plans() -> tuple[int, int]:
    """How many of such statements this connection keeps, and how often a kept plan was taken."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), coalesce(sum(generic_plans), 0)::int FROM pg_prepared_statements"
            " WHERE strpos(statement, '100%s') > 0"
        )
        return tuple(cursor.fetchone())


def test_a_question_by_its_key_is_answered_as_ever(
    counters: list[str], called: Any, django_assert_num_queries: Any
):
    with django_assert_num_queries(4):
        found = [called(name=name) for name in ("a1", "b1", "no", "a1' OR '1'='1")]
    assert found == [[("a1", 0)], [("b1", 2)], [], []]
    Counter.objects.filter(name="a1").update(next_number=7)
    assert called(name="a1") == [("a1", 7)]


def test_the_plan_of_a_key_is_kept_and_that_of_others_is_not(
    on_postgres: None, counters: list[str], called: Any
):
    @prepared
    def asked(*, name: Any) -> QuerySet[Any, Any]:
        return Counter.objects.filter(name=name).exclude(name="100%s").values_list("next_number")

    before = kept_plans()
    for _time in range(8):
        assert asked(name="a2") == [(1,)]
    assert kept_plans() == before

    for _time in range(8):
        assert called(name="a2") == [("a2", 1)]
    statements, times = kept_plans()
    assert statements == before[0] + 1
    assert times > before[1]


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_was_lost_took_its_plans_along(counters: list[str], called: Any):
    assert called(name="a1") == [("a1", 0)]
    connection.close()
    assert called(name="a1") == [("a1", 0)]


@pytest.mark.django_db(transaction=True)
def test_a_server_that_was_restarted_between_two_requests_is_told_anew(
    on_postgres: None, counters: list[str], called: Any
):
    assert connection.settings_dict["CONN_HEALTH_CHECKS"]
    assert called(name="a1") == [("a1", 0)]
    dead = connection.connection
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [dead.info.backend_pid])
    other.close()
    connection.close_if_unusable_or_obsolete()  # as each request begins

    assert called(name="a1") == [("a1", 0)]
    assert connection.connection is not dead


def test_a_first_asking_that_fails_is_asked_again(on_postgres: None, called: Any):
    Counter.objects.create(name="a1", next_number=0)

    @planned
    def nth(*, number: Any) -> QuerySet[Any, Any]:
        return Counter.objects.filter(next_number=number).values_list("name")

    for _time in range(2):
        with pytest.raises(DatabaseError), transaction.atomic():
            nth(number="none")
    assert nth(number=0) == [("a1",)]


def test_a_pool_that_hands_connections_round_is_asked_in_full(
    on_postgres: None, counters: list[str], called: Any, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)
    before = kept_plans()
    assert called(name="b1") == [("b1", 2)]
    assert kept_plans() == before
