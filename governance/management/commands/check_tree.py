"""`manage.py check_tree`: look for faults in the organisation tree and in the rights on it."""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from governance.choices import OrganisationKind
from governance.models import Appointment, Organisation, OrganisationUserPermission
from governance.models.organisations import segment
from governance.models.reach import SEGMENT


class Command(BaseCommand):
    """Prints one line per fault; ends with an error when there is any."""

    help = "检查组织树：层级、路径、上级、撤销的组织，以及没有任职依据的权限。"

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the faults."""
        faults = [*tree_faults(), *right_faults()]
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise CommandError(f"发现 {len(faults)} 处问题。")
        self.stdout.write(f"组织树完好，共 {Organisation.objects.count()} 个组织。")


def tree_faults() -> Iterator[str]:
    """What is wrong with levels, paths, parents and closed nodes."""
    nodes = {node.pk: node for node in Organisation.objects.order_by("path")}
    for node in nodes.values():
        above = nodes.get(node.parent_id or 0)
        label = f"{node.pk} {node.name}："
        if node.path != (above.path if above else "") + segment(node.pk):
            yield label + "路径与上级不符"
        if node.kind == OrganisationKind.PARTY:
            expected = (above.level or 0) + 1 if above else 1
            if node.level != expected or len(node.path) != SEGMENT * expected:
                yield label + "层级与上级不符"
        elif node.level is not None or above is None or above.level != 1:
            yield label + "部门须直接设在街道之下，且没有层级"
        if above and above.ended_on and (node.ended_on is None or node.ended_on > above.ended_on):
            yield label + "上级已撤销，本组织仍在"
        if is_in_a_ring(node, nodes):
            yield label + "上级关系成环"


def is_in_a_ring(node: Organisation, nodes: dict[int, Organisation]) -> bool:
    """Whether climbing from the node never ends."""
    seen: set[int] = set()
    step: Organisation | None = node
    while step is not None and step.pk not in seen:
        seen.add(step.pk)
        step = nodes.get(step.parent_id or 0)
    return step is not None


def right_faults() -> Iterator[str]:
    """Grants that no current appointment justifies, and posts on the wrong level or a closed node."""
    today = timezone.localdate()
    current = list(Appointment.objects.on(today).select_related("role", "organisation", "person"))
    coming = Appointment.objects.filter(started_on__gt=today).select_related("role")
    justified = {
        (post.person_id, post.organisation_id, word)
        for post in [*current, *coming]
        for word in post.role.words
    }
    grants = OrganisationUserPermission.objects.select_related("user", "permission")
    for grant in grants:
        key = (grant.user.person_id, grant.content_object_id, grant.permission.codename)
        if key not in justified:
            yield f"{grant.user.username}：权限 {grant.permission.codename} 没有任职依据"
    for post in current:
        if post.organisation.ended_on is not None and post.organisation.ended_on <= today:
            yield f"{post.person.name}：在已撤销的{post.organisation.name}任职"
        if post.role.levels and (post.organisation.level or 0) not in post.role.levels:
            yield f"{post.person.name}：{post.role.label}不应设在{post.organisation.name}"
