"""Hostile text in every field and every parameter: a refusal in words, never a broken house."""

import re
from random import Random
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from tests.security.answers import body_of
from tests.security.bodies import BODIES, REVEALS, body_for
from tests.security.objects import OWN, parts_of
from tests.security.reading import Page
from tests.security.routes import Line, table
from tests.security.test_headers import actor_for
from tests.security.test_matrix import expected
from tests.security.unchanged import undone
from tests.security.world import ACTORS, World, same_cookies, side_of

pytestmark = pytest.mark.django_db

MEGABYTE = "长" * 350_000
HOSTILE = {
    "nul": "a\x00b",
    "lone surrogate": "a\udc80b",
    "four bytes": "𠮷野家😀🏽‍🚒",
    "line break": "a\r\nSet-Cookie: x=1",
    "template": "{{7*7}}{% now 'Y' %}${7*7}",
    "quotes": "' OR '1'='1'; DROP TABLE x; -- \"",
    "script": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "pattern": "%_\\%(((((a+)+)+)+)+$",
    "direction": "\u202egpj.exe\u0000\ufeff",
    "number": "9" * 400,
    "negative": "-1",
    "nothing": "   ",
}
MEANT = re.compile(r"<script>alert\(1\)|onerror=alert\(1\)>|Set-Cookie: x=1\n(?=[A-Z])")
EVERY_DAY = 4
LISTS = [line for line in table() if "GET" in line.methods and not line.object]
PARAMETERS = ("q", "show", "page", "key", "unit", "period", "figure", "category", "order", "stage",
              "case", "before", "small", "o", "p", "e", "term", "next", "note", "source", "holder",
              "place", "due", "app_label", "model_name", "field_name", "_to_field", "language")  # fmt: skip


def some_kinds(line: Line) -> list[tuple[str, str]]:
    """The worst one, and some that the address chooses; `--full` sends every kind, one by one."""
    further = Random(line.route).sample(sorted(set(HOSTILE) - {"nul"}), EVERY_DAY - 1)
    return [(kind, HOSTILE[kind]) for kind in ("nul", *further)]


def as_address(text: str) -> str:
    """Percent-encoded; a lone surrogate becomes the broken bytes it stands for."""
    return quote(text.encode("utf-8", "surrogateescape"))


def searched(client: Client, address: str) -> list[str]:
    """The parameters that the page itself offers, beside those we know."""
    answer = client.get(address)
    if "html" not in answer.get("Content-Type", ""):
        return []
    forms = Page(address, body_of(answer)).forms
    return [name for form in forms if form.method == "get" for name in form.values]


@pytest.mark.parametrize("line", LISTS, ids=lambda line: line.name or line.route)
def test_no_parameter_of_a_list_breaks_it(line: Line, world: World) -> None:
    client = world.clients[actor_for(line)]
    address = line.address()
    with same_cookies(client), undone():
        names = dict.fromkeys([*PARAMETERS, *searched(client, address)])
        for kind, text in some_kinds(line):
            query = "&".join(f"{name}={as_address(text)}" for name in names)
            check(client.get(f"{address}?{query}"), f"{address} {kind}")
            check(client.get(f"{address}?q={as_address(text)}"), f"{address} q {kind}")
        check(client.get(f"{address}?q={quote(MEGABYTE[:20_000])}"), f"{address} long")


@pytest.mark.full
@pytest.mark.parametrize("line", LISTS, ids=lambda line: line.name or line.route)
def test_no_single_parameter_of_a_list_breaks_it(line: Line, world: World) -> None:
    """One at a time: the first that is refused must not hide the next."""
    client = world.clients[actor_for(line)]
    address = line.address()
    with same_cookies(client), undone():
        for name in dict.fromkeys([*PARAMETERS, *searched(client, address)]):
            for kind, text in HOSTILE.items():
                one = f"{address}?{name}={as_address(text)}"
                check(client.get(one), f"{address} {name} {kind}")


TYPED = {"text", "note", "public_text", "address", "caller_name", "names", "number"}
FORMS = [line for line in table() if line.name in BODIES | REVEALS]


@pytest.mark.parametrize("line", FORMS, ids=lambda line: line.name or line.route)
def test_no_hostile_form_breaks_the_house(line: Line, world: World) -> None:
    actor, parts = who_may(line, world)
    client = world.clients[actor]
    good = body_for(line.name, world, world.side(side_of(actor)))
    typed = [name for name in good if name in TYPED]
    for kind, text in some_kinds(line):
        hostile = text.encode("utf-8", "surrogateescape")
        for fields in (typed, list(good)):
            with undone(), same_cookies(client):
                body = good | dict.fromkeys(fields, hostile)
                check(client.post(line.address(*parts), body), f"{line.name} {fields} {kind}")


@pytest.mark.full
@pytest.mark.parametrize("line", FORMS, ids=lambda line: line.name or line.route)
def test_no_single_hostile_field_breaks_a_form(line: Line, world: World) -> None:
    """One at a time: the first that is refused must not hide the next."""
    actor, parts = who_may(line, world)
    client = world.clients[actor]
    good = body_for(line.name, world, world.side(side_of(actor)))
    for field in good:
        for kind, text in HOSTILE.items():
            with undone(), same_cookies(client):
                body = good | {field: text.encode("utf-8", "surrogateescape")}
                check(client.post(line.address(*parts), body), f"{line.name} {field} {kind}")


@pytest.mark.parametrize("line", FORMS, ids=lambda line: line.name or line.route)
def test_a_megabyte_of_text_is_refused_or_cut_but_never_breaks_a_form(
    line: Line, world: World
) -> None:
    actor, parts = who_may(line, world)
    client = world.clients[actor]
    good = body_for(line.name, world, world.side(side_of(actor)))
    with undone(), same_cookies(client):
        body = {
            name: value if name in ("seen", "key") else MEGABYTE for name, value in good.items()
        }
        check(client.post(line.address(*parts), body), f"{line.name} megabyte", echoes=False)


@pytest.mark.parametrize("kind", sorted(HOSTILE))
def test_the_door_itself_stands(kind: str, world: World) -> None:
    text = HOSTILE[kind].encode("utf-8", "surrogateescape")
    client = Client(raise_request_exception=False)
    with undone():
        for form in ({"login": text, "password": "x"}, {"login": "chen", "password": text}):
            check(client.post("/accounts/login/", form), kind)
        check(client.post("/language/", {"language": text, "next": text}), kind)
        check(client.get(f"/{as_address(HOSTILE[kind])}/"), kind)


def who_may(line: Line, world: World) -> tuple[str, tuple[Any, ...]]:
    """Somebody for whom the form is open, and the object."""
    for actor in ACTORS:
        parts = parts_of(world, line.object, actor, OWN)
        if parts is not None and expected(line, actor, "POST") == "ok":
            return actor, parts
    raise AssertionError(line.route)


def check(answer: Any, where: str, *, echoes: bool = True) -> None:
    """No 5xx; nothing that was typed is executed or becomes a header."""
    assert answer.status_code < 500, where
    assert "x" not in answer.cookies, where
    if echoes and "html" in answer.get("Content-Type", ""):
        text = body_of(answer)
        assert not MEANT.search(text), where
        assert "49{" not in text and "$49" not in text, where
        assert Page("/", text).executable == [], where
