"""Reading the ground floor across tables: who serves where, who can act."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from governance.choices import Level, Word
from governance.models import Appointment, AuditEntry, Leave, Organisation, Person, Role
from governance.models.reach import SEGMENT, any_of, beneath, chain, id_of, roots
from governance.prepared import planned, prepared

# Departments stand beside the five levels.
DEPARTMENT = {"organisation__level__isnull": True}


def who_serves(
    organisation: Organisation, *, word: str | None = None, roles: Iterable[str] = ()
) -> list[Person]:
    """People who serve this very organisation today, with `word` or one of `roles` if given.

    Whoever is away is left out for the deputy, who holds the same post meanwhile.
    """
    codes = list(roles)
    posts = (
        Appointment.objects.attended()
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
    """Ids of the people who hold one of `roles` on the organisation at `path` or above it.

    Deputies stand in the place of whoever is away.
    """
    return list(
        Appointment.objects.attended()
        .filter(organisation__path__in=chain(path), role__code__in=list(roles))
        .values_list("person_id", flat=True)
        .distinct()
    )


def people_at(path: str, posts: Iterable[tuple[str, int | None]]) -> list[int]:
    """Ids of those who hold one of `posts` on the organisation at `path` or above it.

    A post is a role with the level on which it is held: 1 to 5, 0 for departments, None for any.
    Deputies stand in the place of whoever is away.
    """
    wanted = any_of(
        Q(role__code=role)
        if level is None
        else Q(role__code=role, **({"organisation__level": level} if level else DEPARTMENT))
        for role, level in posts
    )
    rows = Appointment.objects.attended().filter(
        wanted, organisation__path__in=chain(path), role__is_enabled=True
    )
    return list(rows.values_list("person_id", flat=True).distinct())


def in_charge(path: str, *, levels_up: int) -> list[int]:
    """Ids of those who lead the organisation `levels_up` above the one at `path`.

    Leading means: a post of which there is one (a secretary), else one that instructs, dispatches
    or handles, in this order. None above the street.
    """
    above = path[: len(path) - levels_up * SEGMENT]
    if not above:
        return []
    posts = list(
        Appointment.objects.attended()
        .filter(organisation__path=above, role__is_enabled=True)
        .values_list("person_id", "role__is_sole", "role__words")
    )
    leads = [{person for person, is_sole, _words in posts if is_sole}]
    leads += [
        {person for person, _is_sole, words in posts if word in words}
        for word in (Word.INSTRUCT, Word.DISPATCH, Word.HANDLE)
    ]
    return sorted(next((people for people in leads if people), set()))


def serving_paths(*wanted: str) -> set[str]:
    """Paths of organisations where somebody with an active account may act with one of the words."""
    return {path for path, words in serving_words().items() if not words.isdisjoint(wanted)}


def serving_words() -> dict[str, set[str]]:
    """What may be done in each organisation by somebody who serves there today; one statement."""
    found: dict[str, set[str]] = {}
    for path, words in _serving_words(today=timezone.localdate()):
        found.setdefault(path, set()).update(words)
    return found


@prepared
def _serving_words(*, today: Any) -> QuerySet[Appointment, Any]:
    posts = Appointment.objects.on(today).filter(
        role__is_enabled=True, organisation__ended_on__isnull=True, person__user__is_active=True
    )
    return posts.values_list("organisation__path", "role__words")


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
    """The user's current appointments: the own ones, the most powerful first, then deputyships."""
    posts = _current_posts(person=user.person_id, today=timezone.localdate())
    return sorted(posts, key=lambda post: post.deputises_for_id is not None)


@planned
def _current_posts(*, person: Any, today: Any) -> QuerySet[Appointment]:
    return (
        Appointment.objects.on(today)
        .filter(person_id=person, role__is_enabled=True)
        .select_related("person", "role", "organisation__parent", "deputises_for__person")
        .order_by("role__position", "id")
    )


