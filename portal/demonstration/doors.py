"""What keeps the other doors of the demonstration from standing empty, done by the house's services.

Codes on the walls, requests that wait for a decision, words of residents by their links, published
results, colleagues who are away; and cases that have climbed to every level.
"""

from collections.abc import Iterable
from datetime import timedelta
from random import Random
from uuid import UUID

from django.utils import timezone

from complaints.choices import (
    CallbackOutcome,
    ContactChannel,
    ResultKind,
    Satisfaction,
    Solved,
    Source,
    Stage,
    Supervision,
)
from complaints.models import Complaint, PlaceCode, Publication
from complaints.services import (
    closing,
    dispatching,
    handling,
    place_codes,
    publishing,
    resident_deeds,
    resident_links,
    reviewing,
    slips,
    supervising,
)
from complaints.services.requests import asking, deciding
from governance.errors import HouseError
from governance.models import Organisation, User
from governance.services import audit
from governance.services.leaves import take_leave
from grids.models import Building, Grid
from portal.demonstration import wording
from portal.demonstration.live import Desk, end_of_day, grids_of, reviewer

# Results of the past days that anybody may read; the last of them still wait for a second person.
PUBLISHED, WAITING_FOR_RELEASE = 16, 3


def open_doors(desk: Desk) -> None:
    """Everything of today that needs more than one deed: requests, climbing, links, codes, leave."""
    for scene in (ask_for_more, rule_out, climb, press, rate, hang_codes_at_home, go_on_leave):
        scene(desk)


def ask_for_more(desk: Desk) -> None:
    """延期 waits for the secretary, 退单 for the assistant, 超职责 for the street; 挂起 is granted."""
    grids = grids_of(desk)
    branch, user, spots = grids[0]
    late = desk.signed(desk.file("040103", spots[2]), branch, user)
    asking.ask_extension(
        late.pk, by=user, note="扶手需定制，厂家五天后到货", amount=3,
        channel=ContactChannel.PHONE, reason="works",
    )  # fmt: skip
    branch, user, spots = grids[1]
    wrong = desk.signed(desk.file("020101", spots[2]), branch, user)
    asking.ask_return(wrong.pk, by=user, note="路段由市政养护，不在本网格", reason="not_our_ground")
    branch, user, spots = grids[2]
    waits = desk.signed(desk.file("020302", spots[2]), branch, user)
    request = asking.ask_suspension(
        waits.pk, by=user, note="树木移栽须等到开春", amount=60, reason="season",
        evidence="园林所书面意见：入冬后不宜移栽",
    )  # fmt: skip
    deciding.grant(request.pk, by=desk.people["clerk"])
    squad = desk.people["squad-desk"]
    beyond = desk.signed(
        desk.file("060102", spots[3]), desk.world.departments["综合执法中队"], squad
    )
    asking.claim_out_of_duty(
        beyond.pk, by=squad, note="跨区施工许可由市级部门核发", reason="outside_law",
        evidence="市级许可文件编号已附",
    )  # fmt: skip


def rule_out(desk: Desk) -> None:
    """One matter that the street ruled out of duty; its caller is not content, and that is not counted."""
    squad, department = desk.people["squad-desk"], desk.world.departments["综合执法中队"]
    spot = desk.chance.choice(desk.world.spots)
    case = desk.file("060201", spot, Source.HOTLINE, due_in=end_of_day(desk.now, 3) - desk.now)
    desk.signed(case, department, squad)
    claim = asking.claim_out_of_duty(
        case.pk, by=squad, note="排放许可由区生态环境部门核发和监管", reason="outside_law",
        evidence="区权责清单第17项",
    )  # fmt: skip
    deciding.grant(claim.pk, by=desk.people["clerk"], note="经核对区权责清单，属实")
    handling.reply(
        case.pk, by=squad, result_kind=ResultKind.EXPLAINED,
        public_text="您好，您反映的排放问题已到现场查看，许可和监管由区生态环境部门负责，我们已把情况转告该部门。",
    )  # fmt: skip
    reviewing.approve(case.pk, by=desk.people["clerk-2"])
    closing.record_callback(
        case.pk, by=desk.people["callback"], outcome=CallbackOutcome.REACHED, solved=Solved.NO,
        satisfaction=Satisfaction.DISSATISFIED, was_contacted_in_time=True,
        note="希望尽快有人管",
    )  # fmt: skip


def climb(desk: Desk) -> None:
    """One case that went from its grid to the community, one that went on to the street."""
    for number, levels in ((1, 1), (2, 2)):
        branch, user, spots = grids_of(desk)[number]
        case = desk.signed(desk.file("050101", spots[4]), branch, user)
        for _level in range(levels):
            case.refresh_from_db()
            by = user if case.holder == branch else desk.people[f"secretary-{number}"]
            note = wording.say(desk.chance, "escalation", "050101")
            dispatching.escalate(case.pk, by=by, note=note)


