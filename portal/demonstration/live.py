"""Sixty cases of today, carried through the services of the house by the people of the street.

They lie with the demonstration accounts, so that every page has something to show and to do at once.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from django.utils import timezone

from complaints.choices import (
    AssistKind,
    CallbackOutcome,
    ContactChannel,
    LimitUnit,
    ResultKind,
    Satisfaction,
    Solved,
    Source,
)
from complaints.models import Category, Complaint
from complaints.services import (
    assisting,
    closing,
    dispatching,
    filing,
    handling,
    intake,
    merging,
    reviewing,
    supervising,
    whistling,
)
from complaints.services.filing import Draft
from governance.models import Organisation, User
from governance.worktime import add
from portal.demonstration import names, wording
from portal.demonstration.cases import FIRST_CALLER_PHONE, scene_at
from portal.demonstration.wording import Scene
from portal.demonstration.world import Spot, World

# Kinds of matters a grid can settle; none of them asks for a photo with the reply.
SETTLED_IN_THE_GRID = ("040102", "050302", "050401", "080203", "040102", "050302")
COMMON = ("010101", "020201", "040101", "060101", "040103", "050101", "010201", "020104")
FIRST_CALLER = 40_000


@dataclass
class Desk:
    """The accounts at hand, and a hand for filing."""

    world: World
    people: dict[str, User]
    chance: Random
    categories: dict[str, Category]
    now: datetime
    filed: int = 0

    def file(
        self,
        code: str,
        spot: Spot | None,
        source: str = Source.PHONE,
        *,
        due_in: timedelta | None = None,
        sent_before: timedelta = timedelta(hours=3),
        village: Organisation | None = None,
    ) -> Complaint:
        """File one matter; `due_in` gives a city order its own deadline, even one that has passed."""
        chance = self.chance
        self.filed += 1
        shown = spot or chance.choice(self.world.spots)
        scene = scene_at(shown, chance, chance.choice(names.ROADS), timezone.localtime(self.now))
        gender = names.gender_of(chance)
        from_city = source == Source.HOTLINE
        sent_at = self.now - sent_before if from_city else None
        number = f"{timezone.localtime(sent_at):%y%m%d%H%M%S}9{self.filed:05d}" if sent_at else ""
        draft = Draft(
            source=source,
            title=wording.title(chance, code, scene),
            text=wording.complaint_text(chance, code, source, scene),
            source_number=number,
            category=self.categories[code],
            address=scene.where if spot else scene.compound if village is None else village.name,
            place=spot.group if spot else village,
            compound=spot.building.compound if spot else None,
            building=spot.building if spot else None,
            lng=spot.building.lng if spot else None,
            lat=spot.building.lat if spot else None,
            caller_name=names.name_of(chance, gender),
            caller_phone=names.phone_of(FIRST_CALLER_PHONE + FIRST_CALLER + self.filed),
            happened_at=sent_at,
            city_due_at=self.now + due_in if due_in is not None else None,
            hint="" if spot or village else "地址不明确，请核对后派单",
            accepted=from_city,
        )
        alone = source in (Source.QR, Source.WEB)
        by = None if alone else self.people["clerk"]
        return filing.file_complaint(draft, subdistrict=self.world.street, by=by)

    def dispatched(self, case: Complaint, unit: Organisation) -> Complaint:
        """Accept where needed, and send to a unit."""
        if case.accepted_at is None:
            intake.accept(case.pk, by=self.people["clerk"])
        return dispatching.dispatch(case.pk, unit, by=self.people["clerk"])

    def signed(self, case: Complaint, unit: Organisation, by: User) -> Complaint:
        """… and signed by the one who handles it, who has called."""
        self.dispatched(case, unit)
        handling.sign(case.pk, by=by)
        note = wording.say(self.chance, "contact_phone")
        handling.contact(case.pk, by=by, channel=ContactChannel.PHONE, is_reached=True, note=note)
        return case

    def replied(self, case: Complaint, unit: Organisation, by: User) -> Complaint:
        """… and answered."""
        self.signed(case, unit, by)
        code = case.category.code if case.category else ""
        building = case.building
        compound = building.compound.name if building else case.address
        local = timezone.localtime(self.now)
        text = wording.public_reply(
            self.chance, code, ResultKind.SOLVED, unit.display_name,
            scene=Scene(case.address, compound, "", local), title=case.title, at=local,
        )  # fmt: skip
        return handling.reply(
            case.pk, by=by, result_kind=ResultKind.SOLVED, public_text=text,
            internal_text=wording.say(self.chance, "log"),
        )  # fmt: skip


def desk_of(world: World, chance: Random) -> Desk:
    """The accounts of the street, ready to work."""
    people = {user.username: user for user in users_of(world)}
    categories = {one.code: one for one in world.categories}
    return Desk(world, people, chance, categories, timezone.now())


def open_the_day(desk: Desk) -> None:
    """File and move about sixty cases."""
    for scene in (wait_for_the_clerk, wait_in_the_grids, at_work, wait_for_others, strange_ones):
        scene(desk)


def users_of(world: World) -> list[User]:
    """Every account that serves somewhere."""
    return list(User.objects.filter(pk__in=world.posts).select_related("person"))


def spots_in(world: World, branch: Organisation) -> list[Spot]:
    """The buildings of one grid."""
    return [spot for spot in world.spots if spot.branch == branch]


def grids_of(desk: Desk) -> list[tuple[Organisation, User, list[Spot]]]:
    """The three grids whose workers anybody may play."""
    found = []
    for username in ("worker-1-1", "worker-1-2", "worker-2-1"):
        user = desk.people[username]
        path = max((path for path, _ in desk.world.posts[user.pk]), key=lambda p: len(p) == 18)
        branch = desk.world.by_path[path]
        found.append((branch, user, spots_in(desk.world, branch)))
    return found


def wait_for_the_clerk(desk: Desk) -> None:
    """待受理 and 待派单: what came in by itself, and city orders, some without a known place."""
    spots = desk.world.spots
    for code in COMMON:
        source = desk.chance.choice((Source.QR, Source.WEB, Source.PHONE))
        desk.file(code, desk.chance.choice(spots), source)
    for number, code in enumerate(("020201", "040104", "060101", "010301", "040202", "070201")):
        place = desk.chance.choice(spots) if number % 3 else None
        due_in = end_of_day(desk.now, number + 1) - desk.now
        desk.file(code, place, Source.HOTLINE, due_in=due_in, sent_before=timedelta(hours=2))
    # A city order that lay too long: its deadline is today.
    desk.file(
        "040105", desk.chance.choice(spots), Source.HOTLINE,
        due_in=end_of_day(desk.now, 0) - desk.now, sent_before=timedelta(days=4),
    )  # fmt: skip
    unclear = desk.file("010202", None, Source.WEB)
    intake.ask_supplement(
        unclear.pk, by=desk.people["clerk"], note=wording.say(desk.chance, "supplement")
    )


def wait_in_the_grids(desk: Desk) -> None:
    """待签收: fresh work for the phones, the community's desk and two departments."""
    for branch, _user, spots in grids_of(desk):
        for code in desk.chance.sample(COMMON, 2):
            desk.dispatched(desk.file(code, desk.chance.choice(spots)), branch)
    spots = spots_in(desk.world, grids_of(desk)[0][0])
    community = spots[0].community
    desk.dispatched(desk.file("020202", spots[0]), community)
    for name, code in (("综合执法中队", "060201"), ("物业管理办公室", "040401")):
        due_in = end_of_day(desk.now, 3) - desk.now
        case = desk.file(code, desk.chance.choice(spots), Source.HOTLINE, due_in=due_in)
        desk.dispatched(case, desk.world.departments[name])


