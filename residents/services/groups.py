"""Groups of residents: entered into the register, changed, dissolved."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from governance.choices import Level, Word
from governance.errors import HouseError
from governance.models import Organisation, Person
from governance.models.reach import require
from governance.services import audit
from grids.models import ResidentialCompound
from residents.choices import GroupKind
from residents.models import CommunityGroup

BATCH = 500


@audit.deed()
def register_group(
    community: Organisation,
    name: str,
    *,
    by: Any,
    kind: str,
    founded_on: date,
    compound: ResidentialCompound | None = None,
    head: Person | None = None,
    member_count: int = 0,
) -> CommunityGroup:
    """Enter a group into the register of its community (`domain.md` 0, figures of the article).

    Raises HouseError for another level than a community, an owners' committee without a compound
    or beside another one, a compound of another community, and a name that is taken.
    """
    if by is not None:
        require(by, Word.MANAGE, community.path)
    fresh = CommunityGroup(
        community=community, name=name.strip(), kind=kind, founded_on=founded_on,
        compound=compound, head=head, member_count=member_count,
    )  # fmt: skip
    refuse_unfitting(fresh)
    fresh.save()
    record("register_group", by, fresh)
    return fresh


def refuse_unfitting(group: CommunityGroup) -> None:
    """Raise HouseError when a group cannot stand in the register like this."""
    if group.community.level != Level.GRAND_COMMITTEE:
        raise HouseError(_("群众队伍只能登记在社区之下。"))
    if not group.name:
        raise HouseError(_("请填写名称。"))
    is_committee = group.kind == GroupKind.OWNERS_COMMITTEE
    if is_committee and group.compound is None:
        raise HouseError(_("业主委员会须选择所在小区。"))
    if group.compound is not None and group.compound.community_id != group.community_id:
        raise HouseError(_("小区不在这个社区，请重新选择。"))
    known = CommunityGroup.objects.filter(community=group.community)
    if known.filter(kind=group.kind, name=group.name).exists():
        raise HouseError(_("本社区已有同名队伍“%(name)s”。") % {"name": group.name})
    if is_committee and known.current().filter(kind=group.kind, compound=group.compound).exists():
        raise HouseError(
            _("“%(compound)s”已有业主委员会，换届请先办理解散。") % {"compound": group.compound}
        )


@audit.deed()
def dissolve_group(group: CommunityGroup, *, by: Any, ended_on: date) -> CommunityGroup:
    """Close a group; its row stays. Raises HouseError for a day before it was founded."""
    require(by, Word.MANAGE, group.community.path)
    if ended_on < group.founded_on:
        raise HouseError(_("解散日期不能早于成立日期。"))
    group.ended_on = ended_on
    group.save(update_fields=["ended_on"])
    record("dissolve_group", by, group)
    return group


@audit.deed()
def bulk_register(groups: Iterable[CommunityGroup]) -> list[CommunityGroup]:
    """Many groups in one go; the caller has asked for the right and knows that they fit."""
    made = CommunityGroup.objects.bulk_create(groups, batch_size=BATCH)
    audit.record(
        "bulk_register_groups", by=None, subject="communitygroup:", detail={"count": len(made)}
    )
    return made


def record(verb: str, by: Any, group: CommunityGroup) -> None:
    """One line of audit."""
    audit.record(
        verb,
        by=by,
        subject=f"communitygroup:{group.pk}",
        organisation_path=group.community.path,
        detail={"kind": str(group.kind)},
    )
