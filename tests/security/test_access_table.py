"""The table of access names every route of the house, once, and nothing else."""

from tests.security.routes import TABLE, Line, routes, table
from tests.security.world import ACTORS

ANSWERS = {"ok", "login", "401", "403", "404", "405"}
METHODS = {"GET", "POST"}
# Open to whoever stands before the wall or holds the link, with an account or without.
RESIDENTS = ("r/", "q/", "o/", "results/")


def difference(lines: tuple[Line, ...]) -> tuple[set[str], set[str]]:
    """Routes without a line, and lines without a route."""
    written = {f"{line.route} {line.name}" for line in lines}
    there = {f"{route.pattern} {route.name}" for route in routes()}
    return there - written, written - there


def test_every_route_has_a_line_and_every_line_a_route() -> None:
    without_line, without_route = difference(table())

    assert (without_line, without_route) == (set(), set())


def test_a_route_that_the_table_forgot_is_seen() -> None:
    first, *rest = table()

    seen = difference(tuple(rest))[0] - difference(table())[0]
    assert seen == {f"{first.route} {first.name}"}


def test_no_route_stands_in_the_table_twice() -> None:
    assert len({line.route for line in table()}) == len(table())


def test_every_actor_has_a_column_and_every_cell_an_answer() -> None:
    for line in table():
        assert list(line.expected) == ACTORS, line.route
        assert {part for cell in line.expected.values() for part in cell.split("/")} <= ANSWERS
        assert set(line.methods) <= METHODS and line.methods, line.route


def test_an_address_with_parts_says_of_what_kind_they_are() -> None:
    assert [line.route for line in table() if bool(line.holes) != bool(line.object)] == []


def test_who_has_no_right_today_reaches_no_object_and_no_desk() -> None:
    """Without a current appointment there remain one's own account and empty lists."""
    for line in table():
        for actor in ("ended", "future"):
            if line.route.startswith(RESIDENTS):
                continue
            if line.object or line.route.startswith(("admin/", "board/")):
                assert line.expected[actor] in ("401", "403", "404", "login") or is_sign_out(line)


def is_sign_out(line: Line) -> bool:
    """The desk's own name for the page where everybody signs out."""
    return line.name == "admin:logout"


def test_a_deactivated_account_is_treated_like_a_stranger_at_the_door() -> None:
    assert [
        line.route for line in table() if line.expected["inactive"] != line.expected["anonymous"]
    ] == []


def test_the_table_can_be_read_as_a_table() -> None:
    header = TABLE.read_text(encoding="utf-8").splitlines()[0]

    assert header.split(",")[:4] == ["route", "name", "methods", "object"]
