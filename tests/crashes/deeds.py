"""The deeds that die: every form of the complaints, sent by somebody who may send it."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.utils import timezone

from complaints.services import outside, place_codes, resident_links
from complaints.services.defaults import load_defaults
from complaints.tasks import run_jobs
from governance.choices import JobState
from governance.models import Job, User
from governance.services import calendar
from governance.services.defaults import load_office_hours
from governance.services.jobs import LEASE
from tests.cast import build_cast
from tests.complaints import stages
from tests.security.bodies import BODIES, KEY, body_for
from tests.security.objects import OWN, parts_of
from tests.security.routes import table
from tests.security.unchanged import undone, watched
from tests.security.world import EAST, Side, World, browser, rated_by_mistake, tell_story

FLOORS = ("admin:complaints_", "mobile:", "resident:", "board:")
DEEDS = sorted(name for name in BODIES if name.startswith(FLOORS))
# Asked for twice, a wall code or link is drawn twice; only the last one is in force.
DRAWN_ANEW = (
    "admin:complaints_placecode_building", "admin:complaints_placecode_grid",
    "admin:complaints_residentlink_case",
)  # fmt: skip
# Deeds that go on in a long work, which a worker takes up when the process that began it has died.
LONG_WORK = ("admin:complaints_bulk",)
LINES = {line.name: line for line in table()}


@dataclass(frozen=True)
class Request:
    """One request as a browser sends it, and sends it again."""

    name: str
    actor: str
    address: str
    body: dict[str, Any]

    def under_key(self, key: str) -> "Request":
        """The same words under another key: what a door without keys would see."""
        keys = {name: key for name in ("deed_key", "key") if name in self.body}
        return replace(self, body={**self.body, **keys})


def build_street() -> World:
    """The eastern side of the street of the security tests, with those who work there."""
    cast = build_cast()
    load_office_hours()
    calendar.load_defaults()
    load_defaults()
    east = Side(EAST, cast, "13900001111")
    tell_story(east)
    users: dict[str, User | None] = {
        "hotline_clerk": cast.chen, "grid_worker": cast.wang, "community_secretary": cast.su,
        "subdistrict_leader": cast.lin, "department_user": cast.sun, "anonymous": None,
        "second_clerk": cast.qian,
    }  # fmt: skip
    world = World(cast, east, east, users, stages.filed(cast), stages.filed(cast))
    world.wall = place_codes.new_code(cast.east_building, by=cast.su).code
    for stage in ("approved", "supplement", "signed"):
        world.links[stage] = resident_links.renew(east.cases[stage].pk, by=cast.chen)
    world.links["rated"] = rated_by_mistake(cast)
    asked = outside.Asked("property", "东园物业公司", "请核实楼道杂物何时清走。", 2, "楼道有杂物。")
    world.links["outside"] = outside.ask(
        east.cases["contacted"].pk, asked, by=cast.chen, key=UUID(KEY[::-1])
    )
    world.clients = {actor: browser(user) for actor, user in users.items()}
    return world


def send(world: World, request: Request) -> tuple[int, str]:
    """The answer's status and where it leads."""
    answer = world.clients[request.actor].post(request.address, request.body)
    if request.name in LONG_WORK:
        Job.objects.filter(state=JobState.RUNNING).update(leased_until=timezone.now() - LEASE)
        run_jobs()
    return answer.status_code, answer.headers.get("Location", "")


def first_who_may(world: World, name: str) -> Request:
    """The request of the first actor for whom it changes something; nothing is left of the search."""
    line = LINES[name]
    for actor in actors_for(name):
        may = line.expected.get(actor, "ok").rpartition("/")[2] == "ok"
        parts = parts_of(world, line.object, actor, OWN) if may else None
        if parts is None:
            continue
        body = body_for(name, world, world.east)
        request = Request(name, actor, line.address(*parts), body)
        with undone(), watched() as written:
            status, _where = send(world, request)
        if status < 400 and written.tables:
            return request
    raise AssertionError(f"{name}: nobody changes anything with this body")


def actors_for(name: str) -> tuple[str, ...]:
    """Whoever does it most, first."""
    if name.startswith("resident:"):
        return ("anonymous",)
    desk = ("hotline_clerk", "subdistrict_leader", "community_secretary", "grid_worker",
            "department_user", "second_clerk")  # fmt: skip
    return ("grid_worker", *desk) if name.startswith("mobile:") else desk
