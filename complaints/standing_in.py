"""Standing in: what waits at the desks of those whom the reader deputises for."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from complaints.models import Complaint
from complaints.selectors import STAGES_OF_WORD
from governance.models.reach import beneath, in_place_of, rights
from governance.selectors import deputyships


@dataclass(frozen=True)
class Desk:
    """One desk at which the reader stands in: whose, where, until when, and how much waits."""

    path: str
    name: str
    unit: str
    role: str
    last_on: Any
    count: int


def waiting_at(user: Any, path: str) -> QuerySet[Complaint]:
    """Open cases that wait at one desk for the words the reader holds there."""
    return Complaint.objects.visible_to(user).open().filter(condition(user, path))


def condition(user: Any, path: str) -> Q:
    """What waits at the desk at `path`, by the words that `user` holds on this very desk."""
    words = {word for word, place in rights(user) if place == path}
    stages = {stage for word in words for stage in STAGES_OF_WORD.get(word, ())}
    return beneath("holder_path", [path]) & Q(stage__in=sorted(stages))


def is_own_desk(user: Any, path: str) -> bool:
    """Whether the reader stands in at the desk at `path` today."""
    return any(place == path for place, _name in in_place_of(user))


def desks(user: Any) -> list[Desk]:
    """The desks of those who are away, two statements; none, without any, for who stands in nowhere."""
    if not in_place_of(user):
        return []
    posts = deputyships(user)
    paths = sorted({post.organisation.path for post in posts})
    wanted = Q(pk__in=[])
    for path in paths:
        wanted |= condition(user, path)
    cases = Complaint.objects.visible_to(user).open().filter(wanted)
    counts = cases.order_by().aggregate(
        **{path_key(path): Count("pk", filter=condition(user, path)) for path in paths}
    )
    return [
        Desk(
            path=post.organisation.path,
            name=post.deputises_for.person.name if post.deputises_for else "",
            unit=post.organisation.display_name,
            role=post.role.label,
            last_on=post.ended_on - timedelta(days=1) if post.ended_on else None,
            count=counts[path_key(post.organisation.path)],
        )
        for post in posts
    ]


def path_key(path: str) -> str:
    """A name for a column of counts."""
    return f"at_{path.lower()}"
