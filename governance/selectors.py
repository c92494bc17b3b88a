"""Reading the ground floor across tables: who serves where, who can act."""

from collections.abc import Iterable
from typing import Any

from governance.models import Appointment, Organisation, Person
from governance.models.reach import chain


def who_serves(
    organisation: Organisation, *, word: str | None = None, roles: Iterable[str] = ()
) -> list[Person]:
    """People who serve this very organisation today, with `word` or one of `roles` if given."""
    codes = list(roles)
    posts = (
        Appointment.objects.on()
        .filter(organisation=organisation, role__is_enabled=True)
        .select_related("person", "role")
        .order_by("role__position", "id")
    )
    return [
        post.person
        for post in posts
        if (word is None or word in post.role.words) and (not codes or post.role.code in codes)
    ]


def people_in_posts(path: str, roles: Iterable[str]) -> list[int]:
    """Ids of the people who hold one of `roles` on the organisation at `path` or above it."""
    return list(
        Appointment.objects.on()
        .filter(organisation__path__in=chain(path), role__code__in=list(roles))
        .values_list("person_id", flat=True)
        .distinct()
    )


def serving_paths(word: str) -> set[str]:
    """Paths of all organisations where somebody with an active account may act with `word`."""
    posts = Appointment.objects.on().filter(
        role__is_enabled=True, organisation__ended_on__isnull=True, person__user__is_active=True
    )
    rows = posts.values_list("organisation__path", "role__words")
    return {path for path, words in rows if word in words}


def nearest_handler(path: str, *, above: bool = False) -> Organisation | None:
    """The lowest organisation on the way up from `path` where somebody can handle.

    With `above` the search begins one level higher. None when nobody serves the whole way up.
    """
    way = chain(path)[: -1 if above else None]
    serving = _words_on(way)
    for step in reversed(way):
        if "handle" in serving.get(step, set()):
            return Organisation.objects.get(path=step)
    return None


def _words_on(paths: list[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    posts = Appointment.objects.on().filter(
        organisation__path__in=paths, role__is_enabled=True, person__user__is_active=True
    )
    for path, words in posts.values_list("organisation__path", "role__words"):
        found.setdefault(path, set()).update(words)
    return found


def subdistrict_of(path: str) -> Organisation:
    """The root above `path`."""
    return Organisation.objects.get(path=path[:6])


def current_posts(user: Any) -> list[Appointment]:
    """The user's current appointments, most powerful role first."""
    return list(
        Appointment.objects.on()
        .filter(person_id=user.person_id, role__is_enabled=True)
        .select_related("role", "organisation")
        .order_by("role__position", "id")
    )
