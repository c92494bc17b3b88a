"""Walking through the house as one actor: every route, every link, every search."""

import io
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.contrib import admin
from django.http import HttpResponse

from tests.security.answers import body_of
from tests.security.objects import BESIDE, OWN, parts_of
from tests.security.reading import Page
from tests.security.routes import table
from tests.security.unchanged import undone, watched
from tests.security.world import World, same_cookies

MOST_PAGES = 400
# One list in all its orders and filters is one list; so many faces of it are enough.
MOST_FACES = 3
# What ends the walk or leaves the house is not followed.
NOT_WALKED = ("/accounts/logout", "/admin/logout", "/static/", "/accounts/2fa/recovery-codes/gen")
WORDS = "cq"
PICKERS = "/admin/autocomplete/"


@dataclass
class Visit:
    """One page that was asked for: the answer, its whole text, what it leads to, what it wrote."""

    address: str
    answer: HttpResponse
    text: str
    page: Page | None
    wrote: list[str]


def crawl(world: World, actor: str) -> Iterator[Visit]:
    """All pages the actor gets to see, starting from every route with own and foreign objects."""
    client = world.clients[actor]
    waiting = dict.fromkeys([*starts(world, actor), *pickers()])
    seen: set[str] = set()
    faces: Counter[str] = Counter()
    while waiting and len(seen) < MOST_PAGES:
        address = next(iter(waiting))
        del waiting[address]
        if shape(address) in seen or address.startswith(NOT_WALKED):
            continue
        seen.add(shape(address))
        path = urlsplit(address).path
        faces[path] += 1
        if faces[path] > MOST_FACES and path != PICKERS:
            continue
        with undone(), same_cookies(client), watched() as written:
            answer = client.get(address)
            visit = Visit(address, answer, whole_text(answer), None, written.tables)
        if "html" in answer.get("Content-Type", ""):
            visit.page = Page(urlsplit(address).path, visit.text)
            further = [*visit.page.links, *visit.page.searches(WORDS)]
            waiting |= dict.fromkeys(link for link in further if shape(link) not in seen)
        if answer.status_code in (301, 302):
            waiting[answer["Location"]] = None
        yield visit


def shape(address: str) -> str:
    """An address as far as it shows something else: sorted parameters, no way back."""
    split = urlsplit(address)
    kept = sorted(part for part in split.query.split("&") if part and not part.startswith("next="))
    return split.path + ("?" + "&".join(kept) if kept else "")


def starts(world: World, actor: str) -> list[str]:
    """Every route that can be looked at, with objects of one's own and of others."""
    found = []
    for line in table():
        if "GET" in line.methods:
            for scope in (OWN, BESIDE):
                parts = parts_of(world, line.object, actor, scope)
                if parts is not None:
                    found.append(line.address(*parts))
            if not line.object:
                found.append(f"{line.address()}?{urlencode({'q': WORDS})}")
    return found


def pickers() -> list[str]:
    """The pickers of the desk, asked for the beginning of every canary."""
    return [
        f"{PICKERS}?"
        + urlencode(
            {
                "app_label": one.opts.app_label,
                "model_name": one.opts.model_name,
                "field_name": name,
                "term": WORDS,
            }
        )
        for one in admin.site._registry.values()
        for name in one.autocomplete_fields
    ]


def whole_text(answer: HttpResponse) -> str:
    """Body and headers as one text; workbooks unpacked."""
    content: Any = b"".join(answer) if answer.streaming else answer.content
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            inside = b"\n".join(archive.read(name) for name in archive.namelist())
        return f"{headers}\n{inside.decode('utf-8', errors='replace')}"
    return f"{headers}\n{body_of(answer) if not answer.streaming else content.decode('utf-8', 'replace')}"