def at_work(desk: Desk) -> None:
    """办理中: in time, due today, overdue, noted, urged, with a leader's word, climbed one level."""
    for branch, user, spots in grids_of(desk):
        for code, days in (("040102", 3), ("050401", 0), ("050302", -1), ("040103", 2)):
            spot = desk.chance.choice(spots)
            due_in = end_of_day(desk.now, days) - desk.now
            case = desk.file(
                code, spot, Source.HOTLINE, due_in=due_in, sent_before=timedelta(days=5 - days)
            )
            desk.signed(case, branch, user)
            if days == 2:
                handling.log(case.pk, by=user, note=wording.say(desk.chance, "log"))
            if days == -1:
                supervising.urge(case.pk, by=desk.people["clerk"], note="已超期，请今天答复")
    branch, user, spots = grids_of(desk)[0]
    climbed = desk.signed(desk.file("050101", spots[0]), branch, user)
    dispatching.escalate(climbed.pk, by=user, note=wording.say(desk.chance, "escalation"))
    watched = desk.signed(desk.file("040202", spots[-1]), branch, user)
    workday = add(desk.now, 2, LimitUnit.WORKDAYS, desk.world.calendar).at
    supervising.instruct(
        watched.pk,
        by=desk.people["leader"],
        text=wording.say(desk.chance, "instruction"),
        due_at=workday,
    )
    squad = desk.people["squad-desk"]
    with_help(desk, watched, squad)
    built = desk.file("010301", spots[1], Source.HOTLINE, due_in=timedelta(days=8))
    desk.signed(built, desk.world.departments["综合执法中队"], squad)


