"""The desk's door to the ground floor: organisations, people, posts, calendar, audit, ways out."""

from governance.admin import (
    appointments,
    audit,
    calendar,
    channels,
    deliveries,
    leaves,
    organisations,
    people,
    tokens,
)

__all__ = [
    "appointments",
    "audit",
    "calendar",
    "channels",
    "deliveries",
    "leaves",
    "organisations",
    "people",
    "tokens",
]
