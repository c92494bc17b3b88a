"""Numbers: taken from counter rows, so that none is given twice."""

from django.db import transaction
from django.db.models import F

from governance.models import Counter


def take(name: str, count: int = 1) -> int:
    """Take `count` numbers of the series `name`; returns the first of them.

    Locks the counter's row until the transaction ends. A rolled-back deed gives its numbers back.
    """
    with transaction.atomic(savepoint=False):
        taken = Counter.objects.filter(name=name).update(next_number=F("next_number") + count)
        if not taken:
            Counter.objects.bulk_create([Counter(name=name)], ignore_conflicts=True)
            Counter.objects.filter(name=name).update(next_number=F("next_number") + count)
        after = Counter.objects.values_list("next_number", flat=True).get(name=name)
        return int(after) - count
