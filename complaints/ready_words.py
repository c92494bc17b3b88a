"""How an answer may begin: the templates that fit a case, the nearest kind of matter first."""

from django.db.models import Q

from complaints.models import Complaint, ReplyTemplate
from complaints.models.phrases import GAP

MOST_OFFERED = 6


def templates_for(case: Complaint) -> list[ReplyTemplate]:
    """At most six: those of the leaf before those of its branch and the general ones; one statement.

    A street that has rows of its own for a kind of matter reads those instead of the common ones.
    """
    code = case.category.code if case.category else ""
    kinds = Q(category=None) | Q(category__code__in=[code[:size] for size in (2, 4, 6)])
    own = Q(subdistrict=None) | Q(subdistrict=case.subdistrict_id)
    rows = ReplyTemplate.objects.filter(own, kinds, is_enabled=True).select_related("category")
    found = list(rows)
    of_the_street = {row.category_id for row in found if row.subdistrict_id is not None}
    fitting = [
        row
        for row in found
        if row.subdistrict_id is not None or row.category_id not in of_the_street
    ]
    fitting.sort(key=lambda row: (-depth(row), row.position, row.pk))
    return fitting[:MOST_OFFERED]


def depth(row: ReplyTemplate) -> int:
    """How near to one kind of matter a template is."""
    return len(row.category.code) if row.category else 0


def has_gap(text: str) -> bool:
    """Whether something of a template is still to be written."""
    return GAP in text
