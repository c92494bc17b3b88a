"""What residents have founded together: the numbers are the article's, the names are invented."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from governance.models import Person
from portal.demonstration.members import Staff
from portal.demonstration.street import Community, Street
from residents.choices import GroupKind
from residents.models import CommunityGroup
from residents.services.groups import bulk_register

COMMITTEES, TEAMS, ART_GROUPS = 41, 76, 103
FOUNDED_FROM, FOUNDED_DAYS = date(2019, 3, 1), 2500
TEAM_NAMES = (
    "红马甲志愿服务队", "银龄互助志愿服务队", "邻里守望志愿服务队", "平安巡逻志愿服务队",
    "绿色家园志愿服务队", "四点半课堂志愿服务队", "法律明白人志愿服务队", "心理关爱志愿服务队",
)  # fmt: skip
# The first two stand in the article.
ART_NAMES = (
    "舞之恋舞蹈队", "火炬飘扬艺术团", "夕阳红合唱团", "京韵票友社", "晨练太极拳队", "柔力球队",
    "威风腰鼓队", "旗袍秀队", "墨香书画社", "口琴社", "秧歌队", "快板说唱队",
)  # fmt: skip
MEMBERS = {
    GroupKind.OWNERS_COMMITTEE: (5, 11),
    GroupKind.VOLUNTEER_TEAM: (18, 65),
    GroupKind.ART_GROUP: (9, 40),
}


def found_groups(street: Street, staff: Staff, chance: Random) -> list[CommunityGroup]:
    """41 owners' committees, 76 volunteer teams, 103 art groups of the twelve urban communities."""
    heads = {
        community.organisation.pk: iter(chance.sample(people, len(people)))
        for community in street.urban
        if (people := members_of(community, staff))
    }
    rows = []
    for kind, count, titles in (
        (GroupKind.OWNERS_COMMITTEE, COMMITTEES, ()),
        (GroupKind.VOLUNTEER_TEAM, TEAMS, TEAM_NAMES),
        (GroupKind.ART_GROUP, ART_GROUPS, ART_NAMES),
    ):
        for community, number in spread(street, count):
            compound = community.compounds[number] if kind == GroupKind.OWNERS_COMMITTEE else None
            name = f"{compound.name}业主委员会" if compound else titles[number]
            rows.append(
                CommunityGroup(
                    kind=kind,
                    name=name,
                    community=community.organisation,
                    compound=compound,
                    head=next(heads[community.organisation.pk], None),
                    member_count=chance.randint(*MEMBERS[kind]),
                    founded_on=FOUNDED_FROM + timedelta(days=chance.randrange(FOUNDED_DAYS)),
                )
            )
    return bulk_register(rows)


def spread(street: Street, count: int) -> Iterator[tuple[Community, int]]:
    """`count` places among the communities, as evenly as can be; with a number in each."""
    for number in range(count):
        yield street.urban[number % len(street.urban)], number // len(street.urban)


def members_of(community: Community, staff: Staff) -> list[Person]:
    """The party members of a community, who lead most of what is founded there."""
    return [person for grid in community.grids for person in staff.by_branch[grid.branch.pk]]