def with_help(desk: Desk, case: Complaint, squad: User) -> None:
    """A department called by a whistle that has answered it, and a community that helps its grid."""
    community = Organisation.objects.get(path=case.place_path[:12])
    call = whistling.whistle(
        case.pk, [desk.world.departments["综合执法中队"]],
        by=desk.world.secretaries[community.path], kind=AssistKind.ENFORCEMENT,
        note="双方各执一词，请执法到场认定。", place=case.address,
    )  # fmt: skip
    whistling.respond(case.pk, by=squad, assist=call.assists.get().pk, note="明早到场")
    assisting.add_units(
        case.pk, [community], by=desk.people["clerk"], note="请社区约好物业和住户，一并到场。"
    )


def wait_for_others(desk: Desk) -> None:
    """待审核, 待回访 and closed: answered by one, read by another, asked by a third."""
    grids = grids_of(desk)

    def done(code: str, number: int) -> Complaint:
        branch, user, spots = grids[number % len(grids)]
        source = Source.HOTLINE if number % 3 == 0 else Source.PHONE
        due_in = end_of_day(desk.now, 2) - desk.now if number % 3 == 0 else None
        case = desk.file(code, desk.chance.choice(spots), source, due_in=due_in)
        return desk.replied(case, branch, user)

    answered = [done(code, number) for number, code in enumerate(SETTLED_IN_THE_GRID * 2)]
    for case in answered[4:]:
        reviewing.approve(case.pk, by=reviewer(desk, case), note="同意")
    failed = answered[7]
    closing.record_callback(
        failed.pk, by=desk.people["callback"], outcome=CallbackOutcome.UNREACHED, note="无人接听"
    )
    for case in answered[8:11]:
        closing.record_callback(
            case.pk, by=desk.people["callback"], outcome=CallbackOutcome.REACHED,
            solved=Solved.YES, satisfaction=Satisfaction.SATISFIED, was_contacted_in_time=True,
            note=wording.say(desk.chance, "praised"),
        )  # fmt: skip
    closing.record_callback(
        answered[11].pk, by=desk.people["callback"], outcome=CallbackOutcome.REACHED,
        solved=Solved.NO, satisfaction=Satisfaction.DISSATISFIED, was_contacted_in_time=True,
        note=wording.say(desk.chance, "complained"),
    )  # fmt: skip
    back = answered[0]
    reviewing.send_back(
        back.pk, by=reviewer(desk, back), note=wording.say(desk.chance, "send_back")
    )


def reviewer(desk: Desk, case: Complaint) -> User:
    """The second clerk for city orders, else the community's secretary."""
    fresh = Complaint.objects.select_related("holder").get(pk=case.pk)
    if reviewing.reviewed_by_street(fresh):
        return desk.people["clerk-2"]
    return desk.world.secretaries[fresh.main_unit_path[:12]]


def strange_ones(desk: Desk) -> None:
    """Handed on, merged, given back to the city, confidential, and one from a village."""
    branch, user, spots = grids_of(desk)[1]
    handed = desk.signed(desk.file("010202", spots[0]), branch, user)
    dispatching.hand_on(handed.pk, by=user, note=wording.say(desk.chance, "wrong_unit"))
    first = desk.file("020104", spots[1])
    second = desk.file("020104", spots[1], Source.QR)
    merging.merge_into(second.pk, first, by=desk.people["clerk"], note="同一盏路灯")
    foreign = desk.file("020101", None, Source.HOTLINE, due_in=timedelta(days=6))
    intake.return_to_source(
        foreign.pk, by=desk.people["clerk"], note=wording.say(desk.chance, "returned")
    )
    confidential = desk.file("080202", spots[2])
    desk.dispatched(confidential, desk.world.departments["纪检监察室"])
    village = desk.world.villages[0]
    desk.dispatched(desk.file("030103", None, village=village), village)


def end_of_day(now: datetime, days: int) -> datetime:
    """The last second of a day from today on, as the city writes its deadlines."""
    local = timezone.localtime(now) + timedelta(days=days)
    return local.replace(hour=23, minute=59, second=59, microsecond=0)