def press(desk: Desk) -> None:
    """The departments have something due today and something late; one case is supervised."""
    for name, username, codes in (
        ("综合执法中队", "squad-desk", ("060201", "010201", "010301")),
        ("物业管理办公室", "property-desk", ("040105", "040101", "040104")),
    ):
        user = desk.people[username]
        for code, days in zip(codes, (0, -1, 2), strict=True):
            due_in = end_of_day(desk.now, days) - desk.now
            case = desk.file(
                code, desk.chance.choice(desk.world.spots), Source.HOTLINE, due_in=due_in,
                sent_before=timedelta(days=4 - days),
            )  # fmt: skip
            desk.signed(case, desk.world.departments[name], user)
            if days < 0:
                supervising.urge(case.pk, by=desk.people["clerk"], note="已超期，请今天答复")
                slips.supervise(
                    case.pk, by=desk.people["clerk"], demand="请今日内办结，书面说明超期原因。",
                    due_at=end_of_day(desk.now, 1),
                )  # fmt: skip
    branch, user, spots = grids_of(desk)[2]
    again = desk.replied(desk.file("040102", spots[5]), branch, user)
    reviewing.approve(again.pk, by=reviewer(desk, again))
    for number in (1, 3):
        more = desk.replied(desk.file("050401", spots[number]), branch, user)
        reviewing.approve(more.pk, by=reviewer(desk, more))


def rate(desk: Desk) -> None:
    """Residents say by their secret link what they think: two are content, one is not."""
    said = (
        (Satisfaction.SATISFIED, "网格员当天就来了，谢谢"),
        (Satisfaction.BASICALLY, ""),
        (Satisfaction.DISSATISFIED, "修好第二天又坏了"),
    )
    for number, (satisfaction, note) in enumerate(said):
        branch, user, spots = grids_of(desk)[number]
        case = desk.replied(desk.file("040102", spots[6], Source.QR), branch, user)
        reviewing.approve(case.pk, by=reviewer(desk, case))
        link = resident_links.link_behind(resident_links.renew(case.pk, by=desk.people["clerk"]))
        if link is not None:
            key = UUID(int=desk.chance.getrandbits(128), version=4)
            resident_deeds.rate(link, key=key, satisfaction=satisfaction, note=note)


def hang_codes_at_home(desk: Desk) -> None:
    """The grids whose workers anybody may play have their boards up; the rest follows as a job."""
    for branch, _user, spots in grids_of(desk):
        hang_codes(branch, {spot.building.pk for spot in spots})


def go_on_leave(desk: Desk) -> None:
    """One colleague is away today, with a deputy; another next week."""
    today = timezone.localdate(desk.now)
    for away, deputy, first, last, note in (
        ("leader-2", "leader", 0, 3, "外出学习"),
        ("callback", "clerk-2", 5, 9, "年休假"),
    ):
        take_leave(
            desk.people[away].person, desk.people[deputy].person, by=desk.people[away], note=note,
            started_on=today + timedelta(days=first), last_on=today + timedelta(days=last),
        )  # fmt: skip


def board_to_try() -> PlaceCode | None:
    """The code on the wall of the first building of the demonstration, for trying the door."""
    boards = PlaceCode.objects.filter(ended_at=None).exclude(building=None)
    return boards.select_related("building__compound").order_by("building_id").first()


# The job ---------------------------------------------------------------------------------------


@audit.deed()
def hang_codes(branch: Organisation, buildings: Iterable[int] | None = None) -> int:
    """Codes for a worker grid and for its buildings that have none; says how many were made."""
    grids = Grid.objects.filter(organisation=branch, codes=None)
    blocks = Building.objects.filter(codes=None)
    blocks = (
        blocks.filter(coverages__organisation__parent=branch)
        if buildings is None
        else blocks.filter(pk__in=list(buildings))
    )
    places = [*grids, *blocks.distinct()]
    for place in places:
        place_codes.new_code(place, by=None)
    return len(places)


def bare_branches(street: Organisation) -> list[Organisation]:
    """Branches whose grid has no board yet."""
    return [
        grid.organisation
        for grid in Grid.objects.filter(tier=3, codes=None)
        .within([street.path])
        .select_related("organisation")
    ]


def publish(street: Organisation, seed: int) -> int:
    """Publish results of the past days, twelve and more; the last ones wait for a second person."""
    if Publication.objects.filter(complaint__subdistrict=street).exists():
        return 0
    writer, reader = (User.objects.get(username=name) for name in ("clerk", "clerk-2"))
    cases = (
        Complaint.objects.filter(
            subdistrict=street, stage=Stage.CLOSED, is_unreached=False, is_confidential=False,
            result_kind="solved", satisfaction__in=(Satisfaction.SATISFIED, Satisfaction.BASICALLY),
            supervision=Supervision.NONE,
        )
        .exclude(caller=None)
        .select_related("category", "compound")
        .order_by("-pk")[: 3 * PUBLISHED]
    )  # fmt: skip
    chance, ready = Random(f"{seed}:published"), 0
    for case in cases:
        if ready == PUBLISHED + WAITING_FOR_RELEASE:
            break
        ready += publish_one(case, chance, writer, None if ready < WAITING_FOR_RELEASE else reader)
    return ready


@audit.deed()
def publish_one(case: Complaint, chance: Random, writer: User, reader: User | None) -> int:
    """One result without a person in it; 0 where the house refuses to publish the case."""
    known = wording.phrases()[case.category.code]
    text = f"接到反映后，工作人员到现场核实，{chance.choice(known.done)}。"
    try:
        row = publishing.prepare(
            case.pk, by=writer, title=known.subject[1], what_was_done=text,
            place=publishing.places_of(case)[0],
        )  # fmt: skip
    except HouseError:
        return 0
    if reader is not None:
        publishing.release(row.pk, by=reader)
    return 1