def deputyships(user: Any) -> list[Appointment]:
    """The posts in which `user` stands in for somebody today."""
    posts = Appointment.objects.on().filter(
        person_id=user.person_id, deputises_for__isnull=False, role__is_enabled=True
    )
    return list(
        posts.select_related("role", "organisation", "deputises_for__person").order_by(
            "role__position", "id"
        )
    )


def own_posts(person: Person) -> list[Appointment]:
    """The posts of a person that somebody can hold meanwhile, the most powerful first.

    Posts without rights need no deputy, technical ones may have none, and a deputy has no deputy.
    """
    posts = (
        Appointment.objects.on()
        .filter(person=person, deputises_for=None, role__is_enabled=True, role__is_technical=False)
        .select_related("role", "organisation")
        .order_by("role__position", "id")
    )
    return [post for post in posts if post.role.words]


def zone_of(organisation: Organisation) -> str:
    """From where a deputy may come: the community of a party node, the street for all else."""
    depth = Level.GRAND_COMMITTEE if organisation.level else Level.WORKING_COMMITTEE
    return organisation.path[: depth * SEGMENT]


def near(paths: Iterable[str]) -> Q:
    """Posts that lie beneath one of the zones at `paths`, or above it."""
    found = beneath("organisation__path", paths)
    for path in paths:
        found |= Q(organisation__path__in=chain(path))
    return found


def serves_near(person: Person, organisation: Organisation) -> bool:
    """Whether a person serves today where a deputy for this organisation may come from."""
    posts = Appointment.objects.on().filter(
        near([zone_of(organisation)]), person=person, deputises_for=None, role__is_enabled=True
    )
    return any(post.role.words for post in posts.select_related("role"))


def possible_deputies(user: Any) -> QuerySet[Person]:
    """Colleagues whom `user` may name as a deputy: near the own posts and those the user manages."""
    own = [zone_of(post.organisation) for post in own_posts(user.person)]
    zones = {*own, *roots(user, Word.MANAGE)}
    posts = Appointment.objects.on().filter(
        near(zones), deputises_for=None, role__is_enabled=True, role__is_technical=False
    )
    return Person.objects.filter(
        Exists(posts.filter(person=OuterRef("pk")).exclude(role__words=[])), user__is_active=True
    ).order_by("name_pinyin", "id")


def people_on_leave(user: Any) -> QuerySet[Person]:
    """For whom `user` may enter a leave: oneself, and whoever serves where the user manages."""
    posts = Appointment.objects.on().filter(
        beneath("organisation__path", roots(user, Word.MANAGE)),
        deputises_for=None,
        role__is_technical=False,
        person=OuterRef("pk"),
    )
    managed = Exists(posts.exclude(role__words=[]))
    return Person.objects.filter(Q(pk=user.person_id) | managed).order_by("name_pinyin", "id")


def stand_ins(people: Iterable[int]) -> list[int]:
    """The same people, with their deputies in the place of those who are away today."""
    wanted = list(people)
    pairs = Appointment.objects.on().filter(deputises_for__person__in=wanted)
    deputies: dict[int, list[int]] = {}
    for away, deputy in pairs.values_list("deputises_for__person", "person").distinct():
        deputies.setdefault(away, []).append(deputy)
    return sorted({one for person in wanted for one in deputies.get(person, [person])})


def absence_of(user: Any) -> Leave | None:
    """The leave of `user` that runs today, if there is one."""
    today = timezone.localdate()
    rows = Leave.objects.filter(person_id=user.person_id, started_on__lte=today, ended_on__gt=today)
    return rows.select_related("deputy").first()


def covers_every_street(user: Any, word: str) -> bool:
    """Whether `user` holds `word` on all streets of the installation; usually there is one."""
    streets = Organisation.objects.filter(parent=None, ended_on=None).values_list("path", flat=True)
    return set(streets) <= set(roots(user, word))


