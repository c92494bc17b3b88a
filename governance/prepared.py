"""Statements that are written once for each process and asked again with other values.

Django writes the SQL of a queryset anew each time it is asked. For a case with its neighbours, a
hundred columns and the conditions of reach, that takes ten times as long as the database needs for
the answer. Only the text is kept, never a row: every asking reaches the database, and the values
travel beside the text, as Django itself sends them.
"""

from collections.abc import Callable, Hashable
from copy import copy
from datetime import date, datetime
from functools import update_wrapper
from types import SimpleNamespace
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Expression, QuerySet

# How many shapes of one question are kept; who asks for more is answered as ever.
MOST_SHAPES = 64


class Later(Expression):
    """The place of a value that is given only when the question is asked."""

    def __init__(self, name: str, index: int | None = None, ending: str = "") -> None:
        super().__init__()
        self.name, self.index, self.ending = name, index, ending

    def __add__(self, ending: Any) -> "Later":  # type: ignore[override]
        """A text with something behind it, such as the end of a range of paths."""
        return Later(self.name, self.index, self.ending + ending)

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """A place in the text, and itself among the values; `bound` puts the value there."""
        return "%s", [self]

    def bound(self, values: dict[str, Any], connection: Any) -> Any:
        """The value as the driver wants it."""
        value = values[self.name]
        if self.index is not None:
            value = value[self.index]
        if self.ending:
            return value + self.ending
        if isinstance(value, datetime):
            return connection.ops.adapt_datetimefield_value(value)
        return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value


class Statement:
    """The text of one question in one shape, and how its rows become objects."""

    def __init__(self, queryset: QuerySet[Any], connection: Any) -> None:
        self.model = queryset.model
        self.iterable: Any = queryset._iterable_class  # type: ignore[attr-defined]
        self.compiler = queryset.query.get_compiler(connection=connection)
        self.sql, self.params = self.compiler.as_sql()

    def rows(self, values: dict[str, Any], connection: Any) -> list[Any]:
        """Ask the database with these values."""
        bound = tuple(
            param.bound(values, connection) if isinstance(param, Later) else param
            for param in self.params
        )
        # A compiler belongs to one thread's connection; its own copy costs next to nothing.
        compiler: Any = copy(self.compiler)
        compiler.connection = connection
        compiler.as_sql = lambda *_args, **_kwargs: (self.sql, bound)
        asked = SimpleNamespace(
            query=SimpleNamespace(get_compiler=lambda *_args, **_kwargs: compiler),
            db=DEFAULT_DB_ALIAS,
            model=self.model,
            _known_related_objects={},
        )
        return list(self.iterable(asked))


class prepared:
    """`@prepared def rows(size, *, paths, today): return Model.objects.filter(…)[:size]`.

    `rows(20, paths=[…], today=day)` gives the list of rows. What is given by position is part of
    the text, what is given by name is a value of this asking; of a list the length is part of the
    text. The function only builds a queryset (of objects or of `values_list`) and is not called
    again for the same shape: it must ask no clock, no user and no table, all it depends on is given
    to it. None and True keep their meaning, so they are part of the shape as well.
    """

    def __init__(self, build: Callable[..., QuerySet[Any]]) -> None:
        self.build = build
        self.kept: dict[Hashable, Statement | None] = {}
        update_wrapper(self, build)

    def __call__(self, *fixed: Hashable, **values: Any) -> list[Any]:
        """The rows for these values, from one statement; none without any where nothing can be."""
        connection = connections[DEFAULT_DB_ALIAS]
        shape = (connection.vendor, fixed, *[shape_of(value) for value in values.values()])
        if shape not in self.kept:
            if len(self.kept) >= MOST_SHAPES:
                return list(self.build(*fixed, **values))
            self.kept[shape] = self.written(connection, fixed, values)
        statement = self.kept[shape]
        return statement.rows(values, connection) if statement else []

    def written(
        self, connection: Any, fixed: tuple[Hashable, ...], values: dict[str, Any]
    ) -> Statement | None:
        """The statement of a shape; None where its conditions can never hold."""
        places = {name: place_of(name, value) for name, value in values.items()}
        try:
            return Statement(self.build(*fixed, **places), connection)
        except EmptyResultSet:
            return None


def shape_of(value: Any) -> Hashable:
    """What of a value is part of the text: the length of a list, nothingness, yes and no."""
    if isinstance(value, list | tuple):
        return len(value)
    return value if value is None or isinstance(value, bool) else "one"


def place_of(name: str, value: Any) -> Any:
    """What stands in the queryset for a value that comes later."""
    if isinstance(value, list | tuple):
        return [Later(name, index) for index in range(len(value))]
    return value if value is None or isinstance(value, bool) else Later(name)
