"""Owners' committees, volunteer teams and art groups: a register of each community."""

import re
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from governance.errors import HouseError
from governance.models import AuditEntry
from residents.choices import GroupKind
from residents.models import CommunityGroup
from residents.services.groups import dissolve_group, register_group

FOUNDED = date(2025, 3, 5)
BACKEND = "portal.signed_in.Accounts"
LIST = "/admin/residents/communitygroup/"


def team(cast, name="红马甲志愿服务队", by=None, **more):
    """A volunteer team of the eastern community."""
    given = {"kind": GroupKind.VOLUNTEER_TEAM, "founded_on": FOUNDED, **more}
    return register_group(cast.east, name, by=by or cast.su, **given)


def committee(cast, name="业主委员会", **more):
    """An owners' committee of the eastern compound."""
    given = {"compound": cast.east_compound, **more}
    return team(cast, name, kind=GroupKind.OWNERS_COMMITTEE, **given)


def test_a_secretary_enters_the_groups_of_the_own_community(cast):
    group = team(cast, member_count=23, head=cast.li)

    assert group in CommunityGroup.objects.visible_to(cast.su)
    assert group in CommunityGroup.objects.visible_to(cast.lin)
    assert group not in CommunityGroup.objects.visible_to(cast.zhao)
    assert AuditEntry.objects.filter(verb="register_group", by=cast.su).exists()
    for stranger in (cast.zhao, cast.wang, cast.lin):
        with pytest.raises(PermissionDenied):
            team(cast, "另一支队伍", by=stranger)


def test_a_compound_has_one_owners_committee_at_a_time(cast):
    first = committee(cast)
    with pytest.raises(HouseError, match="已有业主委员会"):
        committee(cast, "第二届业主委员会")

    dissolve_group(first, by=cast.su, ended_on=date(2026, 2, 1))
    assert committee(cast, "第二届业主委员会").ended_on is None
    with pytest.raises(IntegrityError), transaction.atomic():
        CommunityGroup.objects.create(
            kind=GroupKind.OWNERS_COMMITTEE, name="第三届", community=cast.east,
            compound=cast.east_compound, founded_on=FOUNDED,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"kind": GroupKind.OWNERS_COMMITTEE}, "须选择所在小区"),
        ({"name": "  "}, "请填写名称"),
        ({"name": "红马甲志愿服务队"}, "已有同名队伍"),
    ],
)
def test_what_cannot_stand_in_the_register_is_refused_in_a_sentence(cast, given, sentence):
    team(cast)
    with pytest.raises(HouseError, match=sentence):
        team(cast, **{"name": "新的队伍", **given})


def test_a_compound_of_another_community_and_a_group_under_a_branch_are_refused(cast):
    with pytest.raises(HouseError, match="小区不在这个社区"):
        committee(cast, compound=cast.west_compound)
    with pytest.raises(HouseError, match="只能登记在社区之下"):
        register_group(
            cast.east_branch, "队伍", by=cast.su, kind=GroupKind.ART_GROUP, founded_on=FOUNDED
        )


def test_nobody_dissolves_a_group_before_it_was_founded_or_elsewhere(cast):
    group = team(cast)
    with pytest.raises(HouseError, match="不能早于成立日期"):
        dissolve_group(group, by=cast.su, ended_on=date(2025, 3, 4))
    with pytest.raises(PermissionDenied):
        dissolve_group(group, by=cast.zhao, ended_on=date(2026, 3, 4))
    assert CommunityGroup.objects.current().get() == group


def test_the_desk_lists_adds_and_dissolves_and_a_stranger_sees_nothing(
    cast, client, django_assert_max_num_queries
):
    for number in range(12):
        team(cast, f"第{number}志愿服务队", head=cast.li)
    client.force_login(cast.su, backend=BACKEND)
    client.get(LIST)
    with django_assert_max_num_queries(10):
        page = client.get(f"{LIST}?kind__exact=volunteer_team").content.decode()
    assert len(re.findall(r"第\d+志愿服务队</a>", page)) == 12

    form = {"kind": "art_group", "name": "舞之恋舞蹈队", "community": cast.east.pk,
            "member_count": 18, "founded_on": "2025-05-01"}  # fmt: skip
    refused = client.post(f"{LIST}add/", {**form, "name": "", "member_count": -1})
    assert "errorlist" in refused.content.decode() or "invalid-feedback" in refused.content.decode()
    assert not CommunityGroup.objects.filter(kind="art_group").exists()
    client.post(f"{LIST}add/", form)
    made = CommunityGroup.objects.get(name="舞之恋舞蹈队")
    away = reverse("admin:residents_communitygroup_dissolve", args=[made.pk])
    client.post(away, {"ended_on": "2026-01-31"})
    made.refresh_from_db()
    assert made.ended_on == date(2026, 1, 31)

    other = Client()
    other.force_login(cast.zhao, backend=BACKEND)
    assert "舞之恋" not in other.get(LIST).content.decode()
    assert other.get(f"{LIST}{made.pk}/change/").status_code in (403, 404)
