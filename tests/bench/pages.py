"""The pages that are measured, and who opens them; imported once the database is known."""

import html
import http.client
import re
from datetime import date, timedelta
from functools import cache
from itertools import count
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.db import connection
from django.db.models import Count
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from complaints.models import Complaint
from complaints.services import keeping
from complaints.services.counts import store_day
from governance.models import Organisation, User
from grids.models import Coverage
from tests.bench import big_street
from tests.bench.bench_pages import House, Times, measured
from tests.bench.many_cases import lay_cases

SINCE = date(2024, 1, 1)
PEOPLE = 2000
SIGNED_IN_BY = "portal.signed_in.Accounts"
TREND_DAYS = 30
Row = tuple[str, int | None, Times]


def build() -> None:
    """The street of the article's size, its rules, a clerk and a department."""
    call_command("migrate", verbosity=0)
    call_command("load_defaults", verbosity=0)
    built = big_street.build(PEOPLE, lambda chance: f"居民{chance.randrange(999)}", SINCE)
    Organisation.objects.filter(pk=built.street.pk).update(short_code="DJ")
    big_street.serving("clerk", "hotline_clerk", built.street, SINCE)


def fill_up_to(size: int) -> None:
    """Lay cases until there are `size`, and store the last days' figures."""
    street = Organisation.objects.get(level=1)
    now = timezone.now()
    missing = size - Complaint.objects.count()
    lay_cases(street, missing, now=now, actor=User.objects.get(username="clerk").pk)
    if not User.objects.filter(username="walker").exists():
        big_street.serving("walker", "grid_worker", busiest_branch(), SINCE)
    today = timezone.localdate()
    for back in range(1, TREND_DAYS):
        store_day(today - timedelta(days=back))
    keeping.fold()  # as a house does every five minutes
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def busiest_branch() -> Organisation:
    """Where most is being handled just now."""
    at_work = Complaint.objects.filter(stage="handling", holder__level=3)
    busiest = at_work.values("holder").annotate(cases=Count("pk")).order_by("-cases", "holder")
    return Organisation.objects.get(pk=busiest[0]["holder"])


def an_address_of(username: str) -> str:
    """A staircase that the branch of somebody covers."""
    post = User.objects.get(username=username).person.appointments.get()
    covered = Coverage.objects.filter(organisation=post.organisation, ended_on=None)
    building = covered.select_related("building__compound")[0].building
    return f"{building.compound.name}{building.number}号楼1单元"


@cache
def session(username: str) -> str:
    """The key of a session in which somebody is signed in."""
    user = User.objects.get(username=username)
    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = SIGNED_IN_BY
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.save()
    return str(store.session_key)


class Visitor:
    """One browser: a kept connection, a session, and the forms it fills in."""

    def __init__(self, port: int, username: str) -> None:
        self.port, self.username = port, username
        self.cookies = {settings.SESSION_COOKIE_NAME: session(username)} if username else {}
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(self, method: str, path: str, body: str = "") -> tuple[int, str]:
        """One request; sync workers close the connection after each."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.line.request(method, path, body or None, headers)
        answer = self.line.getresponse()
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, value = line.split(";", 1)[0].split("=", 1)
            self.cookies[name] = value
        return answer.status, answer.read().decode()

    def get(self, path: str) -> str:
        """A page that must open."""
        status, text = self.ask("GET", path)
        if status != 200:
            raise RuntimeError(f"{path} answered {status} to {self.username}")
        return text

    def post(self, path: str, fields: dict[str, str]) -> None:
        """A deed that must be carried out: the answer leads on."""
        status, text = self.ask("POST", path, urlencode(fields))
        if status != 302:
            raise RuntimeError(f"{path} answered {status}: {text[:3000]}")


def hidden(text: str) -> dict[str, str]:
    """The hidden fields of a page's forms."""
    found = {}
    for tag in re.findall(r'<input[^>]*type="hidden"[^>]*>', text):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name:
            found[name[1]] = html.unescape(value[1]) if value else ""
    return found


