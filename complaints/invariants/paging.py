"""Reading a living house page by page; what looks broken is looked at again, standing still."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.models import QuerySet

from complaints.invariants.finding import Finding
from complaints.models import Complaint

PAGE = 2000

# A case and what is broken about it.
Suspect = tuple[int, str]


def pages(rows: QuerySet[Complaint], size: int = PAGE) -> Iterator[list[int]]:
    """The ids of the cases in rising order, so many at a time; never all in memory."""
    last = 0
    while ids := list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:size]):
        yield ids
        last = ids[-1]


def look_through(
    finding: Finding,
    rows: QuerySet[Complaint],
    look: Callable[[Sequence[int]], Iterable[Suspect]],
) -> None:
    """Look at all `rows`, a page at a time, and keep what is broken.

    Somebody may move a case between two of our statements, so a suspect is looked at once more
    within one picture of the database before it is called broken.
    """
    for ids in pages(rows):
        finding.looked_at_count += len(ids)
        suspects = sorted({pk for pk, _words in look(ids)})
        if not suspects:
            continue
        with standing_still():
            for pk, words in look(suspects):
                finding.breach(f"complaint:{pk} {words}")


@contextmanager
def standing_still() -> Iterator[None]:
    """All statements within see the database as it was at one moment."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield
