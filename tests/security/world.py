"""The street of the security tests: cases on both sides, and one actor for every kind of right."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from complaints.models import Complaint, DailyDigest, Photo
from complaints.services import (
    assisting,
    cards,
    closing,
    intake,
    merging,
    outside,
    photos,
    place_codes,
    resident_deeds,
    resident_links,
    reviewing,
    slips,
    supervising,
    whistling,
)
from complaints.services.defaults import load_defaults
from governance.choices import DeliveryState
from governance.models import Delivery, Job, Notice, Organisation, Role, User
from governance.services import calendar, channels, deliveries, jobs, notices, people
from governance.services.appointments import appoint, end
from governance.services.defaults import load_office_hours
from residents.choices import GroupKind
from residents.services import groups
from tests.api.programs import granted
from tests.cast import PASSWORD, Cast, account, build_cast
from tests.complaints import stages

EAST, WEST = "east", "west"
BACKEND = "portal.signed_in.Accounts"
# Actors whose rights cover the whole street: both sides are their own.
STREET = frozenset(
    {
        "system_admin", "security_admin", "audit_admin", "subdistrict_leader", "hotline_clerk",
        "community_affairs_office", "civil_affairs", "discipline_reader", "auditor_readonly",
    }
)  # fmt: skip
# Signed in, and without any right that counts today.
POWERLESS = ("inactive", "ended", "future")
ACTORS = [
    "anonymous", "system_admin", "security_admin", "audit_admin", "subdistrict_leader",
    "hotline_clerk", "community_affairs_office", "civil_affairs", "department_user",
    "discipline_reader", "auditor_readonly", "community_secretary", "assistant_grid_leader",
    "grid_worker", "group_leader", "party_member", "stranger", *POWERLESS,
]  # fmt: skip
SIGNED_IN = [actor for actor in ACTORS if actor not in ("anonymous", "inactive")]
STAGES = {
    "filed": stages.filed,
    "accepted": stages.accepted,
    "dispatched": stages.dispatched,
    "signed": stages.signed,
    "contacted": stages.contacted,
    "replied": stages.replied,
    "approved": stages.approved,
}


def side_of(actor: str) -> str:
    """On which side an actor serves; those of the whole street are looked at from the east."""
    return WEST if actor == "stranger" else EAST


@dataclass
class Side:
    """One side of the street with its story: people, cases in every stage, a photo, a job."""

    name: str
    cast: Cast
    phone: str
    """The number that callers of this side leave."""
    cases: dict[str, Complaint] = field(default_factory=dict)
    photo: Photo | None = None
    job: Job | None = None
    undelivered: Delivery | None = None
    test_message: Delivery | None = None


@dataclass
class World:
    """Everything the tests of access look at."""

    cast: Cast
    east: Side
    west: Side
    users: dict[str, User | None]
    confidential: Complaint
    """A case of the eastern side about Wang, the worker, and Su, the secretary."""
    secret: Complaint
    """A case of the eastern side, in Wang's hands, whose caller asked for secrecy."""
    clients: dict[str, Client] = field(default_factory=dict)
    wall: str = ""
    """The code on the wall of the eastern building."""
    links: dict[str, str] = field(default_factory=dict)
    """Secret links to eastern cases: of residents by the stage of the case, and of an outsider."""
    aviary: Any = None
    """The canaries that sit in every word of both sides (tests/security/canaries.py)."""

    def side(self, name: str) -> Side:
        """The side by its name."""
        return self.east if name == EAST else self.west


def browser(user: User | None, **options: Any) -> Client:
    """A browser that is signed in as `user`."""
    client = Client(raise_request_exception=False, **options)
    if user is not None:
        client.force_login(user, backend=BACKEND)
    return client


@contextmanager
def same_cookies(client: Client) -> Iterator[None]:
    """Give the browser its cookies back: what signed it out is undone in the database, too."""
    jar = deepcopy(client.cookies)
    try:
        yield
    finally:
        client.cookies = jar


