"""Statements that are written once for each process and asked again with other values.

Django writes the SQL of a queryset anew each time it is asked. For a case with its neighbours, a
hundred columns and the conditions of reach, that takes ten times as long as the database needs for
the answer. Only the text is kept, never a row: every asking reaches the database, and the values
travel beside the text, as Django itself sends them. Where rows are found by a key (`planned`),
PostgreSQL keeps its plan as well.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from copy import copy
from datetime import date, datetime
from functools import update_wrapper
from itertools import count
from operator import add
from types import SimpleNamespace
from typing import Any
from weakref import WeakKeyDictionary

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import (
    BooleanField,
    Case,
    Expression,
    ExpressionWrapper,
    Q,
    QuerySet,
    Value,
    When,
)
from psycopg2.extensions import AsIs

# How many shapes of one question are kept; for more of them the text is written each time.
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


class AsksTheClockError(RuntimeError):
    """A question wrote a moment into its text, which would be asked for ever."""


class Statement:
    """The text of one question in one shape, and how its columns and rows become objects."""

    def __init__(self, queryset: QuerySet[Any], connection: Any) -> None:
        self.model = queryset.model
        self.iterable: Any = queryset._iterable_class  # type: ignore[attr-defined]
        self.compiler = queryset.query.get_compiler(connection=connection)
        self.sql, self.params = self.compiler.as_sql()
        refuse_moments(self.params)
        columns = [column for column, _sql, _alias in self.compiler.select]
        self.converters = self.compiler.get_converters(columns[: self.compiler.col_count])

    def rows(self, values: dict[str, Any], connection: Any) -> list[Any]:
        """Ask the database with these values."""
        return self.asked(self.sql, with_values(self.params, values, connection), connection)

    def asked(self, sql: str, bound: Sequence[Any], connection: Any) -> list[Any]:
        """The rows that a text gives, as what the queryset promises."""
        # A compiler belongs to one thread's connection; its own copy costs next to nothing.
        compiler: Any = copy(self.compiler)
        compiler.connection = connection
        compiler.as_sql = lambda *_args, **_kwargs: (sql, bound)
        compiler.get_converters = lambda _columns: self.converters
        asked = SimpleNamespace(
            query=SimpleNamespace(get_compiler=lambda *_args, **_kwargs: compiler),
            db=DEFAULT_DB_ALIAS,
            model=self.model,
            _known_related_objects={},
        )
        return list(self.iterable(asked))


class Planned(Statement):
    """A question of which PostgreSQL keeps the plan, for as long as the connection lives."""

    numbers = count()
    # The server forgets with the connection, and so does this.
    names: WeakKeyDictionary[Any, dict["Planned", str]] = WeakKeyDictionary()

    def __init__(self, queryset: QuerySet[Any], connection: Any) -> None:
        super().__init__(queryset, connection)
        self.later = [param for param in self.params if isinstance(param, Later)]
        places = map("${}".format, count(1))
        # What is always the same stands in the text, where the planner finds its partial indexes.
        written = [AsIs(next(places)) if isinstance(p, Later) else p for p in self.params]
        with connection.cursor() as cursor:
            text = cursor.mogrify(self.sql, written).decode()
        self.text = text.replace("%", "%%")
        self.values = ", ".join(["%s"] * len(self.later))

    def rows(self, values: dict[str, Any], connection: Any) -> list[Any]:
        """Ask by the kept plan; the first time on a connection it is prepared in the same breath."""
        # Django looks after a connection when a cursor is opened, and may open another one then.
        connection.close_if_health_check_failed()
        connection.ensure_connection()
        names = self.names.setdefault(connection.connection, {})
        bound = [param.bound(values, connection) for param in self.later]
        if self in names:
            return self.asked(f"EXECUTE {names[self]} ({self.values})", bound, connection)
        # A new name each time: what fails later in the same breath has been prepared all the same.
        name = f"planned_{next(self.numbers)}"
        sql = f"PREPARE {name} AS {self.text}; EXECUTE {name} ({self.values})"
        found = self.asked(sql, bound, connection)
        names[self] = name
        return found


class Counting:
    """The text that says how many of some rows keep each of several conditions."""

    def __init__(
        self, queryset: QuerySet[Any], wanted: Mapping[str, Q | None], connection: Any
    ) -> None:
        self.names = list(wanted)
        marks = {
            name: Value(1) if condition is None else Case(When(condition, then=1), default=0)
            for name, condition in wanted.items()
        }
        marked = queryset.annotate(**marks).values_list(*marks)
        inside, self.params = marked.query.get_compiler(connection=connection).as_sql()
        refuse_moments(self.params)
        sums = ", ".join(
            "COUNT(*)" if condition is None else f"SUM({connection.ops.quote_name(name)})"
            for name, condition in wanted.items()
        )
        self.sql = f"SELECT {sums} FROM ({inside}) AS counted"  # noqa: S608 - Django's own text

    def rows(self, values: dict[str, Any], connection: Any) -> dict[str, int]:
        """Ask the database with these values."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql, with_values(self.params, values, connection))
            found = cursor.fetchone()
        return {name: int(count or 0) for name, count in zip(self.names, found, strict=True)}


