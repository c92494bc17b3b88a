"""Every route of the house, walked in the resolver, and the table that says who may use it."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

TABLE = Path(__file__).with_name("access.csv")
FIXED_COLUMNS = ["route", "name", "methods", "object"]
PLACEHOLDER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)")
# The last route of the desk takes every address that nobody else takes.
ANY_ADDRESS = "nowhere/at/all"


@dataclass(frozen=True)
class Route:
    """One pattern of the resolver, as a person would write it."""

    pattern: str
    name: str


@dataclass(frozen=True)
class Line:
    """One line of the table: the route, its methods, its object, and what each actor is told."""

    route: str
    name: str
    methods: tuple[str, ...]
    object: str
    answers: tuple[tuple[str, str], ...]

    @property
    def expected(self) -> dict[str, str]:
        """actor → ok, login, 403, 404 or 405."""
        return dict(self.answers)

    @property
    def holes(self) -> list[str]:
        """Names of the parts of the address that stand for an object."""
        return [one or other for one, other in PLACEHOLDER.findall(self.route)]

    def address(self, *parts: Any) -> str:
        """The address with its parts filled in, in the order of the pattern."""
        values = iter(parts)
        filled = PLACEHOLDER.sub(lambda _match: str(next(values)), self.route)
        return "/" + filled.replace("^", "").replace("$", "").replace("\\Z", "")


def walk(resolver: URLResolver, prefix: str = "", space: str = "") -> Iterator[Route]:
    """All routes below a resolver, in the order in which Django tries them."""
    for entry in resolver.url_patterns:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from walk(entry, pattern, inner)
        elif isinstance(entry, URLPattern):
            yield Route(pattern, f"{space}{entry.name}" if entry.name else "")


def routes() -> list[Route]:
    """The whole house."""
    return list(walk(get_resolver()))


@cache
def table(path: Path = TABLE) -> tuple[Line, ...]:
    """The lines of the access table."""
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(line_of(row) for row in csv.DictReader(file))


def line_of(row: dict[str, str]) -> Line:
    """One row of the file."""
    return Line(
        route=row["route"],
        name=row["name"],
        methods=tuple(row["methods"].split()),
        object=row["object"],
        answers=tuple((k, v) for k, v in row.items() if k not in FIXED_COLUMNS),
    )