def build_world() -> World:
    """Build the street; the clock stands at Monday morning, as in every test of complaints."""
    cast = build_cast()
    load_office_hours()
    calendar.load_defaults()
    load_defaults()
    east = Side(EAST, cast, "13900001111")
    west = Side(WEST, mirrored(cast), "13900002222")
    for side in (east, west):
        tell_story(side)
    world = World(
        cast=cast,
        east=east,
        west=west,
        users=everybody(cast),
        confidential=about_staff(cast),
        secret=stages.signed(
            cast,
            is_secret_caller=True,
            caller_phone="13900003333",
            text="楼上装修破坏承重墙，请查处，请保密。",
        ),
    )
    world.wall = place_codes.new_code(cast.east_building, by=cast.su).code
    for grid in (cast.east_grid, cast.west_grid):
        place_codes.new_code(grid, by=cast.chen)
    for stage in ("approved", "supplement", "signed"):
        world.links[stage] = resident_links.renew(east.cases[stage].pk, by=cast.chen)
    world.links["rated"] = rated_by_mistake(cast)
    world.links["outside"] = outside.ask(
        east.cases["contacted"].pk,
        outside.Asked("property", "东园物业公司", "请核实楼道杂物何时清走。", 2, "楼道有杂物。"),
        by=cast.chen,
        key=uuid4(),
    )
    DailyDigest.objects.bulk_create(
        DailyDigest(person_id=user.person_id, on=date(2026, 3, 2), waiting_count=1)
        for actor, user in world.users.items()
        if user is not None and actor not in ("ended", "future")
    )
    world.clients = {actor: browser(user) for actor, user in world.users.items()}
    return world


def rated_by_mistake(cast: Cast) -> str:
    """The link of a case that its resident has rated a moment ago."""
    secret = resident_links.renew(stages.approved(cast).pk, by=cast.chen)
    link = resident_links.link_behind(secret)
    assert link is not None
    resident_deeds.rate(link, key=uuid4(), satisfaction="satisfied")
    return secret


def mirrored(cast: Cast) -> Cast:
    """The same street seen from the west, so that the same services build the same story there."""
    west_secretary = account("韩雪", "han", "community_secretary", cast.west, phone="13900001020")
    return replace(
        cast,
        east=cast.west,
        east_branch=cast.west_branch,
        east_group=cast.west_group,
        east_compound=cast.west_compound,
        east_building=cast.west_building,
        li_dwelling=cast.west_dwelling,
        east_grid=cast.west_grid,
        li=cast.xu,
        wang=cast.zhao,
        su=west_secretary,
    )


def tell_story(side: Side) -> None:
    """Cases in every stage by the services of the house, a photo and an import job."""
    cast = side.cast
    for stage, build in STAGES.items():
        side.cases[stage] = build(
            cast,
            text=f"{side.cast.east.name}：楼道堆放杂物，消防通道被占，请尽快清理。（{stage}）",
            address=cast.east_compound.name,
            caller_name=cast.li.name,
            caller_phone=side.phone,
        )
    side.cases["closed"] = closed(stages.approved(cast, caller_phone=side.phone), cast)
    side.cases["supplement"] = intake.ask_supplement(
        stages.filed(cast, caller_phone=side.phone).pk, by=cast.chen, note="请补充楼号。"
    )
    side.cases["withdrawn"] = closing.withdraw(
        stages.filed(cast, caller_phone=side.phone).pk, by=cast.chen, note="诉求人撤回。"
    )
    city = {"source": "hotline", "caller_phone": side.phone}
    side.cases["city"] = stages.filed(cast, source_number=f"CITY-{side.name}-1", **city)
    side.cases["city_closed"] = closed(
        reviewing.approve(
            stages.replied(cast, source_number=f"CITY-{side.name}-2", **city).pk, by=cast.chen
        ),
        cast,
    )
    side.cases["asked"] = stages.asked(cast, caller_phone=side.phone)
    side.cases["suspended"] = stages.suspended(cast, caller_phone=side.phone)
    side.cases["city_asked"] = stages.city_asked(
        cast, caller_phone=side.phone, source_number=f"CITY-{side.name}-3"
    )
    side.cases["helped"] = helped(side, cast)
    side.cases["merged"] = merging.merge_into(
        stages.accepted(cast, caller_phone=side.phone).pk,
        stages.signed(cast, caller_phone=side.phone),
        by=cast.chen,
    )
    supervising.instruct(side.cases["signed"].pk, by=cast.lin, text="请本周内办结并报告。")
    supervising.urge(side.cases["signed"].pk, by=cast.chen)
    due_at = timezone.now() + timedelta(days=1)
    slips.supervise(side.cases["signed"].pk, by=cast.chen, demand="请今日核实。", due_at=due_at)
    cards.issue(side.cases["signed"].pk, by=cast.chen, card="yellow", note="临近到期未办结")
    [side.photo] = photos.add_photos(side.cases["signed"].pk, [picture()], by=cast.wang)
    side.job = jobs.start(
        "import_orders",
        title=f"{cast.east.name}工单导入",
        organisation=cast.east,
        by=cast.su,
        file=ContentFile(b"rows"),
        file_name="orders.csv",
    )
    groups.register_group(
        cast.east,
        "红马甲志愿服务队",
        by=cast.su,
        kind=GroupKind.VOLUNTEER_TEAM,
        founded_on=date(2025, 3, 5),
    )
    granted(cast.wang)
    everyone = [cast.wang.person_id, cast.su.person_id]
    notices.notify(everyone, title=f"{cast.east.name}今日提醒", key=f"story:{side.name}")
    tell_of_channel(side)