class Margins:
    """The text that walks through some rows once and counts them along several keys.

    Each condition is worked out once for a row, in a query inside that the planner may not dissolve;
    each count is of the rows that keep all the conditions it names. `besides` are, for a key, rows
    of its value and the first of the counts that were made elsewhere; they are added, and read in
    the same picture of the database.
    """

    def __init__(
        self,
        queryset: QuerySet[Any],
        keys: Mapping[str, Any],
        conditions: Mapping[str, Q],
        counts: Sequence[Sequence[str]],
        besides: Mapping[str, Sequence[QuerySet[Any, Any]]],
        connection: Any,
    ) -> None:
        self.keys, quoted = list(keys), connection.ops.quote_name
        marks = {
            name: ExpressionWrapper(condition, BooleanField())
            for name, condition in conditions.items()
        }
        marked = queryset.order_by().annotate(**keys, **marks).values_list(*keys, *marks)
        inside, self.params = marked.query.get_compiler(connection=connection).as_sql()
        refuse_moments(self.params)
        counted = ", ".join(
            f"COUNT(*) FILTER (WHERE {' AND '.join(map(quoted, names))})" for names in counts
        )
        # One walk for all keys where the database can; SQLite counts along each by itself.
        if connection.vendor == "postgresql":
            shown = ", ".join(map(quoted, self.keys))
            places = " ".join(
                f"WHEN GROUPING({quoted(key)}) = 0 THEN {place}"
                for place, key in enumerate(self.keys)
            )
            ways = ", ".join(f"({quoted(key)})" for key in self.keys)
            self.sql = (
                f"SELECT CASE {places} END, {shown}, {counted} "  # noqa: S608 - Django's own text
                f"FROM ({inside} OFFSET 0) AS counted GROUP BY GROUPING SETS ({ways})"
            )
        else:
            ways = " UNION ALL ".join(self.along(key, counted, quoted) for key in self.keys)
            self.sql = f"WITH counted AS ({inside}) {ways}"
        for key, ready in besides.items():
            for rows in ready:
                self.add(key, rows, len(counts), connection)

    def add(self, key: str, rows: QuerySet[Any, Any], count: int, connection: Any) -> None:
        """Lines that were counted elsewhere; of the counts they do not have they add none."""
        inside, params = rows.query.get_compiler(connection=connection).as_sql()
        refuse_moments(params)
        columns = [f"n{place}" for place in range(len(rows.query.annotation_select))]
        shown = ", ".join(columns[0] if one == key else "NULL" for one in self.keys)
        counted = ", ".join([*columns[1:], *["0"] * (count - len(columns) + 1)])
        named = f"({inside}) AS ready ({', '.join(columns)})"
        line = f"SELECT {self.keys.index(key)}, {shown}, {counted} FROM {named}"  # noqa: S608 - the same
        self.sql = f"{self.sql} UNION ALL {line}"
        self.params = (*self.params, *params)

    def along(self, key: str, counted: str, quoted: Callable[[str], str]) -> str:
        """The part of the text that counts along one key."""
        shown = ", ".join(quoted(one) if one == key else "NULL" for one in self.keys)
        place, grouped = self.keys.index(key), f"FROM counted GROUP BY {quoted(key)}"
        return f"SELECT {place}, {shown}, {counted} {grouped}"

    def rows(self, values: dict[str, Any], connection: Any) -> dict[str, list[tuple[Any, ...]]]:
        """Ask the database with these values."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql, with_values(self.params, values, connection))
            found = cursor.fetchall()
        lines: dict[str, dict[Any, tuple[Any, ...]]] = {key: {} for key in self.keys}
        for place, *rest in found:
            along, value, numbers = lines[self.keys[place]], rest[place], rest[len(self.keys) :]
            seen = along.get(value)
            along[value] = (value, *(map(add, seen[1:], numbers) if seen else numbers))
        return {key: list(along.values()) for key, along in lines.items()}


def with_values(params: Iterable[Any], values: dict[str, Any], connection: Any) -> tuple[Any, ...]:
    """The values of this asking in the places of a text."""
    return tuple(
        param.bound(values, connection) if isinstance(param, Later) else param for param in params
    )


def refuse_moments(params: Iterable[Any]) -> None:
    """Raise AsksTheClockError when a day or a moment stands in the text itself."""
    if any(isinstance(param, date) for param in params):
        raise AsksTheClockError("A prepared question is given its moments by name.")


class prepared:
    """`@prepared def rows(size, *, paths, today): return Model.objects.filter(…)[:size]`.

    `rows(20, paths=[…], today=day)` gives the list of rows. What is given by position is part of
    the text, what is given by name is a value of this asking; of a list the length is part of the
    text. The function only builds a queryset (of objects or of `values_list`) and is not called
    again for the same shape: it must ask no clock, no user and no table, all it depends on is given
    to it. None and True keep their meaning, so they are part of the shape as well.
    """

    def __init__(self, build: Callable[..., Any]) -> None:
        self.build = build
        self.kept: dict[Hashable, Any] = {}
        update_wrapper(self, build)

    def __call__(self, *fixed: Hashable, **values: Any) -> Any:
        """The rows for these values, from one statement; none without any where nothing can be."""
        connection = connections[DEFAULT_DB_ALIAS]
        shape = (connection.vendor, fixed, *[(n, shape_of(v)) for n, v in values.items()])
        statement = self.kept.get(shape)
        if statement is None:
            places = {name: place_of(name, value) for name, value in values.items()}
            try:
                statement = self.written(connection, *fixed, **places)
            except EmptyResultSet:
                return self.nothing(*fixed, **places)
            if len(self.kept) < MOST_SHAPES:
                self.kept[shape] = statement
        return statement.rows(values, connection)

    def written(self, connection: Any, *fixed: Hashable, **places: Any) -> Any:
        """The text for one shape."""
        return Statement(self.build(*fixed, **places), connection)

    def nothing(self, *_fixed: Hashable, **_places: Any) -> Any:
        """The answer where the conditions can never hold."""
        return []


class planned(prepared):
    """As `prepared`, for rows that are found by a key: PostgreSQL keeps the plan, too.

    To plan a case with its neighbours takes ten times as long as to read it. The plan is made for
    any value, so a path or a range, of which one is all and another nearly nothing, is no key.
    Where a pool hands each transaction another connection (`DISABLE_SERVER_SIDE_CURSORS`, as Django
    asks of such a house) nothing is kept.
    """

    def written(self, connection: Any, *fixed: Hashable, **places: Any) -> Any:
        """The text for one shape."""
        keeps = not connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS")
        kind = Planned if keeps and connection.vendor == "postgresql" else Statement
        return kind(self.build(*fixed, **places), connection)


class prepared_counts(prepared):
    """`@prepared_counts def many(*, paths): return Model.objects.filter(…), {"late": Q(…), "all": None}`.

    `many(paths=[…])` says by name how many rows keep each condition; None stands for no condition.
    The rows may be the first so many (a slice), and the same rules hold as for `prepared`.
    """

    def written(self, connection: Any, *fixed: Hashable, **places: Any) -> Any:
        """The text for one shape."""
        queryset, wanted = self.build(*fixed, **places)
        return Counting(queryset, wanted, connection)

    def nothing(self, *fixed: Hashable, **places: Any) -> Any:
        """No row keeps any condition."""
        return dict.fromkeys(self.build(*fixed, **places)[1], 0)


class prepared_margins(prepared):
    """`@prepared_margins def many(*, paths): return rows, keys, conditions, counts`.

    `keys` and `conditions` have names; a count is a list of conditions that must hold together.
    `many(paths=[…])` gives for each key a list of (its value, the counts in their order), all from
    one pass over the rows. A fifth part names, for a key, querysets of what is counted already.
    """

    def written(self, connection: Any, *fixed: Hashable, **places: Any) -> Any:
        """The text for one shape."""
        rows, keys, conditions, counts, *more = self.build(*fixed, **places)
        return Margins(rows, keys, conditions, counts, more[0] if more else {}, connection)

    def nothing(self, *fixed: Hashable, **places: Any) -> Any:
        """No row, so no line along any key."""
        return {key: [] for key in self.build(*fixed, **places)[1]}


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
