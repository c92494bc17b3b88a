"""The audit chain: one line for each deed, written last, and every tampering found."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from governance.models import AuditEntry, AuditHead
from governance.services.audit import client_address, deed, first_broken_entry, record
from tests.governance.threads import in_threads

pytestmark = [pytest.mark.django_db, pytest.mark.smoke]


def lines(count: int) -> None:
    for number in range(count):
        record("look", by=None, subject=f"complaint:{number}", detail={"说明": "测试"})


def test_lines_are_chained_one_to_the_next() -> None:
    lines(3)
    entries = list(AuditEntry.objects.order_by("id"))
    assert entries[0].previous_hash == ""
    assert [e.previous_hash for e in entries[1:]] == [e.entry_hash for e in entries[:-1]]
    assert AuditHead.objects.get().entry_count == 3
    assert first_broken_entry() is None


def past_the_guards() -> None:
    """Do as somebody would who owns the database and takes the guards of its tables away."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
            return
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            " AND tbl_name = 'governance_auditentry'"
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f'DROP TRIGGER "{name}"')


@pytest.mark.parametrize("act", ["update", "delete"])
def test_the_database_itself_refuses_to_change_or_delete_a_line(act: str) -> None:
    lines(1)
    rows = AuditEntry.objects.all()
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(verb="other") if act == "update" else rows.delete()
    assert AuditEntry.objects.get().verb == "look"


@pytest.mark.parametrize(
    "change",
    [{"verb": "other"}, {"subject": "complaint:9"}, {"detail": {}}, {"previous_hash": "x"}],
)
def test_a_changed_line_is_found(change: dict[str, Any]) -> None:
    lines(3)
    second = AuditEntry.objects.order_by("id")[1]
    past_the_guards()
    AuditEntry.objects.filter(pk=second.pk).update(**change)
    assert first_broken_entry() == second.pk


def test_a_line_cut_out_of_the_middle_is_found() -> None:
    lines(3)
    _first, second, third = AuditEntry.objects.order_by("id")
    past_the_guards()
    AuditEntry.objects.filter(pk=second.pk).delete()
    assert first_broken_entry() == third.pk


def test_lines_cut_off_at_the_end_are_found_by_the_head() -> None:
    lines(3)
    past_the_guards()
    AuditEntry.objects.order_by("-id")[0].delete()
    assert first_broken_entry() == -1


def test_a_deed_writes_its_lines_at_its_end_and_in_order() -> None:
    with deed():
        record("first", by=None, subject="")
        with deed():
            record("second", by=None, subject="")
        assert not AuditEntry.objects.exists()
    assert list(AuditEntry.objects.values_list("verb", flat=True)) == ["first", "second"]
    assert first_broken_entry() is None


def test_a_deed_that_fails_leaves_no_line() -> None:
    with pytest.raises(ValueError, match="broken"), deed():
        record("look", by=None, subject="")
        raise ValueError("broken")
    assert not AuditEntry.objects.exists()
    lines(1)
    assert first_broken_entry() is None


def test_an_inner_deed_that_is_caught_takes_only_its_own_lines_with_it() -> None:
    with pytest.raises(transaction.TransactionManagementError), deed():
        record("kept", by=None, subject="")
        try:
            with deed():
                record("lost", by=None, subject="")
                raise ValueError
        except ValueError:
            pass
        # The inner deed has no savepoint of its own: whoever catches it cannot go on writing.
        AuditEntry.objects.count()
    assert not AuditEntry.objects.exists()


def test_a_line_says_from_which_address() -> None:
    token = client_address.set("10.0.0.7")
    try:
        lines(1)
    finally:
        client_address.reset(token)
    assert AuditEntry.objects.get().address == "10.0.0.7"
    assert first_broken_entry() is None


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_do_not_fork_the_chain(on_postgres: None) -> None:
    in_threads(lambda _number: lines(10), 8)
    assert AuditEntry.objects.count() == 80
    assert AuditEntry.objects.values("previous_hash").distinct().count() == 80
    assert first_broken_entry() is None


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_on_the_head_the_chain_breaks(
    on_postgres: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines(1)
    manager = type(AuditHead.objects.all())
    monkeypatch.setattr(manager, "select_for_update", lambda rows, **_options: rows)
    in_threads(lambda _number: lines(20), 8)
    assert first_broken_entry() is not None