def pages() -> list[tuple[str, str, str]]:
    """(name, reader, address) of what is only read."""
    branch = User.objects.get(username="walker").person.appointments.get().organisation
    mine = Complaint.objects.filter(holder=branch, stage="handling").order_by("-pk").first()
    assert mine is not None
    last = Complaint.objects.latest("pk").pk
    deep = last - last // 50
    # "This month" is a few hours on the first of one: thirty days are the same on every day.
    today = timezone.localdate()
    days = f"period=custom&from={today - timedelta(days=29)}&to={today}"
    return [
        ("/healthz", "", "/healthz"),
        ("phone: 今日", "walker", "/m/"),
        ("phone: list", "walker", "/m/complaints/"),
        ("phone: case", "walker", f"/m/complaints/{mine.pk}/"),
        ("desk: workbench", "clerk", "/admin/"),
        ("desk: list", "clerk", "/admin/complaints/complaint/"),
        ("leader: this month", "leader", "/board/"),
        ("leader: thirty days", "leader", f"/board/?{days}"),
        ("leader: this quarter", "leader", "/board/?period=quarter"),
        ("leader: today", "leader", "/board/?period=today"),
        ("leader: list of open", "leader", "/board/cases/?figure=open"),
        ("leader: accepted, deep", "leader", f"/board/cases/?period=quarter&figure=accepted&key=o:{deep}"),
        ("leader: case", "leader", f"/board/cases/{mine.pk}/"),
        ("secretary: this month", "secretary", "/board/"),
        ("secretary: thirty days", "secretary", f"/board/?{days}"),
    ]  # fmt: skip


def measure(house: House, rounds: int) -> list[Row]:
    """Every page and deed: name, statements, times."""
    found: list[Row] = []
    for name, reader, address in pages():
        visitor = Visitor(house.port, reader)
        try:
            visitor.get(address)
        except RuntimeError as problem:
            print(f"left out: {problem}")
            continue

        def read(visitor: Visitor = visitor, address: str = address) -> None:
            visitor.get(address)

        times = measured(read, rounds, house.cpu_milliseconds)
        found.append((name, statements(reader, "get", address), times))
    return [*found, *deeds(house, rounds)]


def statements(reader: str, method: str, address: str, fields: Any = None) -> int:
    """SQL statements of one warm request, savepoints aside."""
    client = Client()
    if reader:
        client.force_login(User.objects.get(username=reader), SIGNED_IN_BY)
    if method == "get":
        client.get(address, headers={"host": "localhost"})
    with CaptureQueriesContext(connection) as seen:
        getattr(client, method)(address, fields, headers={"host": "localhost"})
    asides = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
    return len([q for q in seen.captured_queries if not q["sql"].startswith(asides)])


def deeds(house: House, rounds: int) -> list[Row]:
    """Filing and one step, as a worker's phone sends them; their statements the tests pin."""
    worker = Visitor(house.port, "walker")
    first = hidden(worker.get("/m/report/"))
    case = pages()[3][2]
    text, address = "南门消防通道停了三辆车，请尽快处理。", an_address_of("walker")
    note = hidden(worker.get(f"{case}log/")) | {"note": "已到现场查看，联系车主挪车。"}
    seen = count(int(note["seen"]))

    def file() -> None:
        again = first | {"key": str(uuid4()), "tray": str(uuid4())}
        fields = again | {"text": f"{text}{uuid4()}", "address": address, "decision": "anyway"}
        worker.post("/m/report/", fields)

    def step() -> None:
        worker.post(f"{case}log/", note | {"key": str(uuid4()), "seen": str(next(seen))})

    return [
        (name, None, measured(act, rounds, house.cpu_milliseconds))
        for name, act in (("phone: filing", file), ("phone: a step", step))
    ]


def table(found: list[tuple[int, list[Row]]]) -> str:
    """Markdown, three columns for each size."""
    head = " | ".join(f"{size:,}: CPU ms | p50 | p95" for size, _rows in found)
    lines = [f"| page | statements | {head} |", "| --- | ---: |" + " ---: |" * (3 * len(found))]
    by_size = [{name: (asked, times) for name, asked, times in rows} for _size, rows in found]
    for name in by_size[-1]:
        asked = by_size[-1][name][0]
        cells = [shown(rows[name][1]) if name in rows else "– | – | –" for rows in by_size]
        lines.append(f"| {name} | {'–' if asked is None else asked} | {' | '.join(cells)} |")
    return "\n".join(lines)


def shown(times: Times) -> str:
    """Three cells."""
    return f"{times.cpu:.1f} | {times.middle:.1f} | {times.high:.1f}"
