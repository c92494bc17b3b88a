"""无人可办: open cases that wait at a desk where nobody serves who could take their next step (F15)."""

from typing import Any

from django.db.models import Q, QuerySet

from complaints.choices import Stage
from complaints.models import Complaint
from governance.choices import Word
from governance.models.reach import beneath
from governance.selectors import serving_words

# Steps that anybody with the word above the desk takes; all others wait at the very desk.
TAKEN_FROM_ABOVE = ((Stage.PENDING_REVIEW, Word.REVIEW), (Stage.PENDING_CALLBACK, Word.CALLBACK))


def stranded_condition() -> Q:
    """The condition on open cases; one statement.

    At work, and before it, a case lies at a desk: somebody must serve there to handle or dispatch.
    An answer to be reviewed and a callback are taken by whoever holds that word there or above.
    """
    return stranded_where(**desks_served())


def desks_served() -> dict[str, list[str]]:
    """All that `stranded_where` has to know of who serves where; one statement."""
    serving = serving_words()
    acting = sorted(p for p, words in serving.items() if words & {Word.HANDLE, Word.DISPATCH})
    return {"acting": acting, **{str(word): tops(serving, word) for _s, word in TAKEN_FROM_ABOVE}}


def tops(serving: dict[str, set[str]], word: Word) -> list[str]:
    """The paths on which somebody holds the word, those beneath others dropped."""
    paths = sorted(path for path, words in serving.items() if word in words)
    return [path for path in paths if not any(path.startswith(top) for top in paths if top < path)]


def stranded_where(acting: Any, **above: Any) -> Q:
    """The condition for what `desks_served` found."""
    found = ~Q(stage__in=[stage for stage, _word in TAKEN_FROM_ABOVE]) & ~Q(holder_path__in=acting)
    for stage, word in TAKEN_FROM_ABOVE:
        found |= Q(stage=stage) & ~beneath("holder_path", above[word])
    return found


def nobody_can_act(user: Any) -> QuerySet[Complaint]:
    """The stranded cases within reach of `user`."""
    return Complaint.objects.visible_to(user).open().filter(stranded_condition())
