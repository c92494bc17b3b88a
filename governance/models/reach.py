"""Reach: authority over an organisation covers everything beneath it."""

from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.prepared import planned

PATH_END = "ZZZZZZ"
SEGMENT = 6

# One request reads its user's rights once. Outside a request nothing is kept, so that a right
# taken away counts with the next look.
_rights_of_request: ContextVar[dict[int, "Held"] | None] = ContextVar(
    "rights_of_request", default=None
)


@dataclass(frozen=True)
class Held:
    """What a user holds today, in order: (word, path), and (path, name) of those stood in for."""

    words: list[tuple[str, str]]
    in_place_of: list[tuple[str, str]]

    @cached_property
    def roots(self) -> dict[str, list[str]]:
        """The paths of each word, in order, those beneath another one dropped."""
        kept: dict[str, list[str]] = {}
        for word, path in self.words:
            above = kept.setdefault(word, [])
            # In the order of paths all that lies beneath one follows it at once.
            if not above or not path.startswith(above[-1]):
                above.append(path)
        return kept


class RightsOfOneRequest:
    """Context manager: within it each user's rights are read from the database once."""

    def __enter__(self) -> None:
        self._token = _rights_of_request.set({})

    def __exit__(self, *_exception: object) -> None:
        _rights_of_request.reset(self._token)


def rights(user: Any) -> list[tuple[str, str]]:
    """All (word, path) pairs that count for `user` today.

    A right counts while the account is active, the person has a current appointment on that very
    organisation whose role carries the word, and the guardian grant on it exists
    (`architecture.md` 4). Being a superuser gives no right at all.
    """
    return held(user).words


def in_place_of(user: Any) -> list[tuple[str, str]]:
    """Where `user` acts as a deputy today, and the name of whom: (path, name) pairs."""
    return held(user).in_place_of


def held(user: Any) -> Held:
    """Rights and deputyships of `user`, from one statement."""
    if isinstance(user, AnonymousUser) or user is None or not user.is_active:
        return Held([], [])
    cache = _rights_of_request.get()
    if cache is not None and user.pk in cache:
        return cache[user.pk]
    model = user.organisationuserpermission_set.model
    today = timezone.localdate()
    rows = granted(model, user=user.pk, person=user.person_id, today=today)
    found = Held(
        sorted({(word, path) for word, path, words, _name in rows if word in words}),
        sorted({(path, name) for word, path, words, name in rows if name and word in words}),
    )
    if cache is not None:
        cache[user.pk] = found
    return found


@planned
def granted(model: Any, *, user: Any, person: Any, today: Any) -> Any:
    """Rows of word, path, the words of the post, and who is stood in for."""
    return model.objects.filter(
        Q(content_object__appointments__ended_on__isnull=True)
        | Q(content_object__appointments__ended_on__gt=today),
        user=user,
        content_object__appointments__person_id=person,
        content_object__appointments__started_on__lte=today,
        content_object__appointments__role__is_enabled=True,
    ).values_list(
        F("permission__codename"),
        F("content_object__path"),
        F("content_object__appointments__role__words"),
        F("content_object__appointments__deputises_for__person__name"),
    )


def narrow(user: Any, words: Iterable[str], path: str) -> None:
    """For the rest of this request `user` holds only `words`, and only at or under `path`.

    A right above `path` shrinks to it, one beneath it stays, one beside it is gone. Needs a
    request, because nothing else would forget it again.
    """
    cache = _rights_of_request.get()
    if cache is None:
        raise RuntimeError("Rights can be narrowed only within RightsOfOneRequest.")
    allowed = set(words)
    kept = {
        (word, max(path, root, key=len))
        for word, root in rights(user)
        if word in allowed and (root.startswith(path) or path.startswith(root))
    }
    cache[user.pk] = Held(sorted(kept), in_place_of(user))


def roots(user: Any, word: str) -> list[str]:
    """Paths of the organisations on which `user` holds `word`, nested ones dropped."""
    return held(user).roots.get(word, [])[:]


def may(user: Any, word: str, path: str | None) -> bool:
    """Whether `user` holds `word` on the organisation at `path` or on one above it."""
    return bool(path) and any(str(path).startswith(root) for root in roots(user, word))


def require(user: Any, word: str, path: str | None) -> None:
    """Raise PermissionDenied unless `may(user, word, path)`."""
    if not may(user, word, path):
        raise PermissionDenied(_("您没有这项操作的权限。"))


def beneath(lookup: str, paths: Iterable[str]) -> Q:
    """Rows whose path column `lookup` lies at or under one of `paths`; none when there are none."""
    return any_of(Q((f"{lookup}__gte", path), (f"{lookup}__lt", path + PATH_END)) for path in paths)


def any_of(conditions: Iterable[Q]) -> Q:
    """Rows for which one of the conditions holds; none when there are no conditions."""
    conditions = list(conditions)
    if len(conditions) == 1:
        return conditions[0]
    return Q(*conditions, _connector=Q.OR) if conditions else Q(pk__in=())


def chain(path: str) -> list[str]:
    """The path itself and all paths above it, from the root downwards."""
    return [path[:end] for end in range(SEGMENT, len(path) + 1, SEGMENT)]


def id_of(path: str) -> int:
    """The id of the organisation at the end of a path; it is the last segment."""
    return int(path[-SEGMENT:], 36)


class ScopedQuerySet(models.QuerySet[Any]):
    """Rows that belong to places; `scope_paths` names the columns that say to which."""

    scope_paths: tuple[str, ...] = ()

    def visible_to(self, user: Any, word: str = "see") -> Self:
        """The rows that `user` may reach with `word`: the only way a door gets rows."""
        return self.within(roots(user, word))

    def within(self, paths: Iterable[str]) -> Self:
        """The rows that lie at or under one of the organisation `paths`."""
        paths = list(paths)
        return self.filter(any_of(beneath(lookup, paths) for lookup in self.scope_paths))
