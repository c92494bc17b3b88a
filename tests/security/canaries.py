"""Canaries: a unique word in every text column of every row, by the place the row belongs to.

Whoever reads a word of a place that is not theirs has found a leak, wherever it stands.
"""

import re
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import connection, models

from complaints.models import Caller, Complaint
from governance.models import Organisation, Person
from governance.models.reach import beneath
from tests.security.world import Side, World

Row = tuple[type[models.Model], Any]
SIGNS = "0123456789abcdefghijklmnopqrstuvwxyz"
LENGTH = 8
CANARY = re.compile(r"cq([a-z])([0-9a-z]{5})")
# Areas: the letter that follows "cq".
EAST_CASES, EAST_GROUND, EAST_CALLERS = "e", "f", "g"
WEST_CASES, WEST_GROUND, WEST_CALLERS = "w", "x", "y"
CONFIDENTIAL, SECRET_CALLER = "c", "s"
EVERYTHING = frozenset("efgwxycs")
CASES = frozenset("egwycs")
# Columns in which a program, not a person, keeps its words.
NOT_WORDS = re.compile(
    r"(path|hash|digest|key|code|sealed|salt|verb|kind|state|subject|username|password|group|"
    r"version|coordinates|language|color|email)$"
)
# The forms of these tests name a case by its number and a place by its compound.
# A question without a moment of answer has no words of it either; the database says so.
KEPT = {
    "complaints.Complaint.number",
    "complaints.OutsideQuestion.answer",
    "grids.ResidentialCompound.name",
}


class Aviary:
    """All canaries that were set free, and where each one belongs."""

    def __init__(self) -> None:
        self.homes: dict[str, str] = {}

    def new(self, area: str, home: str) -> str:
        """A word nobody has used, of an area, for a column of a row."""
        number, text = len(self.homes), ""
        for _place in range(5):
            number, rest = divmod(number, len(SIGNS))
            text = SIGNS[rest] + text
        word = f"cq{area}{text}"
        self.homes[word] = home
        return word

    def found_in(self, text: str, areas: Iterable[str]) -> set[str]:
        """Homes of the canaries of these areas that sing in a text.

        A random key of a form may look like one that was never set free.
        """
        areas = set(areas)
        return {
            self.homes[match.group(0)]
            for match in CANARY.finditer(text)
            if match.group(1) in areas and match.group(0) in self.homes
        }


def release(world: World) -> Aviary:
    """Put a canary into every text column of every row of both sides."""
    aviary = Aviary()
    open_the_guards()
    done: set[Row] = set()
    callers = Caller.objects.all()
    rows_by_area = [
        (SECRET_CALLER, rows_of(callers.filter(complaint=world.secret))),
        (CONFIDENTIAL, hanging_on([(Complaint, world.confidential.pk)])),
        (EAST_CALLERS, rows_of(callers.filter(complaint__in=cases_of(world.east)))),
        (WEST_CALLERS, rows_of(callers.filter(complaint__in=cases_of(world.west)))),
        (EAST_CASES, hanging_on(rows_of(cases_of(world.east)))),
        (WEST_CASES, hanging_on(rows_of(cases_of(world.west)))),
        (EAST_GROUND, hanging_on(ground_of(world.east))),
        (WEST_GROUND, hanging_on(ground_of(world.west))),
    ]
    for area, rows in rows_by_area:
        for model, pk in rows:
            if (model, pk) not in done:
                done.add((model, pk))
                stamp(aviary, area, model, pk)
    return aviary


def cases_of(side: Side) -> Any:
    """The cases that lie on a side."""
    return Complaint.objects.filter(beneath("place_path", [side.cast.east.path]))


def ground_of(side: Side) -> list[Row]:
    """Organisations of a side, its residents, and who serves nowhere else."""
    tree = Organisation.objects.filter(beneath("path", [side.cast.east.path]))
    people = Person.objects.filter(
        models.Q(home_organisation__in=tree) | models.Q(appointments__organisation__in=tree)
    ).distinct()
    return [*rows_of(tree), *rows_of(people)]


def rows_of(query: Any) -> list[Row]:
    """The rows of a query as (model, key)."""
    return [(query.model, pk) for pk in query.order_by("pk").values_list("pk", flat=True)]


def hanging_on(start: list[Row]) -> list[Row]:
    """The rows and everything that points at them, step by step."""
    found, fresh = dict.fromkeys(start), list(start)
    while fresh:
        nearer: dict[Row, None] = {}
        for model in apps.get_models(include_auto_created=True):
            for field in model._meta.concrete_fields:
                if not isinstance(field, models.ForeignKey) or not model._meta.managed:
                    continue
                target = field.related_model
                keys = [pk for owner, pk in fresh if owner is target]
                if keys:
                    rows = model._base_manager.filter(**{f"{field.name}__in": keys})
                    nearer |= dict.fromkeys(rows_of(rows))
        fresh = [row for row in nearer if row not in found]
        found |= dict.fromkeys(fresh)
    return list(found)


def words_of(model: type[models.Model]) -> list[str]:
    """Names of the columns in which people's words stand."""
    return [
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and not isinstance(field, models.FileField)
        and not field.choices
        and not NOT_WORDS.search(field.name)
        and f"{model._meta.label}.{field.name}" not in KEPT
        and (field.max_length or LENGTH) >= LENGTH
        and not field.primary_key
    ]


def stamp(aviary: Aviary, area: str, model: type[models.Model], pk: Any) -> None:
    """Write the canaries of one row."""
    if names := words_of(model):
        values = {name: aviary.new(area, f"{model._meta.label}.{name} #{pk}") for name in names}
        model._base_manager.filter(pk=pk).update(**values)


def open_the_guards() -> None:
    """History refuses to be edited; inside the test's transaction its guards are laid aside."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in cursor.fetchall():
                cursor.execute(f'DROP TRIGGER "{name}"')
            return
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for model in apps.get_models():
            if model._meta.managed:
                cursor.execute(f'ALTER TABLE "{model._meta.db_table}" DISABLE TRIGGER USER')