def fill_organisations(
    keys: Iterable[tuple[Any, str]], *, above: str = "", known: Iterable[Organisation] = ()
) -> None:
    """Put organisations into foreign keys, each a pair (row, field), from one statement.

    With the path `above` its whole way up is read too, and each organisation knows its parent.
    Those that are `known` are not read again; no statement when they are all.

    A page names the same few organisations in several columns of many rows. A join for each column
    makes the database plan longer than it works, and every row bring its own copy.
    """
    keys = list(keys)
    wanted = {getattr(row, f"{field}_id") for row, field in keys} - {None}
    found = {unit.pk: unit for unit in known}
    found |= organisations_by_id({*wanted, *map(id_of, chain(above))} - found.keys())
    if above:
        for unit in found.values():
            if unit.parent_id in found:
                unit.parent = found[unit.parent_id]
    for row, field in keys:
        # What Django's own setting does in eleven steps, and would check again.
        row._state.fields_cache[field] = found.get(getattr(row, f"{field}_id"))


def organisations_by_id(ids: Collection[int]) -> dict[int, Organisation]:
    """The organisations of these ids, from one statement; none without any ids."""
    if not ids:
        return {}
    # Filled up to a power of two, so that a page's many or few units make few shapes.
    asked = [*ids, *[next(iter(ids))] * ((1 << (len(ids) - 1).bit_length()) - len(ids))]
    return {unit.pk: unit for unit in _organisations(ids=asked)}


@planned
def _organisations(*, ids: Any) -> QuerySet[Organisation]:
    return Organisation.objects.filter(pk__in=ids).order_by()


def rule_rows(model: Any, user: Any, words: Iterable[str]) -> QuerySet[Any]:
    """Rules common to all streets and those of the user's own streets; none without a word."""
    paths = streets_of(user, words)
    if not paths:
        return model.objects.none()
    return model.objects.filter(Q(subdistrict=None) | beneath("subdistrict__path", paths))


def streets_of(user: Any, words: Iterable[str]) -> list[str]:
    """The paths of the streets in which `user` holds one of the words anywhere."""
    return sorted({path[:SEGMENT] for word in words for path in roots(user, word)})


def common_rows(model: Any, user: Any, words: Iterable[str]) -> QuerySet[Any]:
    """Rows that belong to no street at all, for whoever holds one of the words anywhere."""
    rows = model.objects.all()
    return rows if any(roots(user, word) for word in words) else rows.none()


def staff(user: Any, words: Iterable[str]) -> QuerySet[Person]:
    """People who serve, or have served, an organisation the user reaches with one of `words`."""
    paths = [path for word in words for path in roots(user, word)]
    posts = Appointment.objects.filter(beneath("organisation__path", paths))
    return Person.objects.filter(Exists(posts.filter(person=OuterRef("pk"))))


def role_codes() -> set[str]:
    """The codes of all posts that an appointment may name."""
    return set(Role.objects.values_list("code", flat=True))


@dataclass(frozen=True)
class Post:
    """A role as a form offers it: its name, and the levels on which it may be held."""

    name: str
    levels: tuple[int, ...]

    def __str__(self) -> str:
        return self.name


def posts_to_name() -> dict[str, Post]:
    """The posts in force that a rule may name, by code; technical ones and empty ones left out."""
    rows = Role.objects.filter(is_enabled=True, is_technical=False).order_by("position", "id")
    return {
        row.code: Post(row.label, tuple(int(level) for level in row.levels))
        for row in rows
        if row.words
    }


def audit_within(user: Any) -> QuerySet[AuditEntry]:
    """Audit lines of the streets the user audits; those of no place only for who audits all."""
    paths = roots(user, Word.AUDIT)
    found = beneath("organisation_path", paths)
    if paths and covers_every_street(user, Word.AUDIT):
        found |= Q(organisation_path="")
    named = Organisation.objects.filter(path=OuterRef("organisation_path")).values("name")[:1]
    return AuditEntry.objects.filter(found).annotate(organisation_name=Subquery(named))
