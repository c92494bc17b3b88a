"""One deed, one transaction, its audit lines written last; and the chain that proves them."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from governance.models import AuditEntry, AuditHead
from governance.points import here

_pending: ContextVar[list[AuditEntry] | None] = ContextVar("pending_audit", default=None)
# The network address of whoever is asking; set by the request middleware.
client_address: ContextVar[str | None] = ContextVar("client_address", default=None)


@contextmanager
def deed() -> Iterator[None]:
    """Everything inside is one transaction; audit lines are written at the end of the outermost.

    Writing them last means that the lock on the chain's end is held for a moment only
    (`reliability.md` 9.2). Usable as a decorator: `@deed()`.
    """
    collected = _pending.get()
    if collected is not None:
        mark = len(collected)
        try:
            with transaction.atomic(savepoint=False):
                yield
        except BaseException:
            del collected[mark:]
            raise
        return
    lines: list[AuditEntry] = []
    token = _pending.set(lines)
    here("before_begin")
    try:
        with transaction.atomic():
            yield
            _write(lines)
            here("before_commit")
    finally:
        _pending.reset(token)
    here("after_commit")


def record(
    verb: str,
    *,
    by: Any,
    subject: str,
    organisation_path: str = "",
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Note that `by` did (or saw) `verb` on `subject`, e.g. "complaint:12", in the present deed.

    `detail` holds no sealed or personal values. Outside a deed the line is a deed of its own.
    """
    entry = AuditEntry(
        at=timezone.now(),
        by=by,
        verb=verb,
        subject=subject,
        organisation_path=organisation_path,
        detail=dict(detail or {}),
        address=client_address.get(),
    )
    collected = _pending.get()
    if collected is not None:
        collected.append(entry)
        return
    with transaction.atomic():
        _write([entry])


def _write(lines: list[AuditEntry]) -> None:
    """Append the lines to the chain; the row of its end is the last lock a deed takes."""
    if not lines:
        return
    head = AuditHead.objects.select_for_update().filter(pk=1).first()
    if head is None:
        AuditHead.objects.bulk_create([AuditHead()], ignore_conflicts=True)
        head = AuditHead.objects.select_for_update().get(pk=1)
    last = head.last_hash
    for line in lines:
        line.previous_hash = last
        last = line.entry_hash = entry_hash(line)
    AuditEntry.objects.bulk_create(lines)
    AuditHead.objects.filter(pk=1).update(last_hash=last, entry_count=head.entry_count + len(lines))


def entry_hash(entry: AuditEntry) -> str:
    """SHA-256 over the previous hash and every field of the line, in one fixed order."""
    content = [
        entry.previous_hash,
        moment(entry.at),
        entry.by_id,
        entry.verb,
        entry.subject,
        entry.organisation_path,
        entry.detail,
        entry.address,
    ]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def moment(at: datetime | None) -> str:
    """A moment as text that is the same on both databases: UTC to the microsecond."""
    return "" if at is None else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")


def first_broken_entry() -> int | None:
    """The id of the first audit line whose chain does not hold, or None when all is well."""
    last, count = "", 0
    for entry in AuditEntry.objects.order_by("id").iterator(2000):
        if entry.previous_hash != last or entry_hash(entry) != entry.entry_hash:
            return entry.pk
        last, count = entry.entry_hash, count + 1
    head = AuditHead.objects.filter(pk=1).first() or AuditHead()
    return None if (head.last_hash, head.entry_count) == (last, count) else -1
