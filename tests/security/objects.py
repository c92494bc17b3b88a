"""The objects an address can name: one's own, one of the other side, and one that never was."""

from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models

from complaints.models import DailyDigest
from governance.models import Notice
from governance.models.reach import beneath
from tests.security.world import EAST, STREET, WEST, World, side_of

OWN, BESIDE, MISSING = "own", "beside", "missing"
NEVER = 999_999_999
NO_TRAY = UUID("00000000-0000-4000-8000-000000000000")


def parts_of(world: World, kind: str, actor: str, scope: str) -> tuple[Any, ...] | None:
    """The parts of the address for `actor`, or None where the kind has no such scope.

    `kind` is the word in the table's column "object", e.g. `case:signed`, `photo`, `grids.grid`.
    """
    if not kind:
        return () if scope == OWN else None
    if scope == BESIDE and (actor in STREET or kind.startswith(("word", "wall", "link"))):
        return None
    own = side_of(actor)
    side = world.side(own if scope == OWN else (EAST if own == WEST else WEST))
    name, _, detail = kind.partition(":")
    if name in PERSONAL:
        return PERSONAL[name](world, actor, scope)
    if scope == MISSING:
        return MISSING_PARTS.get(name, (NEVER,))
    if name in BY_NAME:
        return BY_NAME[name](world, side, detail)
    return of_model(world, apps.get_model(name), side, scope)


def of_case(world: World, side: Any, stage: str) -> tuple[Any, ...]:
    """A case in the stage in which the deed of the route is due."""
    return (side.cases[stage or "signed"].pk,)


def of_model(
    world: World, model: type[models.Model], side: Any, scope: str
) -> tuple[Any, ...] | None:
    """Any row of the model that lies on the side; rows common to all have no "beside"."""
    rows: Any = model._base_manager.order_by("pk")
    paths = getattr(model._meta.default_manager._queryset_class, "scope_paths", ())
    if paths:
        found = models.Q(pk__in=[])
        for lookup in paths:
            found |= beneath(lookup, [side.cast.east.path])
        rows = rows.filter(found)
    elif scope == BESIDE:
        return None
    row = rows.first()
    return None if row is None else (row.pk,)


def of_notice(world: World, actor: str, scope: str) -> tuple[Any, ...] | None:
    """A line of the actor's own inbox, or of somebody else's."""
    user = world.users[actor]
    others = Notice.objects.exclude(person=user.person) if user else Notice.objects.all()
    if scope == MISSING:
        return (NEVER,)
    own = Notice.objects.filter(person=user.person).first() if user else None
    row = own if scope == OWN else others.first()
    return None if row is None else (row.pk,)


BY_NAME: dict[str, Any] = {
    "case": of_case,
    "number": lambda world, side, detail: (side.cases["signed"].number,),
    "photo": lambda world, side, detail: (side.photo.pk,),
    "case_photo": lambda world, side, detail: (side.cases["signed"].pk, side.photo.pk),
    "job": lambda world, side, detail: (side.job.pk,),
    "person": lambda world, side, detail: (side.cast.li.pk,),
    "test_message": lambda world, side, detail: (side.test_message.pk,),
    "case_slip": lambda world, side, detail: (side.cases["signed"].pk, NEVER),
    "word": lambda world, side, detail: (detail,),
    # Open to everybody who has the code or the link; there is no "of the other side".
    "wall": lambda world, side, detail: (world.wall,),
    "link": lambda world, side, detail: (world.links[detail],),
    # A link opens its own case's cleared photos; this one belongs to another case.
    "link_photo": lambda world, side, detail: (world.links[detail or "approved"], side.photo.pk),
    "tray": lambda world, side, detail: (NO_TRAY, f"00-{'0' * 40}.jpg"),
}


def of_street(world: World, _actor: str, scope: str) -> tuple[Any, ...] | None:
    """The street, which is the same for everybody; there is no other one."""
    return {OWN: (world.cast.street.pk,), MISSING: (NEVER,)}.get(scope)


def of_digest(world: World, actor: str, scope: str) -> tuple[Any, ...] | None:
    """The actor's own digest, or somebody else's."""
    user = world.users[actor]
    rows = DailyDigest.objects.order_by("pk")
    if scope == MISSING:
        return (NEVER,)
    own = rows.filter(person=user.person).first() if user else None
    row = (own or rows.first()) if scope == OWN else rows.exclude(pk=own.pk if own else 0).first()
    return None if row is None else (row.pk,)


PERSONAL: dict[str, Any] = {"notice": of_notice, "street": of_street, "digest": of_digest}
MISSING_PARTS: dict[str, tuple[Any, ...]] = {
    "case_photo": (NEVER, NEVER),
    "case_slip": (NEVER, NEVER),
    "tray": (NO_TRAY, f"01-{'0' * 40}.jpg"),
    "word": ("nowhere",),
    "number": ("HP-2026-999999",),
    "wall": ("2222222222",),
    "link": ("A" * 22,),
    "link_photo": ("A" * 22, NEVER),
}
