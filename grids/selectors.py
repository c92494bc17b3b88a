"""Reading the ground: which organisation covers a door, a text or a point."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db.models import Exists, OuterRef

from governance.choices import Level
from governance.models import Organisation
from governance.models.reach import SEGMENT, beneath
from grids.addresses import Door, NameIndex, door_after, door_at, name_key, plain, room_key
from grids.ground import Ground, GroundPlan
from grids.models import Building, Coverage, Dwelling, Grid, ResidentialCompound