def tell_of_channel(side: Side) -> None:
    """A way out of the side, a message that could not be delivered, and a test of it."""
    address = {"address": "https://sms.example.cn/send", "secret": "token-of-the-gateway"}
    channel = channels.set_up(side.cast.east, "sms", "短信", by=side.cast.chen, **address)
    told = Notice.objects.filter(key=f"story:{side.name}")
    deliveries.put_in_outbox(told, kinds=["sms"], path=side.cast.east.path)
    rows = Delivery.objects.filter(channel=channel)
    rows.update(state=DeliveryState.GAVE_UP, last_error="对方拒绝连接，服务可能没有开启。")
    side.undelivered = rows.first()
    side.test_message = channels.send_test(channel, by=side.cast.chen)


def helped(side: Side, cast: Cast) -> Complaint:
    """The squad is called to an eastern case; in the west the community helps the grid."""
    case = stages.signed(cast, caller_phone=side.phone)
    if side.name == EAST:
        whistling.whistle(case.pk, [cast.squad], by=cast.chen, kind="priority", note="请到场。")
    else:
        assisting.add_units(case.pk, [cast.east], by=cast.chen, note="请协助调解。")
    return case


def closed(case: Complaint, cast: Cast) -> Complaint:
    """The citizen was asked and is content."""
    return closing.record_callback(
        case.pk, by=cast.qian, outcome="reached", solved="yes", satisfaction="satisfied"
    )


def picture() -> SimpleUploadedFile:
    """A small photo as a phone sends it."""
    content = BytesIO()
    Image.new("RGB", (64, 48), "steelblue").save(content, "JPEG")
    return SimpleUploadedFile("IMG_0001.jpg", content.getvalue(), "image/jpeg")


def about_staff(cast: Cast) -> Complaint:
    """A case in which Wang and Su are complained about; only the street may know of it."""
    case = stages.accepted(
        cast,
        caller_phone="13900004444",
        text="网格员王强上门时态度恶劣，社区书记袒护，请街道处理。",
    )
    supervising.restrict(case.pk, by=cast.chen, people=[cast.wang.person, cast.su.person])
    case.refresh_from_db()
    return case


def everybody(cast: Cast) -> dict[str, User | None]:
    """One account for each actor of the table."""
    street = cast.street
    known: dict[str, User | None] = {
        "anonymous": None,
        "subdistrict_leader": cast.lin,
        "hotline_clerk": cast.chen,
        "department_user": cast.sun,
        "community_secretary": cast.su,
        "assistant_grid_leader": cast.ma,
        "grid_worker": cast.wang,
        "group_leader": cast.he,
        "party_member": cast.gu,
        "stranger": cast.zhao,
    }
    for code in sorted(STREET - set(known)):
        known[code] = account(f"角色{code}", code, code, street)
    return known | powerless(street)


def powerless(street: Organisation) -> dict[str, User]:
    """Three former or coming clerks: deactivated, ended today, beginning tomorrow."""
    today = timezone.localdate()
    inactive = account("离岗甲", "inactive", "hotline_clerk", street)
    User.objects.filter(pk=inactive.pk).update(is_active=False)
    ended = account("离岗乙", "ended", "hotline_clerk", street)
    end(ended.person.appointments.get(), by=None, ended_on=today)
    future = people.open_account(
        people.register("待岗丙", by=None), "future", by=None, password=PASSWORD
    )
    clerk = Role.objects.get(code="hotline_clerk", subdistrict=None)
    appoint(future.person, clerk, street, by=None, started_on=today + timedelta(days=1))
    return {"inactive": inactive, "ended": ended, "future": future}


def own_notice(user: User) -> Notice | None:
    """A notice in the inbox of a person."""
    return Notice.objects.filter(person=user.person).first()
